//! Petitions, keys and settings.

use super::scene::Scene;
use crate::error::{Constraint, StorageError};
use crate::secrets::{InstanceKey, SealedField, SecretError, Vault};
use crate::signatures::{Refusal, SignOutcome};
use redress_model::clock::FixedClock;
use redress_model::email::Email;
use redress_model::geoid::Geoid;
use redress_model::id::PetitionId;
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Confirmation as Mode, Sender, Target};

/// All of it.
pub async fn a_petition_is_read_back_as_it_was_recorded(scene: &mut Scene) {
    let id = scene.petition_in(PetitionState::Draft, Mode::Email).await;
    let petitions = &scene.store.petitions;
    let mut petition = petitions
        .find_petition(id)
        .await
        .expect("read")
        .expect("there");
    petition.terms.targets = vec![Target::Clerk, Target::Mayor];
    petition.terms.places = vec![Geoid::parse("0804000").expect("a GEOID")];
    petition.terms.confirmation = Mode::None;
    petition.terms.threshold = 50;
    petition.terms.is_on_autopilot = true;
    petition.terms.keeps_address = true;
    petition.terms.sender = Some(Sender {
        organization: "Neighbours".into(),
        postal_address: "1 Main St\nSpringfield".into(),
        contact_email: Email::parse("office@example.org").expect("an e-mail"),
    });
    petitions
        .record_terms(id, &petition.terms, &scene.deed("petition.edit"))
        .await
        .expect("recorded");
    let (draft, open) = (PetitionState::Draft, PetitionState::Open);
    petitions
        .change_petition_state(id, draft, open, &scene.deed("petition.open"))
        .await
        .expect("opened");
    petition.state = PetitionState::Open;
    petition.opened_at = Some(scene.at);

    assert_eq!(
        petitions.find_petition(id).await.expect("read"),
        Some(petition.clone())
    );
    assert_eq!(
        petitions
            .find_petition_by_slug(&petition.slug)
            .await
            .expect("read"),
        Some(petition.clone())
    );
    let listed = petitions
        .list_petitions(None, &[PetitionState::Open], None, 10)
        .await
        .expect("listed");
    assert_eq!(listed, [petition.clone()]);
    let drafts = petitions
        .list_petitions(
            Some(petition.organization_id),
            &[PetitionState::Draft],
            None,
            10,
        )
        .await;
    assert!(drafts.expect("listed").is_empty());
    let all = petitions
        .list_petitions(None, &[], Some(id), 10)
        .await
        .expect("listed");
    assert!(all.is_empty());
}

/// Held by a constraint.
pub async fn a_slug_belongs_to_one_petition(scene: &mut Scene) {
    let id = scene.petition(Mode::Email).await;
    let mut twin = scene
        .store
        .petitions
        .find_petition(id)
        .await
        .expect("read")
        .expect("there");
    twin.id = PetitionId::new(&FixedClock(scene.at), &mut scene.random);
    let refused = scene
        .store
        .petitions
        .record_petition(&twin, &scene.deed("petition.create"))
        .await;
    assert!(
        matches!(
            refused,
            Err(StorageError::Refused(Constraint::PetitionSlug))
        ),
        "{refused:?}"
    );
}

/// Not even by a caller who knows its state.
pub async fn an_archived_petition_is_never_opened_again(scene: &mut Scene) {
    let petition = scene
        .petition_in(PetitionState::Archived, Mode::Email)
        .await;
    let (archived, open) = (PetitionState::Archived, PetitionState::Open);
    let deed = scene.deed("petition.open");
    let refused = scene
        .store
        .petitions
        .change_petition_state(petition, archived, open, &deed)
        .await;
    assert!(
        matches!(
            refused,
            Err(StorageError::Refused(Constraint::PetitionTransition))
        ),
        "{refused:?}"
    );
}

/// And only from the state in which it is.
pub async fn a_petition_takes_only_legal_steps(scene: &mut Scene) {
    let id = scene.petition_in(PetitionState::Draft, Mode::Email).await;
    let deed = scene.deed("petition.step");
    let step = |from, to| {
        scene
            .store
            .petitions
            .change_petition_state(id, from, to, &deed)
    };
    let paused = step(PetitionState::Draft, PetitionState::Paused).await;
    assert!(
        matches!(
            paused,
            Err(StorageError::Refused(Constraint::PetitionTransition))
        ),
        "{paused:?}"
    );
    let stale = step(PetitionState::Open, PetitionState::Paused).await;
    assert!(
        matches!(stale, Err(StorageError::Stale("petition"))),
        "{stale:?}"
    );
    assert!(
        step(PetitionState::Draft, PetitionState::Open)
            .await
            .is_ok()
    );
    let nobody = PetitionId(uuid::Uuid::from_u128(1));
    let missing = scene
        .store
        .petitions
        .change_petition_state(nobody, PetitionState::Draft, PetitionState::Open, &deed)
        .await;
    assert!(
        matches!(missing, Err(StorageError::Missing("petition"))),
        "{missing:?}"
    );
}

