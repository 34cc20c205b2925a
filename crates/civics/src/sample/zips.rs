//! ZIP codes of the sample, from prefixes that the postal service has not assigned.

use super::{Plan, geometry::Point, names::Names, random};

/// Unassigned three-digit prefixes; 000 is left out, because 00000 is what careless programs write for "none".
const UNASSIGNED: [u32; 67] = [
    1, 2, 3, 4, 99, 213, 269, 343, 345, 348, 353, 419, 428, 429, 517, 518, 519, 529, 533, 536, 552,
    568, 578, 579, 589, 621, 632, 642, 643, 659, 663, 682, 694, 695, 696, 697, 698, 699, 702, 709,
    715, 732, 742, 771, 817, 818, 819, 839, 848, 849, 854, 858, 861, 862, 866, 868, 869, 876, 886,
    887, 888, 892, 896, 899, 909, 929, 987,
];

/// The west of the city with wards.
pub(crate) const WEST: usize = 0;
/// Its east, and a corner of the second city that gets its mail under the first one's name.
pub(crate) const EAST: usize = 1;
/// The second city.
pub(crate) const SECOND: usize = 2;
/// The north of the city with wards, half of the township, and unincorporated land.
pub(crate) const SPLIT: usize = 3;
/// The census-designated place and land around it.
pub(crate) const DESIGNATED: usize = 4;
/// The village and half of the township.
pub(crate) const VILLAGE: usize = 5;
/// Unincorporated land under a name that is no place.
pub(crate) const HAMLET: usize = 6;
/// The west of the consolidated government.
pub(crate) const METRO: usize = 7;
/// Its east, with the enclosed city.
pub(crate) const METRO_EAST: usize = 8;

#[derive(Debug)]
pub(crate) struct Zip {
    pub(crate) code: String,
    /// Postal city names, the preferred one first.
    pub(crate) names: Vec<String>,
    pub(crate) middle: Point,
}

/// The ZIP codes of a county, in the order of the constants above; the consolidated ones only in the first county.
pub(crate) fn list(plan: Plan, number: u32, names: &Names, middles: &[Point]) -> Vec<Zip> {
    let rotation = random::shared(plan, 1, UNASSIGNED.len() as u32);
    let first = if number == 0 { 0 } else { number * 7 + 2 };
    let postal = [
        vec![&names.grid],
        vec![&names.grid],
        vec![&names.at_large],
        vec![&names.grid, &names.township],
        vec![&names.designated],
        vec![&names.village],
        vec![&names.hamlet],
        vec![&names.metro],
        vec![&names.metro, &names.enclosed],
    ];
    let zips = postal
        .into_iter()
        .zip(middles)
        .enumerate()
        .map(|(index, (names, middle))| Zip {
            code: code(rotation, first + index as u32),
            names: names.into_iter().cloned().collect(),
            middle: *middle,
        });
    zips.collect()
}

/// The n-th ZIP code: a hundred from each unassigned prefix, then from the others.
fn code(rotation: u32, index: u32) -> String {
    let unassigned = UNASSIGNED.len() as u32;
    let (hundred, rest) = (index / 100, index % 100);
    let prefix = if hundred < unassigned {
        UNASSIGNED[((hundred + rotation) % unassigned) as usize]
    } else {
        let mut assigned = (5..1000).filter(|prefix| !UNASSIGNED.contains(prefix));
        assigned.nth((hundred - unassigned) as usize).unwrap_or(999)
    };
    format!("{prefix:03}{rest:02}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_zip_code_is_given_twice_in_the_largest_sample() {
        let count = (crate::sample::MOST + 3) * 7 + 2;
        let codes: HashSet<_> = (0..count).map(|index| code(5, index)).collect();
        assert_eq!(codes.len() as u32, count);
    }
}
