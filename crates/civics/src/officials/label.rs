//! A district's bare label, the same from a map and from a list of officials.
//!
//! Maps say `03`, `3.0`, `Ward 3`; lists say `District 3`, `3rd Ward`, `Ward No. 3`. Whoever sits
//! for a district is found by its label alone, so all of these must become `3`.

use crate::words::ordinal;

/// Words for a piece of a city.
const KINDS: &[&str] = &["ward", "wards", "district", "districts", "dist", "precinct"];

/// Words that may stand before such a word and say nothing about which one.
const BEFORE: &[&str] = &[
    "alderman",
    "aldermanic",
    "city",
    "commission",
    "commissioner",
    "council",
    "councilmanic",
    "county",
    "municipal",
    "supervisor",
    "supervisorial",
    "the",
    "town",
    "township",
    "village",
];

/// Words and signs that may stand before the number.
const NUMBER: &[&str] = &["no", "num", "number", "#"];

/// Ways to say that there is no label.
const NOTHING: &[&str] = &["n/a", "na", "nil", "none", "null", "tbd", "unknown"];

/// The bare label of a district: `3`, `C`, `North`. None where the text names no district, which
/// `at large` does not.
///
/// ```
/// use redress_civics::officials::district_label;
///
/// assert_eq!(district_label("Ward 03").as_deref(), Some("3"));
/// assert_eq!(district_label("ward c").as_deref(), Some("C"));
/// assert_eq!(district_label("At Large"), None);
/// ```
pub fn district_label(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let whole = words.join(" ");
    if at_large(&whole).is_some() || NOTHING.contains(&whole.to_lowercase().as_str()) {
        return None;
    }
    let label = bare(&without_kind(&words)?);
    // Tables write zero where there is no district.
    (label != "0" && label.chars().any(char::is_alphanumeric)).then_some(label)
}

/// The label that is left once `Ward` and the like are gone.
fn bare(words: &[&str]) -> String {
    let text = words.join(" ");
    let text = text.trim_matches([' ', '.', ',', ':', ';', '#']);
    // `3 - Downtown`, `3: Downtown`, `3 (Downtown)`: the number is the label, the rest its name.
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is_named = first.ends_with(':') || rest.starts_with(['-', '–', '—', ':', '(']);
    if is_named && let Some(number) = numbered(first.trim_end_matches(':')) {
        return number;
    }
    if let Some(number) = numbered(text) {
        return number;
    }
    let upper = text.to_uppercase();
    let words: Vec<&str> = upper.split([' ', '-']).collect();
    match ordinal::read(words[0], words.get(1).copied()) {
        Some((number, taken)) if taken == words.len() => number.to_string(),
        _ => text.to_owned(),
    }
}

/// A seat that the whole jurisdiction elects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AtLarge {
    /// The seat's own label, as in `At-Large 2`.
    pub(crate) label: Option<String>,
}

/// Reads `At Large`, `AL`, `At-Large 2`; None where the text says no such thing.
pub(crate) fn at_large(text: &str) -> Option<AtLarge> {
    let folded = text.to_lowercase().replace(['-', '_', '.', ','], " ");
    let words: Vec<&str> = folded.split_whitespace().collect();
    if let ["al" | "atlarge" | "citywide"] = words.as_slice() {
        return Some(AtLarge { label: None });
    }
    let at = words.windows(2).position(|pair| pair == ["at", "large"])?;
    let label = words[at + 2..].join(" ");
    Some(AtLarge {
        label: (!label.is_empty()).then_some(label),
    })
}

/// The words without `Ward`, `City Council District No.` and the like; None if nothing is left.
fn without_kind<'text>(words: &[&'text str]) -> Option<Vec<&'text str>> {
    let bare = |word: &str| word.trim_end_matches(['.', ':']).to_lowercase();
    let is_in = |table: &[&str], word: &str| table.contains(&bare(word).as_str());
    let Some(at) = words.iter().position(|word| is_in(KINDS, word)) else {
        let mut words = words.to_vec();
        if let Some(first) = words.first_mut() {
            *first = glued(first);
        }
        return (!words.is_empty()).then_some(words);
    };
    let (before, after) = (&words[..at], &words[at + 1..]);
    if before.iter().all(|word| is_in(BEFORE, word)) {
        let skip = after.iter().take_while(|word| is_in(NUMBER, word)).count();
        return (skip < after.len()).then(|| after[skip..].to_vec());
    }
    // `3rd Ward`, `North District`.
    Some(if after.is_empty() {
        before.to_vec()
    } else {
        words.to_vec()
    })
}

