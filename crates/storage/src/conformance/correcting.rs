//! Signers who say where they live.

use super::scene::{Scene, city};
use crate::signatures::{CorrectOutcome, Correction, Withdrawal};
use redress_model::home::Location;
use redress_model::id::SignatureId;
use redress_model::petition::Confirmation as Mode;
use redress_model::signature::state::SignatureState;

fn said(geoid: &str, district: &str) -> Location {
    Location {
        is_self_asserted: true,
        ..city(geoid, district)
    }
}

async fn correct(scene: &Scene, id: SignatureId, location: &Location) -> CorrectOutcome {
    let correction = Correction {
        id,
        location: location.clone(),
        at: scene.at,
    };
    let corrected = scene.store.signatures.correct(&[correction]).await;
    corrected.expect("corrected").remove(0)
}

/// Counted or waiting, and marked as the signer's word.
pub async fn a_signer_says_where_a_signature_is_counted(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let mut ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    ana.location = city("9900100", "");
    scene.sign(&ana).await;
    let (fourth, fifth) = (said("9900100", "4"), said("9900100", "5"));
    let waiting = correct(scene, ana.id, &fourth).await;
    assert_eq!(waiting, CorrectOutcome::Corrected);
    scene.confirm(ana.id).await;
    assert_eq!(
        correct(scene, ana.id, &fourth).await,
        CorrectOutcome::Already
    );
    assert_eq!(
        correct(scene, ana.id, &fifth).await,
        CorrectOutcome::Corrected
    );
    let tallies = &scene.store.tallies;
    let districts = tallies.list_districts(petition, None).await;
    let districts: Vec<_> = districts
        .expect("listed")
        .into_iter()
        .filter(|row| !row.tally.is_zero())
        .collect();
    assert_eq!(districts.len(), 1);
    assert_eq!(districts[0].district, fifth.district);
    assert_eq!(districts[0].tally.self_asserted, 1);
    scene.assert_counts_hold(petition).await;
}

/// In one batch, and after it ended.
pub async fn corrections_of_one_signature_follow_each_other(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene.sign(&ana).await;
    let (fourth, fifth) = (said("9900100", "4"), said("9900200", "5"));
    let correction = |location: &Location| Correction {
        id: ana.id,
        location: location.clone(),
        at: scene.at,
    };
    let batch = [&fourth, &fifth, &fifth].map(correction);
    let outcomes = scene.store.signatures.correct(&batch).await;
    assert_eq!(
        outcomes.expect("corrected"),
        [
            CorrectOutcome::Corrected,
            CorrectOutcome::Corrected,
            CorrectOutcome::Already
        ]
    );
    scene.assert_counts_hold(petition).await;
    let withdrawal = Withdrawal {
        id: ana.id,
        at: scene.at,
    };
    let withdrawn = scene.store.signatures.withdraw(&[withdrawal]).await;
    withdrawn.expect("withdrawn");
    assert_eq!(
        correct(scene, ana.id, &fourth).await,
        CorrectOutcome::Ended(SignatureState::Withdrawn)
    );
    scene.assert_counts_hold(petition).await;
}

/// Where the letter says, whatever the signer says later.
pub async fn what_a_letter_holds_is_corrected_no_more(scene: &mut Scene) {
    let (petition, batch) = super::freezing::frozen(scene, 1).await;
    let held = batch.rows[0].signature_id;
    let outcome = correct(scene, held, &said("9900200", "4")).await;
    assert_eq!(outcome, CorrectOutcome::Frozen);
    let kept = scene.store.signatures.find_signature(held).await;
    let kept = kept.expect("read").expect("there");
    assert!(!kept.location.is_self_asserted);
    assert!(kept.frozen_at.is_some());
    scene.assert_counts_hold(petition).await;
}
