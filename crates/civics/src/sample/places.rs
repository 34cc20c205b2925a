//! Places, county subdivisions and consolidated cities: their codes and what the Census says of them.

use super::{
    county::{Area, State},
    geometry::Point,
    names::{Names, slug},
};

/// Which layer a place is published in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Place,
    Cousub,
    Concity,
}

/// One record of the place, county subdivision or consolidated city layer.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) layer: Layer,
    /// Its five digits.
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) full_name: String,
    pub(crate) lsad: &'static str,
    pub(crate) class: &'static str,
    pub(crate) status: &'static str,
    /// The outer ring, then holes.
    pub(crate) rings: Vec<Vec<Point>>,
}

/// The five-digit codes of one county's places and subdivisions; unique within a state.
#[derive(Debug, Clone)]
pub(crate) struct Codes {
    pub(crate) grid: String,
    pub(crate) at_large: String,
    pub(crate) designated: String,
    pub(crate) village: String,
    pub(crate) township: String,
    pub(crate) remainder: String,
    pub(crate) metro: String,
    pub(crate) balance: String,
    pub(crate) enclosed: String,
}

impl Codes {
    /// The codes of the n-th county of its state.
    pub(crate) fn new(number: u32) -> Self {
        let code = |slot: u32, plus: u32| format!("{:05}", 100 + (number * 8 + slot) * 12 + plus);
        Self {
            grid: code(0, 0),
            at_large: code(1, 0),
            designated: code(2, 0),
            village: code(3, 0),
            township: code(4, 0),
            remainder: code(5, 0),
            metro: code(6, 0),
            // The Census numbers a balance right after its consolidated city.
            balance: code(6, 2),
            enclosed: code(7, 0),
        }
    }

    /// The place an area lies in.
    pub(crate) fn place(&self, area: Area) -> Option<&str> {
        match area {
            Area::Grid | Area::Independent => Some(&self.grid),
            Area::AtLarge | Area::TownCity => Some(&self.at_large),
            Area::Designated | Area::Zone => Some(&self.designated),
            Area::Village => Some(&self.village),
            Area::Balance => Some(&self.balance),
            Area::Enclosed => Some(&self.enclosed),
            Area::Enclave | Area::Township | Area::Open | Area::Town | Area::Municipio => None,
        }
    }

    /// The municipality that governs an area.
    pub(crate) fn governing(&self, area: Area) -> Option<&str> {
        match area {
            Area::Designated | Area::Zone => None,
            Area::Balance => Some(&self.metro),
            other => self.place(other),
        }
    }

    /// The county subdivision an area lies in: a village stays in its township.
    pub(crate) fn subdivision(&self, area: Area) -> &str {
        match area {
            Area::Village | Area::Township | Area::Town => &self.township,
            _ => &self.remainder,
        }
    }

    /// The consolidated city an area lies in: an enclosed city does too.
    pub(crate) fn consolidated(&self, area: Area) -> Option<&str> {
        matches!(area, Area::Balance | Area::Enclosed).then_some(self.metro.as_str())
    }
}

/// The name of the municipality that governs an area.
pub(crate) fn governing_name(names: &Names, area: Area) -> Option<&str> {
    match area {
        Area::Grid | Area::Independent => Some(&names.grid),
        Area::AtLarge | Area::TownCity => Some(&names.at_large),
        Area::Village => Some(&names.village),
        Area::Balance => Some(&names.metro),
        Area::Enclosed => Some(&names.enclosed),
        Area::Designated
        | Area::Enclave
        | Area::Township
        | Area::Open
        | Area::Town
        | Area::Municipio
        | Area::Zone => None,
    }
}

pub(crate) fn place_id(state: State, name: &str) -> String {
    format!(
        "ocd-division/country:us/state:{}/place:{}",
        state.usps.to_lowercase(),
        slug(name, '_')
    )
}

pub(crate) fn county_id(state: State, county: &str) -> String {
    format!(
        "ocd-division/country:us/state:{}/county:{}",
        state.usps.to_lowercase(),
        slug(county, '_')
    )
}

pub(crate) fn township_id(state: State, county: &str, township: &str) -> String {
    format!("{}/place:{}", county_id(state, county), slug(township, '_'))
}
