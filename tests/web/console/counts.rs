//! Counts by place and district, on pages and as files.

use super::office::Organizer;
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::geoid::Geoid;
use redress_model::home::{Home, Location};
use redress_model::role::MemberRole;
use redress_reports::format::Format;
use redress_storage::mails::Mail;
use redress_storage::secrets::TokenPurpose;
use redress_tests::civics::table;
use serde_json::{Value, json};

/// Of everybody who signs here.
const PERSONAL: [&str; 4] = ["Ana Ruiz", "@example.org", " LN", " ST,"];

/// The texts of a table's cells, row by row, the header left out.
fn rows(page: &str) -> Vec<Vec<String>> {
    let text = |cell: &str| {
        let cell = cell.split("</t").next().unwrap_or_default();
        let inner = cell.split_once('>').map_or(cell, |(_, inner)| inner);
        inner
            .replace("&#38;", "&")
            .replace("&#61;", "=")
            .replace(',', "")
    };
    let body = page.split_once("<tbody>").map_or("", |(_, body)| body);
    body.split("<tr")
        .skip(1)
        .map(|row| {
            let cells = row.replace("<th", "<td");
            cells.split("<td").skip(1).map(text).collect()
        })
        .collect()
}

/// Signatures in several places, outside any city and nowhere; three more wait for their mail.
async fn signed() -> (Stage, Organizer) {
    let mut stage = Stage::open().await;
    let truth = table(&Stage::truth());
    let whole: Vec<Vec<&str>> = truth
        .iter()
        .map(|row| row["address"].split(", ").collect())
        .filter(|parts: &Vec<&str>| parts.len() == 3)
        .collect();
    for (number, parts) in whole.iter().step_by(97).enumerate() {
        let [street, city, last] = parts[..] else {
            continue;
        };
        sign(&stage, number, [street, city, last]).await;
    }
    // One more than wait: at least one of them is counted.
    for number in 1_000..1_004 {
        sign(&stage, number, ["PO Box 5", whole[0][1], whole[0][2]]).await;
    }
    let mut mails = stage.mails().await;
    for mail in mails.drain(3..) {
        confirm(&stage, &mail).await;
    }
    let analyst = stage.organizer(MemberRole::Analyst).await;
    (stage, analyst)
}

async fn sign(stage: &Stage, number: usize, [street, city, last]: [&str; 3]) {
    let (region, zip) = last.split_once(' ').expect("a state and a ZIP");
    let signer = json!({
        "name": "Ana Ruiz", "email": format!("ana{number}@example.org"),
        "street": street, "city": city, "state": region, "zip": zip,
    });
    let answer = stage.sign(&signer).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
}

