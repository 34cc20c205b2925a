//! Two mailers that are killed again and again, before a relay that fails in every way: no letter goes twice, none is lost.

use crate::stage::{Stage, holder, post, to};
use chrono::Duration;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use redress_mailer::testing::{Act, Judge, Manner, Moment};
use redress_model::delivery::AttemptStage;
use redress_model::delivery::state::DeliveryState as State;
use redress_model::official::Role;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

const SEATS: u32 = 400;
const KILLS: u32 = 300;

/// One moment in eight goes wrong while `is_wild`.
fn faults(seed: u64, is_wild: Arc<AtomicBool>) -> Manner {
    let random = Mutex::new(ChaCha20Rng::seed_from_u64(seed));
    Manner::with_faults(move |moment, _| {
        let chance = random.lock().unwrap().next_u32();
        if !is_wild.load(Ordering::SeqCst) || chance % 8 != 0 {
            return Act::Go;
        }
        match (chance / 8 % 6, moment) {
            (0, _) => Act::HangUp,
            (1, Moment::Dot) => Act::TakeAndHangUp,
            (2, Moment::Dot) => Act::TakeAndWait(std::time::Duration::from_millis(400)),
            (3, _) => Act::Wait(std::time::Duration::from_millis(400)),
            (4, _) => Act::Say(421, "4.3.2 closing".into()),
            _ => Act::Say(451, "4.7.1 later".into()),
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_kills_double_and_lose_nothing() {
    let mut stage = Stage::open().await;
    let posts = (0..SEATS)
        .map(|seat| {
            let email = format!("member@ward{seat}.example");
            post(
                &format!("seat/{seat}"),
                Role::CouncilMember,
                "Council Member",
                "",
                holder("Bo Diaz", Some(&email)),
            )
        })
        .collect();
    stage.seat(posts).await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 2).await;
    let (freezer, _) = stage.outbox().await;
    freezer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    let is_wild = Arc::new(AtomicBool::new(true));
    let judge = Judge::open(faults(3, Arc::clone(&is_wild))).unwrap();
    let mut random = ChaCha20Rng::seed_from_u64(4);

    for _ in 0..KILLS / 2 {
        let mut life = || std::time::Duration::from_millis(u64::from(random.next_u32() % 150));
        let (one, other) = (life(), life());
        let engines = [
            stage.mailer(to(&judge)).await,
            stage.mailer(to(&judge)).await,
        ];
        // What is dropped in the middle of an attempt is killed there.
        let _ = tokio::join!(
            tokio::time::timeout(one, engines[0].drain_letters()),
            tokio::time::timeout(other, engines[1].drain_letters()),
        );
        stage
            .clock
            .wait(Duration::minutes(i64::from(random.next_u32() % 40)));
    }
    is_wild.store(false, Ordering::SeqCst);
    for _ in 0..4 {
        stage
            .mailer(to(&judge))
            .await
            .drain_letters()
            .await
            .unwrap();
        stage.clock.wait(Duration::hours(5));
    }

    let mut times: HashMap<String, (u32, u32)> = HashMap::new();
    let mut bytes: HashMap<String, Vec<u8>> = HashMap::new();
    for dot in judge.ledger() {
        let (dots, taken) = times.entry(dot.rcpt.clone()).or_default();
        *dots += 1;
        *taken += u32::from(dot.is_taken);
        let first = bytes.entry(dot.rcpt).or_insert_with(|| dot.bytes.clone());
        assert!(*first == dot.bytes, "an attempt carried other bytes");
    }
    let deliveries = stage.deliveries(petition).await;
    assert_eq!(deliveries.len() as u32, SEATS);
    let mut uncertain = 0;
    for delivery in &deliveries {
        let email = delivery.addressee.email.as_deref().unwrap();
        let (dots, taken) = times
            .iter()
            .find(|(rcpt, _)| rcpt.contains(&format!("<{email}>")))
            .map_or((0, 0), |(_, times)| *times);
        let attempts = stage
            .store
            .deliveries
            .list_attempts(delivery.id)
            .await
            .unwrap();
        let answered = attempts
            .iter()
            .filter(|attempt| {
                attempt.outcome.stage == AttemptStage::Dot
                    && attempt.outcome.state == State::Deferred
            })
            .count() as u32;
        assert!(taken <= 1, "{email} was taken {taken} times");
        assert!(
            dots <= 1 + answered,
            "{email}: {dots} dots after {answered} refusals"
        );
        match delivery.state {
            State::Accepted | State::PresumedDelivered => {
                assert_eq!(taken, 1, "{email} is called accepted");
            }
            State::Uncertain => uncertain += 1,
            State::Expired => assert_eq!(taken, 0, "{email} is called expired"),
            other => panic!("{email} is left {other}"),
        }
    }
    // Kills and silence came at every step, and most letters got through all the same.
    assert!(
        uncertain > 0 && uncertain < SEATS / 2,
        "{uncertain} letters are uncertain"
    );
}
