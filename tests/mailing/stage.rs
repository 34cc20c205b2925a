//! What every sentence begins with: a database, a city with its officials, a petition, and people who sign it.

use chrono::{DateTime, Duration, Utc};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use redress_mailer::settings::{
    MailerSettings, OfficeHours, Pace, RelaySettings, Timeouts, TransportSettings,
};
use redress_mailer::testing::Judge;
use redress_mailer::{Mailer, Parts};
use redress_model::clock::{Clock, FixedClock};
use redress_model::comment::{Comment, CommentReview};
use redress_model::delivery::state::DeliveryState;
use redress_model::directory::{Jurisdiction, Post, Stated, Tenure, Vacancy, Vintage, Who};
use redress_model::email::Email;
use redress_model::email::canonical::CanonicalRules;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home, Location};
use redress_model::id::{PetitionId, SignatureId};
use redress_model::official::{Contact, Holder, Role, Seat};
use redress_model::person_name::PersonName;
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Petition, PetitionTerms, Sender};
use redress_model::signature::Origin;
use redress_model::slug::Slug;
use redress_model::zip::Zip;
use redress_storage::Store;
use redress_storage::audit::{Actor, Deed};
use redress_storage::batches::Batch;
use redress_storage::deliveries::{Delivery, DeliveryFilter};
use redress_storage::officials::{Government, Listed};
use redress_storage::secrets::{InstanceKey, Personal, Vault};
use redress_storage::signatures::{Confirmation, NewSignature, Wishes};
use redress_storage_sqlite::Sqlite;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// The city of every sentence.
pub const CITY: &str = "0804000";

/// Short enough for tests.
pub const TIMEOUTS: Timeouts = Timeouts {
    connect: 2_000,
    command: 250,
    before_body: 1_500,
    body: 1_000,
    dot: 250,
};

/// A clock that is turned by hand.
#[derive(Clone)]
pub struct Hands(Arc<Mutex<DateTime<Utc>>>);

impl Hands {
    /// Time goes on.
    pub fn wait(&self, time: Duration) {
        let mut at = self.0.lock().unwrap();
        *at += time;
    }
}

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// A database with a city in it.
pub struct Stage {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub clock: Hands,
    pub folder: TempDir,
    random: ChaCha20Rng,
    signers: u32,
}

/// Who signs.
#[derive(Clone, Copy)]
pub struct Signer {
    pub name: &'static str,
    pub district: &'static str,
    pub comment: Option<&'static str>,
    pub wishes: Wishes,
    pub language: &'static str,
}

impl Default for Signer {
    fn default() -> Self {
        Self {
            name: "Ana Ruiz",
            district: "1",
            comment: None,
            wishes: Wishes::default(),
            language: "en",
        }
    }
}

/// A holder of a seat.
pub fn holder(name: &str, email: Option<&str>) -> Who {
    Who::Holder(Holder {
        name: name.into(),
        person_id: None,
        party: None,
        term_start: Some("2024-01-01".parse().unwrap()),
        term_end: None,
        as_of: None,
        source: None,
        contact: Contact {
            email: email.map(Into::into),
            ..Contact::default()
        },
        notes: Vec::new(),
    })
}

/// An empty seat.
pub fn vacancy() -> Who {
    Who::Vacant(Vacancy::default())
}

/// A seat; the empty label is at large.
pub fn post(id: &str, role: Role, title: &str, district: &str, who: Who) -> Post {
    let seat = if district.is_empty() {
        Seat::AtLarge
    } else {
        Seat::District(district.into())
    };
    let tenure = Tenure {
        seat: 1,
        title: title.into(),
        stated: Stated::Nothing,
        vintage: Vintage { day: None, file: 0 },
        who,
    };
    Post {
        id: format!("{CITY}/{id}"),
        role,
        title: title.into(),
        seat,
        seats: 1,
        tenures: vec![tenure],
    }
}

/// A mayor, two wards, one of them vacant.
pub fn council() -> Vec<Post> {
    vec![
        post(
            "mayor",
            Role::Mayor,
            "Mayor",
            "",
            holder("Elena Ruiz", Some("mayor@city.example")),
        ),
        post(
            "ward/1",
            Role::CouncilMember,
            "Council Member, Ward 1",
            "1",
            holder("Bo Diaz", Some("ward1@council.example")),
        ),
        post(
            "ward/2",
            Role::CouncilMember,
            "Council Member, Ward 2",
            "2",
            vacancy(),
        ),
    ]
}

