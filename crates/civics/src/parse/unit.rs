//! The unit within a building: `APT 4B`, `STE 200`, `# 12`, `BLDG 3 APT 2`, `REAR`.

use super::Parsed;
use super::street;
use crate::text::Line;
use crate::words::{look_up, street_type, unit};
use std::ops::Range;

/// A unit written before the house number (`APT 4, 123 MAIN ST`): takes it and says where the
/// number begins.
pub fn read_before_number(parsed: &mut Parsed, end: usize) -> usize {
    let line = &parsed.line;
    let designator = line.word(0).unit;
    let is_number = |at: usize| {
        line.token(at)
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_digit())
    };
    let needs_identifier =
        designator != 0 && unit::unit(designator).is_some_and(|unit| unit.takes_identifier);
    if needs_identifier && end > 3 && is_number(2) && looks_like_identifier(line.token(1)) {
        parsed.unit = Some(format!("{} {}", unit::standard(designator), line.token(1)));
        return 2;
    }
    0
}

/// Takes the unit off the end of the street's tokens.
pub fn read_after_street(parsed: &mut Parsed) {
    let (line, street) = (&parsed.line, parsed.street.clone());
    if street.len() < 2 {
        return;
    }
    if let Some(at) =
        (street.start + 1..street.end).find(|at| begins_unit(line, street.start, *at, street.end))
    {
        // What follows a further comma is a city or a remark, not the unit's.
        let stop = (at + 1..street.end)
            .find(|next| line.is_after_break(*next) && line.word(*next).unit == 0)
            .unwrap_or(street.end);
        let tokens: Vec<&str> = (at..stop).map(|at| line.token(at)).collect();
        let (mut text, taken) = standard_tokens(&tokens, parsed.city.is_none());
        let mut rest = at + taken;
        // `APT 13 C`, `# 3 SOUTH` with nothing behind: no city has such a name.
        let has_last_line = parsed.state != 0 || parsed.zip.is_some();
        if !has_last_line
            && rest + 1 == street.end
            && (line.token(rest).len() == 1 || line.word(rest).directional != 0)
        {
            text = format!("{text} {}", line.token(rest));
            rest += 1;
        }
        parsed.unit = Some(text);
        parsed.street = street.start..at;
        if rest < street.end && parsed.city.is_none() {
            parsed.city = Some(line.join(rest, street.end));
        }
        return;
    }
    bare(parsed);
}

/// Takes a unit without a designator off the end: `123 MAIN ST 4B`.
pub fn bare(parsed: &mut Parsed) {
    if let Some(end) = before_bare(&parsed.line, parsed.street.clone()) {
        parsed.unit = Some(format!("# {}", parsed.line.token(end)));
        parsed.street = parsed.street.start..end;
    }
}

/// Where a street ends if its last token is a unit without a designator: it follows a type, has
/// a digit or is one letter.
pub fn before_bare(line: &Line, street: Range<usize>) -> Option<usize> {
    let last = street.end.checked_sub(1)?;
    let token = line.token(last);
    let looks_so = token.bytes().any(|byte| byte.is_ascii_digit())
        || (token.len() == 1 && line.word(last).directional == 0);
    if street.len() < 3 || !looks_so {
        return None;
    }
    let is_numbered_road = || {
        let tokens = line.tokens(street.clone());
        street::segments_of(&tokens, &line.words(street.clone()))
            .first()
            .is_some_and(|segment| segment.pretype != 0)
    };
    let before = line.word(last - 1);
    let (kind, name_end) = if before.directional != 0 && street.len() > 3 {
        (line.word(last - 2).street_type, last - 2)
    } else {
        (before.street_type, last - 1)
    };
    let is_named = name_end > street.start && !names_directional_only(line, street.start, name_end);
    (street_type::is_common(kind) && is_named && !is_numbered_road()).then_some(last)
}

fn names_directional_only(line: &Line, from: usize, to: usize) -> bool {
    to == from + 1 && line.word(from).directional != 0
}

