//! `POST /console/p/{slug}/letters/{batch}/{delivery}/decide`: a named person decides what becomes of a letter.

use super::super::permission::Permission;
use super::super::posted::Posted;
use super::super::refusal::Refusal;
use super::super::visitor::Visitor;
use super::{Said, batch, fallback, letter, opened};
use crate::body::FormFields;
use crate::failure::Failure;
use crate::signing::form::FieldError;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use redress_model::batch::BatchState;
use redress_model::delivery::LetterVariant;
use redress_model::delivery::state::DeliveryState;
use redress_model::petition::Petition;
use redress_storage::deliveries::Delivery;
use redress_storage::{Constraint, StorageError};
use serde_json::json;

/// The longest name and the longest note, in characters.
const LONGEST: (usize, usize) = (100, 1_000);
const STALE: &str =
    "Nothing was changed: the letter stands elsewhere by now. This is how it stands.";

/// What becomes of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The office's server took it.
    Accepted,
    /// The office's server refused it.
    Refused,
    /// The same bytes once more.
    Resend,
    /// Given up.
    Abandoned,
    /// Printed, or entered in a web form.
    ByHand,
    /// Tried again after it was held.
    QueueAgain,
    /// Written to the clerk instead.
    Fallback,
}

impl Fate {
    /// What can be decided of a letter. One that is not approved is delivered in no way.
    pub(super) fn from(state: DeliveryState, batch: BatchState) -> &'static [Self] {
        match (state, batch) {
            (DeliveryState::Uncertain, _) => {
                &[Self::Accepted, Self::Refused, Self::Resend, Self::Abandoned]
            }
            (DeliveryState::NoContact, BatchState::Approved) => &[Self::ByHand],
            (DeliveryState::Held, _) => &[Self::QueueAgain],
            (
                DeliveryState::BouncedHard | DeliveryState::Refused | DeliveryState::TooLarge,
                BatchState::Approved,
            ) => &[Self::Fallback],
            _ => &[],
        }
    }

    /// Its word in the form and in the audit log.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Resend => "resend",
            Self::Abandoned => "abandoned",
            Self::ByHand => "by_hand",
            Self::QueueAgain => "queue_again",
            Self::Fallback => "fallback",
        }
    }

    /// What the form says.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Accepted => "It arrived: the relay’s log or the office says so",
            Self::Refused => "It was refused: the relay’s log says so",
            Self::Resend => "Send the same bytes once more; the office may get it twice",
            Self::Abandoned => "Give it up",
            Self::ByHand => "Delivered by hand",
            Self::QueueAgain => "Queue again",
            Self::Fallback => "Write to the clerk instead",
        }
    }

    fn step(self) -> (DeliveryState, DeliveryState) {
        let from = match self {
            Self::ByHand => DeliveryState::NoContact,
            Self::QueueAgain => DeliveryState::Held,
            _ => DeliveryState::Uncertain,
        };
        let to = match self {
            Self::Accepted => DeliveryState::Accepted,
            Self::Refused => DeliveryState::Refused,
            Self::Resend | Self::QueueAgain => DeliveryState::Queued,
            Self::Abandoned => DeliveryState::Abandoned,
            Self::ByHand => DeliveryState::DeliveredByHand,
            Self::Fallback => DeliveryState::Superseded,
        };
        (from, to)
    }

    fn action(self) -> &'static str {
        match self {
            Self::ByHand => "delivery.by_hand",
            Self::QueueAgain => "delivery.queue_again",
            Self::Fallback => "delivery.fallback",
            _ => "delivery.resolve_uncertain",
        }
    }

    /// Whether somebody must stand up for it by name, with evidence.
    pub(super) fn needs_a_name(self) -> bool {
        self != Self::QueueAgain
    }
}

