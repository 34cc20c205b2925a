//! What opinions do to an answer about the sample county.

use crate::build::build;
use crate::officials::Directory;
use crate::pack::Pack;
use crate::pack::format::Section;
use crate::pack::section::kind;
use crate::parse::Input;
use crate::providers::embedded::Embedded;
use crate::providers::{
    DistrictFinder, DistrictSaid, Divisions, Locator, OfficialFinder, Opinion, PlaceSaid,
    ProviderError, ProviderName, Query, Verdict, second_opinion,
};
use crate::resolve::Resolver;
use crate::sample::{Plan, write};
use chrono::NaiveDate;
use redress_model::resolution::{Level, Reason, Resolution};
use std::collections::HashMap;
use std::time::Duration;

struct Ground {
    pack: Pack,
    directory: Directory,
    truths: Vec<HashMap<String, String>>,
    _folder: tempfile::TempDir,
}

fn day() -> NaiveDate {
    "2026-06-01".parse().unwrap()
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), Plan { seed: 1, scale: 1 }, &mut |_, _| ()).unwrap();
        let path = folder.path().join("sample.pack");
        build(&folder.path().join("sources.toml"), &path, &mut |_| ()).unwrap();
        let pack = Pack::open(&path).unwrap();
        let truths = csv::Reader::from_path(folder.path().join("truth.csv"))
            .unwrap()
            .deserialize()
            .map(Result::unwrap)
            .collect();
        Self {
            directory: pack.json(Section::Officials).unwrap(),
            pack,
            truths,
            _folder: folder,
        }
    }

    fn resolver(&self) -> Resolver<'_> {
        Resolver::new(&self.pack, Some(&self.directory))
    }

    /// The answer for the first address of a kind that fits.
    fn answer(&self, is_it: impl Fn(&HashMap<String, String>) -> bool) -> Resolution {
        let row = self.truths.iter().find(|row| is_it(row)).unwrap();
        self.resolver()
            .resolve(&Input::line(&row["address"]), day())
    }

    /// An exact answer in a ward.
    fn in_a_ward(&self) -> Resolution {
        let answer = self.answer(|row| row["kind"] == "plain" && !row["district"].is_empty());
        assert_eq!(answer.level, Level::Exact);
        answer
    }

    fn outside(&self) -> Resolution {
        self.answer(|row| row["kind"] == "unincorporated")
    }

    fn hear(&self, answer: &Resolution, opinions: &[Opinion]) -> (Resolution, Vec<Verdict>) {
        second_opinion(answer.clone(), &self.pack, Some(&self.directory), opinions)
    }

    /// GEOIDs of places that govern or do not.
    fn places(&self, governs: bool) -> Vec<String> {
        (0..self.pack.divisions().len() as u32)
            .filter_map(|number| self.pack.division(number))
            .filter(|division| division.record.kind == kind::PLACE)
            .filter(|division| division.governs() == governs)
            .map(|division| division.geoid().to_owned())
            .collect()
    }

    /// Another governing place than the answer's.
    fn elsewhere(&self, answer: &Resolution) -> String {
        let ours = &answer.place.as_ref().unwrap().geoid;
        self.places(true)
            .into_iter()
            .find(|geoid| geoid != ours)
            .unwrap()
    }
}

fn saying(places: Option<&[&str]>, district: Option<&str>) -> Opinion {
    of(vec![divisions(places, district)])
}

fn divisions(places: Option<&[&str]>, district: Option<&str>) -> Divisions {
    Divisions {
        places: places.map(|places| {
            places
                .iter()
                .map(|geoid| PlaceSaid::Geoid((*geoid).to_owned()))
                .collect()
        }),
        districts: district
            .map(|label| DistrictSaid {
                label: label.to_owned(),
                of: None,
            })
            .into_iter()
            .collect(),
    }
}

fn of(matches: Vec<Divisions>) -> Opinion {
    Opinion {
        provider: ProviderName::Json,
        divisions: Ok(matches),
    }
}

#[test]
fn an_opinion_that_agrees_changes_nothing() {
    let ground = Ground::new();
    let answer = ground.in_a_ward();
    let place = answer.place.as_ref().unwrap().geoid.clone();
    for opinion in [
        saying(Some(&[&place]), answer.district.as_deref()),
        saying(Some(&[&place]), None),
        saying(None, Some("77")),
        of(vec![Divisions {
            places: Some(vec![PlaceSaid::Ocd(
                answer.place.clone().unwrap().ocd_id.clone().unwrap(),
            )]),
            districts: vec![],
        }]),
    ] {
        let (heard, _) = ground.hear(&answer, std::slice::from_ref(&opinion));
        assert_eq!(heard, answer, "{opinion:?}");
    }
}

