//! From what was read to what is frozen: rows, hashes, letters, all sealed.

use super::addressee::addressees;
use super::gather::{Gathered, districts_after};
use super::joint::Reader;
use super::printed::printed_page;
use super::view::{BatchView, Links, SealedSender, Standing};
use super::wished::{Heeded, Wished, heeded};
use super::wording::{ask_line, matter};
use crate::address::{LetterName, message_id};
use crate::error::MailerError;
use crate::letter::{FrozenAttachment, FrozenLetter, hexadecimal};
use crate::mailer::Mailer;
use redress_letters::list::hashes::{leaf, merkle_root, rows_sha256, sha256};
use redress_letters::list::{ListRow, csv};
use redress_letters::official::{MOST_COMMENTS, VerifiedCounts, render};
use redress_model::batch::{BatchState, CityStatus, LARGEST};
use redress_model::delivery::LetterVariant;
use redress_model::delivery::state::DeliveryState;
use redress_model::email::Email;
use redress_model::id::{BatchId, DeliveryId, PetitionId, SignatureId};
use redress_model::official::{Role, Seat};
use redress_model::petition::{Confirmation, Petition, Sender};
use redress_storage::StorageResult;
use redress_storage::batches::{Batch, BatchRow, FrozenBatch};
use redress_storage::deliveries::{Addressee, NewDelivery};
use redress_storage::secrets::{SealedField, Token, TokenPurpose};
use std::collections::BTreeMap;

/// The longest comment that a letter prints, in characters: it is a letter, not a book of them. The list has all.
const LONGEST_COMMENT: usize = 500;

/// What stands where a sender will, in a letter that cannot leave yet.
const UNNAMED: &str = "(the sender is not named yet)";

type Member = (SignatureId, ListRow);

impl Mailer {
    /// The batches of one freeze: one, or as many as the letter has parts.
    pub(super) async fn compose(
        &self,
        petition: &Petition,
        gathered: &Gathered,
    ) -> Result<Vec<FrozenBatch>, MailerError> {
        let seats = addressees(
            gathered.jurisdiction.as_ref(),
            &gathered.geoid,
            &petition.terms.targets,
            gathered.today,
        );
        let wishes = &self.store().office_wishes;
        let wishes = wishes.list_office_wishes(petition.id, Some(&gathered.geoid));
        let mut heeded = heeded(
            seats,
            &wishes.await?,
            gathered.jurisdiction.as_ref(),
            gathered.today,
        );
        for wished in &mut heeded.seats {
            wished.references = self.references(petition.id, &wished.seat.post_id).await?;
        }
        let parts = gathered.members.chunks(LARGEST).count();
        (1..)
            .zip(gathered.members.chunks(LARGEST))
            .map(|(part, members)| {
                self.compose_part(
                    petition,
                    gathered,
                    &mut heeded,
                    members,
                    (part, parts as u32),
                )
            })
            .collect()
    }

