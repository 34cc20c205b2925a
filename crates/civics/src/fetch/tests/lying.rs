//! Servers that promise another length than they send.

use super::{Stage, archive, honest};
use crate::local_server::Answer;

#[test]
fn a_promise_of_more_than_there_is_is_noticed() {
    let file = archive(1);
    let stage = Stage::new(move |_| {
        let longer = file.len() + 1_000;
        Answer::new(200, &*file).promising(longer)
    });
    let said = stage.failure();
    assert!(said.contains("4 times in a row"), "{said}");
    assert!(stage.holds_parts_alone(), "{:?}", stage.names());
}

#[test]
fn a_promise_of_less_than_there_is_is_noticed() {
    let file = archive(1);
    let stage = Stage::new(move |_| {
        let shorter = file.len() - 1_000;
        Answer::new(200, &*file).promising(shorter)
    });
    let said = stage.failure();
    assert!(said.contains("is no whole archive"), "{said}");
    assert_eq!(stage.names(), [""; 0]);
}

#[test]
fn a_rest_longer_than_promised_is_not_appended() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| {
        let mut answer = honest(&served, "one", request);
        match request.earlier {
            0 => answer = answer.cut(50_000),
            1 => {
                answer.body.extend([0; 5_000]);
                answer.promised = None;
            }
            _ => {}
        }
        answer
    });
    stage.brings(&file);
    assert_eq!(stage.ranges(), [None, Some("bytes=50000-".into()), None]);
}

#[test]
fn another_part_than_was_asked_for_is_not_appended() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| match request.earlier {
        0 => honest(&served, "one", request).cut(50_000),
        1 => Answer::new(206, &served[40_000..]).with(
            "Content-Range",
            format!("bytes 40000-{}/{}", served.len() - 1, served.len()),
        ),
        _ => honest(&served, "one", request),
    });
    stage.brings(&file);
}

#[test]
fn a_part_that_nobody_asked_for_is_no_file() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| match request.earlier {
        0 => Answer::new(206, &served[..10]).with("Content-Range", "bytes 0-9/*"),
        _ => honest(&served, "one", request),
    });
    stage.brings(&file);
}

#[test]
fn more_bytes_than_any_such_file_has_are_refused() {
    let file = archive(1);
    let told = file.clone();
    let mut stage = Stage::new(move |_| Answer::new(200, &*told));
    stage.settings.most_bytes = 100_000;
    let said = stage.failure();
    assert!(said.contains("larger than 100000 bytes"), "{said}");
    // Without a promise it is noticed on the way.
    let mut stage = Stage::new(move |_| {
        let mut answer = Answer::new(200, &*file);
        answer.promised = None;
        answer
    });
    stage.settings.most_bytes = 100_000;
    let said = stage.failure();
    assert!(said.contains("larger than 100000 bytes"), "{said}");
}

#[test]
fn a_file_without_a_promised_length_is_judged_by_itself() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| {
        let mut answer = honest(&served, "one", request);
        answer.promised = None;
        if request.earlier == 0 {
            answer = answer.cut(50_000);
        }
        answer
    });
    stage.brings(&file);
}
