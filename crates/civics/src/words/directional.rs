//! Directionals (USPS Publication 28, section 233).

/// Standard form first, then the spellings people use. The order is part of the pack's format.
pub const CODES: &[&str] = &[
    "N NORTH NO NTH",
    "S SOUTH SO STH",
    "E EAST",
    "W WEST",
    "NE NORTHEAST",
    "NW NORTHWEST",
    "SE SOUTHEAST",
    "SW SOUTHWEST",
];

/// Standard form and full word by code; 0 is none.
const FORMS: [(&str, &str); 9] = [
    ("", ""),
    ("N", "NORTH"),
    ("S", "SOUTH"),
    ("E", "EAST"),
    ("W", "WEST"),
    ("NE", "NORTHEAST"),
    ("NW", "NORTHWEST"),
    ("SE", "SOUTHEAST"),
    ("SW", "SOUTHWEST"),
];

/// The standard form of a code (index + 1); empty for 0 or an unknown code.
pub fn standard(code: u8) -> &'static str {
    FORMS.get(usize::from(code)).map_or("", |form| form.0)
}

/// The full word of a code: `NORTH`.
pub fn full(code: u8) -> &'static str {
    FORMS.get(usize::from(code)).map_or("", |form| form.1)
}

/// The second word of an entry of a table of spellings, or its only one.
pub(super) fn second(table: &'static [&'static str], code: u8) -> &'static str {
    let spellings = (code as usize)
        .checked_sub(1)
        .and_then(|index| table.get(index))
        .copied()
        .unwrap_or("");
    spellings.split(' ').nth(1).unwrap_or(spellings)
}

/// The first word of an entry of a table of spellings.
pub(super) fn first(table: &'static [&'static str], code: u8) -> &'static str {
    (code as usize)
        .checked_sub(1)
        .and_then(|index| table.get(index))
        .and_then(|spellings| spellings.split(' ').next())
        .unwrap_or("")
}

/// Two tokens that make one directional: `N E` is `NE`. The code of the whole, or 0.
pub fn joined(first: u8, second: u8) -> u8 {
    // Codes are positions in the table: N 1, S 2, E 3, W 4, then the four between.
    match (first, second) {
        (1, 3) => 5,
        (1, 4) => 6,
        (2, 3) => 7,
        (2, 4) => 8,
        _ => 0,
    }
}
