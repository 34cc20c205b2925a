//! Letters that a person decides about, one by one.

use super::mailroom::PAGE;
use super::office::Organizer;
use crate::stage::{Answer, Stage};
use axum::http::StatusCode;
use redress_model::delivery::state::DeliveryState::{
    self, Abandoned, Accepted, DeliveredByHand, Held, NoContact, Queued, Refused, Uncertain,
};
use redress_model::id::DeliveryId;
use redress_model::role::MemberRole::{Analyst, Deliverer};

const BATCH: &str = "/console/p/forbid-it/letters/1";

/// An approved batch whose mayor's letter came to something.
async fn tried(to: DeliveryState) -> (Stage, Organizer, DeliveryId) {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(Deliverer).await;
    stage.submit(&dora, &format!("{BATCH}/approve"), &[]).await;
    let letter = stage.try_the_mayor(to, None).await;
    (stage, dora, letter)
}

async fn decide(
    stage: &Stage,
    who: &Organizer,
    letter: DeliveryId,
    fields: &[(&str, &str)],
) -> Answer {
    let path = format!("{BATCH}/{letter}/decide");
    stage.submit(who, &path, fields).await
}

#[tokio::test]
async fn an_uncertain_letter_is_decided_by_name_and_with_evidence() {
    for (word, state) in [
        ("accepted", Accepted),
        ("refused", Refused),
        ("resend", Queued),
        ("abandoned", Abandoned),
    ] {
        let (stage, dora, letter) = tried(Uncertain).await;
        let page = stage.visit(&dora, &format!("{BATCH}/{letter}")).await.text;
        assert!(page.contains("a person decides") && page.contains("Who says so"));
        let fields = [
            ("as", word),
            ("by", "Dora Lee"),
            ("note", "the relay’s log"),
        ];
        let done = decide(&stage, &dora, letter, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(stage.stands().await, [NoContact, state]);
        let decided = stage.deliveries_of("forbid-it").await.remove(1);
        assert_eq!(decided.note.as_deref(), Some("Dora Lee: the relay’s log"));
        let deed = format!(
            "delivery.resolve_uncertain forbid-it {{\"as\":\"{word}\",\"delivery\":\"{letter}\"}}"
        );
        assert!(stage.deeds().await.contains(&deed), "{deed}");
        let late = decide(&stage, &dora, letter, &fields).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("stands elsewhere by now"), "{word}");
    }
}

