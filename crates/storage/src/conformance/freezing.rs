//! Batches.

use super::scene::{Scene, city};
use crate::batches::{Batch, BatchRow, FrozenBatch, Membership};
use crate::deliveries::{Addressee, DeliveryFilter, NewDelivery};
use crate::reresolutions::Reresolved;
use crate::signatures::{EraseOutcome, Withdrawal};
use crate::{Constraint, StorageError, StorageResult};
use redress_model::batch::{BatchState, CityStatus, PlaceStatus};
use redress_model::clock::FixedClock;
use redress_model::delivery::state::DeliveryState;
use redress_model::delivery::{LetterVariant, NoContactReason};
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, DeliveryId, PetitionId, SignatureId};
use redress_model::official::Role;
use redress_model::petition::Confirmation as Mode;

pub(super) fn springfield() -> Geoid {
    Geoid::parse("3972000").expect("a GEOID")
}

/// A letter for a seat, with an address or without.
pub(super) fn letter(scene: &mut Scene, post: &str, email: Option<&str>) -> NewDelivery {
    NewDelivery {
        id: DeliveryId::new(&FixedClock(scene.at), &mut scene.random),
        variant: LetterVariant::Letter,
        addressee: Addressee {
            post_id: post.to_owned(),
            role: Role::Mayor,
            title: "Mayor".to_owned(),
            district: None,
            person: email.map(|_| "Maria Ruiz".to_owned()),
            email: email.map(str::to_owned),
            no_contact: email.is_none().then_some(NoContactReason::NoEmail),
        },
        sealed_letter: b"sealed letter".to_vec(),
    }
}

/// What would be frozen in Springfield now: a mayor with an address, a clerk without.
pub(super) async fn compose(scene: &mut Scene, petition: PetitionId) -> FrozenBatch {
    let (geoid, batches) = (springfield(), scene.store.batches.clone());
    let members = batches
        .list_unbatched(petition, &geoid, None, 1_000)
        .await
        .expect("listed");
    let lapsed = batches.list_lapsed(petition, &geoid).await.expect("listed");
    let progress = batches.find_progress(petition, &geoid).await.expect("read");
    let count = u32::try_from(members.len()).expect("few");
    let row = |number: u32, signature_id, is_correction| BatchRow {
        number,
        signature_id,
        leaf: [u8::try_from(number).expect("few"); 32],
        sealed_line: Some(b"sealed line".to_vec()),
        is_correction,
    };
    let mut rows: Vec<BatchRow> = (progress.last + 1..)
        .zip(&members)
        .map(|(number, member)| row(number, member.id, false))
        .collect();
    rows.extend(
        lapsed
            .iter()
            .map(|gone| row(gone.number, gone.signature_id, true)),
    );
    let gone = u32::try_from(lapsed.len()).expect("few");
    let batch = Batch {
        id: BatchId::new(&FixedClock(scene.at), &mut scene.random),
        petition_id: petition,
        number: progress.batch + 1,
        geoid,
        letter: progress.letter + 1,
        part: 1,
        parts: 1,
        state: BatchState::Frozen,
        first: progress.last + 1,
        last: progress.last + count,
        count,
        total: progress.total + count - gone,
        self_asserted: 0,
        paper: 0,
        districts: vec![("3".to_owned(), count)],
        status: Some(CityStatus::End),
        rows_sha256: [1; 32],
        csv_sha256: [2; 32],
        merkle_root: [3; 32],
        frozen_at: scene.at,
        decided_at: None,
    };
    FrozenBatch {
        batch,
        rows,
        sealed_view: b"sealed view".to_vec(),
        sealed_csv: b"sealed list".to_vec(),
        deliveries: vec![
            letter(scene, "3972000/mayor", Some("mayor@springfield.example")),
            letter(scene, "3972000/clerk", None),
        ],
        joint: None,
        printed_comments: Vec::new(),
    }
}

pub(super) async fn freeze(scene: &Scene, frozen: &FrozenBatch) -> StorageResult<()> {
    let deed = scene.deed("delivery.freeze");
    scene
        .store
        .batches
        .freeze_batches(std::slice::from_ref(frozen), &deed)
        .await
}

/// A petition with some who confirmed, and their batch.
pub(super) async fn frozen(scene: &mut Scene, signers: u32) -> (PetitionId, FrozenBatch) {
    let petition = scene.petition(Mode::Email).await;
    for number in 0..signers {
        let email = format!("signer{number}@example.org");
        scene
            .sign_and_confirm(petition, &email, "ana", "45001")
            .await;
    }
    let batch = compose(scene, petition).await;
    freeze(scene, &batch).await.expect("frozen");
    (petition, batch)
}

