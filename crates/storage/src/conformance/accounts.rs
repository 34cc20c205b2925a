//! Accounts, sessions and the log.

use super::scene::Scene;
use crate::accounts::{Account, Organization, Session};
use crate::error::{Constraint, StorageError};
use chrono::Duration;
use redress_model::clock::FixedClock;
use redress_model::email::Email;
use redress_model::id::{AccountId, OrganizationId};
use redress_model::role::MemberRole;
use redress_model::slug::Slug;
use tokio::task::JoinSet;

fn account(scene: &mut Scene, email: &str) -> Account {
    Account {
        id: AccountId::new(&FixedClock(scene.at), &mut scene.random),
        email: Email::parse(email).expect("an e-mail"),
        password_hash: "$argon2id$v=19$opaque".into(),
        disabled_at: None,
        created_at: scene.at,
    }
}

async fn default_organization(scene: &Scene) -> OrganizationId {
    let slug = Slug::parse("default").expect("a slug");
    scene
        .store
        .accounts
        .find_organization(&slug)
        .await
        .expect("read")
        .expect("there")
        .id
}

async fn logged_in(scene: &mut Scene, secrets: &[u8]) -> Account {
    let (organization, ana) = (
        default_organization(scene).await,
        account(scene, "Ana@example.org"),
    );
    let accounts = &scene.store.accounts;
    accounts
        .record_account(
            &ana,
            organization,
            MemberRole::Owner,
            &scene.deed("account.create"),
        )
        .await
        .expect("made");
    for &secret in secrets {
        let session = session(scene, &ana, secret);
        accounts
            .record_session(&session, &scene.deed("session.begin"))
            .await
            .expect("begun");
    }
    ana
}

fn session(scene: &Scene, account: &Account, secret: u8) -> Session {
    Session {
        secret_hash: [secret; 32],
        account_id: account.id,
        created_at: scene.at,
        expires_at: scene.at + Duration::hours(8),
    }
}

async fn is_open(scene: &Scene, secret: u8, after: Duration) -> bool {
    scene
        .store
        .accounts
        .find_session(&[secret; 32], scene.at + after)
        .await
        .expect("read")
        .is_some()
}

/// By logging out, or by its end.
pub async fn an_account_logs_in_until_its_session_is_over(scene: &mut Scene) {
    let ana = logged_in(scene, &[1, 2]).await;
    let found = scene
        .other
        .accounts
        .find_session(&[1; 32], scene.at)
        .await
        .expect("read");
    assert_eq!(found, Some((session(scene, &ana, 1), ana)));
    assert!(!is_open(scene, 1, Duration::hours(9)).await);
    assert!(!is_open(scene, 9, Duration::zero()).await);

    assert!(
        scene
            .store
            .accounts
            .end_session(&[1; 32])
            .await
            .expect("ended")
    );
    assert!(
        !scene
            .store
            .accounts
            .end_session(&[1; 32])
            .await
            .expect("ended")
    );
    assert!(!is_open(scene, 1, Duration::zero()).await);
    assert!(is_open(scene, 2, Duration::zero()).await);
    let later = scene.at + Duration::hours(9);
    assert_eq!(
        scene
            .store
            .accounts
            .end_expired_sessions(later)
            .await
            .expect("ended"),
        1
    );
}

/// On every device.
pub async fn a_new_password_and_a_closed_account_end_every_session(scene: &mut Scene) {
    let ana = logged_in(scene, &[1, 2]).await;
    let accounts = &scene.store.accounts;

    accounts
        .record_password(ana.id, "$argon2id$other", &scene.deed("account.reset"))
        .await
        .expect("set");
    assert!(
        !is_open(scene, 1, Duration::zero()).await && !is_open(scene, 2, Duration::zero()).await
    );
    let again = session(scene, &ana, 3);
    accounts
        .record_session(&again, &scene.deed("session.begin"))
        .await
        .expect("begun");
    accounts
        .disable_account(ana.id, &scene.deed("account.disable"))
        .await
        .expect("disabled");
    assert!(!is_open(scene, 3, Duration::zero()).await);

    let closed = accounts
        .find_account_by_email(&ana.email)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(
        (closed.disabled_at, closed.password_hash.as_str()),
        (Some(scene.at), "$argon2id$other")
    );
    assert_eq!(
        accounts.list_accounts(None, 10).await.expect("listed"),
        [closed]
    );
    let nobody = AccountId(uuid::Uuid::from_u128(1));
    let missing = accounts
        .disable_account(nobody, &scene.deed("account.disable"))
        .await;
    assert!(
        matches!(missing, Err(StorageError::Missing("account"))),
        "{missing:?}"
    );
}

