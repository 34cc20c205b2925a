//! One letter to the whole body, as its offices, signers, organizers and everybody read of it.

use super::seats::Seat::{Clerk, Mayor, Member};
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::delivery::state::DeliveryState;
use redress_model::role::MemberRole::Editor;

#[tokio::test]
async fn the_desk_of_each_office_has_the_letter_to_the_whole_body_and_no_link_but_its_own() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_together(&[Mayor, Member, Clerk], 2).await;
    let desks = [0, 1].map(|at| stage.desk(sent.letters[at]));
    for desk in &desks {
        let page = stage.get(desk).await.text;
        assert!(
            page.contains("in the letter to the whole body: on its way."),
            "{page}"
        );
    }
    stage.accept(sent.letters[0]).await;
    for (own, other) in [(0, 1), (1, 0)] {
        let (own, other) = (&desks[own], &desks[other]);
        let page = stage.get(own).await.text;
        let said =
            "in the letter to the whole body: accepted by your clerk’s mail server on 2 Mar 2026.";
        assert!(page.contains(said), "{page}");
        let words = stage.get(&format!("{own}/letters/1")).await;
        assert_eq!(words.status, StatusCode::OK);
        let words = words.text;
        assert!(words.contains("To all of you"), "{words}");
        assert!(
            words.contains(&format!("petition.example{own}")) && !words.contains(other.as_str()),
            "{words}"
        );
        let list = stage.get(&format!("{own}/lists/1.csv")).await;
        assert_eq!(list.bytes, sent.list);
    }
}

#[tokio::test]
async fn everybody_reads_that_the_offices_are_in_one_letter() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_together(&[Mayor, Member, Clerk], 2).await;
    stage.accept(sent.letters[0]).await;
    let record = stage.get("/p/forbid-it/ledger").await.text;
    for page in [stage.place().await, record] {
        let said = "accepted by 2 of 3 offices; no address known for 1; 2 of them in one letter to the whole body";
        assert!(page.contains(said), "{page}");
    }
    let record = stage.get("/es/p/forbid-it/ledger").await.text;
    assert!(record.contains("2 de ellas en una sola carta"), "{record}");
    let places = stage.get("/api/v1/petitions/forbid-it/places").await.json();
    assert_eq!(places["places"][0]["officials"], 2);
    let receipt = stage.get(&stage.receipt(&ana)).await.text;
    let district = stage.known().await.district;
    for office in [
        "Mayor Elena Ortiz".to_owned(),
        format!("Council Member Sam Okafor, district {district}"),
    ] {
        let said = format!(
            "<strong>{office}</strong>: in the letter to the whole body: accepted by the clerk’s mail server on 2 Mar 2026 <q>250 2.0.0"
        );
        assert!(receipt.contains(&said), "{said}: {receipt}");
    }
}

#[tokio::test]
async fn organizers_see_which_letter_an_office_is_in() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_together(&[Mayor, Member], 2).await;
    stage.accept(sent.letters[0]).await;
    let editor = stage.organizer(Editor).await;
    let base = "/console/p/forbid-it";
    for path in [
        format!("{base}/letters"),
        format!("{base}/letters/1"),
        format!("{base}/deliveries"),
    ] {
        let page = stage.visit(&editor, &path).await.text;
        assert!(
            page.contains("in the letter to the whole body"),
            "{path}: {page}"
        );
    }
    let [carrier, joined] = [0, 1].map(|at| format!("{base}/letters/1/{}", sent.letters[at]));
    let page = stage.visit(&editor, &carrier).await.text;
    assert!(
        page.contains("It is the letter to the whole body: 1 other office is in it"),
        "{page}"
    );
    let page = stage.visit(&editor, &joined).await.text;
    for words in [
        "The office’s server took it.",
        &format!("<a href=\"{carrier}\">the letter to the whole body</a>"),
        "250 2.0.0",
        "To all of you",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for page in [page, stage.visit(&editor, &carrier).await.text] {
        for id in &sent.letters {
            assert!(!page.contains(&stage.desk(*id)), "a secret: {page}");
        }
    }
}

#[tokio::test]
async fn an_office_that_closes_leaves_the_others_their_own_letters() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_together(&[Mayor, Member], 2).await;
    let [mayor, member] = [0, 1].map(|at| stage.desk(sent.letters[at]));
    let done = stage
        .post_form(&format!("{mayor}/closure"), &[("as", "stopped")])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(
        stage.state_of(sent.letters[0]).await,
        DeliveryState::Suppressed
    );
    assert_eq!(stage.state_of(sent.letters[1]).await, DeliveryState::Queued);
    let page = stage.get(&mayor).await.text;
    assert!(page.contains("not sent, as the office wishes"), "{page}");
    let page = stage.get(&member).await.text;
    assert!(
        page.contains("on its way.") && !page.contains("whole body:"),
        "{page}"
    );
    let words = stage.get(&format!("{member}/letters/1")).await.text;
    assert!(words.contains("Dear Council Member Okafor,"), "{words}");
    let place = stage.place().await;
    assert!(
        place.contains("being sent to 1") && !place.contains("whole body"),
        "{place}"
    );
}
