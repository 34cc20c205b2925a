//! A letter as it is frozen, opened for people to read.

use super::batch;
use crate::failure::Failure;
use crate::state::AppState;
use crate::veil::veil;
use redress_letters::parts::{LetterParts, PrintedPage, WithPage};
use redress_model::petition::Petition;
use redress_storage::StorageError;
use redress_storage::deliveries::Delivery;
use redress_storage::secrets::SealedField;

/// A letter by the numbers in its address: of the petition's batch, and its own.
pub(super) async fn find(
    state: &AppState,
    petition: &Petition,
    (number, id): (&str, &str),
) -> Result<Delivery, Failure> {
    let batch = batch::find(state, petition, number).await?;
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let found = state.store().deliveries.find_delivery(id).await?;
    found
        .filter(|delivery| delivery.batch_id == batch.id)
        .ok_or(Failure::NotFound)
}

/// Subject, text and HTML as the office gets them, be it in the letter to the whole body, but for the secrets of desks. `None` when the
/// letter is gone or its key was destroyed.
pub(super) async fn open(
    state: &AppState,
    delivery: &Delivery,
) -> Result<Option<LetterParts>, Failure> {
    let opened = unsealed(state, delivery).await?;
    let parts = opened.and_then(|json| serde_json::from_slice::<LetterParts>(&json).ok());
    // No link is anybody's of the console.
    Ok(parts.map(|parts| LetterParts {
        subject: veil(&parts.subject, None),
        text: veil(&parts.text, None),
        html: veil(&parts.html, None),
    }))
}

/// The letter as one page, which holds no secret. `None` where there is none, and as above.
pub(super) async fn page(
    state: &AppState,
    delivery: &Delivery,
) -> Result<Option<PrintedPage>, Failure> {
    let opened = unsealed(state, delivery).await?;
    let letter = opened.and_then(|json| serde_json::from_slice::<WithPage>(&json).ok());
    Ok(letter.and_then(|letter| letter.printed))
}

async fn unsealed(state: &AppState, delivery: &Delivery) -> Result<Option<Vec<u8>>, Failure> {
    let deliveries = &state.store().deliveries;
    let id = delivery.carrier();
    let Some(sealed) = deliveries.find_letter(id).await? else {
        return Ok(None);
    };
    let secrets = match state.vault().petition(delivery.petition_id).await {
        Ok(secrets) => secrets,
        Err(StorageError::Missing(_) | StorageError::Secret(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(secrets.open(SealedField::Letter, id, &sealed).ok())
}
