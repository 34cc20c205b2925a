//! What signers said to their officials: comments of the latest letters' lists.
//!
//! They are read from the sealed lines and not from the letters, since a line is emptied when its signer erases it; of those
//! who have withdrawn since they are left out. So are those that a reviewer has not passed: what a list was frozen with stays
//! in it, and is not said again.

use super::seat::Seat;
use crate::failure::Failure;
use crate::state::AppState;
use redress_letters::list::ListRow;
use redress_model::id::{BatchId, SignatureId};
use redress_storage::StorageError;
use redress_storage::secrets::{PetitionSecrets, SealedField};
use std::collections::HashSet;

/// The most that are shown.
const MOST: usize = 12;
/// The most lists that are read for them.
const LISTS: usize = 3;
/// Lines opened at once.
const STRIDE: usize = 200;

/// A signer's words.
pub(super) struct Comment {
    pub text: String,
    /// None for a signer who keeps the name to themselves.
    pub name: Option<String>,
    pub district: Option<String>,
}

/// Comments, those of the newest letter first.
pub(super) async fn list(state: &AppState, seat: &Seat) -> Result<Vec<Comment>, Failure> {
    let Some(secrets) = seat.secrets(state).await? else {
        return Ok(Vec::new());
    };
    let batches = &state.store().batches;
    let lapsed = batches.list_lapsed(seat.petition.id, &seat.geoid).await?;
    let mut gone: HashSet<SignatureId> = lapsed.iter().map(|lapsed| lapsed.signature_id).collect();
    let mut comments = Vec::new();
    for letter in seat.letters.iter().take(LISTS) {
        let rows = batches.list_batch_rows(letter.batch.id).await?;
        let corrected = rows.iter().filter(|row| row.is_correction);
        gone.extend(corrected.map(|row| row.signature_id));
        for some in rows.chunks(STRIDE) {
            let mut said = Vec::new();
            for row in some {
                let is_there = !row.is_correction && !gone.contains(&row.signature_id);
                let Some(sealed) = row.sealed_line.as_ref().filter(|_| is_there) else {
                    continue;
                };
                let comment = comment(&open(&secrets, letter.batch.id, sealed)?);
                said.extend(comment.map(|comment| (row.signature_id, comment)));
            }
            comments.extend(passed(state, said).await?);
            if comments.len() >= MOST {
                comments.truncate(MOST);
                return Ok(comments);
            }
        }
    }
    Ok(comments)
}

/// Those that a reviewer has passed.
async fn passed(
    state: &AppState,
    said: Vec<(SignatureId, Comment)>,
) -> Result<Vec<Comment>, Failure> {
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<SignatureId> = said.iter().map(|(id, _)| *id).collect();
    let shown = state.store().comments.list_shown(&ids).await?;
    let shown: HashSet<SignatureId> = shown.into_iter().collect();
    let kept = said.into_iter().filter(|(id, _)| shown.contains(id));
    Ok(kept.map(|(_, comment)| comment).collect())
}

fn comment(row: &ListRow) -> Option<Comment> {
    Some(Comment {
        text: row.comment.clone()?,
        name: row.name.clone(),
        district: Some(row.district.clone()).filter(|label| !label.is_empty()),
    })
}

/// A line as it was sealed.
pub(super) fn open(
    secrets: &PetitionSecrets,
    batch: BatchId,
    sealed: &[u8],
) -> Result<ListRow, Failure> {
    let opened = secrets.open(SealedField::Line, batch, sealed);
    let opened = opened.map_err(StorageError::from)?;
    // What is wrong with it may be personal, and is not said.
    serde_json::from_slice(&opened)
        .map_err(|_| StorageError::unreadable("line of a list", "another shape").into())
}
