//! How well a street of the pack fits a reading of the address, and which of its ranges hold the
//! number.

use super::reasons::Reasons;
use crate::pack::section::flag;
use crate::pack::{Pack, RangeView, StreetView};
use crate::parse::number::Reading;
use crate::parse::street::Segment;
use crate::words::highway;
use redress_model::resolution::Reason;
use smallvec::SmallVec;

/// What a relaxation costs.
pub mod cost {
    /// A directional on the other end.
    pub const MOVED: u32 = 1;
    /// Another spelling of a road's class.
    pub const CLASS: u32 = 1;
    /// A directional left out or added.
    pub const DIRECTIONAL: u32 = 2;
    /// A type left out or added.
    pub const TYPE_MISSING: u32 = 2;
    /// Another type.
    pub const TYPE: u32 = 3;
    /// The number on the wrong side.
    pub const PARITY: u32 = 3;
    /// An ordinal or number in another form.
    pub const VARIANT: u32 = 2;
    /// One letter.
    pub const SPELLING: u32 = 4;
    /// Another spelling of the same sound.
    pub const SOUND: u32 = 5;
    /// Another ZIP of the same city.
    pub const ZIP: u32 = 3;
    /// Another ZIP nearby.
    pub const NEAR_ZIP: u32 = 4;
    /// A city that the ZIP does not have.
    pub const CITY: u32 = 2;
    /// The state alone.
    pub const STATE_ONLY: u32 = 2;
}

/// The cost of taking a street for a reading; `None` when they contradict each other.
pub fn compare(segment: &Segment, parts: [u8; 4]) -> Option<(u32, Reasons)> {
    let [predir, pretype, street_type, postdir] = parts;
    let mut penalty = 0;
    let mut reasons = Reasons::default();
    let mut add = |cost: u32, reason: Reason| {
        penalty += cost;
        reasons.add(reason);
    };
    if (segment.predir, segment.postdir) != (predir, postdir) {
        if (segment.predir, segment.postdir) == (postdir, predir) {
            add(cost::MOVED, Reason::DirectionalMoved);
        } else {
            for (mine, theirs) in [(segment.predir, predir), (segment.postdir, postdir)] {
                match (mine, theirs) {
                    (mine, theirs) if mine == theirs => {}
                    (0, _) => add(cost::DIRECTIONAL, Reason::DirectionalMissing),
                    (_, 0) => add(cost::DIRECTIONAL, Reason::DirectionalExtra),
                    _ => return None,
                }
            }
        }
    }
    if segment.pretype != pretype {
        if highway::may_be_same(segment.pretype, pretype) {
            add(cost::CLASS, Reason::NameVariant);
        } else if segment.pretype == 0 && !highway::is_numbered(pretype) {
            add(cost::TYPE_MISSING, Reason::TypeMissing);
        } else {
            return None;
        }
    }
    match (segment.street_type, street_type) {
        (mine, theirs) if mine == theirs => {}
        (0, _) => add(cost::TYPE_MISSING, Reason::TypeMissing),
        (_, 0) => add(cost::TYPE_MISSING, Reason::TypeDiffers),
        _ => add(cost::TYPE, Reason::TypeDiffers),
    }
    Some((penalty, reasons))
}

/// How a number was found on a street, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// A known address.
    Point,
    /// Within a range, on its side.
    Range,
    /// Between two known addresses that agree.
    Between,
    /// Within a range, on the other side.
    OtherSide,
}

/// What one search may spend on looking at a pack's records.
///
/// A sound pack never comes near it. One whose counts are damaged, or that was made to be slow, may
/// say that a street runs over the whole nation: then the search ends and says so.
#[derive(Debug, Clone, Copy)]
pub struct Budget(u32);

impl Budget {
    /// What looking at a street costs, a range being one.
    pub const STREET: usize = 32;

    /// A few milliseconds' worth.
    pub fn new() -> Self {
        Self(1 << 22)
    }

    /// Whether there is enough left; if not, nothing is left from now on.
    pub fn spend(&mut self, cost: usize) -> bool {
        self.0 = self.0.saturating_sub(cost.min(1 << 30) as u32);
        self.0 > 0
    }

    /// Ends the search: what it stands on is damaged.
    pub fn overrun(&mut self) {
        self.0 = 0;
    }

    /// Whether everything is spent.
    pub fn is_overrun(self) -> bool {
        self.0 == 0
    }
}

/// Most house numbers that a point may span.
const MOST_NUMBERS_SPANNED: u32 = 200;
/// Farthest apart, in house numbers, that two known addresses may be to vouch for one between.
const MOST_NUMBERS_BETWEEN: u32 = 400;
/// Farthest apart in metres.
const MOST_METRES_BETWEEN: f64 = 1_000.0;

/// Finds a number on a street: the ranges that hold it, by how surely.
pub fn find_number<'pack>(
    pack: &'pack Pack,
    street: &StreetView<'pack>,
    reading: &Reading,
    budget: &mut Budget,
    into: &mut SmallVec<[(Found, RangeView<'pack>); 4]>,
) {
    let ranges = street.ranges();
    let number = reading.value;
    let Some(records) = pack
        .ranges()
        .get(ranges.start as usize..ranges.end as usize)
    else {
        budget.overrun();
        return;
    };
    // Points stand first, by number.
    let points = records.partition_point(|record| record.set_and_flags & flag::POINT != 0);
    let begin = into.len();
    let after = records[..points].partition_point(|record| record.low <= number);
    if !budget.spend(records.len() - points) {
        return;
    }
    // A point that names a span of houses begins at most 200 numbers before.
    let nearest = (0..after).rev().take_while(|at| {
        budget.spend(1) && records[*at].low.saturating_add(MOST_NUMBERS_SPANNED) >= number
    });
    for view in nearest.filter_map(|at| pack.range(ranges.start + at as u32)) {
        if view.spans(number) && view.agrees_in_parity(number) {
            into.push((Found::Point, view));
        }
    }
    let mut other_side = SmallVec::<[_; 2]>::new();
    for (at, record) in records[points..].iter().enumerate() {
        if record.low > number || record.high < number {
            continue;
        }
        let Some(view) = pack.range(ranges.start + (points + at) as u32) else {
            continue;
        };
        if view.agrees_in_parity(number) {
            into.push((Found::Range, view));
        } else {
            other_side.push((Found::OtherSide, view));
        }
    }
    if into.len() > begin {
        return;
    }
    let same_side = |at: &usize| records[*at].low % 2 == number % 2;
    let below = (0..after)
        .rev()
        .find(same_side)
        .and_then(|at| pack.range(ranges.start + at as u32));
    let above = (after..points)
        .find(same_side)
        .and_then(|at| pack.range(ranges.start + at as u32));
    if let (Some(below), Some(above)) = (below, above)
        && below.set_number() == above.set_number()
        && above
            .record
            .low
            .checked_sub(below.record.low)
            .is_some_and(|apart| apart <= MOST_NUMBERS_BETWEEN)
        && street
            .spot_of(&below)
            .zip(street.spot_of(&above))
            .is_some_and(|(one, other)| one.distance(other) <= MOST_METRES_BETWEEN)
    {
        into.push((Found::Between, below));
        return;
    }
    into.extend(other_side);
}
