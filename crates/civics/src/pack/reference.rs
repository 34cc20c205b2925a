//! Divisions as answers name them: made once, shared by every answer.

use super::Pack;
use super::section::kind;
use redress_model::resolution::{CountyRef, GovernmentRef, PlaceRef};
use std::sync::{Arc, OnceLock};

/// What has been named so far, by the division's number.
#[derive(Debug, Default)]
pub(super) struct References(Vec<OnceLock<Reference>>);

/// One division, named in each way.
#[derive(Debug, Clone)]
struct Reference {
    place: Arc<PlaceRef>,
    county: Arc<CountyRef>,
    government: Arc<GovernmentRef>,
}

impl References {
    pub(super) fn new(divisions: usize) -> Self {
        Self((0..divisions).map(|_| OnceLock::new()).collect())
    }
}

impl Pack {
    fn reference(&self, number: u32) -> Option<&Reference> {
        let known = self.references().0.get(number as usize)?;
        if let Some(known) = known.get() {
            return Some(known);
        }
        let division = self.division(number)?;
        let owned = str::to_owned;
        let (geoid, name) = (division.geoid(), division.full_name());
        let ocd_id = division.ocd_id().map(owned);
        let made = Reference {
            place: Arc::new(PlaceRef {
                geoid: owned(geoid),
                name: owned(name),
                ocd_id: ocd_id.clone(),
            }),
            county: Arc::new(CountyRef {
                fips: owned(geoid),
                name: Some(owned(name)).filter(|name| !name.is_empty()),
            }),
            government: Arc::new(GovernmentRef {
                geoid: owned(geoid),
                name: owned(name),
                kind: match division.record.kind {
                    kind::COUNTY => "county",
                    kind::COUSUB => "county_subdivision",
                    kind::CONCITY => "consolidated_city",
                    _ => "place",
                }
                .to_owned(),
                ocd_id,
            }),
        };
        Some(known.get_or_init(|| made))
    }

    /// A division as the municipality of an answer.
    pub fn place_reference(&self, number: u32) -> Option<Arc<PlaceRef>> {
        self.reference(number).map(|known| Arc::clone(&known.place))
    }

    /// A division as the county of an answer.
    pub fn county_reference(&self, number: u32) -> Option<Arc<CountyRef>> {
        self.reference(number)
            .map(|known| Arc::clone(&known.county))
    }

    /// A division as one of the governments of an answer.
    pub fn government_reference(&self, number: u32) -> Option<Arc<GovernmentRef>> {
        self.reference(number)
            .map(|known| Arc::clone(&known.government))
    }
}
