//! Counts that always hold.

use super::scene::{Scene, city};
use crate::signatures::Withdrawal;
use chrono::Duration;
use redress_model::geoid::Geoid;
use redress_model::home::{Home, Location};
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::Confirmation as Mode;
use redress_model::signature::{Origin, RejectionReason};
use redress_model::tally::Tally;
use tokio::task::JoinSet;

fn somewhere(scene: &mut Scene) -> Location {
    let mut location = match scene.below(6) {
        0 => Location {
            home: Home::OutsideAnyCity,
            ..Location::unknown()
        },
        1 => Location::unknown(),
        2 => city("3915000", ""),
        3 => city("3915000", "1"),
        4 => city("3915000", "2"),
        _ => city("3972000", "A"),
    };
    location.is_self_asserted = scene.below(3) == 0;
    if scene.below(2) == 0 {
        location
            .governments_over
            .push(Geoid::parse("39061").expect("a GEOID"));
    }
    location
}

async fn assert_sums(scene: &Scene, petition: PetitionId) {
    let total = scene.total(petition).await;
    let homes = scene
        .store
        .tallies
        .list_homes(petition)
        .await
        .expect("listed");
    let mut sum = Tally::default();
    for home in &homes {
        sum += home.tally;
        let districts = scene
            .store
            .tallies
            .list_districts(petition, Some(&home.home))
            .await
            .expect("listed");
        let mut of_districts = Tally::default();
        for district in &districts {
            of_districts += district.tally;
        }
        assert_eq!(of_districts, home.tally, "{:?}", home.home);
    }
    assert_eq!(sum, total);
}

/// With homes that have no GEOID at the end of the list.
pub async fn homes_sum_to_the_total_and_districts_to_their_home(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let mut batch = Vec::new();
    for person in 0..200 {
        let mut new = scene.signer(petition, &format!("{person}@example.org"), "ana", "45001");
        new.location = somewhere(scene);
        if scene.below(4) == 0 {
            new.origin = Origin::Paper;
        }
        batch.push(new);
    }
    scene
        .store
        .signatures
        .record_signatures(&batch)
        .await
        .expect("recorded");

    assert_sums(scene, petition).await;
    let homes = scene
        .store
        .tallies
        .list_homes(petition)
        .await
        .expect("listed");
    let last: Vec<_> = homes
        .iter()
        .rev()
        .take(2)
        .map(|home| home.home.clone())
        .collect();
    assert_eq!(last, [Home::NotLocated, Home::OutsideAnyCity]);
    let total = scene.total(petition).await;
    assert_eq!(total.counted, 200);
    assert!(total.paper > 20 && total.self_asserted > 20);
    scene.assert_counts_hold(petition).await;
}

/// So that history always sums to the total.
pub async fn a_withdrawal_is_a_negative_entry_in_the_hour_in_which_it_happens(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
    scene
        .sign_and_confirm(petition, "ben@example.org", "ben", "45001")
        .await;
    let began_at = scene.at;
    scene.wait(Duration::hours(5));
    scene
        .store
        .signatures
        .withdraw(&[Withdrawal {
            id: ana,
            at: scene.at,
        }])
        .await
        .expect("withdrawn");

    let home = city("3972000", "3").home;
    for home in [None, Some(&home)] {
        let (from_at, to_at) = (began_at - Duration::days(1), scene.at + Duration::days(1));
        let hours = scene
            .store
            .tallies
            .list_hours(petition, home, from_at, to_at)
            .await
            .expect("listed");
        let hours: Vec<_> = hours
            .iter()
            .map(|hour| (hour.hour_at.to_rfc3339(), hour.tally.counted))
            .collect();
        assert_eq!(
            hours,
            [
                ("2026-03-02T10:00:00+00:00".into(), 2),
                ("2026-03-02T15:00:00+00:00".into(), -1)
            ]
        );
    }
    scene.assert_counts_hold(petition).await;
}

