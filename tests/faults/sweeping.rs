//! `kill -9` of the server while a sweep rejects, and while it is undone.

use crate::ground::{Engine, Ground, now, turns};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use redress_model::abuse::sweep::SweepState as State;
use redress_model::id::SweepId;
use redress_model::signature::RejectionReason;
use redress_model::slug::Slug;
use redress_storage::audit::{Actor, Deed};
use redress_storage::secrets::{InstanceKey, SealedField, Vault};
use redress_storage::sweeps::Sweep;
use redress_tests::wall_clock::WallClock;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A sweep whose workers die.
struct Swept {
    ground: Ground,
    clock: WallClock,
    id: SweepId,
    random: ChaCha20Rng,
    kills: usize,
}

fn deed(action: &'static str) -> Deed {
    Deed {
        actor: Actor::CommandLine,
        action,
        subject: "no-deals".into(),
        details: Value::Null,
        at: now(),
    }
}

/// Everybody who counts, by mailbox, with the number that they have.
fn numbers(ground: &Ground) -> BTreeMap<String, String> {
    let rows = ground.listed("no-deals", "confirmed").into_iter();
    rows.map(|row| (row["email"].clone(), row["number"].clone()))
        .collect()
}

/// As many as that sign, every second one from the domain that is swept.
fn crowd(ground: &Ground, people: usize) {
    let (server, next) = (ground.serve(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= people {
                        return;
                    }
                    let domain = ["kept.example", "swept.example"][number % 2];
                    let person = ground.person(number);
                    let person = person.called(&person.name, format!("signer{number}@{domain}"));
                    let answer = person.sign(&server.address, "no-deals").unwrap();
                    assert_eq!(answer.status, 202, "{}", answer.body);
                }
            });
        }
    });
}

impl Swept {
    /// A sweep over a domain, to be counted.
    fn new(ground: Ground) -> Self {
        let mut random = ChaCha20Rng::seed_from_u64(5);
        // Ids sort by time: the sweep is asked for after everybody has signed.
        std::thread::sleep(Duration::from_millis(20));
        let at = redress_model::clock::FixedClock(now());
        let id = SweepId::new(&at, &mut random);
        let key = std::fs::read_to_string(ground.key_file()).unwrap();
        let key = InstanceKey::parse(&key).unwrap();
        ground.on_store(async |store| {
            let slug = Slug::parse("no-deals").unwrap();
            let found = store.petitions.find_petition_by_slug(&slug).await;
            let petition = found.unwrap().unwrap().id;
            let vault = Vault::new(key, store.keys.clone());
            let secrets = vault.petition(petition).await.unwrap();
            let condition = json!({ "domain": "swept.example" }).to_string();
            let field = SealedField::Condition;
            let sealed_condition = secrets.seal(field, id, condition.as_bytes(), &mut random);
            let sweep = Sweep {
                id,
                petition_id: petition,
                state: State::Counting,
                sealed_condition,
                reason: RejectionReason::NotGenuine,
                reached: None,
                looked_at: 0,
                matched: 0,
                rejected: 0,
                back: 0,
                created_at: now(),
            };
            store
                .sweeps
                .record_sweep(&sweep, &deed("sweep.count"))
                .await
                .unwrap();
        });
        Self {
            clock: WallClock::new(ground.path("clock")),
            ground,
            id,
            random,
            kills: 0,
        }
    }

    fn found(&self) -> Sweep {
        let sweep = self
            .ground
            .on_store(async |store| store.sweeps.find_sweep(self.id).await);
        sweep.unwrap().unwrap()
    }

    fn change(&self, from: State, to: State) {
        self.ground.on_store(async |store| {
            let deed = deed("sweep.change");
            store
                .sweeps
                .change_sweep(self.id, from, to, &deed)
                .await
                .unwrap();
        });
    }

    /// A server that looks at its clock after the lease of the one before it.
    fn serve(&mut self) -> redress_tests::instance::Server {
        self.kills += 1;
        self.clock.set(&format!("+{}", 20 * self.kills));
        self.ground.serve_by(&self.clock)
    }

    /// Kills so many servers at their work.
    fn kill(&mut self, times: usize) {
        for _ in 0..times {
            let mut server = self.serve();
            std::thread::sleep(Duration::from_millis(u64::from(
                self.random.next_u32() % 700,
            )));
            server.child.kill().unwrap();
            drop(server);
            let recounted = self.ground.done(&["doctor", "--recount"]);
            assert!(recounted.contains("nothing differs"), "{recounted}");
        }
    }

    /// Lets a server finish.
    fn finish(&mut self, state: State) {
        let _server = self.serve();
        let until = Instant::now() + Duration::from_mins(1);
        while self.found().state != state {
            assert!(Instant::now() < until, "it stays {:?}", self.found().state);
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn a_sweep_under_kills(engine: Engine) {
    let ground = Ground::with_petition(engine, "no-deals", "none");
    let (people, kills) = (turns(1_200, 6_000), turns(3, 25));
    crowd(&ground, people);
    let before = numbers(&ground);
    let mut swept = Swept::new(ground);
    swept.kill(1);
    swept.finish(State::Counted);
    assert_eq!(usize::try_from(swept.found().matched).unwrap(), people / 2);

    swept.change(State::Counted, State::Running);
    swept.kill(kills);
    let halfway = swept.found();
    // Every other time it is stopped by a person where the kills left it.
    let is_cancelled = engine == Engine::Sqlite && halfway.state == State::Running;
    if is_cancelled {
        swept.change(State::Running, State::Cancelled);
    } else {
        swept.finish(State::Done);
        assert_eq!(swept.ground.count("no-deals"), people / 2);
    }
    let rejected = usize::try_from(swept.found().rejected).unwrap();
    assert_eq!(swept.ground.assert_sound("no-deals"), people - rejected);

    swept.change(swept.found().state, State::Undoing);
    swept.kill(kills);
    swept.finish(State::Undone);
    assert_eq!(swept.ground.assert_sound("no-deals"), people);
    assert!(
        numbers(&swept.ground) == before,
        "the same people under the same numbers"
    );
    println!(
        "{engine:?}: a sweep over {people}, {} servers killed or ended at it; {rejected} rejected ({} when the kills were over, cancelled: {is_cancelled}), all back under their numbers",
        swept.kills, halfway.rejected
    );
}

#[test]
fn a_sweep_whose_workers_die_puts_everybody_back_on_sqlite() {
    a_sweep_under_kills(Engine::Sqlite);
}

#[test]
fn a_sweep_whose_workers_die_puts_everybody_back_on_postgresql() {
    a_sweep_under_kills(Engine::Postgres);
}
