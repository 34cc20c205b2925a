//! Classes of numbered roads, and the many ways to write them (Publication 28, appendix E).

use std::collections::HashMap;
use std::sync::LazyLock;

/// Standard form of each class, as index + 1. The order is part of the pack's format.
pub const CLASSES: &[&str] = &[
    "HIGHWAY",
    "US HIGHWAY",
    "STATE HIGHWAY",
    "COUNTY ROAD",
    "INTERSTATE",
    "FARM TO MARKET ROAD",
    "RANCH ROAD",
    "TOWNSHIP ROAD",
    "FOREST SERVICE ROAD",
    "ROUTE",
    "ROAD",
    "AVENUE",
    "AVENIDA",
    "CALLE",
    "STREET",
    "CAMINO",
    "LOOP",
    "BIA ROAD",
    "LANE",
];

pub(super) const PATTERNS: &[(&str, &str)] = &[
    ("US HWY", "US HIGHWAY"),
    ("US HIGHWAY", "US HIGHWAY"),
    ("U S HWY", "US HIGHWAY"),
    ("U S HIGHWAY", "US HIGHWAY"),
    ("UNITED STATES HIGHWAY", "US HIGHWAY"),
    ("US ROUTE", "US HIGHWAY"),
    ("US RTE", "US HIGHWAY"),
    ("US RT", "US HIGHWAY"),
    ("US", "US HIGHWAY"),
    ("STATE HWY", "STATE HIGHWAY"),
    ("STATE HIGHWAY", "STATE HIGHWAY"),
    ("ST HWY", "STATE HIGHWAY"),
    ("STATE ROUTE", "STATE HIGHWAY"),
    ("STATE RTE", "STATE HIGHWAY"),
    ("STATE RT", "STATE HIGHWAY"),
    ("ST RTE", "STATE HIGHWAY"),
    ("ST RT", "STATE HIGHWAY"),
    ("STATE ROAD", "STATE HIGHWAY"),
    ("STATE RD", "STATE HIGHWAY"),
    ("ST RD", "STATE HIGHWAY"),
    ("SR", "STATE HIGHWAY"),
    ("SH", "STATE HIGHWAY"),
    ("COUNTY ROAD", "COUNTY ROAD"),
    ("COUNTY RD", "COUNTY ROAD"),
    ("CNTY RD", "COUNTY ROAD"),
    ("CTY RD", "COUNTY ROAD"),
    ("CO ROAD", "COUNTY ROAD"),
    ("CO RD", "COUNTY ROAD"),
    ("COUNTY HIGHWAY", "COUNTY ROAD"),
    ("COUNTY HWY", "COUNTY ROAD"),
    ("CO HWY", "COUNTY ROAD"),
    ("COUNTY ROUTE", "COUNTY ROAD"),
    ("COUNTY RTE", "COUNTY ROAD"),
    ("CO RTE", "COUNTY ROAD"),
    ("COUNTY TRUNK", "COUNTY ROAD"),
    ("CR", "COUNTY ROAD"),
    ("INTERSTATE HIGHWAY", "INTERSTATE"),
    ("INTERSTATE HWY", "INTERSTATE"),
    ("INTERSTATE", "INTERSTATE"),
    ("I", "INTERSTATE"),
    ("FARM TO MARKET ROAD", "FARM TO MARKET ROAD"),
    ("FARM TO MARKET RD", "FARM TO MARKET ROAD"),
    ("FARM TO MARKET", "FARM TO MARKET ROAD"),
    ("FARM ROAD", "FARM TO MARKET ROAD"),
    ("FM RD", "FARM TO MARKET ROAD"),
    ("FM", "FARM TO MARKET ROAD"),
    ("RANCH ROAD", "RANCH ROAD"),
    ("RANCH RD", "RANCH ROAD"),
    ("RM", "RANCH ROAD"),
    ("TOWNSHIP ROAD", "TOWNSHIP ROAD"),
    ("TOWNSHIP RD", "TOWNSHIP ROAD"),
    ("TWP ROAD", "TOWNSHIP ROAD"),
    ("TWP RD", "TOWNSHIP ROAD"),
    ("TWP HWY", "TOWNSHIP ROAD"),
    ("TR", "TOWNSHIP ROAD"),
    ("FOREST SERVICE ROAD", "FOREST SERVICE ROAD"),
    ("FOREST SERVICE RD", "FOREST SERVICE ROAD"),
    ("FOREST ROAD", "FOREST SERVICE ROAD"),
    ("FOREST RD", "FOREST SERVICE ROAD"),
    ("USFS RD", "FOREST SERVICE ROAD"),
    ("NFS RD", "FOREST SERVICE ROAD"),
    ("NFS ROAD", "FOREST SERVICE ROAD"),
    ("NAT FOREST DEV RD", "FOREST SERVICE ROAD"),
    ("NF", "FOREST SERVICE ROAD"),
    ("NFD", "FOREST SERVICE ROAD"),
    ("BIA ROAD", "BIA ROAD"),
    ("BIA RD", "BIA ROAD"),
    ("BIA", "BIA ROAD"),
    ("HIGHWAY", "HIGHWAY"),
    ("HWY", "HIGHWAY"),
    ("HWAY", "HIGHWAY"),
    ("ROUTE", "ROUTE"),
    ("RTE", "ROUTE"),
    ("RT", "ROUTE"),
    ("ROAD", "ROAD"),
    ("RD", "ROAD"),
    ("AVENUE", "AVENUE"),
    ("AVE", "AVENUE"),
    ("AVENIDA", "AVENIDA"),
    ("AVDA", "AVENIDA"),
    ("CALLE", "CALLE"),
    ("CLL", "CALLE"),
    ("STREET", "STREET"),
    ("ST", "STREET"),
    ("CAMINO", "CAMINO"),
    ("LOOP", "LOOP"),
    ("LANE", "LANE"),
];

