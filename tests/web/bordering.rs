//! Somebody who lives at a border is asked, and not guessed.

use crate::stage::{Known, Stage};
use axum::http::StatusCode;
use redress_storage::mails::Mail;
use redress_storage::secrets::TokenPurpose;
use redress_tests::civics::table;
use serde_json::{Value, json};

/// An address between two districts of one city, and what it asks.
pub async fn border(stage: &Stage) -> (Known, Vec<Value>) {
    for row in table(&Stage::truth()) {
        let address = &row["address"];
        let parts: Vec<&str> = address.split(", ").collect();
        if parts.len() != 3 {
            continue;
        }
        let asked = json!({ "address": address });
        let answer = stage.post_json("/api/v1/lookup", &asked).await.json();
        let alternatives = answer["alternatives"].as_array().expect("a list").clone();
        let is_between = |one: &Value| one["district"].is_string();
        let is_one_city = alternatives
            .windows(2)
            .all(|pair| pair[0]["home_geoid"] == pair[1]["home_geoid"]);
        if answer["level"] == "candidates"
            && alternatives.len() > 1
            && is_one_city
            && alternatives.iter().all(is_between)
        {
            let (usps, zip) = parts[2].split_once(' ').expect("a state and a ZIP");
            let known = Known {
                street: parts[0].into(),
                city: parts[1].into(),
                state: usps.into(),
                zip: zip.into(),
                geoid: alternatives[0]["home_geoid"]
                    .as_str()
                    .unwrap_or_default()
                    .into(),
                district: String::new(),
            };
            return (known, alternatives);
        }
    }
    panic!("the sample has no address between two districts");
}

pub fn form<'a>(known: &'a Known, choice: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("name", "Ana Ruiz"),
        ("email", "ana@example.org"),
        ("street", known.street.as_str()),
        ("city", known.city.as_str()),
        ("state", known.state.as_str()),
        ("zip", known.zip.as_str()),
        ("comment", "Enough."),
    ];
    if !choice.is_empty() {
        fields.push(("choice", choice));
    }
    fields
}

fn word(one: &Value, name: &str) -> String {
    one[name].as_str().expect("a word").to_owned()
}

async fn confirm(stage: &Stage) -> Mail {
    let mail = stage.mails().await.remove(0);
    let token = stage.token(&mail, TokenPurpose::Confirm);
    stage.post_form(&format!("/confirm/{token}"), &[]).await;
    mail
}

/// District, count and how many said so themselves, of every district with a count.
async fn districts(stage: &Stage) -> Vec<(Value, i64, i64)> {
    let told = stage.get("/api/v1/petitions/forbid-it/districts").await;
    let rows = told.json()["districts"].as_array().expect("rows").clone();
    rows.iter()
        .map(|row| {
            let number = |name: &str| row[name].as_i64().expect("a number");
            (
                row["district"].clone(),
                number("count"),
                number("self_asserted"),
            )
        })
        .filter(|row| row.1 != 0)
        .collect()
}

#[tokio::test]
async fn the_form_asks_at_a_border_and_keeps_what_was_typed() {
    let stage = Stage::open().await;
    let (known, alternatives) = border(&stage).await;
    let asked = stage
        .post_form("/p/forbid-it/sign", &form(&known, ""))
        .await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    for one in &alternatives {
        let radio = format!("value=\"{}\"", word(one, "choice"));
        assert!(asked.text.contains(&radio), "{}", asked.text);
    }
    assert!(asked.text.contains("I am not sure"));
    assert!(asked.text.contains("value=\"Ana Ruiz\"") && asked.text.contains("Enough."));
    assert!(stage.mails().await.is_empty(), "nothing is saved yet");

    let choice = word(&alternatives[1], "choice");
    let signed = stage
        .post_form("/p/forbid-it/sign", &form(&known, &choice))
        .await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
    confirm(&stage).await;
    let counted = districts(&stage).await;
    assert_eq!(counted, [(alternatives[1]["district"].clone(), 1, 1)]);
}

#[tokio::test]
async fn who_is_not_sure_counts_in_the_city_without_a_district() {
    let stage = Stage::open().await;
    let (known, _) = border(&stage).await;
    let signed = stage
        .post_form("/p/forbid-it/sign", &form(&known, "unsure"))
        .await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
    confirm(&stage).await;
    assert_eq!(districts(&stage).await, [(Value::Null, 1, 0)]);
    assert_eq!(stage.count().await, 1);
}

#[tokio::test]
async fn a_program_is_told_the_alternatives_and_answers_with_one() {
    let stage = Stage::open().await;
    let (known, alternatives) = border(&stage).await;
    let fields = form(&known, "");
    let mut signer: Value = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let told = stage.sign(&signer).await;
    assert_eq!(told.status, StatusCode::ACCEPTED, "{}", told.text);
    let offered = told.json()["resolution"]["alternatives"].clone();
    assert_eq!(offered, Value::from(alternatives));
    signer["choice"] = offered[0]["choice"].clone();
    assert_eq!(stage.sign(&signer).await.status, StatusCode::ACCEPTED);
    let mails = stage.mails().await;
    let last = mails.last().expect("a mail");
    let token = stage.token(last, TokenPurpose::Confirm);
    stage.post_form(&format!("/confirm/{token}"), &[]).await;
    let counted = districts(&stage).await;
    assert_eq!(counted, [(offered[0]["district"].clone(), 1, 1)]);
}

#[tokio::test]
async fn the_receipt_offers_what_was_asked_and_moves_the_count() {
    let stage = Stage::open().await;
    let (known, alternatives) = border(&stage).await;
    stage
        .post_form("/p/forbid-it/sign", &form(&known, "unsure"))
        .await;
    let mail = confirm(&stage).await;
    let receipt = format!("/r/{}", stage.token(&mail, TokenPurpose::Receipt));
    let page = stage.get(&receipt).await.text;
    for one in &alternatives {
        assert!(page.contains(&word(one, "choice")), "{page}");
    }
    let path = format!("{receipt}/district");
    for one in [&alternatives[0], &alternatives[1], &alternatives[1]] {
        let choice = word(one, "choice");
        let answer = stage.post_form(&path, &[("choice", &choice)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let counted = districts(&stage).await;
        assert_eq!(counted, [(one["district"].clone(), 1, 1)]);
    }
    let before = districts(&stage).await;
    stage.post_form(&path, &[("choice", "0000")]).await;
    assert_eq!(districts(&stage).await, before, "what was not offered");
    assert!(stage.get(&receipt).await.text.contains("as you said"));
    let differences = stage.recount().await;
    assert!(differences.is_empty(), "{differences:?}");
}

#[tokio::test]
async fn a_certain_address_is_not_asked_about() {
    let stage = Stage::open().await;
    let mail = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let receipt = format!("/r/{}", stage.token(&mail, TokenPurpose::Receipt));
    assert!(!stage.get(&receipt).await.text.contains("at a border"));
}
