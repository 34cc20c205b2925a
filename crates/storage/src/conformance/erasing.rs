//! Forgetting.

use super::scene::{Scene, fingerprint, is_saved};
use crate::signatures::{EraseOutcome, Wishes, Withdrawal};
use chrono::Duration;
use redress_model::id::SignatureId;
use redress_model::petition::Confirmation as Mode;
use redress_model::petition::state::PetitionState;
use redress_model::signature::RejectionReason;
use redress_model::signature::state::SignatureState;

/// The counts follow: erasing before a freeze is a withdrawal.
pub async fn erasing_frees_the_slot_and_empties_the_row(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "home@example.org", "ana", "45001")
        .await;
    let ben = scene
        .sign_and_confirm(petition, "home@example.org", "ben", "45001")
        .await;

    let erased = scene
        .store
        .signatures
        .erase(ana, scene.at)
        .await
        .expect("erased");
    assert_eq!(erased, EraseOutcome::Erased { is_counted: false });
    assert_eq!(
        scene
            .store
            .signatures
            .erase(ana, scene.at)
            .await
            .expect("erased"),
        EraseOutcome::Already
    );

    let row = scene
        .store
        .signatures
        .find_signature(ana)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(
        (row.state, row.sealed, row.is_counted),
        (SignatureState::Erased, None, false)
    );
    assert_ne!(row.email_key, fingerprint("home@example.org"));
    assert_eq!(scene.counted(petition).await, 1);
    scene
        .sign_and_confirm(petition, "home@example.org", "ana", "45001")
        .await;
    assert_eq!(scene.counted(petition).await, 2);
    scene
        .store
        .signatures
        .erase(ben, scene.at)
        .await
        .expect("erased");
    assert_eq!(scene.counted(petition).await, 1);
    scene.assert_counts_hold(petition).await;
}

/// Somebody asks staff: all of a mailbox go at once, and the log says so as soon as they are gone. Two who press the button do it once.
pub async fn an_erasure_by_staff_is_on_record_and_nothing_erased_is_not(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let mut ids = Vec::new();
    for (email, name) in [("home", "ana"), ("home", "ben"), ("cid", "cid")] {
        let email = format!("{email}@example.org");
        let signed = scene.sign_and_confirm(petition, &email, name, "45001");
        ids.push(signed.await);
    }
    let waiting = scene.signer(petition, "dee@example.org", "dee", "45001");
    scene.sign(&waiting).await;
    let nobody = scene.signer(petition, "eve@example.org", "eve", "45001").id;
    let (home, cid) = ([ids[0], ids[1]], ids[2]);
    let deed = scene.deed("signature.erase");
    let (here, there) = (&scene.store.signatures, &scene.other.signatures);

    let (one, two) = tokio::join!(
        here.erase_as_asked(&home, &deed),
        there.erase_as_asked(&home, &deed)
    );
    let mut gone = [one.expect("erased"), two.expect("erased")].concat();
    gone.sort_unstable();
    let mut expected = home;
    expected.sort_unstable();
    assert_eq!(gone, expected);
    assert_eq!(
        (erasures(scene).await, scene.counted(petition).await),
        (1, 1)
    );
    let again = there.erase_as_asked(&[home[0], nobody], &deed).await;
    assert_eq!(again.expect("answered"), []);
    let none = there.erase_as_asked(&[], &deed).await;
    assert_eq!(none.expect("answered"), []);
    assert_eq!(erasures(scene).await, 1, "nothing was erased");

    let rest = [cid, home[1], waiting.id];
    let mut gone = there.erase_as_asked(&rest, &deed).await.expect("erased");
    gone.sort_unstable();
    let mut expected = [cid, waiting.id];
    expected.sort_unstable();
    assert_eq!(gone, expected);
    assert_eq!(erasures(scene).await, 2);
    for id in [home[0], home[1], cid, waiting.id] {
        assert_eq!(state(scene, id).await, Some(SignatureState::Erased));
    }
    assert_eq!(
        (scene.counted(petition).await, scene.waiting(petition).await),
        (0, 0)
    );
    assert_eq!(
        scene.store.audit.find_broken_link().await.expect("read"),
        None
    );
    scene.assert_counts_hold(petition).await;
}

/// The letter that went out says so many, and its numbers agree for good.
pub async fn what_was_in_a_frozen_batch_stays_counted_when_it_is_erased(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
    let freeze = "update signature set frozen_at = signed_at where id = $1";
    assert_eq!((scene.run)(freeze, ana).await, Ok(1));

    let erased = scene
        .store
        .signatures
        .erase(ana, scene.at)
        .await
        .expect("erased");

    assert_eq!(erased, EraseOutcome::Erased { is_counted: true });
    let row = scene
        .store
        .signatures
        .find_signature(ana)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(
        (row.state, row.sealed, row.is_counted),
        (SignatureState::Erased, None, true)
    );
    assert_eq!(scene.counted(petition).await, 1);
    scene.assert_counts_hold(petition).await;
}

