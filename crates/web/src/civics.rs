//! Map and officials in use, and the names of places.

use crate::opinions::Advisers;
use crate::places;
use chrono::NaiveDate;
use redress_civics::block::Block;
use redress_civics::coverage::DistrictMaps;
use redress_civics::government::is_state_of_towns;
use redress_civics::officials::Directory;
use redress_civics::pack::section::kind;
use redress_civics::pack::{DivisionView, Pack};
use redress_civics::packs::Packs;
use redress_civics::parse::Input;
use redress_civics::providers::{Opinion, Panel, second_opinion};
use redress_civics::words::state;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home};
use redress_model::resolution::Resolution;
use std::collections::HashMap;
use std::sync::Arc;

/// One pack or several, with the directory that goes with them.
pub struct Civics {
    packs: Packs,
    directory: Directory,
    numbers: Arc<HashMap<String, (Arc<Pack>, u32)>>,
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
    /// Packs with a directory of officials.
    pub fn new(packs: Packs, directory: Directory) -> Self {
        let mut numbers = HashMap::new();
        for pack in packs.all() {
            let all = (0..pack.divisions().len() as u32).filter_map(|number| pack.division(number));
            for division in all.filter(|division| division.record.kind != kind::DISTRICT) {
                // Of two packs that know a place the one named first speaks of it.
                numbers
                    .entry(division.geoid().to_owned())
                    .or_insert_with(|| (Arc::clone(pack), division.number));
            }
        }
        Self {
            packs,
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

    /// Another map with the same directory and the same providers.
    #[must_use]
    pub fn with_packs(&self, packs: Packs) -> Self {
        Self {
            advisers: self.advisers.clone(),
            ..Self::new(packs, self.directory.clone())
        }
    }

    /// The packs in use.
    pub fn packs(&self) -> Vec<Arc<Pack>> {
        self.packs.all().cloned().collect()
    }

    /// The same map with another directory.
    #[must_use]
    pub fn with_directory(&self, directory: Directory) -> Self {
        Self {
            packs: self.packs.clone(),
            directory,
            numbers: Arc::clone(&self.numbers),
            advisers: self.advisers.clone(),
        }
    }

    /// The answer for an address on a day.
    pub(crate) fn resolve(&self, input: &Input<'_>, on: NaiveDate) -> Resolution {
        self.packs.resolve(input, Some(&self.directory), on)
    }

    /// An answer in the light of what others say.
    pub(crate) fn weigh(&self, resolution: Resolution, opinions: &[Opinion]) -> Resolution {
        let packs = self.packs.clone();
        let pack = packs.that_answered(&resolution);
        second_opinion(resolution, pack, Some(&self.directory), opinions).0
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
        self.packs.resolve(input, None, on)
    }

    /// The side of the block of an address that was resolved, to be sealed; `None` where none has some tens of houses.
    pub(crate) fn block_of(&self, resolution: &Resolution) -> Option<String> {
        let block = self.packs.block_of(resolution)?;
        serde_json::to_string(&block).ok()
    }

    /// The answer for a block that was sealed, on a day; `None` where the packs do not know it, or know it in several places.
    pub(crate) fn resolve_block(&self, sealed: &str, on: NaiveDate) -> Option<Resolution> {
        let block: Block = serde_json::from_str(sealed).ok()?;
        block.resolve(&self.packs, on)
    }

    /// The packs in use, by id.
    pub fn pack_ids(&self) -> Vec<String> {
        self.packs.all().map(|pack| pack.id().to_string()).collect()
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
        let mut geoids: Vec<Geoid> = self
            .numbers
            .values()
            .filter_map(|(pack, number)| pack.division(*number))
            .filter(is_home)
            .filter_map(|division| Geoid::parse(division.geoid()).ok())
            .collect();
        geoids.sort_unstable();
        geoids
    }

    /// The district maps on a day.
    pub(crate) fn district_maps(&self, on: NaiveDate) -> DistrictMaps {
        let mut maps = DistrictMaps::default();
        for pack in self.packs.all() {
            maps.join(DistrictMaps::new(pack, on));
        }
        maps
    }

    /// What a home's key stands for: a place's name, or its GEOID where it is not known.
    pub fn name_of(&self, key: &str) -> String {
        Home::from_key(key).map_or_else(|_| key.to_owned(), |home| places::name(self, &home))
    }

    /// The id of what they hold together.
    pub fn pack_id(&self) -> String {
        self.packs.id().to_string()
    }

    /// Whether a place is known, and a district of it under any of its maps, if one is named.
    pub(crate) fn has_district(&self, geoid: &str, district: Option<&District>) -> bool {
        let is_of_place = |division: DivisionView<'_>| {
            division.record.kind == kind::DISTRICT
                && division.geoid() == geoid
                && district.is_some_and(|label| label.as_str() == division.name())
        };
        let has = |pack: &Arc<Pack>| {
            let mut all =
                (0..pack.divisions().len() as u32).filter_map(|number| pack.division(number));
            all.any(is_of_place)
        };
        self.numbers.contains_key(geoid) && (district.is_none() || self.packs.all().any(has))
    }

    /// GEOIDs of the map's areas by OCD id.
    pub(crate) fn geoids_by_division(&self) -> HashMap<String, String> {
        let divisions = self.numbers.iter().filter_map(|(geoid, (pack, number))| {
            let id = pack.division(*number)?.ocd_id()?.to_owned();
            Some((id, geoid.clone()))
        });
        divisions.collect()
    }

    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    pub(crate) fn place(&self, geoid: &str) -> Option<Place> {
        let (pack, number) = self.numbers.get(geoid)?;
        let division = pack.division(*number)?;
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
