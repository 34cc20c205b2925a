//! Looking ahead: what many answers will read is fetched for all of them together.
//!
//! One look-up is a chain: the table says where the street is, the street where its ranges are, a range which page it is on. In a pack
//! of a hundred megabytes each link waits for memory, and the waiting is most of the time. Of many addresses the same link can be
//! waited for at once; then the answers find everything near.

use super::book::Book;
use super::search::Prepared;
use crate::pack::{Pack, StreetView};
use smallvec::SmallVec;
use std::hint::black_box;

/// Addresses that are fetched for together: what they read is a fraction of the nearest memory.
pub(super) const TOGETHER: usize = 16;

/// Fetches what the answers to some searches will read. It changes no answer.
pub(super) fn look_ahead(pack: &Pack, book: &Book, searches: &[Prepared]) {
    // Link by link: each loop's reads do not depend on one another.
    for search in searches {
        let entries = search.hashes().map(|hash| pack.glance(hash).entry());
        black_box(entries.fold(0, u32::wrapping_add));
    }
    let mut streets: SmallVec<[StreetView<'_>; 2 * TOGETHER]> = SmallVec::new();
    for search in searches {
        let meant = search
            .hashes()
            .filter_map(|hash| pack.street(pack.glance(hash).street()?));
        streets.extend(meant);
    }
    for street in &streets {
        black_box(street.fetch());
    }
    for street in &streets {
        let ranges = street.ranges();
        for at in [ranges.start, ranges.start.midpoint(ranges.end)] {
            let set = pack.range(at).map(|range| range.set_number());
            black_box(set.is_some_and(|set| book.holds(set)));
        }
    }
    for street in &streets {
        let set = pack.range(street.ranges().start);
        black_box(set.and_then(|range| book.kept(range.set_number())));
    }
}
