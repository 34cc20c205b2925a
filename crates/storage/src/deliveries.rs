//! Deliveries: letters on their way, each try, and what the other side said.

use crate::audit::Deed;
use crate::breakers::Heed;
use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::delivery::state::DeliveryState;
use redress_model::delivery::{AttemptStage, LetterVariant, NoContactReason};
use redress_model::geoid::Geoid;
use redress_model::id::{BatchId, DeliveryId, PetitionId};
use redress_model::official::Role;
use uuid::Uuid;

/// Whom a letter is for: a seat, and who sat in it when the letter was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// The seat's stable id: `0804000/council_member/3`.
    pub post_id: String,
    /// What it does.
    pub role: Role,
    /// Its title.
    pub title: String,
    /// Its district's bare label.
    pub district: Option<String>,
    /// Who sits; `None` where the letter goes to the office.
    pub person: Option<String>,
    /// Where it goes. `None` together with a reason.
    pub email: Option<String>,
    /// Why there is nowhere to send it.
    pub no_contact: Option<NoContactReason>,
}

/// A letter as it is made with its batch: `waiting`, or `no_contact` when the addressee has a
/// reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// Which letter.
    pub variant: LetterVariant,
    /// For whom.
    pub addressee: Addressee,
    /// Subject, text and HTML as JSON, sealed for the delivery.
    pub sealed_letter: Vec<u8>,
}

/// What is settled when a delivery is first leased, and never changes: every try sends the same
/// bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// To whom.
    pub recipient: String,
    /// With its angle brackets.
    pub message_id: String,
    /// The Date header, whole seconds.
    pub dated_at: DateTime<Utc>,
    /// Of the whole message as it goes over the wire, signatures included.
    pub sha256: [u8; 32],
    /// Header lines to be put before the message: DKIM signatures. They end in CRLF.
    pub signatures: String,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Of which batch.
    pub batch_id: BatchId,
    /// Its number within the petition.
    pub batch_number: u32,
    /// Of which petition.
    pub petition_id: PetitionId,
    /// The jurisdiction.
    pub geoid: Geoid,
    /// Which letter.
    pub variant: LetterVariant,
    /// For whom.
    pub addressee: Addressee,
    /// Where it stands.
    pub state: DeliveryState,
    /// Raised to end the desk's links.
    pub epoch: i32,
    /// How often it was leased.
    pub attempts: u32,
    /// When its time has come; of a queued or deferred one.
    pub due_at: DateTime<Utc>,
    /// What was settled at the first lease.
    pub envelope: Option<Envelope>,
    /// The last answer of the other side: code, and text as it was said.
    pub reply: Option<(u16, String)>,
    /// The peer's word for it, from its answer to the dot.
    pub queue_id: Option<String>,
    /// What a person noted: delivered by hand, decided while uncertain.
    pub note: Option<String>,
    /// When its batch was frozen.
    pub created_at: DateTime<Utc>,
    /// When the state last changed.
    pub changed_at: DateTime<Utc>,
    /// When it was accepted, or delivered by hand.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Of a seat that is in the letter to the whole body: the delivery that carries it. Such a delivery is `suppressed`, and goes
    /// nowhere by itself.
    pub joined_id: Option<DeliveryId>,
    /// How many other seats' deliveries are joined to this one; above zero it is the letter to the whole body.
    pub carries: u32,
    /// Whether the letter that it carries can still be taken apart: it was never tried.
    pub is_partable: bool,
}

impl Delivery {
    /// The delivery whose letter the seat gets: this one, unless it is joined to another.
    pub fn carrier(&self) -> DeliveryId {
        self.joined_id.unwrap_or(self.id)
    }

    /// Whether its letter is the one to the whole body.
    pub fn is_joint(&self) -> bool {
        self.joined_id.is_some() || self.carries > 0
    }
}

/// By which rules letters are claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claiming {
    /// Whether they wait for breakers.
    pub heed: Heed,
    /// How many letters to one group of servers may be in mailers' hands at once, all processes together; `None` for any number.
    pub at_once: Option<u32>,
    /// How many letters to one group of servers may go in a minute, all processes together; `None` for any number.
    pub a_minute: Option<u32>,
}

impl From<Heed> for Claiming {
    /// Without a pace.
    fn from(heed: Heed) -> Self {
        Self {
            heed,
            at_once: None,
            a_minute: None,
        }
    }
}

