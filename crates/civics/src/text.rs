//! Text as people type it, folded to upper-case ASCII tokens.
//!
//! The same folding is applied to a signer's address and to every name in a source, so that two
//! spellings that differ only in case, accents, punctuation or spaces are one.

use crate::words::{Word, look_up};
use smallvec::SmallVec;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Longest text that is read as an address, in bytes.
pub const LONGEST: usize = 512;
/// Most tokens that an address may have.
pub const MOST_TOKENS: usize = 48;

/// One token and what stood before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    start: u16,
    end: u16,
    /// A comma, line break or the like stands before it.
    pub after_break: bool,
    /// What it may be.
    pub word: Word,
}

/// A folded line: upper-case ASCII without accents and most punctuation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    tokens: SmallVec<[Token; 12]>,
    is_foreign: bool,
    is_too_long: bool,
}

impl Line {
    /// Folds a text.
    pub fn new(text: &str) -> Self {
        let mut line = Self {
            text: String::with_capacity(text.len().min(LONGEST)),
            ..Self::default()
        };
        line.push(text);
        line
    }

    /// Adds another text as further tokens after a break.
    pub fn push(&mut self, text: &str) {
        if text.len() > LONGEST || self.text.len() + text.len() > 4 * LONGEST {
            self.is_too_long = true;
            return;
        }
        if self.push_plain(text) {
            return;
        }
        let mut folder = Folder {
            line: self,
            start: None,
            breaks: true,
            before: '\0',
            run: 0,
            depth: 0,
        };
        if text.is_ascii() {
            let bytes = text.as_bytes();
            let letter = |at: usize| bytes.get(at).map_or('\0', |byte| *byte as char);
            let mut at = 0;
            while at < bytes.len() {
                let run = bytes[at..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric());
                let end = at + run.count();
                if end > at && folder.depth == 0 {
                    folder.run(&text[at..end]);
                    at = end;
                } else {
                    folder.take(letter(at), letter(at + 1), letter(at + 2));
                    at += 1;
                }
            }
        } else {
            let plain: Vec<char> = text.nfkd().flat_map(plain_letters).collect();
            for (at, letter) in plain.iter().enumerate() {
                let next = plain.get(at + 1).copied().unwrap_or('\0');
                let after = plain.get(at + 2).copied().unwrap_or('\0');
                folder.take(*letter, next, after);
            }
        }
        folder.end_token();
        if self.tokens.len() > MOST_TOKENS {
            self.is_too_long = true;
        }
    }

    /// Most texts are words, figures, spaces and commas: their tokens lie as they are written. Answers whether this is one.
    fn push_plain(&mut self, text: &str) -> bool {
        let base = self.text.len();
        let known = self.tokens.len();
        self.text.push_str(text);
        self.text[base..].make_ascii_uppercase();
        let bytes = text.as_bytes();
        let kind = |at: usize| bytes.get(at).map(|byte| KINDS[usize::from(*byte)]);
        let (mut breaks, mut at) = (true, 0);
        while let Some(found) = kind(at) {
            let start = at;
            at += 1;
            match found {
                Kind::Letter => {
                    while let Some(Kind::Letter) = kind(at) {
                        at += 1;
                    }
                    self.tokens.push(Token {
                        start: (base + start) as u16,
                        end: (base + at) as u16,
                        after_break: breaks,
                        word: look_up(&self.text[base + start..base + at]),
                    });
                    breaks = false;
                }
                Kind::Space => {}
                Kind::Break => breaks = true,
                Kind::Other => {
                    self.text.truncate(base);
                    self.tokens.truncate(known);
                    return false;
                }
            }
        }
        if self.tokens.len() > MOST_TOKENS {
            self.is_too_long = true;
        }
        true
    }

    /// Takes some tokens out; what follows stands after a break where the first of them did.
    pub fn take_out(&mut self, tokens: Range<usize>) {
        let breaks = tokens.clone().any(|at| self.is_after_break(at));
        let (start, end) = (tokens.start, tokens.end.min(self.tokens.len()));
        self.tokens.drain(start.min(end)..end);
        if let Some(next) = self.tokens.get_mut(start) {
            next.after_break |= breaks;
        }
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether nothing was left of the text.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The token at a position; empty past the end.
    pub fn token(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| {
            &self.text[token.start as usize..token.end as usize]
        })
    }