fn members(batch: &FrozenBatch) -> Vec<SignatureId> {
    let rows = batch.rows.iter().filter(|row| !row.is_correction);
    rows.map(|row| row.signature_id).collect()
}

async fn unbatched(scene: &Scene, petition: PetitionId) -> u64 {
    let counts = scene
        .store
        .batches
        .count_unbatched(petition)
        .await
        .expect("counted");
    counts.iter().map(|(_, count)| count).sum()
}

/// And is read back whole.
pub async fn a_batch_takes_each_signature_once(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 3).await;
    assert_eq!(unbatched(scene, petition).await, 0);

    let batches = &scene.other.batches;
    let found = batches.find_batch(petition, 1).await.expect("found");
    assert_eq!(found.as_ref(), Some(&batch.batch));
    let rows = batches
        .list_batch_rows(batch.batch.id)
        .await
        .expect("listed");
    assert_eq!(rows, batch.rows);
    let parts = batches
        .find_batch_parts(batch.batch.id)
        .await
        .expect("found");
    assert_eq!(
        parts.map(|parts| (parts.sealed_view, parts.sealed_csv)),
        Some((b"sealed view".to_vec(), Some(b"sealed list".to_vec())))
    );
    scene.assert_counts_hold(petition).await;

    // Numbers, letters and signers go on where they were.
    let later = scene
        .sign_and_confirm(petition, "later@example.org", "ben", "45001")
        .await;
    let next = compose(scene, petition).await;
    assert_eq!(members(&next), [later]);
    assert_eq!(
        (
            next.batch.number,
            next.batch.letter,
            next.batch.first,
            next.batch.total
        ),
        (2, 2, 4, 4)
    );
}

/// Nothing of it is kept.
pub async fn a_member_who_left_meanwhile_makes_a_batch_stale(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
    scene
        .sign_and_confirm(petition, "ben@example.org", "ben", "45001")
        .await;
    let batch = compose(scene, petition).await;
    let withdrawal = Withdrawal {
        id: ana,
        at: scene.at,
    };
    scene
        .store
        .signatures
        .withdraw(&[withdrawal])
        .await
        .expect("withdrawn");
    let refused = freeze(scene, &batch).await;
    assert!(
        matches!(refused, Err(StorageError::Stale("signature"))),
        "{refused:?}"
    );
    let batches = &scene.store.batches;
    assert_eq!(batches.find_batch(petition, 1).await.expect("read"), None);
    assert_eq!(unbatched(scene, petition).await, 1);
    let again = compose(scene, petition).await;
    freeze(scene, &again).await.expect("frozen");
}

/// The other composes again.
pub async fn of_two_processes_one_freezes(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    for number in 0..20 {
        let email = format!("signer{number}@example.org");
        scene
            .sign_and_confirm(petition, &email, "ana", "45001")
            .await;
    }
    let (one, other) = (
        compose(scene, petition).await,
        compose(scene, petition).await,
    );
    let deed = scene.deed("delivery.freeze");
    let (first, second) = tokio::join!(
        scene
            .store
            .batches
            .freeze_batches(std::slice::from_ref(&one), &deed),
        scene
            .other
            .batches
            .freeze_batches(std::slice::from_ref(&other), &deed),
    );
    let refused = match (first, second) {
        (Ok(()), Err(refused)) | (Err(refused), Ok(())) => refused,
        both => panic!("one of two: {both:?}"),
    };
    let is_expected = matches!(
        refused,
        StorageError::Refused(Constraint::BatchNumber | Constraint::BatchLetter)
            | StorageError::Stale(_)
            | StorageError::Busy(_)
    );
    assert!(is_expected, "{refused:?}");
    let listed = scene
        .store
        .batches
        .list_batches(petition, None, None, 0, 10)
        .await;
    assert_eq!(listed.expect("listed").len(), 1);
}

/// Not its counts, not its lines, not itself.
pub async fn a_frozen_batch_never_changes(scene: &mut Scene) {
    let (_, batch) = frozen(scene, 1).await;
    let id = members(&batch)[0];
    for statement in [
        "update batch set total = total + 1
        where id in (select batch_id from batch_member where signature_id = $1)",
        "update batch_row set number = number + 1 where signature_id = $1",
        "delete from batch
        where id in (select batch_id from batch_member where signature_id = $1)",
    ] {
        let refused = (scene.run)(statement, id).await;
        assert_eq!(
            refused,
            Err("batch_never_changes".to_owned()),
            "{statement}"
        );
    }
}

