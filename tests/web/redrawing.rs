//! A redrawn map cuts a block whose signers' addresses are not kept: their receipts ask.

use crate::stage::{Known, Stage};
use axum::http::StatusCode;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use redress_civics::packs::Packs;
use redress_civics::sample::{self, Plan};
use redress_model::slug::Slug;
use redress_storage::secrets::TokenPurpose;
use redress_tests::civics::quarter;
use redress_web::reresolution::{Change, Reresolver};
use serde_json::json;
use std::path::Path;

/// The sample's county, the districts of the home's city drawn anew about it.
async fn redrawn(stage: &Stage, known: &Known, folder: &Path) -> Packs {
    let plan = Plan { seed: 1, scale: 1 };
    sample::write(folder, plan, &mut |_, _| {}).expect("the sample is written");
    let address = format!(
        "{}, {}, {} {}",
        known.street, known.city, known.state, known.zip
    );
    let asked = json!({ "address": address });
    let answer = stage.post_json("/api/v1/lookup", &asked).await.json();
    let degrees = |axis: &str| answer["point"][axis].as_f64().expect("degrees");
    quarter(folder, &known.geoid, degrees("lon"), degrees("lat"));
    let pack = folder.join("redrawn.pack");
    redress_civics::build::build(&folder.join("sources.toml"), &pack, &mut |_| {})
        .expect("the pack is built");
    Packs::open(&[pack]).expect("the pack opens")
}

#[tokio::test]
async fn a_new_border_through_the_block_makes_the_receipt_ask() {
    let stage = Stage::open().await;
    let mail = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let receipt = format!("/r/{}", stage.token(&mail, TokenPurpose::Receipt));
    assert!(!stage.get(&receipt).await.text.contains("at a border"));
    let known = stage.known().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let packs = redrawn(&stage, &known, folder.path()).await;
    stage.state.replace_packs(packs);

    let slug = Slug::parse("forbid-it").expect("a slug");
    let petition = stage.store.petitions.find_petition_by_slug(&slug).await;
    let petition = petition.expect("read").expect("there");
    let civics = stage.state.civics();
    let reresolver = Reresolver {
        store: &stage.store,
        vault: &stage.vault,
        civics: &civics,
        clock: stage.clock.as_ref(),
        on: None,
        random: &|| Box::new(ChaCha20Rng::seed_from_u64(11)),
    };
    let report = reresolver.apply(&petition).await.expect("resolved");
    assert_eq!(
        report.changes[&Change::BecameUncertain].signatures,
        1,
        "{report:?}"
    );

    let page = stage.get(&receipt).await.text;
    assert!(page.contains("at a border"), "{page}");
    let counted = stage
        .get("/api/v1/petitions/forbid-it/districts")
        .await
        .json();
    let open = &counted["districts"][0];
    assert_eq!(
        (&open["district"], &open["count"]),
        (&json!(null), &json!(1)),
        "{counted}"
    );
    let choices: Vec<&str> = page
        .split("name=\"choice\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(choices.len() >= 2, "{page}");
    let path = format!("{receipt}/district");
    let answer = stage.post_form(&path, &[("choice", choices[1])]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(stage.get(&receipt).await.text.contains("as you said"));
    assert_eq!(stage.count().await, 1);
    let differences = stage.recount().await;
    assert!(differences.is_empty(), "{differences:?}");
}
