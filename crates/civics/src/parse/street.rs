//! The ways to read a street: which tokens are directionals, types, name.
//!
//! No table knows whether `750 SW West Point Ct` or `250 South St E` exists; the index does. This
//! module lists at most eight readings, the likeliest first, and makes the key under which a name
//! is indexed. A source's street is indexed under its first reading; an address is looked up
//! under all of its own.

use crate::words::{Word, directional, highway, look_up, ordinal, street_type};
use smallvec::SmallVec;
use std::ops::Range;

/// One way to read a street's tokens. Codes are those of [`crate::words`], 0 for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Directional before.
    pub predir: u8,
    /// Type before.
    pub pretype: u8,
    /// Tokens of the name.
    pub name: Range<usize>,
    /// Type behind.
    pub street_type: u8,
    /// Directional behind.
    pub postdir: u8,
    rank: i8,
}

/// Most readings of one street.
pub const MOST: usize = 8;
/// Readings of one street: seldom more than a few.
pub type Segments = SmallVec<[Segment; 6]>;

/// The ways to read these tokens, best first.
pub fn segments(tokens: &[&str]) -> Segments {
    let words: Vec<Word> = tokens.iter().map(|token| look_up(token)).collect();
    segments_of(tokens, &words)
}

/// The same for tokens that have been looked up.
pub fn segments_of(tokens: &[&str], words: &[Word]) -> Segments {
    let mut found = Segments::new();
    if tokens.is_empty() || words.len() != tokens.len() {
        return found;
    }
    let (heads, tails) = (heads(words), tails(words));
    for (predir, from) in heads.into_iter().flatten() {
        for (postdir, to) in tails.into_iter().flatten() {
            if from >= to {
                continue;
            }
            named(
                tokens,
                words,
                Segment {
                    predir,
                    pretype: 0,
                    name: from..to,
                    street_type: 0,
                    postdir,
                    rank: 0,
                },
                &mut found,
            );
        }
    }
    found.sort_by_key(|segment| -segment.rank);
    found.dedup();
    found.truncate(MOST);
    found
}

/// Directionals that may stand in front, each with where the rest begins; the longest first.
fn heads(words: &[Word]) -> [Option<(u8, usize)>; 3] {
    let mut heads = [None, None, Some((0, 0))];
    if words.len() > 2 {
        let joined = directional::joined(words[0].directional, words[1].directional);
        heads[0] = (joined != 0).then_some((joined, 2));
    }
    if words.len() > 1 && words[0].directional != 0 {
        heads[1] = Some((words[0].directional, 1));
    }
    heads
}

fn tails(words: &[Word]) -> [Option<(u8, usize)>; 3] {
    let count = words.len();
    let mut tails = [None, None, Some((0, count))];
    if count > 2 {
        let joined =
            directional::joined(words[count - 2].directional, words[count - 1].directional);
        tails[0] = (joined != 0).then_some((joined, count - 2));
    }
    if count > 1 && words[count - 1].directional != 0 {
        tails[1] = Some((words[count - 1].directional, count - 1));
    }
    tails
}

/// Adds the readings of the tokens between the directionals.
fn named(tokens: &[&str], words: &[Word], base: Segment, found: &mut Segments) {
    let Range {
        start: from,
        end: to,
    } = base.name;
    let directionals = i8::from(base.predir != 0) * 4 + i8::from(base.postdir != 0) * 3;
    if let Some((class, length)) = highway::read(&tokens[from..to])
        && from + length < to
        && goes_with(
            class,
            &tokens[from..from + length],
            &tokens[from + length..to],
        )
    {
        found.push(Segment {
            pretype: class,
            name: from + length..to,
            rank: directionals + 12,
            ..base.clone()
        });
    }
    let last = words[to - 1];
    if last.street_type != 0 && to - from >= 2 {
        let common = if street_type::is_common(last.street_type) {
            10
        } else {
            8
        };
        let name_is_type = to - from == 2 && words[from].street_type != 0 && base.predir == 0;
        found.push(Segment {
            street_type: last.street_type,
            name: from..to - 1,
            rank: directionals + common - i8::from(name_is_type),
            ..base.clone()
        });
    }
    let only = to - from == 1;
    let is_bare = only && (last.directional != 0 || last.street_type != 0);
    // `N ST` is the street named N, not a street named ST to the north.
    let rank = if is_bare && (base.predir != 0 || base.postdir != 0) {
        directionals - 8
    } else {
        directionals + 2
    };
    found.push(Segment { rank, ..base });
}

