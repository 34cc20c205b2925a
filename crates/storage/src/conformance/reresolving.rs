//! A new pack resolves stored signatures again, and every count goes on adding up.

use super::scene::{Scene, city};
use crate::reresolutions::{
    OutdatedFilter, ReresolutionReport, ReresolutionRequest, Reresolved, Resealed,
};
use crate::signatures::{ConfirmOutcome, Signature, Withdrawal};
use chrono::Duration;
use redress_model::geoid::Geoid;
use redress_model::home::{Home, Location};
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::Confirmation as Mode;

fn filter(petition: PetitionId) -> OutdatedFilter {
    OutdatedFilter {
        petition_id: petition,
        packs: vec!["newer".into(), "newest".into()],
        is_unmatched: false,
    }
}

/// Signatures that the pack `newer` has not resolved.
async fn outdated(scene: &Scene, petition: PetitionId) -> Vec<Signature> {
    let storage = &scene.store.reresolutions;
    let listed = storage.list_outdated(&filter(petition), None, 100).await;
    listed.expect("listed")
}

fn answer(was: &Signature, to: &Location) -> Reresolved {
    Reresolved::new(was, to.clone(), "exact", "newer", false)
}

async fn record(scene: &Scene, again: &[Reresolved]) -> Vec<SignatureId> {
    let storage = &scene.store.reresolutions;
    let written = storage.record_resolutions(again, scene.at).await;
    written.expect("recorded")
}

async fn found(scene: &Scene, id: SignatureId) -> Signature {
    let found = scene.store.signatures.find_signature(id).await;
    found.expect("read").expect("there")
}

async fn signed(scene: &mut Scene, number: u32) -> PetitionId {
    let petition = scene.petition(Mode::Email).await;
    for one in 0..number {
        let email = format!("signer{one}@example.org");
        scene
            .sign_and_confirm(petition, &email, "ana", "45001")
            .await;
    }
    petition
}

/// Out of the old home and into the new one, in the hour of the change; the total stays.
pub async fn a_new_answer_moves_the_counts_in_its_hour(scene: &mut Scene) {
    let petition = signed(scene, 4).await;
    scene.wait(Duration::hours(3));
    let page = outdated(scene, petition).await;
    let county = Geoid::parse("39049").expect("a GEOID");
    let over = Location {
        governments_over: vec![county.clone()],
        ..city("3972000", "3")
    };
    let to = [
        city("3972000", "4"),
        city("3915000", "1"),
        over,
        city("3972000", "3"),
    ];
    let again: Vec<Reresolved> = page
        .iter()
        .zip(&to)
        .map(|(was, to)| answer(was, to))
        .collect();
    assert_eq!(record(scene, &again).await.len(), 4);

    let tallies = scene.store.tallies.clone();
    let districts = tallies
        .list_districts(petition, None)
        .await
        .expect("listed");
    let districts: Vec<_> = districts
        .iter()
        .map(|row| {
            let label = row
                .district
                .as_ref()
                .map_or("", |district| district.as_str());
            (
                row.home.as_key().to_owned(),
                label.to_owned(),
                row.tally.counted,
            )
        })
        .collect();
    let row = |home: &str, label: &str, counted| (home.to_owned(), label.to_owned(), counted);
    assert_eq!(
        districts,
        [
            row("3915000", "1", 1),
            row("3972000", "3", 2),
            row("3972000", "4", 1)
        ]
    );
    let left = Home::Government(Geoid::parse("3972000").expect("a GEOID"));
    let hours = tallies
        .list_hours(
            petition,
            Some(&left),
            scene.at - Duration::hours(9),
            scene.at + Duration::hours(1),
        )
        .await;
    let hours: Vec<i64> = hours
        .expect("listed")
        .iter()
        .map(|hour| hour.tally.counted)
        .collect();
    assert_eq!(hours, [4, -1], "a negative entry in the hour of the change");
    let over = tallies.find_home(petition, &Home::Government(county)).await;
    assert_eq!(over.expect("found").over, 1);
    assert_eq!(scene.counted(petition).await, 4);
    scene.assert_counts_hold(petition).await;
    let moved = found(scene, again[0].id).await;
    assert_eq!(
        (moved.pack.as_str(), moved.location.district_key()),
        ("newer", "4")
    );
}

/// Nor one that keeps neither address nor block.
pub async fn a_second_run_finds_nothing(scene: &mut Scene) {
    let petition = signed(scene, 3).await;
    let mut bare = scene.signer(petition, "bare@example.org", "ben", "45001");
    bare.sealed.address = None;
    scene.sign(&bare).await;
    let page = outdated(scene, petition).await;
    assert_eq!(
        page.len(),
        3,
        "whoever keeps neither address nor block cannot be asked again"
    );
    let again: Vec<Reresolved> = page.iter().map(|was| answer(was, &was.location)).collect();
    assert_eq!(record(scene, &again).await.len(), 3);
    assert_eq!(outdated(scene, petition).await, []);
    assert_eq!(
        record(scene, &again).await,
        [],
        "the answers were of another time"
    );
    scene.assert_counts_hold(petition).await;
}

