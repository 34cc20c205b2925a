//! What every sentence begins with: a database, an organization, a petition, people.

use crate::Store;
use crate::audit::{Actor, Deed};
use crate::mails::Mail;
use crate::signatures::{
    Arrival, ConfirmOutcome, Confirmation, NewSignature, SealedFields, SignOutcome, Wishes,
};
use chrono::{DateTime, Duration, Utc};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use redress_model::clock::FixedClock;
use redress_model::fingerprint::Fingerprint;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home, Location};
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Confirmation as Mode, Petition, PetitionTerms};
use redress_model::signature::Origin;
use redress_model::slug::Slug;
use redress_model::tally::Tally;
use sha2::{Digest, Sha256};
use std::pin::Pin;
use std::sync::Arc;

/// Runs a statement on one signature (`$1`) behind storage's back: how many rows it changed, or
/// which constraint refused it.
pub type Run = Arc<dyn Fn(&'static str, SignatureId) -> Running + Send + Sync>;

/// A statement on its way.
pub type Running = Pin<Box<dyn Future<Output = Result<u64, String>> + Send>>;

/// A fresh database, opened twice.
pub struct Backend {
    /// As one process has it.
    pub store: Store,
    /// As another process has it.
    pub other: Store,
    /// Runs plain SQL.
    pub run: Run,
    /// What must live as long.
    pub guard: Box<dyn std::any::Any + Send + Sync>,
}

/// A database with people in front of it.
pub struct Scene {
    /// As one process has it.
    pub store: Store,
    /// As another process has it.
    pub other: Store,
    /// Runs plain SQL.
    pub run: Run,
    /// What time it is.
    pub at: DateTime<Utc>,
    /// Chance, the same in every run.
    pub random: ChaCha20Rng,
}

/// The hash that stands for a text in these tests.
pub fn fingerprint(text: &str) -> Fingerprint {
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    Fingerprint(short)
}

/// A city, and a district of it if the label is not empty.
pub fn city(geoid: &str, district: &str) -> Location {
    Location {
        home: Home::Government(Geoid::parse(geoid).expect("a GEOID")),
        district: District::parse(district).ok(),
        is_self_asserted: false,
        governments_over: Vec::new(),
    }
}

impl Scene {
    /// A scene in a backend's database.
    pub fn new(backend: &Backend) -> Self {
        let at = "2026-03-02T10:30:00Z".parse().expect("an instant");
        let (store, other) = (backend.store.clone(), backend.other.clone());
        let run = Arc::clone(&backend.run);
        Self {
            store,
            other,
            run,
            at,
            random: ChaCha20Rng::seed_from_u64(7),
        }
    }

    /// Time goes on.
    pub fn wait(&mut self, time: Duration) {
        self.at += time;
    }

    /// A number below another.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.random.next_u32() % bound
    }

    /// Something that somebody at the command line does now.
    pub fn deed(&self, action: &'static str) -> Deed {
        let details = serde_json::Value::Null;
        Deed {
            actor: Actor::CommandLine,
            action,
            subject: "test".into(),
            details,
            at: self.at,
        }
    }

    /// An open petition.
    pub async fn petition(&mut self, confirmation: Mode) -> PetitionId {
        self.petition_in(PetitionState::Open, confirmation).await
    }

    /// A petition in a state.
    pub async fn petition_in(&mut self, state: PetitionState, confirmation: Mode) -> PetitionId {
        let default = Slug::parse(crate::accounts::DEFAULT_ORGANIZATION).expect("a slug");
        let organization = self
            .store
            .accounts
            .find_organization(&default)
            .await
            .expect("found")
            .expect("there");
        let id = PetitionId::new(&FixedClock(self.at), &mut self.random);
        let petition = Petition {
            id,
            organization_id: organization.id,
            slug: Slug::parse(&format!("petition-{}", id.0.simple())).expect("a slug"),
            state,
            terms: PetitionTerms {
                confirmation,
                ..PetitionTerms::with_title("Forbid it")
            },
            created_at: self.at,
            opened_at: None,
            closed_at: None,
        };
        self.store
            .petitions
            .record_petition(&petition, &self.deed("petition.create"))
            .await
            .expect("recorded");
        id
    }

    /// Somebody who signs now, in Springfield, district 3.
    pub fn signer(
        &mut self,
        petition: PetitionId,
        email: &str,
        name: &str,
        zip: &str,
    ) -> NewSignature {
        let id = SignatureId::new(&FixedClock(self.at), &mut self.random);
        NewSignature {
            id,
            petition_id: petition,
            email_key: fingerprint(email),
            name_key: fingerprint(name),
            zip_key: fingerprint(zip),
            content_key: fingerprint(&format!("{email} {name} {zip}")),
            address_key: Some(fingerprint("1 main st")),
            client_key: None,
            arrival: Arrival::default(),
            sealed: SealedFields {
                signer: name.as_bytes().to_vec(),
                address: Some(b"1 Main St".to_vec()),
                comment: None,
            },
            location: city("3972000", "3"),
            level: "exact".into(),
            pack: "sample".into(),
            origin: Origin::Online,
            has_block: false,
            sheet: None,
            wishes: Wishes::default(),
            language: "en".into(),
            rejection: None,
            signed_at: self.at,
        }
    }

    /// Signs, alone in a batch.
    pub async fn sign(&self, new: &NewSignature) -> SignOutcome {
        let outcomes = self
            .store
            .signatures
            .record_signatures(std::slice::from_ref(new))
            .await
            .expect("recorded");
        outcomes.into_iter().next().expect("an outcome")
    }

    /// Clicks the button behind the link.
    pub async fn confirm(&self, id: SignatureId) -> ConfirmOutcome {
        let confirmation = Confirmation {
            id,
            epoch: 0,
            at: self.at,
        };
        self.store
            .signatures
            .confirm(&[confirmation])
            .await
            .expect("confirmed")[0]
    }

    /// Signs and confirms.
    pub async fn sign_and_confirm(
        &mut self,
        petition: PetitionId,
        email: &str,
        name: &str,
        zip: &str,
    ) -> SignatureId {
        let new = self.signer(petition, email, name, zip);
        self.sign(&new).await;
        assert!(matches!(
            self.confirm(new.id).await,
            ConfirmOutcome::Confirmed { .. }
        ));
        new.id
    }

    /// The total.
    pub async fn counted(&self, petition: PetitionId) -> i64 {
        self.total(petition).await.counted
    }

    /// The total with its parts.
    pub async fn total(&self, petition: PetitionId) -> Tally {
        self.store
            .tallies
            .find_total(petition)
            .await
            .expect("counted")
            .tally
    }

    /// How many wait.
    pub async fn waiting(&self, petition: PetitionId) -> i64 {
        self.store
            .tallies
            .find_total(petition)
            .await
            .expect("counted")
            .waiting
    }

    /// Stored counts are those of the rows.
    pub async fn assert_counts_hold(&self, petition: PetitionId) {
        let differences = self
            .store
            .tallies
            .recount(petition)
            .await
            .expect("recounted");
        assert!(differences.is_empty(), "{differences:?}");
    }

    /// Takes all mail out of the queue.
    pub async fn take_mails(&self) -> Vec<Mail> {
        let until_at = self.at + Duration::minutes(10);
        let mails = self
            .store
            .mails
            .claim_mails(self.at, until_at, 10_000)
            .await
            .expect("claimed");
        let ids: Vec<_> = mails.iter().map(|mail| mail.id).collect();
        self.store.mails.finish_mails(&ids).await.expect("finished");
        mails
    }
}

/// Whether it was saved.
pub fn is_saved(outcome: &SignOutcome) -> bool {
    matches!(outcome, SignOutcome::Saved { .. })
}
