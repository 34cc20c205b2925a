//! Sides of streets on their way into a pack.

use crate::geometry::{Hand, Spot};
use crate::pack::section::{DistrictEntry, NONE};
use crate::parse::street;
use std::collections::HashMap;

/// What a side belongs to, before it is numbered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Belongs {
    /// County.
    pub county: u32,
    /// County subdivision.
    pub cousub: u32,
    /// Place.
    pub place: u32,
    /// Consolidated city.
    pub concity: u32,
    /// What each district map says.
    pub districts: Vec<DistrictEntry>,
}

impl Default for Belongs {
    fn default() -> Self {
        Self {
            county: NONE,
            cousub: NONE,
            place: NONE,
            concity: NONE,
            districts: Vec::new(),
        }
    }
}

/// A street's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreetName {
    /// The key under which it is found.
    pub key: String,
    /// The name as the source spells it, upper case.
    pub display: String,
    /// Directional before, class before, type, directional behind.
    pub parts: [u8; 4],
}

impl StreetName {
    /// Takes a street's folded tokens apart as an address's are.
    pub fn new(tokens: &[&str]) -> Option<Self> {
        let segment = street::segments(tokens).into_iter().next()?;
        let name = &tokens[segment.name];
        let mut key = String::new();
        street::key(name, &mut key);
        let display = street::display(name);
        (!key.is_empty()).then_some(Self {
            key,
            display,
            parts: [
                segment.predir,
                segment.pretype,
                segment.street_type,
                segment.postdir,
            ],
        })
    }
}

/// How a run of numbers is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Known {
    /// One address.
    Point,
    /// A range along a line.
    Range,
    /// A range in an election list.
    Segment,
}

/// Which numbers of a range exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Parity {
    /// Odd and even.
    Both,
    /// Odd.
    Odd,
    /// Even.
    Even,
}

/// The line of a side that a border crosses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Split {
    /// Number at the line's first spot.
    pub from: u32,
    /// Number at its last.
    pub to: u32,
    /// Which side the houses are on; `None` when the line runs through them.
    pub hand: Option<Hand>,
    /// The border crosses only near an end of it.
    pub is_at_end: bool,
    /// The line.
    pub line: Vec<Spot>,
    /// Polygons that touch it.
    pub options: Vec<u32>,
}

/// One run of numbers on one side of one street.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The street, by number.
    pub street: u32,
    /// What stands around the digits, by number.
    pub affix: u32,
    /// Area code.
    pub area: u32,
    /// Lowest number.
    pub low: u32,
    /// Highest.
    pub high: u32,
    /// Which of them.
    pub parity: Parity,
    /// How it is known.
    pub known: Known,
    /// What it belongs to, by number.
    pub belongs: u32,
    /// TIGER edge id, or 0.
    pub edge: u32,
    /// A point of it.
    pub spot: Option<Spot>,
    /// It is a point within a few metres of a border.
    pub is_near_border: bool,
    /// Its line, if a border crosses it.
    pub split: Option<Box<Split>>,
    /// Position of its source in the manifest.
    pub source: u32,
}

/// Values numbered in the order of their first use.
#[derive(Debug)]
pub struct Numbered<T> {
    values: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    /// The number of a value.
    pub fn number(&mut self, value: T) -> u32 {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        let number = self.values.len() as u32;
        self.values.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    /// A value by its number.
    pub fn get(&self, number: u32) -> &T {
        &self.values[number as usize]
    }

    /// The values themselves, by number.
    pub fn into_values(self) -> impl Iterator<Item = T> {
        self.values.into_iter()
    }

    /// All values.
    pub fn all(&self) -> &[T] {
        &self.values
    }
}

/// Everything that address sources have given so far.
#[derive(Debug, Default)]
pub struct Drafts {
    /// Streets' names.
    pub streets: Numbered<StreetName>,
    /// What stands around house numbers.
    pub affixes: Numbered<String>,
    /// What sides belong to.
    pub belongs: Numbered<Belongs>,
    /// The sides.
    pub sides: Vec<Side>,
    /// Postal cities: state, folded name, area code.
    pub cities: std::collections::BTreeSet<(u8, String, u32)>,
    /// What is known of areas: state and centre.
    pub areas: std::collections::BTreeMap<u32, (u8, Option<Spot>)>,
}

impl Drafts {
    /// Notes an area and the city that its mail names.
    pub fn note_area(&mut self, area: u32, state: u8, city: &str) {
        let known = self.areas.entry(area).or_insert((state, None));
        if known.0 == 0 {
            known.0 = state;
        }
        if !city.is_empty() && state != 0 {
            self.cities.insert((state, city.to_owned(), area));
        }
    }
}