/// A delivery in a mailer's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The delivery, in state `leased`.
    pub delivery: Delivery,
    /// The servers that it goes to, as far as is known: [`crate::breakers::Breakers::record_mail_group`], or its domain.
    pub group: String,
    /// Whoever has the token may write.
    pub token: Uuid,
    /// Subject, text and HTML, sealed for the delivery.
    pub sealed_letter: Vec<u8>,
    /// Whether an office that it goes to had said at its desk how it wishes to be written to.
    pub has_wish: bool,
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptOutcome {
    /// Where the delivery stands now.
    pub state: DeliveryState,
    /// How far the try came.
    pub stage: AttemptStage,
    /// The answer: code, and text as it was said, at most 1,000 characters.
    pub reply: Option<(u16, String)>,
    /// The peer's word for it.
    pub queue_id: Option<String>,
    /// When it may be tried again; of a deferred one.
    pub due_at: Option<DateTime<Utc>>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What the holder of a lease has to say of its letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterWrite {
    /// Of which letter.
    pub id: DeliveryId,
    /// The lease's token.
    pub token: Uuid,
    /// What is written.
    pub what: Written,
}

/// What is written of a letter on its way: its three steps, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// What is settled at the first lease, and when: [`Deliveries::settle_envelope`].
    Envelope(Envelope, DateTime<Utc>),
    /// That the dot may go now: [`Deliveries::record_intent`].
    Intent(DateTime<Utc>),
    /// What became of the try: [`Deliveries::record_outcome`].
    Outcome(AttemptOutcome),
}

/// One try, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Counted from 1.
    pub number: u32,
    /// What became of it.
    pub outcome: AttemptOutcome,
}

/// What moved by itself with time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Leases that were lost: back in the queue.
    pub requeued: u32,
    /// Sent by somebody who is gone: uncertain.
    pub uncertain: u32,
    /// Deferred ones whose time has come.
    pub due: u32,
    /// Tried for five days.
    pub expired: u32,
    /// Accepted 72 hours ago.
    pub presumed: u32,
}

/// How many stand in each state; every state is there, zeros included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Buckets {
    /// Of batches.
    pub batches: Vec<(redress_model::batch::BatchState, u64)>,
    /// Of deliveries.
    pub deliveries: Vec<(DeliveryState, u64)>,
    /// Of the suppressed deliveries, how many are in a letter to the whole body that another carries.
    pub joined: u64,
}

/// Which deliveries are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Of one batch.
    pub batch: Option<BatchId>,
    /// In one state.
    pub state: Option<DeliveryState>,
}

