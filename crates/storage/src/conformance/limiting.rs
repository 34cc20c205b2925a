//! Limits that are counted where signatures are written, and the rules that set them.

use super::scene::{Scene, fingerprint};
use crate::StorageError;
use crate::abuse::{AbuseRules, ArrivalKind};
use crate::mails::MailKind;
use crate::signatures::{Arrival, Counted, NewSignature, SignOutcome};
use chrono::Duration;
use redress_model::abuse::limits::Limits;
use redress_model::id::PetitionId;
use redress_model::petition::Confirmation as Mode;
use redress_model::signature::state::SignatureState;
use redress_model::signature::{RejectedBy, RejectionReason};

fn counted(key: &str, is_limited: bool) -> Counted {
    let key = fingerprint(key);
    Counted { key, is_limited }
}

async fn set(scene: &Scene, petition: PetitionId, version: i64, limits: (u32, u32)) {
    let rules = AbuseRules {
        petition_id: petition,
        version,
        limits: Limits {
            client_an_hour: Some(limits.0),
            domain_an_hour: Some(limits.1),
        },
        sealed: vec![1, 2, 3],
        changed_at: scene.at,
    };
    let deed = scene.deed("abuse.edit");
    let recorded = scene.store.abuse.record_abuse_rules(&rules, &deed).await;
    recorded.expect("the rules are recorded");
}

fn from(scene: &mut Scene, petition: PetitionId, person: u32, client: &str) -> NewSignature {
    let email = format!("{person}@{client}.example.org");
    let mut new = scene.signer(petition, &email, "ana", "45001");
    new.client_key = Some(fingerprint(client));
    new.arrival = Arrival {
        client: Some(counted(client, true)),
        domain: Some(counted("example.org", true)),
    };
    new
}

fn is_rejected(outcome: &SignOutcome) -> bool {
    let SignOutcome::Saved {
        state, has_mail, ..
    } = outcome
    else {
        panic!("not saved: {outcome:?}");
    };
    assert_eq!(*has_mail, *state == SignatureState::Pending);
    *state == SignatureState::Rejected
}

/// Within one batch, in the next, and from the other process.
pub async fn whoever_comes_after_the_limit_is_rejected_silently(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    set(scene, petition, 1, (3, 100)).await;
    let batch: Vec<_> = (0..5)
        .map(|person| from(scene, petition, person, "one"))
        .collect();
    let outcomes = scene.store.signatures.record_signatures(&batch).await;
    let outcomes = outcomes.expect("recorded");
    let rejected: Vec<bool> = outcomes.iter().map(is_rejected).collect();
    assert_eq!(rejected, [false, false, false, true, true]);
    let late = from(scene, petition, 5, "one");
    let elsewhere = from(scene, petition, 6, "two");
    let batch = [late.clone(), elsewhere];
    let outcomes = scene.other.signatures.record_signatures(&batch).await;
    let outcomes = outcomes.expect("recorded");
    let rejected: Vec<bool> = outcomes.iter().map(is_rejected).collect();
    assert_eq!(rejected, [true, false]);
    let row = scene.store.signatures.find_signature(late.id).await;
    let row = row.expect("read").expect("there");
    let reason = (RejectedBy::Rule, RejectionReason::ClientRate);
    assert_eq!(row.rejection, Some(reason));
    assert_eq!(row.client_key, late.client_key);
    assert_eq!(scene.take_mails().await.len(), 4);
    scene.assert_counts_hold(petition).await;

    scene.wait(Duration::hours(1));
    let again = from(scene, petition, 7, "one");
    assert!(!is_rejected(&scene.sign(&again).await));
}

/// By domain too, with its own reason; who is spared is counted and passes.
pub async fn a_domain_has_a_limit_of_its_own_and_some_are_spared(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    set(scene, petition, 1, (100, 2)).await;
    for person in 0..2 {
        let new = from(scene, petition, person, &format!("client{person}"));
        assert!(!is_rejected(&scene.sign(&new).await));
    }
    let mut spared = from(scene, petition, 2, "client2");
    spared.arrival.domain = Some(counted("example.org", false));
    assert!(!is_rejected(&scene.sign(&spared).await));
    let new = from(scene, petition, 3, "client3");
    assert!(is_rejected(&scene.sign(&new).await));
    let row = scene.store.signatures.find_signature(new.id).await;
    let rejection = row.expect("read").expect("there").rejection;
    let reason = (RejectedBy::Rule, RejectionReason::DomainRate);
    assert_eq!(rejection, Some(reason));
    let other = scene.petition(Mode::Email).await;
    let new = from(scene, other, 4, "client4");
    assert!(!is_rejected(&scene.sign(&new).await), "another petition");
}

/// A whole hall signs, and then no more than the limit.
pub async fn five_hundred_of_one_client_pass_where_nobody_set_a_limit(scene: &mut Scene) {
    let petition = scene.petition(Mode::None).await;
    let batch: Vec<_> = (0..502)
        .map(|person| from(scene, petition, person, "hall"))
        .collect();
    let outcomes = scene.store.signatures.record_signatures(&batch).await;
    outcomes.expect("recorded");
    assert_eq!(scene.counted(petition).await, 500);
    scene.assert_counts_hold(petition).await;
}

