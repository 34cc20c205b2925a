//! Where to look for a street: its ZIP, its city's other ZIPs, streets without a ZIP, the ZIPs nearby.

use super::super::reasons::Reasons;
use super::super::street::cost;
use super::Search;
use crate::pack::Pack;
use crate::pack::format::{COUNTY_AREA, STATE_AREA};
use crate::pack::section::{AreaRecord, CityRecord};
use crate::parse::Parsed;
use redress_model::resolution::Reason;
use smallvec::{SmallVec, smallvec};
use std::ops::Range;

/// Runs of area codes.
pub(super) type Areas = SmallVec<[Range<u32>; 2]>;

/// Areas to look in, with what looking there costs.
pub(super) struct Step {
    /// The areas.
    pub(super) areas: Areas,
    /// What looking there costs.
    pub(super) penalty: u32,
    /// Why it costs so.
    pub(super) reasons: Reasons,
}

/// What is known of where to look.
pub(super) struct Ground<'search> {
    pack: &'search Pack,
    zip: Option<u32>,
    state: u8,
    is_state_written: bool,
    city: Option<&'search str>,
    /// The ZIP has the city, as far as is known.
    zip_has_city: bool,
}

impl<'search> Ground<'search> {
    pub(super) fn new(
        pack: &'search Pack,
        parsed: &'search Parsed,
        city: Option<&'search str>,
        search: &mut Search<'_>,
    ) -> Self {
        let area = parsed.zip.and_then(|zip| pack.area(zip));
        let state = match (parsed.state, &area) {
            (0, Some(area)) => area.record.state as u8,
            (state, _) => state,
        };
        let zip_has_city = city.is_none_or(|city| {
            area.is_none_or(|area| {
                area.record.city_count == 0
                    || area.cities().any(|known| pack.is_text(known.name, city))
            })
        });
        let ground = Self {
            pack,
            zip: parsed.zip,
            state,
            is_state_written: parsed.state != 0,
            city,
            zip_has_city,
        };
        search.zip_and_city_disagree |=
            parsed.zip.is_some() && !zip_has_city && ground.known_city().is_some();
        ground
    }

    fn known_city(&self) -> Option<&'search CityRecord> {
        self.city.and_then(|city| self.pack.city(self.state, city))
    }

    /// The ZIP as it is written; else the city's, else the state.
    pub(super) fn first_step(&self, search: &Search<'_>) -> Option<Step> {
        let Some(zip) = self.zip else {
            return self.city_step().or_else(|| self.state_step());
        };
        Some(Step {
            areas: smallvec![one(zip)],
            penalty: if search.zip_and_city_disagree {
                cost::CITY
            } else {
                0
            },
            reasons: if self.zip_has_city {
                Reasons::default()
            } else {
                Reasons::one(Reason::ZipCityDisagree)
            },
        })
    }

    /// Where else to look, in the order of what it costs.
    pub(super) fn further_steps(&self, search: &Search<'_>, steps: &mut SmallVec<[Step; 4]>) {
        let Self { pack, state, .. } = *self;
        let known_city = self.known_city();
        let zipless = zipless_areas(pack, state);
        let without_zip = |areas| Step {
            areas,
            penalty: 1,
            reasons: Reasons::one(Reason::ZipNotInSource),
        };
        if let Some(zip) = self.zip {
            if let Some(city) = known_city {
                let reasons = Reasons::one(Reason::ZipDiffers);
                let (penalty, reasons) = if search.zip_and_city_disagree {
                    (cost::CITY, reasons.and(Reason::ZipCityDisagree))
                } else {
                    (cost::ZIP, reasons)
                };
                let codes = pack.areas_of(city).iter().copied();
                steps.push(Step {
                    areas: codes.filter(|code| *code != zip).map(one).collect(),
                    penalty,
                    reasons,
                });
            }
            steps.push(without_zip(zipless));
            let near = zip / 100 * 100;
            steps.push(Step {
                areas: smallvec![near..zip, zip + 1..near + 100],
                penalty: cost::NEAR_ZIP,
                reasons: Reasons::one(Reason::ZipDiffers),
            });
        } else if self.city_step().is_some() {
            steps.push(without_zip(zipless));
        }
    }

    /// Without a ZIP: the ZIPs of the city.
    fn city_step(&self) -> Option<Step> {
        let city = self.known_city()?;
        let codes = self.pack.areas_of(city).iter().copied();
        let mut areas: Areas = codes.map(one).collect();
        areas.sort_by_key(|area| area.start);
        Some(Step {
            areas,
            penalty: 0,
            reasons: Reasons::one(Reason::ZipMissing),
        })
    }

    /// Without a ZIP and a known city: the whole state, if one is written.
    fn state_step(&self) -> Option<Step> {
        if !self.is_state_written {
            return None;
        }
        let mut areas = zipless_areas(self.pack, self.state);
        let of_state =
            |area: &&AreaRecord| area.state == u32::from(self.state) && area.code < COUNTY_AREA;
        areas.extend(
            self.pack
                .areas()
                .iter()
                .filter(of_state)
                .map(|area| one(area.code)),
        );
        Some(Step {
            areas,
            penalty: cost::STATE_ONLY,
            reasons: Reasons::one(Reason::ZipMissing),
        })
    }
}

pub(super) fn one(area: u32) -> Range<u32> {
    area..area.saturating_add(1)
}

/// The areas of a state's streets whose source has no ZIP.
fn zipless_areas(pack: &Pack, state: u8) -> Areas {
    if state == 0 {
        return Areas::new();
    }
    let state = u32::from(state);
    [
        COUNTY_AREA + state * 1000..COUNTY_AREA + (state + 1) * 1000,
        STATE_AREA + state..STATE_AREA + state + 1,
    ]
    .into_iter()
    .filter(|areas| pack.has_area_in(areas))
    .collect()
}
