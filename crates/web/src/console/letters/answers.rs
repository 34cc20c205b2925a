//! What an office answered: an organizer publishes it, or does not.
//!
//! `POST /console/p/{slug}/responses/{id}` decides about what an office said at its desk;
//! `POST /console/p/{slug}/letters/{batch}/{delivery}/replies/{event}` publishes what it wrote by mail.

use super::super::permission::Permission;
use super::super::posted::Posted;
use super::super::refusal::Refusal;
use super::super::words;
use super::letter::{self, Above};
use super::{Said, opened, returned};
use crate::answers::{paragraphs, stands};
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono_tz::Tz;
use redress_model::delivery::event::EventKind;
use redress_model::id::ResponseId;
use redress_model::response::{Position, ResponseState, ResponseText};
use redress_storage::deliveries::Delivery;
use redress_storage::responses::{NewResponse, ResponseFilter};
use redress_storage::{Constraint, StorageError};
use serde_json::json;

/// How many of an office's answers are shown: the newest.
const MOST: u32 = 50;

const STALE: &str =
    "Nothing was changed: the answer stands elsewhere by now. This is how it stands.";

/// Where an answer by mail may stand, as its reader understands it.
pub(super) const POSITIONS: [(Position, &str); 4] = [
    (Position::Support, "It supports the petition"),
    (Position::Oppose, "It opposes the petition"),
    (Position::UnderStudy, "It is studying the matter"),
    (Position::Unstated, "It does not say"),
];

/// What an office said, as an organizer reads it.
pub(super) struct Answered {
    pub(super) id: String,
    pub(super) at: String,
    /// `supports it`.
    pub(super) stands: &'static str,
    /// Where it was said.
    pub(super) whence: &'static str,
    pub(super) state: &'static str,
    pub(super) tone: &'static str,
    pub(super) paragraphs: Vec<String>,
    pub(super) may_publish: bool,
    pub(super) may_decline: bool,
}

/// An answer by mail on its way to be published, as it was typed.
#[derive(Default)]
pub(super) struct Typed {
    /// The event.
    pub(super) event: String,
    /// The word of a [`Position`].
    pub(super) position: String,
    /// The words.
    pub(super) text: String,
    /// What is wrong.
    pub(super) error: Option<String>,
}

/// All that the office of a letter said about the petition, newest first.
pub(super) async fn list(
    state: &AppState,
    delivery: &Delivery,
    zone: Tz,
) -> Result<(Vec<Answered>, Vec<String>), Failure> {
    let filter = ResponseFilter {
        post_id: Some(&delivery.addressee.post_id),
        ..ResponseFilter::default()
    };
    let responses = &state.store().responses;
    let found = responses.list_responses(delivery.petition_id, filter, MOST);
    let found = found.await?;
    let by_mail = found.iter().filter_map(|it| it.event_id);
    let by_mail = by_mail.map(|id| id.to_string()).collect();
    let answered = found.into_iter().map(|response| Answered {
        id: response.id.to_string(),
        at: words::instant(response.responded_at, zone),
        stands: stands(response.position),
        whence: if response.event_id.is_some() {
            "by mail"
        } else {
            "at its desk"
        },
        state: match response.state {
            ResponseState::Waiting => "not decided yet",
            ResponseState::Published => "published",
            ResponseState::Declined => "not published",
            ResponseState::Replaced => "replaced by a later one",
        },
        tone: match response.state {
            ResponseState::Waiting => "warn",
            ResponseState::Published => "good",
            ResponseState::Declined | ResponseState::Replaced => "",
        },
        paragraphs: paragraphs(&response.text),
        may_publish: response.state.may_become(ResponseState::Published),
        may_decline: response.state.may_become(ResponseState::Declined),
    });
    Ok((answered.collect(), by_mail))
}