/// It gives way when the same e-mail passes, and staff may put it back, which sends the mail.
pub async fn who_was_over_the_limit_signs_later_or_is_put_back(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    set(scene, petition, 1, (0, 100)).await;
    let (ana, ben) = (
        from(scene, petition, 1, "one"),
        from(scene, petition, 2, "one"),
    );
    for new in [&ana, &ben] {
        assert!(is_rejected(&scene.sign(new).await));
    }
    set(scene, petition, 2, (10, 100)).await;
    let again = NewSignature {
        content_key: fingerprint("another comment"),
        ..from(scene, petition, 1, "one")
    };
    let outcome = scene.sign(&again).await;
    let SignOutcome::Saved { displaced, .. } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(*displaced, [ana.id]);
    let deed = scene.deed("signature.put_back");
    let signatures = &scene.store.signatures;
    let back = signatures
        .put_back(&[ben.id], &deed, &mut scene.random)
        .await;
    assert_eq!(back.expect("put back"), [ben.id]);
    let mut mails = scene.take_mails().await;
    mails.sort_by_key(|mail| mail.signature_id);
    let mut expected = [again.id, ben.id];
    expected.sort_unstable();
    assert!(mails.iter().all(|mail| mail.kind == MailKind::Confirm));
    let to: Vec<_> = mails.iter().map(|mail| mail.signature_id).collect();
    assert_eq!(to, expected);
}

/// Two organizers edit at once: one of them is told.
pub async fn rules_are_changed_from_the_version_that_was_read(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let abuse = scene.store.abuse.clone();
    assert_eq!(abuse.find_abuse_rules(petition).await.expect("read"), None);
    set(scene, petition, 1, (5, 6)).await;
    set(scene, petition, 2, (7, 8)).await;
    let kept = scene.other.abuse.find_abuse_rules(petition).await;
    let mut kept = kept.expect("read").expect("there");
    assert_eq!((kept.version, kept.sealed.as_slice()), (2, &[1, 2, 3][..]));
    assert_eq!(kept.limits.domain_an_hour, Some(8));
    let deed = scene.deed("abuse.edit");
    for version in [1, 2, 4] {
        kept.version = version;
        let refused = abuse.record_abuse_rules(&kept, &deed).await;
        assert!(matches!(refused, Err(StorageError::Stale(_))), "{version}");
    }
    (kept.version, kept.limits.client_an_hour) = (3, None);
    abuse
        .record_abuse_rules(&kept, &deed)
        .await
        .expect("recorded");
    let kept = abuse.find_abuse_rules(petition).await.expect("read");
    assert_eq!(kept.expect("there").limits.client_an_hour, None);
    let other = scene.petition(Mode::Email).await;
    let first = AbuseRules {
        petition_id: other,
        version: 2,
        limits: Limits::default(),
        sealed: Vec::new(),
        changed_at: scene.at,
    };
    let refused = abuse.record_abuse_rules(&first, &deed).await;
    assert!(matches!(refused, Err(StorageError::Stale(_))));
    let entries = scene.store.audit.list_deeds(0, 100).await.expect("listed");
    let edits = entries
        .iter()
        .filter(|entry| entry.action == "abuse.edit")
        .count();
    assert_eq!(edits, 3, "each edit that was kept, and no other");
}

/// Whoever needs it first makes it; the next day's takes its place.
pub async fn a_day_has_one_salt_for_all_processes_and_loses_it(scene: &mut Scene) {
    let day = scene.at.date_naive();
    let (one, other) = ([1; 32], [2; 32]);
    let kept = scene.store.abuse.share_salt(day, &one).await;
    assert_eq!(kept.expect("shared"), one);
    let kept = scene.other.abuse.share_salt(day, &other).await;
    assert_eq!(kept.expect("shared"), one);
    let next = day.succ_opt().expect("a day");
    let kept = scene.other.abuse.share_salt(next, &other).await;
    assert_eq!(kept.expect("shared"), other);
    let gone = scene.store.abuse.erase_salts(next).await;
    assert_eq!(gone.expect("erased"), 0, "the new day's took its place");
    let after = next.succ_opt().expect("a day");
    let gone = scene.store.abuse.erase_salts(after).await;
    assert_eq!(gone.expect("erased"), 1);
    // About midnight one server may be ahead of the other: both get a salt, each time.
    for _ in 0..50 {
        let (behind, ahead) = tokio::join!(
            scene.store.abuse.share_salt(day, &one),
            scene.other.abuse.share_salt(next, &other),
        );
        assert_eq!(behind.expect("shared"), one);
        assert_eq!(ahead.expect("shared"), other);
    }
}

/// With how many of them passed, and how many came before.
pub async fn a_crowd_of_one_client_is_a_trend_until_it_is_old(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    set(scene, petition, 1, (4, 100)).await;
    for (hours, people) in [(0, 2), (2, 6)] {
        scene.wait(Duration::hours(hours));
        let batch: Vec<_> = (0..people)
            .map(|person| from(scene, petition, person * 10 + people, "one"))
            .collect();
        let recorded = scene.store.signatures.record_signatures(&batch).await;
        recorded.expect("recorded");
    }
    let trends = scene.other.abuse.list_trends(petition, scene.at, 5).await;
    let trends = trends.expect("listed");
    let told: Vec<_> = trends
        .iter()
        .map(|it| (it.kind, it.key, it.arrived, it.passed, it.before))
        .collect();
    let (client, domain) = (fingerprint("one"), fingerprint("example.org"));
    assert_eq!(
        told,
        [
            (ArrivalKind::Client, client, 6, 4, 2),
            (ArrivalKind::Domain, domain, 6, 4, 2)
        ]
    );
    let none = scene.store.abuse.list_trends(petition, scene.at, 7).await;
    assert!(none.expect("listed").is_empty());
    let erased = scene.store.abuse.erase_arrivals(scene.at).await;
    assert_eq!(erased.expect("erased"), 2);
    let trends = scene.store.abuse.list_trends(petition, scene.at, 5).await;
    assert_eq!(trends.expect("listed")[0].before, 0);
}
