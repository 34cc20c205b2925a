//! What a pack answers for a block: what all the houses that it knows there have in common.

use super::{Block, Parity, is_under, line_of};
use crate::officials::Directory;
use crate::pack::section::flag;
use crate::pack::{Pack, StreetView};
use crate::packs::Packs;
use crate::parse::Parsed;
use crate::resolve::as_alternative;
use crate::resolve::search::{self, Prepared};
use chrono::NaiveDate;
use redress_model::resolution::{Alternative, GovernmentRef, Level, Reason, Resolution};
use std::sync::Arc;

/// Most houses that are asked about: both ends, and evenly between.
const MOST_HOUSES: usize = 9;

impl Block {
    /// The answer of some packs for the whole block, without officials; `None` where they do not know it, or where its houses lie in
    /// several places. Where a border of districts cuts it, the answer is a question among them.
    pub fn resolve(&self, packs: &Packs, on: NaiveDate) -> Option<Resolution> {
        let mut numbers: Vec<u32> = packs.all().flat_map(|pack| self.numbers(pack)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut answers = Vec::new();
        for number in thinned(&numbers) {
            let line = self.line(number);
            answers.push(packs.resolve(&self.input(&line), None::<&Directory>, on));
        }
        together(&answers)
    }

    /// Numbers of the block that a pack has: known houses, the ends of its ranges and what is between them.
    fn numbers(&self, pack: &Pack) -> Vec<u32> {
        let mut numbers = Vec::new();
        for street in self.streets(pack) {
            let range = street.ranges();
            let records = pack.ranges().get(range.start as usize..range.end as usize);
            for record in records.unwrap_or_default() {
                let flags = record.set_and_flags;
                let (low, high) = (record.low.max(self.first), record.high.min(self.last));
                if low > high || flags & flag::SEGMENT != 0 {
                    continue;
                }
                let has = |number: &u32| {
                    self.has(*number)
                        && (flags & flag::ODD == 0 || Parity::Odd.has(*number))
                        && (flags & flag::EVEN == 0 || Parity::Even.has(*number))
                };
                let middle = low.midpoint(high);
                let near = [
                    low,
                    low + 1,
                    middle,
                    middle + 1,
                    high.saturating_sub(1),
                    high,
                ];
                let within = |number: &u32| (low..=high).contains(number);
                numbers.extend(near.into_iter().filter(within).filter(has));
            }
        }
        numbers
    }

    /// The streets of a pack that are called so under the block's ZIP, or in a source that has none. Under another ZIP it is another
    /// street, and nobody guesses.
    fn streets<'pack>(&self, pack: &'pack Pack) -> Vec<StreetView<'pack>> {
        let mut found: Vec<StreetView<'pack>> = Vec::new();
        // Numbers with letters around them lead to their street only where it has them.
        for number in [self.first, self.first.midpoint(self.last), self.last] {
            let line = self.line(number);
            let parsed = Parsed::new(&self.input(&line));
            let search = search::search(pack, &parsed, &Prepared::new(pack, &parsed));
            let hits = search.hits.iter().map(|hit| hit.street);
            for street in hits.chain(search.misses.iter().map(|miss| miss.street)) {
                let is_same = street.has_affix(&self.affix)
                    && line_of(&street) == self.street
                    && is_under(&street, self);
                if is_same && !found.iter().any(|known| known.number == street.number) {
                    found.push(street);
                }
            }
        }
        found
    }
}

/// At most so many, both ends among them.
fn thinned(numbers: &[u32]) -> Vec<u32> {
    if numbers.len() <= MOST_HOUSES {
        return numbers.to_vec();
    }
    let last = numbers.len() - 1;
    let at = |share: usize| numbers[share * last / (MOST_HOUSES - 1)];
    (0..MOST_HOUSES).map(at).collect()
}

/// What all answers have in common.
fn together(answers: &[Resolution]) -> Option<Resolution> {
    let is_known = |answer: &Resolution| {
        answer.level.attributes_district() || answer.level == Level::Candidates
    };
    if !answers.iter().all(is_known) {
        return None;
    }
    let homes = |answer: &Resolution| -> Vec<Option<String>> {
        if answer.level == Level::Candidates {
            let offers = answer.alternatives.iter();
            offers.map(|offer| offer.home_geoid.clone()).collect()
        } else {
            vec![answer.home.as_ref().map(|home| home.geoid.clone())]
        }
    };
    let homes: Vec<Option<String>> = answers.iter().flat_map(homes).collect();
    let first = homes.first()?;
    if !homes.iter().all(|home| home == first) {
        return None;
    }
    let mut middle = answers.get(answers.len() / 2)?.clone();
    middle.governments = in_common(answers);
    let is_certain = |answer: &Resolution| {
        answer.level.attributes_district() && answer.district == middle.district
    };
    if answers.iter().all(is_certain) {
        return Some(middle);
    }
    middle.alternatives = offers(answers);
    middle.level = Level::Candidates;
    middle.reasons = vec![Reason::SideIsSplit];
    middle.district = None;
    middle.place = answers.iter().find_map(|answer| answer.place.clone());
    middle.home = answers.iter().find_map(|answer| answer.home.clone());
    Some(middle)
}

/// The governments that are over every house.
fn in_common(answers: &[Resolution]) -> Arc<[Arc<GovernmentRef>]> {
    let Some((first, others)) = answers.split_first() else {
        return Arc::default();
    };
    let is_over_all = |government: &&Arc<GovernmentRef>| {
        let mut others = others.iter();
        others.all(|answer| answer.governments.contains(government))
    };
    first
        .governments
        .iter()
        .filter(is_over_all)
        .cloned()
        .collect()
}

/// What each house may be, each once.
fn offers(answers: &[Resolution]) -> Vec<Alternative> {
    let mut all: Vec<Alternative> = Vec::new();
    for answer in answers {
        let own = if answer.level == Level::Candidates {
            answer.alternatives.clone()
        } else {
            as_alternative(answer).into_iter().collect()
        };
        for offer in own {
            if !all.iter().any(|known| known.choice == offer.choice) {
                all.push(offer);
            }
        }
    }
    all
}
