//! What an office says and wishes at its desk, and who reads it.

use super::seats::Seat::{Clerk, Mayor, Member};
use crate::stage::Stage;
use axum::http::StatusCode;
use chrono::Duration;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_model::response::{Position, ResponseState};
use redress_model::role::MemberRole::{Analyst, Deliverer, Editor, Owner, Reviewer};
use redress_storage::mails::MailKind;
use redress_storage::responses::{Response, ResponseFilter};
use redress_storage::signatures::Wishes;

const WORDS: &str = "We will bring <b>an ordinance</b>.\n\nIn May.";

impl Stage {
    async fn responses(&self) -> Vec<Response> {
        let petition = self.forbid_it().await.id;
        let responses = &self.store.responses;
        let all = responses.list_responses(petition, ResponseFilter::default(), 100);
        all.await.expect("listed")
    }

    pub async fn state_of(&self, id: DeliveryId) -> DeliveryState {
        let found = self.store.deliveries.find_delivery(id).await;
        found.expect("found").expect("there").state
    }

    /// The public page of the known place.
    pub async fn place(&self) -> String {
        let geoid = self.known().await.geoid;
        let page = self.get(&format!("/p/forbid-it/places/{geoid}")).await;
        assert_eq!(page.status, StatusCode::OK);
        page.text
    }
}