/// For the next one, which takes its place in the count of letters.
pub async fn a_cancelled_batch_frees_its_members(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 2).await;
    let deed = scene.deed("delivery.cancel");
    let batches = scene.store.batches.clone();
    batches
        .cancel_batch(batch.batch.id, &deed)
        .await
        .expect("cancelled");
    assert_eq!(unbatched(scene, petition).await, 2);
    let next = compose(scene, petition).await;
    assert_eq!(
        (next.batch.number, next.batch.letter, next.batch.first),
        (2, 1, 1)
    );
    freeze(scene, &next).await.expect("frozen");
    let again = batches.approve_batch(batch.batch.id, &deed).await;
    assert!(
        matches!(again, Err(StorageError::Stale("batch"))),
        "{again:?}"
    );
    let cancelled = DeliveryFilter {
        batch: Some(batch.batch.id),
        state: Some(DeliveryState::Cancelled),
    };
    let letters = scene
        .store
        .deliveries
        .list_deliveries(petition, cancelled, None, 10)
        .await;
    assert_eq!(letters.expect("listed").len(), 2);
}

/// In the next letter, as a line of its own.
pub async fn whoever_withdraws_after_the_freeze_is_told_of_once(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 2).await;
    let gone = members(&batch)[0];
    let withdrawal = Withdrawal {
        id: gone,
        at: scene.at,
    };
    scene
        .store
        .signatures
        .withdraw(&[withdrawal])
        .await
        .expect("withdrawn");
    scene
        .sign_and_confirm(petition, "later@example.org", "ben", "45001")
        .await;
    let next = compose(scene, petition).await;
    assert_eq!(
        (next.batch.count, next.batch.total, next.rows.len()),
        (1, 2, 2)
    );
    freeze(scene, &next).await.expect("frozen");
    let lapsed = scene
        .store
        .batches
        .list_lapsed(petition, &springfield())
        .await;
    assert_eq!(lapsed.expect("listed"), []);
}

/// And the count stays.
pub async fn erasing_empties_a_frozen_line_and_keeps_its_leaf(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 2).await;
    let gone = members(&batch)[0];
    let erased = scene.store.signatures.erase(gone, scene.at).await;
    assert_eq!(
        erased.expect("erased"),
        EraseOutcome::Erased { is_counted: true }
    );
    let rows = scene.store.batches.list_batch_rows(batch.batch.id).await;
    let rows = rows.expect("listed");
    assert_eq!(
        (rows[0].leaf, &rows[0].sealed_line),
        (batch.rows[0].leaf, &None)
    );
    assert_eq!(rows[1].sealed_line, batch.rows[1].sealed_line);
    let lapsed = scene
        .store
        .batches
        .list_lapsed(petition, &springfield())
        .await;
    assert_eq!(lapsed.expect("listed"), []);
    scene.assert_counts_hold(petition).await;
}

/// The old city is told, the new one counts.
pub async fn whoever_moves_joins_a_batch_of_the_new_city(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 2).await;
    let mover = members(&batch)[0];
    let signatures = scene.store.signatures.clone();
    let there = city("3915000", "1");
    signatures
        .relocate(mover, &there, scene.at)
        .await
        .expect("moved");
    let batches = scene.store.batches.clone();
    let lapsed = batches.list_lapsed(petition, &springfield()).await;
    assert_eq!(lapsed.expect("listed")[0].signature_id, mover);
    let other = Geoid::parse("3915000").expect("a GEOID");
    let counts = batches.count_unbatched(petition).await.expect("counted");
    assert_eq!(counts, [(other, 1)]);

    // Back before anybody was told: still in the first batch.
    signatures
        .relocate(mover, &city("3972000", "3"), scene.at)
        .await
        .expect("moved");
    assert_eq!(unbatched(scene, petition).await, 0);
    let lapsed = batches.list_lapsed(petition, &springfield()).await;
    assert_eq!(lapsed.expect("listed"), []);
    scene.assert_counts_hold(petition).await;
}

