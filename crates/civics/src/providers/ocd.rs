//! What Open Civic Data ids say of a municipality and a district.

use super::{Divisions, PlaceSaid};
use crate::officials::district_label;

/// Kinds of division that may govern a city: the last for San Francisco, Denver and their like.
const PLACES: [&str; 2] = ["place", "consolidated_city"];
/// Kinds of council district.
const DISTRICTS: [&str; 2] = ["council_district", "ward"];

/// Municipality and district of one address, from all the ids that hold it. Ids of counties and
/// states alone say nothing of a municipality: who lists them may not know the city.
pub fn divisions<'ids>(ids: impl IntoIterator<Item = &'ids str>) -> Divisions {
    let mut divisions = Divisions::default();
    let mut places: Vec<PlaceSaid> = Vec::new();
    for id in ids {
        let mut parent = String::new();
        for part in id.split('/') {
            let (kind, value) = part.split_once(':').unwrap_or((part, ""));
            if DISTRICTS.contains(&kind) {
                if divisions.district.is_none() {
                    // Ids write a space as an underscore.
                    divisions.district = district_label(&value.replace('_', " "));
                }
                // What has council districts is the municipality, whatever its kind.
                add(&mut places, &parent);
            }
            if !parent.is_empty() {
                parent.push('/');
            }
            parent.push_str(part);
            if PLACES.contains(&kind) || (kind == "district" && value == "dc") {
                add(&mut places, &parent);
            }
        }
    }
    if !places.is_empty() {
        divisions.places = Some(places);
    }
    divisions
}

fn add(places: &mut Vec<PlaceSaid>, id: &str) {
    let said = PlaceSaid::Ocd(id.to_owned());
    if !places.contains(&said) {
        places.push(said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ocd(id: &str) -> Vec<PlaceSaid> {
        vec![PlaceSaid::Ocd(id.into())]
    }

    #[test]
    fn ids_say_the_municipality_and_its_district() {
        let said = divisions([
            "ocd-division/country:us",
            "ocd-division/country:us/state:zz",
            "ocd-division/country:us/state:zz/county:sample",
            "ocd-division/country:us/state:zz/place:alder",
            "ocd-division/country:us/state:zz/place:alder/ward:3",
        ]);
        assert_eq!(
            said.places,
            Some(ocd("ocd-division/country:us/state:zz/place:alder"))
        );
        assert_eq!(said.district.as_deref(), Some("3"));
    }

    #[test]
    fn a_city_that_is_a_county_is_known_by_its_districts() {
        let said = divisions(["ocd-division/country:us/state:zz/county:birch/council_district:c"]);
        assert_eq!(
            said.places,
            Some(ocd("ocd-division/country:us/state:zz/county:birch"))
        );
        assert_eq!(said.district.as_deref(), Some("C"));
    }

    #[test]
    fn a_county_alone_says_nothing_of_a_city() {
        let said = divisions([
            "ocd-division/country:us/state:zz",
            "ocd-division/country:us/state:zz/county:sample",
            "ocd-division/country:us/state:zz/sldl:4",
        ]);
        assert_eq!(said, Divisions::default());
    }
}
