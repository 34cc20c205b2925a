//! Counts by place, with the places' names, and what letters have come to there.

use crate::civics::Civics;
use crate::failure::Failure;
use crate::spoken::t;
use crate::state::AppState;
use redress_civics::words::state as states;
use redress_model::batch::CityStatus;
use redress_model::geoid::Geoid;
use redress_model::home::Home;
use redress_model::id::PetitionId;
use redress_model::tally::{HomeTally, Tally};
use redress_storage::officials::Government;
use serde::Serialize;
use std::collections::HashMap;

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
    pub status: Option<CityStatus>,
    /// How many offices a letter has reached.
    pub officials: u64,
    /// Its middle, degrees.
    pub lat: Option<f64>,
    /// Its middle, degrees.
    pub lon: Option<f64>,
}

/// The rows of a petition, those without a GEOID last.
pub(crate) async fn list(state: &AppState, petition: PetitionId) -> Result<Vec<PlaceRow>, Failure> {
    let store = state.store();
    let homes = store.tallies.list_homes(petition).await?;
    let homes: Vec<HomeTally> = homes
        .into_iter()
        .filter(|home| !home.tally.is_zero())
        .collect();
    let statuses = store.batches.list_statuses(petition).await?;
    let statuses: HashMap<Geoid, CityStatus> = statuses
        .into_iter()
        .map(|(geoid, known)| (geoid, known.status))
        .collect();
    let reached = store.deliveries.count_reached(petition).await?;
    let reached: HashMap<Geoid, u64> = reached.into_iter().collect();
    let civics = state.civics();
    let strangers = list_strangers(state, homes.iter().map(|home| &home.home)).await?;
    let complete = |home: HomeTally| {
        let known = row(&civics, &home.home, home.tally);
        let Some(geoid) = home.home.geoid() else {
            return known;
        };
        let known = PlaceRow {
            status: statuses.get(geoid).copied(),
            officials: reached.get(geoid).copied().unwrap_or_default(),
            ..known
        };
        match strangers.get(geoid) {
            Some(stranger) => named(known, stranger),
            None => known,
        }
    };
    Ok(homes.into_iter().map(complete).collect())
}

/// The governments among homes that the pack in use does not know, as storage names them.
pub(crate) async fn list_strangers(
    state: &AppState,
    homes: impl Iterator<Item = &Home>,
) -> Result<HashMap<Geoid, Government>, Failure> {
    let civics = state.civics();
    let unknown: Vec<Geoid> = homes
        .filter_map(Home::geoid)
        .filter(|geoid| civics.place(geoid.as_str()).is_none())
        .cloned()
        .collect();
    if unknown.is_empty() {
        return Ok(HashMap::new());
    }
    let officials = &state.store().officials;
    let found = officials.list_named_governments(&unknown).await?;
    Ok(found
        .into_iter()
        .map(|government| (government.geoid.clone(), government))
        .collect())
}

/// What a home is called, by the pack or else by storage.
pub(crate) async fn find_name(state: &AppState, home: &Home) -> Result<String, Failure> {
    let strangers = list_strangers(state, std::iter::once(home)).await?;
    let stranger = home.geoid().and_then(|geoid| strangers.get(geoid));
    Ok(match stranger {
        Some(government) => government.name.clone(),
        None => name(&state.civics(), home),
    })
}

fn named(row: PlaceRow, stranger: &Government) -> PlaceRow {
    PlaceRow {
        name: stranger.name.clone(),
        state: states::by_text(&stranger.state).map_or("", |state| state.usps),
        lat: stranger.point.map(|(lat, _)| lat),
        lon: stranger.point.map(|(_, lon)| lon),
        ..row
    }
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
        Home::OutsideAnyCity => t("outside any city").to_owned(),
        Home::NotLocated => t("not located").to_owned(),
    }
}