#[test]
fn another_municipality_turns_the_answer_into_a_question() {
    let ground = Ground::new();
    let answer = ground.in_a_ward();
    let (ours, theirs) = (
        answer.place.as_ref().unwrap().geoid.clone(),
        ground.elsewhere(&answer),
    );
    let (heard, _) = ground.hear(&answer, &[saying(Some(&[&theirs]), Some("1"))]);
    assert_eq!(heard.level, Level::Candidates);
    assert!(heard.reasons.contains(&Reason::ProviderDisagrees));
    assert_eq!((heard.place, heard.district), (None, None));
    let offered: Vec<_> = heard
        .alternatives
        .iter()
        .map(|one| (one.place_geoid.as_deref(), one.district.as_deref()))
        .collect();
    assert_eq!(
        offered,
        [
            (Some(ours.as_str()), answer.district.as_deref()),
            (Some(theirs.as_str()), None)
        ]
    );
    assert_eq!(heard.posts.len(), answer.posts.len(), "nobody is added");
    for post in heard.posts.iter() {
        assert!(!post.certain && post.reasons.contains(&Reason::ProviderDisagrees));
    }
    assert!(heard.governments.iter().all(|one| one.geoid != ours));
}

#[test]
fn a_municipality_that_the_pack_does_not_know_is_not_offered() {
    let ground = Ground::new();
    let answer = ground.in_a_ward();
    let (heard, verdicts) = ground.hear(&answer, &[saying(Some(&["9999999"]), None)]);
    assert_eq!(heard.level, Level::Candidates);
    assert_eq!(heard.alternatives.len(), 1);
    assert!(verdicts[0].said(&ground.pack).contains("does not know"));
}

#[test]
fn another_district_makes_the_district_alone_a_question() {
    let ground = Ground::new();
    let answer = ground.in_a_ward();
    let place = answer.place.clone().unwrap();
    let ours = answer.district.clone().unwrap();
    let theirs = if ours == "1" { "2" } else { "1" };
    let (heard, _) = ground.hear(&answer, &[saying(Some(&[&place.geoid]), Some(theirs))]);
    assert_eq!(heard.level, Level::Candidates);
    assert_eq!(heard.place, answer.place, "the city stands");
    assert_eq!(heard.governments, answer.governments);
    assert_eq!(heard.district, None);
    let districts: Vec<_> = heard
        .alternatives
        .iter()
        .filter_map(|one| one.district.as_deref())
        .collect();
    assert_eq!(districts, [ours.as_str(), theirs]);
    for post in heard.posts.iter() {
        let was = answer.posts.iter().find(|one| one.id == post.id);
        match &post.district {
            None => assert_eq!(Some(post), was, "posts at large stay as they were"),
            Some(_) => assert!(
                !post.certain && post.reasons.contains(&Reason::ProviderDisagrees),
                "{post:?}"
            ),
        }
    }
    let named: Vec<_> = heard
        .posts
        .iter()
        .filter_map(|post| post.district.as_deref())
        .collect();
    assert!(
        named.contains(&theirs) && named.contains(&ours.as_str()),
        "{named:?}"
    );
}

#[test]
fn a_district_of_the_county_is_no_district_of_the_city() {
    let ground = Ground::new();
    let answer = ground.in_a_ward();
    let place = answer.place.clone().unwrap();
    let of = |of: PlaceSaid| {
        let mut said = divisions(Some(&[&place.geoid]), None);
        said.districts = vec![DistrictSaid {
            label: "77".into(),
            of: Some(of),
        }];
        ground.hear(&answer, &[super::opinions::of(vec![said])]).0
    };
    let county = answer.county.as_ref().unwrap().fips.clone();
    assert_eq!(of(PlaceSaid::Geoid(county)), answer);
    assert_eq!(
        of(PlaceSaid::Ocd(place.ocd_id.clone().unwrap())).level,
        Level::Candidates
    );
}

#[test]
fn no_city_is_another_answer_than_a_city_and_the_other_way_round() {
    let ground = Ground::new();
    let answer = ground.in_a_ward();
    let (heard, _) = ground.hear(&answer, &[saying(Some(&[]), None)]);
    assert_eq!(heard.level, Level::Candidates);
    assert_eq!(heard.alternatives[1].place_geoid, None);
    let outside = ground.outside();
    assert_eq!(ground.hear(&outside, &[saying(Some(&[]), None)]).0, outside);
    let theirs = ground.elsewhere(&answer);
    let (heard, _) = ground.hear(&outside, &[saying(Some(&[&theirs]), None)]);
    assert_eq!(heard.level, Level::Candidates);
    assert!(heard.posts.iter().all(|post| !post.certain));
}