/// Publishes it, or does not.
pub(crate) async fn decide(
    State(state): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::ReviewResponses;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let id: ResponseId = id.parse().map_err(|_| Failure::NotFound)?;
    let responses = &state.store().responses;
    let found = responses.find_response(id).await?;
    let response = found
        .filter(|response| response.petition_id == petition.id)
        .ok_or(Failure::NotFound)?;
    let deliveries = &state.store().deliveries;
    let delivery = deliveries.find_delivery(response.delivery_id).await?;
    let delivery = delivery.ok_or(Failure::NotFound)?;
    let (to, action) = match fields.text("as") {
        "published" => (ResponseState::Published, "response.publish"),
        "declined" => (ResponseState::Declined, "response.decline"),
        _ => return Err(Failure::NotFound.into()),
    };
    let is_done = if response.state.may_become(to) {
        let details = json!({ "response": id.to_string(), "from": response.state.as_str() });
        let deed = visitor.deed(&state, action, &petition.slug, details);
        let decided = responses.decide_response(petition.id, id, (response.state, to), &deed);
        match decided.await {
            Ok(()) => true,
            Err(StorageError::Stale(_) | StorageError::Refused(Constraint::ResponseTransition)) => {
                false
            }
            Err(error) => return Err(error.into()),
        }
    } else {
        false
    };
    if is_done {
        return Ok(back(&slug, &delivery));
    }
    let above = Above::warning(STALE);
    let page = letter::page(&state, &visitor, (&petition, role), &delivery, above).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Publishes an answer that came by mail, with the position that its reader finds in it, and no more of its words than wished. One to the
/// letter to the whole body is published on the page of the office that gave it.
pub(crate) async fn publish(
    State(state): State<AppState>,
    Path((slug, number, id, event)): Path<(String, String, String, String)>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::ReviewResponses;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let delivery = opened::find(&state, &petition, (&number, &id)).await?;
    let events = &state.store().events;
    let events = events.list_events(delivery.carrier()).await?;
    let reply = events
        .into_iter()
        .find(|it| it.id.to_string() == event && it.kind == EventKind::Reply)
        .ok_or(Failure::NotFound)?;
    // What an organizer publishes in an office's name must be readable to them first.
    if returned::open_answer(&state, &delivery, &reply)
        .await
        .is_none()
    {
        return Err(Failure::NotFound.into());
    }
    let (position, words) = (fields.text("position"), fields.text("text"));
    let read = ResponseText::parse(words);
    let chosen = POSITIONS
        .into_iter()
        .map(|(position, _)| position)
        .find(|it| it.as_str() == position);
    let (chosen, text) = match (chosen, read) {
        (Some(chosen), Ok(text)) => (chosen, text),
        (chosen, read) => {
            let error = match (chosen, read) {
                (None, _) => "choose where the office stands".to_owned(),
                (_, Err(error)) => error.to_string(),
                _ => String::new(),
            };
            let above = Above {
                typed: Typed {
                    event,
                    position: position.to_owned(),
                    text: words.to_owned(),
                    error: Some(error),
                },
                ..Above::default()
            };
            let page = letter::page(&state, &visitor, (&petition, role), &delivery, above).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let new = NewResponse {
        id: ResponseId::new(state.clock(), state.random().as_mut()),
        delivery_id: delivery.id,
        event_id: Some(reply.id),
        position: chosen,
        text,
        responded_at: reply.received_at,
    };
    let details = json!({ "response": new.id.to_string(), "delivery": delivery.id.to_string() });
    let deed = visitor.deed(&state, "response.publish_reply", &petition.slug, details);
    match state.store().responses.publish_reply(&new, &deed).await {
        Ok(()) => Ok(back(&slug, &delivery)),
        Err(StorageError::Stale(_)) => {
            let above = Above::warning(STALE);
            let page = letter::page(&state, &visitor, (&petition, role), &delivery, above).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn back(slug: &str, delivery: &Delivery) -> Response {
    let (number, id) = (delivery.batch_number, delivery.id);
    let page = format!("/console/p/{slug}/letters/{number}/{id}?note=decided#answers");
    Redirect::to(&page).into_response()
}

impl Above {
    fn warning(text: &'static str) -> Self {
        Self {
            said: Said::warning(text),
            ..Self::default()
        }
    }
}
