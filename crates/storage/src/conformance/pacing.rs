//! Pace towards servers and officials, over all processes.

use super::freezing::{compose, freeze, letter};
use super::scene::Scene;
use crate::Store;
use crate::breakers::{Breaker, BreakerState, Heed, RELAY, Sign, of_batch};
use crate::deliveries::{AttemptOutcome, Claimed, Claiming};
use chrono::{DateTime, Duration, Utc};
use redress_model::delivery::AttemptStage;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::{DeliveryId, PetitionId};
use redress_model::petition::Confirmation as Mode;
use uuid::Uuid;

const TOKEN: Uuid = Uuid::from_u128(1);
const BUSY: (u16, &str) = (421, "4.3.2 busy");

/// A petition with queued letters to posts and addresses.
async fn queued(scene: &mut Scene, letters: &[(&str, &str)]) -> PetitionId {
    let petition = scene.petition(Mode::Email).await;
    scene
        .sign_and_confirm(petition, "signer@example.org", "ana", "45001")
        .await;
    let mut batch = compose(scene, petition).await;
    batch.deliveries.clear();
    for (post, email) in letters {
        batch.deliveries.push(letter(scene, post, Some(email)));
    }
    freeze(scene, &batch).await.expect("frozen");
    let deed = scene.deed("delivery.approve");
    let approved = scene.store.batches.approve_batch(batch.batch.id, &deed);
    approved.await.expect("approved");
    petition
}

/// The addresses of the letters that a process is given.
async fn claim(store: &Store, at: DateTime<Utc>, heed: Heed) -> Vec<(DeliveryId, String)> {
    let until_at = at + Duration::minutes(5);
    let claimed = store
        .deliveries
        .claim_deliveries(at, until_at, TOKEN, 10, heed.into())
        .await
        .expect("claimed");
    let mut found: Vec<(DeliveryId, String)> = claimed
        .into_iter()
        .map(|claimed| {
            let email = claimed.delivery.addressee.email;
            (claimed.delivery.id, email.expect("an address"))
        })
        .collect();
    found.sort_by(|one, other| one.1.cmp(&other.1));
    found
}

async fn put_back(scene: &Scene, claimed: &[(DeliveryId, String)]) {
    for (id, _) in claimed {
        let returned = scene.store.deliveries.return_lease(*id, TOKEN, scene.at);
        assert!(returned.await.expect("returned"));
    }
}

fn emails(claimed: &[(DeliveryId, String)]) -> Vec<&str> {
    claimed.iter().map(|(_, email)| email.as_str()).collect()
}

async fn tell(scene: &Scene, name: &str, sign: Sign) {
    let reply = (BUSY.0, BUSY.1.to_owned());
    let breakers = &scene.store.breakers;
    let told = breakers.record_sign(name, sign, Some(&reply), scene.at);
    told.await.expect("recorded");
}

async fn breakers(store: &Store) -> Vec<Breaker> {
    store.breakers.list_breakers().await.expect("listed")
}

const CITY: [(&str, &str); 3] = [
    ("1/mayor", "a@city.example"),
    ("1/clerk", "b@City.Example"),
    ("2/mayor", "c@town.example"),
];

/// And its neighbours get theirs.
pub async fn a_domain_in_trouble_rests_for_all_processes_and_then_gets_one_letter(
    scene: &mut Scene,
) {
    queued(scene, &CITY).await;
    tell(scene, "city.example", Sign::Trouble).await;
    let found = breakers(&scene.other).await;
    assert_eq!(
        (found[0].name.as_str(), found[0].state, found[0].failures),
        ("city.example", BreakerState::Open, 1)
    );
    assert_eq!(found[0].reply, Some((BUSY.0, BUSY.1.to_owned())));

    let other = claim(&scene.other, scene.at, Heed::All).await;
    assert_eq!(emails(&other), ["c@town.example"]);
    scene.wait(Duration::minutes(2));
    let probe = claim(&scene.other, scene.at, Heed::All).await;
    assert_eq!(probe.len(), 1);
    assert!(claim(&scene.store, scene.at, Heed::All).await.is_empty());
    assert_eq!(
        breakers(&scene.store).await[0].state,
        BreakerState::HalfOpen
    );

    tell(scene, "city.example", Sign::Well).await;
    assert_eq!(breakers(&scene.other).await, []);
    assert_eq!(claim(&scene.other, scene.at, Heed::All).await.len(), 1);
}

