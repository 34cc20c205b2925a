//! House numbers: plain, hyphenated (`92-10`), spans (`1016-18`), grids (`N165W2123`), letters
//! and fractions behind.

use crate::text::Line;
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;

/// A house number, ready to be compared with a range.
///
/// Two numbers are of one series when their affixes are equal; within a series the value orders
/// them. The affix holds what stands around the digits, with `*` in the digits' place: `*`,
/// `N165W*`, `*A`; and `*-*` for numbers in two parts, whose value is `first * 10,000 + second`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseNumber {
    /// As written, folded: `92-10`, `12 1/2`.
    pub text: String,
    /// The ways to read it, best first.
    pub readings: Readings,
}

/// Ways to read a house number: nearly always one.
pub type Readings = SmallVec<[Reading; 1]>;

/// One way to read a house number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What stands around the digits.
    pub affix: Cow<'static, str>,
    /// The digits.
    pub value: u32,
    /// The other end, when the text names several houses: `1016-18` runs to 1018.
    pub last: u32,
    /// Something written was left away to read it so: a letter, a fraction.
    pub is_shortened: bool,
}

impl Reading {
    fn one(affix: impl Into<Cow<'static, str>>, value: u32) -> Self {
        Self {
            affix: affix.into(),
            value,
            last: value,
            is_shortened: false,
        }
    }
}

/// The affix of a plain number.
pub const PLAIN: &str = "*";
/// The affix of a number in two parts.
pub const PAIR: &str = "*-*";

impl HouseNumber {
    /// Reads a number as it stands in a source or an address: `123`, `92-10`, `12 1/2`, `123A`.
    pub fn parse(text: &str) -> Option<Self> {
        let line = Line::new(text);
        let (number, end) = read(&line, 0, line.len());
        number.filter(|_| end == line.len())
    }

    /// The first reading's value and affix, as a range's end is read.
    pub fn as_end(&self) -> Option<(&str, u32)> {
        self.readings
            .first()
            .map(|reading| (reading.affix.as_ref(), reading.value))
    }
}

/// Reads a house number at a position; returns it and the position behind it.
pub fn read(line: &Line, at: usize, end: usize) -> (Option<HouseNumber>, usize) {
    if at >= end {
        return (None, at);
    }
    let token = line.token(at);
    let Some(mut readings) = readings(token) else {
        return (None, at);
    };
    let mut text = token.to_owned();
    let mut next = at + 1;
    // A grid number in two words: `N165 W2123`.
    if is_half_grid(token) && next < end && is_half_grid(line.token(next)) {
        text.push_str(line.token(next));
        if let Some(whole) = self::readings(&text) {
            readings = whole;
        }
        next += 1;
    }
    if next < end && is_fraction(line.token(next)) {
        let fraction = line.token(next);
        let plain = readings.clone();
        readings = plain
            .iter()
            .map(|reading| Reading {
                affix: format!("{} {fraction}", reading.affix).into(),
                ..reading.clone()
            })
            .collect();
        readings.extend(plain.into_iter().map(|reading| Reading {
            is_shortened: true,
            ..reading
        }));
        text = format!("{text} {fraction}");
        next += 1;
    }
    (Some(HouseNumber { text, readings }), next)
}

