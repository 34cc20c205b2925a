//! Addresses that are no house on a street: boxes, routes, military post, crossings.

use super::Parsed;
use crate::words::state;
use redress_model::address::AddressKind;

/// Reads a special form in the tokens before `end`; fills what it can and says what it is.
pub fn read(parsed: &mut Parsed, end: usize) -> Option<AddressKind> {
    if matches!(state::usps(parsed.state), "AA" | "AE" | "AP")
        || is_military_city(parsed.city.as_deref())
    {
        parsed.street = 0..end;
        parsed.open_end = end;
        return Some(AddressKind::Military);
    }
    let first = parsed.line.token(0);
    let starts_with_number = first
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit());
    if !starts_with_number {
        if let Some(kind) = route(parsed, end).or_else(|| post_office_box(parsed, end)) {
            return Some(kind);
        }
        return crossing(parsed, end);
    }
    None
}

fn is_military_city(city: Option<&str>) -> bool {
    matches!(city, Some("APO" | "FPO" | "DPO"))
}

fn keep(parsed: &mut Parsed, end: usize, box_end: usize) {
    parsed.street = 0..box_end;
    parsed.open_end = box_end;
    if parsed.city.is_none() && box_end < end {
        parsed.city = Some(parsed.line.join(box_end, end));
    }
}

/// `PO BOX 12`, `POST OFFICE BOX 12`, `BOX 12`, `GENERAL DELIVERY`.
fn post_office_box(parsed: &mut Parsed, end: usize) -> Option<AddressKind> {
    let words: Vec<&str> = (0..end.min(6)).map(|at| parsed.line.token(at)).collect();
    let length = match words.as_slice() {
        ["GENERAL" | "GEN", "DELIVERY" | "DEL", ..] => {
            keep(parsed, end, 2);
            return Some(AddressKind::PoBox);
        }
        ["PO" | "POB", "BOX" | "BX", ..] | ["POST", "BOX", ..] | ["PO", "DRAWER", ..] => 2,
        ["P", "O", "BOX" | "BX", ..] | ["POST", "OFFICE", "BOX", ..] => 3,
        [
            "POBOX" | "POB" | "BOX" | "CALLER" | "DRAWER" | "LOCKBOX",
            ..,
        ] => 1,
        _ => return None,
    };
    let skip = usize::from(matches!(words.get(length), Some(&("#" | "NO" | "NUMBER"))));
    let has_number = words.get(length + skip).is_some_and(|token| {
        token.len() <= 10 && (token.bytes().any(|byte| byte.is_ascii_digit()) || token.len() == 1)
    });
    if !has_number && length < 2 {
        return None;
    }
    keep(
        parsed,
        end,
        (length + skip + usize::from(has_number)).min(end),
    );
    Some(AddressKind::PoBox)
}

/// `RR 2 BOX 10`, `RURAL ROUTE 2`, `HC 1 BOX 5`, `STAR ROUTE`.
fn route(parsed: &mut Parsed, end: usize) -> Option<AddressKind> {
    let words: Vec<&str> = (0..end.min(8)).map(|at| parsed.line.token(at)).collect();
    let length = match words.as_slice() {
        [
            "RR" | "HC" | "HCR" | "RFD" | "RD" | "RT" | "ROUTE" | "RTE",
            number,
            "BOX" | "BX" | "#",
            ..,
        ] if has_digit(number) => 2,
        ["RR" | "HC" | "HCR" | "RFD", number, ..] if has_digit(number) => 2,
        ["RURAL", "ROUTE" | "RTE" | "RT" | "DELIVERY", number, ..] if has_digit(number) => 3,
        ["HIGHWAY" | "HWY", "CONTRACT", "ROUTE" | "RTE", number, ..] if has_digit(number) => 4,
        ["STAR", "ROUTE" | "RTE" | "RT", ..] => 2,
        _ => return None,
    };
    let mut after = length;
    while matches!(words.get(after), Some(&("BOX" | "BX" | "#"))) {
        after += 1;
    }
    if after > length {
        after = (after + 1).min(end);
    }
    keep(parsed, end, after);
    Some(AddressKind::RuralRoute)
}

fn has_digit(token: &str) -> bool {
    token.bytes().any(|byte| byte.is_ascii_digit())
}

/// `MAIN ST & 1ST AVE`, `MAIN AND 1ST`, `MAIN ST AT 1ST AVE`.
fn crossing(parsed: &mut Parsed, end: usize) -> Option<AddressKind> {
    let line = &parsed.line;
    let is_type = |at: usize| line.word(at).street_type != 0;
    let at = (1..end.saturating_sub(1)).find(|at| match line.token(*at) {
        "&" => true,
        // `AND` and `AT` may be part of a name (`BLACK AND TAN RD`): a type stands before or
        // both sides end in one.
        "AND" | "AT" => is_type(at - 1) && (at + 1..end).any(is_type),
        _ => false,
    })?;
    let start = usize::from(line.token(0) == "CORNER")
        + usize::from(line.token(0) == "CORNER" && line.token(1) == "OF");
    parsed.street = start..at;
    parsed.open_end = at;
    let mut second_end = end;
    if parsed.city.is_none()
        && let Some(kind) = (at + 2..end)
            .rfind(|at| crate::words::street_type::is_common(line.word(*at).street_type))
    {
        second_end = kind + 1;
        if second_end < end && line.word(second_end).directional != 0 {
            second_end += 1;
        }
        if second_end < end {
            parsed.city = Some(line.join(second_end, end));
        }
    }
    parsed.crossing = Some(at + 1..second_end);
    Some(AddressKind::Intersection)
}
