//! `kill -9` of the server, at random, while people sign and confirm.

use crate::crowd::{Answers, press};
use crate::ground::{Engine, Ground, now, turns};
use chrono::Duration as Time;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use redress_model::id::SignatureId;
use redress_model::signature::state::SignatureState;
use redress_storage::mails::MailKind;
use redress_storage::secrets::TokenPurpose;
use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const WRITERS: usize = 12;

const CONFIRMERS: usize = 4;

/// Mailboxes that many share: a quarter of all submissions.
const SHARED: usize = 20;

/// What people were told.
#[derive(Default)]
struct Told {
    next: AtomicUsize,
    saved: Mutex<HashSet<String>>,
    confirmed: Mutex<HashSet<SignatureId>>,
    answers: Answers,
}

fn kills_at_random(engine: Engine) {
    let ground = Ground::with_petition(engine, "no-deals", "email");
    let kills = turns(3, 100);
    let (told, mut random) = (Told::default(), ChaCha20Rng::seed_from_u64(9));
    for kill in 0..kills {
        let mut server = ground.serve();
        let address = server.address.clone();
        let life = Duration::from_millis(150 + u64::from(random.next_u32() % 900));
        std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| write(&ground, &address, &told));
            }
            for _ in 0..CONFIRMERS {
                scope.spawn(|| confirm(&ground, &address, &told));
            }
            std::thread::sleep(life);
            server.child.kill().unwrap();
        });
        if kill % 10 == 9 {
            ground.assert_sound("no-deals");
        }
    }

    let counted = ground.assert_sound("no-deals");
    let spread = told.answers.assert_fit();
    let stored: HashSet<String> = ["pending", "confirmed"]
        .iter()
        .flat_map(|who| ground.listed("no-deals", who))
        .map(|row| row["name"].clone())
        .collect();
    let saved = told.saved.into_inner().unwrap();
    let lost: Vec<_> = saved.difference(&stored).collect();
    assert!(lost.is_empty(), "told that they are saved: {lost:?}");
    let confirmed = told.confirmed.into_inner().unwrap();
    let unconfirmed = ground.on_store(async |store| {
        let mut unconfirmed = Vec::new();
        for id in &confirmed {
            let found = store.signatures.find_signature(*id).await.unwrap();
            if found.is_none_or(|found| found.state != SignatureState::Confirmed) {
                unconfirmed.push(*id);
            }
        }
        unconfirmed
    });
    assert!(
        unconfirmed.is_empty(),
        "told that they count: {unconfirmed:?}"
    );
    println!(
        "{engine:?}: {kills} kills, {} signatures and {} confirmations acknowledged, all there; {counted} count; answers {spread}",
        saved.len(),
        confirmed.len()
    );
    assert!(!saved.is_empty() && !confirmed.is_empty() && counted >= confirmed.len());
}

/// Signs until the server is gone.
fn write(ground: &Ground, server: &str, told: &Told) {
    loop {
        let number = told.next.fetch_add(1, Ordering::Relaxed);
        let is_shared = number % 4 == 3;
        let mut person = ground.person(number);
        if is_shared {
            let mailbox = number / 4 % SHARED;
            person = ground
                .person(mailbox)
                .called(&person.name, format!("shared{mailbox}@example.org"));
        }
        let Some(answer) = person.sign(server, "no-deals") else {
            return;
        };
        told.answers.note(&answer);
        // Of a shared mailbox the newest takes the place of one that is not confirmed.
        if answer.status == 202 && !is_shared {
            told.saved.lock().unwrap().insert(person.name);
        }
    }
}

/// Confirms what mails ask for until the server is gone.
fn confirm(ground: &Ground, server: &str, told: &Told) {
    ground.on_store(async |store| {
        loop {
            let at = now();
            let mails = store.mails.claim_mails(at, at + Time::seconds(5), 4).await;
            let mails = mails.unwrap();
            if mails.is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
                if press(server, "/confirm/none").is_none() {
                    return;
                }
            }
            for mail in mails {
                if mail.kind == MailKind::Confirm {
                    let token = ground.token(TokenPurpose::Confirm, mail.signature_id.0);
                    let Some(answer) = press(server, &format!("/confirm/{token}")) else {
                        return;
                    };
                    told.answers.note(&answer);
                    if answer.status == 200 {
                        told.confirmed.lock().unwrap().insert(mail.signature_id);
                    }
                }
                store.mails.finish_mails(&[mail.id]).await.unwrap();
            }
        }
    });
}

#[test]
fn what_was_acknowledged_survives_kills_on_sqlite() {
    kills_at_random(Engine::Sqlite);
}

#[test]
fn what_was_acknowledged_survives_kills_on_postgresql() {
    kills_at_random(Engine::Postgres);
}
