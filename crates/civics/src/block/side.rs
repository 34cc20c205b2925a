//! A street's houses in groups of some tens.

use super::Parity;
use crate::pack::section::{RangeRecord, flag};
use crate::pack::{Pack, StreetView};
use std::collections::BTreeSet;

/// Fewest possible numbers of a group: some tens of houses.
pub(super) const LEAST: u32 = 20;

/// How many possible numbers a known house stands for: about every second number of a range has a house.
const HOUSE: u32 = 2;

/// Known houses are taken by the hundred, as blocks are numbered.
const HUNDRED: u32 = 100;

/// More records than any street has; a damaged pack may say so.
const MOST_RECORDS: usize = 1 << 16;

/// The group of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) parity: Parity,
}

/// A run of numbers with how many of them may be houses.
#[derive(Debug, Clone, Copy)]
struct Run {
    first: u32,
    last: u32,
    weight: u32,
}

impl Side {
    /// The group that a number of a street is in; `None` where the street is too short for one, or the number beyond it.
    pub(super) fn of(pack: &Pack, street: &StreetView<'_>, number: u32) -> Option<Self> {
        let range = street.ranges();
        let all = pack
            .ranges()
            .get(range.start as usize..range.end as usize)?;
        if all.len() > MOST_RECORDS {
            return None;
        }
        // An election list's segments run over whole streets: they say nothing of blocks.
        let houses = |record: &&RangeRecord| record.set_and_flags & flag::SEGMENT == 0;
        let mut records: Vec<&RangeRecord> = all.iter().filter(houses).collect();
        if records.is_empty() {
            records.extend(all);
        }
        Self::among(&records, number)
    }

    fn among(records: &[&RangeRecord], number: u32) -> Option<Self> {
        let (odd, even) = (runs(records, Parity::Odd), runs(records, Parity::Even));
        let is_enough = |runs: &[Run]| runs.iter().map(|run| run.weight).sum::<u32>() >= LEAST;
        // If one side is too short both go together, for the houses of the other side too: otherwise who is told of both sides would
        // be known to live on the short one.
        let is_short = |runs: &[Run]| !runs.is_empty() && !is_enough(runs);
        let (parity, runs) = if is_short(&odd) || is_short(&even) {
            (Parity::Both, runs(records, Parity::Both))
        } else if number % 2 == 1 {
            (Parity::Odd, odd)
        } else {
            (Parity::Even, even)
        };
        if !is_enough(&runs) {
            return None;
        }
        let groups = grouped(runs);
        let group = groups.iter().find(|group| group.last >= number)?;
        (group.first <= number).then_some(Self {
            first: group.first,
            last: group.last,
            parity,
        })
    }
}

/// How many numbers of a side lie between two.
fn count(first: u32, last: u32, parity: Parity) -> u32 {
    let below = |end: u32| match parity {
        Parity::Odd => end.div_ceil(2),
        Parity::Even => end / 2 + 1,
        Parity::Both => end.saturating_add(1),
    };
    below(last) - first.checked_sub(1).map_or(0, below)
}

/// The runs of a side, lowest first, none touching another. A number of a range counts once however many ranges have it, and so does
/// a known house; within a range it is one of its numbers.
fn runs(records: &[&RangeRecord], parity: Parity) -> Vec<Run> {
    let mut all = match parity {
        Parity::Odd | Parity::Even => ranges(records, parity),
        Parity::Both => {
            let mut both = ranges(records, Parity::Odd);
            both.extend(ranges(records, Parity::Even));
            both
        }
    };
    let is_point = |record: &&&RangeRecord| record.set_and_flags & flag::POINT != 0;
    let houses: BTreeSet<u32> = records
        .iter()
        .filter(is_point)
        .map(|record| record.low)
        .filter(|number| parity.has(*number))
        .collect();
    let is_in_range = |number: u32| {
        all.iter()
            .any(|run| (run.first..=run.last).contains(&number))
    };
    let points: Vec<Run> = houses
        .into_iter()
        .map(|number| {
            let first = number / HUNDRED * HUNDRED;
            Run {
                first,
                last: first.saturating_add(HUNDRED - 1),
                weight: if is_in_range(number) { 0 } else { HOUSE },
            }
        })
        .collect();
    all.extend(points);
    joined(all, |before, run| {
        before.weight = before.weight.saturating_add(run.weight);
    })
}

/// The ranges of one side, laid upon each other.
fn ranges(records: &[&RangeRecord], parity: Parity) -> Vec<Run> {
    let other = if parity == Parity::Odd {
        flag::EVEN
    } else {
        flag::ODD
    };
    let of_side = |record: &&&RangeRecord| record.set_and_flags & (flag::POINT | other) == 0;
    let runs = records.iter().filter(of_side).map(|record| Run {
        first: record.low,
        last: record.high.max(record.low),
        weight: 0,
    });
    let mut runs = joined(runs.collect(), |_, _| {});
    for run in &mut runs {
        run.weight = count(run.first, run.last, parity);
    }
    runs.retain(|run| run.weight > 0);
    runs
}

