//! One person, one signature.

use super::scene::{Scene, is_saved};
use crate::signatures::{ConfirmOutcome, Refusal, SignOutcome};
use chrono::Duration;
use redress_model::household::{Household, Slot, Submission, Verdict};
use redress_model::id::SignatureId;
use redress_model::petition::Confirmation as Mode;
use redress_model::signature::RejectionReason;
use redress_model::signature::state::SignatureState;
use tokio::task::JoinSet;

/// The same person again is told so by mail, and not saved.
pub async fn one_person_is_counted_once(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let first = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;

    let again = scene.signer(petition, "ana@example.org", "ana", "45001");
    let outcome = scene.sign(&again).await;

    assert_eq!(
        outcome,
        SignOutcome::Refused {
            refusal: Refusal::AlreadySigned(first),
            has_mail: true
        }
    );
    assert_eq!(
        scene
            .store
            .signatures
            .find_signature(again.id)
            .await
            .expect("read"),
        None
    );
    assert_eq!(scene.counted(petition).await, 1);
}

/// Two people may share a mailbox.
pub async fn a_second_person_of_a_mailbox_counts_at_the_same_zip_and_a_third_never(
    scene: &mut Scene,
) {
    let petition = scene.petition(Mode::Email).await;
    let first = scene
        .sign_and_confirm(petition, "home@example.org", "ana", "45001")
        .await;
    scene
        .sign_and_confirm(petition, "home@example.org", "ben", "45001")
        .await;

    let third = scene.signer(petition, "home@example.org", "cy", "45001");
    let outcome = scene.sign(&third).await;

    assert_eq!(
        outcome,
        SignOutcome::Refused {
            refusal: Refusal::HouseholdFull(first),
            has_mail: true
        }
    );
    assert_eq!(scene.counted(petition).await, 2);
}

/// People of one mailbox live at one ZIP.
pub async fn a_second_person_at_another_zip_is_not_saved(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let first = scene
        .sign_and_confirm(petition, "home@example.org", "ana", "45001")
        .await;

    let second = scene.signer(petition, "home@example.org", "ben", "45999");
    let outcome = scene.sign(&second).await;

    assert_eq!(
        outcome,
        SignOutcome::Refused {
            refusal: Refusal::HouseholdFull(first),
            has_mail: true
        }
    );
}

/// Nobody can lock another person out.
pub async fn the_newest_takes_the_place_of_one_who_waits_and_the_old_link_says_so(
    scene: &mut Scene,
) {
    let petition = scene.petition(Mode::Email).await;
    let stranger = scene.signer(petition, "ana@example.org", "stranger", "45999");
    scene.sign(&stranger).await;
    scene.wait(Duration::minutes(1));

    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    let SignOutcome::Saved { displaced, .. } = scene.sign(&ana).await else {
        panic!("not saved")
    };

    assert_eq!(displaced, [stranger.id]);
    assert_eq!(scene.confirm(stranger.id).await, ConfirmOutcome::Replaced);
    assert_eq!(
        scene.confirm(ana.id).await,
        ConfirmOutcome::Confirmed { number: 1 }
    );
    assert_eq!(
        (scene.counted(petition).await, scene.waiting(petition).await),
        (1, 0)
    );
    scene.assert_counts_hold(petition).await;
}

/// A rule's rejection is quiet.
pub async fn what_a_rule_rejected_is_saved_without_a_mail_and_gives_way(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let mut rejected = scene.signer(petition, "ana@example.org", "ana", "45001");
    rejected.rejection = Some(RejectionReason::ClientRate);
    let outcome = scene.sign(&rejected).await;
    let state = SignatureState::Rejected;
    assert_eq!(
        outcome,
        SignOutcome::Saved {
            state,
            number: None,
            displaced: vec![],
            has_mail: false
        }
    );
    assert!(scene.take_mails().await.is_empty());

    let mut passes = scene.signer(petition, "ana@example.org", "ana", "45001");
    passes.content_key = super::scene::fingerprint("corrected");
    assert!(is_saved(&scene.sign(&passes).await));

    assert!(matches!(
        scene.confirm(passes.id).await,
        ConfirmOutcome::Confirmed { .. }
    ));
    let kept = scene
        .store
        .signatures
        .find_signature(rejected.id)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(
        kept.rejection.map(|(_, reason)| reason),
        Some(RejectionReason::ClientRate)
    );
    scene.assert_counts_hold(petition).await;
}

/// A batch whose commit was not heard of is written again.
pub async fn saving_the_same_signature_twice_is_harmless(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");

    assert!(is_saved(&scene.sign(&ana).await));
    assert!(is_saved(&scene.sign(&ana).await));
    let twice = scene
        .store
        .signatures
        .record_signatures(&[ana.clone(), ana.clone()])
        .await
        .expect("recorded");

    assert!(twice.iter().all(is_saved));
    assert_eq!(scene.counted(petition).await, 1);
    scene.assert_counts_hold(petition).await;
}