fn is_fraction(token: &str) -> bool {
    token
        .split_once('/')
        .is_some_and(|(top, bottom)| is_digits(top) && is_digits(bottom))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_half_grid(token: &str) -> bool {
    token.len() >= 2 && token.starts_with(['N', 'S', 'E', 'W']) && is_digits(&token[1..])
}

fn value(digits: &str) -> Option<u32> {
    (digits.len() <= 9).then(|| digits.parse().ok()).flatten()
}

/// All ways to read one token as a house number; `None` if it cannot be one.
fn readings(token: &str) -> Option<Readings> {
    let first = token.bytes().next()?;
    if first.is_ascii_digit() {
        if is_digits(token) {
            return Some(smallvec![Reading::one(PLAIN, value(token)?)]);
        }
        if let Some((front, back)) = token.split_once('-') {
            return in_two_parts(front, back);
        }
        return with_letters(token);
    }
    grid(token)
}

/// `92-10` is one house in Queens; `1016-18` is several houses elsewhere. Which it is, the index
/// knows; both readings are made.
fn in_two_parts(front: &str, back: &str) -> Option<Readings> {
    let front_value = if is_digits(front) {
        value(front)?
    } else {
        return with_letters(front);
    };
    let digits = back.len()
        - back
            .trim_start_matches(|letter: char| letter.is_ascii_digit())
            .len();
    let (back_digits, letters) = back.split_at(digits);
    if back_digits.is_empty() {
        let mut readings: Readings = smallvec![Reading::one(
            format!("*{}", back.replace('-', "")),
            front_value,
        )];
        readings.push(Reading {
            is_shortened: true,
            ..Reading::one(PLAIN, front_value)
        });
        return Some(readings);
    }
    let back_value = value(back_digits)?;
    let mut readings = Readings::new();
    if front_value < 400_000 && back_value < 10_000 {
        let pair = front_value * 10_000 + back_value;
        if !letters.is_empty() {
            readings.push(Reading::one(format!("{PAIR}{letters}"), pair));
        }
        readings.push(Reading {
            is_shortened: !letters.is_empty(),
            ..Reading::one(PAIR, pair)
        });
    }
    if letters.is_empty()
        && let Some(last) = span_end(front, front_value, back_digits, back_value)
    {
        readings.push(Reading {
            last,
            ..Reading::one(PLAIN, front_value)
        });
    } else {
        readings.push(Reading {
            is_shortened: true,
            ..Reading::one(PLAIN, front_value)
        });
    }
    Some(readings)
}

/// The last house of a span: `1016-18` runs to 1018. `None` if it is no plausible span.
pub(crate) fn span_end(front: &str, first: u32, back: &str, back_value: u32) -> Option<u32> {
    let last = if back.len() < front.len() {
        let scale = 10_u32.checked_pow(back.len() as u32)?;
        first / scale * scale + back_value
    } else {
        back_value
    };
    (last > first && last - first <= 200).then_some(last)
}

/// `123A`, `12B2`; but `1ST` is a street's name.
fn with_letters(token: &str) -> Option<Readings> {
    let digits = token.len()
        - token
            .trim_start_matches(|letter: char| letter.is_ascii_digit())
            .len();
    let (front, letters) = token.split_at(digits);
    if matches!(letters, "ST" | "ND" | "RD" | "TH")
        || letters.contains(['/', '.'])
        || letters.len() > 4
    {
        return None;
    }
    let number = value(front)?;
    let mut readings: Readings = smallvec![Reading::one(format!("*{letters}"), number)];
    readings.push(Reading {
        is_shortened: true,
        ..Reading::one(PLAIN, number)
    });
    // `99OO`: the letter O struck for zero.
    if letters.bytes().all(|byte| byte == b'O')
        && let Some(zeros) = value(&token.replace('O', "0"))
    {
        readings.insert(
            1,
            Reading {
                is_shortened: true,
                ..Reading::one(PLAIN, zeros)
            },
        );
    }
    Some(readings)
}

/// `N165W2123`, `W2123`: a grid's letters with digits, ending in digits.
fn grid(token: &str) -> Option<Readings> {
    let bytes = token.as_bytes();
    let starts = bytes.len() >= 2
        && matches!(bytes[0], b'N' | b'S' | b'E' | b'W')
        && bytes[1].is_ascii_digit();
    if !starts
        || !bytes
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'N' | b'S' | b'E' | b'W' | b'-'))
    {
        return None;
    }
    let front = token.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let back = &token[front.len()..];
    Some(smallvec![Reading::one(
        format!("{}*", front.replace('-', "")),
        value(back)?,
    )])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> (String, u32, u32) {
        let reading = HouseNumber::parse(text).unwrap().readings.remove(0);
        (reading.affix.into_owned(), reading.value, reading.last)
    }

    #[test]
    fn numbers_of_every_kind_are_read() {
        assert_eq!(first("123"), ("*".into(), 123, 123));
        assert_eq!(first("92-10"), ("*-*".into(), 920_010, 920_010));
        assert_eq!(first("N165W2123"), ("N165W*".into(), 2123, 2123));
        assert_eq!(first("N165 W2123"), ("N165W*".into(), 2123, 2123));
        assert_eq!(first("123A"), ("*A".into(), 123, 123));
        assert_eq!(first("12 1/2"), ("* 1/2".into(), 12, 12));
    }

    #[test]
    fn a_span_of_houses_is_read_beside_the_pair() {
        let spans = HouseNumber::parse("1016-18").unwrap().readings;
        assert!(
            spans.iter().any(|reading| reading.affix == "*"
                && reading.value == 1016
                && reading.last == 1018)
        );
        let pair = HouseNumber::parse("92-10").unwrap().readings;
        assert!(pair.iter().all(|reading| reading.value == reading.last));
    }

    #[test]
    fn a_streets_name_is_no_number() {
        assert!(HouseNumber::parse("1ST").is_none());
        assert!(HouseNumber::parse("22ND").is_none());
        assert!(HouseNumber::parse("MAIN").is_none());
        assert!(HouseNumber::parse("").is_none());
        assert!(HouseNumber::parse("9999999999").is_none());
    }
}
