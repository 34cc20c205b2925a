//! What a city has done about a petition's ask, in words.

use crate::dates::day;
use crate::spoken::t;
use redress_model::batch::{CityStatus, PlaceStatus};

/// As a city's page shows it.
pub(crate) struct StatusView {
    /// What.
    pub said: &'static str,
    /// Since when.
    pub since: Option<String>,
    /// A web address that says so; what is none is no link.
    pub source: Option<String>,
}

impl StatusView {
    pub(crate) fn new(known: PlaceStatus) -> Self {
        let is_address =
            |source: &String| source.starts_with("https://") || source.starts_with("http://");
        Self {
            said: match known.status {
                CityStatus::Forbid => {
                    t("Nothing of the kind is known here. The petition asks to forbid it.")
                }
                CityStatus::End => t("It exists here. The petition asks to end it."),
                CityStatus::UnderStudy => t("The council has the ask under study."),
                CityStatus::Met => t("The ask is met."),
            },
            since: known.since_on.map(day),
            source: known.source.filter(is_address),
        }
    }
}

/// A status in a table's cell.
pub(crate) fn short(status: CityStatus) -> &'static str {
    match status {
        CityStatus::Forbid => t("to forbid"),
        CityStatus::End => t("to end"),
        CityStatus::UnderStudy => t("under study"),
        CityStatus::Met => t("met"),
    }
}
