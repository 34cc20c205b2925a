//! `POST /console/p/{slug}/abuse/rehearsal`: what the rules that were typed would have done; nothing is saved.

use super::rules_form::RulesForm;
use super::{Said, page};
use crate::abuse::rehearsal::{Rehearsed, rehearse};
use crate::console::days;
use crate::console::permission::Permission;
use crate::console::posted::Posted;
use crate::console::refusal::Refusal;
use crate::console::words;
use crate::site::grouped;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// How many days may be tried.
pub(super) const DAYS: [i64; 3] = [1, 7, 30];

/// What the rules would have done, as the page tells it.
pub(super) struct Told {
    /// By day, the newest first.
    pub days: Vec<ToldDay>,
    /// By reason.
    pub reasons: Vec<(String, String)>,
    /// Whether there were too many for one page.
    pub is_cut: bool,
}

/// One day of it.
pub(super) struct ToldDay {
    pub on: String,
    pub came: String,
    pub rejected: String,
    pub counted: String,
    pub passing: String,
}

impl Told {
    fn of(rehearsed: &Rehearsed) -> Self {
        let figure = |number: u64| grouped(i64::try_from(number).unwrap_or(i64::MAX));
        let days = rehearsed.days.iter().rev().map(|(on, day)| ToldDay {
            on: on.to_string(),
            came: figure(day.came),
            rejected: figure(day.rejected),
            counted: figure(day.counted),
            passing: figure(day.passing),
        });
        let reasons = rehearsed.reasons.iter();
        Self {
            days: days.collect(),
            reasons: reasons
                .map(|(reason, number)| (words::plain(reason), figure(*number)))
                .collect(),
            is_cut: rehearsed.is_cut,
        }
    }
}

/// Tries them.
pub(crate) async fn try_rules(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let form = RulesForm::sent(&fields);
    let asked = fields.text("days").parse().ok();
    let length = asked.filter(|days| DAYS.contains(days)).unwrap_or(DAYS[0]);
    let (status, said) = match form.read() {
        Ok(rules) => {
            let of = (&petition, days::zone(&petition));
            let rehearsed = rehearse(&state, of, &rules, length).await?;
            let told = Some(Told::of(&rehearsed));
            (
                StatusCode::OK,
                Said {
                    told,
                    ..Said::default()
                },
            )
        }
        Err(bad) => {
            let said = Said {
                bad,
                ..Said::default()
            };
            (StatusCode::UNPROCESSABLE_ENTITY, said)
        }
    };
    let page = page(&state, &visitor, (&petition, role), (form, said)).await?;
    Ok((status, page).into_response())
}
