//! What a link opens: a seat, with all letters that it was sent about one petition.

use super::Ways;
use super::closed::Closed;
use crate::dates::{day_of, zone};
use crate::delivered::Whose;
use crate::failure::Failure;
use crate::state::AppState;
use crate::{delivered, ledger, places};
use redress_model::batch::BatchState;
use redress_model::delivery::state::DeliveryState;
use redress_model::geoid::Geoid;
use redress_model::home::Home;
use redress_model::id::{BatchId, DeliveryId};
use redress_model::petition::Petition;
use redress_storage::StorageError;
use redress_storage::batches::Batch;
use redress_storage::deliveries::{Addressee, Delivery};
use redress_storage::secrets::{PetitionSecrets, SecretError, Token, TokenPurpose};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many batches are read at once.
const PAGE: u32 = 500;

/// A seat at its desk.
pub(super) struct Seat {
    /// The letter whose link was opened.
    pub id: DeliveryId,
    pub petition: Petition,
    pub addressee: Addressee,
    pub geoid: Geoid,
    /// The place's name.
    pub place: String,
    pub ways: Ways,
    /// Newest first.
    pub letters: Vec<Letter>,
}

/// A letter to the seat.
pub(super) struct Letter {
    pub batch: Batch,
    pub delivery: Delivery,
}

/// Opens a link.
pub(super) async fn open(state: &AppState, text: &str) -> Result<Seat, Closed> {
    let token = Token::parse(text).ok_or(Closed::Nothing)?;
    let store = state.store();
    let found = store.deliveries.find_delivery(DeliveryId(token.id)).await?;
    let key = state.vault().instance_key();
    let delivery = found
        .filter(|delivery| token.is_valid(key, TokenPurpose::Desk, delivery.epoch))
        .ok_or(Closed::Nothing)?;
    let petition = store.petitions.find_petition(delivery.petition_id).await?;
    let petition = petition.ok_or(Closed::Nothing)?;
    let home = Home::Government(delivery.geoid.clone());
    let place = places::find_name(state, &home).await?;
    let ways = Ways {
        desk: format!("/desk/{token}"),
        office: office(&delivery.addressee, &place),
        slug: petition.slug.to_string(),
    };
    Ok(Seat {
        letters: list_letters(state, &petition, &delivery).await?,
        id: delivery.id,
        addressee: delivery.addressee,
        geoid: delivery.geoid,
        petition,
        place,
        ways,
    })
}

fn office(addressee: &Addressee, place: &str) -> String {
    match &addressee.district {
        Some(district) => format!("{}, district {district}, {place}", addressee.title),
        None => format!("{}, {place}", addressee.title),
    }
}

/// Letters of approved batches to the same seat: what nobody has approved yet is not shown to whom it is for.
async fn list_letters(
    state: &AppState,
    petition: &Petition,
    one: &Delivery,
) -> Result<Vec<Letter>, Failure> {
    let approved = list_batches(state, petition, &one.geoid).await?;
    let mut approved: HashMap<BatchId, Batch> = approved
        .into_iter()
        .filter(|batch| batch.state == BatchState::Approved)
        .map(|batch| (batch.id, batch))
        .collect();
    let deliveries = &state.store().deliveries;
    let thread = deliveries
        .list_thread(petition.id, &one.addressee.post_id)
        .await?;
    let mut newest: BTreeMap<u32, Delivery> = BTreeMap::new();
    for delivery in thread {
        // Another variant may have taken a letter's place: the one that goes is shown.
        let is_over = delivery.state == DeliveryState::Superseded;
        let is_known = newest.contains_key(&delivery.batch_number);
        if delivery.state != DeliveryState::Cancelled && !(is_over && is_known) {
            newest.insert(delivery.batch_number, delivery);
        }
    }
    let letter = |delivery: Delivery| {
        let batch = approved.remove(&delivery.batch_id)?;
        Some(Letter { batch, delivery })
    };
    Ok(newest.into_values().rev().filter_map(letter).collect())
}

/// The batches of a jurisdiction, cancelled ones left out.
pub(super) async fn list_batches(
    state: &AppState,
    petition: &Petition,
    geoid: &Geoid,
) -> Result<Vec<Batch>, Failure> {
    let batches = &state.store().batches;
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = batches
            .list_batches(petition.id, Some(geoid), None, after, PAGE)
            .await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = last.number;
        let standing = |batch: &Batch| batch.state != BatchState::Cancelled;
        all.extend(page.into_iter().filter(standing));
    }
}

impl Seat {
    /// The letter of a batch, by the number in an address.
    pub(super) fn letter(&self, number: &str) -> Result<&Letter, Closed> {
        let number: u32 = number.parse().map_err(|_| Closed::Nothing)?;
        let mut letters = self.letters.iter();
        letters
            .find(|letter| letter.batch.number == number)
            .ok_or(Closed::Nothing)
    }

    /// The petition's key; none once it was destroyed, and with it all that it sealed.
    pub(super) async fn secrets(
        &self,
        state: &AppState,
    ) -> Result<Option<Arc<PetitionSecrets>>, Failure> {
        match state.vault().petition(self.petition.id).await {
            Ok(secrets) => Ok(Some(secrets)),
            Err(StorageError::Secret(SecretError::Destroyed)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The day on which a batch was frozen.
    pub(super) fn frozen_on(&self, batch: &Batch) -> String {
        day_of(batch.frozen_at, zone(&self.petition))
    }

    /// Where a letter stands, as the office is told.
    pub(super) fn said(&self, letter: &Letter) -> String {
        delivered::of_letter(&letter.delivery, Whose::Yours, zone(&self.petition))
    }
}

/// `Letter 3`, as a heading.
pub(super) fn heading(batch: &Batch) -> String {
    ledger::letter(batch).replacen('l', "L", 1)
}
