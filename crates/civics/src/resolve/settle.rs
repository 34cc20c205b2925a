//! From hits to one answer, or to a question.

use super::book::Book;
use super::dress::Dress;
use super::outcome::{self, District, Governments, Outcome, is_sound, plain};
use super::reasons::Reasons;
use super::search::{Hit, NearMiss, Search};
use super::street::{Budget, Found};
use crate::geometry::Spot;
use crate::officials::Directory;
use crate::pack::section::{NONE, SPLIT, flag};
use crate::pack::{Pack, StreetView};
use chrono::NaiveDate;
use redress_model::resolution::{Level, Reason};
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;

/// An answer before it is dressed for people.
#[derive(Clone)]
pub struct Settled<'pack> {
    /// How sure.
    pub level: Level,
    /// Why.
    pub reasons: Reasons,
    /// What the relaxations cost.
    pub penalty: u32,
    /// The governments, where they are one answer.
    pub governments: Option<Governments>,
    /// The district.
    pub district: District,
    /// What else it could be: governments with a district or none.
    pub alternatives: Vec<(Governments, u32)>,
    /// Governments, district and posts as they are shown, where they are kept.
    pub(super) dress: Option<&'pack Dress>,
    /// The street that was found.
    pub street: Option<StreetView<'pack>>,
    /// Where.
    pub spot: Option<Spot>,
    /// Metres to the nearest border that crosses the side of the block.
    pub border: Option<f64>,
}

/// Most alternatives shown.
const MOST_ALTERNATIVES: usize = 8;
/// Most governments that one street is followed through: a street agrees or is asked about long
/// before.
const MOST_GOVERNMENTS: usize = 64;

/// What a question is answered from.
#[derive(Clone, Copy)]
pub(super) struct Ground<'answer> {
    pub(super) pack: &'answer Pack,
    pub(super) directory: Option<&'answer Directory>,
    pub(super) book: &'answer Book,
    pub(super) on: NaiveDate,
}

/// What a hit says, with its dress where that is kept.
struct Said<'answer> {
    outcome: Cow<'answer, Outcome>,
    dress: Option<&'answer Dress>,
}