/// What fails while it is open has failed for the same reason.
pub async fn trouble_after_a_probe_rests_longer_and_an_answer_ends_it(scene: &mut Scene) {
    queued(scene, &CITY[..1]).await;
    let mut rests = Vec::new();
    for _ in 0..6 {
        tell(scene, "city.example", Sign::Trouble).await;
        tell(scene, "city.example", Sign::Trouble).await;
        let until_at = breakers(&scene.store).await[0].until_at.expect("open");
        rests.push((until_at - scene.at).num_minutes());
        scene.wait(until_at - scene.at);
        let probe = claim(&scene.store, scene.at, Heed::All).await;
        assert_eq!(probe.len(), 1);
        put_back(scene, &probe).await;
    }
    assert_eq!(rests, [2, 6, 15, 30, 60, 60]);
    tell(scene, "city.example", Sign::Well).await;
    tell(scene, "city.example", Sign::Trouble).await;
    assert_eq!(breakers(&scene.store).await[0].failures, 1);
}

/// A process that dies takes no domain with it.
pub async fn a_probe_whose_owner_is_gone_gives_way_to_another(scene: &mut Scene) {
    queued(scene, &CITY[..1]).await;
    tell(scene, "city.example", Sign::Trouble).await;
    scene.wait(Duration::minutes(2));
    assert_eq!(claim(&scene.store, scene.at, Heed::All).await.len(), 1);
    scene.wait(Duration::minutes(5));
    let recovered = scene.other.deliveries.recover_deliveries(scene.at).await;
    assert_eq!(recovered.expect("recovered").requeued, 1);
    assert_eq!(claim(&scene.other, scene.at, Heed::All).await.len(), 1);
}

/// With the letters that were held for it.
pub async fn a_domain_that_blocks_gets_nothing_until_a_person_says_so(scene: &mut Scene) {
    let petition = queued(scene, &CITY[..2]).await;
    let held = claim(&scene.store, scene.at, Heed::All).await[0].0;
    let outcome = AttemptOutcome {
        state: DeliveryState::Held,
        stage: AttemptStage::Recipient,
        reply: Some((554, "5.7.1 blocked".to_owned())),
        queue_id: None,
        due_at: None,
        at: scene.at,
    };
    let recorded = scene.store.deliveries.record_outcome(held, TOKEN, &outcome);
    assert!(recorded.await.expect("recorded"));
    let other = scene.store.deliveries.find_delivery(held).await;
    assert_eq!(
        other.expect("found").expect("there").state,
        DeliveryState::Held
    );
    tell(scene, "city.example", Sign::Blocked).await;
    tell(scene, "city.example", Sign::Well).await;
    tell(scene, "city.example", Sign::Trouble).await;
    scene.wait(Duration::hours(30));
    let recovered = scene.store.deliveries.recover_deliveries(scene.at).await;
    assert_eq!(recovered.expect("recovered").requeued, 1);
    for heed in [Heed::All, Heed::BlocksAlone] {
        assert_eq!(claim(&scene.other, scene.at, heed).await, []);
    }
    let shown = scene.store.breakers.list_breakers_of(petition).await;
    assert_eq!(shown.expect("listed")[0].state, BreakerState::Blocked);
    let stranger = queued(scene, &[("3/mayor", "d@village.example")]).await;
    let shown = scene.store.breakers.list_breakers_of(stranger).await;
    assert_eq!(shown.expect("listed"), []);

    let deed = scene.deed("delivery.release");
    let release = || {
        scene
            .store
            .breakers
            .release_breaker("city.example", petition, &deed)
    };
    assert_eq!(release().await.expect("released"), Some(1));
    assert_eq!(release().await.expect("released"), None);
    assert_eq!(claim(&scene.other, scene.at, Heed::All).await.len(), 3);
}

/// One letter finds out when it is over.
pub async fn the_relays_trouble_holds_every_letter(scene: &mut Scene) {
    let petition = queued(scene, &CITY).await;
    tell(scene, RELAY, Sign::Trouble).await;
    assert_eq!(claim(&scene.other, scene.at, Heed::All).await, []);
    let shown = scene.store.breakers.list_breakers_of(petition).await;
    assert_eq!(shown.expect("listed")[0].name, RELAY);
    scene.wait(Duration::minutes(2));
    assert_eq!(claim(&scene.other, scene.at, Heed::All).await.len(), 1);
    assert_eq!(claim(&scene.store, scene.at, Heed::All).await, []);
    tell(scene, RELAY, Sign::Well).await;
    assert_eq!(claim(&scene.store, scene.at, Heed::All).await.len(), 2);
}

