//! A letter that came back goes to the clerk instead: a new delivery for the same seat, after a person decided.

use crate::failure::Failure;
use crate::state::AppState;
use redress_model::email::Email;
use redress_model::id::DeliveryId;
use redress_model::official::Role;
use redress_storage::StorageError;
use redress_storage::audit::Deed;
use redress_storage::deliveries::{Addressee, Delivery, NewDelivery};
use redress_storage::secrets::{SealedField, Token, TokenPurpose};
use serde_json::{Map, Value};

/// The clerk's office of a letter's government.
pub(super) struct Clerk {
    title: String,
    email: String,
}

/// Whom to write to instead: today's clerk, with an address that is another than the letter's and of which nothing bad is known.
pub(super) async fn find(state: &AppState, delivery: &Delivery) -> Result<Option<Clerk>, Failure> {
    let civics = state.civics();
    let jurisdiction = civics.directory().jurisdiction(delivery.geoid.as_str());
    let tried = delivery.addressee.email.as_deref().unwrap_or_default();
    let clerks: Vec<Clerk> = jurisdiction
        .into_iter()
        .flat_map(|jurisdiction| jurisdiction.sittings(state.today()))
        .filter(|sitting| sitting.post.role == Role::Clerk && !sitting.has_ended)
        .filter_map(|sitting| {
            let email = sitting.holder()?.contact.email.as_deref()?;
            let email = Email::parse(email).ok()?.as_str().to_owned();
            (!email.eq_ignore_ascii_case(tried)).then(|| Clerk {
                title: sitting.post.title.clone(),
                email,
            })
        })
        .collect();
    let addresses: Vec<String> = clerks.iter().map(|it| it.email.to_lowercase()).collect();
    let officials = &state.store().officials;
    let known = officials.list_named_contacts(&addresses).await?;
    let is_failing = |clerk: &Clerk| {
        let address = clerk.email.to_lowercase();
        known
            .iter()
            .any(|record| record.address == address && record.state.is_failing())
    };
    Ok(clerks.into_iter().find(|clerk| !is_failing(clerk)))
}

/// Puts a letter to the clerk in the place of one that came back. `false` when that stands elsewhere by now, or its words are gone.
pub(super) async fn send(
    state: &AppState,
    delivery: &Delivery,
    clerk: &Clerk,
    (note, deed): (&str, &Deed),
) -> Result<bool, Failure> {
    let deliveries = &state.store().deliveries;
    let Some(sealed) = deliveries.find_letter(delivery.id).await? else {
        return Ok(false);
    };
    let secrets = state.vault().petition(delivery.petition_id).await?;
    let opened = secrets
        .open(SealedField::Letter, delivery.id, &sealed)
        .map_err(StorageError::from)?;
    let Ok(mut letter) = serde_json::from_slice::<Value>(&opened) else {
        return Ok(false);
    };
    // The words stay those that were approved, but for the secret link; who is to hand them on stands beside the address.
    if let Some(name) = letter.get_mut("to_name") {
        let official = name.as_str().unwrap_or_default();
        *name = Value::from(format!("{}, for {official}", clerk.title));
    }
    let new = {
        let mut random = state.random();
        let id = DeliveryId::new(state.clock(), random.as_mut());
        let key = state.vault().instance_key();
        link(&mut letter, Token::issue(key, TokenPurpose::Desk, id.0, 0));
        let letter = letter.to_string();
        NewDelivery {
            id,
            variant: delivery.variant,
            addressee: Addressee {
                email: Some(clerk.email.clone()),
                ..delivery.addressee.clone()
            },
            sealed_letter: secrets.seal(
                SealedField::Letter,
                id,
                letter.as_bytes(),
                random.as_mut(),
            ),
        }
    };
    let sent = deliveries.supersede_delivery(delivery.id, delivery.state, &new, note, deed);
    match sent.await {
        Ok(()) => Ok(true),
        Err(StorageError::Stale(_) | StorageError::Refused(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Puts a letter's own link in the place of the one that it was written with, wherever that stands: what is said at a desk is on record
/// with the letter by whose link it was said. The old link goes on opening the same desk.
fn link(letter: &mut Value, own: Token) {
    let written = letter.get("desk_url").and_then(Value::as_str);
    let written = written.and_then(|url| url.rsplit('/').next());
    let Some(old) = written.filter(|it| Token::parse(it).is_some()) else {
        return;
    };
    let (old, own) = (old.to_owned(), own.to_string());
    let values = letter.as_object_mut().into_iter().flat_map(Map::values_mut);
    for value in values {
        if let Value::String(text) = value {
            *text = text.replace(&old, &own);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;
    use redress_storage::secrets::InstanceKey;
    use serde_json::json;
    use uuid::Uuid;

    fn desk(id: u128) -> Token {
        let key = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        Token::issue(&key, TokenPurpose::Desk, Uuid::from_u128(id), 0)
    }

    fn letter(url: &str) -> Value {
        json!({
            "subject": "Letter 1", "desk_url": url, "references": [url],
            "text": format!("Your page:\n\n  {url}\n"), "html": format!("<a href=\"{url}\">{url}</a>"),
        })
    }

    #[test]
    fn a_letters_own_link_stands_wherever_the_old_one_stood() {
        let [old, own] = [1, 2].map(|id| format!("https://petition.example/desk/{}", desk(id)));
        let mut written = letter(&old);
        link(&mut written, desk(2));
        let mut expected = letter(&own);
        expected["references"] = json!([old]);
        assert_eq!(written, expected);
    }

    #[test]
    fn what_is_no_link_of_a_desk_stays_as_it_is() {
        for url in ["https://petition.example/desk/secret", "", "/"] {
            let mut written = letter(url);
            link(&mut written, desk(2));
            assert_eq!(written, letter(url));
        }
    }
}