/// The form as it was sent.
#[derive(Default)]
pub(super) struct DecisionForm {
    /// The word of a [`Fate`].
    pub fate: String,
    /// Who decides.
    pub by: String,
    /// By what evidence.
    pub note: String,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

impl DecisionForm {
    /// Reads it for a letter of which some fates can be decided.
    fn read(fields: &FormFields, fates: &[Fate]) -> (Self, Option<Fate>) {
        let text = |name| fields.text(name).trim().to_owned();
        let (fate, by, note) = (text("as"), text("by"), text("note"));
        let chosen = fates.iter().copied().find(|it| it.as_str() == fate);
        let mut errors = Vec::new();
        if chosen.is_none() {
            errors.push(wrong("as", "choice_required", "choose what became of it"));
        }
        if chosen.is_none_or(Fate::needs_a_name) {
            if by.is_empty() || by.chars().count() > LONGEST.0 || by.contains(char::is_control) {
                let message = "say who decides, in one line of at most 100 characters";
                errors.push(wrong("by", "name_required", message));
            }
            if note.is_empty() || note.chars().count() > LONGEST.1 {
                let message = "say by what evidence, in at most 1,000 characters";
                errors.push(wrong("note", "note_required", message));
            }
        }
        let form = Self {
            fate,
            by,
            note,
            errors,
        };
        let chosen = chosen.filter(|_| form.errors.is_empty());
        (form, chosen)
    }

    /// What is wrong with a field.
    pub(super) fn error(&self, field: &str) -> Option<&str> {
        let mut errors = self.errors.iter();
        errors
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }
}

fn wrong(field: &'static str, code: &'static str, message: &str) -> FieldError {
    FieldError {
        field,
        code,
        message: message.to_owned(),
    }
}

/// What can be decided of a letter now: it goes to the clerk only where one can be written to, and one that was too large only when the
/// mailer has nothing smaller to put in its place.
pub(super) async fn fates(
    state: &AppState,
    delivery: &Delivery,
    batch: BatchState,
) -> Result<&'static [Fate], Failure> {
    let fates = Fate::from(delivery.state, batch);
    let gives_way =
        delivery.state == DeliveryState::TooLarge && delivery.variant == LetterVariant::Letter;
    if gives_way || (fates == [Fate::Fallback] && fallback::find(state, delivery).await?.is_none())
    {
        return Ok(&[]);
    }
    Ok(fates)
}

/// Decides, if the letter stands where the page showed it.
pub(crate) async fn decide(
    State(state): State<AppState>,
    Path((slug, number, id)): Path<(String, String, String)>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::ApproveDeliveries;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let known = opened::find(&state, &petition, (&number, &id)).await?;
    let batch = batch::find(&state, &petition, &number).await?;
    let fates = fates(&state, &known, batch.state).await?;
    let (form, fate) = DecisionForm::read(&fields, fates);
    let overtaken = (
        StatusCode::CONFLICT,
        (Said::warning(STALE), DecisionForm::default()),
    );
    let (status, said) = match fate {
        _ if fates.is_empty() => overtaken,
        // A page that showed it as uncertain: of one that was refused since, the clerk alone can be decided.
        None if fates == [Fate::Fallback] && !form.fate.is_empty() && form.fate != "fallback" => {
            overtaken
        }
        None => (StatusCode::UNPROCESSABLE_ENTITY, (Said::default(), form)),
        Some(fate) => {
            if record(&state, &visitor, (&petition, &known), (fate, &form)).await? {
                let page = format!("/console/p/{}/letters/{number}/{id}", petition.slug);
                return Ok(Redirect::to(&format!("{page}?note=decided")).into_response());
            }
            overtaken
        }
    };
    let now = opened::find(&state, &petition, (&number, &id)).await?;
    let (said, form) = said;
    let above = letter::Above {
        said,
        form,
        ..letter::Above::default()
    };
    let page = letter::page(&state, &visitor, (&petition, role), &now, above).await?;
    Ok((status, page).into_response())
}

/// Whether the letter still stood there.
async fn record(
    state: &AppState,
    visitor: &Visitor,
    (petition, letter): (&Petition, &Delivery),
    (fate, form): (Fate, &DecisionForm),
) -> Result<bool, Failure> {
    // The log names accounts by id; who stands up for it is kept with the letter.
    let details = json!({ "delivery": letter.id.to_string(), "as": fate.as_str() });
    let deed = visitor.deed(state, fate.action(), &petition.slug, details);
    let note = format!("{}: {}", form.by, form.note);
    if fate == Fate::Fallback {
        let Some(clerk) = fallback::find(state, letter).await? else {
            return Ok(false);
        };
        return fallback::send(state, letter, &clerk, (&note, &deed)).await;
    }
    let note = fate.needs_a_name().then_some(note.as_str());
    let (from, to) = fate.step();
    let deliveries = &state.store().deliveries;
    let done = deliveries.decide_delivery(letter.id, from, to, note, &deed);
    match done.await {
        Ok(()) => Ok(true),
        Err(StorageError::Stale(_) | StorageError::Refused(Constraint::DeliveryTransition)) => {
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}
