//! Proof of work, and permits in its place.

use super::scene::{Scene, fingerprint, is_saved};
use crate::mails::MailKind;
use crate::proofs::{NewPermit, PERMITTED};
use crate::signatures::Counted;
use chrono::Duration;
use redress_model::abuse::proof::ProofMode;
use redress_model::id::{PermitId, PetitionId, SignatureId};
use redress_model::petition::Confirmation as Mode;
use uuid::Uuid;

fn permit(scene: &Scene, petition: PetitionId, id: u128, email: &str, client: &str) -> NewPermit {
    NewPermit {
        id: PermitId(Uuid::from_u128(id)),
        petition_id: petition,
        email_key: fingerprint(email),
        client_key: Some(fingerprint(client)),
        sealed_email: vec![1, 2, 3],
        language: "es".into(),
        asked_at: scene.at,
    }
}

/// What one process sees or sets, the others know; what is set by hand ends what was seen.
pub async fn an_attack_is_known_to_all_processes_until_it_is_over(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let (here, there) = (scene.store.proofs.clone(), scene.other.proofs.clone());
    let rule = here.find_proof_rule(petition).await.expect("read");
    assert_eq!((rule.mode, rule.until_at), (ProofMode::Automatic, None));
    let until = scene.at + Duration::minutes(30);
    here.extend_attack(petition, until).await.expect("written");
    let earlier = until - Duration::minutes(5);
    there
        .extend_attack(petition, earlier)
        .await
        .expect("written");
    let rule = there.find_proof_rule(petition).await.expect("read");
    assert_eq!(rule.until_at, Some(until), "the later stands");
    assert!(rule.is_asking(scene.at) && !rule.is_asking(until));
    for (mode, is_asking) in [
        (ProofMode::On, true),
        (ProofMode::Off, false),
        (ProofMode::Automatic, false),
    ] {
        let deed = scene.deed("abuse.proof");
        let set = here.record_proof_mode(petition, mode, &deed).await;
        set.expect("set");
        let rule = there.find_proof_rule(petition).await.expect("read");
        assert_eq!((rule.mode, rule.is_asking(scene.at)), (mode, is_asking));
    }
}

/// On two processes at once too; the signature that spent it may say so again.
pub async fn a_proof_is_spent_once_by_one_signature(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let elsewhere = scene.petition(Mode::Email).await;
    let over = scene.at + Duration::minutes(10);
    let (here, there) = (scene.store.proofs.clone(), scene.other.proofs.clone());
    for round in 0..10 {
        let proof = fingerprint(&format!("proof {round}"));
        let [one, other] =
            [round * 2 + 1, round * 2 + 2].map(|id| SignatureId(Uuid::from_u128(id)));
        let (a, b) = tokio::join!(
            here.spend_proof(petition, proof, one, over),
            there.spend_proof(petition, proof, other, over)
        );
        let (a, b) = (a.expect("asked"), b.expect("asked"));
        assert!(a != b, "one of the two");
        let had = if a { one } else { other };
        let again = there.spend_proof(petition, proof, had, over).await;
        assert!(again.expect("asked"));
        let at_another = here.spend_proof(elsewhere, proof, other, over).await;
        assert!(at_another.expect("asked"), "petitions share no proofs");
    }
    assert_eq!(here.erase_proofs(scene.at).await.expect("erased"), 0);
    assert_eq!(here.erase_proofs(over).await.expect("erased"), 20);
}

/// With its mail; it is good once granted, until it is over and erased.
pub async fn a_permit_comes_by_mail_and_is_granted_by_its_button(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let (here, there) = (scene.store.proofs.clone(), scene.other.proofs.clone());
    let new = permit(scene, petition, 1, "ana", "one");
    assert!(here.request_permit(&new, None).await.expect("kept"));
    let mails = scene.take_mails().await;
    let told: Vec<_> = mails.iter().map(|it| (it.kind, it.id.0)).collect();
    assert_eq!(told, [(MailKind::Permit, new.id.0)]);
    let found = there.find_permit(new.id).await.expect("read");
    let found = found.expect("there");
    assert_eq!(found.petition_id, petition);
    assert_eq!(
        (found.sealed_email, found.language),
        (vec![1, 2, 3], "es".to_owned())
    );
    assert_eq!(found.expires_at, scene.at + PERMITTED);
    assert!(!found.is_granted);
    for _ in 0..2 {
        here.grant_permit(new.id, scene.at).await.expect("granted");
    }
    let found = there.find_permit(new.id).await.expect("read");
    assert!(found.expect("there").is_granted);
    scene.wait(PERMITTED);
    assert_eq!(here.erase_proofs(scene.at).await.expect("erased"), 1);
    assert_eq!(there.find_permit(new.id).await.expect("read"), None);
}