/// Another district changes nothing of it; another city is told of in the next letter, and takes them in.
pub async fn a_frozen_batch_stays_when_its_members_are_resolved_again(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 3).await;
    let ids = members(&batch);
    let mut again = Vec::new();
    for (id, to) in ids.iter().zip([city("3972000", "4"), city("3915000", "1")]) {
        let was = scene.store.signatures.find_signature(*id).await;
        let was = was.expect("read").expect("there");
        again.push(Reresolved::new(&was, to, "exact", "newer", true));
    }
    let storage = scene.store.reresolutions.clone();
    let written = storage.record_resolutions(&again, scene.at).await;
    assert_eq!(written.expect("recorded").len(), 2);

    let batches = scene.store.batches.clone();
    let kept = batches.find_batch(petition, 1).await.expect("read");
    assert_eq!(kept.expect("there"), batch.batch);
    let stayed = scene.store.signatures.find_signature(ids[0]).await;
    assert!(stayed.expect("read").expect("there").frozen_at.is_some());
    let lapsed = batches.list_lapsed(petition, &springfield()).await;
    let lapsed: Vec<_> = lapsed
        .expect("listed")
        .iter()
        .map(|one| one.signature_id)
        .collect();
    assert_eq!(lapsed, [ids[1]]);
    let other = Geoid::parse("3915000").expect("a GEOID");
    let counts = batches.count_unbatched(petition).await.expect("counted");
    assert_eq!(counts, [(other, 1)]);
    scene.assert_counts_hold(petition).await;
}

/// Both of them, when it has moved; none that was cancelled.
pub async fn a_signature_names_the_batches_that_brought_it(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 2).await;
    let second = members(&batch)[1];
    let batches = scene.other.batches.clone();
    let found = batches.list_memberships(second).await.expect("listed");
    let expected = Membership {
        batch: batch.batch.clone(),
        number: 2,
    };
    assert_eq!(found, [expected]);

    let deed = scene.deed("delivery.cancel");
    batches
        .cancel_batch(batch.batch.id, &deed)
        .await
        .expect("cancelled");
    assert_eq!(batches.list_memberships(second).await.expect("listed"), []);
    let next = compose(scene, petition).await;
    freeze(scene, &next).await.expect("frozen");
    let found = batches.list_memberships(second).await.expect("listed");
    assert_eq!(
        found.iter().map(|it| it.batch.number).collect::<Vec<_>>(),
        [2]
    );

    // A line that takes it back brings nobody.
    let withdrawal = Withdrawal {
        id: second,
        at: scene.at,
    };
    scene
        .store
        .signatures
        .withdraw(&[withdrawal])
        .await
        .expect("withdrawn");
    scene
        .sign_and_confirm(petition, "later@example.org", "ben", "45001")
        .await;
    let third = compose(scene, petition).await;
    freeze(scene, &third).await.expect("frozen");
    let found = batches.list_memberships(second).await.expect("listed");
    assert_eq!(
        found.iter().map(|it| it.batch.number).collect::<Vec<_>>(),
        [2]
    );
}

/// Until it is done.
pub async fn a_wish_to_freeze_is_kept(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let (batches, deed) = (scene.store.batches.clone(), scene.deed("delivery.freeze"));
    batches
        .request_freeze(petition, None, &deed)
        .await
        .expect("asked");
    batches
        .request_freeze(petition, Some(&springfield()), &deed)
        .await
        .expect("asked");
    let asked = scene.other.batches.list_freeze_requests().await;
    let asked = asked.expect("listed");
    assert_eq!(
        asked
            .iter()
            .map(|(_, id, geoid)| (*id, geoid.clone()))
            .collect::<Vec<_>>(),
        [(petition, None), (petition, Some(springfield()))]
    );
    batches
        .finish_freeze_request(asked[0].0)
        .await
        .expect("done");
    assert_eq!(
        batches.list_freeze_requests().await.expect("listed").len(),
        1
    );
}

/// The last word counts.
pub async fn a_city_has_one_status_in_a_petition(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let (batches, deed) = (scene.store.batches.clone(), scene.deed("petition.statuses"));
    let status = |status| PlaceStatus {
        status,
        since_on: "2019-08-01".parse().ok(),
        source: Some("https://news.example/springfield".to_owned()),
    };
    for word in [CityStatus::End, CityStatus::Met] {
        let one = [(springfield(), status(word))];
        batches
            .record_statuses(petition, &one, &deed)
            .await
            .expect("recorded");
    }
    let listed = batches.list_statuses(petition).await.expect("listed");
    assert_eq!(listed, [(springfield(), status(CityStatus::Met))]);
}
