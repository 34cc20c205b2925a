//! A person's name, taken apart: given names, family name, generation.

use unicode_normalization::UnicodeNormalization;

/// Words before a name that are no part of it.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "rev",
    "hon",
    "honorable",
    "sir",
    "mayor",
    "councilmember",
    "councilman",
    "councilwoman",
    "councilor",
    "councillor",
    "alderman",
    "alderwoman",
    "alderperson",
    "trustee",
    "commissioner",
    "supervisor",
    "selectman",
    "sr",
    "sra",
];

/// Words behind a name that are no part of it.
const DEGREES: &[&str] = &[
    "phd", "md", "esq", "jd", "cpa", "cmc", "mmc", "rn", "dds", "pe", "mba",
];

/// Words that belong to the family name behind them.
const PARTICLES: &[&str] = &[
    "al", "ben", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
    "el", "la", "las", "le", "los", "mac", "san", "santa", "st", "van", "von", "vander", "ter",
];

/// A generation, as it stands behind a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generation {
    /// Senior.
    First,
    /// Junior, the second.
    Second,
    /// The third and on.
    Later(u8),
}

/// A name as it is compared: folded, without titles and degrees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PersonName {
    /// First name and those in the middle, in order; initials are one letter.
    pub(super) given: Vec<String>,
    /// The family name, its words put together: `delacruz`, `oneill`.
    pub(super) family: String,
    /// The family name's words.
    pub(super) family_words: Vec<String>,
    /// Names that the person goes by, where they stand in quotes or brackets.
    pub(super) called: Vec<String>,
    /// Which of the family.
    pub(super) generation: Option<Generation>,
    /// Every word in the order in which it stands.
    pub(super) words: Vec<String>,
}

impl PersonName {
    /// Takes a name apart.
    pub(crate) fn read(text: &str) -> Self {
        let (text, called) = without_called(text);
        let (text, is_family_first) = in_order(&text);
        let mut words: Vec<Word> = text.split_whitespace().map(Word::of).collect();
        words.retain(|word| !word.parts.is_empty());
        let generation = take_generation(&mut words);
        while words.len() > 1 && words.last().is_some_and(|word| word.is_in(DEGREES)) {
            words.pop();
        }
        let generation = generation.or_else(|| take_generation(&mut words));
        while words.len() > 2 && words.first().is_some_and(|word| word.is_in(TITLES)) {
            words.remove(0);
        }
        let mut begin = words.len().saturating_sub(1);
        while begin > 1 && words[begin - 1].is_in(PARTICLES) {
            begin -= 1;
        }
        if let Some(family) = is_family_first {
            begin = words.len().saturating_sub(family);
        }
        let family_words: Vec<String> = words[begin..]
            .iter()
            .flat_map(|word| word.parts.clone())
            .collect();
        Self {
            given: words[..begin]
                .iter()
                .map(|word| word.parts.concat())
                .collect(),
            family: family_words.concat(),
            family_words,
            called,
            generation,
            words: words.into_iter().map(|word| word.parts.concat()).collect(),
        }
    }
}

/// A word between two spaces, folded; a hyphen parts it.
struct Word {
    parts: Vec<String>,
}

impl Word {
    fn of(text: &str) -> Self {
        let parts = text.split(['-', '‐', '‑', '–', '·', '・', '=']).map(fold);
        Self {
            parts: parts.filter(|part| !part.is_empty()).collect(),
        }
    }

    fn is_in(&self, words: &[&str]) -> bool {
        matches!(self.parts.as_slice(), [part] if words.contains(&part.as_str()))
    }
}

/// `Núñez, José A., Jr.` as `José A. Núñez Jr.`, and how many words its family name has.
fn in_order(text: &str) -> (String, Option<usize>) {
    let parts: Vec<&str> = text
        .split([',', '،', '、'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let is_behind = |part: &str| {
        let folded = fold(part);
        generation_of(&folded).is_some() || DEGREES.contains(&folded.as_str())
    };
    let (behind, names): (Vec<&str>, Vec<&str>) = parts.iter().partition(|part| is_behind(part));
    match names.as_slice() {
        [family, given @ ..] if !given.is_empty() => {
            let mut family: Vec<&str> = family.split_whitespace().collect();
            let mut behind = behind;
            // `Núñez Jr., José`: the generation stands with the family.
            while family.len() > 1 && family.last().is_some_and(|last| is_behind(last)) {
                behind.extend(family.pop());
            }
            // `Núñez, José Jr.`: or with the given names.
            let given = given.join(" ");
            let mut given: Vec<&str> = given.split_whitespace().collect();
            while given.len() > 1 && given.last().is_some_and(|last| is_behind(last)) {
                behind.extend(given.pop());
            }
            let given = given.join(" ");
            let count = family.len();
            (
                format!("{given} {} {}", family.join(" "), behind.join(" ")),
                Some(count),
            )
        }
        _ => (parts.join(" "), None),
    }
}

/// The text without what stands in quotes or brackets, and that.
fn without_called(text: &str) -> (String, Vec<String>) {
    let (mut rest, mut called, mut inside) = (String::new(), Vec::new(), None::<String>);
    for letter in text.chars() {
        match (&mut inside, letter) {
            (None, '"' | '“' | '„' | '«' | '(' | '[' | '（') => inside = Some(String::new()),
            (Some(name), '"' | '”' | '“' | '»' | ')' | ']' | '）') => {
                let folded = fold(name);
                if !folded.is_empty() {
                    called.push(folded);
                }
                inside = None;
                rest.push(' ');
            }
            (Some(name), _) => name.push(letter),
            (None, _) => rest.push(letter),
        }
    }
    // A bracket without its pair is a slip of the pen and part of the name.
    if let Some(name) = inside {
        rest.push(' ');
        rest.push_str(&name);
    }
    (rest, called)
}

fn take_generation(words: &mut Vec<Word>) -> Option<Generation> {
    let last = match words.last()?.parts.as_slice() {
        [part] if words.len() > 1 => generation_of(part)?,
        _ => return None,
    };
    words.pop();
    Some(last)
}

fn generation_of(folded: &str) -> Option<Generation> {
    Some(match folded {
        "sr" | "senior" => Generation::First,
        "jr" | "junior" | "jnr" | "ii" | "2nd" => Generation::Second,
        "iii" | "3rd" => Generation::Later(3),
        "iv" | "4th" => Generation::Later(4),
        _ => return None,
    })
}

/// A word without case, accents, points and apostrophes, in any script. Letters stay what they are: only the
/// signs that Latin, Greek and Cyrillic put on letters go, and those with which Hebrew and Arabic may be pointed.
pub(super) fn fold(word: &str) -> String {
    let mut plain = String::new();
    for letter in word.nfkd().filter(|letter| !is_accent(*letter)) {
        for lower in letter.to_lowercase() {
            match lower {
                'ø' => plain.push('o'),
                'ł' => plain.push('l'),
                'đ' | 'ð' => plain.push('d'),
                'ı' => plain.push('i'),
                'ß' => plain.push_str("ss"),
                'æ' => plain.push_str("ae"),
                'œ' => plain.push_str("oe"),
                'þ' => plain.push_str("th"),
                'ς' => plain.push('σ'),
                'أ' | 'إ' | 'آ' => plain.push('ا'),
                other if is_sign(other) => plain.push(other),
                other if other.is_alphanumeric() => plain.push(other),
                _ => {}
            }
        }
    }
    plain.nfc().collect()
}

/// Marks that are left out in some spellings of a name.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}')
}

/// Marks that are part of the letter before them: vowel signs of Indic scripts, voiced kana.
fn is_sign(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}
