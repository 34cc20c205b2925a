//! How addresses are spelled: as USPS Publication 28 would have them, and as people do.
//!
//! This is written apart from the parser on purpose: an oracle that shared the parser's tables would share its mistakes.

/// A TIGER street name in Publication 28 form: upper case, no punctuation, highways spelled out.
pub(crate) fn street(full_name: &str) -> String {
    let bare: Vec<String> = full_name
        .split(' ')
        .map(|word| word.to_uppercase().replace(['\'', '.'], ""))
        .collect();
    let spelled = bare
        .iter()
        .enumerate()
        .map(|(index, word)| match word.as_str() {
            "HWY" => "HIGHWAY",
            "CO" if bare.get(index + 1).is_some_and(|next| next == "RD") => "COUNTY",
            "RD" if index > 0 && bare[index - 1] == "CO" => "ROAD",
            "AVE" if index == 0 => "AVENUE",
            word => word,
        });
    spelled.collect::<Vec<_>>().join(" ")
}

const ORDINALS: [(&str, &str); 20] = [
    ("1ST", "FIRST"),
    ("2ND", "SECOND"),
    ("3RD", "THIRD"),
    ("4TH", "FOURTH"),
    ("5TH", "FIFTH"),
    ("6TH", "SIXTH"),
    ("7TH", "SEVENTH"),
    ("8TH", "EIGHTH"),
    ("9TH", "NINTH"),
    ("10TH", "TENTH"),
    ("11TH", "ELEVENTH"),
    ("12TH", "TWELFTH"),
    ("13TH", "THIRTEENTH"),
    ("14TH", "FOURTEENTH"),
    ("15TH", "FIFTEENTH"),
    ("16TH", "SIXTEENTH"),
    ("17TH", "SEVENTEENTH"),
    ("18TH", "EIGHTEENTH"),
    ("19TH", "NINETEENTH"),
    ("20TH", "TWENTIETH"),
];

/// `N 1ST ST` as `N FIRST ST`; nothing when the street has no ordinal.
pub(crate) fn ordinal_in_words(street: &str) -> Option<String> {
    replaced(street, |word| lookup(&ORDINALS, word))
}

/// `ST CHARLES AVE` as `SAINT CHARLES AVE` and the other way around; nothing when no saint is in it.
pub(crate) fn other_saint(street: &str) -> Option<String> {
    let words: Vec<&str> = street.split(' ').collect();
    let at = usize::from(matches!(words[0], "N" | "S" | "E" | "W"));
    let other = match words.get(at) {
        Some(&"SAINT") => "ST",
        // A name, a type and at least nothing in between: `ST CHARLES AVE`.
        Some(&"ST") if words.len() > at + 2 => "SAINT",
        _ => return None,
    };
    let mut words = words;
    words[at] = other;
    Some(words.join(" "))
}

/// One spelling for both, to compare by.
pub(crate) fn folded(street: &str) -> String {
    if street.contains("SAINT ") {
        street.replace("SAINT ", "ST ")
    } else {
        street.to_owned()
    }
}

const TYPES: [(&str, &str); 14] = [
    ("ST", "street"),
    ("AVE", "avenue"),
    ("DR", "drive"),
    ("LN", "lane"),
    ("CT", "court"),
    ("TER", "terrace"),
    ("CIR", "circle"),
    ("BLVD", "boulevard"),
    ("PL", "place"),
    ("RD", "road"),
    ("TRL", "trail"),
    ("PKWY", "parkway"),
    ("HIGHWAY", "hwy"),
    ("AVENUE", "ave"),
];

const DIRECTIONS: [(&str, &str); 4] =
    [("N", "north"), ("S", "south"), ("E", "east"), ("W", "west")];

/// An address as somebody types it on a phone; `variant` chooses what is careless about it.
pub(crate) fn careless(
    number: &str,
    street: &str,
    city: &str,
    state: &str,
    zip: &str,
    variant: usize,
) -> String {
    let words: Vec<&str> = street.split(' ').collect();
    let last = words.len() - 1;
    let typed = words.iter().enumerate().map(|(index, word)| {
        let direction = (index == 0 && last > 0)
            .then(|| lookup(&DIRECTIONS, word))
            .flatten();
        let kind = (index == last && index > 0)
            .then(|| lookup(&TYPES, word))
            .flatten();
        match (direction, kind, variant % 4) {
            (Some(_), _, 1) => format!("{}.", word.to_lowercase()),
            (Some(long), ..) | (_, Some(long), _) => long.to_owned(),
            _ => word.to_lowercase(),
        }
    });
    let street = typed.collect::<Vec<_>>().join(" ");
    let (city, state) = (city.to_lowercase(), state.to_lowercase());
    match variant % 4 {
        0 => format!("{number}  {street} , {city}  {state} {zip}"),
        1 => format!("{number} {street} {city}, {state} {zip}"),
        2 => format!("{number} {street} {city} {state} {zip}"),
        _ => format!(" {number} {street},{city},{state}  {zip} "),
    }
}

fn lookup(table: &[(&'static str, &'static str)], word: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(short, _)| *short == word)
        .map(|(_, long)| *long)
}

fn replaced(street: &str, other: impl Fn(&str) -> Option<&'static str>) -> Option<String> {
    let words: Vec<&str> = street
        .split(' ')
        .map(|word| other(word).unwrap_or(word))
        .collect();
    let joined = words.join(" ");
    (joined != street).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_are_spelled_as_publication_28_has_them() {
        for (tiger, usps) in [
            ("E O'Brien Ct", "E OBRIEN CT"),
            ("Co Rd 12", "COUNTY ROAD 12"),
            ("US Hwy 89", "US HIGHWAY 89"),
            ("Ave C", "AVENUE C"),
            ("N South St", "N SOUTH ST"),
            ("5th Ave SE", "5TH AVE SE"),
        ] {
            assert_eq!(street(tiger), usps);
        }
    }

    #[test]
    fn a_saint_is_told_from_a_street() {
        assert_eq!(
            other_saint("N ST MARYS AVE").as_deref(),
            Some("N SAINT MARYS AVE")
        );
        assert_eq!(
            other_saint("W SAINT CLAIR DR").as_deref(),
            Some("W ST CLAIR DR")
        );
        assert_eq!(other_saint("E MAIN ST"), None);
        assert_eq!(other_saint("1ST ST SE"), None);
    }
}
