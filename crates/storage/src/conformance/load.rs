//! Load for a backend's bench: signatures and confirmations through the intake, by many callers,
//! each waiting for its answer.

use crate::Store;
use crate::accounts::DEFAULT_ORGANIZATION;
use crate::audit::{Actor, Deed};
use crate::intake::{Intake, IntakeSettings};
use crate::signatures::{Arrival, Confirmation, NewSignature, SealedFields, Wishes};
use chrono::Utc;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use redress_model::clock::FixedClock;
use redress_model::fingerprint::Fingerprint;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home, Location};
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Petition, PetitionTerms};
use redress_model::signature::Origin;
use redress_model::slug::Slug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

fn fingerprint(random: &mut ChaCha20Rng) -> Fingerprint {
    let mut bytes = [0; 16];
    random.fill_bytes(&mut bytes);
    Fingerprint(bytes)
}

fn person(petition_id: PetitionId, random: &mut ChaCha20Rng, millis: i64) -> NewSignature {
    let signed_at = chrono::DateTime::<Utc>::from_timestamp_millis(1_772_000_000_000 + millis)
        .expect("an instant");
    let place = random.next_u32() % 2_000;
    let district = random.next_u32() % 9;
    NewSignature {
        id: SignatureId::new(&FixedClock(signed_at), random),
        petition_id,
        email_key: fingerprint(random),
        name_key: fingerprint(random),
        zip_key: fingerprint(random),
        content_key: fingerprint(random),
        address_key: Some(fingerprint(random)),
        client_key: Some(fingerprint(random)),
        arrival: Arrival::default(),
        sealed: SealedFields {
            signer: vec![7; 180],
            address: None,
            comment: None,
        },
        location: Location {
            home: Home::Government(Geoid::parse(&format!("39{place:05}")).expect("a GEOID")),
            district: District::parse(&district.to_string()).ok(),
            is_self_asserted: false,
            governments_over: Vec::new(),
        },
        level: "exact".into(),
        pack: "0123456789abcdef".into(),
        origin: Origin::Online,
        has_block: false,
        sheet: None,
        wishes: Wishes::default(),
        language: "en".into(),
        rejection: None,
        signed_at,
    }
}

async fn petition(store: &Store, random: &mut ChaCha20Rng) -> PetitionId {
    let at = chrono::DateTime::from_timestamp(1_772_000_000, 0).expect("an instant");
    let slug = Slug::parse(DEFAULT_ORGANIZATION).expect("a slug");
    let organization = store
        .accounts
        .find_organization(&slug)
        .await
        .expect("read")
        .expect("there");
    let petition = Petition {
        id: PetitionId::new(&FixedClock(at), random),
        organization_id: organization.id,
        slug: Slug::parse("bench").expect("a slug"),
        state: PetitionState::Open,
        terms: PetitionTerms::with_title("Bench"),
        created_at: at,
        opened_at: None,
        closed_at: None,
    };
    let details = serde_json::Value::Null;
    let deed = Deed {
        actor: Actor::CommandLine,
        action: "petition.create",
        subject: "bench".into(),
        details,
        at,
    };
    store
        .petitions
        .record_petition(&petition, &deed)
        .await
        .expect("recorded");
    petition.id
}

/// Runs an act for each of some, by so many callers at once, each waiting for its answer.
async fn drive<T, F, A>(callers: usize, each: Arc<Vec<T>>, act: F) -> (f64, Duration)
where
    T: Send + Sync + 'static,
    F: Fn(Arc<Vec<T>>, usize) -> A + Clone + Send + 'static,
    A: Future<Output = ()> + Send,
{
    let (begun, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (each, next, act) = (Arc::clone(&each), Arc::clone(&next), act.clone());
        tasks.spawn(async move {
            let mut slowest = Duration::ZERO;
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= each.len() {
                    return slowest;
                }
                let asked = Instant::now();
                act(Arc::clone(&each), index).await;
                slowest = slowest.max(asked.elapsed());
            }
        });
    }
    let slowest = tasks.join_all().await.into_iter().max().unwrap_or_default();
    (each.len() as f64 / begun.elapsed().as_secs_f64(), slowest)
}

/// Signs and confirms so many, by so many callers at once, in two thousand places; prints one line
/// for each hundred thousand, so that a slope shows, and recounts in the end.
pub async fn run(store: &Store, count: usize, callers: usize) {
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let petition = petition(store, &mut random).await;
    let (intake, worker) = Intake::new(store.signatures.clone(), IntakeSettings::default());
    let mut tasks = JoinSet::new();
    tasks.spawn(worker.run(std::future::pending()));
    let mut made = 0;
    while made < count {
        let chunk = 100_000.min(count - made);
        let people: Vec<NewSignature> = (0..chunk)
            .map(|index| {
                person(
                    petition,
                    &mut random,
                    i64::try_from((made + index) / 8).expect("millis"),
                )
            })
            .collect();
        made += chunk;
        let ids: Vec<_> = people.iter().map(|new| (new.id, new.signed_at)).collect();
        let signing = intake.clone();
        let (signs, slowest) = drive(callers, Arc::new(people), move |people, index| {
            let intake = signing.clone();
            async move {
                intake.sign(people[index].clone()).await.expect("saved");
            }
        })
        .await;
        let confirming = intake.clone();
        let (confirms, slowest_confirm) = drive(callers, Arc::new(ids), move |ids, index| {
            let (intake, (id, at)) = (confirming.clone(), ids[index]);
            async move {
                intake
                    .confirm(Confirmation { id, epoch: 0, at })
                    .await
                    .expect("confirmed");
            }
        })
        .await;
        println!(
            "{made:>9} stored: {signs:>6.0} signatures/s (slowest {slowest:.0?}), {confirms:>6.0} confirmations/s (slowest {slowest_confirm:.0?})"
        );
    }
    let asked = Instant::now();
    let homes = store
        .tallies
        .list_homes(petition)
        .await
        .expect("listed")
        .len();
    println!("{homes} homes listed in {:.1?}", asked.elapsed());
    let differences = store.tallies.recount(petition).await.expect("recounted");
    assert!(differences.is_empty(), "{differences:?}");
    drop(intake);
    tasks.join_all().await;
}
