//! A pack is replaced under a running server, again and again, and nobody notices but the answers.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::civics::{Sample, answer, table};
use redress_tests::instance::{Instance, Server, get, look_up};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const ON: &str = "2026-11-21";

fn health(server: &Server) -> Value {
    let answer = get(&format!("http://{}/health/ready", server.address));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn wait(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "{what} took too long"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Puts a file in the place of another as an operator does: written beside it, renamed over it.
fn put(bytes: &[u8], place: &Path) {
    let beside: PathBuf = place.with_extension("part");
    std::fs::write(&beside, bytes).unwrap();
    std::fs::rename(&beside, place).unwrap();
}

fn hang_up(server: &Server) {
    let id = server.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-HUP", &id])
            .status()
            .unwrap()
            .success()
    );
}

/// A byte of a late section is another: the file opens, and reading it whole finds it.
fn damaged(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = bytes.len() - bytes.len() / 3;
    bytes[at] ^= 0x40;
    bytes
}

#[test]
fn a_pack_is_swapped_ten_times_without_a_failed_request() {
    let samples = [Sample::new("1"), Sample::new("2")];
    let packs: Vec<Vec<u8>> = samples
        .iter()
        .map(|it| std::fs::read(&it.pack).unwrap())
        .collect();
    let addresses: Vec<String> = table(&samples[0].truth)
        .into_iter()
        .filter(|row| row["kind"] == "plain")
        .map(|row| row["address"].clone())
        .collect();
    let id = |sample: &Sample| {
        answer(&sample.pack, &addresses[0], ON)["pack"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let ids = [id(&samples[0]), id(&samples[1])];
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("live.pack");
    put(&packs[0], &live);
    let instance = Instance::of(&live);
    let server = instance.serve();
    wait("the check of the first pack", || {
        health(&server)["packs"][0]["check"] == "sound"
    });

    let (is_over, seen, failed) = (
        AtomicBool::new(false),
        Mutex::new(BTreeSet::new()),
        Mutex::new(Vec::new()),
    );
    let (mut asked, in_use) = (0, || {
        health(&server)["packs"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    });
    std::thread::scope(|scope| {
        let hands: Vec<_> = (0..4)
            .map(|hand| {
                let (server, is_over, seen, failed, addresses) =
                    (&server, &is_over, &seen, &failed, &addresses);
                scope.spawn(move || {
                    let mut asked = 0;
                    while !is_over.load(Ordering::SeqCst) {
                        let address = &addresses[(hand + asked * 4) % addresses.len()];
                        match look_up(&server.address, address) {
                            Some(found) => {
                                seen.lock()
                                    .unwrap()
                                    .insert(found["pack"].as_str().unwrap().to_owned());
                            }
                            None => failed.lock().unwrap().push(address.clone()),
                        }
                        asked += 1;
                    }
                    asked
                })
            })
            .collect();
        for turn in 1..=10 {
            if turn == 6 {
                put(&damaged(&packs[1]), &live);
                hang_up(&server);
                wait("the refusal", || {
                    health(&server)["has_refused_pack"] == true
                });
                assert_eq!(in_use(), ids[1], "the old one goes on");
                continue;
            }
            let next = usize::from(turn % 2 == 1);
            put(&packs[next], &live);
            // Half of them are told of, the others are found.
            if turn % 3 != 0 {
                hang_up(&server);
            }
            wait("the swap", || in_use() == ids[next]);
            assert_eq!(health(&server)["has_refused_pack"], false);
        }
        is_over.store(true, Ordering::SeqCst);
        asked = hands
            .into_iter()
            .map(|hand| hand.join().unwrap())
            .sum::<usize>();
    });
    assert!(
        failed.lock().unwrap().is_empty(),
        "{:?}",
        failed.lock().unwrap()
    );
    assert!(asked > 100, "{asked} asked");
    let known: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(
        *seen.lock().unwrap(),
        known,
        "each answer names a pack that was in place"
    );
    let last = look_up(&server.address, &addresses[0]).unwrap();
    assert_eq!(last["pack"], ids[0].as_str());
    println!("{asked} answers over nine swaps and one refusal");
}

#[test]
fn a_damaged_pack_in_use_is_told_of() {
    let sample = Sample::new("1");
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("live.pack");
    put(&damaged(&std::fs::read(&sample.pack).unwrap()), &live);
    let instance = Instance::of(&live);
    let server = instance.serve();
    wait("the check", || {
        health(&server)["packs"][0]["check"] == "damaged"
    });
    put(&std::fs::read(&sample.pack).unwrap(), &live);
    hang_up(&server);
    wait("the mend", || {
        health(&server)["packs"][0]["check"] == "sound"
    });
}
