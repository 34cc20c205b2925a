//! Map and officials in use, and the names of places.

use crate::opinions::Advisers;
use crate::places;
use chrono::NaiveDate;
use redress_civics::coverage::DistrictMaps;
use redress_civics::government::is_state_of_towns;
use redress_civics::officials::Directory;
use redress_civics::pack::section::kind;
use redress_civics::pack::{DivisionView, Pack};
use redress_civics::parse::Input;
use redress_civics::providers::{Opinion, Panel, second_opinion};
use redress_civics::resolve::Resolver;
use redress_civics::words::state;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home};
use redress_model::resolution::Resolution;
use std::collections::HashMap;
use std::sync::Arc;

/// A pack with the directory that goes with it.
pub struct Civics {
    pack: Arc<Pack>,
    directory: Directory,
    numbers: Arc<HashMap<String, u32>>,
    advisers: Option<Arc<Advisers>>,
}

/// A government's name and where it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    /// Name with its legal kind.
    pub name: String,
    /// Two letters.
    pub state: &'static str,
    /// Its middle, degrees.
    pub lat: f64,
    /// Its middle, degrees.
    pub lon: f64,
}

impl Civics {
    /// A pack with a directory of officials.
    pub fn new(pack: Pack, directory: Directory) -> Self {
        let numbers = (0..pack.divisions().len() as u32)
            .filter_map(|number| pack.division(number))
            .filter(|division| division.record.kind != kind::DISTRICT)
            .map(|division| (division.geoid().to_owned(), division.number))
            .collect();
        Self {
            pack: Arc::new(pack),
            directory,
            numbers: Arc::new(numbers),
            advisers: None,
        }
    }

    /// With providers that are asked for second opinions on what is looked up.
    #[must_use]
    pub fn with_providers(self, panel: Option<Panel>) -> Self {
        Self {
            advisers: panel.map(|panel| Arc::new(Advisers::new(panel))),
            ..self
        }
    }

    /// Another map with the same directory.
    #[must_use]
    pub fn with_pack(&self, pack: Pack) -> Self {
        Self::new(pack, self.directory.clone())
    }

    /// The packs in use.
    pub fn packs(&self) -> Vec<Arc<Pack>> {
        vec![Arc::clone(&self.pack)]
    }

    /// The same map with another directory.
    #[must_use]
    pub fn with_directory(&self, directory: Directory) -> Self {
        Self {
            pack: Arc::clone(&self.pack),
            directory,
            numbers: Arc::clone(&self.numbers),
            advisers: self.advisers.clone(),
        }
    }

    /// The answer for an address on a day.
    pub(crate) fn resolve(&self, input: &Input<'_>, on: NaiveDate) -> Resolution {
        Resolver::new(&self.pack, Some(&self.directory)).resolve(input, on)
    }

    /// An answer in the light of what others say.
    pub(crate) fn weigh(&self, resolution: Resolution, opinions: &[Opinion]) -> Resolution {
        second_opinion(resolution, &self.pack, Some(&self.directory), opinions).0
    }

    pub(crate) fn advisers(&self) -> Option<&Advisers> {
        self.advisers.as_deref()
    }

    /// To whom addresses that are looked up are sent; empty when to nobody.
    pub(crate) fn provider_names(&self) -> String {
        self.advisers
            .as_ref()
            .map_or_else(String::new, |advisers| advisers.labels())
    }

    /// The answer for an address on a day, without officials.
    pub(crate) fn resolve_place(&self, input: &Input<'_>, on: NaiveDate) -> Resolution {
        Resolver::new(&self.pack, None).resolve(input, on)
    }

    /// The packs in use, by id.
    pub fn pack_ids(&self) -> Vec<String> {
        vec![self.pack.id().to_owned()]
    }

    /// The governments in which signatures may be counted: places, consolidated cities, towns.
    pub(crate) fn governing_geoids(&self) -> Vec<Geoid> {
        let is_home = |division: &DivisionView<'_>| {
            let record = division.record;
            division.governs()
                && match record.kind {
                    kind::PLACE | kind::CONCITY => true,
                    kind::COUSUB => is_state_of_towns(record.state),
                    _ => false,
                }
        };
        (0..self.pack.divisions().len() as u32)
            .filter_map(|number| self.pack.division(number))
            .filter(is_home)
            .filter_map(|division| Geoid::parse(division.geoid()).ok())
            .collect()
    }

    /// The district maps on a day.
    pub(crate) fn district_maps(&self, on: NaiveDate) -> DistrictMaps {
        DistrictMaps::new(&self.pack, on)
    }

    /// What a home's key stands for: a place's name, or its GEOID where it is not known.
    pub fn name_of(&self, key: &str) -> String {
        Home::from_key(key).map_or_else(|_| key.to_owned(), |home| places::name(self, &home))
    }

    /// The id of what they hold together.
    pub fn pack_id(&self) -> String {
        self.pack_ids().join("+")
    }

    /// Whether a place is known, and a district of it under any of its maps, if one is named.
    pub(crate) fn has_district(&self, geoid: &str, district: Option<&District>) -> bool {
        let is_of_place = |number: u32| {
            self.pack.division(number).is_some_and(|division| {
                division.record.kind == kind::DISTRICT
                    && division.geoid() == geoid
                    && district.is_some_and(|label| label.as_str() == division.name())
            })
        };
        self.numbers.contains_key(geoid)
            && (district.is_none() || (0..self.pack.divisions().len() as u32).any(is_of_place))
    }

    /// GEOIDs of the map's areas by OCD id.
    pub(crate) fn geoids_by_division(&self) -> HashMap<String, String> {
        let divisions = self.numbers.iter().filter_map(|(geoid, number)| {
            let id = self.pack.division(*number)?.ocd_id()?.to_owned();
            Some((id, geoid.clone()))
        });
        divisions.collect()
    }

    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    pub(crate) fn place(&self, geoid: &str) -> Option<Place> {
        let division = self.pack.division(*self.numbers.get(geoid)?)?;
        Some(Place {
            name: division.full_name().to_owned(),
            state: state::usps(division.record.state),
            lat: round(division.record.centre.lat()),
            lon: round(division.record.centre.lon()),
        })
    }
}

fn round(degrees: f64) -> f64 {
    (degrees * 1e4).round() / 1e4
}
