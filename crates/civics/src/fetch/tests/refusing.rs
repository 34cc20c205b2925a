//! Servers that have no such file, are busy, or point elsewhere.

use super::{Stage, archive, honest};
use crate::fetch::{Absence, Base, Outcome, fetch};
use crate::local_server::{Answer, LocalServer};
use std::time::Duration;

#[test]
fn a_file_that_is_not_there_is_said_with_what_it_means() {
    let stage = Stage::new(|_| Answer::new(404, "<html>not found</html>"));
    let said = stage.failure();
    assert!(
        said.contains("TIGER2025/FACES/tl_2025_99001_faces.zip is not there (404)")
            && said.contains("no such county"),
        "{said}"
    );
    assert_eq!(stage.server.requests().len(), 1, "it was asked for again");
    assert_eq!(stage.names(), [""; 0]);
}

#[test]
fn a_layer_that_not_every_state_has_may_be_absent() {
    let stage = Stage::new(|_| Answer::new(404, ""));
    let fetched = stage.fetch_wanted(&[Stage::wanted(Absence::Normal)]);
    assert!(matches!(fetched[0].outcome, Outcome::Absent));
    assert_eq!(stage.names(), [""; 0]);
}

#[test]
fn a_busy_server_is_given_the_time_that_it_asks_for() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| match request.earlier {
        0 => Answer::new(503, "").with("Retry-After", "7"),
        1 => Answer::new(429, "").with("Retry-After", "100000"),
        _ => honest(&served, "one", request),
    });
    stage.brings(&file);
    assert_eq!(
        *stage.waits.lock().unwrap(),
        [Duration::from_secs(7), stage.settings.most_wait],
        "what it asks for is granted within bounds"
    );
}

#[test]
fn a_server_that_fails_is_asked_again_ever_more_slowly() {
    let stage = Stage::new(|_| Answer::new(502, ""));
    let said = stage.failure();
    assert!(said.contains("answers 502, 4 times in a row"), "{said}");
    let waits = stage.waits.lock().unwrap().clone();
    assert_eq!(waits, [1, 2, 4].map(Duration::from_secs));
}

#[test]
fn a_server_that_forbids_is_not_asked_again() {
    let stage = Stage::new(|_| Answer::new(403, ""));
    let said = stage.failure();
    assert!(said.contains("answers 403"), "{said}");
    assert_eq!(stage.server.requests().len(), 1);
}

#[test]
fn an_address_that_leads_elsewhere_is_followed_but_not_without_end() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| {
        if request.path == "/there.zip" {
            honest(&served, "one", request)
        } else {
            Answer::new(302, "").with("Location", "/there.zip")
        }
    });
    stage.brings(&file);
    let circle = Stage::new(|request| Answer::new(302, "").with("Location", request.path.clone()));
    let said = circle.failure();
    assert!(said.contains("without end"), "{said}");
    assert!(circle.server.requests().len() < 10);
}

#[test]
fn a_server_that_is_not_there_is_said() {
    let stage = Stage::new(|_| Answer::new(200, ""));
    let closed = LocalServer::new(|_| Answer::new(200, "")).url();
    let fetched = fetch(
        &Base::parse(&closed).unwrap(),
        &[Stage::wanted(Absence::Normal)],
        stage.folder.path(),
        &stage.settings,
        &|_| {},
        &mut |_| {},
    )
    .unwrap();
    let Outcome::Failed(error) = &fetched[0].outcome else {
        panic!("{fetched:?}");
    };
    assert!(error.to_string().contains("4 times in a row"), "{error}");
    assert_eq!(stage.names(), [""; 0]);
}
