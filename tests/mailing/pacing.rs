//! Pace towards servers that are in trouble, block us, or do not let us in.

use crate::stage::{Stage, holder, post, to};
use chrono::Duration;
use redress_mailer::settings::{Password, Profile, RelaySettings, TransportSettings};
use redress_mailer::testing::{Act, Judge, Manner, Moment};
use redress_model::delivery::state::DeliveryState as State;
use redress_model::id::PetitionId;
use redress_model::official::Role;
use redress_storage::breakers::{BreakerState, RELAY, of_batch};

const SEATS: usize = 6;

/// Approved letters to members of one council, whose mail goes to one domain.
async fn letters_to_one_domain(stage: &mut Stage) -> PetitionId {
    let council = (1..=SEATS).map(|seat| {
        let (id, email) = (format!("ward/{seat}"), format!("ward{seat}@city.example"));
        let title = format!("Council Member, Ward {seat}");
        let who = holder("Bo Diaz", Some(&email));
        post(&id, Role::CouncilMember, &title, &seat.to_string(), who)
    });
    stage.seat(council.collect()).await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 2).await;
    let (freezer, _) = stage.outbox().await;
    freezer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    petition
}

/// A relay that answers to the first recipient alone with something else.
fn first_recipient(code: u16, text: &'static str) -> Judge {
    let manner = Manner::with_faults(move |moment, nth| {
        if moment == Moment::Recipient && nth == 0 {
            Act::Say(code, text.into())
        } else {
            Act::Go
        }
    });
    Judge::open(manner).unwrap()
}

async fn count(stage: &Stage, petition: PetitionId, wanted: State) -> usize {
    let states = stage.states(petition).await;
    states.iter().filter(|known| **known == wanted).count()
}

/// A running mailer, for a moment.
async fn run(stage: &Stage, transport: TransportSettings) {
    let mailer = stage.mailer(transport).await;
    let moment = tokio::time::sleep(std::time::Duration::from_millis(1_500));
    mailer.run_letters(moment).await.unwrap();
}

#[tokio::test]
async fn a_domain_in_trouble_rests_and_one_letter_finds_out_when_it_is_over() {
    let mut stage = Stage::open().await;
    let petition = letters_to_one_domain(&mut stage).await;
    let judge = first_recipient(421, "4.7.0 slow down");

    run(&stage, to(&judge)).await;

    assert_eq!(count(&stage, petition, State::Deferred).await, 1);
    assert_eq!(count(&stage, petition, State::Queued).await, SEATS - 1);
    assert!(judge.ledger().is_empty());
    let breakers = stage.store.breakers.list_breakers().await.unwrap();
    assert_eq!(
        (breakers[0].name.as_str(), breakers[0].state),
        ("city.example", BreakerState::Open)
    );

    stage.clock.wait(Duration::minutes(10));
    for _ in 0..2 {
        run(&stage, to(&judge)).await;
    }
    assert_eq!(count(&stage, petition, State::Accepted).await, SEATS);
    assert_eq!(stage.store.breakers.list_breakers().await.unwrap(), []);
}

#[tokio::test]
async fn greylisting_one_letter_holds_up_no_other() {
    let mut stage = Stage::open().await;
    let petition = letters_to_one_domain(&mut stage).await;
    let judge = first_recipient(451, "4.7.1 greylisted");

    run(&stage, to(&judge)).await;

    assert_eq!(count(&stage, petition, State::Accepted).await, SEATS - 1);
    assert_eq!(stage.store.breakers.list_breakers().await.unwrap(), []);
}

#[tokio::test]
async fn a_domain_that_blocks_gets_nothing_more_until_a_person_says_so() {
    let mut stage = Stage::open().await;
    let petition = letters_to_one_domain(&mut stage).await;
    let judge = first_recipient(554, "5.7.1 blocked by policy");

    run(&stage, to(&judge)).await;
    stage.clock.wait(Duration::hours(20));
    let drained = stage
        .mailer(to(&judge))
        .await
        .drain_letters()
        .await
        .unwrap();

    assert_eq!(count(&stage, petition, State::Held).await, 1);
    assert_eq!(drained.left, SEATS as u64 - 1);
    assert!(judge.ledger().is_empty());

    let deed = stage.deed("delivery.release");
    let released = stage
        .store
        .breakers
        .release_breaker("city.example", petition, &deed);
    assert_eq!(released.await.unwrap(), Some(1));
    run(&stage, to(&judge)).await;
    assert_eq!(count(&stage, petition, State::Accepted).await, SEATS);
}

