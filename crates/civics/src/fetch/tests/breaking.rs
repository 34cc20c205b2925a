//! Transfers that break off, stall, and go on.

use super::{NAME, Stage, archive, honest};
use crate::fetch::Outcome;
use crate::local_server::{Answer, Request};
use std::time::{Duration, Instant};

#[test]
fn a_whole_file_comes_in_one_request() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| honest(&served, "one", request));
    assert_eq!(stage.brings(&file), 0);
    assert_eq!(stage.ranges(), [None]);
}

#[test]
fn a_transfer_that_breaks_off_goes_on_where_it_stopped() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| {
        let answer = honest(&served, "one", request);
        if request.earlier < 2 {
            answer.cut(70_000)
        } else {
            answer
        }
    });
    stage.brings(&file);
    let ranges = stage.ranges();
    assert_eq!(
        ranges,
        [
            None,
            Some("bytes=70000-".into()),
            Some("bytes=140000-".into())
        ]
    );
}

#[test]
fn a_file_that_brings_something_each_time_is_not_given_up() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| honest(&served, "one", request).cut(9_000));
    stage.brings(&file);
    assert!(stage.ranges().len() > 20, "{:?}", stage.ranges());
}

#[test]
fn a_later_run_goes_on_where_an_earlier_one_stopped() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| match request.earlier {
        0 => honest(&served, "one", request).cut(50_000),
        1..=3 => Answer::new(500, ""),
        _ => honest(&served, "one", request),
    });
    assert!(stage.failure().contains("it goes on where it stopped"));
    assert!(stage.holds_parts_alone(), "{:?}", stage.names());
    assert_eq!(stage.brings(&file), 50_000);
}

#[test]
fn a_stalled_connection_is_cut_and_the_rest_asked_for() {
    let file = archive(1);
    let served = file.clone();
    let mut stage = Stage::new(move |request| {
        let mut answer = honest(&served, "one", request);
        if request.earlier == 0 {
            answer = answer.cut(30_000);
            answer.silence = Duration::from_secs(30);
        }
        answer
    });
    stage.settings.idle = Duration::from_millis(500);
    let begun = Instant::now();
    stage.brings(&file);
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "the silence was waited for"
    );
    assert_eq!(stage.ranges()[1].as_deref(), Some("bytes=30000-"));
}

#[test]
fn a_server_that_never_answers_is_given_up_and_said() {
    let mut stage = Stage::new(|_| {
        let mut answer = Answer::new(200, "");
        answer.delay = Duration::from_secs(20);
        answer
    });
    stage.settings.idle = Duration::from_millis(200);
    let said = stage.failure();
    assert!(said.contains("was silent for 0.2 seconds"), "{said}");
    assert_eq!(stage.names(), [""; 0]);
}

#[test]
fn a_server_that_ignores_ranges_sends_the_whole_again() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| {
        let whole = Request {
            head: Vec::new(),
            ..request.clone()
        };
        let answer = honest(&served, "one", &whole);
        if request.earlier == 0 {
            answer.cut(50_000)
        } else {
            answer
        }
    });
    assert_eq!(stage.brings(&file), 0);
    assert_eq!(stage.ranges(), [None, Some("bytes=50000-".into())]);
}

#[test]
fn a_file_that_changes_between_tries_is_begun_anew() {
    let (old, new) = (archive(1), archive(2));
    let (served_old, served_new) = (old.clone(), new.clone());
    let stage = Stage::new(move |request| match request.earlier {
        0 => honest(&served_old, "one", request).cut(50_000),
        _ => honest(&served_new, "two", request),
    });
    assert!(old != new);
    stage.brings(&new);
}

#[test]
fn two_halves_of_different_files_never_become_one() {
    let (old, new) = (archive(1), archive(2));
    let served = (old, new.clone());
    // The tag stays, as with a server that makes it of the name alone.
    let stage = Stage::new(move |request| match request.earlier {
        0 => honest(&served.0, "same", request).cut(50_000),
        _ => honest(&served.1, "same", request),
    });
    stage.brings(&new);
    assert_eq!(
        stage.ranges(),
        [None, Some("bytes=50000-".into()), None],
        "the rest, found wanting, then the whole"
    );
}

#[test]
fn without_a_tag_the_whole_is_asked_for_again() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| {
        let answer = Answer::new(200, &*served).with("ETag", "W/\"weak\"");
        if request.earlier == 0 {
            answer.cut(50_000)
        } else {
            answer
        }
    });
    stage.brings(&file);
    assert_eq!(stage.ranges(), [None, None]);
}

#[test]
fn a_date_serves_where_there_is_no_tag() {
    let file = archive(1);
    let served = file.clone();
    let date = "Wed, 21 Oct 2026 07:28:00 GMT";
    let stage = Stage::new(move |request| match request.field("if-range") {
        None => Answer::new(200, &*served)
            .with("Last-Modified", date)
            .cut(50_000),
        Some(known) => {
            assert_eq!(known, date);
            let total = served.len();
            Answer::new(206, &served[50_000..])
                .with(
                    "Content-Range",
                    format!("bytes 50000-{}/{total}", total - 1),
                )
                .with("Last-Modified", date)
        }
    });
    stage.brings(&file);
}

#[test]
fn a_part_that_is_complete_already_is_only_checked() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| honest(&served, "one", request));
    std::fs::write(stage.path(&format!("{NAME}.part")), &file).unwrap();
    let seen = format!(
        r#"{{"address":"{}/TIGER2025/FACES/{NAME}","etag":"\"one\"","last_modified":null,"total":{}}}"#,
        stage.server.url(),
        file.len()
    );
    std::fs::write(stage.path(&format!("{NAME}.seen.part")), seen).unwrap();
    assert_eq!(stage.brings(&file), file.len() as u64);
    assert_eq!(stage.ranges(), [Some(format!("bytes={}-", file.len()))]);
}

#[test]
fn a_part_from_another_address_is_not_gone_on_with() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| honest(&served, "one", request));
    std::fs::write(stage.path(&format!("{NAME}.part")), &file[..10]).unwrap();
    let seen = r#"{"address":"http://mirror.example/x.zip","etag":"\"one\"","last_modified":null,"total":null}"#;
    std::fs::write(stage.path(&format!("{NAME}.seen.part")), seen).unwrap();
    assert_eq!(stage.brings(&file), 0);
    assert_eq!(stage.ranges(), [None]);
}

#[test]
fn what_is_there_and_whole_is_not_asked_for() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| honest(&served, "one", request));
    stage.brings(&file);
    assert!(matches!(stage.fetch(), Outcome::AlreadyThere { bytes } if bytes == file.len() as u64));
    assert_eq!(stage.server.requests().len(), 1);
}
