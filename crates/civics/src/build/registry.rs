//! The divisions of a pack, gathered from every source that speaks of them.

use super::ocd;
use crate::geometry::Spot;
use crate::government::{Status, governs};
use redress_model::division::{DivisionKind, Funcstat};
use std::collections::HashMap;
use std::sync::Arc;

/// A division as far as the sources describe it; empty where they do not.
#[derive(Debug, Clone, Default)]
pub struct Division {
    /// GEOID; a district's is its city's.
    pub geoid: String,
    /// Bare name; a district's is its label.
    pub name: String,
    /// Name with its legal kind.
    pub full_name: String,
    /// State FIPS.
    pub state: u8,
    /// Functional status.
    pub funcstat: Option<Funcstat>,
    /// Class code.
    pub classfp: String,
    /// Legal/statistical area code.
    pub lsad: String,
    /// Open Civic Data id.
    pub ocd_id: Option<String>,
    /// A point within.
    pub centre: Option<Spot>,
}

impl Division {
    /// Takes over what another description knows: the later wins where both speak.
    fn merge(&mut self, later: Self) {
        let take = |mine: &mut String, theirs: String| {
            if !theirs.is_empty() {
                *mine = theirs;
            }
        };
        take(&mut self.name, later.name);
        take(&mut self.full_name, later.full_name);
        take(&mut self.classfp, later.classfp);
        take(&mut self.lsad, later.lsad);
        if later.state != 0 {
            self.state = later.state;
        }
        self.funcstat = later.funcstat.or(self.funcstat);
        self.ocd_id = later.ocd_id.or(self.ocd_id.take());
        self.centre = later.centre.or(self.centre);
    }
}

/// All divisions.
///
/// While addresses are read, several readers add to forks of one registry that no longer changes: the numbers of a fork's own
/// divisions follow the base's, and are changed for good ones when the fork is adopted.
#[derive(Debug, Default)]
pub struct Registry {
    base: Option<Arc<Self>>,
    divisions: Vec<(DivisionKind, Division)>,
    by_geoid: HashMap<(DivisionKind, String, String), u32>,
    /// Known Open Civic Data ids.
    pub ocd: ocd::Known,
}

impl Registry {
    /// A registry that adds to another's divisions.
    pub fn fork(base: &Arc<Self>) -> Self {
        Self {
            base: Some(Arc::clone(base)),
            ..Self::default()
        }
    }

    /// How many divisions the base has; 0 without one.
    pub fn in_base(&self) -> u32 {
        self.base
            .as_ref()
            .map_or(0, |base| base.divisions.len() as u32)
    }

    /// Takes what another fork of the same base has added; the number here of each addition, in
    /// order.
    pub fn adopt(&mut self, fork: Self) -> Vec<u32> {
        fork.divisions
            .into_iter()
            .map(|(kind, division)| self.add(kind, division))
            .collect()
    }

    /// Base and additions as one.
    pub fn whole(self) -> Self {
        let Some(base) = self.base else { return self };
        let mut whole = Arc::try_unwrap(base).unwrap_or_else(|shared| Self {
            base: None,
            divisions: shared.divisions.clone(),
            by_geoid: shared.by_geoid.clone(),
            ocd: shared.ocd.clone(),
        });
        whole.divisions.extend(self.divisions);
        whole.by_geoid.extend(self.by_geoid);
        whole
    }

    fn number_of(&self, key: &(DivisionKind, String, String)) -> Option<u32> {
        let known = self.base.as_ref().and_then(|base| base.by_geoid.get(key));
        known.or_else(|| self.by_geoid.get(key)).copied()
    }

    fn entry(&self, number: u32) -> &(DivisionKind, Division) {
        match &self.base {
            Some(base) if number < base.divisions.len() as u32 => &base.divisions[number as usize],
            _ => &self.divisions[(number - self.in_base()) as usize],
        }
    }

    /// Adds a division or what is newly known of it; its number.
    pub fn add(&mut self, kind: DivisionKind, mut division: Division) -> u32 {
        if division.state == 0 {
            division.state = division
                .geoid
                .get(..2)
                .and_then(|fips| fips.parse().ok())
                .unwrap_or(0);
        }
        // Districts share their city's GEOID; the label tells them apart.
        let label = if kind == DivisionKind::District {
            division.name.clone()
        } else {
            String::new()
        };
        let key = (kind, division.geoid.clone(), label);
        if let Some(number) = self.number_of(&key) {
            // What the base knows of a division came from sources that describe it.
            if let Some(own) = number.checked_sub(self.in_base()) {
                self.divisions[own as usize].1.merge(division);
            }
            return number;
        }
        let number = self.in_base() + self.divisions.len() as u32;
        self.divisions.push((kind, division));
        self.by_geoid.insert(key, number);
        number
    }