impl<'answer> Ground<'answer> {
    /// The answer of the only hit, where its whole side says the same and no border is near: most answers are such.
    fn plainly(&self, hit: &Hit<'answer>) -> Option<Settled<'answer>> {
        if hit.range.has(flag::SPLIT | flag::NEAR_BORDER) {
            return None;
        }
        let page = self
            .book
            .page(self.pack, self.directory, hit.range.set_number())?;
        let Outcome {
            governments,
            district,
            reasons,
            ..
        } = &page.outcome;
        let [governments] = governments.as_slice() else {
            return None;
        };
        if matches!(district, District::OneOf(_)) || reasons.has(Reason::PackDamaged) {
            return None;
        }
        Some(Settled {
            level: if hit.penalty == 0 {
                Level::Exact
            } else {
                Level::Relaxed
            },
            reasons: hit.reasons.with(*reasons),
            penalty: hit.penalty,
            governments: Some(*governments),
            district: district.clone(),
            alternatives: Vec::new(),
            dress: Some(&page.dress),
            street: Some(hit.street),
            spot: hit.street.spot_of(&hit.range),
            border: None,
        })
    }

    /// What a hit says; `None` when the records that it needs are damaged.
    fn said(&self, hit: &Hit<'_>) -> Option<Said<'answer>> {
        let Self {
            pack,
            directory,
            book,
            on,
        } = *self;
        let kept = Some(hit.range)
            .filter(|range| !range.has(flag::SPLIT))
            .and_then(|range| book.page(pack, directory, range.set_number()));
        let Some(page) = kept else {
            return Some(Said {
                outcome: Cow::Owned(outcome::outcome(pack, hit, on)?),
                dress: None,
            });
        };
        let mut outcome = Cow::Borrowed(&page.outcome);
        // A known point is where it is; that a border is near is said all the same.
        if hit.range.has(flag::NEAR_BORDER) && hit.found == Found::Point {
            outcome.to_mut().reasons.add(Reason::BorderWithinBand);
        }
        Some(Said {
            outcome,
            dress: Some(&page.dress),
        })
    }
}

/// Settles a search on a day; `None` when no street fits at all.
pub(super) fn settle<'answer>(
    ground: Ground<'answer>,
    search: &mut Search<'answer>,
    has_number: bool,
) -> Option<Settled<'answer>> {
    if let [hit] = search.hits.as_slice()
        && let Some(settled) = ground.plainly(hit)
    {
        return Some(settled);
    }
    let hits = best(&search.hits);
    if let Some(first) = hits.first() {
        let mut said: SmallVec<[(&Hit<'_>, Said<'_>); 2]> = SmallVec::new();
        for hit in &hits {
            if let Some(answer) = ground.said(hit) {
                said.push((*hit, answer));
            }
        }
        let dress = said.first().and_then(|(_, first)| first.dress);
        let is_one = |other: &Dress| dress.is_some_and(|dress| std::ptr::eq(dress, other));
        let dress = dress.filter(|_| said.iter().all(|(_, said)| said.dress.is_some_and(is_one)));
        let mut outcomes: SmallVec<[(&Hit<'_>, &Outcome); 2]> = SmallVec::new();
        for (hit, said) in &said {
            outcomes.push((*hit, said.outcome.as_ref()));
        }
        // A range that cannot be read might have contradicted the others.
        let is_damaged = outcomes.len() < hits.len()
            || outcomes
                .iter()
                .any(|(_, outcome)| outcome.reasons.has(Reason::PackDamaged));
        let mut settled = from_outcomes(first, &outcomes, is_damaged);
        settled.dress = dress;
        return Some(settled);
    }
    from_misses(ground.pack, &search.misses, has_number, &mut search.budget)
}

/// The hits that compete: the cheapest, and after a relaxation those nearly as cheap; of hits on
/// one street the surest kind.
fn best<'hits, 'pack>(hits: &'hits [Hit<'pack>]) -> SmallVec<[&'hits Hit<'pack>; 4]> {
    if let [only] = hits {
        return smallvec![only];
    }
    let Some(least) = hits.iter().map(|hit| hit.penalty).min() else {
        return SmallVec::new();
    };
    // Something relaxed wins only against nothing similar.
    let limit = if least == 0 { 0 } else { least + 1 };
    let mut kept: SmallVec<[&Hit<'_>; 4]> =
        hits.iter().filter(|hit| hit.penalty <= limit).collect();
    if least == 0 && kept.iter().any(|hit| hit.is_spelled_alike) {
        kept.retain(|hit| hit.is_spelled_alike);
    }
    let whole = |hit: &Hit<'_>| !hit.reasons.has(Reason::NumberSuffixIgnored);
    if kept.iter().any(|hit| whole(hit)) {
        kept.retain(|hit| whole(hit));
    }
    // A range from 1858 to 1998 that claims all numbers stands on the even side: where another
    // range has the number's own parity, that one holds it.
    let own_side = |hit: &Hit<'_>| {
        let record = hit.range.record;
        record.low % 2 != record.high % 2 || record.low % 2 == hit.number % 2
    };
    if kept.iter().any(|hit| own_side(hit)) {
        kept.retain(|hit| own_side(hit));
    }
    let surest = |hit: &Hit<'_>| {
        if hit.range.has(flag::POINT) {
            hit.found
        } else {
            hit.found.max(Found::Range)
        }
    };
    let all = kept.clone();
    kept.retain(|hit| {
        let same_street = |other: &&&Hit<'_>| {
            other.street.record.area == hit.street.record.area
                && other.street.parts() == hit.street.parts()
        };
        all.iter()
            .filter(same_street)
            .map(|other| surest(other))
            .min()
            .is_none_or(|least| surest(hit) <= least)
    });
    kept
}

