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

use std::collections::BTreeMap;
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

/// Longest spelling in the tables, in bytes.
const LONGEST: usize = 16;
/// Slots of the table, a power of two: a quarter of them is taken.
const SLOTS: usize = 1 << 12;

/// The tables as one, by the letters of a spelling packed into a number.
struct Words {
    /// Position + 1 in `known`, or 0.
    slots: Box<[u16; SLOTS]>,
    known: Vec<([u64; 2], Word)>,
}

/// Letters in their order, the first in the lowest byte; `None` for what is longer than any spelling.
fn packed(token: &str) -> Option<[u64; 2]> {
    // Two pieces that overlap where the token is no whole number of them: few instructions, at any length.
    let bytes = token.as_bytes();
    let count = bytes.len();
    Some(match count {
        0 => [0, 0],
        1..=3 => {
            let piece = |at: usize| u64::from(bytes[at]) << (8 * at);
            [piece(0) | piece(count / 2) | piece(count - 1), 0]
        }
        4..=7 => {
            let (first, last) = (bytes.first_chunk::<4>()?, bytes.last_chunk::<4>()?);
            let piece = |four: &[u8; 4]| u64::from(u32::from_le_bytes(*four));
            [piece(first) | piece(last) << (8 * (count - 4)), 0]
        }
        8 => [u64::from_le_bytes(*bytes.first_chunk()?), 0],
        9..=LONGEST => {
            let (first, last) = (bytes.first_chunk::<8>()?, bytes.last_chunk::<8>()?);
            let rest = u64::from_le_bytes(*last) >> (8 * (LONGEST - count));
            [u64::from_le_bytes(*first), rest]
        }
        _ => return None,
    })
}

fn slot_of([low, high]: [u64; 2]) -> usize {
    let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 52) as usize
}

impl Words {
    fn new(words: &BTreeMap<&'static str, Word>) -> Self {
        let mut made = Self {
            slots: Box::new([0; SLOTS]),
            known: Vec::with_capacity(words.len()),
        };
        // No spelling is longer: a test says so.
        for (packed, word) in words
            .iter()
            .filter_map(|(text, word)| Some((packed(text)?, word)))
        {
            let mut slot = slot_of(packed);
            while made.slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            made.known.push((packed, *word));
            made.slots[slot] = made.known.len() as u16;
        }
        made
    }

    fn get(&self, token: &str) -> Option<Word> {
        let packed = packed(token)?;
        let mut slot = slot_of(packed);
        while let Some(at) = self.slots[slot].checked_sub(1) {
            let (known, word) = self.known.get(usize::from(at))?;
            if *known == packed {
                return Some(*word);
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }
}

fn tables() -> BTreeMap<&'static str, Word> {
    let mut words = BTreeMap::<&'static str, Word>::new();
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
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(&tables()));

/// Everything that a folded token may be.
pub fn look_up(token: &str) -> Word {
    WORDS.get(token).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_packed_in_their_order() {
        let letters = "ABCDEFGHIJKLMNOPQ";
        for count in 0..=LONGEST {
            let mut halves = [[0; 8]; 2];
            for (at, letter) in letters[..count].bytes().enumerate() {
                halves[at / 8][at % 8] = letter;
            }
            assert_eq!(
                packed(&letters[..count]),
                Some(halves.map(u64::from_le_bytes))
            );
        }
        assert_eq!(packed(letters), None);
    }

    #[test]
    fn every_spelling_is_found_and_nothing_else() {
        let words = tables();
        assert!(words.len() < SLOTS / 3);
        for (text, word) in &words {
            assert_eq!(look_up(text), *word, "{text}");
            for other in [format!("{text}X"), format!("X{text}"), text.to_lowercase()] {
                let expected = words.get(other.as_str()).copied().unwrap_or_default();
                let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
                assert!(!has_letter || look_up(&other) == expected, "{other}");
            }
        }
        assert_eq!(unit::standard(unit::FLOOR), "FL");
        for code in 0..=directional::CODES.len() as u8 {
            let (first, second) = (directional::first, directional::second);
            assert_eq!(directional::standard(code), first(directional::CODES, code));
            assert_eq!(directional::full(code), second(directional::CODES, code));
        }
        assert_eq!(look_up(""), Word::default());
        assert_eq!(look_up(&"N".repeat(40)), Word::default());
    }
}
