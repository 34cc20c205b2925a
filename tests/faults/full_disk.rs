//! A disk that fills up under SQLite, and has room again.

use crate::cluster::is_root;
use crate::crowd::read;
use crate::ground::Ground;
use redress_tests::instance::Server;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A disk of 12 MiB, unmounted when it is dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None` where nobody may mount: there the limit on a file's size stands in for the disk's.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]);
        let is_there = is_root()
            && command
                .arg(folder.path())
                .status()
                .is_ok_and(|ran| ran.success());
        is_there.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Leaves no byte.
    fn fill(&self) {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(self.path().join("ballast"))
            .unwrap();
        let mut piece = 1 << 16;
        while piece > 0 {
            match file.write_all(&vec![1; piece]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => piece /= 2,
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

/// Signs until somebody is not served; who was told that they are saved.
fn sign_until_it_is_full(ground: &Ground, server: &Server, from: usize) -> usize {
    for (saved, number) in (from..from + 20_000).enumerate() {
        let answer = ground
            .person(number)
            .sign(&server.address, "no-deals")
            .unwrap();
        if answer.status != 202 {
            assert!(answer.is_later(), "{}\n{}", answer.head, answer.body);
            return saved;
        }
    }
    panic!("it is never full");
}

/// Nobody is served, everybody is told to come again, and pages still open.
fn assert_it_says_later(ground: &Ground, server: &Server, from: usize) {
    for number in from..from + 3 {
        let answer = ground
            .person(number)
            .sign(&server.address, "no-deals")
            .unwrap();
        assert!(answer.is_later(), "{}\n{}", answer.head, answer.body);
        assert!(
            answer.took.as_secs() < 5,
            "it took {:?} to say so",
            answer.took
        );
    }
    assert_eq!(read(&server.address, "/p/no-deals").unwrap().status, 200);
}

/// Twenty more are served.
fn assert_it_serves_again(ground: &Ground, server: &Server, from: usize) {
    for number in from..from + 20 {
        let answer = ground
            .person(number)
            .sign(&server.address, "no-deals")
            .unwrap();
        assert_eq!(
            answer.status,
            202,
            "{}\n{}\n{}",
            answer.head,
            answer.body,
            ground.said()
        );
    }
}

#[test]
fn a_disk_that_is_full_says_later_and_one_with_room_again_serves() {
    let Some(disk) = SmallDisk::mount() else {
        println!(
            "skipped: nobody may mount here; the limit on a file's size is tried all the same"
        );
        return;
    };
    let ground = Ground::within(disk.path());
    ground.petition("no-deals", "none");
    let server = ground.serve();
    assert_it_serves_again(&ground, &server, 0);
    disk.fill();
    let saved = sign_until_it_is_full(&ground, &server, 100);
    assert_it_says_later(&ground, &server, 50_000);
    disk.make_room();
    assert_it_serves_again(&ground, &server, 60_000);

    let counted = ground.assert_sound("no-deals");
    println!("a full disk: {} acknowledged, {counted} stored", saved + 40);
    // Whoever was told to come again may have been saved all the same, never the other way round.
    assert!((saved + 40..=saved + 44).contains(&counted));
}

#[test]
fn a_disk_that_is_full_while_a_database_opens_is_named() {
    let Some(disk) = SmallDisk::mount() else {
        println!("skipped: nobody may mount here");
        return;
    };
    let ground = Ground::within(disk.path());
    disk.fill();
    let (code, said) = ground.tried(&["petition", "list"]);
    // The input is right: the machine fails.
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("the disk is full"), "{said}");
    disk.make_room();
    ground.petition("no-deals", "none");
    assert_eq!(ground.assert_sound("no-deals"), 0);
}

#[test]
fn a_file_that_may_not_grow_says_later_and_one_that_may_again_serves() {
    let ground = Ground::with_petition(crate::ground::Engine::Sqlite, "no-deals", "none");
    let server = ground.serve_ignoring("XFSZ");
    assert_it_serves_again(&ground, &server, 0);
    limit_files(&server, "1500000");
    let saved = sign_until_it_is_full(&ground, &server, 100);
    assert_it_says_later(&ground, &server, 50_000);
    limit_files(&server, "unlimited");
    assert_it_serves_again(&ground, &server, 60_000);

    let counted = ground.assert_sound("no-deals");
    println!(
        "files that may not grow: {} acknowledged, {counted} stored",
        saved + 40
    );
    assert!((saved + 40..=saved + 44).contains(&counted));
}

/// The soft limit of a process, as `util-linux` sets it; the hard one stays.
fn limit_files(server: &Server, bytes: &str) {
    let id = server.child.id().to_string();
    let ran = Command::new("prlimit")
        .args(["--pid", &id, &format!("--fsize={bytes}:")])
        .status();
    assert!(
        ran.is_ok_and(|ran| ran.success()),
        "prlimit of util-linux is needed"
    );
}