/// `Ward3`, `District3`: the number alone.
fn glued(word: &str) -> &str {
    let number = word.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let kind = &word[..word.len() - number.len()];
    let is_glued = KINDS.contains(&kind.to_lowercase().as_str())
        && number.starts_with(|letter: char| letter.is_ascii_digit());
    if is_glued { number } else { word }
}

/// `03`, `3.0`, `3rd`, `3a`, `c` as a label; None where it is none of these.
fn numbered(text: &str) -> Option<String> {
    let text = text.trim_start_matches('#');
    let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = &text[..text.len() - rest.len()];
    let number = digits.trim_start_matches('0');
    let upper = rest.to_ascii_uppercase();
    // A table that once was a spreadsheet writes whole numbers as `3.0`.
    let is_whole = rest
        .strip_prefix('.')
        .is_some_and(|zeros| !zeros.is_empty() && zeros.bytes().all(|zero| zero == b'0'));
    let is_number =
        upper.is_empty() || is_whole || matches!(upper.as_str(), "ST" | "ND" | "RD" | "TH");
    if is_number && !digits.is_empty() {
        return Some(if number.is_empty() { "0" } else { number }.to_owned());
    }
    let is_letter = upper.len() == 1 && upper.bytes().all(|letter| letter.is_ascii_uppercase());
    is_letter.then(|| format!("{number}{upper}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("3", "3")]
    #[case("Ward 3", "3")]
    #[case("District 03", "3")]
    #[case("3.0", "3")]
    #[case("ward c", "C")]
    #[case(" C ", "C")]
    #[case("2nd Ward", "2")]
    #[case("Second Ward", "2")]
    #[case("Twenty-First District", "21")]
    #[case("North Ward", "North")]
    #[case("North", "North")]
    #[case("NORTH SIDE", "NORTH SIDE")]
    #[case("City Council District 10", "10")]
    #[case("Ward No. 4", "4")]
    #[case("Dist. #5", "5")]
    #[case("Ward3", "3")]
    #[case("07a", "7A")]
    #[case("District 3 - Downtown", "3")]
    #[case("Ward 12: Riverside", "12")]
    #[case("Council   District\t6", "6")]
    fn spellings_of_one_district_become_its_label(#[case] text: &str, #[case] label: &str) {
        assert_eq!(district_label(text).as_deref(), Some(label));
    }

    #[rstest]
    #[case("")]
    #[case("  ")]
    #[case("at large")]
    #[case("At-Large")]
    #[case("AL")]
    #[case("Council Member At Large")]
    #[case("Ward")]
    #[case("Council District")]
    #[case("District No.")]
    #[case("n/a")]
    #[case("-")]
    #[case("0")]
    #[case("0.0")]
    fn what_names_no_district_has_no_label(#[case] text: &str) {
        assert_eq!(district_label(text), None, "{text}");
    }

    #[test]
    fn a_numbered_seat_at_large_keeps_its_number() {
        let labelled = |label: &str| {
            Some(AtLarge {
                label: Some(label.into()),
            })
        };
        assert_eq!(at_large("At-Large 2"), labelled("2"));
        assert_eq!(at_large("At Large, Position 8"), labelled("position 8"));
        assert_eq!(at_large("AL"), Some(AtLarge { label: None }));
        assert_eq!(at_large("Albany"), None);
    }

    proptest! {
        #[test]
        fn a_label_is_its_own_label(text in "\\PC{0,12}|(Ward|District) [0-9]{1,3}[a-z]?") {
            if let Some(label) = district_label(&text) {
                prop_assert_eq!(district_label(&label), Some(label.clone()), "from {}", text);
            }
        }
    }
}
