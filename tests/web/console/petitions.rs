//! Petitions are made, changed, opened and closed.

use super::office::{Organizer, behind};
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::petition::state::PetitionState::{self, Archived, Closed, Draft, Open, Paused};
use redress_model::role::MemberRole;

const GOOD: [(&str, &str); 14] = [
    ("slug", "plant-trees"),
    ("title", "Plant <more> trees"),
    ("ask", "We ask our city\r\nto plant trees."),
    ("target", "clerk"),
    ("target", "mayor"),
    ("places", "0804000, 0820000"),
    ("confirmation", "email"),
    ("threshold", "1,000"),
    ("time_zone", "America/Denver"),
    ("sender_organization", "Open Streets"),
    ("sender_address", "1 Main St\r\nRiverton, ZZ 00412"),
    ("sender_email", "open@example.org"),
    ("retention_days", "90"),
    ("keeps_address", "on"),
];

fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let fields = GOOD.iter().copied();
    fields
        .map(|(field, good)| (field, if field == name { value } else { good }))
        .collect()
}

async fn state_of(stage: &Stage, slug: &str) -> PetitionState {
    let slug = slug.parse().expect("a slug");
    let petition = stage.store.petitions.find_petition_by_slug(&slug).await;
    petition.expect("found").expect("there").state
}

async fn step(
    stage: &Stage,
    ana: &Organizer,
    from: PetitionState,
    to: PetitionState,
) -> StatusCode {
    let fields = [("from", from.as_str()), ("to", to.as_str())];
    let path = "/console/p/forbid-it/state";
    stage.submit(ana, path, &fields).await.status
}

#[tokio::test]
async fn a_petition_is_made_as_a_draft_opened_and_signed() {
    let mut stage = Stage::empty().await;
    let ana = stage.organizer(MemberRole::Editor).await;
    let made = stage.submit(&ana, "/console/p/new", &GOOD).await;
    assert_eq!(
        made.header("location"),
        "/console/p/plant-trees?note=made",
        "{}",
        made.text
    );
    let hidden = stage.get("/p/plant-trees").await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let fields = [("from", "draft"), ("to", "open")];
    let opened = stage
        .submit(&ana, "/console/p/plant-trees/state", &fields)
        .await;
    assert_eq!(
        opened.header("location"),
        "/console/p/plant-trees?note=state"
    );
    let public = stage.get("/p/plant-trees").await;
    assert_eq!(public.status, StatusCode::OK);
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    let answer = stage
        .post_json("/api/v1/petitions/plant-trees/signatures", &signer)
        .await;
    assert_eq!(
        answer.status,
        StatusCode::ACCEPTED,
        "its key is there: {}",
        answer.text
    );
}

#[tokio::test]
async fn every_field_is_kept_as_it_was_meant() {
    let mut stage = Stage::empty().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    stage.submit(&ana, "/console/p/new", &GOOD).await;
    let slug = "plant-trees".parse().expect("a slug");
    let petition = stage.store.petitions.find_petition_by_slug(&slug).await;
    let terms = petition.expect("found").expect("there").terms;
    assert_eq!(terms.ask, "We ask our city\nto plant trees.");
    assert_eq!(terms.threshold, 1_000);
    assert_eq!(terms.targets.len(), 2);
    assert_eq!(terms.places.len(), 2);
    assert_eq!(terms.time_zone, "America/Denver");
    assert!(terms.keeps_address && !terms.is_on_autopilot);
    let sender = terms.sender.expect("a sender");
    assert_eq!(sender.postal_address, "1 Main St\nRiverton, ZZ 00412");
    let form = stage.visit(&ana, "/console/p/plant-trees/edit").await.text;
    for shown in [
        "value=\"Plant &#60;more&#62; trees\"",
        "0804000\n0820000",
        "value=\"90\"",
    ] {
        assert!(form.contains(shown), "{shown}: {form}");
    }
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    for (name, value) in [
        ("slug", "Not A Slug"),
        ("slug", "new"),
        ("slug", "forbid-it"),
        ("title", ""),
        ("places", "Riverton"),
        ("threshold", "0"),
        ("time_zone", "Mars/Base"),
        ("sender_email", "nobody"),
        ("retention_days", "9999"),
    ] {
        let page = stage
            .submit(&ana, "/console/p/new", &with(name, value))
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(
            page.text.contains(&format!("id=\"{name}-error\"")),
            "{}",
            page.text
        );
        assert!(
            page.text.contains("We ask our city\nto plant trees."),
            "{name}"
        );
        assert!(page.text.contains("<title>Error: "));
    }
    assert_eq!(
        stage.get("/api/v1/petitions").await.json()["petitions"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn a_petition_takes_legal_steps_alone() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    let page = stage.visit(&ana, "/console/p/forbid-it").await.text;
    assert!(page.contains("name=\"to\" value=\"paused\"") && !page.contains("value=\"archived\""));
    assert_eq!(
        step(&stage, &ana, Open, Archived).await,
        StatusCode::CONFLICT
    );
    for (from, to) in [
        (Open, Paused),
        (Paused, Open),
        (Open, Closed),
        (Closed, Archived),
    ] {
        assert_eq!(step(&stage, &ana, from, to).await, StatusCode::SEE_OTHER);
        assert_eq!(state_of(&stage, "forbid-it").await, to);
    }
    let over = stage.visit(&ana, "/console/p/forbid-it").await.text;
    assert!(!over.contains("name=\"to\""), "nothing follows");
    let deeds = stage.deeds().await.join("\n");
    for action in [
        "petition.pause",
        "petition.open",
        "petition.close",
        "petition.archive",
    ] {
        assert!(deeds.contains(action), "{deeds}");
    }
    assert_eq!(
        step(&stage, &ana, Archived, Draft).await,
        StatusCode::CONFLICT
    );
}

#[tokio::test]
async fn a_step_from_a_page_that_is_out_of_date_changes_nothing() {
    let mut stage = Stage::open().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    step(&stage, &ana, Open, Paused).await;
    let fields = [("from", "open"), ("to", "closed")];
    let late = stage
        .submit(&ana, "/console/p/forbid-it/state", &fields)
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.text.contains("somebody else was faster"),
        "{}",
        late.text
    );
    assert_eq!(state_of(&stage, "forbid-it").await, Paused);
}

#[tokio::test]
async fn the_second_of_two_editors_is_asked_before_the_first_is_overwritten() {
    let mut stage = Stage::empty().await;
    let ana = stage.organizer(MemberRole::Owner).await;
    stage.submit(&ana, "/console/p/new", &GOOD).await;
    let path = "/console/p/plant-trees/edit";
    let form = stage.visit(&ana, path).await.text;
    let seen = behind(&form, "name=\"seen\" value=\"").to_owned();
    let mut first = with("title", "First");
    first.push(("seen", &seen));
    let mut second = with("title", "Second");
    second.push(("seen", &seen));
    let saved = stage.submit(&ana, path, &first).await;
    assert_eq!(
        saved.header("location"),
        "/console/p/plant-trees?note=saved",
        "{}",
        saved.text
    );
    let asked = stage.submit(&ana, path, &second).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    assert!(asked.text.contains("value=\"Second\""));
    let seen = behind(&asked.text, "name=\"seen\" value=\"").to_owned();
    second.pop();
    second.push(("seen", &seen));
    let again = stage.submit(&ana, path, &second).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let deeds = stage.deeds().await;
    let edits: Vec<_> = deeds
        .iter()
        .filter(|it| it.contains("petition.edit"))
        .collect();
    assert_eq!(
        edits,
        ["petition.edit plant-trees {\"changed\":[\"title\"]}"; 2]
    );
}