fn from_outcomes<'pack>(
    first: &Hit<'pack>,
    outcomes: &[(&Hit<'pack>, &Outcome)],
    is_damaged: bool,
) -> Settled<'pack> {
    let penalty = first.penalty.min(
        outcomes
            .iter()
            .map(|(hit, _)| hit.penalty)
            .min()
            .unwrap_or(first.penalty),
    );
    let cheapest = outcomes
        .iter()
        .find(|(hit, _)| hit.penalty == penalty)
        .map_or(first, |(hit, _)| hit);
    let mut reasons = cheapest.reasons;
    let mut settled = Settled {
        level: Level::Candidates,
        reasons,
        penalty,
        governments: None,
        district: District::Missing,
        alternatives: Vec::new(),
        dress: None,
        street: Some(cheapest.street),
        spot: outcomes
            .first()
            .and_then(|(hit, outcome)| outcome.measured.or_else(|| hit.street.spot_of(&hit.range))),
        border: outcomes
            .iter()
            .filter_map(|(_, outcome)| outcome.border)
            .reduce(f64::min),
    };
    let Some((_, one)) = outcomes.first() else {
        settled.level = Level::None;
        settled.reasons.add(Reason::PackDamaged);
        return settled;
    };
    // Fold all outcomes into one as long as they agree.
    let mut governments = one.governments.clone();
    let mut district = one.district.clone();
    let mut is_measured = one.is_measured;
    let mut agree = true;
    reasons = reasons.with(one.reasons);
    for (hit, outcome) in &outcomes[1..] {
        if governments.len() > 1
            || outcome.governments.len() > 1
            || !governments[0].agree(&outcome.governments[0])
        {
            agree = agree && governments == outcome.governments;
            reasons = reasons.with(outcome.reasons);
            continue;
        }
        governments[0] = governments[0].joined(&outcome.governments[0]);
        is_measured |= outcome.is_measured;
        let merged = merge(&district, &outcome.district);
        if let Some((merged, settles)) = merged {
            if settles {
                reasons = hit.reasons.with(outcome.reasons);
            }
            district = merged;
        } else {
            let mut all = possible(&district);
            all.extend(possible(&outcome.district));
            all.sort_unstable();
            all.dedup();
            district = District::OneOf(all);
            reasons = reasons.with(outcome.reasons);
            reasons.add(Reason::SeveralAnswers);
        }
    }
    if is_damaged {
        reasons.add(Reason::PackDamaged);
    }
    if !agree {
        reasons.add(Reason::SeveralAnswers);
    }
    if !agree || is_damaged {
        settled.alternatives = alternatives(outcomes.iter().map(|(_, outcome)| *outcome));
        settled.reasons = reasons;
        return settled;
    }
    let is_open = governments.len() > 1 || matches!(district, District::OneOf(_));
    settled.level = match (is_open, penalty, is_measured) {
        (true, ..) => Level::Candidates,
        (false, 0, false) => Level::Exact,
        (false, 0, true) => Level::ExactSplit,
        (false, ..) => Level::Relaxed,
    };
    if is_open {
        let joined = Outcome {
            governments: governments.clone(),
            district: district.clone(),
            reasons,
            is_measured,
            measured: None,
            border: None,
        };
        settled.alternatives = alternatives(std::iter::once(&joined));
    }
    settled.governments = (governments.len() == 1).then(|| governments[0]);
    settled.district = district;
    settled.reasons = reasons;
    settled
}

/// The districts that one may be.
fn possible(district: &District) -> Vec<u32> {
    match district {
        District::Known { division, .. } => vec![*division],
        District::OneOf(all) => all.clone(),
        _ => Vec::new(),
    }
}

