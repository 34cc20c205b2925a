//! PostgreSQL stopped and started again while people sign: who cannot be served is told when to come again, nobody who was told that
//! they are saved is lost, and the server finds its way back by itself.

use crate::cluster::Stop;
use crate::crowd::{Answers, read};
use crate::ground::{Engine, Ground, turns};
use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const WRITERS: usize = 12;

#[test]
fn a_database_that_goes_and_comes_back_loses_nobody() {
    let ground = Ground::with_petition(Engine::Postgres, "no-deals", "none");
    let cluster = ground.cluster.as_ref().unwrap();
    let mut server = ground.serve();
    let (signs, pages) = (Answers::default(), Answers::default());
    let (next, saved) = (AtomicUsize::new(0), Mutex::new(HashSet::new()));
    let is_over = AtomicBool::new(false);
    let mut recoveries = Vec::new();
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    let person = ground.person(next.fetch_add(1, Ordering::Relaxed));
                    let answer = person.sign(&server.address, "no-deals").expect("an answer");
                    signs.note(&answer);
                    if answer.status == 202 {
                        saved.lock().unwrap().insert(person.name);
                    } else {
                        std::thread::sleep(Duration::from_millis(50));
                    }
                }
            });
        }
        scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                for path in ["/p/no-deals", "/api/v1/petitions/no-deals/count"] {
                    pages.note(&read(&server.address, path).expect("an answer"));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        for turn in 0..turns(2, 12) {
            await_more(&signs, 100);
            let how = [Stop::Fast, Stop::Immediate][turn % 2];
            // Every third time for longer than anybody's patience.
            let away = [1, 4, 35][turns(turn % 2, turn % 3)];
            cluster.stop(how);
            std::thread::sleep(Duration::from_secs(away));
            cluster.start_again();
            let back = Instant::now();
            await_more(&signs, 1);
            recoveries.push(back.elapsed());
        }
        await_more(&signs, 100);
        is_over.store(true, Ordering::SeqCst);
    });

    assert!(server.child.try_wait().unwrap().is_none(), "it serves on");
    let (told, shown) = (signs.assert_fit(), pages.assert_fit());
    let counted = ground.assert_sound("no-deals");
    let stored: HashSet<String> = ground
        .listed("no-deals", "confirmed")
        .into_iter()
        .map(|row| row["name"].clone())
        .collect();
    let saved = saved.into_inner().unwrap();
    let lost: Vec<_> = saved.difference(&stored).collect();
    assert!(lost.is_empty(), "told that they are saved: {lost:?}");
    println!(
        "{} stops: {} acknowledged, {counted} stored; signing answered {told}, pages {shown}; served again within {recoveries:?}, the longest answer took {:?}",
        recoveries.len(),
        saved.len(),
        signs.longest()
    );
}

fn await_more(signs: &Answers, more: usize) {
    let (enough, until) = (
        signs.of(202) + more,
        Instant::now() + Duration::from_mins(1),
    );
    while signs.of(202) < enough {
        assert!(Instant::now() < until, "nobody is served for a minute");
        std::thread::sleep(Duration::from_millis(10));
    }
}
