//! `kill -9` of two mailers, at random, before a relay that fails in every way: no letter goes twice, none is lost in silence.

use crate::crowd::Person;
use crate::ground::{Engine, Ground, now, turns};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use redress_mailer::testing::{Act, Dot, Judge, Manner, Moment};
use redress_model::delivery::AttemptStage;
use redress_model::delivery::state::DeliveryState as State;
use redress_model::directory::{Jurisdiction, Post, Stated, Tenure, Vintage, Who};
use redress_model::official::{Contact, Holder, Role, Seat};
use redress_model::slug::Slug;
use redress_storage::audit::{Actor, Deed};
use redress_storage::deliveries::DeliveryFilter;
use redress_storage::officials::Listed;
use redress_tests::wall_clock::WallClock;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Members of the council, each with a mail server of their own.
const SEATS: usize = 60;

/// When fewer letters are left, more people sign.
const FEW: u64 = 40;

/// What went wrong, counted.
#[derive(Default)]
struct Provoked {
    is_over: AtomicBool,
    cuts: AtomicUsize,
    stalls: AtomicUsize,
    refusals: AtomicUsize,
}

impl Provoked {
    /// One moment in eight goes wrong until it is over.
    fn manner(self: &Arc<Self>, seed: u64) -> Manner {
        let (random, there) = (
            Mutex::new(ChaCha20Rng::seed_from_u64(seed)),
            Arc::clone(self),
        );
        Manner::with_faults(move |moment, _| {
            let chance = random.lock().unwrap().next_u32();
            if there.is_over.load(Ordering::SeqCst) || !chance.is_multiple_of(8) {
                return Act::Go;
            }
            let pause = Duration::from_millis(400);
            let (count, act) = match (chance / 8 % 6, moment) {
                (0, _) => (&there.cuts, Act::HangUp),
                (1, Moment::Dot) => (&there.cuts, Act::TakeAndHangUp),
                (2, Moment::Dot) => (&there.stalls, Act::TakeAndWait(pause)),
                (3, _) => (&there.stalls, Act::Wait(pause)),
                (4, _) => (&there.refusals, Act::Say(421, "4.3.2 closing".into())),
                _ => (&there.refusals, Act::Say(451, "4.7.1 later".into())),
            };
            count.fetch_add(1, Ordering::SeqCst);
            act
        })
    }
}

/// The council of a city.
fn council(geoid: &str) -> Vec<Post> {
    let member = |seat: usize| {
        let title = format!("Council Member, Seat {seat}");
        let holder = Holder {
            name: format!("Bo Diaz {seat}"),
            person_id: None,
            party: None,
            term_start: Some("2024-01-01".parse().unwrap()),
            term_end: None,
            as_of: None,
            source: None,
            contact: Contact {
                email: Some(format!("member@seat{seat}.example")),
                ..Contact::default()
            },
            notes: Vec::new(),
        };
        Post {
            id: format!("{geoid}/seat/{seat}"),
            role: Role::CouncilMember,
            title: title.clone(),
            seat: Seat::AtLarge,
            seats: 1,
            tenures: vec![Tenure {
                seat: 1,
                title,
                stated: Stated::Nothing,
                vintage: Vintage { day: None, file: 0 },
                who: Who::Holder(holder),
            }],
        }
    };
    (0..SEATS).map(member).collect()
}

fn deed(action: &'static str) -> Deed {
    Deed {
        actor: Actor::CommandLine,
        action,
        subject: "test".into(),
        details: Value::Null,
        at: now(),
    }
}

/// Puts the council in the place of whoever governed the city.
fn seat(ground: &Ground, geoid: &str) {
    ground.on_store(async |store| {
        let jurisdiction = Jurisdiction {
            posts: council(geoid),
            ..Jurisdiction::default()
        };
        let listed = Listed {
            geoid: geoid.into(),
            jurisdiction,
        };
        let (listed, deed) = ([listed], deed("officials.import"));
        let imported = store.officials.record_directory(&listed, &deed);
        imported.await.unwrap();
    });
}

