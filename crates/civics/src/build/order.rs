//! Sides in the order of a pack.

use super::assemble::Counts;
use super::draft::{Known, Numbered, Side, StreetName};

/// Ranks of streets by name, so that a sort compares numbers.
pub struct Order {
    names: Vec<u32>,
    keys: Vec<u32>,
}

impl Order {
    /// The ranks of some streets.
    pub fn new(streets: &Numbered<StreetName>) -> Self {
        let mut by_name: Vec<u32> = (0..streets.all().len() as u32).collect();
        by_name.sort_by(|one, other| streets.get(*one).cmp(streets.get(*other)));
        let mut order = Self {
            names: vec![0; by_name.len()],
            keys: vec![0; by_name.len()],
        };
        let mut key = 0;
        for (rank, number) in by_name.iter().enumerate() {
            if rank > 0 && streets.get(by_name[rank - 1]).key != streets.get(*number).key {
                key += 1;
            }
            order.names[*number as usize] = rank as u32;
            order.keys[*number as usize] = key;
        }
        order
    }

    /// Sides by key, area and street; what stands twice is dropped, and so are points that a later
    /// source gives too.
    pub fn sorted(&self, mut sides: Vec<Side>, counts: &mut Counts) -> Vec<Side> {
        sides.sort_by(|one, other| {
            let rank = |side: &Side| {
                (
                    self.keys[side.street as usize],
                    side.area,
                    self.names[side.street as usize],
                    side.affix,
                    side.known,
                    side.low,
                    side.high,
                    side.parity,
                )
            };
            rank(one).cmp(&rank(other)).then_with(|| {
                (one.source, one.belongs, one.edge, one.spot, &one.split).cmp(&(
                    other.source,
                    other.belongs,
                    other.edge,
                    other.spot,
                    &other.split,
                ))
            })
        });
        let mut kept: Vec<Side> = Vec::with_capacity(sides.len());
        for side in sides {
            while kept.last().is_some_and(|last| is_superseded(last, &side)) {
                kept.pop();
                counts.superseded += 1;
            }
            if kept.last().is_some_and(|last| repeats(last, &side)) {
                counts.repeated += 1;
            } else {
                kept.push(side);
            }
        }
        kept
    }
}

fn is_same_address(one: &Side, other: &Side) -> bool {
    let address = |side: &Side| {
        (
            side.street,
            side.area,
            side.affix,
            side.known,
            side.low,
            side.high,
        )
    };
    address(one) == address(other)
}

fn is_superseded(last: &Side, side: &Side) -> bool {
    is_same_address(last, side) && last.known == Known::Point && last.source < side.source
}

fn repeats(last: &Side, side: &Side) -> bool {
    is_same_address(last, side)
        && last.parity == side.parity
        && last.belongs == side.belongs
        && (side.known == Known::Point || last.split == side.split && last.edge == side.edge)
}
