//! How posts, districts and places at a border are called in Spanish, where that is known.
//!
//! Offices are named, not persons (`Alcaldía`, not `alcalde` or `alcaldesa`), so that nobody's gender is guessed. A title that is not
//! in the table stays as its government writes it.

/// Titles in lower case without hyphens, with the office's name.
const TITLES: [(&str, &str); 33] = [
    ("mayor", "Alcaldía"),
    ("mayor pro tem", "Alcaldía interina"),
    ("mayor pro tempore", "Alcaldía interina"),
    ("vice mayor", "Vicealcaldía"),
    ("deputy mayor", "Vicealcaldía"),
    ("village president", "Presidencia de la villa"),
    ("council member", "Concejalía"),
    ("councilmember", "Concejalía"),
    ("city council member", "Concejalía"),
    ("city councilmember", "Concejalía"),
    ("town council member", "Concejalía"),
    ("council person", "Concejalía"),
    ("councilperson", "Concejalía"),
    ("councilman", "Concejalía"),
    ("councilwoman", "Concejalía"),
    ("councilor", "Concejalía"),
    ("councillor", "Concejalía"),
    ("city councilor", "Concejalía"),
    ("alderman", "Concejalía"),
    ("alderwoman", "Concejalía"),
    ("alderperson", "Concejalía"),
    ("council president", "Presidencia del concejo"),
    ("president of the council", "Presidencia del concejo"),
    ("council vice president", "Vicepresidencia del concejo"),
    ("clerk", "Secretaría"),
    ("city clerk", "Secretaría municipal"),
    ("municipal clerk", "Secretaría municipal"),
    ("town clerk", "Secretaría municipal"),
    ("village clerk", "Secretaría de la villa"),
    ("county clerk", "Secretaría del condado"),
    ("city manager", "Gerencia municipal"),
    ("county executive", "Dirección ejecutiva del condado"),
    ("treasurer", "Tesorería"),
];

/// What a seat of the whole city is called.
const AT_LARGE: &str = "por toda la ciudad";

/// How English lists write that, in lower case without hyphens.
const LARGE: [&str; 4] = [", at large", " (at large)", " at large", " atlarge"];

/// How they write a district before its label, in lower case.
const DISTRICTS: [&str; 6] = [
    "city council district ",
    "council district ",
    "district ",
    "council ward ",
    "ward ",
    "precinct ",
];

const OUTSIDE: &str = "outside any city";
const OUTSIDE_SPANISH: &str = "fuera de toda ciudad";

/// A title with what it says of its seat: `Council Member, Ward 3` is `Concejalía, Distrito 3`. `None` where it is not known.
pub fn title(english: &str) -> Option<String> {
    let english = english.trim();
    let lower = english.to_ascii_lowercase().replace('-', " ");
    for ending in LARGE {
        if let Some(bare) = lower.strip_suffix(ending) {
            return Some(format!("{}, {AT_LARGE}", office(bare)?));
        }
    }
    if let Some((bare, seat)) = english.rsplit_once(", ")
        && let Some(seat) = district(seat)
    {
        return Some(format!("{}, {seat}", title(bare)?));
    }
    office(&lower).map(str::to_owned)
}

fn office(lower: &str) -> Option<&'static str> {
    let found = TITLES.iter().find(|(title, _)| *title == lower.trim());
    found.map(|(_, office)| *office)
}

/// A district with its kind: `Ward 3` is `Distrito 3`. `None` for anything else.
pub fn district(english: &str) -> Option<String> {
    let english = english.trim();
    let label = DISTRICTS.iter().find_map(|kind| {
        let before = english.get(..kind.len())?;
        let label = english.get(kind.len()..)?;
        before.eq_ignore_ascii_case(kind).then_some(label)
    })?;
    (!label.trim().is_empty()).then(|| format!("Distrito {}", label.trim()))
}

