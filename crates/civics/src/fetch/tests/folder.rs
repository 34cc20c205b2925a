//! Several files, and several fetches, into one folder.

use super::{NAME, Stage, archive, honest};
use crate::fetch::{Absence, Event, Outcome, Wanted, census, other_years};
use crate::local_server::Answer;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

#[test]
fn files_come_together_but_never_too_many() {
    let file = archive(1);
    let served = file.clone();
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now_there, most_there) = (now.clone(), most.clone());
    let mut stage = Stage::new(move |request| {
        let open = now_there.fetch_add(1, Ordering::SeqCst) + 1;
        most_there.fetch_max(open, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(50));
        now_there.fetch_sub(1, Ordering::SeqCst);
        honest(&served, "one", request)
    });
    stage.settings.at_once = 3;
    let wanted: Vec<Wanted> = (0..9)
        .flat_map(|county| census::of_county(2025, &format!("{:05}", 99_001 + county), false))
        .collect();
    let fetched = stage.fetch_wanted(&wanted);
    let names: Vec<&str> = fetched.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(
        names,
        wanted
            .iter()
            .map(|one| one.name.as_str())
            .collect::<Vec<_>>(),
        "the answer keeps the order of what was wanted"
    );
    assert!(
        fetched
            .iter()
            .all(|one| matches!(one.outcome, Outcome::Fetched { .. }))
    );
    assert_eq!(most.load(Ordering::SeqCst), 3);
    assert_eq!(now.load(Ordering::SeqCst), 0);
}

#[test]
fn one_file_that_fails_does_not_stop_the_others() {
    let file = archive(1);
    let stage = Stage::new(move |request| {
        if request.path.contains("ADDRFEAT") {
            Answer::new(404, "")
        } else {
            honest(&file, "one", request)
        }
    });
    let fetched = stage.fetch_wanted(&census::of_county(2025, "99001", true));
    assert!(matches!(fetched[0].outcome, Outcome::Failed(_)));
    assert!(matches!(fetched[1].outcome, Outcome::Fetched { .. }));
    assert!(matches!(fetched[2].outcome, Outcome::Fetched { .. }));
}

#[test]
fn two_fetches_into_one_folder_bring_one_whole_file() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| {
        let answer = honest(&served, "one", request);
        std::thread::sleep(Duration::from_millis(30));
        if request.earlier < 3 {
            answer.cut(40_000)
        } else {
            answer
        }
    });
    let barrier = Barrier::new(4);
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    stage.fetch()
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let fetched = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Outcome::Fetched { .. }));
    assert_eq!(fetched.count(), 1, "{outcomes:?}");
    assert!(
        !outcomes
            .iter()
            .any(|outcome| matches!(outcome, Outcome::Failed(_))),
        "{outcomes:?}"
    );
    assert!(std::fs::read(stage.path(NAME)).unwrap() == file);
    assert_eq!(stage.names(), [NAME]);
    assert_eq!(stage.server.requests().len(), 4, "no byte came twice");
}

#[test]
fn progress_reaches_the_whole_and_says_why_it_waits() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| match request.earlier {
        0 => honest(&served, "one", request).cut(50_000),
        _ => honest(&served, "one", request),
    });
    let mut told = Vec::new();
    stage.fetch_told(&[Stage::wanted(Absence::Normal)], &mut |event| {
        told.push(match event {
            Event::Started { from, of, .. } => format!("from {from} of {of:?}"),
            Event::Received { now, .. } => format!("{now}"),
            Event::Waiting { why, .. } => format!("wait: {why}"),
            Event::Ended { fetched, .. } => format!("{:?}", fetched.outcome),
        });
    });
    let whole = file.len();
    assert_eq!(told[0], format!("from 0 of Some({whole})"));
    assert!(
        told.iter()
            .any(|said| said.starts_with("wait: ") && said.contains("broke off")),
        "{told:?}"
    );
    assert!(
        told.contains(&format!("from 50000 of Some({whole})")),
        "{told:?}"
    );
    assert_eq!(told[told.len() - 2], whole.to_string());
}

#[test]
fn files_of_another_year_are_found() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "tl_2024_08_place.zip",
        "tl_2025_08_place.zip",
        "tl_2024_x.part",
        "notes.txt",
    ] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    assert_eq!(
        other_years(folder.path(), 2025),
        [folder.path().join("tl_2024_08_place.zip")]
    );
    assert!(other_years(&folder.path().join("absent"), 2025).is_empty());
}