    /// The tokens of a stretch.
    pub fn tokens(&self, stretch: Range<usize>) -> SmallVec<[&str; 8]> {
        let mut tokens = SmallVec::new();
        for at in stretch {
            tokens.push(self.token(at));
        }
        tokens
    }

    /// What the tokens of a stretch may be.
    pub fn words(&self, stretch: Range<usize>) -> SmallVec<[Word; 8]> {
        let mut words = SmallVec::new();
        for at in stretch {
            words.push(self.word(at));
        }
        words
    }

    /// What the token at a position may be; nothing past the end.
    pub fn word(&self, at: usize) -> Word {
        self.tokens
            .get(at)
            .map_or_else(Word::default, |token| token.word)
    }

    /// Whether a comma or line break stands before the token at a position.
    pub fn is_after_break(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.after_break)
    }

    /// Letters that this language of addresses does not have stand in the text.
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// The text is longer than an address can be.
    pub fn is_too_long(&self) -> bool {
        self.is_too_long
    }

    /// The tokens of a stretch, joined by spaces.
    pub fn join(&self, from: usize, to: usize) -> String {
        let mut joined = String::with_capacity(24);
        for at in from..to {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(self.token(at));
        }
        joined
    }
}

/// What a byte is to a plain text.
#[derive(Clone, Copy)]
enum Kind {
    /// A letter or digit.
    Letter,
    /// Parts words.
    Space,
    /// Parts words, and lines.
    Break,
    /// Has to be looked at with its neighbours.
    Other,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => Kind::Letter,
            b' ' | b'\t' => Kind::Space,
            b',' | b';' | b'\n' | b'\r' | b'|' => Kind::Break,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
};

struct Folder<'line> {
    line: &'line mut Line,
    start: Option<usize>,
    breaks: bool,
    before: char,
    /// Letters since the last separator, to tell `P.O.` from `S.Dearborn`.
    run: usize,
    depth: u32,
}

impl Folder<'_> {
    fn take(&mut self, letter: char, next: char, after: char) {
        if self.depth > 0 {
            match letter {
                '(' => self.depth += 1,
                ')' => self.depth -= 1,
                _ => {}
            }
            return;
        }
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' => self.letter(letter.to_ascii_uppercase()),
            '\u{7f}' => {
                self.line.is_foreign = true;
                self.letter(letter);
            }
            '\'' | '`' | '"' => {}
            '.' => self.stop(next, after),
            '-' => {
                if self.before.is_ascii_alphanumeric() && next.is_ascii_alphanumeric() {
                    self.letter('-');
                } else {
                    self.end_token();
                }
            }
            '/' => {
                if self.before.is_ascii_digit() && next.is_ascii_digit() {
                    self.letter('/');
                } else {
                    self.alone("&");
                }
            }
            '#' => self.alone("#"),
            '&' | '@' => self.alone("&"),
            ',' | ';' | '\n' | '\r' | '|' => {
                self.end_token();
                self.breaks = true;
            }
            '(' => {
                self.end_token();
                self.depth = 1;
            }
            _ => self.end_token(),
        }
        self.before = letter;
    }

    /// A full stop joins initials (`P.O.`, `N.E.`) and otherwise ends a word.
    fn stop(&mut self, next: char, after: char) {
        let joins_letters =
            self.run <= 2 && next.is_ascii_alphabetic() && !after.is_ascii_alphanumeric();
        let joins_digits = self.before.is_ascii_digit() && next.is_ascii_digit();
        if next.is_ascii_alphanumeric() && !joins_letters && !joins_digits {
            self.end_token();
        } else if joins_digits {
            self.letter('.');
        }
    }

    /// Letters and digits at once, as most of a text is.
    fn run(&mut self, letters: &str) {
        let from = self.line.text.len();
        if self.start.is_none() {
            self.start = Some(from);
            self.run = 0;
        }
        self.run += letters.len();
        self.line.text.push_str(letters);
        self.line.text[from..].make_ascii_uppercase();
        self.before = letters
            .as_bytes()
            .last()
            .map_or(self.before, |last| *last as char);
    }

    fn letter(&mut self, letter: char) {
        if self.start.is_none() {
            self.start = Some(self.line.text.len());
            self.run = 0;
        }
        self.run += 1;
        self.line.text.push(letter);
    }

    fn alone(&mut self, token: &str) {
        self.end_token();
        self.start = Some(self.line.text.len());
        self.line.text.push_str(token);
        self.end_token();
    }

    fn end_token(&mut self) {
        if let Some(start) = self.start.take() {
            let token = Token {
                start: start as u16,
                end: self.line.text.len() as u16,
                after_break: self.breaks,
                word: look_up(&self.line.text[start..]),
            };
            self.line.tokens.push(token);
            self.breaks = false;
        }
        self.run = 0;
    }
}

