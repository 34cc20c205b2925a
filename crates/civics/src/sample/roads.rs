//! Names of streets: a pool dealt out without repeats within a county, and the names that are traps on their own.

use rand::{RngExt, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::random;

const BASES: [&str; 128] = [
    "Abbott",
    "Acorn",
    "Adams",
    "Alpine",
    "Amherst",
    "Anchor",
    "Apple",
    "Arbor",
    "Aspen",
    "Azalea",
    "Badger",
    "Baker",
    "Barley",
    "Bayberry",
    "Beaver",
    "Beech",
    "Bennett",
    "Blossom",
    "Bluebird",
    "Bradford",
    "Briar",
    "Buchanan",
    "Butternut",
    "Caldwell",
    "Cardinal",
    "Carver",
    "Catalpa",
    "Cedar",
    "Chapman",
    "Cherry",
    "Chestnut",
    "Clover",
    "Columbia",
    "Coolidge",
    "Cottonwood",
    "Covington",
    "Crescent",
    "Cypress",
    "Daffodil",
    "Dakota",
    "Davenport",
    "Delaware",
    "Dogwood",
    "Douglas",
    "Eagle",
    "Edgewood",
    "Ellsworth",
    "Emerson",
    "Evergreen",
    "Fairmount",
    "Fillmore",
    "Finch",
    "Foster",
    "Foxglove",
    "Franklin",
    "Garfield",
    "Garrison",
    "Gibson",
    "Grant",
    "Hancock",
    "Harrison",
    "Harvest",
    "Hawthorne",
    "Hickory",
    "Hopkins",
    "Hudson",
    "Huron",
    "Indigo",
    "Ivy",
    "Jackson",
    "Jasmine",
    "Jefferson",
    "Juniper",
    "Kendall",
    "Kestrel",
    "Lafayette",
    "Larch",
    "Laurel",
    "Lilac",
    "Locust",
    "Madison",
    "Magnolia",
    "Maple",
    "Marigold",
    "Marshall",
    "McKinley",
    "Mulberry",
    "Nash",
    "Newton",
    "Nutmeg",
    "Olive",
    "Ontario",
    "Osprey",
    "Palmer",
    "Pecan",
    "Pheasant",
    "Pierce",
    "Pioneer",
    "Plum",
    "Poplar",
    "Prairie",
    "Primrose",
    "Quail",
    "Quarry",
    "Quincy",
    "Redwood",
    "Robin",
    "Roosevelt",
    "Sage",
    "Sequoia",
    "Sheridan",
    "Spruce",
    "Sumac",
    "Sycamore",
    "Taft",
    "Tamarack",
    "Taylor",
    "Teal",
    "Thistle",
    "Tulip",
    "Tyler",
    "Vernon",
    "Violet",
    "Walnut",
    "Webster",
    "Willow",
    "Winchester",
    "Yarrow",
];

const TOWN_TYPES: [&str; 9] = ["St", "Ave", "Dr", "Ln", "Way", "Ct", "Ter", "Cir", "Blvd"];
const COUNTRY_TYPES: [&str; 5] = ["Rd", "Rd", "Rd", "Trl", "Pike"];

/// Deals out street names; no base name comes twice in a county.
#[derive(Debug)]
pub(crate) struct Roads {
    bases: Vec<&'static str>,
    dealt: usize,
    random: ChaCha8Rng,
}

impl Roads {
    pub(crate) fn new(mut random: ChaCha8Rng) -> Self {
        let mut bases = BASES.to_vec();
        bases.shuffle(&mut random);
        Self {
            bases,
            dealt: 0,
            random,
        }
    }

    /// A street in town.
    pub(crate) fn street(&mut self) -> String {
        self.deal(&TOWN_TYPES)
    }

    /// A road in the country.
    pub(crate) fn road(&mut self) -> String {
        self.deal(&COUNTRY_TYPES)
    }

    /// A number for a state highway.
    pub(crate) fn highway(&mut self) -> u32 {
        self.random.random_range(100..400)
    }

    pub(crate) fn shuffled(&mut self, names: &[&'static str]) -> Vec<&'static str> {
        let mut names = names.to_vec();
        names.shuffle(&mut self.random);
        names
    }

    fn deal(&mut self, types: &[&str]) -> String {
        let base = self.bases[self.dealt % self.bases.len()];
        // A county that asks for more than the pool gets the next round under a longer name.
        let longer = ["", " Ridge", " Hollow"][(self.dealt / self.bases.len()).min(2)];
        self.dealt += 1;
        format!("{base}{longer} {}", random::any(&mut self.random, types))
    }
}

/// `1st`, `2nd`, `3rd`, `11th`.
pub(crate) fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
