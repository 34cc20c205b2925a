//! A text as an address, without a map.
//!
//! The parser takes a line apart from both ends: house number and special forms in front; ZIP,
//! state and city behind; the unit between. What remains is the street, and that it does not
//! decide alone: [`street::segments`] lists the ways to read it, best first, and the resolver
//! keeps those that exist. `redress civics parse` shows the first.

pub mod last_line;
pub mod number;
pub mod special;
pub mod street;
pub mod unit;
mod urbanizacion;

use crate::text::Line;
use crate::words::{directional, highway, state, street_type};
use number::HouseNumber;
use redress_model::address::{Address, AddressKind};
use std::borrow::Cow;
use std::ops::Range;

/// An address as it comes in: one line, or fields, or both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Input<'text> {
    /// The whole address or its street line.
    pub street: &'text str,
    /// A unit given apart.
    pub unit: &'text str,
    /// A city given apart: it wins over one in the line.
    pub city: &'text str,
    /// A state given apart: USPS code or name.
    pub state: &'text str,
    /// A ZIP given apart: five digits, or nine.
    pub zip: &'text str,
}

impl<'text> Input<'text> {
    /// An address on one line.
    pub fn line(street: &'text str) -> Self {
        Self {
            street,
            ..Self::default()
        }
    }

    /// The input as one line, for a person to recognise it.
    pub fn to_line(&self) -> String {
        if [self.unit, self.city, self.state, self.zip]
            .iter()
            .all(|field| field.is_empty())
        {
            return self.street.trim().to_owned();
        }
        let last = [self.state.trim(), self.zip.trim()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        [
            self.street.trim(),
            self.unit.trim(),
            self.city.trim(),
            last.as_str(),
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
    }
}

/// A line taken apart; positions are tokens of [`Parsed::line`].
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The folded line.
    pub line: Line,
    /// What sort of address it is.
    pub kind: AddressKind,
    /// The house number.
    pub number: Option<HouseNumber>,
    /// The street's tokens, city excluded as far as it is known.
    pub street: Range<usize>,
    /// The second street of an intersection.
    pub crossing: Option<Range<usize>>,
    /// Where the street's tokens end if nothing of them is the city's.
    pub open_end: usize,
    /// No comma or field parted the street from the city: the index may know better.
    pub city_is_open: bool,
    /// Where the street's tokens end if what was taken for a unit is part of the name.
    pub unit_end: usize,
    /// The unit, standard form.
    pub unit: Option<String>,
    /// The postal city, folded.
    pub city: Option<String>,
    /// The state's FIPS code; 0 if none.
    pub state: u8,
    /// The ZIP.
    pub zip: Option<u32>,
    /// The ZIP's four more digits.
    pub zip4: Option<String>,
}

impl Parsed {
    /// Takes an address apart.
    pub fn new(input: &Input<'_>) -> Self {
        let line = Line::new(input.street);
        let mut parsed = Self {
            kind: AddressKind::Unparsed,
            number: None,
            street: 0..0,
            crossing: None,
            open_end: 0,
            city_is_open: false,
            unit_end: 0,
            unit: None,
            city: None,
            state: 0,
            zip: None,
            zip4: None,
            line,
        };
        let fields = last_line::Fields::new(input);
        if parsed.line.is_too_long() || parsed.line.is_foreign() || fields.is_foreign {
            return parsed;
        }
        urbanizacion::take_out(&mut parsed.line, &fields);
        let last = last_line::read(&parsed.line, &fields);
        parsed.state = last.state;
        parsed.zip = last.zip;
        parsed.zip4 = last.zip4;
        parsed.city = last.city;
        if let Some(kind) = special::read(&mut parsed, last.end) {
            parsed.kind = kind;
        } else {
            parsed.read_street(last.end, last.city_is_open);
        }
        if !input.unit.trim().is_empty() {
            parsed.unit = unit::standardize(input.unit);
        }
        parsed
    }