type ByHead = HashMap<&'static str, Vec<(Vec<&'static str>, u8)>>;

/// The patterns by their first word: the words that follow, the longest first, and the class.
static BY_HEAD: LazyLock<ByHead> = LazyLock::new(|| {
    let mut by_head = ByHead::default();
    for (pattern, class) in PATTERNS {
        let mut words = pattern.split(' ');
        let head = words.next().unwrap_or(pattern);
        let of_head = by_head.entry(head).or_default();
        of_head.push((words.collect(), code(class)));
        of_head.sort_by_key(|(tail, _)| std::cmp::Reverse(tail.len()));
    }
    by_head
});

/// The standard form of a class code (index + 1); empty for 0.
pub fn standard(code: u8) -> &'static str {
    (code as usize)
        .checked_sub(1)
        .and_then(|index| CLASSES.get(index))
        .copied()
        .unwrap_or("")
}

/// A class of road at the head of these tokens: its code and how many tokens it takes.
///
/// The longest pattern wins. The state's own code works as in `MT 360` or `NY RTE 17`.
pub fn read(tokens: &[&str]) -> Option<(u8, usize)> {
    let first = tokens.first()?;
    if !super::look_up(first).heads_class {
        return None;
    }
    let known = BY_HEAD.get(first).map_or(&[][..], Vec::as_slice);
    let mut best: Option<(u8, usize)> = known
        .iter()
        .find(|(tail, _)| tokens.len() > tail.len() && tail.iter().eq(&tokens[1..=tail.len()]))
        .map(|(tail, class)| (*class, tail.len() + 1));
    if best.is_none() && first.len() == 2 && super::look_up(first).state != 0 {
        let more = match tokens.get(1).copied() {
            Some("HWY" | "HIGHWAY" | "RTE" | "ROUTE" | "RT" | "RD" | "ROAD" | "STATE") => 2,
            _ => 1,
        };
        best = Some((code("STATE HIGHWAY"), more));
    }
    best
}

/// The code of a standard form, or 0.
pub fn code(class: &str) -> u8 {
    CLASSES
        .iter()
        .position(|known| *known == class)
        .map_or(0, |index| index as u8 + 1)
}

/// Whether a class names numbered or lettered roads, so that it means little without its number.
pub fn is_numbered(code: u8) -> bool {
    code != 0 && !matches!(standard(code), "CALLE" | "AVENIDA" | "CAMINO")
}

/// Whether two classes may be one road under two names: `HIGHWAY 89` for `US HIGHWAY 89`.
pub fn may_be_same(one: u8, other: u8) -> bool {
    let generic = |code: u8| matches!(standard(code), "HIGHWAY" | "ROUTE");
    let through = |code: u8| {
        matches!(
            standard(code),
            "HIGHWAY" | "ROUTE" | "US HIGHWAY" | "STATE HIGHWAY" | "INTERSTATE" | "COUNTY ROAD"
        )
    };
    (generic(one) && through(other))
        || (generic(other) && through(one))
        || matches!(
            (standard(one), standard(other)),
            ("COUNTY ROAD", "ROAD") | ("ROAD", "COUNTY ROAD")
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_way_to_write_a_road_wins() {
        let class = |text: &str| {
            let tokens: Vec<&str> = text.split(' ').collect();
            read(&tokens).map(|(code, length)| (standard(code), length))
        };
        assert_eq!(class("US HWY 89"), Some(("US HIGHWAY", 2)));
        assert_eq!(class("CO RD 12"), Some(("COUNTY ROAD", 2)));
        assert_eq!(class("STATE RTE 9"), Some(("STATE HIGHWAY", 2)));
        assert_eq!(class("MT 360"), Some(("STATE HIGHWAY", 1)));
        assert_eq!(class("AVENUE B"), Some(("AVENUE", 1)));
        assert_eq!(class("MAIN ST"), None);
    }
}
