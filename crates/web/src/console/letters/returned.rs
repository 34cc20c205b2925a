//! What came back about a letter, as an organizer reads it.

use super::super::words;
use crate::failure::Failure;
use crate::state::AppState;
use chrono_tz::Tz;
use redress_model::delivery::event::EventKind;
use redress_storage::deliveries::Delivery;
use redress_storage::events::{AnswerFields, Event};
use redress_storage::secrets::{PetitionSecrets, SealedField};

/// One message that came back.
pub(super) struct Returned {
    pub(super) at: String,
    pub(super) what: &'static str,
    /// What the server said: its code and its words.
    pub(super) said: String,
    /// What a person wrote.
    pub(super) answer: Option<AnswerFields>,
    /// The event.
    pub(super) id: String,
}

/// All of a letter, oldest first; of a seat that is in the letter to the whole body, of that one. An answer whose key was destroyed is gone, and that somebody answered stays.
pub(super) async fn list(
    state: &AppState,
    delivery: &Delivery,
    zone: Tz,
) -> Result<Vec<Returned>, Failure> {
    let events = &state.store().events;
    let events = events.list_events(delivery.carrier()).await?;
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let secrets = state.vault().petition(delivery.petition_id).await.ok();
    Ok(events
        .iter()
        .map(|event| Returned {
            at: words::instant(event.received_at, zone),
            what: what(event.kind),
            said: said(event),
            answer: secrets.as_deref().and_then(|secrets| open(secrets, event)),
            id: event.id.to_string(),
        })
        .collect())
}

/// What a person wrote, if it can still be read.
pub(super) async fn open_answer(
    state: &AppState,
    delivery: &Delivery,
    event: &Event,
) -> Option<AnswerFields> {
    let secrets = state.vault().petition(delivery.petition_id).await.ok()?;
    open(&secrets, event)
}

fn open(secrets: &PetitionSecrets, event: &Event) -> Option<AnswerFields> {
    let sealed = event.sealed_answer.as_deref()?;
    let opened = secrets.open(SealedField::Answer, event.id, sealed).ok()?;
    serde_json::from_slice(&opened).ok()
}

fn said(event: &Event) -> String {
    let said = [event.status.as_deref(), event.diagnostic.as_deref()];
    said.into_iter().flatten().collect::<Vec<_>>().join(": ")
}

/// What a message is, in words.
fn what(kind: EventKind) -> &'static str {
    match kind {
        EventKind::BadAddress => "It came back: nobody is there",
        EventKind::Rejected => "It came back: a rule, its size or its form",
        EventKind::Passing => "It came back for now",
        EventKind::Complaint => "Somebody called it abuse",
        EventKind::Challenge => "A program asks for proof that a person wrote",
        EventKind::Delayed => "A server on the way still tries",
        EventKind::AutoReply => "An automatic answer",
        EventKind::Reply => "An answer",
        EventKind::Delivered => "A server says that it arrived",
    }
}
