//! `redress serve` as processes: what was acknowledged survives, and two of them count one person
//! once.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::civics::{Sample, table};
use redress_tests::program::{done, executable};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// An instance on a database file, with an open petition that needs no confirmation.
struct Instance {
    sample: Sample,
    addresses: Vec<String>,
}

/// A running server.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Instance {
    fn new() -> Self {
        let sample = Sample::new("1");
        let known = table(&sample.truth).into_iter();
        let addresses = known
            .filter(|row| row["kind"] == "plain")
            .map(|row| row["address"].clone())
            .collect();
        let instance = Self { sample, addresses };
        done(instance.with(&[
            "petition",
            "create",
            "--slug",
            "no-deals",
            "--title",
            "Forbid them",
            "--confirmation",
            "none",
            "--open",
        ]));
        instance
    }

    fn with(&self, words: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        all.extend([
            "--database".to_owned(),
            format!("sqlite:{}", self.path("redress.db").display()),
        ]);
        all
    }

    fn path(&self, name: &str) -> PathBuf {
        self.sample.path(name)
    }

    fn serve(&self) -> Server {
        let pack = self.sample.pack.display().to_string();
        let mut child = Command::new(executable())
            .args(self.with(&["serve", "--pack", &pack, "--listen", "127.0.0.1:0"]))
            .env("REDRESS_LIMITS__ENABLED", "false")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let site = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("site http://").map(str::to_owned));
        let ready = lines.map_while(Result::ok).find(|line| line == "ready");
        assert!(ready.is_some(), "the server did not become ready");
        Server {
            child,
            address: site.unwrap(),
        }
    }

    fn signature(&self, number: usize) -> Value {
        let address = &self.addresses[number % self.addresses.len()];
        let (street, last) = address.split_once(", ").unwrap();
        let (city, state_zip) = last.split_once(", ").unwrap();
        let (state, zip) = state_zip.split_once(' ').unwrap();
        let (name, email) = (
            format!("Signer Number{number}"),
            format!("signer{number}@example.org"),
        );
        json!({"name": name, "email": email, "street": street, "city": city, "state": state, "zip": zip})
    }

    fn count(&self) -> usize {
        let shown = done(self.with(&["petition", "show", "--petition", "no-deals", "--json"]));
        serde_json::from_str::<Value>(&shown).unwrap()["count"]
            .as_u64()
            .unwrap() as usize
    }
}

/// Posts a signature; the status, or `None` when the server was gone before it answered.
fn sign(address: &str, body: &Value) -> Option<u16> {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let head = format!(
        "POST /api/v1/petitions/no-deals/signatures HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

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
