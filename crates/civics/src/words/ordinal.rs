//! Ordinals in words: `FIRST`, `TWENTY SECOND`, `NINETY NINTH`.

const UNITS: &[&str] = &[
    "FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH",
];

const TEENS: &[&str] = &[
    "TENTH",
    "ELEVENTH",
    "TWELFTH",
    "THIRTEENTH",
    "FOURTEENTH",
    "FIFTEENTH",
    "SIXTEENTH",
    "SEVENTEENTH",
    "EIGHTEENTH",
    "NINETEENTH",
];

const TENS: &[(&str, &str)] = &[
    ("TWENTY", "TWENTIETH"),
    ("THIRTY", "THIRTIETH"),
    ("FORTY", "FORTIETH"),
    ("FIFTY", "FIFTIETH"),
    ("SIXTY", "SIXTIETH"),
    ("SEVENTY", "SEVENTIETH"),
    ("EIGHTY", "EIGHTIETH"),
    ("NINETY", "NINETIETH"),
];

/// The number that a token names, with how many tokens it takes (1, or 2 for `TWENTY FIRST`).
pub fn read(token: &str, next: Option<&str>) -> Option<(u32, usize)> {
    // Most tokens end otherwise; this keeps the tables away from the common way.
    if !token.ends_with("TH")
        && !matches!(token, "FIRST" | "SECOND" | "THIRD")
        && !token.ends_with("TY")
    {
        return glued(token).map(|number| (number, 1));
    }
    let simple = |table: &[&str], base: u32| {
        table
            .iter()
            .position(|word| *word == token)
            .map(|at| at as u32 + base)
    };
    if let Some(number) = simple(UNITS, 1).or_else(|| simple(TEENS, 10)) {
        return Some((number, 1));
    }
    for (index, (cardinal, ordinal)) in TENS.iter().enumerate() {
        let base = (index as u32 + 2) * 10;
        if token == *ordinal {
            return Some((base, 1));
        }
        if token == *cardinal {
            let unit = UNITS.iter().position(|word| Some(*word) == next)?;
            return Some((base + unit as u32 + 1, 2));
        }
    }
    glued(token).map(|number| (number, 1))
}

/// `TWENTYFIRST`, written without a space.
fn glued(token: &str) -> Option<u32> {
    // The shortest is `FORTYFIRST`.
    if token.len() < 10 {
        return None;
    }
    let (index, rest) = TENS.iter().enumerate().find_map(|(index, (cardinal, _))| {
        token.strip_prefix(cardinal).map(|rest| (index, rest))
    })?;
    let unit = UNITS.iter().position(|word| *word == rest)?;
    Some((index as u32 + 2) * 10 + unit as u32 + 1)
}

/// `1ST`, `2ND`, `3RD`, `11TH`, `112TH`.
pub fn suffix(number: u32) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "TH",
        (_, 1) => "ST",
        (_, 2) => "ND",
        (_, 3) => "RD",
        _ => "TH",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_in_words_are_read() {
        assert_eq!(read("FIRST", None), Some((1, 1)));
        assert_eq!(read("TWELFTH", None), Some((12, 1)));
        assert_eq!(read("TWENTY", Some("SECOND")), Some((22, 2)));
        assert_eq!(read("NINETYNINTH", None), Some((99, 1)));
        assert_eq!(read("FORTIETH", None), Some((40, 1)));
        assert_eq!(read("FORTY", Some("OAKS")), None);
        assert_eq!(read("SOUTH", None), None);
    }

    #[test]
    fn ordinals_end_as_spoken() {
        for (number, end) in [
            (1, "ST"),
            (2, "ND"),
            (3, "RD"),
            (11, "TH"),
            (12, "TH"),
            (21, "ST"),
            (113, "TH"),
        ] {
            assert_eq!(suffix(number), end, "{number}");
        }
    }
}
