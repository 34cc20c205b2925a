//! `/console/p/{slug}/letters/{batch}/{delivery}`: a letter as the office gets it, its tries, and what a person may decide.

use super::super::permission::Permission;
use super::super::refusal::Refusal;
use super::super::visitor::Visitor;
use super::super::{Frame, days, render, words};
use super::answers::{self, Answered, POSITIONS, Typed};
use super::decision::{DecisionForm, Fate};
use super::offices::{self, ClosedOffice};
use super::{Said, batch, decision, opened, place_name, returned};
use crate::failure::Failure;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{IntoResponse, Response};
use chrono_tz::Tz;
use redress_letters::parts::LetterParts;
use redress_model::batch::BatchState;
use redress_model::delivery::state::DeliveryState;
use redress_model::petition::Petition;
use redress_model::response::Position;
use redress_model::role::MemberRole;
use redress_storage::deliveries::{Attempt, Delivery};
use serde::Deserialize;

/// The console's policy, and a frame of this host for the letter.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What led here.
#[derive(Deserialize, Default)]
pub(crate) struct Noted {
    #[serde(default)]
    note: String,
}

/// What stands above the page, and what was typed into it.
#[derive(Default)]
pub(super) struct Above {
    pub(super) said: Said,
    /// The decision about the letter.
    pub(super) form: DecisionForm,
    /// An answer that is to be published.
    pub(super) typed: Typed,
}

struct Try {
    number: u32,
    at: String,
    stage: String,
    state: String,
    tone: &'static str,
    reply: String,
}

/// That a letter is the one to the whole body.
struct Whole {
    /// The letter of the seat that carries it; none where that is this one.
    carrier: Option<String>,
    /// For how many other offices it is, where this one carries it.
    others: u32,
}

