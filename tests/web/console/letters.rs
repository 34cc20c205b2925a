//! Freezing, reading and approving letters.

use super::mailroom::{NAME, SECRET};
use super::office::encoded;
use crate::stage::Stage;
use axum::http::{Method, StatusCode};
use redress_model::delivery::state::DeliveryState::{Cancelled, NoContact, Queued, Waiting};
use redress_model::petition::state::PetitionState;
use redress_model::role::MemberRole::{Analyst, Deliverer, Owner};

const LETTERS: &str = "/console/p/forbid-it/letters";
const BATCH: &str = "/console/p/forbid-it/letters/1";
const APPROVE: &str = "/console/p/forbid-it/letters/1/approve";
const CANCEL: &str = "/console/p/forbid-it/letters/1/cancel";

#[tokio::test]
async fn what_waits_is_frozen_when_the_mailer_is_asked_once() {
    let mut stage = Stage::open().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let geoid = stage.known().await.geoid;
    let dora = stage.organizer(Deliverer).await;
    let page = stage.visit(&dora, LETTERS).await.text;
    assert!(page.contains("<b>1</b> signature in 1 place"), "{page}");
    for _ in 0..2 {
        let asked = stage
            .submit(&dora, &format!("{LETTERS}/freeze"), &[("place", &geoid)])
            .await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
        assert_eq!(asked.header("location"), format!("{LETTERS}?note=asked"));
    }
    let requests = stage.store.batches.list_freeze_requests().await;
    assert_eq!(requests.expect("listed").len(), 1);
    let deed = format!("delivery.freeze forbid-it {{\"place\":\"{geoid}\"}}");
    assert!(stage.deeds().await.contains(&deed), "{deed}");
    let page = stage.visit(&dora, LETTERS).await.text;
    assert!(page.contains("Asked for and not done yet"), "{page}");
    let nowhere = [("place", "9999999")];
    let none = stage
        .submit(&dora, &format!("{LETTERS}/freeze"), &nowhere)
        .await;
    assert_eq!(none.status, StatusCode::CONFLICT);
    assert!(none.text.contains("nothing waits there"), "{}", none.text);
}

#[tokio::test]
async fn an_analyst_reads_letters_and_decides_nothing() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let ana = stage.organizer(Analyst).await;
    let page = stage.visit(&ana, BATCH).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("mayor@city.example") && page.text.contains("City Clerk"));
    assert!(page.text.contains("no e-mail address is known"));
    assert!(
        page.text.contains(&"03".repeat(32)),
        "the root stands there"
    );
    assert!(!page.text.contains("<button>Approve"));
    for path in [APPROVE, CANCEL, "/console/p/forbid-it/letters/freeze"] {
        let answer = stage.submit(&ana, path, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.text.contains("owners and deliverers"), "{path}");
    }
    assert_eq!(stage.stands().await, [NoContact, Waiting]);
}

#[tokio::test]
async fn approving_queues_exactly_the_letters_that_wait_and_is_in_the_audit_log() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(Deliverer).await;
    let page = stage.visit(&dora, BATCH).await.text;
    assert!(page.contains("<button>Approve 1 letter</button>"), "{page}");
    assert!(page.contains("1 letter has nobody to go to"), "{page}");
    let approved = stage.submit(&dora, APPROVE, &[]).await;
    assert_eq!(
        approved.header("location"),
        format!("{BATCH}?note=approved")
    );
    assert_eq!(stage.stands().await, [NoContact, Queued]);
    let deed = r#"delivery.approve forbid-it {"batch":1}"#.to_owned();
    assert!(stage.deeds().await.contains(&deed));
    let page = stage.visit(&dora, BATCH).await.text;
    assert!(!page.contains("<button>Approve") && page.contains("approve again with"));
}

#[tokio::test]
async fn whoever_decides_twice_is_told_so() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(Deliverer).await;
    stage.submit(&dora, APPROVE, &[]).await;
    let before = stage.deeds().await.len();
    for path in [APPROVE, CANCEL] {
        let again = stage.submit(&dora, path, &[]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{path}");
        assert!(again.text.contains("approved before"), "{path}");
    }
    assert_eq!(stage.deeds().await.len(), before);
    assert_eq!(stage.stands().await, [NoContact, Queued]);
}

#[tokio::test]
async fn a_cancelled_batch_frees_its_signatures_and_cannot_be_approved() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(Deliverer).await;
    let page = stage.visit(&dora, LETTERS).await.text;
    assert!(page.contains("Everything that is confirmed is in a batch"));
    let done = stage.submit(&dora, CANCEL, &[]).await;
    assert_eq!(done.header("location"), format!("{BATCH}?note=cancelled"));
    assert_eq!(stage.stands().await, [Cancelled, Cancelled]);
    let page = stage.visit(&dora, LETTERS).await.text;
    assert!(page.contains("<b>1</b> signature in 1 place"), "{page}");
    let late = stage.submit(&dora, APPROVE, &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("cancelled before"), "{}", late.text);
}

#[tokio::test]
async fn the_later_batch_of_a_place_is_cancelled_first() {
    let mut stage = Stage::open().await;
    let first = stage.frozen().await;
    stage.sign_and_confirm("Ben Diaz", "ben@example.org").await;
    let geoid = first.batch.geoid.to_string();
    stage.freeze_place("forbid-it", &geoid).await;
    let dora = stage.organizer(Deliverer).await;
    let refused = stage.submit(&dora, CANCEL, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("Cancel the later one first"));
    assert_eq!(
        stage.stands().await,
        [NoContact, NoContact, Waiting, Waiting]
    );
}

