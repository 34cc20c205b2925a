//! Offices that asked for no more letters, and organizers to whom they said otherwise.

use super::office::behind;
use crate::desk::seats::Seat::{Mayor, Member};
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_model::petition::state::PetitionState;
use redress_model::role::MemberRole::{Analyst, Deliverer, Owner};

const LETTERS: &str = "/console/p/forbid-it/letters";
const OPEN: &str = "/console/p/forbid-it/offices/open";
const BUTTON: &str = "Letters may go again</button>";
/// What anybody may read of an office that asked for none.
const SILENT: &str = "this office asked for no more letters";

/// A mayor who closes the office by the link of a letter that was approved.
struct Closed {
    stage: Stage,
    geoid: String,
    letter: DeliveryId,
}

impl Closed {
    async fn by(word: &str) -> Self {
        let mut stage = Stage::open().await;
        stage.sign_openly("Ana Ruiz", None).await;
        let sent = stage.send_to(&[Mayor, Member]).await;
        let letter = sent.letters[0];
        let path = format!("{}/closure", stage.desk(letter));
        let done = stage.post_form(&path, &[("as", word)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let geoid = stage.known().await.geoid;
        Self {
            stage,
            geoid,
            letter,
        }
    }

    fn post(&self) -> String {
        format!("{}/mayor", self.geoid)
    }

    /// The pages on which it shows: what is to be done, the letter, the place.
    fn pages(&self) -> [String; 3] {
        [
            LETTERS.to_owned(),
            format!("{LETTERS}/1/{}", self.letter),
            format!("/console/officials/{}", self.geoid),
        ]
    }

    async fn is_closed(&self) -> bool {
        let petition = self.stage.forbid_it().await.id;
        let wishes = &self.stage.store.office_wishes;
        let wish = wishes.find_office_wish(petition, &self.post()).await;
        wish.expect("found").expect("kept").closure.is_some()
    }

    /// What anybody reads of the place, and of all letters.
    async fn public(&self) -> String {
        let place = format!("/p/forbid-it/places/{}", self.geoid);
        let place = self.stage.get(&place).await;
        assert_eq!(place.status, StatusCode::OK);
        let record = self.stage.get("/p/forbid-it/ledger").await;
        assert_eq!(record.status, StatusCode::OK);
        place.text + &record.text
    }

    async fn opened(&self) -> usize {
        let deeds = self.stage.deeds().await;
        let deed = format!(
            "office.open forbid-it {{\"closure\":\"stopped\",\"post\":\"{}\"}}",
            self.post()
        );
        deeds.iter().filter(|it| **it == deed).count()
    }
}

#[tokio::test]
async fn an_organizer_lets_letters_go_again_from_each_page_that_says_why_none_go() {
    for place in 0..3 {
        let mut closed = Closed::by("stopped").await;
        let dora = closed.stage.organizer(Deliverer).await;
        let path = &closed.pages()[place];
        let page = closed.stage.visit(&dora, path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(BUTTON), "{path}: {}", page.text);
        assert!(closed.public().await.contains(SILENT));

        let back = behind(&page.text, "name=\"back\" value=\"").to_owned();
        let post = closed.post();
        let fields = [("post", post.as_str()), ("back", back.as_str())];
        let done = closed.stage.submit(&dora, OPEN, &fields).await;

        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(done.header("location"), back);
        assert!(back.starts_with(path.as_str()), "{back}");
        let page = closed.stage.visit(&dora, &back).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.text.contains("Letters may go to this office again"),
            "{path}: {}",
            page.text
        );
        assert!(!closed.is_closed().await);
        assert!(!closed.public().await.contains(SILENT));
        for path in closed.pages() {
            let page = closed.stage.visit(&dora, &path).await.text;
            assert!(!page.contains(BUTTON), "{path}: {page}");
            assert!(!page.contains("sked for no more letters"), "{path}: {page}");
        }
        assert_eq!(closed.opened().await, 1);
    }
}

#[tokio::test]
async fn a_second_press_is_harmless() {
    let mut closed = Closed::by("stopped").await;
    let dora = closed.stage.organizer(Deliverer).await;
    let post = closed.post();
    let fields = [("post", post.as_str()), ("back", LETTERS)];
    for _ in 0..2 {
        let done = closed.stage.submit(&dora, OPEN, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(done.header("location"), LETTERS);
    }
    assert_eq!(closed.opened().await, 1);
    let done = closed.stage.deeds().await;
    let done = done.iter().filter(|it| it.starts_with("task.finish"));
    assert_eq!(done.count(), 1, "what was to be done about it is done");
}

#[tokio::test]
async fn the_next_letter_goes_and_what_was_suppressed_stays_so() {
    let mut closed = Closed::by("stopped").await;
    let dora = closed.stage.organizer(Deliverer).await;
    let post = closed.post();
    closed
        .stage
        .submit(&dora, OPEN, &[("post", post.as_str())])
        .await;
    closed.stage.sign_openly("Ben Roth", None).await;
    let next = closed.stage.freeze(&[Mayor]).await;
    for (letter, state) in [
        (closed.letter, DeliveryState::Suppressed),
        (next.letters[0], DeliveryState::Waiting),
    ] {
        let found = closed.stage.store.deliveries.find_delivery(letter).await;
        assert_eq!(found.expect("found").expect("there").state, state);
    }
    // The office may close itself again.
    let path = format!("{}/closure", closed.stage.desk(closed.letter));
    closed.stage.post_form(&path, &[("as", "stopped")]).await;
    assert!(closed.is_closed().await);
    let page = closed.stage.visit(&dora, LETTERS).await.text;
    assert!(page.contains(BUTTON), "{page}");
}

#[tokio::test]
async fn who_may_not_let_letters_out_sees_why_none_go_and_no_button() {
    let mut closed = Closed::by("stopped").await;
    let anne = closed.stage.organizer(Analyst).await;
    for path in closed.pages() {
        let page = closed.stage.visit(&anne, &path).await.text;
        assert!(page.contains("sked for no more letters"), "{path}: {page}");
        assert!(!page.contains(BUTTON), "{path}: {page}");
    }
    let post = closed.post();
    let fields = [("post", post.as_str())];
    let refused = closed.stage.submit(&anne, OPEN, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("owners and deliverers"));
    assert!(closed.is_closed().await);
    assert_eq!(closed.opened().await, 0);
}

#[tokio::test]
async fn the_other_two_reasons_are_lifted_too() {
    for (word, told) in [
        ("not_my_district", "that this is not its district"),
        ("left_office", "that they have left"),
    ] {
        let mut closed = Closed::by(word).await;
        let dora = closed.stage.organizer(Deliverer).await;
        let [todo, letter, place] = closed.pages();
        for path in [&letter, &place] {
            let page = closed.stage.visit(&dora, path).await.text;
            assert!(page.contains(told), "{path}: {page}");
        }
        let page = closed.stage.visit(&dora, &todo).await.text;
        assert!(page.contains(BUTTON), "{page}");
        let post = closed.post();
        closed
            .stage
            .submit(&dora, OPEN, &[("post", post.as_str())])
            .await;
        assert!(!closed.is_closed().await, "{word}");
        let page = closed.stage.visit(&dora, &todo).await.text;
        assert!(!page.contains("id=\"tasks\""), "{page}");
    }
}

#[tokio::test]
async fn nothing_is_opened_that_is_not_ones_own() {
    let mut closed = Closed::by("stopped").await;
    closed.stage.organization("others").await;
    closed
        .stage
        .petition_of("others", "their-own", PetitionState::Open)
        .await;
    closed
        .stage
        .account("olga@example.org", "others", Owner)
        .await;
    let olga = closed.stage.log_in("olga@example.org").await;
    let post = closed.post();
    let fields = [("post", post.as_str())];
    for path in [OPEN, "/console/p/their-own/offices/open"] {
        let none = closed.stage.submit(&olga, path, &fields).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{path}");
    }
    // Nor is it theirs to read.
    let place = &closed.pages()[2];
    let page = closed.stage.visit(&olga, place).await.text;
    assert!(!page.contains("Gets no letters"), "{page}");
    assert!(closed.is_closed().await);

    let dora = closed.stage.organizer(Deliverer).await;
    let nobody = [("post", "0000000/mayor")];
    let none = closed.stage.submit(&dora, OPEN, &nobody).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let elsewhere = [("post", post.as_str()), ("back", "https://evil.example/")];
    let done = closed.stage.submit(&dora, OPEN, &elsewhere).await;
    assert_eq!(done.header("location"), "/console");
    assert!(!closed.is_closed().await);
}