/// A person has looked.
pub async fn whoever_drains_waits_for_blocks_alone(scene: &mut Scene) {
    queued(scene, &CITY).await;
    tell(scene, "city.example", Sign::Trouble).await;
    tell(scene, "town.example", Sign::Blocked).await;
    let claimed = claim(&scene.store, scene.at, Heed::BlocksAlone).await;
    assert_eq!(emails(&claimed), ["a@city.example", "b@City.Example"]);
}

/// Those that waited longest first.
pub async fn a_post_gets_one_letter_at_a_time_across_petitions(scene: &mut Scene) {
    let post = [("1/mayor", "a@city.example")];
    let first = queued(scene, &post).await;
    scene.wait(Duration::minutes(1));
    queued(scene, &post).await;
    let deliveries = scene.store.deliveries.clone();
    let claimed = claim(&scene.store, scene.at, Heed::All).await;
    let thread = deliveries.list_thread(first, "1/mayor").await;
    assert_eq!(
        claimed.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        [thread.expect("listed")[0].id]
    );
    assert_eq!(claim(&scene.other, scene.at, Heed::All).await, []);
    assert_eq!(
        deliveries.find_last_letter("1/mayor").await.expect("read"),
        None
    );

    let outcome = AttemptOutcome {
        state: DeliveryState::Refused,
        stage: AttemptStage::Recipient,
        reply: Some((550, "5.1.1 nobody".to_owned())),
        queue_id: None,
        due_at: None,
        at: scene.at,
    };
    let recorded = deliveries.record_outcome(claimed[0].0, TOKEN, &outcome);
    assert!(recorded.await.expect("recorded"));
    let second = claim(&scene.other, scene.at, Heed::All).await;
    assert_eq!(second.len(), 1);
}

/// An office that is closed for a week costs no letter.
pub async fn a_letter_that_was_put_off_was_not_tried_and_does_not_expire(scene: &mut Scene) {
    queued(scene, &CITY[..1]).await;
    let deliveries = scene.store.deliveries.clone();
    for _ in 0..8 {
        let claimed = claim(&scene.store, scene.at, Heed::All).await;
        let (id, due_at) = (claimed[0].0, scene.at + Duration::days(1));
        let postponed = deliveries.postpone_delivery(id, TOKEN, due_at, scene.at);
        assert!(postponed.await.expect("postponed"));
        let again = deliveries.postpone_delivery(id, TOKEN, due_at, scene.at);
        assert!(!again.await.expect("asked"), "the lease is over");
        scene.wait(Duration::days(1));
        let recovered = deliveries.recover_deliveries(scene.at).await;
        let recovered = recovered.expect("recovered");
        assert_eq!((recovered.due, recovered.expired), (1, 0));
    }
    let claimed = claim(&scene.store, scene.at, Heed::All).await;
    let id = claimed[0].0;
    let found = deliveries.find_delivery(id).await.expect("found");
    assert_eq!(found.expect("there").attempts, 1);
    assert_eq!(deliveries.list_attempts(id).await.expect("listed"), []);

    let outcome = AttemptOutcome {
        state: DeliveryState::Deferred,
        stage: AttemptStage::Recipient,
        reply: Some((451, "4.7.1 later".to_owned())),
        queue_id: None,
        due_at: Some(scene.at + Duration::days(6)),
        at: scene.at,
    };
    let recorded = deliveries.record_outcome(id, TOKEN, &outcome);
    assert!(recorded.await.expect("recorded"));
    scene.wait(Duration::days(5));
    let recovered = deliveries.recover_deliveries(scene.at).await;
    assert_eq!(recovered.expect("recovered").expired, 1);
}

/// Whose word the DNS is does not matter to storage.
async fn route(scene: &Scene, domain: &str, group: &str) {
    let breakers = &scene.store.breakers;
    let recorded = breakers.record_mail_group(domain, group, scene.at);
    recorded.await.expect("recorded");
}

async fn claim_by(store: &Store, at: DateTime<Utc>, by: Claiming) -> Vec<Claimed> {
    let until_at = at + Duration::minutes(5);
    let claimed = store
        .deliveries
        .claim_deliveries(at, until_at, TOKEN, 10, by);
    claimed.await.expect("claimed")
}

/// Two cities whose mail one provider takes, and a town with its own.
const SHARED: [(&str, &str); 5] = [
    ("1/mayor", "a@city.example"),
    ("1/clerk", "b@City.Example"),
    ("2/mayor", "c@village.example"),
    ("2/clerk", "d@village.example"),
    ("3/mayor", "e@town.example"),
];