/// After seven days nothing personal is left of it, and its mailbox is free.
pub async fn what_waits_past_its_time_is_erased(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene.sign(&ana).await;
    let ben = scene
        .sign_and_confirm(petition, "ben@example.org", "ben", "45001")
        .await;
    scene.wait(Duration::days(6));
    let cy = scene.signer(petition, "cy@example.org", "cy", "45001");
    scene.sign(&cy).await;
    scene.wait(Duration::days(2));

    assert_eq!(
        scene
            .store
            .signatures
            .erase_expired(scene.at, 100)
            .await
            .expect("erased"),
        1
    );
    assert_eq!(
        scene
            .store
            .signatures
            .erase_expired(scene.at, 100)
            .await
            .expect("erased"),
        0
    );

    assert_eq!(state(scene, ana.id).await, Some(SignatureState::Erased));
    assert_eq!(state(scene, ben).await, Some(SignatureState::Confirmed));
    assert_eq!(state(scene, cy.id).await, Some(SignatureState::Pending));
    assert_eq!(
        (scene.counted(petition).await, scene.waiting(petition).await),
        (1, 1)
    );
    let again = scene.signer(petition, "ana@example.org", "ana", "45999");
    assert!(is_saved(&scene.sign(&again).await));
    scene.assert_counts_hold(petition).await;
}

/// Who is outside any city, or in a city that never got a letter, is not kept for ever; the numbers stay.
pub async fn what_no_batch_held_is_forgotten_after_its_time_and_stays_counted(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
    let ben = scene
        .sign_and_confirm(petition, "ben@example.org", "ben", "45001")
        .await;
    let mut robot = scene.signer(petition, "cy@example.org", "cy", "45001");
    robot.rejection = Some(RejectionReason::Robot);
    scene.sign(&robot).await;
    let signatures = scene.store.signatures.clone();
    let withdrawal = Withdrawal {
        id: ben,
        at: scene.at,
    };
    signatures.withdraw(&[withdrawal]).await.expect("withdrawn");
    let over = |at| {
        let signatures = signatures.clone();
        async move {
            let mut over = signatures.list_left_over(at, 10).await.expect("listed");
            over.sort_unstable();
            over
        }
    };
    let days = Duration::days(180);
    assert_eq!(over(scene.at + days - Duration::hours(1)).await, []);
    let mut ended = [ben, robot.id];
    ended.sort_unstable();
    assert_eq!(
        over(scene.at + days).await,
        ended,
        "an open petition keeps who counts"
    );

    let deed = scene.deed("petition.close");
    let (open, closed) = (PetitionState::Open, PetitionState::Closed);
    let petitions = &scene.store.petitions;
    let changed = petitions.change_petition_state(petition, open, closed, &deed);
    changed.await.expect("closed");
    let at = scene.at + days;
    let mut all = [ana, ben, robot.id];
    all.sort_unstable();
    assert_eq!(over(at).await, all);
    // A round that is cut short goes on with the next, beside another.
    let first = scene.store.signatures.forget(ana, at).await;
    assert_eq!(
        first.expect("forgotten"),
        EraseOutcome::Erased { is_counted: true }
    );
    let again = scene.other.signatures.forget(ana, at).await;
    assert_eq!(again.expect("forgotten"), EraseOutcome::Already);
    assert_eq!(over(at).await, ended);
    for id in ended {
        let outcome = scene.other.signatures.forget(id, at).await;
        assert_eq!(
            outcome.expect("forgotten"),
            EraseOutcome::Erased { is_counted: false }
        );
    }
    assert_eq!(over(at).await, []);
    let row = signatures
        .find_signature(ana)
        .await
        .expect("read")
        .expect("there");
    assert_eq!((row.state, row.sealed), (SignatureState::Erased, None));
    assert_eq!(scene.counted(petition).await, 1);
    scene.assert_counts_hold(petition).await;
}

/// Small changes of a row.
pub async fn wishes_codes_and_epochs_are_kept(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
    let signatures = &scene.store.signatures;
    let wishes = Wishes {
        shares_comment: true,
        lists_name: false,
        wants_updates: true,
    };

    assert!(
        signatures
            .record_wishes(ana, wishes)
            .await
            .expect("recorded")
    );
    assert!(signatures.drop_address(ana).await.expect("dropped"));
    assert_eq!(signatures.record_wrong_code(ana).await.expect("counted"), 1);
    assert_eq!(signatures.record_wrong_code(ana).await.expect("counted"), 2);
    assert!(signatures.raise_epoch(ana).await.expect("raised"));

    let row = signatures
        .find_signature(ana)
        .await
        .expect("read")
        .expect("there");
    assert_eq!((row.wishes, row.wrong_codes, row.epoch), (wishes, 2, 1));
    assert_eq!(row.sealed.expect("sealed").address, None);
}

async fn state(scene: &Scene, id: SignatureId) -> Option<SignatureState> {
    scene
        .store
        .signatures
        .find_signature(id)
        .await
        .expect("read")
        .map(|row| row.state)
}

async fn erasures(scene: &Scene) -> usize {
    let deeds = scene.store.audit.list_deeds(0, 1_000).await;
    let deeds = deeds.expect("read");
    deeds
        .iter()
        .filter(|deed| deed.action == "signature.erase")
        .count()
}