#[tokio::test]
async fn a_petition_without_a_sender_approves_nothing() {
    let mut stage = Stage::open().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let geoid = stage.known().await.geoid;
    stage.freeze_place("forbid-it", &geoid).await;
    let dora = stage.organizer(Deliverer).await;
    let page = stage.visit(&dora, BATCH).await.text;
    assert!(page.contains("the petition names no sender"), "{page}");
    let refused = stage.submit(&dora, APPROVE, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("names no sender, and every letter"));
    assert_eq!(stage.stands().await, [NoContact, Waiting]);
}

#[tokio::test]
async fn batches_are_listed_newest_first_a_page_at_a_time() {
    let mut stage = Stage::open().await;
    let first = stage.frozen().await;
    let geoid = first.batch.geoid.to_string();
    for _ in 0..20 {
        stage.freeze_place("forbid-it", &geoid).await;
    }
    let dora = stage.organizer(Deliverer).await;
    let numbers = |page: &str| -> Vec<u32> {
        let rows = page.split(">Batch ").skip(1);
        let number = |row: &str| row.split('<').next().and_then(|text| text.parse().ok());
        rows.filter_map(number).collect()
    };
    let page = stage.visit(&dora, LETTERS).await.text;
    assert_eq!(numbers(&page), (2..=21).rev().collect::<Vec<u32>>());
    assert!(page.contains("?before=2\""), "{page}");
    let older = stage
        .visit(&dora, &format!("{LETTERS}?before=2"))
        .await
        .text;
    assert_eq!(numbers(&older), [1]);
    assert!(!older.contains("Older batches"));
}

#[tokio::test]
async fn another_organizations_batch_and_letter_are_not_there() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let letter = stage.deliveries_of("forbid-it").await[0].id;
    stage.organization("others").await;
    stage
        .petition_of("others", "their-own", PetitionState::Open)
        .await;
    stage.account("eve@example.org", "others", Owner).await;
    let eve = stage.log_in("eve@example.org").await;
    for slug in ["forbid-it", "their-own"] {
        for page in ["1", &format!("1/{letter}"), &format!("1/{letter}/body")] {
            let path = format!("/console/p/{slug}/letters/{page}");
            let answer = stage.visit(&eve, &path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
        for page in ["1/approve", "1/cancel", &format!("1/{letter}/decide")] {
            let path = format!("/console/p/{slug}/letters/{page}");
            let answer = stage.submit(&eve, &path, &[]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    assert_eq!(stage.stands().await, [NoContact, Waiting]);
}

#[tokio::test]
async fn without_its_token_no_form_about_letters_counts() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(Deliverer).await;
    let letter = stage.deliveries_of("forbid-it").await[0].id;
    for path in [APPROVE, CANCEL, &format!("{BATCH}/{letter}/decide")] {
        for body in [String::new(), encoded(&[("token", "00")])] {
            let answer = stage.ask_with(&dora.cookie, Method::POST, path, body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    assert_eq!(stage.stands().await, [NoContact, Waiting]);
}

#[tokio::test]
async fn a_letters_html_stands_in_a_frame_that_runs_and_loads_nothing() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let ana = stage.organizer(Analyst).await;
    let letter = stage.deliveries_of("forbid-it").await[1].id;
    let page = stage.visit(&ana, &format!("{BATCH}/{letter}")).await;
    let frame = format!(
        "<iframe class=\"letter\" sandbox title=\"The letter as HTML\" src=\"{BATCH}/{letter}/body\">"
    );
    assert!(page.text.contains(&frame), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"));
    assert!(policy.contains("frame-src 'self'") && !policy.contains("unsafe"));
    let body = stage.visit(&ana, &format!("{BATCH}/{letter}/body")).await;
    assert_eq!(
        body.header("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
    );
    assert_eq!(body.header("x-content-type-options"), "nosniff");
    assert_eq!(body.header("cache-control"), "no-store");
    assert!(body.header("content-type").starts_with("text/html"));
    assert!(body.text.contains("<p>Dear Mayor</p>"), "{}", body.text);
    let other = stage.visit(&ana, BATCH).await;
    assert!(!other.header("content-security-policy").contains("unsafe"));
}

#[tokio::test]
async fn the_secret_of_an_offices_link_is_nowhere_in_the_console() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let ana = stage.organizer(Owner).await;
    for letter in stage.deliveries_of("forbid-it").await {
        for page in ["", "/body"] {
            let path = format!("{BATCH}/{}{page}", letter.id);
            let text = stage.visit(&ana, &path).await.text;
            assert!(text.contains("/desk/(secret-of-the-office)"), "{text}");
            assert!(!text.contains(SECRET), "{path}");
        }
    }
}

#[tokio::test]
async fn no_page_about_letters_shows_markup_of_others_or_a_signer() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let dora = stage.organizer(Deliverer).await;
    stage.submit(&dora, APPROVE, &[]).await;
    let answer = "<script>alert(1)</script> =HYPERLINK(\"https://other.example\")";
    let letter = stage
        .try_the_mayor(
            redress_model::delivery::state::DeliveryState::Deferred,
            Some(answer),
        )
        .await;
    for path in [
        LETTERS.to_owned(),
        BATCH.to_owned(),
        format!("{BATCH}/{letter}"),
        "/console/p/forbid-it/deliveries".to_owned(),
        "/console/p/forbid-it/deliveries?state=deferred".to_owned(),
    ] {
        let page = stage.visit(&dora, &path).await.text;
        assert!(!page.contains("<script") && !page.contains(NAME), "{path}");
        assert!(!page.contains("Ana Ruiz") && !page.contains("ana@example.org"));
        if path != LETTERS {
            assert!(
                page.contains("451 &#60;script&#62;alert(1)"),
                "{path}: {page}"
            );
            assert!(page.contains("Maria &#60;b&#62;Ruiz"), "{path}");
        }
    }
}
