//! The Census Bureau's TIGER/Line files: which there are for a state, and where.
//!
//! Names and folders are those of the *TIGER/Line Shapefiles Technical Documentation*, chapter 2.

use super::{Absence, Wanted};
use crate::words::state::{self, State};

/// Where the Census Bureau publishes them.
pub const BASE: &str = "https://www2.census.gov/geo/tiger";

/// The newest year that is known to be published.
pub const NEWEST: u16 = 2025;

/// The first year whose files have the layout that is read.
pub const OLDEST: u16 = 2011;

/// The folder of a year below the base.
pub fn folder(year: u16) -> String {
    format!("TIGER{year}")
}

/// The state that a person means: a USPS code, a name, or a FIPS code.
pub fn state(text: &str) -> Option<&'static State> {
    let text = text.trim();
    let known = match text.parse::<u8>() {
        Ok(fips) if text.len() <= 2 => state::by_fips(fips),
        _ => state::by_text(&text.to_uppercase()),
    };
    known.filter(|state| !is_mail_only(state))
}

/// Armed-forces "states" exist for the mail alone.
fn is_mail_only(state: &State) -> bool {
    matches!(state.usps, "AA" | "AE" | "AP")
}

/// The counties of the nation: names, status, polygons.
pub fn counties(year: u16) -> Wanted {
    wanted(
        year,
        "us",
        "county",
        Absence::Failure(format!(
            "is TIGER/Line of {year} published, and is this a copy of the Census Bureau's tree?"
        )),
    )
}

/// The layers of a state as a whole.
pub fn of_state(year: u16, state: &State) -> Vec<Wanted> {
    let fips = format!("{:02}", state.fips);
    let missing = |layer: &str| {
        Absence::Failure(format!(
            "every state has a {layer} layer; is TIGER/Line of {year} published whole?"
        ))
    };
    vec![
        wanted(year, &fips, "place", missing("PLACE")),
        wanted(year, &fips, "cousub", missing("COUSUB")),
        // Only states with a consolidated city have this layer.
        wanted(year, &fips, "concity", Absence::Normal),
    ]
}

/// The layers of a county, by its FIPS code of five digits.
pub fn of_county(year: u16, fips: &str, with_names: bool) -> Vec<Wanted> {
    let missing = Absence::Failure(format!(
        "has county {fips} been renumbered, or is it one without address ranges, as on the Pacific islands?"
    ));
    let mut layers = vec![
        wanted(year, fips, "addrfeat", missing.clone()),
        wanted(year, fips, "faces", missing),
    ];
    if with_names {
        layers.push(wanted(year, fips, "featnames", Absence::Normal));
    }
    layers
}

fn wanted(year: u16, area: &str, layer: &str, absence: Absence) -> Wanted {
    let name = format!("tl_{year}_{area}_{layer}.zip");
    Wanted {
        path: format!("{}/{}/{name}", folder(year), layer.to_uppercase()),
        name,
        absence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_where_the_census_bureau_has_them() {
        let paths: Vec<String> = of_county(2025, "08001", true)
            .into_iter()
            .chain(of_state(2025, state("CO").unwrap()))
            .chain([counties(2025)])
            .map(|wanted| wanted.path)
            .collect();
        assert_eq!(
            paths,
            [
                "TIGER2025/ADDRFEAT/tl_2025_08001_addrfeat.zip",
                "TIGER2025/FACES/tl_2025_08001_faces.zip",
                "TIGER2025/FEATNAMES/tl_2025_08001_featnames.zip",
                "TIGER2025/PLACE/tl_2025_08_place.zip",
                "TIGER2025/COUSUB/tl_2025_08_cousub.zip",
                "TIGER2025/CONCITY/tl_2025_08_concity.zip",
                "TIGER2025/COUNTY/tl_2025_us_county.zip",
            ]
        );
    }

    #[test]
    fn a_state_is_known_by_code_name_and_number() {
        for text in ["CO", "co", " Colorado ", "08", "8"] {
            assert_eq!(state(text).map(|state| state.fips), Some(8), "{text}");
        }
        for text in ["AE", "91", "Atlantis", "", "080", "3"] {
            assert!(state(text).is_none(), "{text}");
        }
    }
}
