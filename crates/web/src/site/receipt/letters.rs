//! What became of a signature after it counted: the letters that brought it, and what the offices' servers said.

use crate::answers::{self, Answer};
use crate::dates::{day_of, zone};
use crate::delivered::Whose;
use crate::failure::Failure;
use crate::spoken::{self, say};
use crate::state::AppState;
use crate::token::Opened;
use crate::{delivered, ledger, places};
use chrono_tz::Tz;
use redress_model::batch::BatchState;
use redress_model::delivery::state::DeliveryState;
use redress_model::home::Home;
use redress_storage::batches::Membership;
use redress_storage::deliveries::{Delivery, DeliveryFilter};

/// The most offices of one batch.
const OFFICES: u32 = 500;

/// A letter that brought the signature.
pub(crate) struct Brought {
    /// `Letter 1 to Alder city`.
    pub letter: String,
    /// The signer's number in it.
    pub number: String,
    /// The day on which it was frozen.
    pub frozen_on: String,
    /// Whether it was approved.
    pub is_approved: bool,
    /// To whom it goes.
    pub offices: Vec<Office>,
}

/// An office, and where its letter stands.
pub(crate) struct Office {
    /// `Mayor Elena Ruiz`.
    pub name: String,
    /// `accepted by the office’s mail server on 4 Mar 2026`.
    pub said: String,
    /// The server's own words, without addresses.
    pub reply: Option<String>,
    /// The office’s public answer.
    pub answer: Option<Answer>,
}

/// The letters, oldest first.
pub(crate) async fn list(state: &AppState, opened: &Opened) -> Result<Vec<Brought>, Failure> {
    let batches = &state.store().batches;
    let memberships = batches.list_memberships(opened.signature.id).await?;
    let mut letters = Vec::with_capacity(memberships.len());
    for membership in memberships {
        letters.push(brought(state, opened, &membership).await?);
    }
    Ok(letters)
}

async fn brought(
    state: &AppState,
    opened: &Opened,
    membership: &Membership,
) -> Result<Brought, Failure> {
    let batch = &membership.batch;
    let zone = zone(&opened.petition);
    let home = Home::Government(batch.geoid.clone());
    let place = places::find_name(state, &home).await?;
    let filter = DeliveryFilter {
        batch: Some(batch.id),
        state: None,
    };
    let deliveries = &state.store().deliveries;
    let mut found = deliveries
        .list_deliveries(opened.petition.id, filter, None, OFFICES)
        .await?;
    found.sort_by_key(|delivery| delivery.addressee.role);
    let district = opened.signature.location.district_key();
    let mut answers = answers::list(state, &opened.petition, &batch.geoid).await?;
    let offices = found
        .iter()
        .filter(|delivery| concerns(delivery, district))
        .map(|delivery| {
            let post = &delivery.addressee.post_id;
            let at = answers.iter().position(|answer| answer.post_id == *post);
            // Whoever is in the letter to the whole body stands where that stands.
            let carrier = found.iter().find(|it| it.id == delivery.carrier());
            let letter = carrier.unwrap_or(delivery);
            let answer = at.map(|at| answers.swap_remove(at));
            office((delivery, letter), zone, answer)
        });
    Ok(Brought {
        letter: say("{} to {}", &[&ledger::letter(batch), &place]),
        number: super::grouped(membership.number.into()),
        frozen_on: day_of(batch.frozen_at, zone),
        is_approved: batch.state == BatchState::Approved,
        offices: offices.collect(),
    })
}

/// Whether the letter is to somebody who answers for the signer: for all of the place, or for the district.
fn concerns(delivery: &Delivery, district: &str) -> bool {
    let addressee = &delivery.addressee;
    let is_own = addressee
        .district
        .as_deref()
        .is_none_or(|label| label == district);
    is_own && delivery.state != DeliveryState::Superseded
}

/// A seat, and where the letter stands that it gets.
fn office((delivery, letter): (&Delivery, &Delivery), zone: Tz, answer: Option<Answer>) -> Office {
    let addressee = &delivery.addressee;
    let person = addressee.person.as_ref();
    let person = person.map_or_else(String::new, |person| format!(" {person}"));
    let named = format!("{}{person}", spoken::post(&addressee.title));
    Office {
        name: match &addressee.district {
            Some(district) => say("{}, district {}", &[&named, district]),
            None => named,
        },
        said: delivered::of_letter(letter, Whose::Theirs, zone),
        reply: letter.reply.as_ref().map(|(code, text)| reply(*code, text)),
        answer,
    }
}

/// A server's answer without the addresses that some servers repeat in it.
fn reply(code: u16, text: &str) -> String {
    let words = text
        .split_whitespace()
        .map(|word| if word.contains('@') { "…" } else { word });
    let said: Vec<&str> = words.collect();
    format!("{code} {}", said.join(" "))
}

#[cfg(test)]
mod tests {
    use super::reply;

    #[test]
    fn a_servers_answer_names_no_mailbox() {
        let said = reply(250, "2.1.5 <mayor@springfield.example>:\r\n queued as 7");
        assert_eq!(said, "250 2.1.5 … queued as 7");
    }
}
