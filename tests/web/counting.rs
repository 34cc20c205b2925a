//! Counts as programs read them: their sums, their history, their tags.

use crate::stage::{Answer, Stage};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::Duration;
use redress_model::petition::{Confirmation, PetitionTerms};
use redress_model::slug::Slug;
use redress_storage::audit::{Actor, Deed};
use redress_storage::secrets::TokenPurpose;
use serde_json::Value;

const API: &str = "/api/v1/petitions/forbid-it";

async fn read(stage: &Stage, path: &str) -> Value {
    let answer = stage.get(&format!("{API}{path}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.json()
}

fn sum(rows: &Value, column: &str) -> i64 {
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| row[column].as_i64().expect("a number"))
        .sum()
}

/// Three sign on two days, one takes it back on the third.
async fn three_days(stage: &Stage) {
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    stage.clock.pass(Duration::hours(1));
    let ben = stage.sign_and_confirm("Ben Ruiz", "ben@example.org").await;
    stage.clock.pass(Duration::days(1));
    let mut lost = stage.signer("Cid Lost", "cid@example.org").await;
    lost["street"] = "PO Box 7".into();
    assert_eq!(stage.sign(&lost).await.status, StatusCode::ACCEPTED);
    let mail = stage.mails().await.remove(0);
    let token = stage.token(&mail, TokenPurpose::Confirm);
    stage.post_form(&format!("/confirm/{token}"), &[]).await;
    stage.clock.pass(Duration::days(1));
    let receipt = stage.token(&ben, TokenPurpose::Receipt);
    stage
        .post_form(&format!("/r/{receipt}/withdraw"), &[])
        .await;
}

#[tokio::test]
async fn every_way_to_count_comes_to_the_same() {
    let stage = Stage::open().await;
    three_days(&stage).await;
    let count = read(&stage, "/count").await;
    assert_eq!(count["count"], 2);
    let places = read(&stage, "/places").await;
    let districts = read(&stage, "/districts").await;
    let geojson = read(&stage, "/places.geojson").await;
    let hours = read(&stage, "/history").await;
    let days = read(&stage, "/history?by=day").await;
    for column in ["count", "self_asserted", "paper"] {
        let total = count[column].as_i64().expect("a number");
        assert_eq!(sum(&places["places"], column), total, "{column}");
        assert_eq!(sum(&districts["districts"], column), total, "{column}");
        assert_eq!(sum(&hours["history"], column), total, "{column}");
        assert_eq!(sum(&days["history"], column), total, "{column}");
    }
    let features = geojson["features"].as_array().expect("features");
    let properties: Value = features
        .iter()
        .map(|feature| feature["properties"].clone())
        .collect();
    assert_eq!(properties, places["places"]);
    for place in places["places"].as_array().expect("places") {
        let geoid = place["geoid"].as_str().expect("a GEOID");
        if geoid.is_empty() {
            continue;
        }
        let own = read(&stage, &format!("/history?place={geoid}&by=day")).await;
        assert_eq!(sum(&own["history"], "count"), place["count"]);
        assert_eq!(own["place"], geoid);
        let own = read(&stage, &format!("/districts?place={geoid}")).await;
        assert_eq!(sum(&own["districts"], "count"), place["count"]);
    }
}

#[tokio::test]
async fn history_tells_what_each_hour_and_day_changed_and_the_count_then() {
    let stage = Stage::open().await;
    three_days(&stage).await;
    let hours = read(&stage, "/history?by=hour").await["history"].clone();
    let told: Vec<(&str, i64, i64)> = hours
        .as_array()
        .expect("hours")
        .iter()
        .map(|row| {
            let number = |name: &str| row[name].as_i64().expect("a number");
            (
                row["at"].as_str().expect("an instant"),
                number("count"),
                number("total"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("2026-03-02T10:00:00Z", 1, 1),
            ("2026-03-02T11:00:00Z", 1, 2),
            ("2026-03-03T11:00:00Z", 1, 3),
            ("2026-03-04T11:00:00Z", -1, 2)
        ]
    );
    let days = read(&stage, "/history?by=day").await;
    let first = &days["history"][0];
    assert_eq!(
        (&first["on"], &first["count"]),
        (&"2026-03-02".into(), &2.into())
    );
    assert_eq!(days["history"].as_array().expect("days").len(), 3);
}

#[tokio::test]
async fn a_question_about_no_place_and_no_step_is_refused() {
    let stage = Stage::open().await;
    for (asked, field) in [("place=x", "place"), ("by=week", "by")] {
        let answer = stage.get(&format!("{API}/history?{asked}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
}

async fn ask_again(stage: &Stage, path: &str, tag: &str) -> Answer {
    let request = Request::get(path)
        .header("host", "petition.example")
        .header("if-none-match", tag)
        .body(Body::empty())
        .expect("a request");
    stage.ask(request).await
}

#[tokio::test]
async fn whoever_holds_a_count_is_not_sent_it_again_until_it_changes() {
    let stage = Stage::open().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let paths = [
        "/count",
        "/places",
        "/places.json",
        "/places.csv",
        "/places.geojson",
        "/districts",
        "/history",
        "",
    ]
    .map(|path| format!("{API}{path}"));
    let mut held = Vec::new();
    for path in &paths {
        let first = stage.get(path).await;
        assert_eq!(first.header("cache-control"), "public, max-age=10");
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path}");
        let again = ask_again(&stage, path, &format!("\"other\", {tag}")).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        assert!(again.bytes.is_empty());
        assert_eq!(again.header("etag"), tag);
        held.push(tag);
    }
    stage.sign_and_confirm("Ben Ruiz", "ben@example.org").await;
    for (path, tag) in paths.iter().zip(held) {
        let changed = ask_again(&stage, path, &tag).await;
        assert_eq!(changed.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_petition_without_confirmation_says_so_beside_every_count() {
    let stage = Stage::open().await;
    let slug = Slug::parse("forbid-it").expect("a slug");
    let found = stage.store.petitions.find_petition_by_slug(&slug).await;
    let petition = found.expect("asked").expect("there");
    let terms = PetitionTerms {
        confirmation: Confirmation::None,
        ..petition.terms
    };
    let deed = Deed {
        actor: Actor::CommandLine,
        action: "petition.change",
        subject: "forbid-it".into(),
        details: Value::Null,
        at: stage.at,
    };
    let changed = stage
        .store
        .petitions
        .record_terms(petition.id, &terms, &deed)
        .await;
    changed.expect("changed");
    let signer = stage.signer("Ana Ruiz", "ana@example.org").await;
    stage.sign(&signer).await;
    assert_eq!(stage.count().await, 1);
    let place = format!("/p/forbid-it/places/{}", stage.known().await.geoid);
    for path in ["/", "/p/forbid-it", "/p/forbid-it/places", place.as_str()] {
        let page = stage.get(path).await.text;
        assert!(
            page.contains("Counted without confirmation by e-mail."),
            "{path}"
        );
    }
    assert_eq!(read(&stage, "/places").await["confirmation"], "none");
}

#[tokio::test]
async fn every_count_says_whether_its_signatures_were_confirmed() {
    let stage = Stage::open().await;
    for path in [
        "/count",
        "/places",
        "/places.geojson",
        "/districts",
        "/history",
    ] {
        assert_eq!(read(&stage, path).await["confirmation"], "email", "{path}");
    }
    let csv = stage.get(&format!("{API}/places.csv")).await.text;
    let header = csv.lines().next().expect("a header");
    assert!(header.ends_with(",confirmation"), "{header}");
}