/// What the provider says about one of them holds for both; a block holds for the one that it is about.
pub async fn domains_with_the_same_servers_rest_together(scene: &mut Scene) {
    let petition = queued(scene, &SHARED).await;
    for domain in ["city.example", "village.example"] {
        route(scene, domain, "mx:elsewhere.example").await;
        route(scene, domain, "mx:provider.example").await;
    }
    tell(scene, "mx:provider.example", Sign::Trouble).await;
    let claimed = claim(&scene.other, scene.at, Heed::All).await;
    assert_eq!(emails(&claimed), ["e@town.example"]);
    let shown = scene.store.breakers.list_breakers_of(petition).await;
    assert_eq!(shown.expect("listed")[0].name, "mx:provider.example");
    scene.wait(Duration::minutes(2));
    assert_eq!(claim(&scene.other, scene.at, Heed::All).await.len(), 1);
    assert_eq!(claim(&scene.store, scene.at, Heed::All).await, []);
    tell(scene, "mx:provider.example", Sign::Well).await;
    tell(scene, "city.example", Sign::Blocked).await;
    let claimed = claim(&scene.store, scene.at, Heed::All).await;
    assert!(
        emails(&claimed)
            .iter()
            .all(|it| it.ends_with("village.example")),
        "{claimed:?}"
    );
}

/// All processes together, and those beside it are not kept waiting.
pub async fn servers_have_no_more_letters_at_once_than_they_may(scene: &mut Scene) {
    queued(scene, &SHARED).await;
    for domain in ["city.example", "village.example"] {
        route(scene, domain, "mx:provider.example").await;
    }
    let by = Claiming {
        at_once: Some(2),
        ..Heed::All.into()
    };
    let first = claim_by(&scene.store, scene.at, by).await;
    let mut groups: Vec<&str> = first.iter().map(|it| it.group.as_str()).collect();
    groups.sort_unstable();
    assert_eq!(
        groups,
        ["mx:provider.example", "mx:provider.example", "town.example"]
    );
    assert_eq!(claim_by(&scene.other, scene.at, by).await, []);
    let done = first.iter().find(|it| it.group.starts_with("mx:"));
    let id = done.expect("claimed").delivery.id;
    let returned = scene.store.deliveries.return_lease(id, TOKEN, scene.at);
    assert!(returned.await.expect("returned"));
    assert_eq!(claim_by(&scene.other, scene.at, by).await.len(), 1);
}

/// All processes together.
pub async fn servers_get_no_more_letters_a_minute_than_they_may(scene: &mut Scene) {
    queued(scene, &SHARED).await;
    for domain in ["city.example", "village.example"] {
        route(scene, domain, "mx:provider.example").await;
    }
    let by = Claiming {
        a_minute: Some(2),
        ..Heed::All.into()
    };
    assert_eq!(claim_by(&scene.store, scene.at, by).await.len(), 2);
    for _ in 0..3 {
        scene.wait(Duration::seconds(29));
        assert_eq!(claim_by(&scene.other, scene.at, by).await, []);
        scene.wait(Duration::seconds(1));
        assert_eq!(claim_by(&scene.other, scene.at, by).await.len(), 1);
    }
    scene.wait(Duration::minutes(5));
    assert_eq!(claim_by(&scene.store, scene.at, by).await, []);
}

/// The batches beside it go on.
pub async fn a_batch_is_held_by_a_person_and_released_by_one(scene: &mut Scene) {
    let petition = queued(scene, &SHARED[..2]).await;
    let beside = queued(scene, &SHARED[4..]).await;
    let claimed = claim_by(&scene.store, scene.at, Heed::All.into()).await;
    let own = claimed
        .iter()
        .find(|it| it.delivery.petition_id == petition);
    let own = own.expect("claimed").delivery.clone();
    for claimed in &claimed {
        let id = claimed.delivery.id;
        let returned = scene.store.deliveries.return_lease(id, TOKEN, scene.at);
        assert!(returned.await.expect("returned"));
    }
    let name = of_batch(own.batch_id);
    tell(scene, &name, Sign::Blocked).await;
    for heed in [Heed::BlocksAlone, Heed::All] {
        let claimed = claim(&scene.other, scene.at, heed).await;
        assert_eq!(emails(&claimed), ["e@town.example"]);
        put_back(scene, &claimed).await;
    }
    let shown = scene.store.breakers.list_breakers_of(beside).await;
    assert_eq!(shown.expect("listed"), []);
    let shown = scene.store.breakers.list_breakers_of(petition).await;
    assert_eq!(shown.expect("listed")[0].name, name);
    let deed = scene.deed("delivery.release");
    let released = scene.store.breakers.release_breaker(&name, petition, &deed);
    assert_eq!(released.await.expect("released"), Some(0));
    assert_eq!(claim(&scene.other, scene.at, Heed::All).await.len(), 3);
}