/// Whether what follows a class can be its number: `US 89`, `COUNTY ROAD B`, `AVENUE J`.
fn goes_with(class: u8, head: &[&str], rest: &[&str]) -> bool {
    let Some(first) = rest.first() else {
        return false;
    };
    let has_digit = first
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit());
    let is_ordinal = has_digit && first.len() > 2 && first.ends_with(['T', 'D', 'H']);
    let is_letter = first.len() <= 2 && look_up(first).street_type == 0;
    match highway::standard(class) {
        "CALLE" | "AVENIDA" | "CAMINO" => true,
        "AVENUE" => rest.len() == 1 && (has_digit && !is_ordinal || first.len() == 1),
        "STREET" | "ROAD" | "LANE" | "LOOP" if look_up(first).directional != 0 => false,
        "STREET" | "ROAD" | "LANE" | "LOOP" => {
            rest.len() == 1 && (has_digit && !is_ordinal || first.len() == 1)
        }
        "COUNTY ROAD" | "HIGHWAY" | "ROUTE" | "STATE HIGHWAY"
            if head.len() > 1 || !matches!(head[0].len(), 2) =>
        {
            (has_digit && !is_ordinal) || is_letter
        }
        _ => has_digit && !is_ordinal,
    }
}

/// A name's tokens as people read them: `WINSTON SALEM`, `MARTIN LUTHER KING JR`.
pub fn display(tokens: &[&str]) -> String {
    tokens.join(" ").replace('-', " ")
}

/// The key under which a name is found: spelling folded, spaces gone. `Saint Charles` and
/// `St Charles`, `Twenty First` and `21st`, `La Salle` and `LaSalle` have one key each.
pub fn key(tokens: &[&str], into: &mut String) {
    into.clear();
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        if let Some((number, taken)) = ordinal::read(token, tokens.get(at + 1).copied()) {
            push_ordinal(number, into);
            at += taken;
            continue;
        }
        push_token(token, look_up(token), into);
        at += 1;
    }
}

/// The keys of a street's readings: what each token adds to a key, one after another, so that the
/// key of a name is a stretch of it.
#[derive(Debug)]
pub struct Keys {
    text: String,
    /// Where each token's part begins, and where the last ends.
    begins: SmallVec<[u16; 12]>,
    /// `TWENTY FIRST`: two tokens may make one part, so that keys are made one by one.
    is_joined: bool,
}

impl Keys {
    /// Of a street's tokens and what they may be.
    pub fn new(tokens: &[&str], words: &[Word]) -> Self {
        let mut keys = Self {
            text: String::with_capacity(64),
            begins: SmallVec::new(),
            is_joined: tokens.iter().any(|token| token.ends_with("TY")),
        };
        keys.begins.push(0);
        if !keys.is_joined {
            for (token, word) in tokens.iter().zip(words) {
                push_token(token, *word, &mut keys.text);
                keys.begins.push(keys.text.len() as u16);
            }
        }
        keys
    }

    /// The key of some of the tokens; `room` is for one that has to be made.
    pub fn of<'key>(
        &'key self,
        tokens: &[&str],
        name: Range<usize>,
        room: &'key mut String,
    ) -> &'key str {
        if self.is_joined {
            key(&tokens[name], room);
            return room;
        }
        let begin = |at: usize| self.begins.get(at).copied().unwrap_or_default();
        let stretch = usize::from(begin(name.start))..usize::from(begin(name.end));
        self.text.get(stretch).unwrap_or("")
    }
}

/// What a token adds to a key, where the next is no part of it.
fn push_token(token: &str, word: Word, into: &mut String) {
    if let Some((number, _)) = ordinal::read(token, None) {
        push_ordinal(number, into);
    } else if token.bytes().any(|byte| byte == b'-') {
        // `WINSTON-SALEM` is two words, each with its own spellings.
        for part in token.split('-') {
            push_word(part, look_up(part), into);
        }
    } else {
        push_word(token, word, into);
    }
}

fn push_ordinal(number: u32, into: &mut String) {
    use std::fmt::Write;
    let _ = write!(into, "{number}{}", ordinal::suffix(number));
}