/// A county over its cities.
pub async fn governments_over_a_home_have_a_column_that_is_never_added(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let county = Geoid::parse("39061").expect("a GEOID");
    let mut ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    ana.location.governments_over = vec![county.clone()];
    scene.sign(&ana).await;

    let over = scene
        .store
        .tallies
        .find_home(petition, &Home::Government(county))
        .await
        .expect("found");
    assert_eq!((over.tally.counted, over.over), (0, 1));
    assert_sums(scene, petition).await;
    scene.assert_counts_hold(petition).await;
}

/// Signing, confirming, withdrawing, rejecting, putting back, moving, erasing, expiring, in any order.
pub async fn tallies_equal_a_recount_after_any_operations(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let mut known: Vec<SignatureId> = Vec::new();
    for step in 0..400 {
        scene.wait(Duration::minutes(7));
        let chosen = (!known.is_empty()).then(|| known[scene.below(known.len() as u32) as usize]);
        match (scene.below(12), chosen) {
            (0..=4, _) | (_, None) => {
                let email = format!("{}@example.org", scene.below(60));
                let name = format!("name {}", scene.below(3));
                let zip = ["1", "2"][scene.below(4) as usize / 3];
                let mut new = scene.signer(petition, &email, &name, zip);
                new.location = somewhere(scene);
                new.rejection = (scene.below(6) == 0).then_some(RejectionReason::DomainRate);
                if scene.below(8) == 0 {
                    new.origin = Origin::Paper;
                }
                known.push(new.id);
                scene.sign(&new).await;
            }
            (5..=7, Some(id)) => {
                scene.confirm(id).await;
            }
            (8, Some(id)) => {
                let withdrawal = Withdrawal { id, at: scene.at };
                scene
                    .store
                    .signatures
                    .withdraw(&[withdrawal])
                    .await
                    .expect("withdrawn");
            }
            (9, Some(id)) => {
                let deed = scene.deed("signature.review");
                if scene.below(2) == 0 {
                    scene
                        .store
                        .signatures
                        .reject(&[id], RejectionReason::Offensive, &deed)
                        .await
                        .expect("rejected");
                } else {
                    scene
                        .store
                        .signatures
                        .put_back(&[id], &deed, &mut scene.random)
                        .await
                        .expect("put back");
                }
            }
            (10, Some(id)) => {
                let location = somewhere(scene);
                scene
                    .store
                    .signatures
                    .relocate(id, &location, scene.at)
                    .await
                    .expect("moved");
            }
            (_, Some(id)) => {
                scene
                    .store
                    .signatures
                    .erase(id, scene.at)
                    .await
                    .expect("erased");
                scene
                    .store
                    .signatures
                    .erase_expired(scene.at - Duration::days(1), 3)
                    .await
                    .expect("erased");
            }
        }
        if step % 40 == 0 {
            scene.assert_counts_hold(petition).await;
        }
    }
    scene.assert_counts_hold(petition).await;
    assert_sums(scene, petition).await;
    assert!(scene.counted(petition).await > 10);
}

/// At every instant, not only in the end.
pub async fn homes_sum_to_the_total_while_two_processes_write(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let store = if writer % 2 == 0 {
            scene.store.clone()
        } else {
            scene.other.clone()
        };
        let mut batches = Vec::new();
        for batch in 0..20 {
            let mut news = Vec::new();
            for person in 0..10 {
                let mut new = scene.signer(
                    petition,
                    &format!("{writer}-{batch}-{person}@example.org"),
                    "ana",
                    "45001",
                );
                new.location = somewhere(scene);
                news.push(new);
            }
            batches.push(news);
        }
        writers.spawn(async move {
            for batch in batches {
                store
                    .signatures
                    .record_signatures(&batch)
                    .await
                    .expect("recorded");
            }
        });
    }
    let mut looks = 0;
    while !writers.is_empty() {
        scene.assert_counts_hold(petition).await;
        looks += 1;
        while writers.try_join_next().is_some_and(|joined| joined.is_ok()) {}
    }
    assert!(looks > 2);
    assert_eq!(scene.counted(petition).await, 800);
    scene.assert_counts_hold(petition).await;
}
