//! Streets' names by area: by one wrong letter, by their beginning, or all.
//!
//! The names of a hundred areas make one finite-state transducer (the `fst` crate's set), whose keys are the area's last two
//! digits as a byte and the name as the source spells it. A transducer is checked against its checksum before it is first used, because
//! the library trusts its bytes; that it is small keeps the check short.

use super::Pack;
use super::format::{Section, checksum};
use super::section::SpellingGroup;
use fst::automaton::{Automaton, Str};
use fst::{IntoStreamer, Set, Streamer};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU8, Ordering};

/// Areas that share a transducer.
pub const GROUP: u32 = 100;
/// Longest name that is compared letter by letter: its positions are the bits of a word.
pub const LONGEST: usize = 60;

/// The spellings of an area are damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

/// What is known of a group's bytes.
#[derive(Debug, Default)]
pub(super) struct Checks(Vec<AtomicU8>);

const UNSEEN: u8 = 0;
const SOUND: u8 = 1;
const BROKEN: u8 = 2;

impl Checks {
    pub(super) fn new(groups: usize) -> Self {
        Self((0..groups).map(|_| AtomicU8::new(UNSEEN)).collect())
    }
}

impl Pack {
    /// Names in an area that differ from one by at most one letter added, left out or changed, or
    /// by two neighbours swapped; the name itself is among them if it is there.
    pub fn list_names_near(&self, area: u32, name: &str) -> Result<Vec<String>, Damaged> {
        match OneEdit::new(name.as_bytes()) {
            Some(automaton) => self.list_names(area, automaton, usize::MAX),
            None => Ok(Vec::new()),
        }
    }

    /// The first names in an area that begin so, in order of the alphabet.
    pub fn list_names_starting(
        &self,
        area: u32,
        beginning: &str,
        most: usize,
    ) -> Result<Vec<String>, Damaged> {
        self.list_names(area, Str::new(beginning).starts_with(), most)
    }

    /// The names in an area that an automaton takes, in order of the alphabet.
    pub fn list_names(
        &self,
        area: u32,
        automaton: impl Automaton,
        most: usize,
    ) -> Result<Vec<String>, Damaged> {
        let Some(set) = self.spellings(area)? else {
            return Ok(Vec::new());
        };
        let within = Within {
            first: (area % GROUP) as u8,
            rest: automaton,
        };
        let mut names = Vec::new();
        let mut stream = set.search(within).into_stream();
        while let Some(key) = stream.next() {
            if names.len() == most {
                break;
            }
            names.push(String::from_utf8_lossy(&key[1..]).into_owned());
        }
        Ok(names)
    }

    fn spellings(&self, area: u32) -> Result<Option<Set<&[u8]>>, Damaged> {
        let groups = self.spelling_groups();
        let Ok(at) = groups.binary_search_by_key(&(area / GROUP), |group| group.group) else {
            return Ok(None);
        };
        let SpellingGroup {
            start,
            length,
            checksum: expected,
            ..
        } = groups[at];
        let bytes = self
            .bytes_of(Section::Spellings)
            .get(start as usize..start as usize + length as usize)
            .ok_or(Damaged)?;
        let check = self.checks().0.get(at).ok_or(Damaged)?;
        if check.load(Ordering::Relaxed) == UNSEEN {
            let is_sound = checksum(bytes) == expected;
            check.store(if is_sound { SOUND } else { BROKEN }, Ordering::Relaxed);
        }
        if check.load(Ordering::Relaxed) == BROKEN {
            return Err(Damaged);
        }
        Set::new(bytes).map(Some).map_err(|_| Damaged)
    }
}

/// The transducers of some names, each with its area, and the table that finds them.
pub fn write(names: &BTreeSet<(u32, &str)>) -> std::io::Result<(Vec<u8>, Vec<SpellingGroup>)> {
    let (mut all, mut groups) = (Vec::new(), Vec::new());
    let mut rest = names.iter().peekable();
    while let Some((area, _)) = rest.peek() {
        let group = area / GROUP;
        let mut builder = fst::SetBuilder::memory();
        while let Some((area, name)) = rest.next_if(|(area, _)| area / GROUP == group) {
            let mut key = vec![(area % GROUP) as u8];
            key.extend_from_slice(name.as_bytes());
            builder.insert(key).map_err(std::io::Error::other)?;
        }
        let bytes = builder.into_inner().map_err(std::io::Error::other)?;
        groups.push(SpellingGroup {
            checksum: checksum(&bytes),
            group,
            start: all.len() as u32,
            length: bytes.len() as u32,
            padding: 0,
        });
        all.extend(bytes);
    }
    Ok((all, groups))
}

/// One area's part of a transducer: the first byte is the area's.
struct Within<A> {
    first: u8,
    rest: A,
}

impl<A: Automaton> Automaton for Within<A> {
    /// Nothing read yet; then the inner state, or none for another area.
    type State = Option<Option<A::State>>;

    fn start(&self) -> Self::State {
        None
    }

    fn is_match(&self, state: &Self::State) -> bool {
        matches!(state, Some(Some(inner)) if self.rest.is_match(inner))
    }

