//! `/console/p/{slug}/signatures/{id}/erase`: a person who cannot use their receipt asks to be erased. GET asks whether it is they who
//! ask, POST erases one signature or all of the same e-mail, as the receipt itself would: at once, and with its entry in the audit log.

use super::row::Row;
use crate::abuse::finding;
use crate::console::permission::Permission;
use crate::console::posted::Posted;
use crate::console::refusal::Refusal;
use crate::console::visitor::Visitor;
use crate::console::{Frame, days, render};
use crate::failure::Failure;
use crate::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use redress_model::signature::state::SignatureState;
use redress_storage::StorageResult;
use redress_storage::signatures::{Signature, SignatureFilter};
use serde_json::json;

/// Signatures of one e-mail that are read at a time; two count, the rest were replaced.
const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "console/erase.html")]
struct View {
    frame: Frame,
    slug: String,
    note: Option<String>,
    /// Who; `None` once they are erased.
    row: Option<Row>,
    /// Whether a frozen batch holds it, so that it stays counted.
    is_frozen: bool,
    /// How many others are of the same e-mail.
    others: usize,
}

/// Asks.
pub(crate) async fn ask(
    State(state): State<AppState>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor
        .open(&state, &slug, Permission::EraseSignatures)
        .await?;
    let signature = find(&state, &petition, &id).await?;
    page(&state, &visitor, (&petition, role), &signature, None).await
}

/// Erases, and shows what is left. A second time is harmless, and nothing is written of it.
pub(crate) async fn erase(
    State(state): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    Posted { visitor, fields }: Posted,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor
        .open(&state, &slug, Permission::EraseSignatures)
        .await?;
    let named = find(&state, &petition, &id).await?;
    let note = if fields.text("asked") != "yes" {
        "Nothing was erased: say first that the person asked for it.".to_owned()
    } else if named.state == SignatureState::Erased {
        "It was erased before.".to_owned()
    } else {
        let others = match fields.text("what") {
            "one" => Vec::new(),
            "mailbox" => others(&state, &named).await?,
            _ => return Err(Failure::NotFound.into()),
        };
        let ids: Vec<SignatureId> = [named.id].into_iter().chain(others).collect();
        // Ids say who did what to which row, and nothing of the person.
        let details = json!({ "signatures": ids });
        let deed = visitor.deed(&state, "signature.erase", &petition.slug, details);
        let signatures = &state.store().signatures;
        let erased = signatures.erase_as_asked(&ids, &deed).await?;
        match erased.len() {
            // Somebody else pressed the button too.
            0 => "It was erased before.".to_owned(),
            1 => "1 signature was erased.".to_owned(),
            count => format!("{count} signatures were erased."),
        }
    };
    let signature = find(&state, &petition, &id).await?;
    page(&state, &visitor, (&petition, role), &signature, Some(note)).await
}

/// A signature of this petition; another petition's is not there.
async fn find(state: &AppState, petition: &Petition, id: &str) -> Result<Signature, Refusal> {
    let id = id.parse::<SignatureId>().map_err(|_| Failure::NotFound)?;
    let found = state.store().signatures.find_signature(id).await?;
    let found = found.filter(|it| it.petition_id == petition.id);
    found.ok_or_else(|| Failure::NotFound.into())
}

/// The others of its e-mail, in whatever state. An erased one has no e-mail, and so no others.
async fn others(state: &AppState, signature: &Signature) -> StorageResult<Vec<SignatureId>> {
    let (mut ids, mut after) = (Vec::new(), None);
    if signature.state == SignatureState::Erased {
        return Ok(ids);
    }
    let filter = SignatureFilter {
        email_key: Some(signature.email_key),
        ..SignatureFilter::of(signature.petition_id)
    };
    loop {
        let signatures = &state.store().signatures;
        let listed = signatures.list_signatures(&filter, after, PAGE).await?;
        let Some(last) = listed.last() else {
            return Ok(ids);
        };
        after = Some(last.id);
        let all = listed.iter().map(|other| other.id);
        ids.extend(all.filter(|other| *other != signature.id));
    }
}

async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    signature: &Signature,
    note: Option<String>,
) -> Result<Html<String>, Refusal> {
    let secrets = state.vault().petition(petition.id).await?;
    let in_force = state.guards().find(state, petition.id).await?;
    let civics = state.civics();
    let signer = finding::open(&secrets, signature);
    let row = Row::of(
        (signature, signer.as_ref()),
        &in_force.guard,
        (&civics, days::zone(petition)),
    );
    render(&View {
        frame: Frame::of(petition, role, "signatures", visitor),
        slug: petition.slug.to_string(),
        note,
        is_frozen: signature.is_counted && signature.frozen_at.is_some(),
        others: others(state, signature).await?.len(),
        row: Some(row).filter(|row| row.is_erasable),
    })
}
