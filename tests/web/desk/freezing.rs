//! Freezing what was signed, approving it, and the offices' servers taking it: all but the wire.

use super::seats::Seat;
use crate::stage::{Known, Stage};
use chrono::Duration;
use redress_letters::list::hashes::{leaf, merkle_root, rows_sha256, sha256};
use redress_letters::list::{ListRow, Verified, csv};
use redress_letters::parts::PrintedPage;
use redress_model::batch::BatchState;
use redress_model::clock::{Clock, FixedClock};
use redress_model::comment::CommentReview;
use redress_model::delivery::AttemptStage;
use redress_model::delivery::LetterVariant;
use redress_model::delivery::state::DeliveryState;
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, DeliveryId};
use redress_model::petition::Petition;
use redress_model::slug::Slug;
use redress_storage::batches::{Batch, BatchRow, FrozenBatch, JointLetter};
use redress_storage::deliveries::{AttemptOutcome, Envelope, NewDelivery};
use redress_storage::mails::Mail;
use redress_storage::secrets::{PetitionSecrets, SealedField, Token, TokenPurpose};
use redress_storage::signatures::Signature;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// What stands for the page of every letter.
pub const PAGE: &[u8] = b"%PDF-1.7 one page";

/// A batch as it was frozen.
pub struct Sent {
    pub batch: Batch,
    /// The list as it is attached.
    pub list: Vec<u8>,
    /// Its letters, in the order of the seats.
    pub letters: Vec<DeliveryId>,
}

impl Stage {
    /// What time it is by the clock on the wall.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// The petition under test.
    pub async fn forbid_it(&self) -> Petition {
        let slug = Slug::parse("forbid-it").expect("a slug");
        let found = self.store.petitions.find_petition_by_slug(&slug).await;
        found.expect("found").expect("there")
    }

    pub async fn secrets(&self) -> Arc<PetitionSecrets> {
        let petition = self.forbid_it().await;
        self.vault.petition(petition.id).await.expect("its key")
    }

    /// Somebody whose name is listed signs and confirms, and their words are passed; the mail that did it.
    pub async fn sign_openly(&self, name: &str, comment: Option<&str>) -> Mail {
        let mail = self.sign_unreviewed(name, comment).await;
        if comment.is_some() {
            self.review(&mail, CommentReview::Passed).await;
        }
        mail
    }

    /// What a reviewer says of somebody's words.
    pub async fn review(&self, mail: &Mail, review: CommentReview) {
        let (petition, ids) = (self.forbid_it().await.id, [mail.signature_id]);
        let deed = self.deed("comment.review", "forbid-it");
        let comments = &self.store.comments;
        let changed = comments
            .review_comments(petition, &ids, review, &deed)
            .await;
        assert_eq!(changed.expect("reviewed"), ids);
    }

    /// Somebody whose name is listed signs and confirms; the mail that did it.
    pub async fn sign_unreviewed(&self, name: &str, comment: Option<&str>) -> Mail {
        // Lists are in the order of signing.
        self.clock.pass(Duration::seconds(1));
        let letters = name.chars().filter(char::is_ascii_alphabetic);
        let email = format!("{}@example.org", letters.collect::<String>());
        let mut signer = self.signer(name, &email).await;
        signer["list_name"] = json!(true);
        signer["comment"] = json!(comment);
        signer["share_comment"] = json!(comment.is_some());
        let answer = self.sign(&signer).await;
        assert_eq!(answer.status.as_u16(), 202, "{}", answer.text);
        let mail = self.mails().await.remove(0);
        let token = self.token(&mail, TokenPurpose::Confirm);
        self.post_form(&format!("/confirm/{token}"), &[]).await;
        mail
    }

    /// Freezes all who are in no batch yet, with a letter to each of some seats.
    pub async fn freeze(&mut self, seats: &[Seat]) -> Sent {
        self.freeze_together(seats, 0).await
    }

