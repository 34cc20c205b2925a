//! A finished county: its faces, edges, places, ZIP codes and district maps, before anything is written.

use super::{
    districts::DistrictMap,
    geometry::{self, Frame, Metres, Point},
    names::Names,
    places::{Codes, Place},
    zips::Zip,
};

/// The fictional state that a county belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) fips: &'static str,
    pub(crate) usps: &'static str,
}

/// The states in the order their county codes are used.
pub(crate) const STATES: [State; 7] = [
    state("99", "ZZ"),
    state("98", "ZY"),
    state("95", "ZV"),
    state("94", "ZU"),
    state("93", "ZT"),
    state("89", "ZS"),
    state("88", "ZR"),
];
/// The state where towns govern everywhere, as in New England.
pub(crate) const TOWNS: State = state("97", "ZX");
/// The territory whose municipalities are its counties, as in Puerto Rico.
pub(crate) const TERRITORY: State = state("96", "ZW");

const fn state(fips: &'static str, usps: &'static str) -> State {
    State { fips, usps }
}

/// What the Census says of a county.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CountyClass {
    /// What follows its name.
    pub(crate) kind: &'static str,
    pub(crate) lsad: &'static str,
    pub(crate) class: &'static str,
    pub(crate) status: &'static str,
}

impl CountyClass {
    /// A county with a government.
    pub(crate) const COUNTY: Self = Self {
        kind: "County",
        lsad: "06",
        class: "H1",
        status: "A",
    };
    /// A county that is a name on the map: its towns govern.
    pub(crate) const NAME_ALONE: Self = Self {
        kind: "County",
        lsad: "06",
        class: "H4",
        status: "N",
    };
    /// A city that is in no county.
    pub(crate) const INDEPENDENT: Self = Self {
        kind: "city",
        lsad: "25",
        class: "C7",
        status: "F",
    };
    /// The territory's local government.
    pub(crate) const MUNICIPIO: Self = Self {
        kind: "Municipio",
        lsad: "13",
        class: "H1",
        status: "A",
    };
}

/// What a block of land is, as far as government goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Area {
    /// The city with wards.
    Grid,
    /// Unincorporated land inside it.
    Enclave,
    /// The city whose members are all at large.
    AtLarge,
    /// A census-designated place: a name without a government.
    Designated,
    /// A village inside the township.
    Village,
    /// The township outside the village.
    Township,
    /// Unincorporated land.
    Open,
    /// The consolidated government's own territory.
    Balance,
    /// A city with its own government inside the consolidated one.
    Enclosed,
    /// A town that governs itself by a board, as in New England.
    Town,
    /// A city beside such a town, with a government of its own.
    TownCity,
    /// A city that is in no county.
    Independent,
    /// A municipality that is a county, outside its built-up zone.
    Municipio,
    /// Its built-up zone: a name without a government.
    Zone,
}

#[derive(Debug)]
pub(crate) struct Face {
    pub(crate) tfid: u32,
    pub(crate) area: Area,
    /// The outer ring, then holes; closed.
    pub(crate) rings: Vec<Vec<Point>>,
}

/// Which numbers of a range are houses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parity {
    Odd,
    Even,
    Both,
}

/// The numbers on one side of an edge, in the direction of its line.
#[derive(Debug, Clone)]
pub(crate) struct Range {
    pub(crate) prefix: String,
    pub(crate) width: usize,
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) parity: Parity,
    /// Index into the county's ZIP codes.
    pub(crate) zip: usize,
}

impl Range {
    pub(crate) fn text(&self, number: u32) -> String {
        format!("{}{number:0width$}", self.prefix, width = self.width)
    }

    pub(crate) fn step(&self) -> u32 {
        if self.parity == Parity::Both { 1 } else { 2 }
    }

    pub(crate) fn low(&self) -> u32 {
        self.from.min(self.to)
    }

    pub(crate) fn high(&self) -> u32 {
        self.from.max(self.to)
    }

    pub(crate) fn holds(&self, number: u32) -> bool {
        (self.low()..=self.high()).contains(&number)
            && (number - self.low()).is_multiple_of(self.step())
    }

    /// How far along the line a number lies, 0 to 1.
    pub(crate) fn share(&self, number: u32) -> f64 {
        if self.from == self.to {
            return 0.5;
        }
        (f64::from(number) - f64::from(self.from)) / (f64::from(self.to) - f64::from(self.from))
    }
}

#[derive(Debug)]
pub(crate) struct Side {
    /// Index into the county's faces.
    pub(crate) face: usize,
    pub(crate) range: Option<Range>,
}

#[derive(Debug)]
pub(crate) struct Edge {
    pub(crate) tlid: u32,
    pub(crate) line: Vec<Point>,
    pub(crate) names: Vec<String>,
    pub(crate) left: Side,
    pub(crate) right: Side,
}

impl Edge {
    pub(crate) fn sides(&self) -> [&Side; 2] {
        [&self.left, &self.right]
    }
}

#[derive(Debug)]
pub(crate) struct County {
    /// 0-based in the sample.
    pub(crate) number: u32,
    pub(crate) state: State,
    /// The three digits of its FIPS code.
    pub(crate) code: String,
    pub(crate) class: CountyClass,
    pub(crate) names: Names,
    pub(crate) codes: Codes,
    pub(crate) frame: Frame,
    pub(crate) outline: Vec<Point>,
    pub(crate) faces: Vec<Face>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) places: Vec<Place>,
    pub(crate) zips: Vec<Zip>,
    pub(crate) maps: Vec<DistrictMap>,
}

impl County {
    pub(crate) fn metres(&self, line: &[Point]) -> Vec<Metres> {
        line.iter().map(|point| self.frame.metres(*point)).collect()
    }

    /// Where the house with that number stands.
    pub(crate) fn house(&self, edge: &Edge, range: &Range, number: u32, left: bool) -> Metres {
        geometry::house(&self.metres(&edge.line), range.share(number), left)
    }

    /// The GEOID of the municipality that governs an area, if one does.
    pub(crate) fn government(&self, area: Area) -> Option<String> {
        self.codes
            .governing(area)
            .map(|code| format!("{}{code}", self.state.fips))
    }

    /// The district map of a place that is in force.
    pub(crate) fn map(&self, geoid: &str) -> Option<&DistrictMap> {
        self.maps
            .iter()
            .find(|map| map.geoid == geoid && map.valid_to.is_none())
    }

    /// The map that was in force before.
    pub(crate) fn former_map(&self, geoid: &str) -> Option<&DistrictMap> {
        self.maps
            .iter()
            .find(|map| map.geoid == geoid && map.valid_to.is_some())
    }

    pub(crate) fn range_sides(&self) -> u64 {
        self.edges
            .iter()
            .flat_map(Edge::sides)
            .filter(|side| side.range.is_some())
            .count() as u64
    }
}