/// Mailers on a clock that goes on faster than the machine's.
struct Mailers<'g> {
    ground: &'g Ground,
    clock: WallClock,
    port: String,
    minutes: u64,
}

impl Mailers<'_> {
    /// Time goes on for mailers that start from now on.
    fn wait(&mut self, minutes: u64) {
        self.minutes += minutes;
        self.clock.set(&format!("+{}", self.minutes * 60));
    }

    fn start(&self) -> Child {
        let mut words = vec![
            "mailer",
            "--smtp-host",
            "127.0.0.1",
            "--smtp-port",
            &self.port,
        ];
        words.extend(["--smtp-tls", "none", "--drain"]);
        let mut command = self.ground.with(&words);
        let said = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.ground.path("said"));
        command
            .envs(self.clock.environment())
            .env("REDRESS_MAILER__SESSIONS", "8")
            .stdout(Stdio::null())
            .stderr(said.unwrap())
            .spawn()
            .unwrap()
    }

    fn done(&self, words: &[&str]) -> String {
        let ran = self
            .ground
            .with(words)
            .envs(self.clock.environment())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(ran.status.success(), "{words:?}: {}", text(&ran.stderr));
        text(&ran.stdout)
    }

    /// How many letters stand in each state.
    fn buckets(&self) -> BTreeMap<String, u64> {
        let status = self.done(&["delivery", "status", "--petition", "no-deals", "--json"]);
        let status: Value = serde_json::from_str(&status).unwrap();
        serde_json::from_value(status["deliveries"].clone()).unwrap()
    }

    fn left(&self) -> u64 {
        let open = [
            "waiting",
            "queued",
            "leased",
            "data_sent",
            "deferred",
            "held",
        ];
        let buckets = self.buckets();
        open.iter().map(|state| buckets[*state]).sum()
    }
}

/// What arrived of each letter: its dots.
fn by_letter(dots: Vec<Dot>) -> HashMap<String, Vec<Dot>> {
    let mut letters: HashMap<String, Vec<Dot>> = HashMap::new();
    for dot in dots {
        let text = String::from_utf8_lossy(&dot.bytes);
        let mut lines = text.lines();
        let id = lines.find_map(|line| line.strip_prefix("Message-ID: "));
        letters
            .entry(id.unwrap().trim().to_owned())
            .or_default()
            .push(dot.clone());
    }
    letters
}

fn kills_at_random(engine: Engine) {
    let ground = Ground::with_petition(engine, "no-deals", "none");
    let server = ground.serve();
    let mut signers = 0..;
    let mut sign = || {
        let person = Person::living_at(signers.next().unwrap(), &ground.addresses[0]);
        let answer = person.sign(&server.address, "no-deals").unwrap();
        assert_eq!(answer.status, 202, "{}", answer.body);
        serde_json::from_str::<Value>(&answer.body).unwrap()
    };
    let geoid = sign()["resolution"]["place"]["geoid"]
        .as_str()
        .unwrap()
        .to_owned();
    seat(&ground, &geoid);
    let provoked = Arc::new(Provoked::default());
    let judge = Judge::open(provoked.manner(3)).unwrap();
    let mut mailers = Mailers {
        ground: &ground,
        clock: WallClock::new(ground.path("clock")),
        port: judge.port().to_string(),
        minutes: 0,
    };
    let mut random = ChaCha20Rng::seed_from_u64(4);
    let (most, mut kills, mut batches) = (turns(40, 2_000), 0, 0);
    while kills < most {
        if mailers.left() < FEW {
            sign();
            mailers.done(&[
                "delivery",
                "freeze",
                "--petition",
                "no-deals",
                "--place",
                &geoid,
            ]);
            mailers.done(&["delivery", "approve", "--petition", "no-deals", "--all"]);
            batches += 1;
        }
        for _ in 0..5 {
            let mut pair = [mailers.start(), mailers.start()];
            for mailer in &mut pair {
                std::thread::sleep(Duration::from_millis(u64::from(random.next_u32() % 400)));
                if mailer.try_wait().unwrap().is_none() {
                    mailer.kill().unwrap();
                    kills += 1;
                }
                mailer.wait().unwrap();
            }
            mailers.wait(u64::from(random.next_u32() % 60));
        }
    }
    provoked.is_over.store(true, Ordering::SeqCst);
    for _ in 0..40 {
        if mailers.left() == 0 {
            break;
        }
        mailers.wait(250);
        // It exits 1 while something is left that it could not try.
        mailers.start().wait().unwrap();
    }
    let buckets = mailers.buckets();
    assert_eq!(mailers.left(), 0, "{buckets:?}\n{}", ground.said());
    assert_eq!(
        buckets.values().sum::<u64>(),
        (batches * SEATS) as u64,
        "{buckets:?}"
    );
    assert_sound(&ground, judge.ledger(), &buckets);
    println!(
        "{engine:?}: {kills} kills of mailers, {} cuts, {} stalls, {} refusals; {} letters in {batches} batches: 0 twice, 0 lost; {buckets:?}",
        provoked.cuts.load(Ordering::SeqCst),
        provoked.stalls.load(Ordering::SeqCst),
        provoked.refusals.load(Ordering::SeqCst),
        batches * SEATS,
    );
}

