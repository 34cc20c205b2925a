//! More people than can be served: who confirms or takes a signature back is not behind them, and a process that is told to stop
//! answers everybody whom it let in.

use crate::crowd::{Answers, press};
use crate::ground::{Engine, Ground, now, turns};
use chrono::Duration as Time;
use redress_storage::secrets::TokenPurpose;
use std::collections::HashSet;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Who sign the huge petition at any time.
const CROWD: usize = 96;

fn a_flood_holds_nobody_up(engine: Engine) {
    let ground = Ground::with_petition(engine, "huge", "none");
    ground.petition("small", "email");
    let server = ground.serve();
    let people = turns(24, 1_000);
    for number in 0..people {
        let answer = ground.person(number).sign(&server.address, "small");
        assert_eq!(answer.unwrap().status, 202);
    }
    let mails = ground.on_store(async |store| {
        let mut all = Vec::new();
        loop {
            let (at, limit) = (now(), 100);
            let mails = store
                .mails
                .claim_mails(at, at + Time::hours(1), limit)
                .await;
            let mails = mails.unwrap();
            if mails.is_empty() {
                return all;
            }
            all.extend(mails);
        }
    });
    assert_eq!(mails.len(), people);
    let (flood, signs) = (Answers::default(), Answers::default());
    let (confirms, withdraws) = (Answers::default(), Answers::default());
    let (next, is_over) = (AtomicUsize::new(100_000), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..CROWD {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    let person = ground.person(next.fetch_add(1, Ordering::Relaxed));
                    flood.note(&person.sign(&server.address, "huge").expect("an answer"));
                }
            });
        }
        for (number, mail) in mails.iter().enumerate() {
            let id = mail.signature_id.0;
            let confirm = ground.token(TokenPurpose::Confirm, id);
            let answer = press(&server.address, &format!("/confirm/{confirm}")).unwrap();
            assert_eq!(answer.status, 200, "{}\n{}", answer.head, answer.body);
            confirms.note(&answer);
            let person = ground.person(10_000 + number);
            signs.note(&person.sign(&server.address, "small").expect("an answer"));
            if number % 2 == 0 {
                let receipt = ground.token(TokenPurpose::Receipt, id);
                let answer = press(&server.address, &format!("/r/{receipt}/withdraw")).unwrap();
                assert_eq!(answer.status, 303, "{}\n{}", answer.head, answer.body);
                withdraws.note(&answer);
            }
        }
        is_over.store(true, Ordering::SeqCst);
    });

    let told = flood.assert_fit();
    signs.assert_fit();
    println!(
        "{engine:?}: {CROWD} at once sign one petition ({told}, p99 {:?}); beside them p99 of confirming {:?}, of withdrawing {:?}, of signing a small petition {:?}",
        flood.p99(),
        confirms.p99(),
        withdraws.p99(),
        signs.p99()
    );
    for some in [&confirms, &withdraws, &signs] {
        assert!(some.p99() < Duration::from_secs(3), "{:?}", some.p99());
    }
    assert_eq!(ground.assert_sound("small"), people / 2);
    assert_eq!(ground.assert_sound("huge"), flood.of(202));
}

fn an_order_to_stop_answers_everybody(engine: Engine) {
    let ground = Ground::with_petition(engine, "no-deals", "none");
    let (next, saved) = (AtomicUsize::new(0), Mutex::new(HashSet::new()));
    let (answers, unanswered) = (Answers::default(), AtomicUsize::new(0));
    for _ in 0..turns(2, 20) {
        let mut server = ground.serve();
        let address = server.address.clone();
        std::thread::scope(|scope| {
            for _ in 0..CROWD {
                scope.spawn(|| {
                    loop {
                        let person = ground.person(next.fetch_add(1, Ordering::Relaxed));
                        let Some(answer) = person.sign(&address, "no-deals") else {
                            // It did not let them in, or was stopped between two of their words.
                            unanswered.fetch_add(1, Ordering::Relaxed);
                            return;
                        };
                        answers.note(&answer);
                        if answer.status == 202 {
                            saved.lock().unwrap().insert(person.name);
                        }
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(700));
            let id = server.child.id().to_string();
            let told = Command::new("kill").args(["-TERM", &id]).status();
            assert!(told.is_ok_and(|ran| ran.success()));
            assert!(server.child.wait().unwrap().success(), "it ends well");
        });
    }

    let told = answers.assert_fit();
    let counted = ground.assert_sound("no-deals");
    let saved = saved.into_inner().unwrap().len();
    println!(
        "{engine:?}: told to stop under {CROWD} writers: {saved} acknowledged, {counted} stored; answers {told}, {} not let in",
        unanswered.into_inner()
    );
    // Whoever is stored was told so: what the intake held when the order came was answered.
    assert_eq!(counted, saved);
}

#[test]
fn a_flood_holds_up_neither_confirmations_nor_a_small_petition_on_sqlite() {
    a_flood_holds_nobody_up(Engine::Sqlite);
}

#[test]
fn a_flood_holds_up_neither_confirmations_nor_a_small_petition_on_postgresql() {
    a_flood_holds_nobody_up(Engine::Postgres);
}

#[test]
fn an_order_to_stop_leaves_nobody_without_an_answer_on_sqlite() {
    an_order_to_stop_answers_everybody(Engine::Sqlite);
}

#[test]
fn an_order_to_stop_leaves_nobody_without_an_answer_on_postgresql() {
    an_order_to_stop_answers_everybody(Engine::Postgres);
}
