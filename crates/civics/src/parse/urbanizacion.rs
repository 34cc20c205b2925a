//! Urbanizaciones: in Puerto Rico an address names the development that its street lies in (Publication 28, section 29).
//!
//! No map of streets knows them, and a municipality's streets have one government whatever their development: the name is taken out of the
//! line, wherever it stands, so that number and street are read as everywhere.

use super::last_line::Fields;
use crate::text::Line;
use std::ops::Range;

/// Takes the developments out of a line of Puerto Rico; other lines stay as they are.
pub fn take_out(line: &mut Line, fields: &Fields) {
    if !is_of_territory(line, fields) {
        return;
    }
    while let Some(at) = (0..line.len()).find(|at| names_development(line, *at)) {
        let Some(tokens) = development(line, at) else {
            return;
        };
        line.take_out(tokens);
    }
}

fn is_of_territory(line: &Line, fields: &Fields) -> bool {
    let count = line.len();
    let ends_with_it = (count.saturating_sub(3)..count).any(|at| {
        matches!(line.word(at).state, 72 | 96)
            || line.token(at) == "RICO" && at > 0 && line.token(at - 1) == "PUERTO"
    });
    fields.name_territory() || ends_with_it
}

fn names_development(line: &Line, at: usize) -> bool {
    match line.token(at) {
        "URB" | "URBANIZACION" | "URBANIZACIONES" => true,
        // Words that are a condominium's, a sector's or a quarter's name only at the head of a line or after a break.
        "COND" | "CONDOMINIO" | "RES" | "RESIDENCIAL" | "PARC" | "PARCELAS" | "SECT" | "SECTOR"
        | "BDA" | "BARRIADA" | "BO" | "BARRIO" | "EXT" | "EXTENSION" | "REPTO" | "REPARTO"
        | "COM" | "COMUNIDAD" => line.is_after_break(at),
        _ => false,
    }
}

fn is_number(line: &Line, at: usize) -> bool {
    let token = line.token(at);
    token
        .bytes()
        .next()
        .is_some_and(|first| first.is_ascii_digit())
        && !token.ends_with("RA")
        && !token.ends_with("DA")
        && !token.ends_with("TA")
}

/// The tokens of a development's name: before the house number, or up to the next break.
fn development(line: &Line, at: usize) -> Option<Range<usize>> {
    let next_break = (at + 1..line.len()).find(|next| line.is_after_break(*next));
    let is_before_number = !(0..at).any(|before| is_number(line, before));
    if is_before_number {
        let number = (at + 1..line.len()).find(|next| is_number(line, *next))?;
        return Some(at..next_break.map_or(number, |next| next.min(number)));
    }
    // Behind the street the name runs to a break, or to state and ZIP: a city without a break cannot be told from it.
    let tail =
        (at + 1..line.len()).find(|next| is_number(line, *next) || line.word(*next).state != 0);
    let end = next_break.or(tail).unwrap_or(line.len());
    (end > at + 1).then_some(at..end)
}

#[cfg(test)]
mod tests {
    use super::super::{Input, Parsed};

    fn read(text: &str) -> (String, String, String) {
        let parsed = Parsed::new(&Input::line(text));
        let address = parsed.address();
        (
            address.number.clone().unwrap_or_default(),
            address.street_line().unwrap_or_default(),
            address.city.unwrap_or_default(),
        )
    }

    #[test]
    fn a_development_is_taken_out_wherever_it_stands() {
        for text in [
            "URB LAS GLADIOLAS 150 CALLE LUNA, SAN JUAN, PR 00926",
            "Urb. Las Gladiolas, 150 Calle Luna, San Juan, PR 00926",
            "URB LAS GLADIOLAS\n150 CALLE LUNA\nSAN JUAN PR 00926",
            "150 CALLE LUNA, URB LAS GLADIOLAS, SAN JUAN, PR 00926",
            "150 CALLE LUNA URBANIZACIÓN LAS GLADIOLAS, SAN JUAN, PR 00926-3232",
            "COND LAS GLADIOLAS, 150 CALLE LUNA, SAN JUAN, PUERTO RICO 00926",
            "EXT VILLA RICA, URB LAS GLADIOLAS, 150 CALLE LUNA, SAN JUAN, PR 00926",
        ] {
            let (number, street, city) = read(text);
            assert_eq!(
                (number.as_str(), street.as_str()),
                ("150", "CALLE LUNA"),
                "{text}"
            );
            assert_eq!(city, "SAN JUAN", "{text}");
        }
    }

    #[test]
    fn elsewhere_the_same_words_are_names() {
        let (number, street, _) = read("150 URB ST, AURORA, CO 80010");
        assert_eq!((number.as_str(), street.as_str()), ("150", "URB ST"));
    }
}