/// Runs in order; those that overlap are one.
fn joined(mut runs: Vec<Run>, mut add: impl FnMut(&mut Run, &Run)) -> Vec<Run> {
    runs.sort_by_key(|run| (run.first, run.last));
    let mut apart: Vec<Run> = Vec::new();
    for run in runs {
        match apart.last_mut() {
            Some(before) if run.first <= before.last => {
                before.last = before.last.max(run.last);
                add(before, &run);
            }
            _ => apart.push(run),
        }
    }
    apart
}

/// Runs laid together, neighbour to neighbour, until each has enough; what is left at the end goes to the last. A gap belongs to the
/// group behind it.
fn grouped(runs: Vec<Run>) -> Vec<Run> {
    let mut groups: Vec<Run> = Vec::new();
    for run in runs {
        match groups.last_mut() {
            Some(open) if open.weight < LEAST => {
                open.last = run.last;
                open.weight = open.weight.saturating_add(run.weight);
            }
            Some(before) => {
                let first = before.last.saturating_add(1);
                groups.push(Run { first, ..run });
            }
            None => groups.push(run),
        }
    }
    if groups.len() > 1
        && let Some(rest) = groups.pop_if(|last| last.weight < LEAST)
        && let Some(last) = groups.last_mut()
    {
        last.last = rest.last;
        last.weight = last.weight.saturating_add(rest.weight);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(low: u32, high: u32, flags: u32) -> RangeRecord {
        RangeRecord {
            low,
            high,
            set_and_flags: flags,
        }
    }

    fn group(records: &[RangeRecord], number: u32) -> Option<(u32, u32, Parity)> {
        let records: Vec<&RangeRecord> = records.iter().collect();
        let side = Side::among(&records, number)?;
        Some((side.first, side.last, side.parity))
    }

    #[test]
    fn a_usual_range_is_its_own_group_and_a_short_one_takes_its_neighbour() {
        let street = [
            record(101, 119, flag::ODD),
            record(121, 199, flag::ODD),
            record(100, 198, flag::EVEN),
            record(200, 298, flag::EVEN),
        ];
        assert_eq!(group(&street, 103), Some((101, 199, Parity::Odd)));
        assert_eq!(group(&street, 121), Some((101, 199, Parity::Odd)));
        assert_eq!(group(&street, 150), Some((100, 198, Parity::Even)));
        assert_eq!(group(&street, 250), Some((199, 298, Parity::Even)));
        assert_eq!(group(&street, 301), None);
    }

    #[test]
    fn known_houses_are_grouped_by_hundreds_until_there_are_ten() {
        let house = |number| record(number, number, flag::POINT);
        let dense = (0..12).map(|at| house(101 + 4 * at));
        let sparse = [house(305), house(411), house(1203)];
        let street: Vec<RangeRecord> = dense.chain(sparse).collect();
        // The three that stand alone are with the twelve: they would be known by a group of their own.
        for number in [101, 305, 1203] {
            assert_eq!(group(&street, number), Some((100, 1299, Parity::Odd)));
        }
        let few: Vec<RangeRecord> = (0..5).map(|at| house(1 + at)).collect();
        assert_eq!(group(&few, 3), None, "five houses are too few");
    }

    #[test]
    fn a_short_side_goes_with_the_long_one() {
        let street = [record(1, 199, flag::ODD), record(2, 10, flag::EVEN)];
        for number in [4, 77] {
            assert_eq!(group(&street, number), Some((1, 199, Parity::Both)));
        }
    }

    fn records() -> impl Strategy<Value = Vec<RangeRecord>> {
        let one =
            (0_u32..3000, 0_u32..300, 0_usize..4).prop_map(|(low, length, kind)| match kind {
                0 => record(low, low, flag::POINT),
                1 => record(low | 1, (low + length) | 1, flag::ODD),
                2 => record(low & !1, (low + length) & !1, flag::EVEN),
                _ => record(low, low + length, 0),
            });
        proptest::collection::vec(one, 1..40)
    }

    proptest! {
        /// Whoever knows the pack and reads a block backwards finds all the houses that have it, and these are some tens of numbers.
        #[test]
        fn a_block_names_some_tens_of_numbers_and_all_of_its_houses_have_it(street in records()) {
            let mut by_group: std::collections::BTreeMap<_, BTreeSet<u32>> = std::collections::BTreeMap::new();
            for one in &street {
                for number in one.low..=one.high {
                    let is_point = one.set_and_flags & flag::POINT != 0;
                    let is_on_side = one.set_and_flags & flag::ODD == 0 || number % 2 == 1;
                    let is_on_side = is_on_side && (one.set_and_flags & flag::EVEN == 0 || number % 2 == 0);
                    if let Some(found) = group(&street, number).filter(|_| is_on_side || is_point) {
                        prop_assert!((found.0..=found.1).contains(&number) && found.2.has(number));
                        by_group.entry((found.0, found.1, found.2 as u8)).or_default().insert(number);
                    }
                }
            }
            for (block, numbers) in by_group {
                prop_assert!(numbers.len() as u32 * HOUSE >= LEAST, "{block:?}: {numbers:?}");
                prop_assert!(block.1 - block.0 >= LEAST - 1, "{block:?}");
            }
        }
    }
}