/// Mails about its signatures count among the five.
pub async fn an_email_gets_five_mails_a_day_and_a_client_asks_so_often_an_hour(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let proofs = scene.store.proofs.clone();
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    scene.sign(&ana).await;
    let mut kept = Vec::new();
    for id in 1..=5 {
        let mut new = permit(scene, petition, id, "ana", "one");
        new.email_key = ana.email_key;
        kept.push(proofs.request_permit(&new, None).await.expect("asked"));
    }
    assert_eq!(kept, [true, true, true, true, false]);
    assert_eq!(scene.take_mails().await.len(), 5);
    let mut kept = Vec::new();
    for id in 11..=14 {
        let new = permit(scene, petition, id, &format!("person {id}"), "two");
        kept.push(proofs.request_permit(&new, Some(3)).await.expect("asked"));
    }
    assert_eq!(kept, [true, true, true, false]);
    scene.wait(Duration::hours(24));
    let mut new = permit(scene, petition, 21, "ana", "two");
    new.email_key = ana.email_key;
    assert!(proofs.request_permit(&new, Some(3)).await.expect("asked"));
}

/// Whether a mail brings a permit or a link, it is one of the five.
pub async fn mails_of_permits_count_among_those_of_signatures(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let proofs = scene.store.proofs.clone();
    let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
    let ben = scene.signer(petition, "ben@example.org", "ben", "45001");
    for (number, signer, permits) in [(1, &ana, 3), (11, &ben, 5)] {
        for id in number..number + permits {
            let mut new = permit(scene, petition, id, "somebody", "one");
            new.email_key = signer.email_key;
            assert!(proofs.request_permit(&new, None).await.expect("asked"));
        }
    }
    scene.take_mails().await;
    // Three permits leave room for two links, however often it is signed.
    for _ in 0..4 {
        scene.sign(&ana).await;
        let again = scene.signer(petition, "ana@example.org", "ana", "45001");
        scene.sign(&again).await;
    }
    assert_eq!(scene.take_mails().await.len(), 2);
    // Five leave none: the signature is saved, and waits for its mail of another day.
    assert!(is_saved(&scene.sign(&ben).await));
    assert_eq!(scene.take_mails().await.len(), 0);
    scene.wait(Duration::hours(24));
    let again = scene.signer(petition, "ben@example.org", "ben", "45001");
    scene.sign(&again).await;
    assert_eq!(scene.take_mails().await.len(), 1);
}

/// It was spent for nothing.
pub async fn a_proof_whose_signature_was_not_saved_is_good_again(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let (here, there) = (scene.store.proofs.clone(), scene.other.proofs.clone());
    let (proof, over) = (fingerprint("proof"), scene.at + Duration::minutes(10));
    let [one, other] = [1, 2].map(|id| SignatureId(Uuid::from_u128(id)));
    let spent = here.spend_proof(petition, proof, one, over).await;
    assert!(spent.expect("asked"));
    // Who does not have it gives nothing back.
    let back = here.return_proof(petition, proof, other).await;
    back.expect("returned");
    let spent = there.spend_proof(petition, proof, other, over).await;
    assert!(!spent.expect("asked"));
    for _ in 0..2 {
        let back = here.return_proof(petition, proof, one).await;
        back.expect("returned");
    }
    let spent = there.spend_proof(petition, proof, other, over).await;
    assert!(spent.expect("asked"));
}

/// Each submission once, whoever sent it.
pub async fn arrivals_are_counted_between_two_instants(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let proofs = scene.other.proofs.clone();
    let began = scene.at;
    for (people, minutes) in [(3, 30), (2, 0)] {
        for person in 0..people {
            let email = format!("{person}.{minutes}@example.org");
            let mut new = scene.signer(petition, &email, "ana", "45001");
            new.arrival.domain = Some(Counted {
                key: fingerprint("example.org"),
                is_limited: false,
            });
            scene.sign(&new).await;
        }
        scene.wait(Duration::minutes(minutes));
    }
    let lately = scene.at - Duration::minutes(10);
    let count = proofs.count_arrivals(petition, lately, scene.at).await;
    assert_eq!(count.expect("counted"), 2);
    let before = began - Duration::minutes(10);
    let count = proofs.count_arrivals(petition, before, lately).await;
    assert_eq!(count.expect("counted"), 3);
}