#[tokio::test]
async fn a_refused_login_costs_no_letter_and_is_told() {
    let mut stage = Stage::open().await;
    let petition = letters_to_one_domain(&mut stage).await;
    let manner = Manner {
        extensions: vec!["AUTH PLAIN".into()],
        login: Some(("open-doors".into(), "open sesame".into())),
        ..Manner::default()
    };
    let judge = Judge::open(manner).unwrap();
    let with = |password: &str| {
        TransportSettings::Smtp(RelaySettings {
            port: judge.port(),
            user: "open-doors".into(),
            password: Password::new(password),
            ..RelaySettings::default()
        })
    };

    let drained = stage
        .mailer(with("wrong"))
        .await
        .drain_letters()
        .await
        .unwrap();
    run(&stage, with("wrong")).await;

    assert!(drained.returned > 0);
    assert_eq!(count(&stage, petition, State::Queued).await, SEATS);
    let letters = stage.deliveries(petition).await;
    assert!(letters.iter().all(|letter| letter.attempts == 0));
    let told = stage
        .store
        .breakers
        .list_breakers_of(petition)
        .await
        .unwrap();
    assert_eq!(
        (told[0].name.as_str(), told[0].state),
        (RELAY, BreakerState::Open)
    );
    assert_eq!(told[0].reply.as_ref().unwrap().0, 535);
    assert!(judge.connections() <= 4, "{} logins", judge.connections());

    stage.clock.wait(Duration::minutes(10));
    for _ in 0..2 {
        run(&stage, with("open sesame")).await;
    }
    assert_eq!(count(&stage, petition, State::Accepted).await, SEATS);
}

#[tokio::test]
async fn the_id_of_a_relay_that_writes_ids_anew_is_kept_as_evidence() {
    let mut stage = Stage::open().await;
    let petition = letters_to_one_domain(&mut stage).await;
    let judge = Judge::open(Manner::with_faults(|moment, nth| {
        if moment == Moment::Dot && nth == 0 {
            Act::TakeAndSay(250, "Ok 0100018f3c6f1a2b-5b1c2d3e-000000".into())
        } else {
            Act::Go
        }
    }))
    .unwrap();
    let relay = RelaySettings {
        port: judge.port(),
        profile: Profile::Ses,
        ..RelaySettings::default()
    };

    let mailer = stage.mailer(TransportSettings::Smtp(relay)).await;
    mailer.drain_letters().await.unwrap();

    let letters = stage.deliveries(petition).await;
    let ids: Vec<&str> = letters
        .iter()
        .filter_map(|it| it.queue_id.as_deref())
        .collect();
    assert_eq!(ids.len(), SEATS);
    assert!(ids.contains(&"0100018f3c6f1a2b-5b1c2d3e-000000"), "{ids:?}");
}

#[tokio::test]
async fn what_a_server_calls_our_fault_holds_the_whole_batch_until_a_person_says_so() {
    let mut stage = Stage::open().await;
    let petition = letters_to_one_domain(&mut stage).await;
    let judge = first_recipient(554, "5.6.0 a header is malformed");
    let drained = stage
        .mailer(to(&judge))
        .await
        .drain_letters()
        .await
        .unwrap();
    assert_eq!(count(&stage, petition, State::Held).await, 1);
    assert_eq!(drained.left + drained.returned, SEATS as u64 - 1);
    assert!(judge.ledger().is_empty());

    let breakers = stage.store.breakers.list_breakers().await.unwrap();
    let batch = stage.batches(petition).await[0].id;
    assert_eq!(breakers[0].name, of_batch(batch));
    let deed = stage.deed("delivery.release");
    let name = of_batch(batch);
    let released = stage.store.breakers.release_breaker(&name, petition, &deed);
    assert_eq!(released.await.unwrap(), Some(1));
    run(&stage, to(&judge)).await;
    assert_eq!(count(&stage, petition, State::Accepted).await, SEATS);
}