/// Drafts, paused and closed petitions, and none.
pub async fn signing_what_is_not_open_saves_nothing(scene: &mut Scene) {
    for state in [
        PetitionState::Draft,
        PetitionState::Paused,
        PetitionState::Closed,
    ] {
        let petition = scene.petition_in(state, Mode::Email).await;
        let ana = scene.signer(petition, "ana@example.org", "ana", "45001");
        let refusal = Refusal::NotOpen(state);
        assert_eq!(
            scene.sign(&ana).await,
            SignOutcome::Refused {
                refusal,
                has_mail: false
            }
        );
        assert_eq!(
            scene
                .store
                .signatures
                .find_signature(ana.id)
                .await
                .expect("read"),
            None
        );
    }
    let ana = scene.signer(
        PetitionId(uuid::Uuid::from_u128(1)),
        "ana@example.org",
        "ana",
        "45001",
    );
    let refusal = Refusal::UnknownPetition;
    assert_eq!(
        scene.sign(&ana).await,
        SignOutcome::Refused {
            refusal,
            has_mail: false
        }
    );
}

/// And what it sealed stays sealed.
pub async fn a_destroyed_key_stays_destroyed(scene: &mut Scene) {
    let instance = InstanceKey::generate(&mut scene.random);
    let vault = Vault::new(instance.clone(), scene.store.keys.clone());
    let (one, two) = (
        scene.petition(Mode::Email).await,
        scene.petition(Mode::Email).await,
    );
    let secrets = vault.create(one, &mut scene.random).await.expect("made");
    vault.create(two, &mut scene.random).await.expect("made");
    let again = vault.create(one, &mut scene.random).await.expect("there");
    assert_eq!(
        again.fingerprint("email", "x"),
        secrets.fingerprint("email", "x")
    );

    assert!(vault.destroy(one).await.expect("destroyed"));
    assert!(!vault.destroy(one).await.expect("nothing left"));

    let other = Vault::new(instance, scene.other.keys.clone());
    let gone = other.petition(one).await;
    assert!(
        matches!(gone, Err(StorageError::Secret(SecretError::Destroyed))),
        "{gone:?}"
    );
    assert!(other.petition(two).await.is_ok());
}

/// A new key comes first on the ring; what an older one sealed is sealed anew, and then the old one opens nothing.
pub async fn rotating_the_instance_key_keeps_what_was_sealed_readable(scene: &mut Scene) {
    let old = InstanceKey::generate(&mut scene.random);
    let ring = old.with_new(&mut scene.random).expect("there is room");
    let mut petitions = Vec::new();
    let before = Vault::new(old.clone(), scene.store.keys.clone());
    for _ in 0..3 {
        let petition = scene.petition(Mode::Email).await;
        let id = scene.signer(petition, "ana@example.org", "ana", "45001").id;
        let secrets = before.create(petition, &mut scene.random).await;
        let secrets = secrets.expect("made");
        let sealed = secrets.seal(SealedField::Signer, id, b"Ana", &mut scene.random);
        petitions.push((petition, id, sealed));
    }
    let is_read = async |key: &InstanceKey, store: &crate::Store| {
        let vault = Vault::new(key.clone(), store.keys.clone());
        let mut opened = 0;
        for (petition, id, sealed) in &petitions {
            if let Ok(secrets) = vault.petition(*petition).await {
                let text = secrets.open(SealedField::Signer, *id, sealed);
                assert_eq!(text, Ok(b"Ana".to_vec()));
                opened += 1;
            }
        }
        opened
    };
    assert_eq!(
        is_read(&ring, &scene.other).await,
        3,
        "the ring opens what its older key sealed"
    );

    // One of three is sealed anew, as by a rotation that was cut short; another is destroyed meanwhile.
    let vault = Vault::new(ring.clone(), scene.store.keys.clone());
    let secrets = vault.petition(petitions[0].0).await.expect("opened");
    let wrapped = secrets.wrap(&ring, petitions[0].0, &mut scene.random);
    let gone = petitions[2].0;
    let keys = &scene.store.keys;
    let stale = keys.find_key(gone).await.expect("read").expect("there");
    keys.destroy_key(gone).await.expect("destroyed");
    let replaced = keys
        .replace_keys(&[(petitions[0].0, wrapped), (gone, stale)])
        .await;
    replaced.expect("replaced");
    assert_eq!(
        keys.find_key(gone).await.expect("read"),
        None,
        "what is destroyed does not come back"
    );
    assert_eq!(vault.count_older().await.expect("counted"), 1);
    assert_eq!(vault.rotate(&mut scene.random).await.expect("rotated"), 1);
    assert_eq!(vault.rotate(&mut scene.random).await.expect("rotated"), 0);

    assert_eq!(is_read(&ring.without_older(), &scene.other).await, 2);
    assert_eq!(is_read(&old, &scene.other).await, 0);
    let reading = Vault::new(old, scene.other.keys.clone());
    let reading = reading.rereading(move || Some(ring.clone()));
    let found = reading.petition(petitions[0].0).await;
    assert!(
        found.is_ok(),
        "a process that began before the rotation goes on"
    );
}

/// The mailer uses the site's address.
pub async fn a_setting_is_seen_by_the_other_process(scene: &mut Scene) {
    let name = crate::settings::PUBLIC_URL;
    assert_eq!(
        scene.other.settings.find_setting(name).await.expect("read"),
        None
    );
    for url in ["https://petition.example", "https://redress.example"] {
        scene
            .store
            .settings
            .record_setting(name, url)
            .await
            .expect("recorded");
        assert_eq!(
            scene
                .other
                .settings
                .find_setting(name)
                .await
                .expect("read")
                .as_deref(),
            Some(url)
        );
    }
}
