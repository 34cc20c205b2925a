//! Counts by place, with the places' names.

use crate::civics::Civics;
use redress_model::home::Home;
use redress_model::tally::{HomeTally, Tally};
use serde::Serialize;

/// A place's row, as people and programs see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PlaceRow {
    /// Empty outside any city and where nothing is located.
    pub geoid: String,
    /// Name with its legal kind.
    pub name: String,
    /// Two letters, or empty.
    pub state: &'static str,
    /// Confirmed, paper included.
    pub count: i64,
    /// Of these, whose signers chose the place.
    pub self_asserted: i64,
    /// Of these, on paper.
    pub paper: i64,
    /// The place's status in the campaign, once organizers state one.
    pub status: Option<String>,
    /// How many officials were reached.
    pub officials: u32,
    /// Its middle, degrees.
    pub lat: Option<f64>,
    /// Its middle, degrees.
    pub lon: Option<f64>,
}

/// The rows of a petition, those without a GEOID last.
pub(crate) fn rows(civics: &Civics, homes: &[HomeTally]) -> Vec<PlaceRow> {
    homes
        .iter()
        .filter(|home| !home.tally.is_zero())
        .map(|home| row(civics, &home.home, home.tally))
        .collect()
}

/// One home's row.
pub(crate) fn row(civics: &Civics, home: &Home, tally: Tally) -> PlaceRow {
    let geoid = home.geoid().map_or("", |geoid| geoid.as_str());
    let place = civics.place(geoid);
    PlaceRow {
        geoid: geoid.to_owned(),
        name: name(civics, home),
        state: place.as_ref().map_or("", |place| place.state),
        count: tally.counted,
        self_asserted: tally.self_asserted,
        paper: tally.paper,
        status: None,
        officials: 0,
        lat: place.as_ref().map(|place| place.lat),
        lon: place.as_ref().map(|place| place.lon),
    }
}

/// What a home is called.
pub(crate) fn name(civics: &Civics, home: &Home) -> String {
    match home {
        Home::Government(geoid) => civics
            .place(geoid.as_str())
            .map(|place| place.name)
            .or_else(|| {
                civics
                    .directory()
                    .jurisdiction(geoid.as_str())?
                    .name
                    .clone()
            })
            .unwrap_or_else(|| geoid.to_string()),
        Home::OutsideAnyCity => "outside any city".to_owned(),
        Home::NotLocated => "not located".to_owned(),
    }
}