#[derive(Template)]
#[template(path = "console/letters/letter.html")]
struct View {
    frame: Frame,
    slug: String,
    said: Said,
    number: u32,
    id: String,
    place: String,
    title: String,
    state: String,
    tone: &'static str,
    meaning: &'static str,
    whole: Option<Whole>,
    facts: Vec<(&'static str, String)>,
    letter: Option<LetterParts>,
    returned: Vec<returned::Returned>,
    answered: Vec<Answered>,
    /// Events that were published.
    published: Vec<String>,
    positions: [(Position, &'static str); 4],
    typed: Typed,
    /// Whether who looks may publish answers.
    is_reviewer: bool,
    tries: Vec<Try>,
    fates: &'static [Fate],
    form: DecisionForm,
    is_unapproved: bool,
    /// Whether it is to be printed: no address reaches the office, and there is a page.
    is_to_print: bool,
    /// Why the office gets no letters.
    closed: Option<ClosedOffice>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((slug, number, id)): Path<(String, String, String)>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Response, Refusal> {
    let (petition, role) = visitor.open(&state, &slug, Permission::SeeLetters).await?;
    let delivery = opened::find(&state, &petition, (&number, &id)).await?;
    let said = Said {
        note: match noted.unwrap_or_default().0.note.as_str() {
            "decided" => Some("Decided, and in the audit log."),
            "opened" => Some(offices::OPENED),
            _ => None,
        },
        ..Said::default()
    };
    let above = Above {
        said,
        ..Above::default()
    };
    page(&state, &visitor, (&petition, role), &delivery, above).await
}

/// The page, with what is to be said above it and what was typed.
pub(super) async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    delivery: &Delivery,
    Above { said, form, typed }: Above,
) -> Result<Response, Refusal> {
    let zone = days::zone(petition);
    let batches = &state.store().batches;
    let found = batches
        .find_batch(petition.id, delivery.batch_number)
        .await?;
    let batch = found.ok_or(Failure::NotFound)?;
    let deliveries = &state.store().deliveries;
    let carrier = match delivery.joined_id {
        Some(id) => deliveries.find_delivery(id).await?,
        None => None,
    };
    // Where the seat is in the letter to the whole body, that is the letter of this page.
    let sent = carrier.as_ref().unwrap_or(delivery);
    let attempts = deliveries.list_attempts(sent.id).await?;
    let is_approver = Permission::ApproveDeliveries.is_given_to(role);
    let fates = decision::fates(state, delivery, batch.state).await?;
    let (answered, published) = answers::list(state, delivery, zone).await?;
    let page = opened::page(state, delivery).await?;
    let html = render(&View {
        frame: Frame::of(petition, role, "letters", visitor),
        slug: petition.slug.to_string(),
        said,
        number: batch.number,
        id: delivery.id.to_string(),
        place: place_name(state, delivery.geoid.clone()),
        title: delivery.addressee.title.clone(),
        state: words::standing(delivery),
        tone: words::tone(sent.state),
        meaning: words::meaning(sent.state),
        whole: delivery.is_joint().then(|| Whole {
            carrier: delivery.joined_id.map(|id| id.to_string()),
            others: delivery.carries,
        }),
        facts: facts(delivery, sent, zone),
        letter: opened::open(state, delivery).await?,
        returned: returned::list(state, delivery, zone).await?,
        answered,
        published,
        positions: POSITIONS,
        typed,
        is_reviewer: Permission::ReviewResponses.is_given_to(role),
        tries: attempts.iter().map(|it| tried(it, zone)).collect(),
        fates: if is_approver { fates } else { &[] },
        form,
        is_unapproved: batch.state == BatchState::Frozen,
        is_to_print: delivery.state == DeliveryState::NoContact && page.is_some(),
        closed: offices::of_letter(state, delivery, zone, is_approver).await?,
    })?;
    Ok(([(CONTENT_SECURITY_POLICY, POLICY)], html).into_response())
}

impl View {
    /// Whether an answer by mail can be published by who looks.
    fn may_publish(&self, event: &str) -> bool {
        self.is_reviewer && !self.published.iter().any(|it| it == event)
    }

    /// What stands in the form of an answer: what was typed, or what the office wrote.
    fn text<'a>(&'a self, event: &str, written: &'a str) -> &'a str {
        if self.typed.event == event {
            &self.typed.text
        } else {
            written
        }
    }
}

/// Of a seat, and of the letter that it gets.
fn facts(delivery: &Delivery, sent: &Delivery, zone: Tz) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("To", batch::person_of(delivery)),
        ("At", batch::whither(delivery)),
        ("Post", delivery.addressee.post_id.clone()),
        ("Since", words::instant(sent.changed_at, zone)),
    ];
    let mut know = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    let envelope = sent.envelope.as_ref();
    know("Envelope to", envelope.map(|it| it.recipient.clone()));
    know("Message-ID", envelope.map(|it| it.message_id.clone()));
    know(
        "Dated",
        envelope.map(|it| words::instant(it.dated_at, zone)),
    );
    let sha256 = envelope.map(|it| batch::hexadecimal(&it.sha256));
    know("SHA-256 of the message", sha256);
    know("Accepted as", sent.queue_id.clone());
    let accepted_at = sent.accepted_at.map(|at| words::instant(at, zone));
    know("Arrived", accepted_at);
    know("Decided by", sent.note.clone());
    know(
        "Taken up",
        (sent.attempts > 0).then(|| match sent.attempts {
            1 => "once".to_owned(),
            times => format!("{} times", grouped(i64::from(times))),
        }),
    );
    facts
}

fn tried(attempt: &Attempt, zone: Tz) -> Try {
    let outcome = &attempt.outcome;
    Try {
        number: attempt.number,
        at: words::instant(outcome.at, zone),
        stage: words::plain(outcome.stage.as_str()),
        state: words::plain(outcome.state.as_str()),
        tone: words::tone(outcome.state),
        reply: words::reply(outcome.reply.as_ref()),
    }
}