/// A decomposed letter as plain ASCII: accents fall away, a letter of another script becomes DEL.
fn plain_letters(letter: char) -> impl Iterator<Item = char> {
    let plain: &str = match letter {
        '\u{300}'..='\u{36f}'
        | '\u{2bb}'..='\u{2bf}'
        | '\u{2018}'
        | '\u{2019}'
        | '\u{200b}'..='\u{200f}'
        | '\u{ad}'
        | '\u{feff}' => "",
        'ß' => "SS",
        'æ' | 'Æ' => "AE",
        'œ' | 'Œ' => "OE",
        'ø' | 'Ø' => "O",
        'ł' | 'Ł' => "L",
        'đ' | 'Đ' | 'ð' | 'Ð' => "D",
        'þ' | 'Þ' => "TH",
        'ı' => "I",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2044}' => "/",
        letter if letter.is_ascii() => return [Some(letter), None].into_iter().flatten(),
        letter if letter.is_alphanumeric() => "\u{7f}",
        _ => " ",
    };
    let mut letters = plain.chars();
    [letters.next(), letters.next()].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        let line = Line::new(text);
        (0..line.len())
            .map(|at| {
                format!(
                    "{}{}",
                    if line.is_after_break(at) { "|" } else { "" },
                    line.token(at)
                )
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn case_accents_and_punctuation_fall_away() {
        assert_eq!(fold("123 O'Brien St."), "|123 OBRIEN ST");
        assert_eq!(fold("12 Peña Blvd, Denver"), "|12 PENA BLVD |DENVER");
        assert_eq!(fold("  1 \u{2019}s-Weg  "), "|1 S-WEG");
    }

    #[test]
    fn initials_join_and_words_part() {
        assert_eq!(fold("P.O. Box 12"), "|PO BOX 12");
        assert_eq!(fold("8128 S.Dearborn"), "|8128 S DEARBORN");
        assert_eq!(fold("10 N.E. 5th"), "|10 NE 5TH");
        assert_eq!(fold("U.S. Hwy 89"), "|US HWY 89");
        assert_eq!(fold("1 St.Louis"), "|1 ST LOUIS");
    }

    #[test]
    fn numbers_keep_what_belongs_to_them() {
        assert_eq!(fold("92-10 1/2 31st Ave #4B"), "|92-10 1/2 31ST AVE # 4B");
        assert_eq!(fold("Main St/1st Ave"), "|MAIN ST & 1ST AVE");
        assert_eq!(fold("5 Willow Ave (Rear)"), "|5 WILLOW AVE");
    }

    #[test]
    fn another_script_is_marked_and_does_not_vanish() {
        assert!(Line::new("ул. Ленина 5").is_foreign());
        assert!(!Line::new("12 Peña").is_foreign());
    }

    #[test]
    fn a_text_longer_than_an_address_is_refused() {
        assert!(Line::new(&"a".repeat(LONGEST + 1)).is_too_long());
        assert!(Line::new(&"a ".repeat(MOST_TOKENS + 1)).is_too_long());
    }
}
