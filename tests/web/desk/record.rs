//! The public record: the ledger, a city's letters, counts of offices.

use super::seats::Seat::{Clerk, Mayor, Member};
use crate::stage::{Answer, Stage};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use redress_letters::manifest::Manifest;
use redress_model::batch::{CityStatus, PlaceStatus};
use redress_model::geoid::Geoid;
use redress_model::home::{Home, Location};
use redress_model::petition::state::PetitionState;
use redress_storage::batches::Batch;
use redress_storage::officials::Government;
use serde_json::json;
use std::fmt::Write;

const LEDGER: &str = "/api/v1/petitions/forbid-it/ledger";

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn manifest(batch: &Batch) -> serde_json::Value {
    json!({
        "petition": "forbid-it", "batch": batch.number, "geoid": batch.geoid.as_str(),
        "letter": batch.letter, "first": batch.first, "last": batch.last, "count": batch.count,
        "total": batch.total, "rows_sha256": hexadecimal(&batch.rows_sha256),
        "csv_sha256": hexadecimal(&batch.csv_sha256), "merkle_root": hexadecimal(&batch.merkle_root),
        "frozen_at": batch.frozen_at,
    })
}

impl Stage {
    async fn cancel(&self, batch: &Batch) {
        let deed = self.deed("delivery.cancel", "forbid-it");
        let cancelled = self.store.batches.cancel_batch(batch.id, &deed).await;
        cancelled.expect("cancelled");
    }

    async fn get_unless(&self, path: &str, tag: &str) -> Answer {
        let request = Request::get(path).header("if-none-match", tag);
        let request = request.body(Body::empty()).expect("a request");
        self.ask(request).await
    }
}

#[tokio::test]
async fn the_ledger_is_what_was_stored() {
    let mut stage = Stage::open().await;
    let mut stored = Vec::new();
    for name in ["Ana Ruiz", "Ben Roth", "Cid Ames"] {
        stage.sign_openly(name, None).await;
        stored.push(stage.send_to(&[Mayor]).await.batch);
    }
    let expected: Vec<_> = stored.iter().map(manifest).collect();
    let ledger = stage.get(LEDGER).await;
    assert_eq!(
        ledger.json(),
        json!({ "petition": "forbid-it", "batches": expected, "next": null })
    );
    assert_eq!(ledger.header("cache-control"), "public, max-age=10");
    assert_eq!(ledger.header("access-control-allow-origin"), "*");
    let rest = stage.get(&format!("{LEDGER}?after=2")).await.json();
    assert_eq!(rest["batches"], json!(expected[2..]));
    let page = stage.get("/p/forbid-it/ledger").await.text;
    for (number, expected) in (1..).zip(&expected) {
        let path = format!("/api/v1/petitions/forbid-it/batches/{number}/manifest");
        let one = stage.get(&path).await;
        assert_eq!(&one.json(), expected);
        serde_json::from_str::<Manifest>(&one.text).expect("the manifest that letters read");
        for hash in ["rows_sha256", "csv_sha256", "merkle_root"] {
            let hash = expected[hash].as_str().expect("a hash");
            assert!(page.contains(hash), "{page}");
        }
        assert!(page.contains(&path) && page.contains(&format!("id=\"batch-{number}\"")));
    }
    let later = stage.get("/p/forbid-it/ledger?after=2").await.text;
    assert!(
        later.contains("Batch 3") && !later.contains("Batch 2"),
        "{later}"
    );
}