    fn compose_part(
        &self,
        petition: &Petition,
        gathered: &Gathered,
        heeded: &mut Heeded,
        members: &[Member],
        (part, parts): (u32, u32),
    ) -> Result<FrozenBatch, MailerError> {
        // Who has left is told once, in the first part.
        let told: &[Member] = if part == 1 {
            &gathered.corrections
        } else {
            &[]
        };
        let rows: Vec<&Member> = members.iter().chain(told).collect();
        let list: Vec<ListRow> = rows.iter().map(|(_, row)| printed(row)).collect();
        let leaves: Vec<[u8; 32]> = list.iter().map(leaf).collect();
        let table = csv(&list);
        let batch = self.batch_of(
            petition,
            gathered,
            members,
            (part, parts),
            &leaves,
            sha256(&table),
        );
        let view = view_of(petition, gathered, members, &batch);
        let secrets = &gathered.secrets;
        let sealed_rows = rows
            .iter()
            .zip(&leaves)
            .map(|((id, row), leaf)| {
                // A row of strings and numbers always serializes.
                let line = serde_json::to_vec(row).unwrap_or_default();
                BatchRow {
                    number: row.number,
                    signature_id: *id,
                    leaf: *leaf,
                    sealed_line: Some(self.seal(secrets, SealedField::Line, batch.id, &line)),
                    is_correction: row.is_correction,
                }
            })
            .collect();
        let named = petition.terms.sender.as_ref();
        let mut deliveries = Vec::with_capacity(heeded.seats.len());
        for wished in &heeded.seats {
            let (seat, references) = (&wished.seat, wished.references.clone());
            let id = DeliveryId::new(self.clock(), self.random().as_mut());
            let mut letter = self.write_letter(&view, seat, id, 0, references, named)?;
            if let Some(name) = &wished.to_name {
                letter.to_name.clone_from(name);
            }
            deliveries.push(NewDelivery {
                id,
                variant: LetterVariant::Letter,
                addressee: seat.clone(),
                sealed_letter: self.seal(secrets, SealedField::Letter, id, &letter.to_json()),
            });
        }
        let joint = self.join(&view, secrets, heeded, &deliveries, named)?;
        // The next part answers this one.
        for (wished, own) in heeded.seats.iter_mut().zip(&deliveries) {
            let joint = joint.as_ref().filter(|_| wished.is_joint);
            let carrier =
                joint.and_then(|joint| deliveries.iter().find(|it| it.id == joint.carrier));
            self.refer(
                petition.slug.as_str(),
                batch.number,
                wished,
                carrier.unwrap_or(own),
            );
        }
        Ok(FrozenBatch {
            sealed_view: self.seal(secrets, SealedField::View, batch.id, &view.to_json()),
            sealed_csv: self.seal(secrets, SealedField::List, batch.id, &table),
            batch,
            rows: sealed_rows,
            deliveries,
            joint,
            printed_comments: members
                .iter()
                .filter(|(_, row)| row.comment.is_some())
                .map(|(id, _)| *id)
                .collect(),
        })
    }

    fn batch_of(
        &self,
        petition: &Petition,
        gathered: &Gathered,
        members: &[Member],
        (part, parts): (u32, u32),
        leaves: &[[u8; 32]],
        csv_sha256: [u8; 32],
    ) -> Batch {
        let progress = &gathered.progress;
        let first = members.first().map_or(1, |(_, row)| row.number);
        let last = members.last().map_or(0, |(_, row)| row.number);
        let rows: Vec<ListRow> = members.iter().map(|(_, row)| row.clone()).collect();
        let verified = VerifiedCounts::of(&rows);
        let mut districts: BTreeMap<String, u32> = BTreeMap::new();
        for row in rows {
            *districts.entry(row.district).or_default() += 1;
        }
        Batch {
            id: BatchId::new(self.clock(), self.random().as_mut()),
            petition_id: petition.id,
            number: progress.batch + part,
            geoid: gathered.geoid.clone(),
            letter: progress.letter + 1,
            part,
            parts,
            state: BatchState::Frozen,
            first,
            last,
            count: members.len() as u32,
            total: last - withdrawn_in_all(gathered),
            self_asserted: verified.self_asserted,
            paper: verified.paper,
            districts: districts.into_iter().collect(),
            status: gathered.status.as_ref().map(|status| status.status),
            rows_sha256: rows_sha256(leaves),
            csv_sha256,
            merkle_root: merkle_root(leaves),
            frozen_at: redress_model::clock::to_micros(self.now()),
            decided_at: None,
        }
    }

    /// Writes the letter to one seat alone. A petition that has named nobody yet gets one to read, which cannot leave as it is.
    pub(super) fn write_letter(
        &self,
        view: &BatchView,
        seat: &Addressee,
        id: DeliveryId,
        epoch: i32,
        references: Vec<String>,
        named: Option<&Sender>,
    ) -> Result<FrozenLetter, MailerError> {
        let reader = Reader { seat, id, epoch };
        self.write_to_all(view, reader, &[], references, named)
    }