fn push_word(token: &str, word: Word, into: &mut String) {
    let folded = match token {
        "SAINT" => "ST",
        "SAINTE" => "STE",
        "DOCTOR" => "DR",
        "JUNIOR" => "JR",
        "SENIOR" => "SR",
        "AND" => "&",
        "NUMBER" => "NO",
        _ => "",
    };
    if !folded.is_empty() {
        into.push_str(folded);
        return;
    }
    if word.directional != 0 {
        into.push_str(directional::full(word.directional));
    } else if word.street_type != 0 && token != "ST" {
        into.push_str(street_type::full(word.street_type));
    } else {
        let zeros = token.bytes().take_while(|byte| *byte == b'0').count();
        let plain = token.get(zeros..).filter(|plain| !plain.is_empty());
        into.push_str(plain.unwrap_or(token));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(text: &str) -> String {
        let tokens: Vec<&str> = text.split(' ').collect();
        let segment = segments(&tokens).remove(0);
        [
            directional::standard(segment.predir),
            highway::standard(segment.pretype),
            &display(&tokens[segment.name]),
            street_type::standard(segment.street_type),
            directional::standard(segment.postdir),
        ]
        .join("|")
    }

    #[test]
    fn the_first_reading_is_the_usual_one() {
        for (text, expected) in [
            ("N MAIN ST", "N||MAIN|ST|"),
            ("1ST AVE SW", "||1ST|AVE|SW"),
            ("COURT ST", "||COURT|ST|"),
            ("AVENUE B", "|AVENUE|B||"),
            ("N ST", "||N|ST|"),
            ("WEST ST", "||WEST|ST|"),
            ("SOUTH ST E", "||SOUTH|ST|E"),
            ("US HWY 89", "|US HIGHWAY|89||"),
            ("S 300 E", "S||300||E"),
            ("SW WEST POINT CT", "SW||WEST POINT|CT|"),
            ("CO RD 12", "|COUNTY ROAD|12||"),
            ("BROADWAY", "||BROADWAY||"),
            ("AVENUE OF THE AMERICAS", "||AVENUE OF THE AMERICAS||"),
            ("PARK AVE", "||PARK|AVE|"),
            ("N E 5TH ST", "NE||5TH|ST|"),
            ("E ST", "||E|ST|"),
            ("ST CHARLES AVE", "||ST CHARLES|AVE|"),
        ] {
            assert_eq!(best(text), expected, "{text}");
        }
    }

    #[test]
    fn every_other_reading_is_kept_for_the_index() {
        let tokens = ["SW", "WEST", "POINT", "CT"];
        let all = segments(&tokens);
        assert!(all.len() <= MOST);
        assert!(
            all.iter()
                .any(|segment| segment.predir == 0 && segment.name == (0..3))
        );
    }

    #[test]
    fn keys_of_all_stretches_are_those_made_one_by_one() {
        for text in [
            "N TWENTY FIRST ST E",
            "WINSTON-SALEM AVE",
            "TENTH ST W",
            "SAINT CHARLES AND 007 BLVD",
            "W 10TH ST",
            "O",
        ] {
            let tokens: Vec<&str> = text.split(' ').collect();
            let words: Vec<Word> = tokens.iter().map(|token| look_up(token)).collect();
            let keys = Keys::new(&tokens, &words);
            for from in 0..tokens.len() {
                for to in from + 1..=tokens.len() {
                    let (mut made, mut room) = (String::new(), String::new());
                    key(&tokens[from..to], &mut made);
                    assert_eq!(keys.of(&tokens, from..to, &mut room), made, "{text}");
                }
            }
        }
    }

    #[test]
    fn spellings_of_one_name_have_one_key() {
        let key_of = |text: &str| {
            let tokens: Vec<&str> = text.split(' ').collect();
            let mut made = String::new();
            key(&tokens, &mut made);
            made
        };
        assert_eq!(key_of("SAINT CHARLES"), key_of("ST CHARLES"));
        assert_eq!(key_of("TWENTY FIRST"), "21ST");
        assert_eq!(key_of("LA SALLE"), key_of("LASALLE"));
        assert_eq!(key_of("WINSTON-SALEM"), key_of("WINSTON SALEM"));
        assert_ne!(key_of("MAIN"), key_of("MAINE"));
    }
}