/// Each letter against what its mail server saw of it.
fn assert_sound(ground: &Ground, dots: Vec<Dot>, buckets: &BTreeMap<String, u64>) {
    let seen = by_letter(dots);
    let (mut known, mut uncertain, mut accepted) = (0, 0, 0);
    ground.on_store(async |store| {
        let slug = Slug::parse("no-deals").unwrap();
        let petition = store
            .petitions
            .find_petition_by_slug(&slug)
            .await
            .unwrap()
            .unwrap();
        let filter = DeliveryFilter::default();
        let deliveries = store
            .deliveries
            .list_deliveries(petition.id, filter, None, 1_000_000);
        for delivery in deliveries.await.unwrap() {
            let id = delivery
                .envelope
                .as_ref()
                .map(|envelope| envelope.message_id.clone());
            let dots = id
                .and_then(|id| seen.get(&id))
                .map_or(&[][..], Vec::as_slice);
            known += dots.len();
            let taken = dots.iter().filter(|dot| dot.is_taken).count();
            let attempts = store.deliveries.list_attempts(delivery.id).await.unwrap();
            let refused = attempts
                .iter()
                .filter(|attempt| {
                    attempt.outcome.stage == AttemptStage::Dot
                        && attempt.outcome.state == State::Deferred
                })
                .count();
            let who = delivery.addressee.email.as_deref().unwrap_or_default();
            assert!(
                taken <= 1,
                "{who} got letter {} {taken} times",
                delivery.batch_number
            );
            assert!(
                dots.len() <= 1 + refused,
                "{who}: {} dots after {refused} refusals",
                dots.len()
            );
            assert!(
                dots.iter().all(|dot| dot.bytes == dots[0].bytes),
                "an attempt to {who} carried other bytes"
            );
            match delivery.state {
                State::Accepted | State::PresumedDelivered => {
                    assert_eq!(taken, 1, "{who} is called accepted");
                    accepted += 1;
                }
                State::Uncertain => uncertain += 1,
                State::Expired => assert_eq!(taken, 0, "{who} is called expired"),
                other => panic!("{who} is left {other}"),
            }
        }
    });
    assert_eq!(
        known,
        seen.values().map(Vec::len).sum::<usize>(),
        "every dot is a letter's"
    );
    assert!(accepted > uncertain && accepted > 0, "{buckets:?}");
    assert!(!ground.said().contains("panicked"), "{}", ground.said());
}

#[test]
fn killed_mailers_double_and_lose_no_letter_on_sqlite() {
    kills_at_random(Engine::Sqlite);
}

#[test]
fn killed_mailers_double_and_lose_no_letter_on_postgresql() {
    kills_at_random(Engine::Postgres);
}