/// One of the homes that an address at a border may have: `Alder city, Ward 4` is `Alder city, Distrito 4`. Names stay.
pub fn home(english: &str) -> String {
    let (place, seat) = match english.rsplit_once(", ") {
        Some((place, seat)) => (place, district(seat)),
        None => (english, None),
    };
    let Some(seat) = seat else {
        return outside(english);
    };
    format!("{}, {seat}", outside(place))
}

fn outside(english: &str) -> String {
    match english.strip_prefix(OUTSIDE) {
        Some("") => OUTSIDE_SPANISH.to_owned(),
        Some(rest) => match rest.strip_prefix(", in ") {
            Some(local) => format!("{OUTSIDE_SPANISH}, en {local}"),
            None => english.to_owned(),
        },
        None => english.to_owned(),
    }
}

/// An official with the title in front: `Council Member Sam Okafor, Ward 3` is `Sam Okafor (Concejalía, Distrito 3)`. What begins with
/// no title that is known stays.
pub fn official(english: &str) -> String {
    let (named, seat) = match english.rsplit_once(", ") {
        Some((named, seat)) => (named, district(seat)),
        None => (english, None),
    };
    let named = if seat.is_some() { named } else { english };
    let ends = named.char_indices().filter(|(_, letter)| *letter == ' ');
    // The longest title wins: `City Council Member` before `City`.
    let found = ends.rev().find_map(|(at, _)| {
        let name = named.get(at + 1..)?;
        Some((title(named.get(..at)?)?, name))
    });
    match (found, seat) {
        (Some((office, name)), Some(seat)) => format!("{name} ({office}, {seat})"),
        (Some((office, name)), None) => format!("{name} ({office})"),
        (None, _) => english.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Mayor", Some("Alcaldía"))]
    #[case("COUNCIL MEMBER", Some("Concejalía"))]
    #[case("Council Member, Ward 3", Some("Concejalía, Distrito 3"))]
    #[case("Council Member, District C", Some("Concejalía, Distrito C"))]
    #[case("Council Member At-Large", Some("Concejalía, por toda la ciudad"))]
    #[case("Councilwoman at large", Some("Concejalía, por toda la ciudad"))]
    #[case("Mayor Pro-Tem", Some("Alcaldía interina"))]
    #[case("City Clerk", Some("Secretaría municipal"))]
    #[case("Grand Poobah", None)]
    #[case("Council Member, Retired", None)]
    #[case("", None)]
    fn a_title_that_is_known_is_an_office(#[case] english: &str, #[case] spanish: Option<&str>) {
        assert_eq!(title(english).as_deref(), spanish);
    }

    #[rstest]
    #[case("Alder city, Ward 4", "Alder city, Distrito 4")]
    #[case("Alder city, District West End", "Alder city, Distrito West End")]
    #[case(
        "outside any city, in Sample County",
        "fuera de toda ciudad, en Sample County"
    )]
    #[case("outside any city", "fuera de toda ciudad")]
    #[case("Ward city", "Ward city")]
    #[case("Alder city, Wardens", "Alder city, Wardens")]
    fn a_home_at_a_border_keeps_its_name(#[case] english: &str, #[case] spanish: &str) {
        assert_eq!(home(english), spanish);
    }

    #[rstest]
    #[case("Mayor Elena Ruiz", "Elena Ruiz (Alcaldía)")]
    #[case(
        "Council Member Sam T. Okafor, Ward 3",
        "Sam T. Okafor (Concejalía, Distrito 3)"
    )]
    #[case("City Clerk Ann Lee, Jr.", "Ann Lee, Jr. (Secretaría municipal)")]
    #[case("Grand Poobah Ann Lee", "Grand Poobah Ann Lee")]
    #[case("Mayor", "Mayor")]
    fn an_official_is_named_before_the_office(#[case] english: &str, #[case] spanish: &str) {
        assert_eq!(official(english), spanish);
    }

    #[test]
    fn each_title_stands_once() {
        for (at, (title, _)) in TITLES.iter().enumerate() {
            let first = TITLES.iter().position(|(other, _)| other == title);
            assert_eq!(first, Some(at), "{title}");
        }
    }
}
