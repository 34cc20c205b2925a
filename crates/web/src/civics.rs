//! Map and officials in use, and the names of places.

use chrono::NaiveDate;
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_civics::pack::section::kind;
use redress_civics::parse::Input;
use redress_civics::resolve::Resolver;
use redress_civics::words::state;
use redress_model::resolution::Resolution;
use std::collections::HashMap;
use std::sync::Arc;

/// A pack with the directory that goes with it.
pub struct Civics {
    pack: Arc<Pack>,
    directory: Directory,
    numbers: Arc<HashMap<String, u32>>,
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
        }
    }

    /// The same map with another directory.
    #[must_use]
    pub fn with_directory(&self, directory: Directory) -> Self {
        Self {
            pack: Arc::clone(&self.pack),
            directory,
            numbers: Arc::clone(&self.numbers),
        }
    }

    /// The answer for an address on a day.
    pub(crate) fn resolve(&self, input: &Input<'_>, on: NaiveDate) -> Resolution {
        Resolver::new(&self.pack, Some(&self.directory)).resolve(input, on)
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
