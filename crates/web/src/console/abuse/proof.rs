//! `POST /console/p/{slug}/abuse/proof`: when the petition asks for proof of work.

use super::super::permission::Permission;
use super::super::posted::Posted;
use super::super::refusal::Refusal;
use crate::body::BodyError;
use crate::console::days;
use crate::failure::Failure;
use crate::proof;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::Redirect;
use redress_model::abuse::proof::ProofMode;
use redress_model::petition::Petition;
use serde_json::json;

/// What the page shows of it.
pub(super) struct Shown {
    /// The choices: word, label, whether it is the one.
    pub choices: [(&'static str, &'static str, bool); 3],
    /// Whether it is asked for now.
    pub is_asking: bool,
    /// Until when it is, as things stand; empty where no end is known.
    pub until: String,
}

/// As it stands.
pub(super) async fn shown(state: &AppState, petition: &Petition) -> Result<Shown, Failure> {
    let is_asking = proof::is_needed(state, petition.id).await?;
    let rule = state.store().proofs.find_proof_rule(petition.id).await?;
    let choice = |mode: ProofMode, label| (mode.as_str(), label, mode == rule.mode);
    let ends_at = rule
        .until_at
        .filter(|_| is_asking && rule.mode == ProofMode::Automatic);
    Ok(Shown {
        choices: [
            choice(ProofMode::Automatic, "while it is under attack"),
            choice(ProofMode::On, "always"),
            choice(ProofMode::Off, "never"),
        ],
        is_asking,
        until: ends_at.map_or_else(String::new, |at| {
            let at = at.with_timezone(&days::zone(petition));
            at.format("%Y-%m-%d %H:%M").to_string()
        }),
    })
}

/// Sets it.
pub(crate) async fn set_proof(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Redirect, Refusal> {
    let permission = Permission::EditPetition;
    let (petition, _) = visitor.open(&state, &slug, permission).await?;
    let mode: ProofMode = fields
        .text("mode")
        .parse()
        .map_err(|_| Failure::Body(BodyError::Malformed))?;
    let details = json!({ "mode": mode });
    let deed = visitor.deed(&state, "abuse.proof", &petition.slug, details);
    let proofs = &state.store().proofs;
    proofs.record_proof_mode(petition.id, mode, &deed).await?;
    state.watches().forget(petition.id);
    Ok(Redirect::to(&format!(
        "/console/p/{}/abuse?note=saved",
        petition.slug
    )))
}