    fn read_street(&mut self, end: usize, city_is_open: bool) {
        let start = unit::read_before_number(self, end);
        let (number, street_start) = number::read(&self.line, start, end);
        self.number = number;
        self.open_end = end;
        self.street = street_start..end;
        unit::read_after_street(self);
        self.open_end = self.street.end;
        self.unit_end = end;
        if city_is_open {
            self.city_is_open = self.unit.is_none() && self.city.is_none();
            last_line::split_city(self);
            if self.unit.is_none() {
                unit::bare(self);
            }
        }
        self.kind = if !self.street.is_empty() {
            AddressKind::Street
        } else if self.number.is_none()
            && (self.city.is_some() || self.zip.is_some() || self.state != 0)
        {
            AddressKind::Area
        } else {
            AddressKind::Unparsed
        };
        if self.kind == AddressKind::Street
            && self.number.is_none()
            && self.unit.is_none()
            && !self.looks_like_a_street()
        {
            self.become_area_or_unparsed();
        }
    }

    /// A name without number or type beside a state or ZIP is a city: `SPRINGFIELD IL`.
    fn become_area_or_unparsed(&mut self) {
        let known = self.state != 0 || self.zip.is_some();
        if self.city.is_none() && known {
            self.city = Some(self.line.join(self.street.start, self.open_end));
            self.street = self.open_end..self.open_end;
            self.kind = AddressKind::Area;
        } else if self.city.is_none() {
            self.kind = AddressKind::Unparsed;
        }
    }

    fn looks_like_a_street(&self) -> bool {
        let words = || self.street.clone().map(|at| self.line.word(at));
        self.city.is_some()
            || words().any(|word| street_type::is_common(word.street_type))
            || words()
                .next()
                .is_some_and(|word| word.heads_class && self.street.len() > 1 && word.state == 0)
    }

    /// The tokens of the street.
    pub fn street_tokens(&self) -> Vec<&str> {
        self.street.clone().map(|at| self.line.token(at)).collect()
    }

    /// The address in Publication 28's form, read without a map.
    pub fn address(&self) -> Address {
        let mut address = self.address_without_street();
        if let Some(second) = &self.crossing {
            let name = format!(
                "{} & {}",
                standard_street(&self.line, self.street.clone()),
                standard_street(&self.line, second.clone())
            );
            address.name = Some(name);
        } else if let Some(segment) = street::segments(&self.street_tokens()).first() {
            let filled = |text: &'static str| (!text.is_empty()).then_some(Cow::Borrowed(text));
            address.predir = filled(directional::standard(segment.predir));
            address.pretype = filled(highway::standard(segment.pretype));
            let name = street::display(&self.street_tokens()[segment.name.clone()]);
            address.name = Some(name).filter(|name| !name.is_empty());
            address.street_type = filled(street_type::standard(segment.street_type));
            address.postdir = filled(directional::standard(segment.postdir));
        }
        address
    }

    /// The address without the parts of its street.
    pub fn address_without_street(&self) -> Address {
        self.clone().into_address_without_street()
    }

    /// The same, of a line that is needed no more.
    pub fn into_address_without_street(self) -> Address {
        let usps = state::usps(self.state);
        Address {
            number: self.number.map(|number| number.text),
            unit: self.unit,
            city: self.city,
            state: (!usps.is_empty()).then_some(Cow::Borrowed(usps)),
            zip: self.zip.map(five_digits),
            zip4: self.zip4,
            ..Address::default()
        }
    }
}

/// A ZIP in five digits.
pub(crate) fn five_digits(zip: u32) -> String {
    let digit = |power: u32| b'0' + (zip / power % 10) as u8;
    let digits = [10_000, 1_000, 100, 10, 1].map(digit);
    let mut text = String::with_capacity(digits.len());
    text.push_str(std::str::from_utf8(&digits).unwrap_or_default());
    text
}

fn standard_street(line: &Line, tokens: Range<usize>) -> String {
    let tokens: Vec<&str> = tokens.map(|at| line.token(at)).collect();
    let Some(segment) = street::segments(&tokens).into_iter().next() else {
        return String::new();
    };
    let name = street::display(&tokens[segment.name.clone()]);
    let parts = [
        directional::standard(segment.predir),
        highway::standard(segment.pretype),
        &name,
        street_type::standard(segment.street_type),
        directional::standard(segment.postdir),
    ];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