impl Stage {
    /// A fresh database, a Wednesday morning in Chicago.
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Hands(Arc::new(Mutex::new(
            "2026-03-04T16:00:00Z".parse().unwrap(),
        )));
        let mut random = ChaCha20Rng::seed_from_u64(7);
        let database = Sqlite::open(&folder.path().join("mailing.db"))
            .await
            .unwrap();
        database.migrate().await.unwrap();
        let store = database.store();
        let vault = Arc::new(Vault::new(
            InstanceKey::generate(&mut random),
            store.keys.clone(),
        ));
        let stage = Self {
            store,
            vault,
            clock,
            folder,
            random,
            signers: 0,
        };
        let government = Government {
            geoid: geoid(),
            name: "Springfield city".into(),
            state: "CO".into(),
            ocd_id: None,
            point: None,
        };
        stage
            .store
            .officials
            .record_governments(&[government])
            .await
            .unwrap();
        stage.seat(council()).await;
        stage
    }

    /// Puts posts in the place of those that the city had.
    pub async fn seat(&self, posts: Vec<Post>) {
        let jurisdiction = Jurisdiction {
            posts,
            ..Jurisdiction::default()
        };
        let listed = Listed {
            geoid: CITY.into(),
            jurisdiction,
        };
        let deed = self.deed("officials.import");
        self.store
            .officials
            .record_directory(&[listed], &deed)
            .await
            .unwrap();
    }

    pub fn deed(&self, action: &'static str) -> Deed {
        Deed {
            actor: Actor::CommandLine,
            action,
            subject: "test".into(),
            details: serde_json::Value::Null,
            at: self.clock.now(),
        }
    }

    /// An open petition with a sender.
    pub async fn petition(&mut self, slug: &str) -> PetitionId {
        self.petition_with(slug, |_| ()).await
    }

    pub async fn petition_with(
        &mut self,
        slug: &str,
        change: impl FnOnce(&mut PetitionTerms),
    ) -> PetitionId {
        let default = Slug::parse("default").unwrap();
        let organization = self
            .store
            .accounts
            .find_organization(&default)
            .await
            .unwrap()
            .unwrap();
        let id = PetitionId::new(&self.clock, &mut self.random);
        let mut terms = PetitionTerms {
            ask: "Doorbell cameras film whoever passes.\n\nWe ask you to forbid it.".into(),
            time_zone: "America/Chicago".into(),
            sender: Some(sender()),
            ..PetitionTerms::with_title("Forbid partnerships between police and doorbell companies")
        };
        change(&mut terms);
        self.vault.create(id, &mut self.random).await.unwrap();
        let petition = Petition {
            id,
            organization_id: organization.id,
            slug: Slug::parse(slug).unwrap(),
            state: PetitionState::Open,
            terms,
            created_at: self.clock.now(),
            opened_at: Some(self.clock.now()),
            closed_at: None,
        };
        self.store
            .petitions
            .record_petition(&petition, &self.deed("petition.create"))
            .await
            .unwrap();
        id
    }

    /// Somebody signs, and waits to be confirmed.
    pub async fn sign(&mut self, petition: PetitionId, signer: Signer) -> SignatureId {
        self.signers += 1;
        // Ids of one moment have no order.
        self.clock.wait(Duration::seconds(1));
        let at = self.clock.now();
        let id = SignatureId::new(&FixedClock(at), &mut self.random);
        let name = PersonName::parse(signer.name).unwrap();
        let email = Email::parse(&format!("signer{}@example.org", self.signers)).unwrap();
        let zip = Zip::parse("80010").unwrap();
        let comment = signer
            .comment
            .and_then(|text| Comment::parse(text).unwrap());
        let mailbox = CanonicalRules::default().canonical(&email);
        let personal = Personal {
            name: &name,
            email: Some((&email, &mailbox)),
            is_paper: false,
            street: "1 Main St",
            unit: "",
            city: "Springfield",
            state: "CO",
            zip: &zip,
            block: None,
            question: None,
            choice: "",
            comment: comment.as_ref(),
            keeps_address: false,
            is_agreed: false,
        };
        let secrets = self.vault.petition(petition).await.unwrap();
        let sealed = secrets.seal_personal(id, &personal, &mut self.random);
        let new = NewSignature {
            id,
            petition_id: petition,
            email_key: sealed.email_key,
            name_key: sealed.name_key,
            zip_key: sealed.zip_key,
            content_key: sealed.content_key,
            address_key: Some(sealed.address_key),
            client_key: None,
            arrival: redress_storage::signatures::Arrival::default(),
            sealed: sealed.fields,
            location: Location {
                home: Home::Government(geoid()),
                district: District::parse(signer.district).ok(),
                is_self_asserted: false,
                governments_over: Vec::new(),
            },
            level: "exact".into(),
            pack: "sample".into(),
            origin: Origin::Online,
            has_block: false,
            sheet: None,
            wishes: signer.wishes,
            language: signer.language.into(),
            rejection: None,
            signed_at: at,
        };
        self.store
            .signatures
            .record_signatures(&[new])
            .await
            .unwrap();
        id
    }

    /// Clicks the button behind the link.
    pub async fn confirm(&self, id: SignatureId) {
        let confirmation = Confirmation {
            id,
            epoch: 0,
            at: self.clock.now(),
        };
        self.store
            .signatures
            .confirm(&[confirmation])
            .await
            .unwrap();
    }

    /// What a reviewer says of a petition's comments that wait.
    pub async fn review(&self, petition: PetitionId, ids: &[SignatureId], review: CommentReview) {
        let deed = self.deed("comment.review");
        let comments = &self.store.comments;
        let changed = comments.review_comments(petition, ids, review, &deed).await;
        assert_eq!(changed.unwrap(), ids);
    }

    /// People sign and confirm, in ward 1.
    pub async fn crowd(&mut self, petition: PetitionId, count: u32) -> Vec<SignatureId> {
        let mut ids = Vec::new();
        for _ in 0..count {
            let id = self.sign(petition, Signer::default()).await;
            self.confirm(id).await;
            ids.push(id);
        }
        ids
    }

    /// A mailer without office hours and pace.
    pub async fn mailer(&self, transport: TransportSettings) -> Mailer {
        self.mailer_with(transport, |_| ()).await
    }

    pub async fn mailer_with(
        &self,
        transport: TransportSettings,
        change: impl FnOnce(&mut MailerSettings),
    ) -> Mailer {
        let mut settings = MailerSettings {
            transport,
            timeouts: TIMEOUTS,
            office_hours: OfficeHours {
                enabled: false,
                ..OfficeHours::default()
            },
            pace: Pace {
                one_letter_a_day: false,
                ..Pace::default()
            },
            poll_seconds: 1,
            ..MailerSettings::default()
        };
        change(&mut settings);
        Mailer::new(Parts {
            store: self.store.clone(),
            vault: self.vault.clone(),
            clock: Arc::new(self.clock.clone()),
            random: Box::new(ChaCha20Rng::seed_from_u64(9)),
            settings,
            public_url: "https://petition.example".into(),
        })
        .await
        .unwrap()
    }

    /// A mailer whose messages stay in a folder.
    pub async fn outbox(&self) -> (Mailer, PathBuf) {
        let directory = self.folder.path().join("outbox");
        let mailer = self
            .mailer(TransportSettings::Outbox {
                directory: directory.clone(),
            })
            .await;
        (mailer, directory.join("new"))
    }

    /// Approves every frozen batch.
    pub async fn approve(&self, petition: PetitionId) {
        for batch in self
            .batches(petition)
            .await
            .iter()
            .filter(|batch| batch.decided_at.is_none())
        {
            self.store
                .batches
                .approve_batch(batch.id, &self.deed("batch.approve"))
                .await
                .unwrap();
        }
    }

    pub async fn batches(&self, petition: PetitionId) -> Vec<Batch> {
        self.store
            .batches
            .list_batches(petition, None, None, 0, 1_000)
            .await
            .unwrap()
    }

    pub async fn deliveries(&self, petition: PetitionId) -> Vec<Delivery> {
        let filter = DeliveryFilter::default();
        self.store
            .deliveries
            .list_deliveries(petition, filter, None, 10_000)
            .await
            .unwrap()
    }

    /// The states of a petition's letters, in the order of their seats.
    pub async fn states(&self, petition: PetitionId) -> Vec<DeliveryState> {
        let mut all = self.deliveries(petition).await;
        all.sort_by(|one, other| {
            (one.batch_number, &one.addressee.post_id)
                .cmp(&(other.batch_number, &other.addressee.post_id))
        });
        all.iter().map(|delivery| delivery.state).collect()
    }
}

pub fn sender() -> Sender {
    Sender {
        organization: "Open Doors Coalition".into(),
        postal_address: "12 Elm Street\nSpringfield, CO 80010".into(),
        contact_email: Email::parse("hello@opendoors.example").unwrap(),
    }
}

pub fn geoid() -> Geoid {
    Geoid::parse(CITY).unwrap()
}

/// The way to a relay.
pub fn to(judge: &Judge) -> TransportSettings {
    TransportSettings::Smtp(RelaySettings {
        port: judge.port(),
        ..RelaySettings::default()
    })
}