    /// Writes one letter to several seats, or to one.
    pub(super) fn write_to_all(
        &self,
        view: &BatchView,
        first: Reader<'_>,
        fellows: &[Reader<'_>],
        references: Vec<String>,
        named: Option<&Sender>,
    ) -> Result<FrozenLetter, MailerError> {
        let sender = view.sender(named);
        let lacks_sender = sender.is_none();
        let sender = match sender {
            Some(sender) => sender,
            None => self.unnamed_sender()?,
        };
        let desk = |reader: &Reader<'_>| {
            let (key, purpose) = (self.vault().instance_key(), TokenPurpose::Desk);
            let token = Token::issue(key, purpose, reader.id.0, reader.epoch);
            format!("{}/desk/{token}", self.public_url())
        };
        let links = Links {
            desk: desk(&first),
            ledger: format!("{}/p/{}/ledger", self.public_url(), view.slug),
        };
        let seat = first.seat;
        let fellows = fellows.iter().map(|fellow| (fellow.seat, desk(fellow)));
        let fellows: Vec<(&Addressee, String)> = fellows.collect();
        let letter = view.letter_to_all(seat, &fellows, Some(sender.clone()), &links);
        let is_attached = self.settings().attach_printed_letter;
        let printed = printed_page(&letter, view, is_attached)?;
        Ok(FrozenLetter {
            parts: render(&letter)?,
            slug: view.slug.clone(),
            reply_to: sender.contact_email.as_str().to_owned(),
            reply_domain: (self.settings().coming.has_way_in()).then(|| self.domain().to_owned()),
            from_name: sender.organization,
            to_name: seat.person.clone().unwrap_or_else(|| seat.title.clone()),
            references,
            desk_url: links.desk,
            attachment: Some(FrozenAttachment {
                filename: view.filename.clone(),
                sha256: view.csv_sha256.clone(),
            }),
            printed: Some(printed),
            lacks_sender,
        })
    }

    fn unnamed_sender(&self) -> Result<Sender, MailerError> {
        let contact_email = Email::parse(&format!("letters@{}", self.domain()))
            .map_err(|_| MailerError::Settings("the domain of our addresses is no domain"))?;
        Ok(Sender {
            organization: UNNAMED.to_owned(),
            postal_address: UNNAMED.to_owned(),
            contact_email,
        })
    }

    /// Ids of the earlier letters to a seat that went or may still go.
    async fn references(&self, petition: PetitionId, post_id: &str) -> StorageResult<Vec<String>> {
        let slug = self.store().petitions.find_petition(petition).await?;
        let slug = slug.map(|petition| petition.slug);
        let thread = self
            .store()
            .deliveries
            .list_thread(petition, post_id)
            .await?;
        let goes = |state| {
            !matches!(
                state,
                DeliveryState::NoContact
                    | DeliveryState::Cancelled
                    | DeliveryState::Suppressed
                    | DeliveryState::DeliveredByHand
                    | DeliveryState::Superseded
            )
        };
        let ids = thread
            .iter()
            .filter(|delivery| goes(delivery.state))
            .map(|delivery| {
                let settled = delivery
                    .envelope
                    .as_ref()
                    .map(|envelope| envelope.message_id.clone());
                let word = slug.as_ref().map_or("", |slug| slug.as_str());
                // That of the seat which carries it, where it went to the whole body.
                let post_id = &delivery.addressee.post_id;
                settled.unwrap_or_else(|| {
                    let which = (delivery.variant, delivery.id);
                    self.letter_id(word, delivery.batch_number, post_id, which)
                })
            });
        Ok(ids.collect())
    }

    /// A later letter to the seat refers to the one that a delivery carries, if it can go.
    fn refer(&self, slug: &str, batch: u32, wished: &mut Wished, carrier: &NewDelivery) {
        let addressee = &carrier.addressee;
        if addressee.no_contact.is_none() {
            let which = (carrier.variant, carrier.id);
            let letter = self.letter_id(slug, batch, &addressee.post_id, which);
            wished.references.push(letter);
        }
    }

    fn letter_id(
        &self,
        slug: &str,
        batch: u32,
        post_id: &str,
        (variant, id): (LetterVariant, DeliveryId),
    ) -> String {
        let name = LetterName {
            slug,
            batch,
            post_id,
            variant,
            id,
        };
        message_id(self.vault().instance_key(), &name, self.domain())
    }
}

/// A line as it is printed: of somebody who has left, number and day alone.
fn printed(row: &ListRow) -> ListRow {
    let district = if row.is_correction {
        String::new()
    } else {
        row.district.clone()
    };
    ListRow {
        district,
        ..row.clone()
    }
}

