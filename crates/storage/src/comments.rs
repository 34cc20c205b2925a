//! Comments and their review: only what a reviewer has passed is shown to officials and on pages.
//!
//! A signature with a comment has a review, one without has none; a comment that changes is unseen again, and erasing takes the
//! review with the comment. The database holds all three.

use crate::audit::Deed;
use crate::error::{StorageError, StorageResult};
use crate::signatures::Signature;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::comment::CommentReview;
use redress_model::id::{PetitionId, SignatureId};

/// Where the review of a comment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What was decided.
    pub state: CommentReview,
    /// Who decided, as the audit log names them, and when; `None` as long as nobody has.
    pub decided: Option<(String, DateTime<Utc>)>,
}

impl Review {
    /// Reads what a row says; `None` where there is no comment.
    pub fn stored(
        state: Option<&str>,
        by: Option<String>,
        at: Option<DateTime<Utc>>,
    ) -> StorageResult<Option<Self>> {
        let Some(state) = state else {
            return Ok(None);
        };
        let state = state.parse();
        Ok(Some(Self {
            state: state.map_err(|error| StorageError::unreadable("review", error))?,
            decided: by.zip(at),
        }))
    }
}

/// Comments that may be shown once a reviewer has passed them: their signers agreed, and their signatures are confirmed.
#[async_trait]
pub trait Comments: Send + Sync {
    /// A petition's comments whose review stands there, oldest first, after one, at most `limit`.
    async fn list_comments(
        &self,
        petition: PetitionId,
        review: CommentReview,
        after: Option<SignatureId>,
        limit: u32,
    ) -> StorageResult<Vec<Signature>>;
    /// How many of a petition's comments stand there.
    async fn count_comments(
        &self,
        petition: PetitionId,
        review: CommentReview,
    ) -> StorageResult<u64>;
    /// Passes or refuses comments of a petition, or takes back what was decided of them (`unseen`). Gives back whose review
    /// changed, by id. What stood there already stays as it was, with whoever decided first; where nothing changes nothing is
    /// written, in the audit log neither.
    async fn review_comments(
        &self,
        petition: PetitionId,
        ids: &[SignatureId],
        review: CommentReview,
        deed: &Deed,
    ) -> StorageResult<Vec<SignatureId>>;
    /// Of some signatures, those whose comment may be shown: its signer agreed, and a reviewer passed it. In no order.
    async fn list_shown(&self, ids: &[SignatureId]) -> StorageResult<Vec<SignatureId>>;
}