async fn confirm(stage: &Stage, mail: &Mail) {
    let token = stage.token(mail, TokenPurpose::Confirm);
    let answer = stage.post_form(&format!("/confirm/{token}"), &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn the_rows_of_both_pages_sum_to_the_total() {
    let (stage, analyst) = signed().await;
    let total = stage.count().await;
    assert!(total > 15, "{total} signed");
    for (page, figures) in [("places", 2), ("districts", 3)] {
        let path = format!("/console/p/forbid-it/{page}");
        let text = stage.visit(&analyst, &path).await.text;
        let mut rows = rows(&text);
        let sum_row = rows.pop().expect("a row of totals");
        for column in figures..figures + 3 {
            let number = |row: &Vec<String>| row[column].parse::<i64>().expect("a number");
            let sum: i64 = rows.iter().map(number).sum();
            assert_eq!(sum, number(&sum_row), "{page} {column}");
        }
        assert_eq!(sum_row[figures], total.to_string(), "{page}");
        let last: Vec<_> = rows.iter().rev().take(2).map(|row| &*row[0]).collect();
        assert_eq!(last, ["not located", "outside any city"], "{page}");
        assert_ne!(rows[rows.len() - 1][figures], "0", "a box is nowhere");
    }
    let overview = stage.visit(&analyst, "/console/p/forbid-it").await.text;
    assert!(overview.contains(&format!("<b>{total}</b>counted")));
    assert!(
        overview.contains("<b>3</b>waiting for their mail"),
        "{overview}"
    );
}

#[tokio::test]
async fn the_files_say_what_the_pages_say() {
    let (stage, analyst) = signed().await;
    for (page, by) in [("places", "place"), ("districts", "district")] {
        let path = format!("/console/p/forbid-it/{page}");
        let text = stage.visit(&analyst, &path).await.text;
        let mut shown = rows(&text);
        shown.pop();
        shown.sort();
        let path = format!("/console/p/forbid-it/counts.csv?by={by}");
        let file = stage.visit(&analyst, &path).await;
        let mut reader = csv::Reader::from_reader(&*file.bytes);
        let header = reader
            .headers()
            .expect("a header")
            .iter()
            .collect::<Vec<_>>();
        assert_eq!(
            header.join(","),
            "geoid,name,state,district,count,self_asserted,paper"
        );
        let mut filed: Vec<Vec<String>> = reader
            .records()
            .map(|row| {
                let row = row.expect("a row");
                let mut cells: Vec<String> = row.iter().skip(1).map(str::to_owned).collect();
                if by == "place" {
                    assert_eq!(cells.remove(2), "");
                }
                cells
            })
            .collect();
        filed.sort();
        assert_eq!(filed, shown, "{by}");
        let path = format!("/console/p/forbid-it/counts.json?by={by}");
        let json = stage.visit(&analyst, &path).await.json();
        let counts = json.as_array().expect("rows").iter();
        let sum: i64 = counts
            .map(|row| row["count"].as_i64().expect("a count"))
            .sum();
        assert_eq!(sum, stage.count().await, "{by}");
    }
}

#[tokio::test]
async fn every_format_is_a_file_and_every_file_a_deed() {
    let (stage, analyst) = signed().await;
    for format in Format::ALL {
        let path = format!("/console/p/forbid-it/counts.{}", format.as_str());
        let file = stage.visit(&analyst, &path).await;
        assert_eq!(file.status, StatusCode::OK);
        assert_eq!(file.header("content-type"), format.media_type());
        assert_eq!(file.header("cache-control"), "no-store");
        let name = format!(
            "attachment; filename=\"forbid-it-by-place.{}\"",
            format.as_str()
        );
        assert_eq!(file.header("content-disposition"), name);
        let details = json!({"by": "place", "format": format.as_str(), "report": "counts"});
        let deed = format!("petition.export forbid-it {details}");
        assert!(stage.deeds().await.contains(&deed), "{deed}");
    }
    let before = stage.deeds().await.len();
    for path in [
        "counts.pdf",
        "counts.csv?by=street",
        "counts.csv?by=place&by=x",
    ] {
        let path = format!("/console/p/forbid-it/{path}");
        let answer = stage.visit(&analyst, &path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(stage.deeds().await.len(), before);
}

#[tokio::test]
async fn no_page_and_no_file_of_counts_names_anybody() {
    let (stage, analyst) = signed().await;
    for path in [
        "",
        "/places",
        "/districts",
        "/counts.csv",
        "/counts.json",
        "/counts.geojson?by=district",
    ] {
        let path = format!("/console/p/forbid-it{path}");
        let answer = stage.visit(&analyst, &path).await;
        let text = answer.text.replace("analyst@example.org", "");
        for personal in PERSONAL {
            assert!(!text.contains(personal), "{path}: {personal}");
        }
    }
}

#[tokio::test]
async fn a_place_that_is_named_like_a_formula_is_text() {
    let name = "=HYPERLINK(\"https://other.example\",\"<b>here</b>\")";
    let mut stage = Stage::with_directory(|officials| {
        officials["jurisdictions"]["8888888"] = json!({ "name": name, "state": "ZZ" });
    })
    .await;
    let open = redress_model::petition::state::PetitionState::Open;
    stage.petition("forbid-it", open).await;
    let mail = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let location = Location {
        home: Home::Government(Geoid::parse("8888888").expect("a GEOID")),
        district: None,
        is_self_asserted: true,
        governments_over: Vec::new(),
    };
    let signatures = &stage.store.signatures;
    let moved = signatures
        .relocate(mail.signature_id, &location, stage.at)
        .await;
    assert!(moved.expect("relocated"));
    let ana = stage.organizer(MemberRole::Owner).await;
    let csv = stage.visit(&ana, "/console/p/forbid-it/counts.csv").await;
    let mut reader = csv::Reader::from_reader(&*csv.bytes);
    let row = reader.records().next().expect("a row").expect("it reads");
    assert_eq!(&row[1], format!("'{name}"));
    assert_eq!(&row[4], "1");
    let page = stage.visit(&ana, "/console/p/forbid-it/places").await.text;
    assert!(
        !page.contains("<b>here") && page.contains("=HYPERLINK"),
        "{page}"
    );
    let json: Value = stage
        .visit(&ana, "/console/p/forbid-it/counts.json")
        .await
        .json();
    assert_eq!(json[0]["name"], name);
}

#[tokio::test]
async fn what_was_counted_today_is_counted_in_the_petitions_own_day() {
    let (stage, analyst) = signed().await;
    let total = stage.count().await;
    let today = stage.visit(&analyst, "/console/p/forbid-it").await.text;
    assert!(today.contains(&format!("<b>{total}</b>of these today")));
    assert!(today.contains("2 March 2026"), "{today}");
    // The petition's days are in UTC, and it is half past ten in the morning.
    stage.clock.pass(chrono::Duration::minutes(11 * 60));
    let evening = stage.visit(&analyst, "/console/p/forbid-it").await.text;
    assert!(evening.contains(&format!("<b>{total}</b>of these today")));
    stage.clock.pass(chrono::Duration::minutes(3 * 60));
    let morrow = stage.log_in("analyst@example.org").await;
    let page = stage.visit(&morrow, "/console/p/forbid-it").await.text;
    assert!(page.contains("<b>0</b>of these today") && page.contains("2 March 2026"));
}
