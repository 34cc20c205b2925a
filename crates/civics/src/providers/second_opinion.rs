//! What opinions do to an answer: they may lower its level, and nothing else.
//!
//! | opinion | effect |
//! |---|---|
//! | the same municipality, and the same district or none | none |
//! | another municipality | `candidates`, with both; no post is certain |
//! | another district of the same municipality | the district is a question; posts at large stay certain |
//! | several matches, ours among them | none |
//! | no match | a reason |
//! | none to be had | a reason |
//!
//! An answer that claims nothing (`candidates`, `area`, `none`) cannot be lowered, so opinions
//! leave its level alone: they never settle a question either.

mod verdict;

pub use verdict::{Other, Verdict, verdict};

use super::Opinion;
use crate::officials::Directory;
use crate::pack::section::kind;
use crate::pack::{DivisionView, Pack};
use crate::resolve::choice;
use redress_model::official::Seat;
use redress_model::resolution::{Alternative, Level, PostAnswer, Reason, Resolution};
use std::sync::Arc;

/// The answer in the light of some opinions, and what each amounts to.
pub fn second_opinion(
    mut resolution: Resolution,
    pack: &Pack,
    directory: Option<&Directory>,
    opinions: &[Opinion],
) -> (Resolution, Vec<Verdict>) {
    let verdicts: Vec<Verdict> = opinions
        .iter()
        .map(|opinion| verdict(&resolution, pack, opinion))
        .collect();
    let claims = claims(resolution.level);
    let ours = own_alternative(&resolution, pack);
    let (mut places, mut districts) = (Vec::new(), Vec::new());
    for verdict in &verdicts {
        match verdict {
            Verdict::Unavailable(_) => note(&mut resolution.reasons, Reason::ProviderUnavailable),
            Verdict::NoMatch => note(&mut resolution.reasons, Reason::ProviderNoMatch),
            Verdict::OtherPlaces(others) if claims => places.extend(others.clone()),
            Verdict::OtherDistricts(others) if claims => districts.extend(others.clone()),
            _ => {}
        }
    }
    if !places.is_empty() {
        doubt_place(&mut resolution);
        let theirs = places
            .iter()
            .filter_map(|other| alternative(pack, &resolution, *other));
        resolution.alternatives = distinct(std::iter::once(ours).chain(theirs.collect::<Vec<_>>()));
    } else if !districts.is_empty() {
        resolution.alternatives = distinct(
            std::iter::once(ours).chain(
                districts
                    .iter()
                    .filter_map(|label| of_district(pack, &resolution, label)),
            ),
        );
        doubt_district(&mut resolution, directory, &districts);
    }
    (resolution, verdicts)
}

/// Whether an answer of a level claims something that an opinion could put in doubt.
pub fn claims(level: Level) -> bool {
    level.attributes_district() || level == Level::Street
}

fn note(reasons: &mut Vec<Reason>, reason: Reason) {
    if !reasons.contains(&reason) {
        reasons.push(reason);
        // An answer lists its reasons in their fixed order.
        reasons.sort_unstable();
    }
}

/// No municipality is claimed any more, and no post is certain.
fn doubt_place(resolution: &mut Resolution) {
    resolution.level = Level::Candidates;
    note(&mut resolution.reasons, Reason::ProviderDisagrees);
    if let Some(place) = resolution.place.take() {
        let others = resolution.governments.iter();
        resolution.governments = others
            .filter(|government| government.geoid != place.geoid)
            .map(Arc::clone)
            .collect();
    }
    resolution.home = None;
    resolution.district = None;
    let mut posts = resolution.posts.to_vec();
    posts.iter_mut().for_each(doubt);
    resolution.posts = posts.into();
}

/// The municipality stands; which district, is a question.
fn doubt_district(resolution: &mut Resolution, directory: Option<&Directory>, labels: &[String]) {
    resolution.level = Level::Candidates;
    note(&mut resolution.reasons, Reason::ProviderDisagrees);
    let ours = resolution.district.take();
    let mut posts = resolution.posts.to_vec();
    for post in &mut posts {
        if post.district.is_some() && post.district == ours {
            doubt(post);
        }
    }
    resolution.posts = posts.into();
    let (Some(directory), Some(place)) = (directory, &resolution.place) else {
        return;
    };
    let theirs = directory.posts_of(&place.geoid).iter().filter(|post| {
        let Seat::District(seat) = &post.seat else {
            return false;
        };
        // Lists and ids spell a label that is a word in their own ways.
        labels.iter().any(|label| label.eq_ignore_ascii_case(seat)) && Some(seat) != ours.as_ref()
    });
    let mut added: Vec<Arc<PostAnswer>> = theirs
        .flat_map(|post| post.answers(resolution.on))
        .map(Arc::new)
        .collect();
    added.iter_mut().for_each(doubt);
    // Beside the members of our own district.
    let at = resolution
        .posts
        .iter()
        .rposition(|post| post.district.is_some())
        .map_or(resolution.posts.len(), |last| last + 1);
    let mut posts = resolution.posts.to_vec();
    posts.splice(at..at, added);
    resolution.posts = posts.into();
}