#[test]
fn a_place_without_a_government_is_no_municipality() {
    let ground = Ground::new();
    let outside = ground.outside();
    let designated = ground
        .places(false)
        .into_iter()
        .find(|geoid| {
            let (_, verdicts) = ground.hear(&outside, &[saying(Some(&[geoid]), None)]);
            verdicts == [Verdict::Agrees]
        })
        .expect("the sample has a census-designated place");
    let (heard, _) = ground.hear(&outside, &[saying(Some(&[&designated]), None)]);
    assert_eq!(heard, outside);
}

#[test]
fn of_several_that_tie_ours_may_be_meant() {
    let ground = Ground::new();
    let answer = ground.in_a_ward();
    let ours = answer.place.as_ref().unwrap().geoid.clone();
    let theirs = ground.elsewhere(&answer);
    let tie = of(vec![
        divisions(Some(&[&theirs]), None),
        divisions(Some(&[&ours]), None),
    ]);
    assert_eq!(ground.hear(&answer, &[tie]).0, answer);
    let elsewhere = of(vec![
        divisions(Some(&[&theirs]), None),
        divisions(Some(&["9999999"]), None),
    ]);
    assert_eq!(
        ground.hear(&answer, &[elsewhere]).0.level,
        Level::Candidates
    );
}

#[test]
fn silence_is_a_reason_and_nothing_else() {
    let ground = Ground::new();
    let answer = ground.in_a_ward();
    let late = Opinion {
        provider: ProviderName::Census,
        divisions: Err(ProviderError::Late),
    };
    let (mut heard, _) = ground.hear(&answer, &[of(vec![]), late]);
    assert_eq!(
        heard.reasons,
        [
            answer.reasons.clone(),
            vec![Reason::ProviderUnavailable, Reason::ProviderNoMatch]
        ]
        .concat()
    );
    heard.reasons.clone_from(&answer.reasons);
    assert_eq!(heard, answer);
}

#[test]
fn one_that_agrees_does_not_outvote_one_that_does_not() {
    let ground = Ground::new();
    let answer = ground.in_a_ward();
    let ours = answer.place.as_ref().unwrap().geoid.clone();
    let theirs = ground.elsewhere(&answer);
    let opinions = [
        saying(Some(&[&ours]), answer.district.as_deref()),
        saying(Some(&[&theirs]), None),
    ];
    assert_eq!(ground.hear(&answer, &opinions).0.level, Level::Candidates);
}

#[test]
fn an_answer_that_claims_nothing_is_left_alone() {
    let ground = Ground::new();
    let theirs = &ground.places(true)[0];
    for line in ["PO Box 12, Alder, ZZ", "1 Nowhere Blvd, Alder, ZZ 00501"] {
        let answer = ground.resolver().resolve(&Input::line(line), day());
        assert!(matches!(answer.level, Level::None | Level::Area));
        let (heard, _) = ground.hear(&answer, &[saying(Some(&[theirs]), Some("1"))]);
        assert_eq!(heard, answer, "an opinion settles no question");
    }
}

#[test]
fn the_pack_itself_is_a_provider_that_agrees_with_itself() {
    let ground = Ground::new();
    let embedded = Embedded::new(ground.resolver(), day());
    let within = Duration::ZERO;
    for row in ground.truths.iter().step_by(97) {
        let input = Input::line(&row["address"]);
        let answer = ground.resolver().resolve(&input, day());
        let query = Query::new(&input);
        let opinion = of(embedded.divisions_of(&query, within).unwrap());
        let (mut heard, _) = ground.hear(&answer, &[opinion]);
        heard
            .reasons
            .retain(|reason| *reason != Reason::ProviderNoMatch);
        assert_eq!(heard, answer, "{}", row["kind"]);
        let seen = embedded.locate(&query, within).unwrap();
        assert_eq!(seen.first().and_then(|seen| seen.point), answer.point);
    }
    let answer = ground.in_a_ward();
    let officials = embedded
        .officials_of(&Query::new(&Input::line(&answer.input)), within)
        .unwrap();
    let held = answer.posts.iter().filter(|post| post.person.is_some());
    assert_eq!(officials.len(), held.count());
}