/// Held by a constraint; the first membership comes with it or not at all.
pub async fn an_email_belongs_to_one_account_in_any_case(scene: &mut Scene) {
    let organization = default_organization(scene).await;
    let (ana, twin) = (
        account(scene, "ana@example.org"),
        account(scene, "ANA@example.org"),
    );
    let accounts = &scene.store.accounts;
    let deed = scene.deed("account.create");
    accounts
        .record_account(&ana, organization, MemberRole::Editor, &deed)
        .await
        .expect("made");
    let refused = accounts
        .record_account(&twin, organization, MemberRole::Editor, &deed)
        .await;
    assert!(
        matches!(
            refused,
            Err(StorageError::Refused(Constraint::AccountEmail))
        ),
        "{refused:?}"
    );
    assert_eq!(
        accounts.list_accounts(None, 10).await.expect("listed"),
        [ana]
    );
}

/// In as many organizations as there are.
pub async fn a_member_has_one_role_in_an_organization(scene: &mut Scene) {
    let (organization, ana) = (
        default_organization(scene).await,
        account(scene, "ana@example.org"),
    );
    let second = Organization {
        id: OrganizationId::new(&FixedClock(scene.at), &mut scene.random),
        slug: Slug::parse("neighbours").expect("a slug"),
        name: "Neighbours".into(),
    };
    let accounts = &scene.store.accounts;
    let deed = scene.deed("account.member");
    accounts
        .record_organization(&second, &deed)
        .await
        .expect("made");
    let twin = accounts
        .record_organization(
            &Organization {
                id: OrganizationId(ana.id.0),
                ..second.clone()
            },
            &deed,
        )
        .await;
    assert!(
        matches!(
            twin,
            Err(StorageError::Refused(Constraint::OrganizationSlug))
        ),
        "{twin:?}"
    );
    accounts
        .record_account(&ana, organization, MemberRole::Analyst, &deed)
        .await
        .expect("made");
    accounts
        .record_membership(ana.id, organization, MemberRole::Reviewer, &deed)
        .await
        .expect("recorded");
    accounts
        .record_membership(ana.id, second.id, MemberRole::Owner, &deed)
        .await
        .expect("recorded");

    let memberships = accounts.list_memberships(ana.id).await.expect("listed");
    let roles: Vec<_> = memberships
        .iter()
        .map(|member| (member.organization.slug.as_str(), member.role))
        .collect();
    assert_eq!(
        roles,
        [
            ("default", MemberRole::Reviewer),
            ("neighbours", MemberRole::Owner)
        ]
    );
    assert_eq!(
        accounts.list_organizations().await.expect("listed").len(),
        2
    );
    let stranger = account(scene, "ben@example.org").id;
    let refused = scene
        .store
        .accounts
        .record_membership(stranger, organization, MemberRole::Owner, &deed)
        .await;
    assert!(
        matches!(
            refused,
            Err(StorageError::Refused(Constraint::MembershipAccount))
        ),
        "{refused:?}"
    );
}

/// And reads back as it was.
pub async fn every_deed_is_chained_to_the_last(scene: &mut Scene) {
    for _ in 0..5 {
        scene.wait(Duration::milliseconds(1));
        let mut deed = scene.deed("export.signers");
        deed.details = serde_json::json!({"rows": 12});
        scene
            .store
            .audit
            .record_deed(&deed)
            .await
            .expect("recorded");
    }
    let entries = scene.store.audit.list_deeds(0, 100).await.expect("listed");
    assert_eq!(
        entries.iter().map(|entry| entry.number).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5]
    );
    assert_eq!(
        scene.store.audit.find_broken_link().await.expect("walked"),
        None
    );
    let mut changed = entries[2].clone();
    changed.details = "{\"rows\":13}".into();
    assert_ne!(changed.hash_after(&entries[1].hash), entries[2].hash);
    assert_eq!(entries[2].hash_after(&entries[1].hash), entries[2].hash);
}

/// Without gaps or forks.
pub async fn two_processes_write_one_chain(scene: &mut Scene) {
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let store = if writer % 2 == 0 {
            scene.store.clone()
        } else {
            scene.other.clone()
        };
        let deed = scene.deed("export.counts");
        writers.spawn(async move {
            for _ in 0..10 {
                store.audit.record_deed(&deed).await.expect("recorded");
            }
        });
    }
    writers.join_all().await;
    assert_eq!(
        scene
            .store
            .audit
            .list_deeds(0, 1_000)
            .await
            .expect("listed")
            .len(),
        80
    );
    assert_eq!(
        scene.store.audit.find_broken_link().await.expect("walked"),
        None
    );
}