/// Page by page, in the order of signing.
pub async fn out_of_date_signatures_are_listed_page_by_page(scene: &mut Scene) {
    let petition = signed(scene, 5).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let storage = &scene.other.reresolutions;
        let page = storage.list_outdated(&filter(petition), after, 2).await;
        let page = page.expect("listed");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen.extend(page.iter().map(|one| one.id));
    }
    let all: Vec<_> = outdated(scene, petition)
        .await
        .iter()
        .map(|one| one.id)
        .collect();
    assert_eq!((seen.len(), seen), (5, all));
}

/// Its state, its place, its answer: whoever was faster stays.
pub async fn what_changed_meanwhile_is_not_overwritten(scene: &mut Scene) {
    let petition = signed(scene, 5).await;
    let page = outdated(scene, petition).await;
    let again: Vec<Reresolved> = page
        .iter()
        .map(|was| answer(was, &city("3915000", "1")))
        .collect();
    let signatures = scene.other.signatures.clone();
    let withdrawal = Withdrawal {
        id: page[0].id,
        at: scene.at,
    };
    signatures.withdraw(&[withdrawal]).await.expect("withdrawn");
    let elsewhere = city("3972000", "5");
    signatures
        .relocate(page[1].id, &elsewhere, scene.at)
        .await
        .expect("moved");
    signatures
        .erase(page[2].id, scene.at)
        .await
        .expect("erased");
    let faster = Reresolved {
        pack: "newest".into(),
        ..answer(&page[3], &page[3].location)
    };
    record(scene, &[faster]).await;

    assert_eq!(record(scene, &again).await, [page[4].id]);
    assert_eq!(found(scene, page[1].id).await.location, elsewhere);
    assert_eq!(found(scene, page[3].id).await.pack, "newest");
    scene.assert_counts_hold(petition).await;
}

/// It moves nothing until it is confirmed.
pub async fn a_signature_that_waits_counts_where_its_last_answer_says(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let new = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene.sign(&new).await;
    let page = outdated(scene, petition).await;
    record(scene, &[answer(&page[0], &city("3915000", "1"))]).await;
    scene.assert_counts_hold(petition).await;
    let confirmed = scene.confirm(new.id).await;
    assert!(matches!(confirmed, ConfirmOutcome::Confirmed { .. }));
    let homes = scene
        .store
        .tallies
        .list_homes(petition)
        .await
        .expect("listed");
    assert_eq!(homes.len(), 1);
    assert_eq!(homes[0].home.as_key(), "3915000");
    scene.assert_counts_hold(petition).await;
}

/// And its address goes when it is found, if nobody wants it kept.
pub async fn what_nothing_matched_is_listed_apart_and_filled_in(scene: &mut Scene) {
    let petition = signed(scene, 2).await;
    let mut lost = scene.signer(petition, "lost@example.org", "cid", "45001");
    (lost.location, lost.level) = (Location::unknown(), "area".into());
    let mut asked = scene.signer(petition, "asked@example.org", "dee", "45001");
    (asked.location, asked.level) = (Location::unknown(), "candidates".into());
    for new in [&lost, &asked] {
        scene.sign(new).await;
        scene.confirm(new.id).await;
    }
    let unmatched = OutdatedFilter {
        is_unmatched: true,
        ..filter(petition)
    };
    let storage = scene.store.reresolutions.clone();
    let page = storage
        .list_outdated(&unmatched, None, 10)
        .await
        .expect("listed");
    assert_eq!(page.iter().map(|one| one.id).collect::<Vec<_>>(), [lost.id]);
    let filled = Reresolved {
        drops_address: true,
        ..answer(&page[0], &city("3972000", "3"))
    };
    assert_eq!(record(scene, &[filled]).await, [lost.id]);
    let sealed = found(scene, lost.id).await.sealed.expect("not erased");
    assert_eq!(sealed.address, None);
    let unlocated = scene
        .store
        .tallies
        .find_home(petition, &Home::NotLocated)
        .await;
    assert_eq!(
        unlocated.expect("found").tally.counted,
        1,
        "the question stays one"
    );
    scene.assert_counts_hold(petition).await;
}

