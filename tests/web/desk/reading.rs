//! What a seat finds at its desk.

use super::freezing::PAGE;
use super::seats::Seat::{Clerk, Mayor, Member};
use crate::stage::Stage;
use axum::http::{Method, StatusCode};
use chrono::Duration;
use redress_letters::list::hashes::{merkle_root, sha256};
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_storage::signatures::Withdrawal;

#[tokio::test]
async fn a_desk_shows_its_own_letters_and_none_of_another_seat() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let first = stage.send_to(&[Mayor, Clerk]).await;
    stage.accept(first.letters[0]).await;
    stage.clock.pass(Duration::days(14));
    stage.sign_openly("Ben Roth", None).await;
    let second = stage.send_to(&[Mayor, Member]).await;

    let mayor = stage.desk(first.letters[0]);
    let page = stage.get(&mayor).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let known = stage.known().await;
    for words in [
        "Forbid &#60;it&#62;",
        "Letter 1, 2 Mar 2026",
        "accepted by your mail server on 2 Mar 2026.",
        "Letter 2, 16 Mar 2026",
        "on its way.",
        "Signer 2, 2 in all;",
        "2 residents of ",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let member = stage.desk(second.letters[1]);
    let page = stage.get(&member).await.text;
    assert!(page.contains(&format!("Council Member, district {}", known.district)));
    assert!(page.contains("2 of them in your district"), "{page}");
    assert!(
        page.contains("Letter 2") && !page.contains("Letter 1"),
        "{page}"
    );
    let words = stage.get(&format!("{member}/letters/2")).await.text;
    assert!(words.contains("Dear Council Member Okafor"), "{words}");
    let words = stage.get(&format!("{mayor}/letters/2")).await.text;
    assert!(words.contains("Dear Mayor Ortiz"), "{words}");
    for path in [
        "letters/1",
        "lists/1.csv",
        "letters/3",
        "lists/2",
        "lists/x.csv",
    ] {
        let answer = stage.get(&format!("{member}/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn what_nobody_has_approved_is_not_at_the_desk() {
    let mut stage = Stage::open().await;
    stage.sign_openly("Ana Ruiz", None).await;
    let frozen = stage.freeze(&[Mayor]).await;
    let desk = stage.desk(frozen.letters[0]);
    let page = stage.get(&desk).await;
    assert!(
        page.text.contains("No letter has been sent"),
        "{}",
        page.text
    );
    for path in ["letters/1", "lists/1.csv"] {
        let answer = stage.get(&format!("{desk}/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_list_at_the_desk_is_the_one_of_the_manifest_even_after_it_was_dropped() {
    let mut stage = Stage::open().await;
    stage
        .sign_openly("Ana \"A\" Ruiz, Jr.", Some("Enough,\nreally."))
        .await;
    stage.sign_openly("Ben Roth", None).await;
    let sent = stage.send_to(&[Mayor]).await;
    let path = format!("{}/lists/1.csv", stage.desk(sent.letters[0]));
    let list = stage.get(&path).await;
    assert_eq!(list.bytes, sent.list);
    assert_eq!(sha256(&list.bytes), sent.batch.csv_sha256);
    assert_eq!(list.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        list.header("content-disposition")
            .ends_with("filename=\"signers-forbid-it-batch-1.csv\"")
    );

    stage.accept(sent.letters[0]).await;
    stage.clock.pass(Duration::hours(73));
    let now = stage.now();
    let recovered = stage.store.deliveries.recover_deliveries(now).await;
    assert_eq!(recovered.expect("recovered").presumed, 1);
    let dropped = stage.store.batches.drop_attachments(now, 10).await;
    assert_eq!(dropped.expect("dropped"), 1);
    assert_eq!(stage.get(&path).await.bytes, sent.list);
}

#[tokio::test]
async fn letter_and_list_are_there_as_pages_and_an_erased_line_is_not_on_them() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", Some("I said that.")).await;
    stage.sign_openly("Ben Roth", None).await;
    let sent = stage.send_to(&[Mayor]).await;
    let desk = stage.desk(sent.letters[0]);
    let words = stage.get(&format!("{desk}/letters/1")).await.text;
    assert!(words.contains("/printed/1.pdf"), "{words}");

    let letter = stage.get(&format!("{desk}/printed/1.pdf")).await;
    assert_eq!(letter.bytes, PAGE);
    assert_eq!(letter.header("content-type"), "application/pdf");
    let list = stage.get(&format!("{desk}/lists/1.pdf")).await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.text);
    assert!(
        list.header("content-disposition")
            .ends_with("filename=\"signers-forbid-it-batch-1.pdf\"")
    );
    let said = pages(&list.bytes);
    assert!(
        said.contains("Ana Ruiz") && said.contains("I said that."),
        "{said}"
    );
    assert!(said.contains("page 1 of 1") && said.contains("ledger#batch-1"));

    let erase = format!("{}/erase", stage.receipt(&ana));
    stage.post_form(&erase, &[]).await;
    let list = stage.get(&format!("{desk}/lists/1.pdf")).await;
    let said = pages(&list.bytes);
    assert!(
        !said.contains("Ana Ruiz") && said.contains("erased since by the signer"),
        "{said}"
    );
    assert!(said.contains("Ben Roth"), "{said}");
    for path in ["printed/2.pdf", "printed/1", "printed/x.pdf", "lists/2.pdf"] {
        let answer = stage.get(&format!("{desk}/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// What `pdftotext` reads.
fn pages(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("list.pdf");
    std::fs::write(&file, pdf).expect("written");
    let read = std::process::Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8"])
        .arg(&file)
        .arg("-")
        .output()
        .expect("pdftotext (Debian: poppler-utils)");
    assert!(read.status.success(), "{read:?}");
    String::from_utf8(read.stdout).expect("text")
}

#[tokio::test]
async fn an_erased_line_is_empty_and_the_root_still_holds() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", Some("I said that.")).await;
    stage.sign_openly("Ben Roth", Some("And I this.")).await;
    let sent = stage.send_to(&[Mayor]).await;
    let desk = stage.desk(sent.letters[0]);
    let before = stage.get(&desk).await.text;
    assert!(
        before.contains("I said that.") && before.contains("Ana Ruiz"),
        "{before}"
    );

    let erase = format!("{}/erase", stage.receipt(&ana));
    let erased = stage.post_form(&erase, &[]).await;
    assert_eq!(erased.status, StatusCode::SEE_OTHER, "{}", erased.text);

    let list = stage.get(&format!("{desk}/lists/1.csv")).await.text;
    let lines: Vec<&str> = list.split("\r\n").collect();
    assert_eq!(lines[1], "1,,,,,,,");
    assert!(lines[2].starts_with("2,Ben Roth,"), "{list}");
    let page = stage.get(&desk).await.text;
    assert!(
        !page.contains("I said that.") && page.contains("And I this."),
        "{page}"
    );
    let rows = stage.store.batches.list_batch_rows(sent.batch.id).await;
    let leaves: Vec<[u8; 32]> = rows.expect("rows").iter().map(|row| row.leaf).collect();
    assert_eq!(merkle_root(&leaves), sent.batch.merkle_root);

    let kept = stage.verify(&desk, &sent.list).await.text;
    assert!(kept.contains("This is batch 1, unchanged"), "{kept}");
    let emptied = stage.verify(&desk, list.as_bytes()).await.text;
    assert!(
        emptied.contains("This is batch 1; lines erased since are empty"),
        "{emptied}"
    );
    assert!(emptied.contains("Erased by their signers: 1."), "{emptied}");
    let forged = list.replace("2,Ben Roth", "2,");
    let forged = stage.verify(&desk, forged.as_bytes()).await.text;
    assert!(
        !forged.contains("unchanged") && !forged.contains("lines erased"),
        "{forged}"
    );
}

#[tokio::test]
async fn whoever_has_withdrawn_is_not_quoted() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", Some("I said that.")).await;
    let sent = stage.send_to(&[Mayor]).await;
    let desk = stage.desk(sent.letters[0]);
    assert!(stage.get(&desk).await.text.contains("I said that."));
    let withdrawal = Withdrawal {
        id: ana.signature_id,
        at: stage.now(),
    };
    let withdrawn = stage.store.signatures.withdraw(&[withdrawal]).await;
    withdrawn.expect("withdrawn");
    assert!(!stage.get(&desk).await.text.contains("I said that."));
}

#[tokio::test]
async fn reading_changes_nothing() {
    let mut stage = Stage::open().await;
    let ana = stage.sign_openly("Ana Ruiz", Some("Enough.")).await;
    let sent = stage.send_to(&[Mayor, Member, Clerk]).await;
    stage.accept(sent.letters[0]).await;
    let (desk, receipt) = (stage.desk(sent.letters[0]), stage.receipt(&ana));
    let known = stage.known().await;
    let paths = [
        desk.clone(),
        format!("{desk}/letters/1"),
        format!("{desk}/lists/1.csv"),
        receipt.clone(),
        format!("{receipt}/erase"),
        "/p/forbid-it/ledger".to_owned(),
        "/p/forbid-it/places".to_owned(),
        format!("/p/forbid-it/places/{}", known.geoid),
        "/api/v1/petitions/forbid-it/ledger".to_owned(),
        "/api/v1/petitions/forbid-it/batches/1/manifest".to_owned(),
        "/api/v1/petitions/forbid-it/places".to_owned(),
    ];
    let before = standing(&stage, &sent.letters).await;
    for path in &paths {
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let answer = stage.send(method, path, "text/plain", "").await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        }
    }
    for path in ["verify", "letters/1", "lists/1.csv"].map(|path| format!("{desk}/{path}")) {
        let method = if path.ends_with("verify") {
            Method::GET
        } else {
            Method::POST
        };
        let answer = stage.send(method, &path, "text/plain", "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    stage.verify(&desk, &sent.list).await;
    assert_eq!(standing(&stage, &sent.letters).await, before);
}

/// All that could have moved.
async fn standing(stage: &Stage, letters: &[DeliveryId]) -> String {
    let (store, petition) = (&stage.store, stage.forbid_it().await.id);
    let total = store.tallies.find_total(petition).await.expect("counted");
    let homes = store.tallies.list_homes(petition).await.expect("listed");
    let buckets = store.deliveries.count_buckets(petition).await;
    let mut deliveries = Vec::new();
    for id in letters {
        let found = store.deliveries.find_delivery(*id).await;
        deliveries.push(found.expect("found").expect("there"));
    }
    assert_eq!(deliveries[0].state, DeliveryState::Accepted);
    let batch = store.batches.find_batch(petition, 1).await.expect("found");
    let mails = store.mails.count_mails().await.expect("counted");
    format!("{total:?} {homes:?} {buckets:?} {deliveries:?} {batch:?} {mails}")
}
