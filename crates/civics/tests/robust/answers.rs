//! What holds of every answer, whatever was asked.

use crate::ground::{GROUND, day};
use crate::lexicon;
use proptest::prelude::*;
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_civics::pack::format::Section;
use redress_civics::packs::Packs;
use redress_civics::parse::Input;
use redress_civics::resolve::Resolver;
use redress_model::resolution::{Level, Reason, Resolution};
use std::sync::{Arc, LazyLock};

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::open(&GROUND.pack).unwrap());
static DIRECTORY: LazyLock<Directory> = LazyLock::new(|| PACK.json(Section::Officials).unwrap());

fn resolve(input: &Input<'_>) -> Resolution {
    Resolver::new(&PACK, Some(&DIRECTORY)).resolve(input, day())
}

/// Level, place and district: what a signer's count hangs on.
fn core(answer: &Resolution) -> (Level, Option<&str>, Option<&str>) {
    (
        answer.level,
        answer.place.as_ref().map(|place| place.geoid.as_str()),
        answer.district.as_deref(),
    )
}

/// Why one alternative, or none, may be left as a question.
const OPEN: [Reason; 7] = [
    Reason::SideIsSplit,
    Reason::BorderWithinBand,
    Reason::SeveralAnswers,
    Reason::OverlappingDistricts,
    Reason::NoDistrictCovers,
    Reason::DistrictUnknown,
    Reason::PackDamaged,
];

fn holds(answer: &Resolution) -> Result<(), String> {
    let fail = |what: &str| Err(format!("{what}: {answer:?}"));
    let geoids: Vec<&str> = answer
        .governments
        .iter()
        .map(|government| government.geoid.as_str())
        .collect();
    match answer.level {
        Level::None | Level::Area => {
            if answer.place.is_some()
                || answer.district.is_some()
                || !answer.governments.is_empty()
                || !answer.posts.is_empty()
            {
                return fail("something is named where nothing is known");
            }
            if answer.reasons.is_empty() {
                return fail("nothing is known, and nothing says why");
            }
        }
        Level::Exact | Level::ExactSplit | Level::Relaxed | Level::Street => {
            match &answer.place {
                Some(place) if !geoids.contains(&place.geoid.as_str()) => {
                    return fail("the place is none of its governments");
                }
                None if answer.home.is_none()
                    && !answer.reasons.contains(&Reason::OutsideAnyCity) =>
                {
                    return fail("no place, and not outside any city");
                }
                _ => {}
            }
            if !answer.alternatives.is_empty() {
                return fail("alternatives beside an answer");
            }
        }
        Level::Candidates => {
            if answer.alternatives.len() < 2
                && !answer.reasons.iter().any(|reason| OPEN.contains(reason))
            {
                return fail("a question without alternatives or reason");
            }
        }
    }
    if answer.district.is_some() && !(answer.level.attributes_district() && answer.place.is_some())
    {
        return fail("a district that nothing bears");
    }
    for post in answer.posts.iter() {
        let geoid = post.id.split('/').next().unwrap_or_default();
        if !geoids.contains(&geoid) {
            return fail("a post of another government");
        }
        let Some(label) = &post.district else {
            continue;
        };
        let is_own = answer.district.as_ref() == Some(label);
        let is_asked = !post.certain
            && answer
                .alternatives
                .iter()
                .any(|alternative| alternative.district.as_ref() == Some(label));
        if !is_own && !is_asked {
            return fail("a post of another district");
        }
    }
    Ok(())
}

#[test]
fn every_answer_to_a_known_address_holds_together() {
    for truth in &GROUND.truths {
        let answer = resolve(&Input::line(&truth.address));
        holds(&answer).unwrap();
        if answer.level.attributes_district() {
            let (_, place, district) = core(&answer);
            assert_eq!(place.unwrap_or(""), truth.place, "{}", truth.address);
            if let Some(district) = district {
                assert_eq!(district, truth.district, "{}", truth.address);
            }
        }
    }
}

#[test]
fn many_at_once_are_answered_as_each_by_itself() {
    let inputs: Vec<Input<'_>> = GROUND
        .truths
        .iter()
        .map(|truth| Input::line(&truth.address))
        .chain([Input::line(""), Input::line("PO BOX 1")])
        .collect();
    let one_by_one: Vec<Resolution> = inputs.iter().map(resolve).collect();
    let mut together = Vec::new();
    let resolver = Resolver::new(&PACK, Some(&DIRECTORY));
    resolver.resolve_many(&inputs, day(), |answer| together.push(answer));
    assert_eq!(together, one_by_one);
    let packs = Packs::of(vec![Arc::new(Pack::open(PACK.path()).unwrap())]).unwrap();
    let by_threads = packs.resolve_many(&inputs, Some(&DIRECTORY), day());
    assert_eq!(by_threads, one_by_one);
}

#[test]
fn case_spaces_and_punctuation_around_do_not_change_an_answer() {
    for truth in &GROUND.truths {
        let plain = resolve(&Input::line(&truth.address));
        let lower = truth.address.to_lowercase();
        let upper = truth.address.to_uppercase();
        let wide = truth.address.replace(' ', "   ");
        let hard = truth.address.replace(' ', "\u{a0}");
        let dressed = format!(" \" {} .,; ", truth.address);
        let tabbed = format!("\t{}\r\n", truth.address.replace(", ", " ,\t"));
        for other in [lower, upper, wide, hard, dressed, tabbed] {
            let answer = resolve(&Input::line(&other));
            assert_eq!(core(&answer), core(&plain), "{other:?}");
            assert_eq!(answer.posts, plain.posts, "{other:?}");
        }
    }
}

#[test]
fn one_street_asked_about_without_a_number_holds_together() {
    for truth in GROUND.truths.iter().step_by(3) {
        let street = truth.address.split_once(' ').map_or("", |(_, rest)| rest);
        for number in ["", "1 ", "99999999 ", "0 "] {
            let line = format!("{number}{street}");
            holds(&resolve(&Input::line(&line))).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_answer_to_rubbish_holds_together(line in lexicon::line(12)) {
        holds(&resolve(&Input::line(&line))).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn every_answer_to_local_words_in_any_order_holds_together(
        line in lexicon::local_line(&GROUND, 9), zip in any::<prop::sample::Index>(),
    ) {
        holds(&resolve(&Input::line(&line))).map_err(TestCaseError::fail)?;
        let known = &zip.get(&GROUND.truths).address;
        let zip = &known[known.len().saturating_sub(5)..];
        holds(&resolve(&Input { street: &line, zip, ..Input::default() })).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,300}") {
        holds(&resolve(&Input::line(&text))).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn an_address_with_words_changed_holds_together(
        at in any::<prop::sample::Index>(), word in any::<prop::sample::Index>(),
        with in lexicon::token(), cut in any::<bool>(),
    ) {
        let truth = at.get(&GROUND.truths);
        let mut words: Vec<&str> = truth.address.split(' ').collect();
        let word = word.index(words.len());
        if cut { words.remove(word); } else { words[word] = &with; }
        holds(&resolve(&Input::line(&words.join(" ")))).map_err(TestCaseError::fail)?;
    }
}