fn begins_unit(line: &Line, start: usize, at: usize, end: usize) -> bool {
    let token = line.token(at);
    if token == "#" {
        return at + 1 < end;
    }
    let word = line.word(at);
    let next_is_floor = at + 1 < end && line.word(at + 1).unit == unit::FLOOR;
    if next_is_floor && is_ordinal(token) && at > start && ends_street(line, at - 1) {
        return true;
    }
    let Some(designator) = unit::unit(word.unit) else {
        return false;
    };
    let after_street =
        line.is_after_break(at) || ends_street(line, at - 1) || follows_unit(line, at);
    if !designator.takes_identifier {
        return at + 1 == end && after_street
            || line.is_after_break(at) && (at + 1 == end || line.is_after_break(at + 1));
    }
    if at + 1 >= end {
        return false;
    }
    let next = line.token(at + 1);
    if next == "#" {
        return at + 2 < end;
    }
    // Words that are also streets' names need more before they are believed.
    let is_plain = matches!(
        unit::standard(word.unit),
        "APT" | "STE" | "UNIT" | "BLDG" | "SPC" | "RM" | "TRLR" | "DEPT" | "HNGR"
    ) && token != "SP"
        && token != "SPACE";
    let identifies = looks_like_identifier(next);
    (is_plain && identifies && line.word(at + 1).street_type == 0) || (after_street && identifies)
}

fn follows_unit(line: &Line, at: usize) -> bool {
    at >= 2 && line.word(at - 2).unit != 0 && looks_like_identifier(line.token(at - 1))
}

fn ends_street(line: &Line, at: usize) -> bool {
    let word = line.word(at);
    word.street_type != 0 || word.directional != 0
}

fn is_ordinal(token: &str) -> bool {
    token.ends_with("ST")
        || token.ends_with("ND")
        || token.ends_with("RD")
        || token.ends_with("TH")
        || matches!(token, "GROUND" | "MAIN" | "TOP")
}

/// `4B`, `200`, `A`, `2-C`; a few words.
fn looks_like_identifier(token: &str) -> bool {
    token.bytes().any(|byte| byte.is_ascii_digit())
        || token.len() <= 2
        || matches!(
            token,
            "REAR"
                | "FRONT"
                | "UPPER"
                | "LOWER"
                | "MAIN"
                | "ABC"
                | "EAST"
                | "WEST"
                | "NORTH"
                | "SOUTH"
        )
}

/// Standard forms of a unit's tokens, and how many of them belong to it.
fn standard_tokens(tokens: &[&str], city_may_follow: bool) -> (String, usize) {
    let mut words: Vec<String> = Vec::new();
    let mut taken = 0;
    while taken < tokens.len() {
        let word = tokens[taken];
        let code = look_up(word).unit;
        let after_designator = taken > 0 && (look_up(tokens[taken - 1]).unit != 0);
        if code != 0 && !after_designator || word == "#" {
            let standard = unit::standard(code);
            // `APT # 4` says it twice.
            if !(standard == "#" && after_designator) {
                words.push(standard.to_owned());
            }
        } else {
            let belongs = after_designator
                || taken == 0
                || looks_like_identifier(word) && word.bytes().any(|byte| byte.is_ascii_digit());
            if !belongs && city_may_follow {
                break;
            }
            words.push(word.to_owned());
        }
        taken += 1;
    }
    (words.join(" "), taken)
}

/// A unit given in a field of its own: `apt. 4b` is `APT 4B`, `4b` is `# 4B`, `5th floor` names
/// itself.
pub fn standardize(text: &str) -> Option<String> {
    let line = Line::new(text);
    let tokens: Vec<&str> = (0..line.len()).map(|at| line.token(at)).collect();
    let first = tokens.first()?;
    let (standard, _) = standard_tokens(&tokens, false);
    let is_floor = is_ordinal(first)
        && tokens
            .get(1)
            .is_some_and(|next| unit::standard(look_up(next).unit) == "FL");
    Some(if look_up(first).unit != 0 || is_floor {
        standard
    } else {
        format!("# {standard}")
    })
}