fn doubt(post: &mut Arc<PostAnswer>) {
    let post = Arc::make_mut(post);
    post.certain = false;
    note(&mut post.reasons, Reason::ProviderDisagrees);
}

/// The answer as it was, as one of several.
fn own_alternative(resolution: &Resolution, pack: &Pack) -> Alternative {
    let place = resolution.place.as_ref();
    let home = resolution.home.as_ref();
    let local = resolution.governments.first();
    let mut label = match (home, local) {
        (Some(home), _) => home.name.clone(),
        (None, Some(local)) => format!("outside any city, in {}", local.name),
        (None, None) => "outside any city".to_owned(),
    };
    if let (Some(place), Some(district)) = (place, &resolution.district) {
        label = format!("{label}, {}", district_name(pack, &place.geoid, district));
    }
    let place_geoid = place.map(|place| place.geoid.clone());
    let local = place_geoid
        .as_deref()
        .or(local.map(|local| local.geoid.as_str()));
    Alternative {
        choice: choice(
            place_geoid.as_deref(),
            local,
            resolution.district.as_deref(),
        ),
        label,
        place_geoid,
        home_geoid: home.map(|home| home.geoid.clone()),
        district: resolution.district.clone(),
    }
}

/// Another's municipality, where the pack knows it.
fn alternative(pack: &Pack, resolution: &Resolution, other: Other) -> Option<Alternative> {
    let (local, text, place_geoid) = match other {
        Other::Unknown => return None,
        Other::Known(number) => {
            let place = pack.division(number)?;
            let geoid = place.geoid().to_owned();
            (
                Some(geoid.clone()),
                place.full_name().to_owned(),
                Some(geoid),
            )
        }
        Other::OutsideAnyCity => {
            let local = resolution.governments.first();
            let text = local.map_or_else(
                || "outside any city".to_owned(),
                |local| format!("outside any city, in {}", local.name),
            );
            (local.map(|local| local.geoid.clone()), text, None)
        }
    };
    Some(Alternative {
        choice: choice(place_geoid.as_deref(), local.as_deref(), None),
        label: text,
        home_geoid: place_geoid.clone(),
        place_geoid,
        district: None,
    })
}

/// Another's district of our municipality, where the pack knows it.
fn of_district(pack: &Pack, resolution: &Resolution, label: &str) -> Option<Alternative> {
    let place = resolution.place.as_ref()?;
    let district = find_district(pack, &place.geoid, label)?;
    Some(Alternative {
        choice: choice(
            Some(&place.geoid),
            Some(&place.geoid),
            Some(district.name()),
        ),
        label: format!("{}, {}", place.name, district.full_name()),
        place_geoid: Some(place.geoid.clone()),
        home_geoid: Some(place.geoid.clone()),
        district: Some(district.name().to_owned()),
    })
}

fn find_district<'pack>(
    pack: &'pack Pack,
    geoid: &str,
    label: &str,
) -> Option<DivisionView<'pack>> {
    (0..pack.divisions().len() as u32)
        .filter_map(|number| pack.division(number))
        .find(|division| {
            division.record.kind == kind::DISTRICT
                && division.geoid() == geoid
                && division.name().eq_ignore_ascii_case(label)
        })
}

fn district_name(pack: &Pack, geoid: &str, label: &str) -> String {
    find_district(pack, geoid, label).map_or_else(
        || format!("district {label}"),
        |district| district.full_name().to_owned(),
    )
}

fn distinct(alternatives: impl Iterator<Item = Alternative>) -> Vec<Alternative> {
    let mut distinct: Vec<Alternative> = Vec::new();
    for alternative in alternatives {
        if distinct
            .iter()
            .all(|known| known.choice != alternative.choice)
        {
            distinct.push(alternative);
        }
    }
    distinct
}