    fn can_match(&self, state: &Self::State) -> bool {
        match state {
            None => true,
            Some(inner) => inner
                .as_ref()
                .is_some_and(|inner| self.rest.can_match(inner)),
        }
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        match state {
            None => Some((byte == self.first).then(|| self.rest.start())),
            Some(inner) => Some(inner.as_ref().map(|inner| self.rest.accept(inner, byte))),
        }
    }
}

/// Accepts what is at most one edit away from a name (Damerau's edits: one letter added, left out or
/// changed, or two neighbours swapped). The positions reached are the bits of a word.
struct OneEdit {
    /// For each byte the positions at which the name has it.
    masks: Box<[u64; 256]>,
    /// The position behind the name.
    end: u64,
}

/// Positions reached without an edit, with one, and within a swap.
#[derive(Clone, Copy)]
struct Reached {
    exact: u64,
    edited: u64,
    swapping: u64,
}

impl OneEdit {
    fn new(name: &[u8]) -> Option<Self> {
        if name.len() > LONGEST {
            return None;
        }
        let mut masks = Box::new([0; 256]);
        for (at, byte) in name.iter().enumerate() {
            masks[*byte as usize] |= 1 << at;
        }
        Some(Self {
            masks,
            end: 1 << name.len(),
        })
    }
}

impl Automaton for OneEdit {
    type State = Reached;

    fn start(&self) -> Reached {
        Reached {
            exact: 1,
            edited: 2,
            swapping: 0,
        }
    }

    fn is_match(&self, state: &Reached) -> bool {
        (state.exact | state.edited) & self.end != 0
    }

    fn can_match(&self, state: &Reached) -> bool {
        state.exact | state.edited | state.swapping != 0
    }

    fn accept(&self, state: &Reached, byte: u8) -> Reached {
        let mask = self.masks[byte as usize];
        let within = self.end | (self.end - 1);
        let exact = (state.exact & mask) << 1;
        let changed = state.exact << 1;
        let added = state.exact;
        let left_out = exact << 1;
        let swapped = (state.swapping & mask) << 2;
        let edited = (state.edited & mask) << 1 | changed | added | left_out | swapped;
        Reached {
            exact: exact & within,
            edited: edited & within,
            swapping: state.exact & (mask >> 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn accepts(name: &str, other: &str) -> bool {
        let automaton = OneEdit::new(name.as_bytes()).unwrap();
        let state = other.bytes().fold(automaton.start(), |state, byte| {
            automaton.accept(&state, byte)
        });
        automaton.is_match(&state)
    }

    #[test]
    fn one_edit_is_one_edit() {
        for (name, other) in [
            ("COLFAX", "COLFAX"),
            ("COLFAX", "COLFX"),
            ("COLFAX", "COLFAXX"),
            ("COLFAX", "COLFEX"),
            ("COLFAX", "COLAFX"),
            ("OLFAX", "COLFAX"),
            ("COLFAX", "OCLFAX"),
            ("COLFAX", "COLFXA"),
        ] {
            assert!(accepts(name, other), "{name} {other}");
        }
        for (name, other) in [
            ("COLFAX", "COLEX"),
            ("COLFAX", "CALFEX"),
            ("MAIN", "MA"),
            ("ABC", "CBA"),
        ] {
            assert!(!accepts(name, other), "{name} {other}");
        }
    }

    /// The textbook's table of restricted edit distances.
    fn distance(one: &[u8], other: &[u8]) -> usize {
        let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
        for i in 0..=one.len() {
            for j in 0..=other.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let change = usize::from(one[i - 1] != other[j - 1]);
                    let mut least = (table[i - 1][j] + 1)
                        .min(table[i][j - 1] + 1)
                        .min(table[i - 1][j - 1] + change);
                    if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                        least = least.min(table[i - 2][j - 2] + 1);
                    }
                    least
                };
            }
        }
        table[one.len()][other.len()]
    }

    proptest! {
        #[test]
        fn the_automaton_agrees_with_the_textbook(one in "[AB]{0,7}", other in "[AB]{0,7}") {
            let is_near = distance(one.as_bytes(), other.as_bytes()) <= 1;
            prop_assert_eq!(accepts(&one, &other), is_near);
        }
    }

    #[test]
    fn names_are_found_within_their_area_alone() {
        let names: BTreeSet<(u32, &str)> = [
            (12_345, "MAIN"),
            (12_345, "MAPLE"),
            (12_346, "MAINE"),
            (12_400, "MAIN"),
        ]
        .into();
        let (bytes, groups) = write(&names).unwrap();
        assert_eq!(
            groups.iter().map(|group| group.group).collect::<Vec<_>>(),
            [123, 124]
        );
        let first = &bytes[..groups[0].length as usize];
        let set = Set::new(first).unwrap();
        let within = Within {
            first: 45,
            rest: OneEdit::new(b"MAIN").unwrap(),
        };
        let found = set.search(within).into_stream().into_strs().unwrap();
        assert_eq!(found, ["-MAIN"]);
    }
}
