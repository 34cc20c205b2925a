//! Which areas are governments.
//!
//! The Census Bureau draws many areas that govern nothing: census-designated places, balances
//! of consolidated cities, fictitious subdivisions made to fill the map. An official may be
//! sought only in an area that governs. The rules are data: functional status, class code, and
//! the states whose townships act. Sources: Census Bureau, "Functional Status Codes", "Class
//! Codes", and the Geographic Areas Reference Manual, chapter 8 (county subdivisions).

use redress_model::division::{DivisionKind, Funcstat};

/// What the rules look at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Status<'text> {
    /// State FIPS.
    pub state: u8,
    /// Functional status, where known.
    pub funcstat: Option<Funcstat>,
    /// Class code, or empty.
    pub classfp: &'text str,
    /// Legal/statistical area code, or empty.
    pub lsad: &'text str,
}

/// States where towns and townships are governments throughout: CT ME MA NH RI VT NJ NY PA MI MN WI, and two of the sample's.
const STRONG: &[u8] = &[9, 23, 25, 33, 44, 50, 34, 36, 42, 26, 27, 55, 97, 98];
/// States where active townships are governments: IL IN KS MO NE ND OH SD, and the sample's.
const TOWNSHIPS: &[u8] = &[17, 18, 20, 29, 31, 38, 39, 46, 88, 89, 93, 94, 95, 99];
/// States whose counties are names alone, whatever a file says of them: CT (its planning regions too) and RI.
const WITHOUT_COUNTIES: &[u8] = &[9, 44];
/// Territories whose counties are municipalities: PR, and the sample's.
const MUNICIPALITIES: &[u8] = &[72, 96];
/// Area codes of statistical places: CDP, comunidad, zona urbana.
const STATISTICAL: &[&str] = &["55", "57", "62"];

/// Whether an area has a government of its own.
pub fn governs(kind: DivisionKind, status: Status<'_>) -> bool {
    let acts = match status.funcstat {
        Some(status) => matches!(
            status,
            Funcstat::Active | Funcstat::PartlyConsolidated | Funcstat::Consolidated
        ),
        None => !STATISTICAL.contains(&status.lsad),
    };
    match kind {
        // C8 is the balance of a consolidated city: the consolidated city governs it.
        DivisionKind::Place => {
            acts && (status.classfp.is_empty() || status.classfp.starts_with('C'))
                && !(status.classfp == "C8" && status.funcstat.is_none())
        }
        DivisionKind::ConsolidatedCity => acts,
        // T5 and C classes lie exactly over a place, which governs.
        DivisionKind::CountySubdivision => {
            acts && status.funcstat.is_some()
                && (STRONG.contains(&status.state) || TOWNSHIPS.contains(&status.state))
                && (status.classfp.is_empty()
                    || status.classfp.starts_with('T') && status.classfp != "T5")
        }
        // A county consolidated with its city (C) is that city's government, not a second one.
        DivisionKind::County => {
            matches!(
                status.funcstat,
                Some(Funcstat::Active | Funcstat::PartlyConsolidated)
            ) && !WITHOUT_COUNTIES.contains(&status.state)
        }
        DivisionKind::District => false,
    }
}

/// Whether the counties of a state are municipalities, so that somebody in one lives outside no city.
pub fn has_municipalities_for_counties(state: u8) -> bool {
    MUNICIPALITIES.contains(&state)
}