#[tokio::test]
async fn whoever_has_the_ledger_already_gets_nothing_twice() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    stage.send_to(&[Mayor]).await;
    let tag = stage.get(LEDGER).await.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let again = stage.get_unless(LEDGER, &tag).await;
    assert_eq!(
        (again.status, again.text.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
    assert_eq!(again.header("etag"), tag);
    stage.sign_openly("Ben Roth", None).await;
    stage.send_to(&[Mayor]).await;
    assert_eq!(stage.get_unless(LEDGER, &tag).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_cancelled_batch_is_marked_on_the_page_and_has_no_manifest() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let cancelled = stage.freeze(&[Mayor]).await.batch;
    stage.cancel(&cancelled).await;
    let second = stage.send_to(&[Mayor]).await.batch;
    assert_eq!((second.number, second.letter), (2, 1));
    let page = stage.get("/p/forbid-it/ledger").await.text;
    assert!(
        page.contains("Batch 1") && page.contains("cancelled; it was never sent"),
        "{page}"
    );
    let ledger = stage.get(LEDGER).await.json();
    assert_eq!(ledger["batches"], json!([manifest(&second)]));
    for number in ["1", "3", "x", "-1", "99999999999"] {
        let path = format!("/api/v1/petitions/forbid-it/batches/{number}/manifest");
        assert_eq!(
            stage.get(&path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_draft_has_no_record() {
    let mut stage = Stage::open().await;
    stage.petition("written", PetitionState::Draft).await;
    for path in [
        "/p/written/ledger",
        "/api/v1/petitions/written/ledger",
        "/api/v1/petitions/written/batches/1/manifest",
    ] {
        assert_eq!(
            stage.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let empty = stage.get("/p/forbid-it/ledger?after=nonsense").await;
    assert!(
        empty.text.contains("No letter has been prepared yet."),
        "{}",
        empty.text
    );
}

#[tokio::test]
async fn a_citys_page_tells_its_status_and_letters_and_agrees_with_the_table() {
    let mut stage = Stage::open().await;
    let known = stage.known().await;
    let geoid = Geoid::parse(&known.geoid).expect("a GEOID");
    stage.sign_openly("Ana Ruiz", None).await;
    let sent = stage.send_to(&[Mayor, Member, Clerk]).await;
    stage.accept(sent.letters[0]).await;
    let status = PlaceStatus {
        status: CityStatus::End,
        since_on: "2019-04-11".parse().ok(),
        source: Some("https://news.example/council".into()),
    };
    let (petition, deed) = (
        stage.forbid_it().await.id,
        stage.deed("petition.statuses", "forbid-it"),
    );
    let recorded = stage
        .store
        .batches
        .record_statuses(petition, &[(geoid, status)], &deed)
        .await;
    recorded.expect("recorded");

    let page = stage
        .get(&format!("/p/forbid-it/places/{}", known.geoid))
        .await
        .text;
    for words in [
        "It exists here. The petition asks to end it. Since 11 Apr 2019.",
        "href=\"https://news.example/council\"",
        "accepted by 1 of 3 offices; being sent to 1; no address known for 1",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let places = stage.get("/api/v1/petitions/forbid-it/places").await.json();
    assert_eq!(places["places"][0]["officials"], 1);
    assert_eq!(places["places"][0]["status"], "end");
    let csv = stage
        .get("/api/v1/petitions/forbid-it/places.csv")
        .await
        .text;
    assert!(
        csv.lines()
            .nth(1)
            .is_some_and(|row| row.contains(",1,0,0,end,1,")),
        "{csv}"
    );
    let table = stage.get("/p/forbid-it/places").await.text;
    assert!(
        table.contains("<td class=\"n\">1</td><td>to end</td>"),
        "{table}"
    );
    stage.accept(sent.letters[1]).await;
    let places = stage.get("/api/v1/petitions/forbid-it/places").await.json();
    assert_eq!(places["places"][0]["officials"], 2);
}

#[tokio::test]
async fn a_source_that_is_no_web_address_is_no_link() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let status = PlaceStatus {
        status: CityStatus::Met,
        since_on: None,
        source: Some("javascript:alert(1)".into()),
    };
    let one = [(Geoid::parse(&known.geoid).expect("a GEOID"), status)];
    let (petition, deed) = (
        stage.forbid_it().await.id,
        stage.deed("petition.statuses", "forbid-it"),
    );
    let recorded = stage
        .store
        .batches
        .record_statuses(petition, &one, &deed)
        .await;
    recorded.expect("recorded");
    let page = stage
        .get(&format!("/p/forbid-it/places/{}", known.geoid))
        .await
        .text;
    assert!(
        page.contains("The ask is met.") && !page.contains("javascript:"),
        "{page}"
    );
}

#[tokio::test]
async fn a_place_that_the_map_does_not_know_has_the_name_that_storage_knows() {
    let stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", None).await;
    let geoid = Geoid::parse("3972000").expect("a GEOID");
    let there = Location {
        home: Home::Government(geoid.clone()),
        district: None,
        is_self_asserted: false,
        governments_over: Vec::new(),
    };
    let moved = stage
        .store
        .signatures
        .relocate(ana.signature_id, &there, stage.now())
        .await;
    assert!(moved.expect("moved"));
    let rows = stage.get("/api/v1/petitions/forbid-it/places").await.json();
    assert_eq!(rows["places"][0]["name"], "3972000", "nobody knows it yet");

    let government = Government {
        geoid,
        name: "Springfield city".into(),
        state: "OH".into(),
        ocd_id: None,
        point: Some((39.92, -83.81)),
    };
    let recorded = stage
        .store
        .officials
        .record_governments(&[government])
        .await;
    recorded.expect("recorded");
    let rows = stage.get("/api/v1/petitions/forbid-it/places").await.json();
    let row = &rows["places"][0];
    assert_eq!(
        (&row["name"], &row["state"], &row["lat"]),
        (&json!("Springfield city"), &json!("OH"), &json!(39.92))
    );
    let districts = stage
        .get("/api/v1/petitions/forbid-it/districts")
        .await
        .json();
    assert_eq!(districts["districts"][0]["name"], "Springfield city");
    let page = stage.get("/p/forbid-it/places/3972000").await.text;
    assert!(page.contains("<h1>Springfield city</h1>"), "{page}");
    let receipt = stage.get(&stage.receipt(&ana)).await.text;
    assert!(receipt.contains("Springfield city"), "{receipt}");
}