    /// The same, with one letter to the first so many of the seats.
    pub async fn freeze_together(&mut self, seats: &[Seat], joint: usize) -> Sent {
        let (petition, secrets) = (self.forbid_it().await, self.secrets().await);
        let known = self.known().await;
        let geoid = Geoid::parse(&known.geoid).expect("a GEOID");
        let batches = self.store.batches.clone();
        let members = batches
            .list_unbatched(petition.id, &geoid, None, 1_000)
            .await
            .expect("listed");
        let progress = batches.find_progress(petition.id, &geoid).await;
        let progress = progress.expect("read");
        let list: Vec<ListRow> = (progress.last + 1..)
            .zip(&members)
            .map(|(number, member)| row(&secrets, member, number))
            .collect();
        let leaves: Vec<[u8; 32]> = list.iter().map(leaf).collect();
        let (attached, count) = (csv(&list), list.len() as u32);
        let batch = Batch {
            id: BatchId::new(&FixedClock(self.now()), &mut self.random),
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
            districts: vec![(known.district.clone(), count)],
            status: None,
            rows_sha256: rows_sha256(&leaves),
            csv_sha256: sha256(&attached),
            merkle_root: merkle_root(&leaves),
            frozen_at: self.now(),
            decided_at: None,
        };
        let rows = self.lines(&secrets, &batch, &members, &list);
        let deliveries = self.letters(&secrets, &batch, &known, seats);
        let letters = deliveries.iter().map(|delivery| delivery.id).collect();
        let joint = self.together(&secrets, &deliveries[..joint]);
        let frozen = FrozenBatch {
            batch: batch.clone(),
            rows,
            sealed_view: secrets.seal(SealedField::View, batch.id, b"{}", &mut self.random),
            sealed_csv: secrets.seal(SealedField::List, batch.id, &attached, &mut self.random),
            deliveries,
            joint,
            printed_comments: members
                .iter()
                .filter(|member| member.shows_comment())
                .map(|member| member.id)
                .collect(),
        };
        let deed = self.deed("delivery.freeze", "forbid-it");
        let done = batches.freeze_batches(&[frozen], &deed).await;
        done.expect("frozen");
        Sent {
            batch,
            list: attached,
            letters,
        }
    }

    fn lines(
        &mut self,
        secrets: &PetitionSecrets,
        batch: &Batch,
        members: &[Signature],
        list: &[ListRow],
    ) -> Vec<BatchRow> {
        let mut line = |(member, row): (&Signature, &ListRow)| {
            let text = serde_json::to_vec(row).expect("JSON");
            let field = SealedField::Line;
            BatchRow {
                number: row.number,
                signature_id: member.id,
                leaf: leaf(row),
                sealed_line: Some(secrets.seal(field, batch.id, &text, &mut self.random)),
                is_correction: false,
            }
        };
        members.iter().zip(list).map(&mut line).collect()
    }

    fn letters(
        &mut self,
        secrets: &PetitionSecrets,
        batch: &Batch,
        known: &Known,
        seats: &[Seat],
    ) -> Vec<NewDelivery> {
        let mut letter = |seat: &Seat| {
            let id = DeliveryId::new(&FixedClock(self.at), &mut self.random);
            let words = seat.letter(batch, known);
            let mut letter = serde_json::to_value(&words).expect("JSON");
            let page = PrintedPage::new("letter-forbid-it-batch-1.pdf".into(), true, PAGE);
            letter["printed"] = serde_json::to_value(page).expect("JSON");
            let text = letter.to_string().into_bytes();
            NewDelivery {
                id,
                variant: LetterVariant::Letter,
                addressee: seat.addressee(known),
                sealed_letter: secrets.seal(SealedField::Letter, id, &text, &mut self.random),
            }
        };
        seats.iter().map(&mut letter).collect()
    }

