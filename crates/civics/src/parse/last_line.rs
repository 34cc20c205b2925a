//! The last line: city, state, ZIP; given in the text or in fields of their own.

use super::{Input, Parsed};
use crate::text::Line;
use crate::words::{state, street_type};

/// What the fields say, folded.
#[derive(Debug, Default)]
pub struct Fields {
    city: Option<String>,
    state: u8,
    zip: Option<(u32, Option<String>)>,
    /// A field holds letters of another script.
    pub is_foreign: bool,
}

/// First ZIP prefixes of Puerto Rico.
const TERRITORY_ZIPS: [u32; 3] = [6, 7, 9];

impl Fields {
    /// Whether they name Puerto Rico, or the sample's territory; a ZIP tells too.
    pub fn name_territory(&self) -> bool {
        matches!(self.state, 72 | 96)
            || self.state == 0
                && self
                    .zip
                    .as_ref()
                    .is_some_and(|(zip, _)| TERRITORY_ZIPS.contains(&(zip / 100)))
    }
}

impl Fields {
    /// Folds the fields of an input.
    pub fn new(input: &Input<'_>) -> Self {
        let mut fields = Self::default();
        if !input.city.trim().is_empty() {
            let line = Line::new(input.city);
            fields.is_foreign |= line.is_foreign() || line.is_too_long();
            fields.city = (!line.is_empty()).then(|| line.join(0, line.len()));
        }
        if !input.state.trim().is_empty() {
            let line = Line::new(input.state);
            fields.is_foreign |= line.is_foreign();
            fields.state = state::by_text(&line.join(0, line.len())).map_or(0, |state| state.fips);
        }
        let zip = input.zip.trim();
        fields.zip = read_zip(zip).or_else(|| lost_zero(zip));
        fields
    }
}

