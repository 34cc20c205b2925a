//! `GET /petitions/{slug}/districts?place=GEOID`. Rows sum to their places.

use super::tagged;
use crate::failure::{Failure, Problem};
use crate::signing::form::FieldError;
use crate::state::AppState;
use crate::{petitions, places};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home};
use serde::Deserialize;
use serde_json::{Value, json};

/// Which place; all if absent.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    place: String,
}

/// Every district with a count.
pub(crate) async fn json(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let petition = petitions::find(&state, &slug).await?;
    let home = match asked.place.as_str() {
        "" => None,
        geoid => Some(Home::Government(Geoid::parse(geoid).map_err(wrong)?)),
    };
    let tallies = &state.store().tallies;
    let found = tallies.list_districts(petition.id, home.as_ref()).await?;
    let civics = state.civics();
    let strangers = places::list_strangers(&state, found.iter().map(|row| &row.home)).await?;
    let name = |home: &Home| {
        let stranger = home.geoid().and_then(|geoid| strangers.get(geoid));
        stranger.map_or_else(|| places::name(&civics, home), |it| it.name.clone())
    };
    let rows: Vec<Value> = found
        .iter()
        .map(|row| {
            json!({
                "geoid": row.home.geoid(),
                "name": name(&row.home),
                "district": row.district.as_ref().map(District::as_str),
                "count": row.tally.counted,
                "self_asserted": row.tally.self_asserted,
                "paper": row.tally.paper,
            })
        })
        .collect();
    let told = json!({
        "petition": slug,
        "confirmation": petition.terms.confirmation,
        "districts": rows,
    });
    Ok(tagged::json(&headers, &told)?)
}

fn wrong(error: redress_model::geoid::GeoidError) -> Failure {
    Failure::Fields(vec![FieldError {
        field: "place",
        code: error.code(),
        message: error.to_string(),
    }])
}
