//! Going through a petition's signatures, opening who signed.

use super::condition::Matcher;
use crate::state::AppState;
use redress_model::id::SignatureId;
use redress_storage::StorageResult;
use redress_storage::secrets::{PetitionSecrets, SignerFields};
use redress_storage::signatures::Signature;

/// Signatures read at a time.
const PAGE: u32 = 500;

/// What was found.
#[derive(Default)]
pub(crate) struct Found {
    /// Those that are meant; who signed is absent once erased.
    pub matches: Vec<(Signature, Option<SignerFields>)>,
    /// How many were looked at.
    pub looked_at: usize,
    /// Where to go on, if there may be more.
    pub next: Option<SignatureId>,
}

/// The next signatures that are meant, after one, until there are enough or so many were looked at.
pub(crate) async fn find(
    state: &AppState,
    secrets: &PetitionSecrets,
    (matcher, after): (&Matcher, Option<SignatureId>),
    (enough, most): (usize, usize),
) -> StorageResult<Found> {
    let signatures = &state.store().signatures;
    let mut found = Found::default();
    let mut after = after.or(matcher.after());
    loop {
        let page = signatures
            .list_signatures(matcher.filter(), after, PAGE)
            .await?;
        let is_last = page.len() < PAGE as usize;
        for signature in page {
            after = Some(signature.id);
            found.looked_at += 1;
            let signer = open(secrets, &signature);
            if is_meant(matcher, signer.as_ref()) {
                found.matches.push((signature, signer));
                if found.matches.len() == enough {
                    found.next = after;
                    return Ok(found);
                }
            }
        }
        if is_last {
            return Ok(found);
        }
        if found.looked_at >= most {
            found.next = after;
            return Ok(found);
        }
    }
}

/// Who signed; `None` when it was erased or cannot be read.
pub(crate) fn open(secrets: &PetitionSecrets, signature: &Signature) -> Option<SignerFields> {
    let sealed = signature.sealed.as_ref()?;
    secrets.open_signer(signature.id, &sealed.signer).ok()
}

/// Whether a signature that storage found is meant. One that was erased is found by what is left of it.
pub(crate) fn is_meant(matcher: &Matcher, signer: Option<&SignerFields>) -> bool {
    signer.map_or_else(|| !matcher.asks_who(), |signer| matcher.matches(signer))
}
