//! District maps by the place that they divide: which is in force on a day, and from when to when.

use crate::pack::Pack;
use crate::pack::section::{MapRecord, NONE, kind};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeSet, HashMap};

/// Whether a place's districts are known on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MapState {
    /// No map of it is on file.
    #[default]
    Absent,
    /// One is in force.
    InForce,
    /// The last one is over.
    Expired,
    /// The first one is still to come.
    Ahead,
}

impl MapState {
    /// Its word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::InForce => "in_force",
            Self::Expired => "expired",
            Self::Ahead => "ahead",
        }
    }
}

/// A place's district map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DistrictMap {
    /// How it stands.
    pub state: MapState,
    /// First day in force; `None` when open, and without a map.
    pub valid_from: Option<NaiveDate>,
    /// First day no longer in force; `None` when open, and without a map.
    pub valid_to: Option<NaiveDate>,
    /// Its districts' labels.
    pub labels: BTreeSet<String>,
}

/// The maps of a pack on a day: of each place the one in force, else the one nearest to it.
#[derive(Debug, Default)]
pub struct DistrictMaps(HashMap<String, DistrictMap>);

impl DistrictMaps {
    /// Reads them.
    pub fn new(pack: &Pack, on: NaiveDate) -> Self {
        let day = on.num_days_from_ce();
        let mut chosen: HashMap<u32, (u32, &MapRecord)> = HashMap::new();
        for (number, map) in pack.maps().iter().enumerate() {
            let number = number as u32;
            let best = chosen.entry(map.place).or_insert((number, map));
            if rank(map, day) > rank(best.1, day) {
                *best = (number, map);
            }
        }
        let drawn = labels_by_map(pack);
        let stated = labels_by_place(pack);
        let maps = chosen.into_iter().filter_map(|(place, (number, map))| {
            let geoid = pack.division(place)?.geoid().to_owned();
            // A list of addresses states districts without drawing them.
            let labels = drawn.get(&number).or_else(|| stated.get(&geoid));
            let known = DistrictMap {
                state: state(map, day),
                valid_from: date(map.valid_from),
                valid_to: date(map.valid_to),
                labels: labels.cloned().unwrap_or_default(),
            };
            Some((geoid, known))
        });
        Self(maps.collect())
    }

    /// Those of another pack too, where this one has none.
    pub fn join(&mut self, other: Self) {
        for (geoid, map) in other.0 {
            self.0.entry(geoid).or_insert(map);
        }
    }

    /// A place's.
    pub fn of(&self, geoid: &str) -> DistrictMap {
        self.0.get(geoid).cloned().unwrap_or_default()
    }
}

fn state(map: &MapRecord, day: i32) -> MapState {
    if day < map.valid_from {
        MapState::Ahead
    } else if day < map.valid_to {
        MapState::InForce
    } else {
        MapState::Expired
    }
}

/// In force before over before to come; of two alike the later source, as answers have it, or the nearer day.
fn rank(map: &MapRecord, day: i32) -> (u8, i64) {
    match state(map, day) {
        MapState::InForce => (2, i64::from(map.source)),
        MapState::Expired => (1, i64::from(map.valid_to)),
        MapState::Ahead | MapState::Absent => (0, -i64::from(map.valid_from)),
    }
}

/// `None` where a period is open.
fn date(days: i32) -> Option<NaiveDate> {
    let is_open = days == i32::MIN || days == i32::MAX;
    NaiveDate::from_num_days_from_ce_opt(days).filter(|_| !is_open)
}

fn labels_by_map(pack: &Pack) -> HashMap<u32, BTreeSet<String>> {
    let mut labels: HashMap<u32, BTreeSet<String>> = HashMap::new();
    for polygon in pack.polygons() {
        if polygon.map != NONE
            && let Some(district) = pack.division(polygon.division)
        {
            let of_map = labels.entry(polygon.map).or_default();
            of_map.insert(district.name().to_owned());
        }
    }
    labels
}

fn labels_by_place(pack: &Pack) -> HashMap<String, BTreeSet<String>> {
    let mut labels: HashMap<String, BTreeSet<String>> = HashMap::new();
    let districts = (0..pack.divisions().len() as u32)
        .filter_map(|number| pack.division(number))
        .filter(|division| division.record.kind == kind::DISTRICT);
    for district in districts {
        let of_place = labels.entry(district.geoid().to_owned()).or_default();
        of_place.insert(district.name().to_owned());
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_in_force_comes_before_the_last_and_the_next() {
        let map = |valid_from, valid_to, source| MapRecord {
            place: 0,
            valid_from,
            valid_to,
            source,
        };
        let (old, now, newer) = (
            map(i32::MIN, 100, 9),
            map(100, 200, 1),
            map(100, i32::MAX, 2),
        );
        let best = |day: i32| {
            let maps = [old, now, newer];
            let best = maps.iter().max_by_key(|map| rank(map, day)).copied();
            best.map(|map| (map.source, state(&map, day)))
        };
        assert_eq!(best(99), Some((9, MapState::InForce)));
        assert_eq!(best(100), Some((2, MapState::InForce)));
        let ended = [old, map(100, 150, 3)];
        let last = ended.iter().max_by_key(|map| rank(map, 160));
        assert_eq!(
            last.map(|map| (map.source, state(map, 160))),
            Some((3, MapState::Expired))
        );
        assert_eq!(state(&now, 99), MapState::Ahead);
        assert_eq!((date(i32::MIN), date(i32::MAX)), (None, None));
    }
}