    /// The letter to the whole body, in which the link of each stands.
    fn together(
        &mut self,
        secrets: &PetitionSecrets,
        members: &[NewDelivery],
    ) -> Option<JointLetter> {
        let (first, others) = members.split_first()?;
        let links = members.iter().map(|it| {
            let desk = self.desk(it.id);
            format!("https://petition.example{desk}\n")
        });
        let links: String = links.collect();
        let letter = json!({
            "subject": "To all of you", "text": links, "html": format!("<pre>{links}</pre>"),
        });
        let letter = letter.to_string();
        let field = SealedField::Letter;
        Some(JointLetter {
            carrier: first.id,
            joined: others.iter().map(|it| it.id).collect(),
            sealed_letter: secrets.seal(field, first.id, letter.as_bytes(), &mut self.random),
        })
    }

    /// Freezes and approves.
    pub async fn send_to(&mut self, seats: &[Seat]) -> Sent {
        self.send_together(seats, 0).await
    }

    /// The same, with one letter to the first so many of the seats.
    pub async fn send_together(&mut self, seats: &[Seat], joint: usize) -> Sent {
        let sent = self.freeze_together(seats, joint).await;
        let deed = self.deed("delivery.approve", "forbid-it");
        let approved = self.store.batches.approve_batch(sent.batch.id, &deed);
        approved.await.expect("approved");
        sent
    }

    /// A mailer takes a letter as far as its dot; no answer is on record.
    pub async fn begin(&self, id: DeliveryId) {
        let (deliveries, at, token) = (&self.store.deliveries, self.now(), Uuid::from_u128(1));
        let until = at + Duration::minutes(5);
        let claimed = deliveries
            .claim_deliveries(
                at,
                until,
                token,
                100,
                redress_storage::breakers::Heed::All.into(),
            )
            .await;
        for other in claimed.expect("claimed") {
            if other.delivery.id != id {
                let back = deliveries.return_lease(other.delivery.id, token, at).await;
                assert!(back.expect("given back"));
            }
        }
        let envelope = Envelope {
            recipient: "office@city.example".into(),
            message_id: format!("<{}@petition.example>", id.0.simple()),
            dated_at: at,
            sha256: [9; 32],
            signatures: String::new(),
        };
        let settled = deliveries.settle_envelope(id, token, &envelope, at).await;
        assert!(settled.expect("settled"));
        let intent = deliveries.record_intent(id, token, at).await;
        assert!(intent.expect("recorded"));
    }

    /// The office's server takes a letter.
    pub async fn accept(&self, id: DeliveryId) {
        self.begin(id).await;
        let (deliveries, at, token) = (&self.store.deliveries, self.now(), Uuid::from_u128(1));
        let outcome = AttemptOutcome {
            state: DeliveryState::Accepted,
            stage: AttemptStage::Dot,
            reply: Some((250, "2.0.0 <office@city.example> queued as 4711".into())),
            queue_id: Some("4711".into()),
            due_at: None,
            at,
        };
        let recorded = deliveries.record_outcome(id, token, &outcome).await;
        assert!(recorded.expect("recorded"));
    }

    /// The way to the desk of a letter's seat.
    pub fn desk(&self, id: DeliveryId) -> String {
        let token = Token::issue(&self.key, TokenPurpose::Desk, id.0, 0);
        format!("/desk/{token}")
    }

    /// The way to the receipt of whom a mail went to.
    pub fn receipt(&self, mail: &Mail) -> String {
        format!("/r/{}", self.token(mail, TokenPurpose::Receipt))
    }
}

fn row(secrets: &PetitionSecrets, member: &Signature, number: u32) -> ListRow {
    let sealed = member.sealed.as_ref().expect("it is not erased");
    let opened = secrets.open_personal(member.id, sealed).expect("it opens");
    let (signer, wishes) = (opened.signer, member.wishes);
    ListRow {
        number,
        name: wishes.lists_name.then_some(signer.name),
        city: signer.city,
        zip: signer.zip.chars().take(5).collect(),
        district: member.location.district_key().to_owned(),
        signed_on: member.signed_at.date_naive(),
        verified: Verified::Confirmed,
        comment: opened.comment.filter(|_| member.shows_comment()),
        is_correction: false,
    }
}