/// A ZIP that a spreadsheet has taken for a number: `7030` is `07030`.
fn lost_zero(text: &str) -> Option<(u32, Option<String>)> {
    let is_number = (3..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        .then(|| text.parse().ok().map(|zip| (zip, None)))
        .flatten()
}

/// What the last line says.
#[derive(Debug, Default)]
pub struct LastLine {
    /// Where the tokens before it end.
    pub end: usize,
    /// The city, folded.
    pub city: Option<String>,
    /// The state's FIPS code, or 0.
    pub state: u8,
    /// The ZIP.
    pub zip: Option<u32>,
    /// Its four more digits.
    pub zip4: Option<String>,
    /// The street's last tokens may be the city.
    pub city_is_open: bool,
}

/// `12345`, `12345-6789`, `123456789`.
pub fn read_zip(token: &str) -> Option<(u32, Option<String>)> {
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if digits(token, 5) {
        return Some((token.parse().ok()?, None));
    }
    if !(6..=10).contains(&token.len()) {
        return None;
    }
    if digits(token, 9) {
        return Some((token[..5].parse().ok()?, Some(token[5..].to_owned())));
    }
    let (zip, more) = token.split_once('-')?;
    if !digits(zip, 5) {
        return None;
    }
    if more.is_empty() {
        return Some((zip.parse().ok()?, None));
    }
    digits(more, 4).then(|| zip.parse().ok().map(|zip| (zip, Some(more.to_owned()))))?
}

/// Takes the last line off the end of a line.
pub fn read(line: &Line, fields: &Fields) -> LastLine {
    let mut last = LastLine {
        end: line.len(),
        ..LastLine::default()
    };
    drop_country(line, &mut last);
    take_zip(line, fields, &mut last);
    take_state(line, fields, &mut last);
    take_city(line, fields, &mut last);
    last
}

fn drop_country(line: &Line, last: &mut LastLine) {
    if !matches!(
        line.token(line.len().wrapping_sub(1)),
        "AMERICA" | "STATES" | "USA" | "US"
    ) {
        return;
    }
    let ends_with = |words: &[&str]| {
        last.end > words.len()
            && words
                .iter()
                .enumerate()
                .all(|(at, word)| line.token(last.end - words.len() + at) == *word)
    };
    for country in [
        &["UNITED", "STATES", "OF", "AMERICA"][..],
        &["UNITED", "STATES"],
        &["USA"],
        &["US"],
    ] {
        if ends_with(country) {
            last.end -= country.len();
            return;
        }
    }
}

fn take_zip(line: &Line, fields: &Fields, last: &mut LastLine) {
    let mut split_four = None;
    let mut at = last.end;
    // `12345 6789`: the four digits apart.
    if at >= 3
        && line.token(at - 1).len() == 4
        && line.token(at - 1).bytes().all(|byte| byte.is_ascii_digit())
        && line.token(at - 2).len() == 5
        && read_zip(line.token(at - 2)).is_some()
    {
        split_four = Some(line.token(at - 1).to_owned());
        at -= 1;
    }
    let written = at
        .checked_sub(1)
        .and_then(|before| read_zip(line.token(before)));
    if let Some((zip, four)) = &fields.zip {
        last.zip = Some(*zip);
        last.zip4.clone_from(four);
        if written.as_ref().is_some_and(|(same, _)| same == zip) && at > 1 {
            last.end = at - 1;
        }
        return;
    }
    // A number alone is a house's, unless it stands alone.
    if let Some((zip, four)) = written {
        let follows_word = at >= 2
            && line
                .token(at - 2)
                .bytes()
                .any(|byte| byte.is_ascii_alphabetic());
        if at == 1 || (follows_word && !is_numbered_road(line, at - 1)) {
            last.zip = Some(zip);
            last.zip4 = four.or(split_four);
            last.end = at - 1;
        }
    }
}

/// `COUNTY ROAD 12345` ends in a road's number.
fn is_numbered_road(line: &Line, at: usize) -> bool {
    matches!(
        line.token(at - 1),
        "ROAD" | "RD" | "HWY" | "HIGHWAY" | "ROUTE" | "RTE"
    ) && !line.is_after_break(at)
        && line.word(at.wrapping_sub(2)).heads_class
}

fn take_state(line: &Line, fields: &Fields, last: &mut LastLine) {
    let found = state_before(line, last.end);
    if fields.state != 0 {
        last.state = fields.state;
        if let Some((fips, taken)) = found
            && fips == fields.state
            && (last.zip.is_some() && last.end < line.len()
                || line.is_after_break(last.end - taken)
                || fields
                    .city
                    .as_deref()
                    .is_some_and(|city| ends_with_text(line, last.end - taken, city)))
        {
            last.end -= taken;
        }
        return;
    }
    let Some((fips, taken)) = found else { return };
    let at = last.end - taken;
    let zip_follows = last.end < line.len() && fields.zip.is_none();
    let word = line.word(at);
    // `123 MAIN CT` has no state; `123 MAIN ST HARTFORD CT` has one.
    let is_also_type =
        taken == 1 && (word.street_type != 0 || word.unit != 0 || line.token(at).len() > 2);
    let has_type_before =
        (1..at).any(|before| street_type::is_common(line.word(before).street_type));
    if zip_follows
        || line.is_after_break(at)
        || at == 0
        || !is_also_type
        || has_type_before && word.street_type != 0
    {
        last.state = fips;
        last.end = at;
    }
}

/// The state that ends at a position: its FIPS code and how many tokens name it.
fn state_before(line: &Line, end: usize) -> Option<(u8, usize)> {
    for taken in (1..=3.min(end)).rev() {
        let first = line.token(end - taken);
        if taken == 1 {
            let fips = line.word(end - 1).state;
            if fips != 0 {
                return Some((fips, 1));
            }
        } else if matches!(
            first,
            "NEW"
                | "NORTH"
                | "SOUTH"
                | "WEST"
                | "RHODE"
                | "DISTRICT"
                | "PUERTO"
                | "VIRGIN"
                | "AMERICAN"
                | "N"
                | "S"
                | "W"
        ) {
            let text = line.join(end - taken, end);
            let text = match text.as_str() {
                "N CAROLINA" => "NORTH CAROLINA",
                "S CAROLINA" => "SOUTH CAROLINA",
                "N DAKOTA" => "NORTH DAKOTA",
                "S DAKOTA" => "SOUTH DAKOTA",
                "W VIRGINIA" => "WEST VIRGINIA",
                other => other,
            };
            // `NEW YORK NEW YORK` and `WASHINGTON` are cities too; a ZIP or break tells.
            if let Some(state) = state::by_text(text) {
                return Some((state.fips, taken));
            }
        }
    }
    None
}

fn ends_with_text(line: &Line, end: usize, text: &str) -> bool {
    let count = text.split(' ').count();
    count < end
        && text
            .split(' ')
            .enumerate()
            .all(|(at, word)| line.token(end - count + at) == word)
}

fn take_city(line: &Line, fields: &Fields, last: &mut LastLine) {
    if let Some(city) = &fields.city {
        if ends_with_text(line, last.end, city)
            && (last.end < line.len() || line.is_after_break(last.end - city.split(' ').count()))
        {
            last.end -= city.split(' ').count();
        }
        last.city = Some(city.clone());
        return;
    }
    // The stretch after the last comma, when it is no unit and not the first.
    let Some(at) = (1..last.end).rev().find(|at| line.is_after_break(*at)) else {
        last.city_is_open = true;
        return;
    };
    let is_unit = line.word(at).unit != 0 && at + 1 < last.end
        || matches!(
            line.token(at),
            "REAR" | "BSMT" | "FRNT" | "UPPR" | "LOWR" | "PH"
        );
    let has_digit =
        (at..last.end).any(|at| line.token(at).bytes().any(|byte| byte.is_ascii_digit()));
    if is_unit || has_digit {
        last.city_is_open = last.state != 0 && !has_digit;
        return;
    }
    // `1105 BOLTON RD, NW ATLANTA`: a quadrant behind the comma is the street's.
    let is_quadrant = matches!(line.token(at), "NE" | "NW" | "SE" | "SW")
        || line.word(at).directional != 0 && at + 1 == last.end;
    let begin = if is_quadrant && line.word(at - 1).directional == 0 {
        at + 1
    } else {
        at
    };
    if begin < last.end {
        last.city = Some(line.join(begin, last.end));
    }
    last.end = begin;
}

/// Without a comma the street's end and the city's beginning are one stretch: the last common
/// street type parts them, and where there is none, the habits of city names do.
pub fn split_city(parsed: &mut Parsed) {
    if parsed.unit.is_some() || parsed.city.is_some() {
        return;
    }
    let (line, street) = (&parsed.line, parsed.street.clone());
    // Nothing says that a last line is there at all: only plain words behind a street's type are a city's.
    let is_bare = parsed.state == 0 && parsed.zip.is_none();
    // No city has a figure in its name: what has one belongs to the street (`US HWY 12 E`).
    let has_digit = |at: usize| line.token(at).bytes().any(|byte| byte.is_ascii_digit());
    let after_digits = (street.start + 1..street.end)
        .rfind(|at| has_digit(*at))
        .map_or(0, |at| at + 1);
    let is_common = |at: usize| street_type::is_common(line.word(at).street_type);
    let mut begin = None;
    for at in (street.start + 1..street.end).rev() {
        if !is_common(at) || at + 1 == street.end && begin.is_none() && !is_common(at - 1) {
            if is_common(at) {
                return;
            }
            continue;
        }
        // `MAIN ST ST PAUL`: the second is Saint; so is the only one of `LINDBERG ST LOUIS`. Of two types the last is the
        // street's: `NORTHSHORE PLACE DR`.
        let is_saint = line.token(at) == "ST"
            && at > street.start + 1
            && at + 1 < street.end
            && (is_common(at - 1) || is_saint_city(line.token(at + 1)));
        if is_saint {
            begin = Some(at);
            break;
        }
        let mut next = at + 1;
        let is_directional = |at: usize| at < street.end && line.word(at).directional != 0;
        // A directional before a city's name may be the city's (`WEST ALLIS`); a short one is the street's.
        if is_directional(next) && line.token(next).len() <= 2 && next + 1 < street.end {
            next += 1;
        }
        begin = (next < street.end).then_some(next);
        break;
    }
    let is_directional_tail = |at: usize| at + 1 == street.end && line.word(at).directional != 0;
    if begin.is_some_and(|begin| begin < after_digits) {
        begin = (after_digits < street.end && !is_directional_tail(after_digits))
            .then_some(after_digits);
        if begin.is_none() {
            return;
        }
    }
    if is_bare {
        let is_plain = |at: usize| {
            let word = line.word(at);
            line.token(at)
                .bytes()
                .all(|letter| letter.is_ascii_alphabetic())
                && (word.unit, word.directional) == (0, 0)
                && !street_type::is_common(word.street_type)
                && line.token(at).len() > 2
        };
        if !begin.is_some_and(|begin| (begin..street.end).all(is_plain)) || parsed.number.is_none()
        {
            return;
        }
    }
    let begin = begin.or_else(|| {
        let has_type = (street.start + 1..street.end).any(is_common);
        let least = street.start + usize::from(line.word(street.start).directional != 0) + 1;
        if has_type
            || street.end <= least.max(after_digits)
            || parsed.number.is_none()
            || is_directional_tail(street.end - 1)
        {
            return None;
        }
        let two =
            street.end >= least.max(after_digits) + 2 && is_city_head(line.token(street.end - 2));
        Some(street.end - if two { 2 } else { 1 })
    });
    if let Some(begin) = begin {
        parsed.city = Some(line.join(begin, street.end));
        parsed.open_end = street.end;
        parsed.street = street.start..begin;
    }
}

/// Saints of large cities: `ST LOUIS` behind a street without a type is no street called Louis.
fn is_saint_city(token: &str) -> bool {
    matches!(
        token,
        "LOUIS"
            | "PAUL"
            | "PETERSBURG"
            | "JOSEPH"
            | "CLOUD"
            | "CHARLES"
            | "AUGUSTINE"
            | "GEORGE"
            | "ALBANS"
            | "HELENS"
            | "SIMONS"
            | "PETERS"
    )
}

fn is_city_head(token: &str) -> bool {
    matches!(
        token,
        "NEW"
            | "SAN"
            | "SANTA"
            | "LOS"
            | "LAS"
            | "EL"
            | "LA"
            | "FORT"
            | "FT"
            | "PORT"
            | "ST"
            | "SAINT"
            | "MT"
            | "MOUNT"
            | "LAKE"
            | "WEST"
            | "EAST"
            | "NORTH"
            | "SOUTH"
            | "GRAND"
            | "PALM"
            | "LONG"
            | "BATON"
            | "SALT"
            | "CORPUS"
            | "COLORADO"
            | "DES"
            | "SIOUX"
            | "CEDAR"
            | "LITTLE"
            | "GREEN"
            | "OVERLAND"
    )
}