fn withdrawn_in_all(gathered: &Gathered) -> u32 {
    let progress = &gathered.progress;
    progress.last.saturating_sub(progress.total) + gathered.corrections.len() as u32
}

fn view_of(
    petition: &Petition,
    gathered: &Gathered,
    members: &[Member],
    batch: &Batch,
) -> BatchView {
    let terms = &petition.terms;
    let rows: Vec<ListRow> = members.iter().map(|(_, row)| row.clone()).collect();
    let verified = VerifiedCounts::of(&rows);
    let seats = district_seats(gathered);
    let before = gathered.before.as_deref();
    let all = &gathered.members;
    let districts = before
        .and_then(|before| districts_after(before, &gathered.corrections, all, members, &seats))
        .unwrap_or_default();
    let overall = all.last().map_or(batch.last, |(_, row)| row.number);
    let ask = if terms.ask.trim().is_empty() {
        &terms.title
    } else {
        &terms.ask
    };
    BatchView {
        slug: petition.slug.to_string(),
        title: terms.title.clone(),
        ask_text: ask.clone(),
        ask_line: ask_line(&terms.title, batch.status),
        standing: standing(petition, gathered),
        place: gathered.place.clone(),
        state: gathered.state.clone(),
        district_noun: district_noun(gathered),
        letter: batch.letter,
        part: batch.part,
        parts: batch.parts,
        batch: batch.number,
        first: batch.first,
        last: batch.last,
        count: batch.count,
        total: overall - withdrawn_in_all(gathered),
        new_since_last: all.len() as u32,
        verified: [
            verified.confirmed,
            verified.self_asserted,
            verified.paper,
            verified.unconfirmed,
        ],
        needs_confirmation: terms.confirmation == Confirmation::Email,
        districts,
        comments: comments(members),
        withdrawn: gathered
            .corrections
            .iter()
            .map(|(_, row)| row.number)
            .collect(),
        withdrawn_in_all: withdrawn_in_all(gathered),
        filename: format!("signers-{}-batch-{}.csv", petition.slug, batch.number),
        is_list_at_desk: false,
        csv_sha256: hexadecimal(&batch.csv_sha256),
        merkle_root: hexadecimal(&batch.merkle_root),
        retention_days: terms.retention_days,
        frozen_on: gathered.today,
        sender: terms.sender.as_ref().map(SealedSender::of),
    }
}

/// Which ask applies, where the petition is about something that a place has or has not.
fn standing(petition: &Petition, gathered: &Gathered) -> Option<Standing> {
    let known = gathered.status.as_ref()?;
    let exists = match known.status {
        CityStatus::End => true,
        CityStatus::Forbid => false,
        CityStatus::UnderStudy | CityStatus::Met => return None,
    };
    Some(Standing {
        exists,
        matter: matter(&petition.terms.title)?,
        since_on: known.since_on,
        source: known.source.clone(),
    })
}

fn comments(members: &[Member]) -> Vec<(String, Option<String>)> {
    members
        .iter()
        .filter_map(|(_, row)| Some((row.comment.clone()?, row.name.clone())))
        .filter(|(text, _)| text.chars().count() <= LONGEST_COMMENT)
        .take(MOST_COMMENTS)
        .collect()
}

/// The districts that elect a member each.
fn district_seats(gathered: &Gathered) -> Vec<String> {
    let posts = gathered
        .jurisdiction
        .iter()
        .flat_map(|jurisdiction| &jurisdiction.posts);
    posts
        .filter(|post| post.role == Role::CouncilMember)
        .filter_map(|post| match &post.seat {
            Seat::District(label) => Some(label.clone()),
            Seat::AtLarge | Seat::Unknown => None,
        })
        .collect()
}

/// `Ward` where the posts' titles say so.
fn district_noun(gathered: &Gathered) -> String {
    let posts = gathered
        .jurisdiction
        .iter()
        .flat_map(|jurisdiction| &jurisdiction.posts);
    let mut titles = posts.map(|post| post.title.to_lowercase());
    let is_ward = titles.any(|title| title.contains("ward") || title.contains("alder"));
    if is_ward { "Ward" } else { "District" }.to_owned()
}
