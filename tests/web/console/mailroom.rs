//! A batch as the mailer would have frozen it, with letters sealed by the petition's own secrets.

use crate::stage::Stage;
use chrono::Duration;
use redress_letters::parts::{LetterParts, PrintedPage};
use redress_model::batch::{BatchState, CityStatus};
use redress_model::clock::FixedClock;
use redress_model::delivery::state::DeliveryState;
use redress_model::delivery::{AttemptStage, LetterVariant, NoContactReason};
use redress_model::email::Email;
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, DeliveryId};
use redress_model::official::Role;
use redress_model::petition::{Petition, Sender};
use redress_model::slug::Slug;
use redress_storage::batches::{Batch, BatchRow, FrozenBatch};
use redress_storage::deliveries::{
    Addressee, AttemptOutcome, Delivery, DeliveryFilter, Envelope, NewDelivery,
};
use redress_storage::secrets::{SealedField, Vault};

/// What stands for the page of every letter.
pub const PAGE: &[u8] = b"%PDF-1.7 one page";

/// The secret of an office's link: nobody of the console may see it.
pub const SECRET: &str = "00000000000000000000000000000001.00000000000000000000000000000002";
/// A name that would be a mistake to show as it is.
pub const NAME: &str = "Maria <b>Ruiz</b>";

/// The words of a letter.
fn words(title: &str) -> LetterParts {
    LetterParts {
        subject: format!("Letter 1 to the {title}: <forbid it>"),
        text: format!("Dear {title},\n\nhttps://petition.example/desk/{SECRET}\n"),
        html: format!(
            "<style>p{{color:navy}}</style><p>Dear {title}</p><script>alert(1)</script>\
             <a href=\"https://petition.example/desk/{SECRET}\">desk</a>"
        ),
    }
}

impl Stage {
    pub async fn found(&self, slug: &str) -> Petition {
        let slug = Slug::parse(slug).expect("a slug");
        let found = self.store.petitions.find_petition_by_slug(&slug).await;
        found.expect("found").expect("there")
    }

    /// Gives a petition a sender.
    pub async fn name_the_sender(&self, slug: &str) {
        let mut petition = self.found(slug).await;
        petition.terms.sender = Some(Sender {
            organization: "Open Doors".into(),
            postal_address: "12 Elm Street".into(),
            contact_email: Email::parse("hello@example.org").expect("an e-mail"),
        });
        let deed = self.deed("petition.edit", slug);
        let petitions = &self.store.petitions;
        let done = petitions.record_terms(petition.id, &petition.terms, &deed);
        done.await.expect("recorded");
    }