/// Deliveries. A write that names a token happens only while the lease lasts: a stale lease writes
/// neither dot nor row.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Takes queued deliveries of approved batches whose time has come, those that waited longest
    /// first, until an instant, at most `limit`. Each gets the token. Of one post's one is taken at a time; what waits for a breaker is
    /// left, but for one letter as a probe when a breaker's time has come; servers get no more than their pace.
    async fn claim_deliveries(
        &self,
        at: DateTime<Utc>,
        until_at: DateTime<Utc>,
        token: Uuid,
        limit: u32,
        by: Claiming,
    ) -> StorageResult<Vec<Claimed>>;
    /// Writes what the holders of leases have to say, no letter twice, in one durable commit. For each, in order: whether its lease was held.
    /// Fails as a whole, and then nothing is written: one that may not be written spoils the others, and each is to be tried alone.
    async fn write_letters(&self, writes: &[LetterWrite]) -> StorageResult<Vec<bool>>;
    /// Settles recipient, ids, date and signatures at the first lease. `false` when the lease is
    /// lost, or another envelope was settled before.
    async fn settle_envelope(
        &self,
        id: DeliveryId,
        token: Uuid,
        envelope: &Envelope,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        let what = Written::Envelope(envelope.clone(), at);
        self.write_letter(LetterWrite { id, token, what }).await
    }
    /// The fence, durable before the dot: `leased` becomes `data_sent`. `false` when the lease is
    /// lost: the connection must be dropped.
    async fn record_intent(
        &self,
        id: DeliveryId,
        token: Uuid,
        at: DateTime<Utc>,
    ) -> StorageResult<bool> {
        let what = Written::Intent(at);
        self.write_letter(LetterWrite { id, token, what }).await
    }
    /// What became of a try. `false` when somebody else has settled it by now.
    async fn record_outcome(
        &self,
        id: DeliveryId,
        token: Uuid,
        outcome: &AttemptOutcome,
    ) -> StorageResult<bool> {
        let what = Written::Outcome(outcome.clone());
        self.write_letter(LetterWrite { id, token, what }).await
    }
    /// One of [`Deliveries::write_letters`].
    async fn write_letter(&self, write: LetterWrite) -> StorageResult<bool> {
        let written = self.write_letters(std::slice::from_ref(&write)).await?;
        Ok(written.first().copied().unwrap_or_default())
    }
    /// Gives a leased delivery back to the queue, as if it had not been taken. `false` when the
    /// lease is lost.
    async fn return_lease(
        &self,
        id: DeliveryId,
        token: Uuid,
        at: DateTime<Utc>,
    ) -> StorageResult<bool>;
    /// Puts a leased delivery off until an instant without having tried it: it counts as no attempt. `false` when the lease is lost.
    async fn postpone_delivery(
        &self,
        id: DeliveryId,
        token: Uuid,
        due_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> StorageResult<bool>;
    /// Moves what time moves: lost leases, silent dots, deferred ones whose time has come, those
    /// tried for five days since the first try, those accepted 72 hours ago.
    async fn recover_deliveries(&self, at: DateTime<Utc>) -> StorageResult<Recovered>;

    /// A contact was found: the letter is written anew for whoever sits. `no_contact` becomes
    /// `queued` if its batch is approved, `waiting` if it is not decided. `false` when it stands
    /// elsewhere.
    async fn record_contact(
        &self,
        id: DeliveryId,
        addressee: &Addressee,
        sealed_letter: &[u8],
        deed: &Deed,
    ) -> StorageResult<bool>;
    /// A named person decides: a held, uncertain, deferred, bounced or contactless delivery goes
    /// another way. The step must be legal, and the state the one the caller believes.
    async fn decide_delivery(
        &self,
        id: DeliveryId,
        from: DeliveryState,
        to: DeliveryState,
        note: Option<&str>,
        deed: &Deed,
    ) -> StorageResult<()>;

    /// A letter that came back or was refused gives way to another for the same seat, such as one to the clerk's address: the old
    /// one is superseded, the new one queued, what was asked to be done about the old one is done. What was joined to the old one is
    /// joined to the new one. Stale when the old one stands elsewhere than in `from`.
    async fn supersede_delivery(
        &self,
        id: DeliveryId,
        from: DeliveryState,
        new: &NewDelivery,
        note: &str,
        deed: &Deed,
    ) -> StorageResult<()>;

    /// How many stand in each state.
    async fn count_buckets(&self, petition: PetitionId) -> StorageResult<Buckets>;
    /// How many offices of each jurisdiction a letter has reached
    /// ([`DeliveryState::has_arrived`]), their own or one to the whole body, each counted once however
    /// many letters came; by GEOID, jurisdictions without any left out.
    async fn count_reached(&self, petition: PetitionId) -> StorageResult<Vec<(Geoid, u64)>>;
    /// How many offices' letters of some batches stand in each state, states without any left out. Of those in a letter to the
    /// whole body, where that letter stands.
    async fn count_letters(
        &self,
        batches: &[BatchId],
    ) -> StorageResult<Vec<(BatchId, DeliveryState, u64)>>;
    /// To how many offices of some batches a letter to the whole body goes, or went; batches without one left out.
    async fn count_joint(&self, batches: &[BatchId]) -> StorageResult<Vec<(BatchId, u64)>>;
    /// One delivery.
    async fn find_delivery(&self, id: DeliveryId) -> StorageResult<Option<Delivery>>;
    /// Its letter: subject, text and HTML, sealed for it.
    async fn find_letter(&self, id: DeliveryId) -> StorageResult<Option<Vec<u8>>>;
    /// A petition's deliveries by id, after one, at most `limit`.
    async fn list_deliveries(
        &self,
        petition: PetitionId,
        filter: DeliveryFilter,
        after: Option<DeliveryId>,
        limit: u32,
    ) -> StorageResult<Vec<Delivery>>;
    /// Letters that carry their list and were too large, at once or by a bounce that says so, and in whose place no smaller one stands
    /// yet; by id, after one, at most `limit`.
    async fn list_too_large(
        &self,
        after: Option<DeliveryId>,
        limit: u32,
    ) -> StorageResult<Vec<Delivery>>;
    /// The deliveries that are joined to one, by seat.
    async fn list_joined(&self, id: DeliveryId) -> StorageResult<Vec<Delivery>>;
    /// All letters of one petition that went, or go, to the same seat; oldest first. Where the seat is in a letter to the whole
    /// body, the delivery that carries that letter.
    async fn list_thread(
        &self,
        petition: PetitionId,
        post_id: &str,
    ) -> StorageResult<Vec<Delivery>>;
    /// When a post last got a letter, of whichever petition; one that may have arrived counts, and so does one to the whole body.
    async fn find_last_letter(&self, post_id: &str) -> StorageResult<Option<DateTime<Utc>>>;
    /// Its tries, in order.
    async fn list_attempts(&self, id: DeliveryId) -> StorageResult<Vec<Attempt>>;
    /// How many deliveries are queued with their time come at an instant.
    async fn count_due(&self, at: DateTime<Utc>) -> StorageResult<u64>;
}
