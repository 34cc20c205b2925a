//! What Open Civic Data ids say of a municipality and a district.

use super::{DistrictSaid, Divisions, PlaceSaid};
use crate::officials::district_label;

/// Kinds of division that are municipalities.
const PLACES: [&str; 2] = ["place", "consolidated_city"];
/// Kinds of council district.
const DISTRICTS: [&str; 2] = ["council_district", "ward"];

/// Municipality and districts of one address, from all the ids that hold it. Ids of counties and
/// states say nothing of a municipality: who lists them may not know the city. Their districts
/// are kept as theirs, since a county has a council too, and the city of San Francisco is one.
pub fn divisions<'ids>(ids: impl IntoIterator<Item = &'ids str>) -> Divisions {
    let mut divisions = Divisions::default();
    let mut places: Vec<PlaceSaid> = Vec::new();
    for id in ids {
        let mut parent = String::new();
        for part in id.split('/') {
            let (kind, value) = part.split_once(':').unwrap_or((part, ""));
            if DISTRICTS.contains(&kind)
                // Ids write a space as an underscore.
                && let Some(label) = district_label(&value.replace('_', " "))
            {
                let of = Some(PlaceSaid::Ocd(parent.clone()));
                divisions.districts.push(DistrictSaid { label, of });
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

    fn ocd(id: &str) -> PlaceSaid {
        PlaceSaid::Ocd(id.into())
    }

    #[test]
    fn ids_say_the_municipality_and_whose_each_district_is() {
        let said = divisions([
            "ocd-division/country:us",
            "ocd-division/country:us/state:zz",
            "ocd-division/country:us/state:zz/county:sample",
            "ocd-division/country:us/state:zz/county:sample/council_district:8",
            "ocd-division/country:us/state:zz/place:alder",
            "ocd-division/country:us/state:zz/place:alder/ward:north_side",
        ]);
        let alder = ocd("ocd-division/country:us/state:zz/place:alder");
        assert_eq!(said.places, Some(vec![alder.clone()]));
        let districts = [
            ("8", ocd("ocd-division/country:us/state:zz/county:sample")),
            ("north side", alder),
        ]
        .map(|(label, of)| DistrictSaid {
            label: label.into(),
            of: Some(of),
        });
        assert_eq!(said.districts, districts);
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