    /// The number of an area by its GEOID.
    pub fn find(&self, kind: DivisionKind, geoid: &str) -> Option<u32> {
        self.number_of(&(kind, geoid.to_owned(), String::new()))
    }

    /// The number of an area, known so far by its GEOID alone if need be.
    pub fn find_or_add(&mut self, kind: DivisionKind, geoid: &str) -> u32 {
        self.find(kind, geoid).unwrap_or_else(|| {
            self.add(
                kind,
                Division {
                    geoid: geoid.to_owned(),
                    ..Division::default()
                },
            )
        })
    }

    /// A district of a place by its label.
    pub fn district(&mut self, place: u32, label: &str) -> u32 {
        let geoid = self.get(place).geoid.clone();
        let key = (DivisionKind::District, geoid.clone(), label.to_owned());
        if let Some(number) = self.number_of(&key) {
            return number;
        }
        self.add(
            DivisionKind::District,
            Division {
                geoid,
                name: label.to_owned(),
                full_name: format!("District {label}"),
                ..Division::default()
            },
        )
    }

    /// A division by number.
    pub fn get(&self, number: u32) -> &Division {
        &self.entry(number).1
    }

    /// What a division is.
    pub fn kind(&self, number: u32) -> DivisionKind {
        self.entry(number).0
    }

    /// All of a whole registry, by number.
    pub fn all(&self) -> &[(DivisionKind, Division)] {
        &self.divisions
    }

    /// Whether a division has a government of its own.
    pub fn governs(&self, number: u32) -> bool {
        let (kind, division) = self.entry(number);
        governs(
            *kind,
            Status {
                state: division.state,
                funcstat: division.funcstat,
                classfp: &division.classfp,
                lsad: &division.lsad,
            },
        )
    }

    /// Gives every division an Open Civic Data id that has none and can have one.
    pub fn fill_ocd_ids(&mut self) {
        let mut covered: HashMap<u8, bool> = HashMap::new();
        for number in 0..self.divisions.len() {
            let (kind, division) = &self.divisions[number];
            if division.ocd_id.is_some() || division.name.is_empty() {
                continue;
            }
            let usps = crate::words::state::usps(division.state);
            let state_is_covered = *covered
                .entry(division.state)
                .or_insert_with(|| self.ocd.covers(usps));
            let county = |geoid: &str| {
                self.find(DivisionKind::County, geoid.get(..5)?)
                    .map(|number| ocd::county(usps, &self.get(number).name))
            };
            let made = match kind {
                DivisionKind::Place | DivisionKind::ConsolidatedCity => {
                    self.ocd.place(usps, &division.name, state_is_covered)
                }
                // An independent city's county is the city; its id is the place's.
                DivisionKind::County if division.classfp == "C7" => None,
                DivisionKind::County => Some(ocd::county(usps, &division.name)),
                DivisionKind::CountySubdivision => county(&division.geoid)
                    .map(|county| format!("{county}/place:{}", ocd::slug(&division.name))),
                DivisionKind::District => None,
            };
            self.divisions[number].1.ocd_id = made.filter(|_| !usps.is_empty());
        }
        // Districts hang on their places' ids, which now exist.
        for number in 0..self.divisions.len() {
            let (kind, division) = &self.divisions[number];
            if *kind == DivisionKind::District && division.ocd_id.is_none() {
                let place = self
                    .find(DivisionKind::Place, &division.geoid)
                    .and_then(|place| self.get(place).ocd_id.clone());
                self.divisions[number].1.ocd_id = place.and_then(|place| {
                    self.ocd
                        .district(&place, None, &self.divisions[number].1.name)
                });
            }
        }
    }

    /// GEOIDs by Open Civic Data id.
    pub fn geoids_by_ocd_id(&self) -> HashMap<String, String> {
        self.divisions
            .iter()
            .filter(|(kind, _)| *kind != DivisionKind::District)
            .filter_map(|(_, division)| Some((division.ocd_id.clone()?, division.geoid.clone())))
            .collect()
    }
}