/// A new border cuts the block: the place stays, the district goes, and what is sealed may be another.
pub async fn whoever_keeps_a_block_is_asked_again_and_sealed_anew(scene: &mut Scene) {
    let petition = signed(scene, 0).await;
    let mut bare = scene.signer(petition, "bare@example.org", "ben", "45001");
    (bare.sealed.address, bare.has_block) = (None, true);
    let mut other = scene.signer(petition, "other@example.org", "cid", "45001");
    (other.sealed.address, other.has_block) = (None, true);
    for new in [&bare, &other] {
        scene.sign(new).await;
        scene.confirm(new.id).await;
    }
    let page = outdated(scene, petition).await;
    assert_eq!(page.len(), 2, "a block is enough to be asked about");
    let mut open = city("3972000", "3");
    open.district = None;
    let cut = Reresolved {
        resealed: Some(Resealed {
            signer: b"sealed anew".to_vec(),
            has_block: true,
        }),
        ..answer(&page[0], &open)
    };
    let whole = answer(&page[1], &page[1].location);
    assert_eq!(record(scene, &[cut, whole]).await.len(), 2);
    let (cut, whole) = (found(scene, bare.id).await, found(scene, other.id).await);
    assert_eq!(cut.location, open);
    let seal = |one: &Signature| one.sealed.as_ref().map(|sealed| sealed.signer.clone());
    assert_eq!(seal(&cut).as_deref(), Some(b"sealed anew".as_slice()));
    assert_eq!(seal(&whole), Some(other.sealed.signer.clone()));
    assert_eq!(outdated(scene, petition).await, []);
    assert_eq!(scene.counted(petition).await, 2);
    scene.assert_counts_hold(petition).await;

    let another = OutdatedFilter {
        packs: vec!["newest".into()],
        ..filter(petition)
    };
    let storage = &scene.store.reresolutions;
    let page = storage
        .list_outdated(&another, None, 10)
        .await
        .expect("listed");
    assert_eq!(page.len(), 2, "the block is still there for the next pack");
    let gone = Reresolved {
        resealed: Some(Resealed {
            signer: b"without".to_vec(),
            has_block: false,
        }),
        ..Reresolved::new(
            &page[0],
            page[0].location.clone(),
            "exact",
            "newer still",
            false,
        )
    };
    assert_eq!(record(scene, &[gone]).await.len(), 1);
    let page = storage
        .list_outdated(&another, None, 10)
        .await
        .expect("listed");
    assert_eq!(
        page.iter().map(|one| one.id).collect::<Vec<_>>(),
        [other.id]
    );
}

/// Each signature once, whoever comes first.
pub async fn two_processes_resolve_again_once(scene: &mut Scene) {
    let petition = signed(scene, 30).await;
    let page = outdated(scene, petition).await;
    let again: Vec<Reresolved> = page
        .iter()
        .map(|was| answer(was, &city("3915000", "1")))
        .collect();
    let (one, other) = tokio::join!(
        scene
            .store
            .reresolutions
            .record_resolutions(&again, scene.at),
        scene
            .other
            .reresolutions
            .record_resolutions(&again, scene.at),
    );
    let (one, other) = (one.expect("recorded"), other.expect("recorded"));
    assert_eq!(
        one.len() + other.len(),
        30,
        "{} and {}",
        one.len(),
        other.len()
    );
    assert_eq!(scene.counted(petition).await, 30);
    scene.assert_counts_hold(petition).await;
}

/// Until a newer one takes its place, or it is done.
pub async fn a_report_and_a_wish_are_kept(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let storage = scene.store.reresolutions.clone();
    assert_eq!(
        storage
            .find_reresolution_report(petition)
            .await
            .expect("read"),
        None
    );
    for pack in ["newer", "newest"] {
        let report = ReresolutionReport {
            pack: pack.into(),
            report: "{}".into(),
            made_at: scene.at,
        };
        storage
            .record_reresolution_report(petition, &report)
            .await
            .expect("recorded");
        let found = scene
            .other
            .reresolutions
            .find_reresolution_report(petition)
            .await;
        assert_eq!(found.expect("read"), Some(report));
    }
    let mut request = ReresolutionRequest {
        petition_id: petition,
        applies: false,
        pack: "newest".into(),
        requested_at: scene.at,
    };
    let deed = scene.deed("petition.reresolve");
    storage
        .request_reresolution(&request, &deed)
        .await
        .expect("asked");
    let first = request.clone();
    (request.applies, request.requested_at) = (true, scene.at + Duration::seconds(1));
    storage
        .request_reresolution(&request, &deed)
        .await
        .expect("asked");
    storage
        .finish_reresolution_request(&first)
        .await
        .expect("done");
    let listed = storage.list_reresolution_requests().await.expect("listed");
    assert_eq!(listed, [request.clone()], "the later wish stays");
    storage
        .finish_reresolution_request(&request)
        .await
        .expect("done");
    assert_eq!(
        storage.list_reresolution_requests().await.expect("listed"),
        []
    );
    let deeds = scene.store.audit.list_deeds(0, 100).await.expect("listed");
    let asked = deeds
        .iter()
        .filter(|deed| deed.action == "petition.reresolve");
    assert_eq!(asked.count(), 2);
}