    /// Freezes what waits in one place: a mayor with an address, a clerk without.
    pub async fn freeze_place(&mut self, slug: &str, geoid: &str) -> FrozenBatch {
        let petition = self.found(slug).await;
        let geoid = Geoid::parse(geoid).expect("a GEOID");
        let batches = self.store.batches.clone();
        let members = batches.list_unbatched(petition.id, &geoid, None, 100).await;
        let members = members.expect("listed");
        let progress = batches.find_progress(petition.id, &geoid).await;
        let progress = progress.expect("read");
        let count = u32::try_from(members.len()).expect("few");
        let vault = Vault::new(self.key.clone(), self.store.keys.clone());
        let secrets = vault.petition(petition.id).await.expect("its secrets");
        let rows = (progress.last + 1..).zip(&members);
        let rows = rows.map(|(number, member)| BatchRow {
            number,
            signature_id: member.id,
            leaf: [7; 32],
            sealed_line: Some(b"sealed".to_vec()),
            is_correction: false,
        });
        let rows: Vec<BatchRow> = rows.collect();
        let mut deliveries = Vec::new();
        for (post, title, email) in [
            ("mayor", "Mayor", Some("mayor@city.example")),
            ("clerk", "City Clerk", None),
        ] {
            let id = DeliveryId::new(&FixedClock(self.at), &mut self.random);
            let mut letter = serde_json::to_value(words(title)).expect("JSON");
            let page = PrintedPage::new("letter-forbid-it-batch-1.pdf".into(), true, PAGE);
            letter["printed"] = serde_json::to_value(page).expect("JSON");
            letter["desk_url"] = format!("https://petition.example/desk/{SECRET}").into();
            letter["to_name"] = email.map_or("the office", |_| NAME).into();
            let json = letter.to_string().into_bytes();
            deliveries.push(NewDelivery {
                id,
                variant: LetterVariant::Letter,
                addressee: Addressee {
                    post_id: format!("{geoid}/{post}"),
                    role: Role::Mayor,
                    title: title.into(),
                    district: None,
                    person: email.map(|_| NAME.into()),
                    email: email.map(Into::into),
                    no_contact: email.is_none().then_some(NoContactReason::NoEmail),
                },
                sealed_letter: secrets.seal(SealedField::Letter, id, &json, &mut self.random),
            });
        }
        let frozen = FrozenBatch {
            batch: Batch {
                id: BatchId::new(&FixedClock(self.at), &mut self.random),
                petition_id: petition.id,
                number: progress.batch + 1,
                geoid,
                letter: progress.letter + 1,
                part: 1,
                parts: 1,
                state: BatchState::Frozen,
                first: progress.last + 1,
                last: progress.last + count,
                count,
                total: progress.total + count,
                self_asserted: 0,
                paper: 0,
                districts: vec![("3".into(), count)],
                status: Some(CityStatus::End),
                rows_sha256: [1; 32],
                csv_sha256: [2; 32],
                merkle_root: [3; 32],
                frozen_at: self.at,
                decided_at: None,
            },
            rows,
            sealed_view: b"sealed view".to_vec(),
            sealed_csv: b"sealed list".to_vec(),
            deliveries,
            joint: None,
            printed_comments: Vec::new(),
        };
        let deed = self.deed("batch.freeze", slug);
        let done = batches.freeze_batches(std::slice::from_ref(&frozen), &deed);
        done.await.expect("frozen");
        frozen
    }

    /// One signs and confirms, a sender is named, and a batch is frozen.
    pub async fn frozen(&mut self) -> FrozenBatch {
        self.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
        let geoid = self.known().await.geoid;
        self.name_the_sender("forbid-it").await;
        self.freeze_place("forbid-it", &geoid).await
    }

    /// A petition's letters, by their post: the clerk's, then the mayor's.
    pub async fn deliveries_of(&self, slug: &str) -> Vec<Delivery> {
        let petition = self.found(slug).await;
        let filter = DeliveryFilter::default();
        let deliveries = &self.store.deliveries;
        let list = deliveries.list_deliveries(petition.id, filter, None, 100);
        let mut list = list.await.expect("listed");
        list.sort_by(|one, other| one.addressee.post_id.cmp(&other.addressee.post_id));
        list
    }

    /// Where they stand, in the same order.
    pub async fn stands(&self) -> Vec<DeliveryState> {
        let letters = self.deliveries_of("forbid-it").await;
        letters.iter().map(|letter| letter.state).collect()
    }

    /// What a mailer does with the approved letter: tries it, and what becomes of it. Gives back its id.
    pub async fn try_the_mayor(&mut self, state: DeliveryState, reply: Option<&str>) -> DeliveryId {
        let deliveries = &self.store.deliveries;
        let until_at = self.at + Duration::minutes(5);
        let token = DeliveryId::new(&FixedClock(self.at), &mut self.random).0;
        let claimed = deliveries
            .claim_deliveries(
                self.at,
                until_at,
                token,
                10,
                redress_storage::breakers::Heed::All.into(),
            )
            .await;
        let id = claimed.expect("claimed")[0].delivery.id;
        let envelope = Envelope {
            recipient: "mayor@city.example".into(),
            message_id: "<one@petition.example>".into(),
            dated_at: self.at,
            sha256: [4; 32],
            signatures: String::new(),
        };
        let settled = deliveries.settle_envelope(id, token, &envelope, self.at);
        assert!(settled.await.expect("settled"));
        let intent = deliveries.record_intent(id, token, self.at).await;
        assert!(intent.expect("recorded"));
        let outcome = AttemptOutcome {
            state,
            stage: AttemptStage::Dot,
            reply: reply.map(|text| (451, text.to_owned())),
            queue_id: None,
            due_at: None,
            at: self.at,
        };
        let recorded = deliveries.record_outcome(id, token, &outcome).await;
        assert!(recorded.expect("recorded"));
        id
    }
}
