//! Stored signatures, resolved again by a new pack: found, changed, and what a server says of them.

use crate::audit::Deed;
use crate::error::StorageResult;
use crate::signatures::Signature;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::home::Location;
use redress_model::id::{PetitionId, SignatureId};
use redress_model::signature::state::SignatureState;

/// Whose signatures are asked for: those that keep their address, or the side of their block, and were resolved by another pack.
#[derive(Debug, Clone)]
pub struct OutdatedFilter {
    /// Of one petition.
    pub petition_id: PetitionId,
    /// The packs in use, by id: what they resolved is not out of date.
    pub packs: Vec<String>,
    /// Only signatures that are not located because nothing matched their address.
    pub is_unmatched: bool,
}

/// A signature with its new answer. It is written only if nothing was changed since it was read.
#[derive(Debug, Clone)]
pub struct Reresolved {
    /// Which.
    pub id: SignatureId,
    /// The state in which it was read.
    pub state: SignatureState,
    /// Where it was counted when it was read.
    pub from: Location,
    /// The pack that had resolved it.
    pub from_pack: String,
    /// Where it is counted from now on; perhaps where it was.
    pub to: Location,
    /// The level of the new resolution, as JSON names it.
    pub level: String,
    /// The pack that resolved it now.
    pub pack: String,
    /// Whether its address is not needed any more.
    pub drops_address: bool,
    /// Who signed, sealed anew with another block or another question; `None` where it stays.
    pub resealed: Option<Resealed>,
}

/// Who signed, sealed anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resealed {
    /// The sealed fields.
    pub signer: Vec<u8>,
    /// Whether a block is among them.
    pub has_block: bool,
}

impl Reresolved {
    /// A signature as it was read, with its new answer.
    pub fn new(
        was: &Signature,
        to: Location,
        level: &str,
        pack: &str,
        drops_address: bool,
    ) -> Self {
        Self {
            id: was.id,
            state: was.state,
            from: was.location.clone(),
            from_pack: was.pack.clone(),
            to,
            level: level.to_owned(),
            pack: pack.to_owned(),
            drops_address,
            resealed: None,
        }
    }
}

/// What a server found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReresolutionReport {
    /// The id of what was compared with: one pack, or several.
    pub pack: String,
    /// JSON text; nothing personal.
    pub report: String,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// A wish on its way to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReresolutionRequest {
    /// About which petition.
    pub petition_id: PetitionId,
    /// Whether what the report says is to be changed; otherwise it is only compared again.
    pub applies: bool,
    /// The id of what the report that was read compares with.
    pub pack: String,
    /// When.
    pub requested_at: DateTime<Utc>,
}

/// Resolving stored signatures again.
#[async_trait]
pub trait Reresolutions: Send + Sync {
    /// Signatures that are out of date, oldest first, after one, at most `limit`.
    async fn list_outdated(
        &self,
        filter: &OutdatedFilter,
        after: Option<SignatureId>,
        limit: u32,
    ) -> StorageResult<Vec<Signature>>;
    /// Writes new answers in one transaction, with the tallies that they move: out of the old home
    /// and into the new one in the hour of `at`. Gives back which were written; the others were
    /// changed, erased or resolved since they were read.
    ///
    /// A frozen batch stays as it is: of whoever leaves its jurisdiction the next letter there
    /// carries a correction, and a later batch of the new home takes them in.
    async fn record_resolutions(
        &self,
        again: &[Reresolved],
        at: DateTime<Utc>,
    ) -> StorageResult<Vec<SignatureId>>;

    /// Keeps what a server found; the last report of a petition takes the place of the one before.
    async fn record_reresolution_report(
        &self,
        petition: PetitionId,
        report: &ReresolutionReport,
    ) -> StorageResult<()>;
    /// What a server last found.
    async fn find_reresolution_report(
        &self,
        petition: PetitionId,
    ) -> StorageResult<Option<ReresolutionReport>>;
    /// Asks a server; the last wish of a petition takes the place of the one before.
    async fn request_reresolution(
        &self,
        request: &ReresolutionRequest,
        deed: &Deed,
    ) -> StorageResult<()>;
    /// What was asked and is not done.
    async fn list_reresolution_requests(&self) -> StorageResult<Vec<ReresolutionRequest>>;
    /// Says that it is done; a later wish about the same petition stays.
    async fn finish_reresolution_request(&self, request: &ReresolutionRequest)
    -> StorageResult<()>;
}
