//! The intake over a real database.

use super::scene::{Scene, is_saved};
use crate::intake::{Intake, IntakeError, IntakeSettings};
use crate::signatures::{ConfirmOutcome, Confirmation, WithdrawOutcome, Withdrawal};
use redress_model::home::Home;
use redress_model::petition::Confirmation as Mode;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// All three ways in, many callers at once.
pub async fn an_answer_means_that_it_is_saved(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let (intake, worker) = Intake::new(scene.store.signatures.clone(), IntakeSettings::default());
    let mut tasks = JoinSet::new();
    tasks.spawn(worker.run(std::future::pending()));
    let mut people = JoinSet::new();
    for person in 0..200 {
        let new = scene.signer(petition, &format!("{person}@example.org"), "ana", "45001");
        let (intake, other, at) = (intake.clone(), scene.other.clone(), scene.at);
        people.spawn(async move {
            let id = new.id;
            assert!(is_saved(&intake.sign(new).await.expect("saved")));
            // Another process sees it at once.
            assert!(
                other
                    .signatures
                    .find_signature(id)
                    .await
                    .expect("read")
                    .is_some()
            );
            let confirmed = intake
                .confirm(Confirmation { id, epoch: 0, at })
                .await
                .expect("confirmed");
            assert!(matches!(confirmed, ConfirmOutcome::Confirmed { .. }));
            if person % 4 == 0 {
                let withdrawn = intake
                    .withdraw(Withdrawal { id, at })
                    .await
                    .expect("withdrawn");
                assert_eq!(withdrawn, WithdrawOutcome::Withdrawn);
            }
        });
    }
    people.join_all().await;
    drop(intake);
    tasks.join_all().await;
    assert_eq!(scene.counted(petition).await, 150);
    scene.assert_counts_hold(petition).await;
}

/// Nobody waits without an end, and what was taken in is written.
pub async fn a_full_queue_says_so_and_loses_nothing(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let settings = IntakeSettings {
        capacity: 10,
        ..IntakeSettings::default()
    };
    let (intake, worker) = Intake::new(scene.store.signatures.clone(), settings);
    let mut people = JoinSet::new();
    for person in 0..25 {
        let new = scene.signer(petition, &format!("{person}@example.org"), "ana", "45001");
        let intake = intake.clone();
        people.spawn(async move { intake.sign(new).await });
    }
    // Nobody writes yet: ten wait, fifteen are told.
    let mut told = 0;
    while told < 15 {
        let outcome = people
            .join_next()
            .await
            .expect("somebody")
            .expect("no panic");
        assert!(matches!(outcome, Err(IntakeError::Busy)), "{outcome:?}");
        told += 1;
    }
    assert_eq!(intake.room(), 0);
    drop(intake);
    worker.run(std::future::pending()).await;

    let outcomes = people.join_all().await;
    assert_eq!(
        outcomes
            .iter()
            .filter(|outcome| outcome.as_ref().is_ok_and(is_saved))
            .count(),
        10
    );
    assert_eq!(scene.counted(petition).await, 10);
}

/// Not when the queue is full, nor when it is long.
pub async fn who_confirms_or_withdraws_is_not_behind_a_flood_of_signatures(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let new = scene.signer(petition, "first@example.org", "ana", "45001");
    let (id, at) = (new.id, scene.at);
    let saved = scene.store.signatures.record_signatures(&[new]).await;
    assert!(is_saved(&saved.expect("saved")[0]));
    let settings = IntakeSettings {
        capacity: 40,
        batch: 4,
        ..IntakeSettings::default()
    };
    let (intake, worker) = Intake::new(scene.store.signatures.clone(), settings);
    let mut people = JoinSet::new();
    for person in 0..40 {
        let new = scene.signer(petition, &format!("{person}@example.org"), "ana", "45001");
        let intake = intake.clone();
        people.spawn(async move { intake.sign(new).await });
    }
    while intake.room() > 0 {
        tokio::task::yield_now().await;
    }
    let mut tasks = JoinSet::new();
    tasks.spawn(worker.run(std::future::pending()));
    let confirmed = intake.confirm(Confirmation { id, epoch: 0, at }).await;
    assert!(
        matches!(confirmed, Ok(ConfirmOutcome::Confirmed { .. })),
        "{confirmed:?}"
    );
    let withdrawn = intake.withdraw(Withdrawal { id, at }).await;
    assert!(matches!(withdrawn, Ok(WithdrawOutcome::Withdrawn)));
    // The flood has not gone by: it goes in ten batches, and two were enough for these.
    let is_waiting = intake.room() < 40;
    let outcomes = people.join_all().await;
    assert!(is_waiting, "everybody before them was served first");
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.as_ref().is_ok_and(is_saved))
    );
    scene.assert_counts_hold(petition).await;
}

/// And nothing more is taken in.
pub async fn what_waits_is_written_before_the_intake_ends(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let settings = IntakeSettings {
        batch: 7,
        ..IntakeSettings::default()
    };
    let (intake, worker) = Intake::new(scene.store.signatures.clone(), settings);
    let mut people = JoinSet::new();
    for person in 0..100 {
        let new = scene.signer(petition, &format!("{person}@example.org"), "ana", "45001");
        let intake = intake.clone();
        people.spawn(async move { intake.sign(new).await });
    }
    while intake.room() > IntakeSettings::default().capacity - 100 {
        tokio::task::yield_now().await;
    }
    let (stop, stopped) = oneshot::channel::<()>();
    stop.send(()).expect("sent");
    worker
        .run(async move { stopped.await.unwrap_or_default() })
        .await;

    let outcomes = people.join_all().await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.as_ref().is_ok_and(is_saved))
    );
    assert_eq!(scene.counted(petition).await, 100);
    let late = scene.signer(petition, "late@example.org", "ana", "45001");
    assert!(matches!(intake.sign(late).await, Err(IntakeError::Closed)));
}

/// Here a district outside any city, which the schema refuses.
pub async fn one_that_cannot_be_written_holds_nobody_up(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let (intake, worker) = Intake::new(scene.store.signatures.clone(), IntakeSettings::default());
    let mut people = JoinSet::new();
    for person in 0..10 {
        let mut new = scene.signer(petition, &format!("{person}@example.org"), "ana", "45001");
        if person == 4 {
            new.location.home = Home::OutsideAnyCity;
        }
        let intake = intake.clone();
        people.spawn(async move { (person, intake.sign(new).await) });
    }
    // All ten wait for one batch.
    while intake.room() > IntakeSettings::default().capacity - 10 {
        tokio::task::yield_now().await;
    }
    drop(intake);
    worker.run(std::future::pending()).await;

    for (person, outcome) in people.join_all().await {
        assert_eq!(outcome.is_ok(), person != 4, "{person}: {outcome:?}");
    }
    assert_eq!(scene.counted(petition).await, 9);
    scene.assert_counts_hold(petition).await;
}
