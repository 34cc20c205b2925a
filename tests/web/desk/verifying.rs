//! Comparing lists at the desk.

use super::seats::Seat::Mayor;
use crate::stage::{Answer, Stage};
use axum::http::{Method, StatusCode};
use redress_letters::list::hashes::sha256;
use std::fmt::Write;

const FORM: &str = "multipart/form-data; boundary=xx";
const LARGEST: usize = 16 * 1024 * 1024;

fn part(name: &str, more: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

impl Stage {
    /// Has a file compared at a desk.
    pub async fn verify(&self, desk: &str, list: &[u8]) -> Answer {
        let file = part("list", "; filename=\"list.csv\"", list);
        let body = [file, part("text", "", b""), b"--xx--\r\n".to_vec()].concat();
        self.send(Method::POST, &format!("{desk}/verify"), FORM, body)
            .await
    }
}

/// A desk with two letters, one of three signers and one of two.
async fn two_letters() -> (Stage, String, [Vec<u8>; 2]) {
    let mut stage = Stage::open().await;
    for name in ["Ana Ruiz", "Ben Roth", "Cid Ames"] {
        stage.sign_openly(name, None).await;
    }
    let first = stage.send_to(&[Mayor]).await;
    for name in ["Dee Lund", "Eve Moss"] {
        stage.sign_openly(name, Some("Enough, really.")).await;
    }
    let second = stage.send_to(&[Mayor]).await;
    let desk = stage.desk(first.letters[0]);
    (stage, desk, [first.list, second.list])
}

#[tokio::test]
async fn the_very_bytes_are_unchanged_and_named_by_batch_with_hash_and_root() {
    let (stage, desk, lists) = two_letters().await;
    for (number, list) in (1..).zip(&lists) {
        let answer = stage.verify(&desk, list).await;
        assert_eq!(answer.status, StatusCode::OK);
        let words = format!("This is batch {number}, unchanged");
        assert!(answer.text.contains(&words), "{}", answer.text);
        let hash = sha256(list).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        assert_eq!(
            answer.text.matches(&hash).count(),
            2,
            "the record's and the file's"
        );
        let path = format!("/api/v1/petitions/forbid-it/batches/{number}/manifest");
        let manifest = stage.get(&path).await.json();
        let root = manifest["merkle_root"].as_str().expect("a root");
        assert!(answer.text.contains(root), "{}", answer.text);
        assert!(!answer.text.contains("saved anew"));
    }
}

#[tokio::test]
async fn a_file_that_was_saved_anew_or_pasted_has_the_same_rows() {
    let (stage, desk, [_, list]) = two_letters().await;
    let text = String::from_utf8(list).expect("text");
    let saved = format!("\u{FEFF}{}", text.replace("\r\n", "\n"));
    let answer = stage.verify(&desk, saved.as_bytes()).await.text;
    assert!(answer.contains("This is batch 2, unchanged"), "{answer}");
    assert!(answer.contains("saved anew"), "{answer}");
    let empty = part("list", "; filename=\"\"", b"");
    let pasted = [
        empty,
        part("text", "", text.trim_end().as_bytes()),
        b"--xx--\r\n".to_vec(),
    ];
    let path = format!("{desk}/verify");
    let answer = stage.send(Method::POST, &path, FORM, pasted.concat()).await;
    assert!(
        answer.text.contains("This is batch 2, unchanged"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn altered_missing_and_added_rows_are_named() {
    let (stage, desk, [list, _]) = two_letters().await;
    let text = String::from_utf8(list).expect("text");
    let altered = text.replace("Ben Roth", "Ben Rath");
    let lines: Vec<&str> = text.split_inclusive("\r\n").collect();
    let missing = lines[..3].concat();
    let added = format!("{text}900,Zoe New,Elsewhere,45001,3,2026-03-02,confirmed,\r\n");
    for (list, words) in [
        (altered, "Altered: 2."),
        (missing, "Missing: 3."),
        (added, "Added: 900."),
        (
            [lines[0], lines[2], lines[1], lines[3]].concat(),
            "another order",
        ),
    ] {
        let answer = stage.verify(&desk, list.as_bytes()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            answer.text.contains("Rows differ from batch 1"),
            "{}",
            answer.text
        );
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_foreign_file_and_garbage_are_no_list_of_ours() {
    let (stage, desk, _) = two_letters().await;
    let table = b"number,name\r\n1,Ana Ruiz\r\n".to_vec();
    let garbage: Vec<u8> = (0..70_000_u32)
        .map(|byte| (byte * 31 % 251) as u8)
        .collect();
    let quote = b"number,name,city,zip,district,signed_on,verified,comment\r\n\"1".to_vec();
    let forged = "number,name,city,zip,district,signed_on,verified,comment\r\n1,A,B,1,1,2026-03-02,confirmed,\r\n";
    for list in [table, garbage, quote, forged.into(), b"\0".to_vec()] {
        let answer = stage.verify(&desk, &list).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            answer.text.contains("This is no list of ours"),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn sixteen_mebibytes_are_compared_and_more_are_refused() {
    let (stage, desk, [list, _]) = two_letters().await;
    let mut long = list.clone();
    let mut number = 10;
    while long.len() < LARGEST - 400 {
        let comment = "x".repeat(300);
        let line = format!("{number},Zoe,City,45001,3,2026-03-02,confirmed,{comment}\r\n");
        long.extend_from_slice(line.as_bytes());
        number += 2;
    }
    let answer = stage.verify(&desk, &long).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.text.contains("Rows differ from batch 1"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("Added: 10, 12,") && answer.text.len() < 8_000);
    for length in [LARGEST + 1, LARGEST + 1024 * 1024] {
        let answer = stage.verify(&desk, &vec![b'a'; length]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.text.contains("more than 16 MB"), "{}", answer.text);
    }
    // Nowhere else is there room for so much.
    let other = stage.send(
        Method::POST,
        "/p/forbid-it/sign",
        "application/x-www-form-urlencoded",
        vec![b'a'; 70_000],
    );
    assert_eq!(other.await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_is_no_form_or_holds_nothing_is_refused_with_the_form_again() {
    let (stage, desk, _) = two_letters().await;
    let path = format!("{desk}/verify");
    for (kind, body, status) in [
        (FORM, b"--xx--\r\n".to_vec(), 422),
        (
            FORM,
            [
                part("list", "; filename=\"\"", b" \r\n"),
                b"--xx--\r\n".to_vec(),
            ]
            .concat(),
            422,
        ),
        (FORM, b"garbage".to_vec(), 400),
        (FORM, part("list", "", b"cut"), 400),
        ("text/csv", b"number".to_vec(), 400),
        ("multipart/form-data", b"number".to_vec(), 400),
    ] {
        let answer = stage.send(Method::POST, &path, kind, body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        assert!(
            answer.text.contains("enctype=\"multipart/form-data\""),
            "{}",
            answer.text
        );
    }
}
