//! `GET /petitions/{slug}/history?place=GEOID&by=hour|day`. Rows sum to the total, or to the place's.

use super::tagged;
use crate::dates::zone;
use crate::failure::{Failure, Problem};
use crate::petitions;
use crate::signing::form::FieldError;
use crate::spoken::english;
use crate::state::AppState;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use redress_model::geoid::Geoid;
use redress_model::home::Home;
use redress_model::petition::Confirmation;
use redress_model::tally::Tally;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of which place, all if absent; by hour if absent.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    place: String,
    #[serde(default)]
    by: String,
}

#[derive(Serialize)]
struct History {
    petition: String,
    /// The place's GEOID; null for the whole.
    place: Option<String>,
    by: &'static str,
    /// In which days begin; hours are UTC.
    time_zone: String,
    confirmation: Confirmation,
    #[serde(rename = "history")]
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    /// The beginning of the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<DateTime<Utc>>,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<NaiveDate>,
    /// What it changed; below zero where more were withdrawn than confirmed.
    count: i64,
    self_asserted: i64,
    paper: i64,
    /// The count at its end.
    total: i64,
}

/// What each hour or day changed, oldest first; those without a change are left out.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let petition = petitions::find(&state, &slug).await?;
    let place = match asked.place.as_str() {
        "" => None,
        geoid => Some(
            Geoid::parse(geoid)
                .map_err(|error| wrong("place", error.code(), &error.to_string()))?,
        ),
    };
    let by = match asked.by.as_str() {
        "" | "hour" => "hour",
        "day" => "day",
        _ => {
            return Err(wrong(
                "by",
                "by_unknown",
                english("history is told by `hour` or by `day`"),
            )
            .into());
        }
    };
    let home = place.clone().map(Home::Government);
    // Hours to come too: a server whose clock is fast has written into them, and rows sum to the total.
    let to_at = state.now() + Duration::days(3_660);
    let hours = state
        .store()
        .tallies
        .list_hours(petition.id, home.as_ref(), DateTime::UNIX_EPOCH, to_at)
        .await?;
    let zone = zone(&petition);
    let mut days: BTreeMap<NaiveDate, Tally> = BTreeMap::new();
    let history = if by == "hour" {
        let hours = hours
            .iter()
            .map(|hour| (Some(hour.hour_at), None, hour.tally));
        rows(hours)
    } else {
        for hour in &hours {
            let day = hour.hour_at.with_timezone(&zone).date_naive();
            *days.entry(day).or_default() += hour.tally;
        }
        days.retain(|_, tally| !tally.is_zero());
        rows(
            days.into_iter()
                .map(|(day, tally)| (None, Some(day), tally)),
        )
    };
    let told = History {
        petition: slug,
        place: place.map(|geoid| geoid.to_string()),
        by,
        time_zone: zone.name().to_owned(),
        confirmation: petition.terms.confirmation,
        rows: history,
    };
    Ok(tagged::json(&headers, &told)?)
}

fn rows(
    changes: impl Iterator<Item = (Option<DateTime<Utc>>, Option<NaiveDate>, Tally)>,
) -> Vec<Row> {
    let mut total = 0;
    let row = |(at, on, tally): (_, _, Tally)| {
        total += tally.counted;
        Row {
            at,
            on,
            count: tally.counted,
            self_asserted: tally.self_asserted,
            paper: tally.paper,
            total,
        }
    };
    changes.map(row).collect()
}

fn wrong(field: &'static str, code: &'static str, message: &str) -> Failure {
    Failure::Fields(vec![FieldError {
        field,
        code,
        message: message.to_owned(),
    }])
}
