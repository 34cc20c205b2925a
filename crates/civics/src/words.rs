//! The words of American addresses, each with its standard form.
//!
//! A token is looked up once and answers every question that the parser asks of it. The tables
//! are those of USPS Publication 28: appendix C1 (street types), C2 (units), 233 (directionals)
//! and appendix B (states), with the spellings that people use.

pub mod directional;
pub mod highway;
pub mod ordinal;
pub mod sound;
pub mod state;
pub mod street_type;
pub mod unit;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// What one token may be. A token may be several things at once: `CT` is Court and Connecticut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Word {
    /// A directional, as index + 1 into [`directional::CODES`]; 0 if none.
    pub directional: u8,
    /// A street type, as index + 1 into [`street_type::TYPES`]; 0 if none.
    pub street_type: u8,
    /// A unit designator, as index + 1 into [`unit::UNITS`]; 0 if none.
    pub unit: u8,
    /// A state, as its FIPS code; 0 if none (one-word spellings only).
    pub state: u8,
    /// Whether it may begin a class of numbered roads: `US`, `COUNTY`, `HWY`.
    pub heads_class: bool,
}

/// FNV-1a: the same on every machine, fast on short tokens.
#[derive(Default)]
pub struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut hash = if self.0 == 0 {
            0xcbf2_9ce4_8422_2325
        } else {
            self.0
        };
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self.0 = hash;
    }
}

type Words = HashMap<&'static str, Word, BuildHasherDefault<Fnv>>;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words::default();
    for (index, spellings) in directional::CODES.iter().enumerate() {
        for spelling in spellings.split(' ') {
            words.entry(spelling).or_default().directional = index as u8 + 1;
        }
    }
    for (index, spellings) in street_type::TYPES.iter().enumerate() {
        for spelling in spellings.split(' ') {
            words.entry(spelling).or_default().street_type = index as u8 + 1;
        }
    }
    for (index, unit) in unit::UNITS.iter().enumerate() {
        for spelling in unit.spellings.split(' ') {
            words.entry(spelling).or_default().unit = index as u8 + 1;
        }
    }
    for (pattern, _) in highway::PATTERNS {
        let head = pattern.split(' ').next().unwrap_or(pattern);
        words.entry(head).or_default().heads_class = true;
    }
    for state in state::STATES {
        words.entry(state.usps).or_default().heads_class = true;
        words.entry(state.usps).or_default().state = state.fips;
        if !state.name.contains(' ') {
            words.entry(state.name).or_default().state = state.fips;
        }
    }
    words
});

/// Everything that a folded token may be.
pub fn look_up(token: &str) -> Word {
    WORDS.get(token).copied().unwrap_or_default()
}