#[tokio::test]
async fn an_office_answers_and_nobody_reads_it_before_an_organizer() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_to(&[Mayor, Member]).await;
    let desk = stage.desk(sent.letters[0]);
    let path = format!("{desk}/response");
    assert_eq!(
        stage.get(&path).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    let fields = [("position", "support"), ("text", WORDS)];
    for _ in 0..2 {
        let done = stage.post_form(&path, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(done.header("location").starts_with(&desk));
    }
    assert_eq!(stage.responses().await.len(), 1);
    let page = stage.get(&format!("{desk}?note=answered")).await.text;
    assert!(
        page.contains("Your office supports it") && page.contains("an organizer looks at it"),
        "{page}"
    );
    assert!(page.contains("&#60;b&#62;an ordinance"), "{page}");
    // Reading it again changes nothing, and another seat reads nothing of it.
    stage.get(&desk).await;
    assert_eq!(stage.responses().await.len(), 1);
    let other = stage.get(&stage.desk(sent.letters[1])).await.text;
    assert!(!other.contains("ordinance"));
    let receipt = stage.get(&stage.receipt(&ana)).await.text;
    let ask = stage.get("/p/forbid-it").await.text;
    for public in [stage.place().await, receipt, ask] {
        assert!(!public.contains("ordinance") && !public.contains("have answered"));
    }

    // A later one takes its place.
    let later = [("position", "oppose"), ("text", "No.")];
    stage.post_form(&path, &later).await;
    let states: Vec<_> = stage
        .responses()
        .await
        .iter()
        .map(|it| (it.position, it.state))
        .collect();
    // Both are of one instant, and so in no order.
    assert_eq!(states.len(), 2);
    assert!(states.contains(&(Position::Oppose, ResponseState::Waiting)));
    assert!(states.contains(&(Position::Support, ResponseState::Replaced)));
}

#[tokio::test]
async fn an_answer_without_a_position_or_words_is_not_sent_and_stays_in_the_form() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_to(&[Mayor]).await;
    let path = format!("{}/response", stage.desk(sent.letters[0]));
    let long = "a".repeat(5_001);
    for (position, text, told) in [
        ("", "We look.", "choose where the office stands"),
        ("unstated", "We look.", "choose where the office stands"),
        ("support", " \n", "write the answer"),
        ("support", &long, "at most 5,000 characters"),
    ] {
        let fields = [("position", position), ("text", text)];
        let page = stage.post_form(&path, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(told), "{told}: {}", page.text);
        assert!(page.text.contains(text.trim()));
    }
    assert_eq!(stage.responses().await, []);
    let closed = stage
        .post_form("/desk/nonsense/response", &[("position", "support")])
        .await;
    assert_eq!(closed.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_an_organizer_publishes_stands_on_the_place_the_petition_and_the_receipt() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    let signatures = &stage.store.signatures;
    let wishes = Wishes {
        wants_updates: true,
        ..Wishes::default()
    };
    let kept = signatures.record_wishes(ana.signature_id, wishes).await;
    assert!(kept.expect("kept"));
    let sent = stage.send_to(&[Mayor, Member]).await;
    let path = format!("{}/response", stage.desk(sent.letters[0]));
    let fields = [("position", "support"), ("text", WORDS)];
    stage.post_form(&path, &fields).await;
    let id = stage.responses().await[0].id;
    let letter = format!("/console/p/forbid-it/letters/1/{}", sent.letters[0]);
    let decide = format!("/console/p/forbid-it/responses/{id}");
    for role in [Analyst, Deliverer] {
        let member = stage.organizer(role).await;
        let page = stage.visit(&member, &letter).await.text;
        assert!(
            page.contains("an ordinance") && !page.contains(&decide),
            "{role}"
        );
        let refused = stage.submit(&member, &decide, &[("as", "published")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}");
    }
    let reviewer = stage.organizer(Reviewer).await;
    let todo = stage.visit(&reviewer, "/console/p/forbid-it/letters").await;
    assert!(todo.text.contains("answered at its desk"), "{}", todo.text);
    let page = stage.visit(&reviewer, &letter).await.text;
    assert!(page.contains(&decide), "{page}");
    let done = stage
        .submit(&reviewer, &decide, &[("as", "published")])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let late = stage
        .submit(&reviewer, &decide, &[("as", "published")])
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let deed = format!("response.publish forbid-it {{\"from\":\"waiting\",\"response\":\"{id}\"}}");
    assert!(stage.deeds().await.contains(&deed), "{deed}");

    let place = stage.place().await;
    for words in [
        "What the offices answered",
        "<strong>Mayor Elena Ortiz</strong> supports it",
        "<p>We will bring &#60;b&#62;an ordinance&#60;/b&#62;.</p>",
        "<p>In May.</p>",
    ] {
        assert!(place.contains(words), "{words}: {place}");
    }
    let ask = stage.get("/p/forbid-it").await.text;
    assert!(
        ask.contains("Offices that have answered: for it: 1."),
        "{ask}"
    );
    let ask = stage.get("/es/p/forbid-it").await.text;
    assert!(ask.contains("a favor: 1"), "{ask}");
    let receipt = stage.get(&stage.receipt(&ana)).await.text;
    assert!(
        receipt.contains("The office’s public answer:") && receipt.contains("an ordinance"),
        "{receipt}"
    );

    // The signer who asked for news is told, once.
    let told = stage.store.responses.tell_signers(stage.now(), 100).await;
    assert_eq!(told.expect("told"), Some(1));
    let mails = stage.mails().await;
    assert_eq!(
        (mails.len(), mails[0].kind, mails[0].response_id),
        (1, MailKind::Response, Some(id))
    );
    let told = stage.store.responses.tell_signers(stage.now(), 100).await;
    assert_eq!(told.expect("told"), None);

    // Taken off again, it is nowhere.
    stage
        .submit(&reviewer, &decide, &[("as", "declined")])
        .await;
    assert!(!stage.place().await.contains("ordinance"));
    let elsewhere = stage.submit(&reviewer, &decide, &[("as", "waiting")]).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_organizations_answer_is_not_there() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_to(&[Mayor]).await;
    let path = format!("{}/response", stage.desk(sent.letters[0]));
    let fields = [("position", "support"), ("text", WORDS)];
    stage.post_form(&path, &fields).await;
    let id = stage.responses().await[0].id;
    stage.organization("others").await;
    stage.account("eve@example.org", "others", Owner).await;
    stage
        .petition_of(
            "others",
            "their-own",
            redress_model::petition::state::PetitionState::Open,
        )
        .await;
    let eve = stage.log_in("eve@example.org").await;
    for slug in ["forbid-it", "their-own"] {
        let path = format!("/console/p/{slug}/responses/{id}");
        let answer = stage.submit(&eve, &path, &[("as", "published")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{slug}");
    }
    assert_eq!(stage.responses().await[0].state, ResponseState::Waiting);
}

#[tokio::test]
async fn an_office_says_how_often_and_to_whom() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_to(&[Mayor]).await;
    let desk = stage.desk(sent.letters[0]);
    let path = format!("{desk}/wishes");
    assert_eq!(
        stage.get(&path).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    for (field, whither) in [
        (("whither", "own"), "own"),
        (("whither", "whole_body"), "whole_body"),
        (("whither", "clerk"), "clerk"),
        // Forms that were open before there were three ways.
        (("whither", ""), "own"),
        (("clerk", "on"), "clerk"),
    ] {
        let done = stage.post_form(&path, &[("pace", "monthly"), field]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let page = stage.get(&desk).await.text;
        for marked in ["monthly", whither] {
            let marked = format!("value=\"{marked}\" required checked");
            assert!(page.contains(&marked), "{marked}: {page}");
        }
        assert_eq!(page.matches(" required checked").count(), 2, "{page}");
    }
    for wrong in [
        &[("pace", "hourly")][..],
        &[("pace", "weekly"), ("whither", "the moon")],
    ] {
        let wrong = stage.post_form(&path, wrong).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("Nothing was changed"));
    }
    assert!(
        stage
            .get(&desk)
            .await
            .text
            .contains("value=\"monthly\" required checked")
    );
}

#[tokio::test]
async fn an_office_that_wants_no_more_letters_gets_none_and_everybody_may_know() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_to(&[Mayor, Member, Clerk]).await;
    let desk = stage.desk(sent.letters[0]);
    assert!(!stage.place().await.contains("no more letters"));
    let path = format!("{desk}/closure");
    assert_eq!(
        stage.get(&path).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    let wrong = stage.post_form(&path, &[("as", "nonsense")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(stage.state_of(sent.letters[0]).await, DeliveryState::Queued);
    let done = stage.post_form(&path, &[("as", "stopped")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(
        stage.state_of(sent.letters[0]).await,
        DeliveryState::Suppressed
    );
    assert_eq!(
        stage.state_of(sent.letters[2]).await,
        DeliveryState::NoContact
    );
    let page = stage.get(&desk).await.text;
    assert!(
        page.contains("Your office asked for no more letters"),
        "{page}"
    );
    let place = stage.place().await;
    let said = "Mayor: this office asked for no more letters.";
    assert!(place.contains(said), "{place}");
    let record = stage.get("/p/forbid-it/ledger").await.text;
    assert!(
        record.contains("this office asked for no more letters"),
        "{record}"
    );
    let editor = stage.organizer(Editor).await;
    let todo = stage.visit(&editor, "/console/p/forbid-it/letters").await;
    assert!(
        todo.text.contains("Asked for no more letters"),
        "{}",
        todo.text
    );

    // The next letter is suppressed with its batch, until the office says otherwise.
    stage.clock.pass(Duration::days(1));
    stage.sign_openly("Ben Roth", None).await;
    let next = stage.freeze(&[Mayor]).await;
    assert_eq!(
        stage.state_of(next.letters[0]).await,
        DeliveryState::Suppressed
    );
    stage.post_form(&path, &[("as", "open")]).await;
    assert!(!stage.place().await.contains("no more letters"));
    stage.sign_openly("Cid Ames", None).await;
    let next = stage.freeze(&[Mayor]).await;
    assert_eq!(
        stage.state_of(next.letters[0]).await,
        DeliveryState::Waiting
    );
}

#[tokio::test]
async fn not_my_district_and_i_left_office_stop_the_mail_and_ask_an_organizer() {
    for (word, todo) in [
        ("not_my_district", "Says that it is not its district"),
        ("left_office", "Has left office"),
    ] {
        let mut stage = Stage::open().await;
        stage.sign_openly("Ana Ruiz", None).await;
        let sent = stage.send_to(&[Member]).await;
        let desk = stage.desk(sent.letters[0]);
        let done = stage
            .post_form(&format!("{desk}/closure"), &[("as", word)])
            .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert_eq!(
            stage.state_of(sent.letters[0]).await,
            DeliveryState::Suppressed
        );
        // That is between the office and the organizers.
        assert!(!stage.place().await.contains("no more letters"));
        let editor = stage.organizer(Editor).await;
        let page = stage.visit(&editor, "/console/p/forbid-it/letters").await;
        assert!(page.text.contains(todo), "{}", page.text);
    }
}
