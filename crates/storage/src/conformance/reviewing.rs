//! What staff do.

use super::scene::{Scene, fingerprint, is_saved};
use crate::mails::MailKind;
use crate::signatures::{ConfirmOutcome, Refusal, SignOutcome, SignatureFilter};
use redress_model::petition::Confirmation as Mode;
use redress_model::signature::RejectionReason;
use redress_model::signature::state::SignatureState;

/// A sweep and its undo.
pub async fn staff_refuse_and_put_back_with_the_same_numbers(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = scene
        .sign_and_confirm(petition, "ana@example.org", "ana", "45001")
        .await;
    let ben = scene.signer(petition, "ben@example.org", "ben", "45001");
    scene.sign(&ben).await;
    let ids = [ana, ben.id];

    let deed = scene.deed("signature.reject");
    let rejected = scene
        .store
        .signatures
        .reject(&ids, RejectionReason::NotGenuine, &deed)
        .await
        .expect("rejected");
    assert_eq!(rejected.len(), 2);
    assert_eq!(
        (scene.counted(petition).await, scene.waiting(petition).await),
        (0, 0)
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

    let deed = scene.deed("signature.put_back");
    let back = scene
        .store
        .signatures
        .put_back(&ids, &deed, &mut scene.random)
        .await
        .expect("put back");
    assert_eq!(back, ids);
    assert_eq!(
        (scene.counted(petition).await, scene.waiting(petition).await),
        (1, 1)
    );
    let row = scene
        .store
        .signatures
        .find_signature(ana)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(
        (row.state, row.number, row.rejection),
        (SignatureState::Confirmed, Some(1), None)
    );
    assert_eq!(
        scene.confirm(ben.id).await,
        ConfirmOutcome::Confirmed { number: 2 }
    );
    scene.assert_counts_hold(petition).await;
}

/// Unless somebody else has the slot by now.
pub async fn a_rule_rejected_signature_that_is_put_back_gets_its_mail(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let mut ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    ana.rejection = Some(RejectionReason::ClientRate);
    scene.sign(&ana).await;
    let deed = scene.deed("signature.put_back");

    let back = scene
        .store
        .signatures
        .put_back(&[ana.id], &deed, &mut scene.random)
        .await
        .expect("put back");
    assert_eq!(back, [ana.id]);
    let mails = scene.take_mails().await;
    assert_eq!(
        mails
            .iter()
            .map(|mail| (mail.signature_id, mail.kind))
            .collect::<Vec<_>>(),
        [(ana.id, MailKind::Confirm)]
    );
    assert!(matches!(
        scene.confirm(ana.id).await,
        ConfirmOutcome::Confirmed { .. }
    ));

    let mut late = scene.signer(petition, "ana@example.org", "ana", "45001");
    late.rejection = Some(RejectionReason::ClientRate);
    assert!(is_saved(&scene.sign(&late).await));
    let back = scene
        .store
        .signatures
        .put_back(&[late.id], &deed, &mut scene.random)
        .await
        .expect("put back");
    assert!(back.is_empty());
    scene.assert_counts_hold(petition).await;
}

/// By id, which is by time.
pub async fn signatures_are_listed_page_by_page(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let mut expected = Vec::new();
    for person in 0..25 {
        scene.wait(chrono::Duration::seconds(1));
        let new = scene.signer(petition, &format!("{person}@example.org"), "ana", "45001");
        scene.sign(&new).await;
        expected.push(new.id);
    }
    let other = scene.petition(Mode::None).await;
    let elsewhere = scene.signer(other, "x@example.org", "x", "45001");
    scene.sign(&elsewhere).await;

    let mut filter = SignatureFilter::of(petition);
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = scene
            .store
            .signatures
            .list_signatures(&filter, after, 10)
            .await
            .expect("listed");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        listed.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(listed, expected);
    filter.state = Some(SignatureState::Pending);
    assert!(
        scene
            .store
            .signatures
            .list_signatures(&filter, None, 10)
            .await
            .expect("listed")
            .is_empty()
    );
}

/// The same name in the same unit of one house, under another e-mail: told of, and counted.
pub async fn one_person_with_several_e_mails_is_told(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let elsewhere = scene.petition(Mode::Email).await;
    let [ana, ben, cid] = ["ana at 1 main", "ben at 1 main", "cid at 2 main"].map(fingerprint);
    let signed = [
        (petition, "ana@example.org", ana),
        (petition, "ana@example.com", ana),
        (petition, "ana@example.net", ana),
        (petition, "ben@example.org", ben),
        (petition, "cid@example.org", cid),
        (elsewhere, "cid@example.com", cid),
    ];
    let mut last = None;
    for (petition, email, person) in signed {
        let mut new = scene.signer(petition, email, "somebody", "45001");
        new.address_key = Some(person);
        scene.sign(&new).await;
        // Signing again under the same e-mail is nothing to be told of.
        let mut again = scene.signer(petition, email, "somebody", "45001");
        again.address_key = Some(person);
        scene.sign(&again).await;
        if email == "ana@example.net" {
            last = Some(new.id);
        }
    }
    let signatures = scene.other.signatures.clone();
    let asked = [ana, ben, cid, fingerprint("nobody")];
    let told = signatures.list_several_mailboxes(petition, &asked).await;
    assert_eq!(told.expect("listed"), [(ana, 3)]);
    let told = signatures.list_several_mailboxes(petition, &[]).await;
    assert_eq!(told.expect("listed"), []);
    let id = last.expect("signed");
    signatures.erase(id, scene.at).await.expect("erased");
    let told = signatures.list_several_mailboxes(petition, &asked).await;
    assert_eq!(told.expect("listed"), [(ana, 2)]);
}
