//! `/console/officials/{geoid}`: one government: its posts, who sits today, who sat, and what to look into.

use super::super::letters::offices;
use super::super::permission::Permission;
use super::super::refusal::Refusal;
use super::super::visitor::Visitor;
use super::super::{Frame, render};
use super::closures::{self, ClosedSeat};
use super::name_of;
use crate::failure::Failure;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono::NaiveDate;
use redress_civics::officials::{Directory, Look, findings};
use redress_model::contact_state::{ContactRecord, ContactState};
use redress_model::directory::{Jurisdiction, Post, Sitting, Tenure, Who};
use redress_model::official::Contact;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What led here.
#[derive(Deserialize, Default)]
pub(crate) struct Noted {
    #[serde(default)]
    note: String,
}

/// A seat today.
struct Seat {
    id: String,
    title: String,
    person: String,
    term: String,
    contact: Vec<String>,
    /// What is known of the e-mail address: its word, how it looks, and why.
    state: Option<(&'static str, &'static str, String)>,
    checked: String,
    source: String,
    as_of: String,
    has_ended: bool,
}

/// A row of a list.
struct Past {
    post: String,
    title: String,
    person: String,
    person_id: String,
    term: String,
    contact: Vec<String>,
    checked: String,
    source: String,
    as_of: String,
}

#[derive(Template)]
#[template(path = "console/officials/place.html")]
struct View {
    frame: Frame,
    name: String,
    geoid: String,
    on: String,
    seats: Vec<Seat>,
    history: Vec<Past>,
    findings: Vec<(String, String)>,
    /// Offices that get no letters.
    closed: Vec<ClosedSeat>,
    note: Option<&'static str>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(geoid): Path<String>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    visitor.organizations_with(Permission::SeeLetters)?;
    let civics = state.civics();
    let jurisdiction = civics.directory().jurisdiction(&geoid);
    let jurisdiction = jurisdiction.ok_or(Failure::NotFound)?;
    let (name, today) = (name_of(&state, &geoid), state.today());
    let addresses: Vec<String> = jurisdiction
        .sittings(today)
        .filter_map(|it| {
            it.contact()?
                .email
                .as_ref()
                .map(|email| email.to_lowercase())
        })
        .collect();
    let officials = &state.store().officials;
    let known = officials.list_named_contacts(&addresses).await?;
    let known: BTreeMap<String, ContactRecord> = known
        .into_iter()
        .map(|record| (record.address.clone(), record))
        .collect();
    let closed = closures::list(&state, &visitor, &geoid).await?;
    let is_opened = noted.unwrap_or_default().0.note == "opened";
    render(&View {
        frame: Frame::new(&name, "officials", &visitor),
        name,
        on: day(today),
        seats: jurisdiction
            .sittings(today)
            .map(|it| seat(&it, &known))
            .collect(),
        history: jurisdiction.posts.iter().flat_map(history).collect(),
        findings: look_into(&geoid, jurisdiction, &known, today),
        closed,
        note: is_opened.then_some(offices::OPENED),
        geoid,
    })
}

fn day(on: NaiveDate) -> String {
    on.format("%-d %b %Y").to_string()
}

fn seat(sitting: &Sitting<'_>, known: &BTreeMap<String, ContactRecord>) -> Seat {
    let email = sitting.contact().and_then(|contact| contact.email.as_ref());
    let record = email.and_then(|email| known.get(&email.to_lowercase()));
    let answer = sitting.answer();
    let tenure = sitting.tenure;
    let unknown = || "nobody is known to sit".to_owned();
    Seat {
        id: sitting.id.clone(),
        title: answer.title,
        person: tenure.map_or_else(unknown, person),
        term: tenure.map_or_else(String::new, term),
        contact: sitting.contact().map(ways).unwrap_or_default(),
        state: record.map(|record| {
            let note = record.note.clone().unwrap_or_default();
            (record.state.as_str(), tone(record.state), note)
        }),
        checked: checked(sitting.contact()),
        source: tenure.map_or_else(String::new, |it| stated(it).0),
        as_of: tenure.map_or_else(String::new, |it| stated(it).1),
        has_ended: sitting.has_ended,
    }
}

/// Everybody who is listed, the latest list first.
fn history(post: &Post) -> Vec<Past> {
    let tenures = post.tenures.iter().rev();
    tenures
        .map(|tenure| Past {
            post: post.id.clone(),
            person_id: tenure
                .holder()
                .and_then(|holder| holder.person_id.clone())
                .unwrap_or_default(),
            contact: ways(contact(tenure)),
            checked: checked(Some(contact(tenure))),
            title: tenure.title.clone(),
            person: person(tenure),
            term: term(tenure),
            source: stated(tenure).0,
            as_of: stated(tenure).1,
        })
        .collect()
}

fn person(tenure: &Tenure) -> String {
    match &tenure.who {
        Who::Holder(holder) => holder.name.clone(),
        Who::Vacant(_) => "vacant".to_owned(),
    }
}

fn term(tenure: &Tenure) -> String {
    let Some(holder) = tenure.holder() else {
        return String::new();
    };
    match (holder.term_start, holder.term_end) {
        (Some(start), Some(end)) => format!("{} to {}", day(start), day(end)),
        (Some(start), None) => format!("since {}", day(start)),
        (None, Some(end)) => format!("until {}", day(end)),
        (None, None) => String::new(),
    }
}

/// Where it was read, and as of when.
fn stated(tenure: &Tenure) -> (String, String) {
    let (source, as_of) = match &tenure.who {
        Who::Holder(holder) => (&holder.source, &holder.as_of),
        Who::Vacant(vacancy) => (&vacancy.source, &vacancy.as_of),
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    (text(source), text(as_of))
}

fn contact(tenure: &Tenure) -> &Contact {
    match &tenure.who {
        Who::Holder(holder) => &holder.contact,
        Who::Vacant(vacancy) => &vacancy.contact,
    }
}

fn checked(contact: Option<&Contact>) -> String {
    contact
        .and_then(|contact| contact.checked_on)
        .map_or_else(String::new, day)
}

fn tone(state: ContactState) -> &'static str {
    match state {
        ContactState::Good => "good",
        ContactState::Unchecked => "",
        ContactState::Bounced | ContactState::Refused | ContactState::Stopped => "bad",
    }
}

/// As text: what a list says is not made a link.
fn ways(contact: &Contact) -> Vec<String> {
    let all = [
        &contact.email,
        &contact.web_form,
        &contact.office_address,
        &contact.url,
    ];
    all.into_iter().flatten().cloned().collect()
}

fn look_into(
    geoid: &str,
    jurisdiction: &Jurisdiction,
    known: &BTreeMap<String, ContactRecord>,
    on: NaiveDate,
) -> Vec<(String, String)> {
    let alone = BTreeMap::from([(geoid.to_owned(), jurisdiction.clone())]);
    let mut look = Look::on(on);
    look.contacts = known
        .values()
        .map(|record| (record.address.clone(), record.state))
        .collect();
    findings(&Directory::new(alone, 0), &look)
        .into_iter()
        .map(|finding| (finding.post.clone(), finding.told()))
        .collect()
}