#[tokio::test]
async fn without_a_name_a_note_and_a_choice_nothing_is_decided() {
    let (stage, dora, letter) = tried(Uncertain).await;
    let long = "a".repeat(1_001);
    for (fields, told) in [
        (
            [("as", "accepted"), ("by", " "), ("note", "the log")],
            "say who decides",
        ),
        (
            [("as", "accepted"), ("by", "Dora\nLee"), ("note", "the log")],
            "say who decides",
        ),
        (
            [("as", "accepted"), ("by", "Dora"), ("note", "")],
            "say by what evidence",
        ),
        (
            [("as", "accepted"), ("by", "Dora"), ("note", &long)],
            "say by what evidence",
        ),
        (
            [("as", "by_hand"), ("by", "Dora"), ("note", "the log")],
            "choose what became",
        ),
        (
            [("as", ""), ("by", "<b>Dora"), ("note", "the log")],
            "choose what became",
        ),
    ] {
        let refused = decide(&stage, &dora, letter, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
        assert!(refused.text.contains(told), "{told}: {}", refused.text);
        assert!(!refused.text.contains("<b>Dora"));
    }
    assert_eq!(stage.stands().await, [NoContact, Uncertain]);
}

#[tokio::test]
async fn a_held_letter_is_queued_again() {
    let (stage, dora, letter) = tried(Held).await;
    let page = stage.visit(&dora, &format!("{BATCH}/{letter}")).await.text;
    assert!(page.contains("<button>Queue again</button>"), "{page}");
    let done = decide(&stage, &dora, letter, &[("as", "queue_again")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(stage.stands().await, [NoContact, Queued]);
}

#[tokio::test]
async fn a_letter_with_nobody_to_go_to_is_delivered_by_hand_once_it_is_approved() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(Deliverer).await;
    let letter = stage.deliveries_of("forbid-it").await[0].id;
    let by_hand = [
        ("as", "by_hand"),
        ("by", "Dora Lee"),
        ("note", "left with the clerk"),
    ];
    let early = decide(&stage, &dora, letter, &by_hand).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
    stage.submit(&dora, &format!("{BATCH}/approve"), &[]).await;
    let path = format!("{BATCH}/{letter}");
    let page = stage.visit(&dora, &path).await.text;
    assert!(page.contains("The printed letter (PDF)"), "{page}");
    let printed = stage.visit(&dora, &format!("{path}/printed.pdf")).await;
    assert_eq!(printed.bytes, PAGE);
    assert_eq!(printed.header("content-type"), "application/pdf");
    let nameless = decide(&stage, &dora, letter, &by_hand[..1]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = decide(&stage, &dora, letter, &by_hand).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(stage.stands().await, [DeliveredByHand, Queued]);
    let page = stage.visit(&dora, &path).await.text;
    assert!(page.contains("Dora Lee: left with the clerk"), "{page}");
    assert!(!page.contains("The printed letter (PDF)"), "{page}");
}

#[tokio::test]
async fn an_analyst_sees_what_became_of_a_letter_and_no_form() {
    let (mut stage, dora, letter) = tried(Uncertain).await;
    let ana = stage.organizer(Analyst).await;
    let page = stage.visit(&ana, &format!("{BATCH}/{letter}")).await.text;
    assert!(
        page.contains("Tries") && !page.contains("Who says so"),
        "{page}"
    );
    let fields = [("as", "accepted"), ("by", "Ana"), ("note", "a guess")];
    let refused = decide(&stage, &ana, letter, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let all = stage
        .visit(&dora, "/console/p/forbid-it/deliveries")
        .await
        .text;
    assert!(
        all.contains("<b>2</b> letters") && all.contains("<b>1</b> uncertain"),
        "{all}"
    );
    let path = "/console/p/forbid-it/deliveries?state=no_contact";
    let some = stage.visit(&dora, path).await.text;
    assert!(
        some.contains("City Clerk") && !some.contains(">Mayor<"),
        "{some}"
    );
}

#[tokio::test]
async fn servers_that_block_are_shown_with_their_words_and_tried_again_by_a_deliverer() {
    use redress_storage::breakers::Sign;
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(Deliverer).await;
    let anne = stage.organizer(Analyst).await;
    stage.submit(&dora, &format!("{BATCH}/approve"), &[]).await;
    let said = (554, "5.7.1 <b>blocked</b> by policy".to_owned());
    let breakers = stage.store.breakers.clone();
    let blocked = breakers.record_sign("city.example", Sign::Blocked, Some(&said), stage.at);
    blocked.await.unwrap();

    let path = "/console/p/forbid-it/deliveries";
    let page = stage.visit(&dora, path).await.text;
    assert!(
        page.contains("The mail servers of city.example will not have our mail"),
        "{page}"
    );
    assert!(page.contains("&#60;b&#62;blocked") && page.contains("Try again"));
    let page = stage.visit(&anne, path).await.text;
    assert!(page.contains("city.example") && !page.contains("Try again"));

    let release = format!("{path}/release");
    let fields = [("name", "city.example")];
    let done = stage.submit(&anne, &release, &fields).await;
    assert_eq!(done.status, StatusCode::FORBIDDEN);
    assert_eq!(breakers.list_breakers().await.unwrap().len(), 1);
    let done = stage.submit(&dora, &release, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(breakers.list_breakers().await.unwrap(), []);
    let deed = "delivery.release forbid-it {\"servers\":\"city.example\"}";
    assert!(stage.deeds().await.iter().any(|it| it == deed));
    let page = stage.visit(&dora, path).await.text;
    assert!(!page.contains("will not have our mail"));
}