/// Random submissions, confirmations and rejections, in batches and alone: the upsert's `where`
/// against the model's function.
pub async fn the_database_decides_as_the_model_does(scene: &mut Scene) {
    for _ in 0..12 {
        let petition = scene.petition(Mode::Email).await;
        let mut model: Option<Household> = None;
        for _ in 0..25 {
            scene.wait(Duration::seconds(1));
            let mut batch = Vec::new();
            for _ in 0..=scene.below(3) {
                let (name, zip) = (
                    ["ana", "ben", "cy"][scene.below(3) as usize],
                    ["1", "2"][scene.below(5) as usize / 4],
                );
                let mut new = scene.signer(petition, "home@example.org", name, zip);
                new.content_key =
                    super::scene::fingerprint(&format!("{name}{zip}{}", scene.below(2)));
                new.rejection = (scene.below(4) == 0).then_some(RejectionReason::ClientRate);
                batch.push(new);
            }
            let expected: Vec<Verdict> = batch
                .iter()
                .map(|new| {
                    let slot = Slot {
                        signature: new.id,
                        name: new.name_key,
                        content: new.content_key,
                        is_firm: false,
                    };
                    let submission = Submission {
                        slot,
                        zip: new.zip_key,
                        is_rejected: new.rejection.is_some(),
                    };
                    if let Some(household) = &mut model {
                        household.submit(&submission)
                    } else {
                        model = Some(Household::begin(&submission));
                        Verdict::Taken { displaced: vec![] }
                    }
                })
                .collect();
            let outcomes = scene
                .store
                .signatures
                .record_signatures(&batch)
                .await
                .expect("recorded");
            for (outcome, expected) in outcomes.iter().zip(expected) {
                // What a rule rejected is saved either way; whether it has a slot shows in what follows.
                let saved = Verdict::Taken { displaced: vec![] };
                assert_eq!(
                    verdict(outcome),
                    if expected == Verdict::NoSlot {
                        saved
                    } else {
                        expected
                    }
                );
            }
            if scene.below(6) == 0 {
                let household = model.as_mut().expect("somebody signed");
                let slot = household
                    .second
                    .filter(|_| scene.below(2) == 0)
                    .unwrap_or(household.first);
                if matches!(
                    scene.confirm(slot.signature).await,
                    ConfirmOutcome::Confirmed { .. }
                ) {
                    household.make_firm(slot.signature);
                }
            }
        }
        scene.assert_counts_hold(petition).await;
    }
}

fn verdict(outcome: &SignOutcome) -> Verdict {
    match outcome {
        SignOutcome::Saved { displaced, .. } => {
            let mut displaced = displaced.clone();
            displaced.sort_unstable();
            Verdict::Taken { displaced }
        }
        SignOutcome::Refused {
            refusal: Refusal::Again(id),
            ..
        } => Verdict::Again(*id),
        SignOutcome::Refused {
            refusal: Refusal::AlreadySigned(id),
            ..
        } => Verdict::Signed(*id),
        SignOutcome::Refused {
            refusal: Refusal::HouseholdFull(id),
            ..
        } => Verdict::Full(*id),
        SignOutcome::Refused { .. } => Verdict::NoSlot,
    }
}

/// 64 writers in two processes, thousands of collisions.
pub async fn many_writers_with_colliding_emails_never_make_a_third_slot(scene: &mut Scene) {
    const EMAILS: usize = 40;
    let petition = scene.petition(Mode::None).await;
    let mut writers = JoinSet::new();
    for writer in 0..64 {
        let store = if writer % 2 == 0 {
            scene.store.clone()
        } else {
            scene.other.clone()
        };
        let batches: Vec<Vec<_>> = (0..5)
            .map(|_| {
                (0..12)
                    .map(|_| {
                        let email = format!("{}@example.org", scene.below(40));
                        let name = format!("name {}", scene.below(5));
                        scene.signer(petition, &email, &name, "45001")
                    })
                    .collect()
            })
            .collect();
        writers.spawn(async move {
            let mut saved: Vec<SignatureId> = Vec::new();
            for batch in batches {
                let outcomes = loop {
                    match store.signatures.record_signatures(&batch).await {
                        Err(error) if error.is_passing() => {}
                        outcomes => break outcomes.expect("recorded"),
                    }
                };
                saved.extend(
                    batch
                        .iter()
                        .zip(&outcomes)
                        .filter(|(_, outcome)| is_saved(outcome))
                        .map(|(new, _)| new.id),
                );
            }
            saved
        });
    }
    let saved = writers.join_all().await.concat();

    // 3,840 submissions of 40 mailboxes with five names each: every mailbox has exactly two.
    assert_eq!(saved.len(), 2 * EMAILS);
    assert_eq!(
        scene.counted(petition).await,
        i64::try_from(saved.len()).expect("a number")
    );
    scene.assert_counts_hold(petition).await;
}

/// Both get the page that all get; one is saved.
pub async fn two_processes_signing_one_person_save_one_signature(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    for round in 0..20 {
        let email = format!("{round}@example.org");
        let one = scene.signer(petition, &email, "ana", "45001");
        let two = scene.signer(petition, &email, "ana", "45001");
        let (one, two) = ([one], [two]);
        let (one, two) = tokio::join!(
            scene.store.signatures.record_signatures(&one),
            scene.other.signatures.record_signatures(&two)
        );
        let saved = one
            .expect("recorded")
            .iter()
            .chain(&two.expect("recorded"))
            .filter(|outcome| is_saved(outcome))
            .count();
        assert_eq!(saved, 1);
    }
    assert_eq!(scene.counted(petition).await, 20);
    scene.assert_counts_hold(petition).await;
}
