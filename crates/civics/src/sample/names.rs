//! Names of places: made up, and used once in a state, so that a city's name is unique there.

use super::{Plan, random};

const STEMS: [&str; 64] = [
    "Alder", "Amber", "Ash", "Aven", "Barn", "Beck", "Bell", "Birch", "Black", "Brack", "Bram",
    "Bright", "Brook", "Calder", "Carl", "Chal", "Clay", "Cold", "Copper", "Cran", "Dal", "Deer",
    "Dun", "East", "Elder", "Elm", "Fair", "Falcon", "Fen", "Fern", "Glen", "Gold", "Green",
    "Grims", "Hal", "Hart", "Hazel", "Heather", "High", "Holly", "Iron", "Kings", "Lang", "Lin",
    "Long", "Mar", "Meadow", "Mill", "Mont", "Oak", "Orchard", "Quill", "Raven", "Red", "Rock",
    "Rose", "Silver", "Stan", "Stone", "Thorn", "Wal", "Wey", "Whit", "Wolf",
];

const ENDINGS: [&str; 48] = [
    "acre", "bank", "beck", "borough", "bourne", "bridge", "brook", "burg", "bury", "by",
    "chester", "cliff", "combe", "cote", "cross", "dale", "den", "don", "field", "fold", "ford",
    "gate", "grove", "ham", "haven", "hill", "holm", "hurst", "land", "leigh", "lock", "low",
    "mere", "minster", "more", "mouth", "pool", "port", "ridge", "shaw", "stead", "stoke",
    "thorpe", "ton", "vale", "view", "wick", "worth",
];

/// What may stand around a plain name. The first three are words that also begin street names or end them.
const FORMS: [(&str, &str); 6] = [
    ("Saint ", ""),
    ("Port ", ""),
    ("", " Heights"),
    ("New ", ""),
    ("Lake ", ""),
    ("", " Springs"),
];

const PLAIN: u32 = 64 * 48;
const FORMED: u32 = PLAIN * FORMS.len() as u32;
/// Coprime to the number of names, so that stepping by it visits each once.
const STRIDE: u32 = 1_979;
/// How far formed names run ahead of plain ones.
const APART: u32 = 1_111;
const PER_COUNTY: u32 = 9;

/// The names used in one county.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) county: String,
    pub(crate) grid: String,
    pub(crate) at_large: String,
    pub(crate) designated: String,
    pub(crate) village: String,
    pub(crate) township: String,
    /// A post office's name that is no place at all.
    pub(crate) hamlet: String,
    pub(crate) metro: String,
    pub(crate) enclosed: String,
}

impl Names {
    /// The names of the n-th county of its state.
    pub(crate) fn new(plan: Plan, number: u32) -> Self {
        let offset = random::shared(plan, 0, FORMED);
        let first = number * PER_COUNTY;
        // Plain names first: a county's and a large city's names are best plain.
        let (short, long): (Vec<u32>, Vec<u32>) =
            (first..first + PER_COUNTY).partition(|index| index.is_multiple_of(2));
        let indices = [short, long].concat();
        let name = |slot: usize| name(offset, indices[slot]);
        Self {
            county: name(0),
            grid: name(1),
            township: name(2),
            hamlet: name(3),
            metro: name(4),
            at_large: name(5),
            designated: name(6),
            village: name(7),
            enclosed: name(8),
        }
    }
}

fn name(offset: u32, index: u32) -> String {
    if index < 2 * PLAIN && index.is_multiple_of(2) {
        return plain(step(offset, index / 2, PLAIN));
    }
    let formed = if index < 2 * PLAIN {
        index / 2
    } else {
        index - PLAIN
    };
    // Set apart from the plain names, so that a county seldom has both Ashford and Lake Ashford.
    let formed = step(offset + APART, formed, FORMED);
    let (before, after) = FORMS[(formed / PLAIN) as usize];
    format!("{before}{}{after}", plain(formed % PLAIN))
}

fn step(offset: u32, index: u32, of: u32) -> u32 {
    ((u64::from(offset) + u64::from(index) * u64::from(STRIDE)) % u64::from(of)) as u32
}

fn plain(index: u32) -> String {
    format!(
        "{}{}",
        STEMS[(index % 64) as usize],
        ENDINGS[(index / 64) as usize]
    )
}

/// A name as identifiers and host names spell it.
pub(crate) fn slug(name: &str, blank: char) -> String {
    name.to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { blank })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_name_is_given_twice_in_a_state() {
        let count = 1_002 * PER_COUNTY;
        let names: HashSet<_> = (0..count).map(|index| name(17, index)).collect();
        assert_eq!(names.len() as u32, count);
    }
}
