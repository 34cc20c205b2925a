//! Counts of a made-up county, out of order as a map of homes might give them.

use redress_model::geoid::Geoid;
use redress_model::home::{District, Home};
use redress_model::resolution::Point;
use redress_model::tally::{DistrictTally, HomeTally, Tally};
use redress_reports::counts::{self, CountRow};
use redress_reports::place::Place;

pub fn by_place() -> Vec<CountRow> {
    counts::by_place(homes(), find_place)
}

pub fn by_district() -> Vec<CountRow> {
    counts::by_district(districts(), find_place)
}

pub fn home(key: &str) -> Home {
    Home::from_key(key).expect("a home's key")
}

fn homes() -> Vec<HomeTally> {
    let homes = [
        ("unlocated", [2, 0, 2]),
        ("0845970", [3, 0, 0]),
        ("outside", [4, 1, 0]),
        ("0899999", [1, 0, 0]),
        ("08005", [0, 0, 0]),
        ("0804000", [11, 2, 5]),
    ];
    let tally = |(key, numbers)| HomeTally {
        home: home(key),
        tally: tally(numbers),
        over: 9,
    };
    homes.map(tally).to_vec()
}

fn districts() -> Vec<DistrictTally> {
    let districts = [
        ("unlocated", "", [2, 0, 2]),
        ("0845970", "C", [1, 0, 0]),
        ("0804000", "", [1, 0, 1]),
        ("0845970", "10", [2, 0, 0]),
        ("0804000", "10", [4, 0, 4]),
        ("outside", "", [4, 1, 0]),
        ("0899999", "", [1, 0, 0]),
        ("0804000", "2", [6, 2, 0]),
        ("0804000", "3", [0, 0, 0]),
    ];
    let tally = |(key, label, numbers)| DistrictTally {
        home: home(key),
        district: District::parse(label).ok(),
        tally: tally(numbers),
    };
    districts.map(tally).to_vec()
}

fn tally([counted, self_asserted, paper]: [i64; 3]) -> Tally {
    Tally {
        counted,
        self_asserted,
        paper,
    }
}

/// The third of its governments is known to nobody, the second is nowhere on the map.
fn find_place(geoid: &Geoid) -> Option<Place> {
    let (name, point) = match geoid.as_str() {
        "0804000" => ("Aurora city", Some((39.7294, -104.8319))),
        "0845970" => ("Little \"Ton\", city", None),
        _ => return None,
    };
    Some(Place {
        name: name.to_owned(),
        state: "CO".to_owned(),
        point: point.map(|(lat, lon)| Point { lat, lon }),
    })
}
