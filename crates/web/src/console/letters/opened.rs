//! A letter as it is frozen, opened for people to read.

use super::batch;
use crate::failure::Failure;
use crate::state::AppState;
use redress_letters::parts::{LetterParts, PrintedPage, WithPage};
use redress_model::petition::Petition;
use redress_storage::StorageError;
use redress_storage::deliveries::Delivery;
use redress_storage::secrets::SealedField;

/// What comes before the secret of an office's link.
const DESK: &str = "/desk/";
/// What stands in its place.
const VEIL: &str = "(secret-of-the-office)";

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

/// Subject, text and HTML as the office gets them, but for the secret of its desk. `None` when the letter is gone or its key
/// was destroyed.
pub(super) async fn open(
    state: &AppState,
    delivery: &Delivery,
) -> Result<Option<LetterParts>, Failure> {
    let opened = unsealed(state, delivery).await?;
    let parts = opened.and_then(|json| serde_json::from_slice::<LetterParts>(&json).ok());
    Ok(parts.map(|parts| LetterParts {
        subject: veil(&parts.subject),
        text: veil(&parts.text),
        html: veil(&parts.html),
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
    let Some(sealed) = deliveries.find_letter(delivery.id).await? else {
        return Ok(None);
    };
    let secrets = match state.vault().petition(delivery.petition_id).await {
        Ok(secrets) => secrets,
        Err(StorageError::Missing(_) | StorageError::Secret(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(secrets.open(SealedField::Letter, delivery.id, &sealed).ok())
}

/// Whoever has an office's link can answer in its name; that is nobody of the console.
fn veil(text: &str) -> String {
    let mut pieces = text.split(DESK);
    let mut veiled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_secret = |letter: char| letter.is_ascii_alphanumeric() || ".-_%~".contains(letter);
        veiled.push_str(DESK);
        veiled.push_str(VEIL);
        veiled.push_str(piece.trim_start_matches(is_secret));
    }
    veiled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_secret_of_a_desk_is_veiled_in_text_and_in_html() {
        let html = r#"<a href="https://petition.example/desk/0a.1b">https://petition.example/desk/0a.1b</a>"#;
        let veiled = veil(html);
        assert!(!veiled.contains("0a.1b"), "{veiled}");
        assert!(veiled.starts_with(r#"<a href="https://petition.example/desk/("#));
        assert!(veiled.ends_with("office)</a>"));
        assert_eq!(veil("a letter without\n"), "a letter without\n");
    }

    proptest! {
        #[test]
        fn no_secret_is_left(before in "[ -~]{0,40}", id: u128, mac: u128, after in "[ \n\"<]") {
            let secret = format!("{id:032x}.{mac:032x}");
            let text = format!("{before}https://petition.example/desk/{secret}{after}");
            prop_assert!(!veil(&text).contains(&secret));
        }
    }
}
