//! `redress serve` as processes: what was acknowledged survives, and two of them count one person
//! once.

use redress_tests::instance::{Instance, sign};
use redress_tests::program::done;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let instance = Instance::new();
    let acknowledged = AtomicUsize::new(0);
    for round in 0..3 {
        let mut server = instance.serve();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let (address, acknowledged, instance) =
                    (server.address.clone(), &acknowledged, &instance);
                scope.spawn(move || {
                    for turn in 0..200 {
                        match sign(
                            &address,
                            &instance.signature(round * 10_000 + writer * 1_000 + turn),
                        ) {
                            Some(202) => acknowledged.fetch_add(1, Ordering::SeqCst),
                            Some(status) => panic!("the server answered {status}"),
                            None => return,
                        };
                    }
                });
            }
            let enough = (round + 1) * 150;
            while acknowledged.load(Ordering::SeqCst) < enough {
                std::thread::sleep(Duration::from_millis(5));
            }
            // SIGKILL, in the middle of it.
            server.child.kill().unwrap();
        });
    }
    let (told, stored) = (acknowledged.load(Ordering::SeqCst), instance.count());
    assert!(
        stored >= told,
        "{told} signers were told that they are saved, {stored} are stored"
    );
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
}

#[test]
fn two_processes_count_one_person_once() {
    let instance = Instance::new();
    let servers = [instance.serve(), instance.serve()];
    let same = instance.signature(1);
    std::thread::scope(|scope| {
        for writer in 0..16 {
            let (address, same) = (servers[writer % 2].address.clone(), &same);
            scope.spawn(move || {
                assert_eq!(
                    sign(&address, same),
                    Some(202),
                    "the answer is the same for everybody"
                );
            });
        }
    });
    assert_eq!(instance.count(), 1);
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
}

#[test]
fn a_server_told_to_stop_finishes_and_ends_well() {
    let instance = Instance::new();
    let mut server = instance.serve();
    assert_eq!(sign(&server.address, &instance.signature(1)), Some(202));
    let id = server.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert!(server.child.wait().unwrap().success());
    assert_eq!(instance.count(), 1);
}