/// Two districts as one, if they do not contradict each other; and whether the second settles
/// what the first left open. Of two maps that differ the later source wins.
fn merge(one: &District, other: &District) -> Option<(District, bool)> {
    match (one, other) {
        (a, b) if a == b => Some((a.clone(), false)),
        (
            District::Known { division, source },
            District::Known {
                division: second,
                source: later,
            },
        ) => {
            if division == second {
                Some((one.clone(), false))
            } else if source < later {
                Some((other.clone(), true))
            } else if later < source {
                Some((one.clone(), false))
            } else {
                None
            }
        }
        (District::Known { .. }, District::Missing | District::Without) => {
            Some((one.clone(), false))
        }
        (District::Missing | District::Without, District::Known { .. }) => {
            Some((other.clone(), true))
        }
        (District::Missing, District::Without) => Some((District::Missing, false)),
        (District::Without, District::Missing) => Some((District::Missing, true)),
        _ => None,
    }
}

/// The distinct answers of some outcomes.
fn alternatives<'outcome>(
    outcomes: impl Iterator<Item = &'outcome Outcome>,
) -> Vec<(Governments, u32)> {
    let mut all: Vec<(Governments, u32)> = Vec::new();
    for outcome in outcomes {
        for (at, governments) in outcome.governments.iter().enumerate() {
            let districts = match &outcome.district {
                District::Known { division, .. } if at == 0 => vec![*division],
                District::OneOf(divisions) if at == 0 && !divisions.is_empty() => divisions.clone(),
                _ => vec![NONE],
            };
            for district in districts {
                let known = all.iter().any(|(other, same)| {
                    other.municipality() == governments.municipality()
                        && other.cousub == governments.cousub
                        && *same == district
                });
                if !known {
                    all.push((*governments, district));
                }
                if all.len() == MOST_ALTERNATIVES {
                    return all;
                }
            }
        }
    }
    all
}

/// No range holds the number: the street as a whole may still say the place.
fn from_misses<'pack>(
    pack: &'pack Pack,
    misses: &[NearMiss<'pack>],
    has_number: bool,
    budget: &mut Budget,
) -> Option<Settled<'pack>> {
    let least = misses.iter().map(|miss| miss.penalty).min()?;
    let streets: Vec<&NearMiss<'_>> = misses.iter().filter(|miss| miss.penalty == least).collect();
    let first = streets.first()?;
    let mut all: Vec<Governments> = Vec::new();
    let (mut is_split, mut is_damaged) = (false, false);
    let mut seen = None;
    'streets: for street in &streets {
        let ranges = street.street.ranges();
        is_damaged |= !budget.spend(ranges.len());
        if is_damaged {
            break;
        }
        for number in ranges {
            let range = pack.range(number);
            // Neighbours mostly belong to the same.
            let set_number = range.map(|range| range.set_number());
            if set_number.is_some() && set_number == seen {
                continue;
            }
            seen = set_number;
            let set = range
                .and_then(|range| range.set())
                .filter(|set| is_sound(pack, set));
            let Some(set) = set else {
                is_damaged = true;
                break 'streets;
            };
            is_split |= set.place == SPLIT;
            let governments = plain(pack, set, set.place);
            match all.iter_mut().find(|known| known.agree(&governments)) {
                Some(known) => *known = known.joined(&governments),
                None => all.push(governments),
            }
            if all.len() == MOST_GOVERNMENTS {
                break 'streets;
            }
        }
    }
    let reason = if has_number {
        Reason::NumberOutsideRanges
    } else {
        Reason::NumberMissing
    };
    let agrees = all.len() == 1 && !is_split && !is_damaged;
    let mut reasons = first.reasons.and(reason);
    if is_damaged || all.is_empty() {
        reasons.add(Reason::PackDamaged);
    }
    if is_split {
        reasons.add(Reason::SideIsSplit);
    }
    if all.len() > 1 {
        reasons.add(Reason::SeveralAnswers);
    }
    Some(Settled {
        level: if agrees {
            Level::Street
        } else {
            Level::Candidates
        },
        reasons,
        penalty: first.penalty,
        governments: agrees.then(|| all[0]),
        district: District::Missing,
        alternatives: if agrees {
            Vec::new()
        } else {
            all.into_iter()
                .map(|governments| (governments, NONE))
                .take(MOST_ALTERNATIVES)
                .collect()
        },
        dress: None,
        street: Some(first.street),
        spot: None,
        border: None,
    })
}