/// Whether people of a state's governing county subdivisions are counted in them where no place
/// governs. A New England town is what a city is elsewhere; a township of the plains keeps roads,
/// and who lives in one lives outside any city.
pub fn is_state_of_towns(state: u8) -> bool {
    STRONG.contains(&state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a_city(DivisionKind::Place, 8, "A", "C1", "25", true)]
    #[case::a_census_designated_place(DivisionKind::Place, 8, "S", "U1", "57", false)]
    #[case::the_balance_of_a_metro(DivisionKind::Place, 47, "F", "C8", "00", false)]
    #[case::an_inactive_city(DivisionKind::Place, 8, "I", "C1", "25", false)]
    #[case::a_consolidated_city(DivisionKind::ConsolidatedCity, 47, "A", "C3", "00", true)]
    #[case::a_new_england_town(DivisionKind::CountySubdivision, 25, "A", "T1", "43", true)]
    #[case::an_ohio_township(DivisionKind::CountySubdivision, 39, "A", "T1", "44", true)]
    #[case::a_subdivision_under_a_city(DivisionKind::CountySubdivision, 39, "F", "C5", "25", false)]
    #[case::a_township_where_they_do_not_govern(
        DivisionKind::CountySubdivision,
        5,
        "A",
        "T1",
        "44",
        false
    )]
    #[case::a_statistical_subdivision(DivisionKind::CountySubdivision, 39, "S", "Z5", "22", false)]
    #[case::a_county(DivisionKind::County, 8, "A", "H1", "06", true)]
    #[case::a_county_that_is_its_city(DivisionKind::County, 6, "C", "H6", "06", false)]
    #[case::an_independent_city_as_county(DivisionKind::County, 51, "F", "C7", "25", false)]
    #[case::a_connecticut_county(DivisionKind::County, 9, "N", "H4", "06", false)]
    #[case::a_connecticut_planning_region(DivisionKind::County, 9, "A", "H1", "PL", false)]
    #[case::a_massachusetts_county_that_acts(DivisionKind::County, 25, "A", "H1", "06", true)]
    #[case::a_massachusetts_county_that_does_not(DivisionKind::County, 25, "N", "H4", "06", false)]
    #[case::a_louisiana_parish(DivisionKind::County, 22, "A", "H1", "15", true)]
    #[case::an_alaska_borough(DivisionKind::County, 2, "A", "H1", "04", true)]
    #[case::an_alaska_census_area(DivisionKind::County, 2, "S", "H5", "05", false)]
    #[case::a_puerto_rico_municipio(DivisionKind::County, 72, "A", "H1", "13", true)]
    #[case::a_zona_urbana(DivisionKind::Place, 72, "S", "U1", "62", false)]
    #[case::the_district_of_columbia_as_county(DivisionKind::County, 11, "F", "H6", "00", false)]
    #[case::washington(DivisionKind::Place, 11, "A", "C3", "25", true)]
    #[case::new_york_city(DivisionKind::Place, 36, "A", "C3", "25", true)]
    #[case::a_borough_of_new_york_as_county(DivisionKind::County, 36, "C", "H6", "06", false)]
    #[case::a_borough_of_new_york_as_subdivision(
        DivisionKind::CountySubdivision,
        36,
        "I",
        "Z3",
        "21",
        false
    )]
    #[case::an_independent_city(DivisionKind::Place, 51, "A", "C7", "25", true)]
    #[case::baltimore_as_county(DivisionKind::County, 24, "F", "C7", "25", false)]
    #[case::a_new_jersey_township(DivisionKind::CountySubdivision, 34, "A", "T1", "44", true)]
    #[case::a_town_that_lies_exactly_over_its_city(
        DivisionKind::CountySubdivision,
        25,
        "A",
        "T5",
        "43",
        false
    )]
    #[case::an_inactive_township(DivisionKind::CountySubdivision, 31, "I", "T9", "44", false)]
    #[case::a_village(DivisionKind::Place, 39, "A", "C1", "47", true)]
    #[case::a_city_partly_consolidated(DivisionKind::Place, 13, "B", "C1", "25", true)]
    fn governs_by_rule(
        #[case] kind: DivisionKind,
        #[case] state: u8,
        #[case] funcstat: &str,
        #[case] classfp: &str,
        #[case] lsad: &str,
        #[case] expected: bool,
    ) {
        let status = Status {
            state,
            funcstat: Funcstat::parse(funcstat),
            classfp,
            lsad,
        };
        assert_eq!(governs(kind, status), expected);
    }

    #[test]
    fn a_town_is_a_home_and_a_rural_township_is_not() {
        let [massachusetts, pennsylvania, wisconsin] = [25, 42, 55];
        assert!(
            [massachusetts, pennsylvania, wisconsin]
                .into_iter()
                .all(is_state_of_towns)
        );
        let [illinois, ohio, kansas, colorado] = [17, 39, 20, 8];
        assert!(
            ![illinois, ohio, kansas, colorado]
                .into_iter()
                .any(is_state_of_towns)
        );
    }

    #[test]
    fn without_a_status_the_area_code_tells_a_designated_place() {
        assert!(!governs(
            DivisionKind::Place,
            Status {
                lsad: "57",
                ..Status::default()
            }
        ));
        assert!(governs(
            DivisionKind::Place,
            Status {
                lsad: "25",
                ..Status::default()
            }
        ));
    }
}
