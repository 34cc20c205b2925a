//! Confirming and withdrawing.

use super::scene::Scene;
use crate::error::Constraint;
use crate::signatures::{
    ConfirmOutcome, Confirmation, Refusal, SignOutcome, WithdrawOutcome, Withdrawal,
};
use chrono::Duration;
use redress_model::petition::Confirmation as Mode;
use redress_model::petition::state::PetitionState;
use redress_model::signature::state::SignatureState;
use redress_model::signature::{Origin, RejectionReason};

/// Counted once, numbered once.
pub async fn a_second_click_on_the_confirmation_link_is_harmless(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    scene
        .sign_and_confirm(petition, "ben@example.org", "ben", "45001")
        .await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;

    assert_eq!(
        scene.confirm(ana).await,
        ConfirmOutcome::Already { number: 2 }
    );

    assert_eq!(scene.counted(petition).await, 2);
    scene.assert_counts_hold(petition).await;
}

/// The intake may hand both in together.
pub async fn two_clicks_in_one_batch_count_once(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene.sign(&ana).await;
    let click = Confirmation {
        id: ana.id,
        epoch: 0,
        at: scene.at,
    };

    let outcomes = scene
        .store
        .signatures
        .confirm(&[click, click])
        .await
        .expect("confirmed");

    assert_eq!(
        outcomes,
        [
            ConfirmOutcome::Confirmed { number: 1 },
            ConfirmOutcome::Already { number: 1 }
        ]
    );
    assert_eq!(
        (scene.counted(petition).await, scene.waiting(petition).await),
        (1, 0)
    );
}

/// Seven days, and its epoch.
pub async fn a_link_that_is_too_old_or_was_ended_does_not_confirm(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    let ben = scene.signer(petition, "ben@example.org", "ben", "45001");
    scene.sign(&ana).await;
    scene.sign(&ben).await;

    assert!(
        scene
            .store
            .signatures
            .raise_epoch(ben.id)
            .await
            .expect("raised")
    );
    assert_eq!(scene.confirm(ben.id).await, ConfirmOutcome::Late);
    scene.wait(Duration::days(7) + Duration::seconds(1));
    assert_eq!(scene.confirm(ana.id).await, ConfirmOutcome::Late);
    let nobody = scene.signer(petition, "cy@example.org", "cy", "45001").id;
    assert_eq!(scene.confirm(nobody).await, ConfirmOutcome::Unknown);
    assert_eq!(scene.counted(petition).await, 0);
}

/// Signed on the last day.
pub async fn a_link_confirms_for_a_day_after_the_petition_closed(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    let ben = scene.signer(petition, "ben@example.org", "ben", "45001");
    scene.sign(&ana).await;
    scene.sign(&ben).await;
    let deed = scene.deed("petition.close");
    let (open, closed) = (PetitionState::Open, PetitionState::Closed);
    scene
        .store
        .petitions
        .change_petition_state(petition, open, closed, &deed)
        .await
        .expect("closed");

    scene.wait(Duration::hours(24));
    assert!(matches!(
        scene.confirm(ana.id).await,
        ConfirmOutcome::Confirmed { .. }
    ));
    scene.wait(Duration::hours(1));
    assert_eq!(scene.confirm(ben.id).await, ConfirmOutcome::Closed);
}

/// Withdrawing is no way to sign twice.
pub async fn a_withdrawn_signature_counts_no_longer_and_keeps_its_slot(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
    let withdrawal = Withdrawal {
        id: ana,
        at: scene.at,
    };

    let outcomes = scene
        .store
        .signatures
        .withdraw(&[withdrawal, withdrawal])
        .await
        .expect("withdrawn");

    assert_eq!(
        outcomes,
        [WithdrawOutcome::Withdrawn, WithdrawOutcome::Already]
    );
    assert_eq!(scene.counted(petition).await, 0);
    assert_eq!(
        scene.confirm(ana).await,
        ConfirmOutcome::Ended(SignatureState::Withdrawn)
    );
    let again = scene.signer(petition, "ana@example.org", "ana", "45001");
    let refusal = Refusal::AlreadySigned(ana);
    assert_eq!(
        scene.sign(&again).await,
        SignOutcome::Refused {
            refusal,
            has_mail: true
        }
    );
    scene.assert_counts_hold(petition).await;
}

/// And its slot is firm at once.
pub async fn a_petition_without_confirmation_counts_at_once(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    let ben = scene.signer(petition, "ben@example.org", "ben", "45001");

    let outcomes = scene
        .store
        .signatures
        .record_signatures(&[ana, ben])
        .await
        .expect("recorded");

    let saved = |number| SignOutcome::Saved {
        state: SignatureState::Confirmed,
        number: Some(number),
        displaced: vec![],
        has_mail: false,
    };
    assert_eq!(outcomes, [saved(1), saved(2)]);
    assert_eq!(
        (scene.counted(petition).await, scene.waiting(petition).await),
        (2, 0)
    );
    scene.assert_counts_hold(petition).await;
}

/// A sheet is its own confirmation; it is typed in when the street campaign is over.
pub async fn paper_counts_at_once_and_after_the_petition_closed(scene: &mut Scene) {
    let petition = scene.petition_in(PetitionState::Closed, Mode::Email).await;
    let mut ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    ana.origin = Origin::Paper;
    ana.sheet = Some("sheet 4, line 12".into());

    let outcome = scene.sign(&ana).await;

    assert!(
        matches!(
            outcome,
            SignOutcome::Saved {
                number: Some(1),
                has_mail: false,
                ..
            }
        ),
        "{outcome:?}"
    );
    let total = scene.total(petition).await;
    assert_eq!((total.counted, total.paper), (1, 1));
    let mut twin = scene.signer(petition, "ana@example.org", "ana", "45001");
    twin.origin = Origin::Paper;
    let refusal = Refusal::AlreadySigned(ana.id);
    assert_eq!(
        scene.sign(&twin).await,
        SignOutcome::Refused {
            refusal,
            has_mail: false
        }
    );
}

/// The table of transitions lies in the database, under a trigger: a program that errs is stopped.
pub async fn an_illegal_step_is_refused_by_the_database(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
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

    for statement in [
        "update signature set state = 'pending' where id = $1",
        "update signature set state = 'confirmed', is_counted = true where id = $1",
    ] {
        let refused = (scene.run)(statement, ana).await;
        assert_eq!(refused, Err(Constraint::SignatureTransition.name().into()));
    }
    let deed = scene.deed("signature.reject");
    let rejected = scene
        .store
        .signatures
        .reject(&[ana], RejectionReason::NotGenuine, &deed)
        .await
        .expect("tried");
    assert!(rejected.is_empty());
    scene.assert_counts_hold(petition).await;
}

/// Two slots with one name would count one person twice.
pub async fn two_slots_of_one_name_are_refused_by_the_database(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
    let twin =
        "update household set b_id = a_id, b_name = a_name, b_content = a_content where a_id = $1";
    assert_eq!(
        (scene.run)(twin, ana).await,
        Err(Constraint::HouseholdNames.name().into())
    );
}
