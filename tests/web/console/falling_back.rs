//! Letters that came back, and go to the clerk instead.

use super::mailroom::{NAME, SECRET};
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::clock::FixedClock;
use redress_model::delivery::LetterVariant;
use redress_model::delivery::state::DeliveryState::{
    self, NoContact, Queued, Refused, Superseded, TooLarge,
};
use redress_model::id::DeliveryId;
use redress_model::role::MemberRole::{Analyst, Deliverer};
use redress_storage::deliveries::{Delivery, NewDelivery};
use redress_storage::secrets::SealedField;
use serde_json::Value;

const BATCH: &str = "/console/p/forbid-it/letters/1";
const OFFER: &str = "Write to the clerk instead";
const FIELDS: [(&str, &str); 3] = [
    ("as", "fallback"),
    ("by", "Dora Lee"),
    ("note", "the office has no mail any more"),
];

/// An approved batch whose letter to the mayor came to something.
async fn tried(stands: DeliveryState) -> (Stage, Delivery) {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let deed = stage.deed("delivery.approve", "forbid-it");
    let petition = stage.found("forbid-it").await;
    let batches = &stage.store.batches;
    let batch = batches.find_batch(petition.id, 1).await;
    let batch = batch.expect("found").expect("there");
    let approved = batches.approve_batch(batch.id, &deed).await;
    approved.expect("approved");
    let letter = try_again(&mut stage, stands).await;
    (stage, letter)
}

async fn try_again(stage: &mut Stage, stands: DeliveryState) -> Delivery {
    let letter = stage.try_the_mayor(stands, None).await;
    let found = stage.store.deliveries.find_delivery(letter).await;
    found.expect("found").expect("there")
}

/// A letter as it is sealed.
async fn sealed(stage: &Stage, letter: &Delivery) -> Value {
    let secrets = stage.vault.petition(letter.petition_id).await;
    let found = stage.store.deliveries.find_letter(letter.id).await;
    let sealed = found.expect("found").expect("there");
    let opened = secrets
        .expect("its key")
        .open(SealedField::Letter, letter.id, &sealed);
    serde_json::from_slice(&opened.expect("it opens")).expect("JSON")
}

#[tokio::test]
async fn a_letter_to_the_clerk_has_a_link_of_its_own_and_the_old_one_goes_on_working() {
    let (mut stage, old) = tried(Refused).await;
    let dora = stage.organizer(Deliverer).await;
    let path = format!("{BATCH}/{}", old.id);
    let page = stage.visit(&dora, &path).await.text;
    assert!(page.contains(OFFER), "{page}");

    let done = stage
        .submit(&dora, &format!("{path}/decide"), &FIELDS)
        .await;

    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let letters = stage.deliveries_of("forbid-it").await;
    let states: Vec<_> = letters.iter().map(|letter| letter.state).collect();
    assert_eq!(states.len(), 3);
    for stands in [NoContact, Superseded, Queued] {
        assert!(states.contains(&stands), "{states:?}");
    }
    let new = letters.iter().find(|letter| letter.state == Queued);
    let new = new.expect("there");
    let clerk = new.addressee.email.as_deref().expect("an address");
    assert!(clerk.contains("clerk"), "{clerk}");
    let (was, is) = (sealed(&stage, &old).await, sealed(&stage, new).await);
    // The words are those that were approved, but for the link.
    let desk = stage.desk(new.id);
    for part in ["text", "html", "desk_url"] {
        let [was, is] = [&was, &is].map(|letter| letter[part].as_str().expect("text"));
        assert!(is.contains(&desk) && !is.contains(SECRET), "{part}: {is}");
        let secret = desk.trim_start_matches("/desk/");
        assert_eq!(is.replace(secret, SECRET), was, "{part}");
    }
    assert_eq!(is["subject"], was["subject"]);
    assert_eq!(is["printed"], was["printed"]);
    let to = is["to_name"].as_str().expect("a name");
    assert!(to.ends_with(&format!(", for {NAME}")), "{to}");

    for link in [stage.desk(old.id), desk] {
        let page = stage.get(&format!("{link}/letters/1")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("Letter 1 to the Mayor"), "{}", page.text);
    }
    let late = stage
        .submit(&dora, &format!("{path}/decide"), &FIELDS)
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(stage.deliveries_of("forbid-it").await.len(), 3);
}

#[tokio::test]
async fn who_may_not_let_letters_out_sends_nothing_to_the_clerk() {
    let (mut stage, old) = tried(Refused).await;
    let anne = stage.organizer(Analyst).await;
    let path = format!("{BATCH}/{}", old.id);
    let page = stage.visit(&anne, &path).await.text;
    assert!(!page.contains(OFFER), "{page}");
    let done = stage
        .submit(&anne, &format!("{path}/decide"), &FIELDS)
        .await;
    assert_eq!(done.status, StatusCode::FORBIDDEN);
    assert_eq!(stage.deliveries_of("forbid-it").await.len(), 2);
}

#[tokio::test]
async fn a_letter_that_is_too_large_without_its_list_can_go_to_the_clerk() {
    let (mut stage, old) = tried(TooLarge).await;
    let dora = stage.organizer(Deliverer).await;
    let page = stage.visit(&dora, &format!("{BATCH}/{}", old.id)).await;
    // The mailer puts a smaller one in its place.
    assert!(!page.text.contains(OFFER), "{}", page.text);

    let words = sealed(&stage, &old).await.to_string();
    let secrets = stage.vault.petition(old.petition_id).await;
    let id = DeliveryId::new(&FixedClock(stage.at), &mut stage.random);
    let field = SealedField::Letter;
    let smaller = NewDelivery {
        id,
        variant: LetterVariant::Link,
        addressee: old.addressee.clone(),
        sealed_letter: secrets.expect("its key").seal(
            field,
            id,
            words.as_bytes(),
            &mut stage.random,
        ),
    };
    let deed = stage.deed("delivery.link", "forbid-it");
    let deliveries = &stage.store.deliveries;
    let done = deliveries.supersede_delivery(old.id, TooLarge, &smaller, "too large", &deed);
    done.await.expect("superseded");
    let letter = try_again(&mut stage, TooLarge).await;

    assert_eq!(letter.id, id);
    let path = format!("{BATCH}/{id}");
    let page = stage.visit(&dora, &path).await.text;
    assert!(page.contains(OFFER), "{page}");
    let done = stage
        .submit(&dora, &format!("{path}/decide"), &FIELDS)
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let letters = stage.deliveries_of("forbid-it").await;
    let new = letters.iter().find(|letter| letter.state == Queued);
    assert_eq!(new.expect("there").variant, LetterVariant::Link);
}
