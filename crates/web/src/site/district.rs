//! `POST /r/{token}/district`: the signer says which of the homes at a border is theirs.

use crate::body::FormFields;
use crate::failure::{Failure, Page};
use crate::signing::home;
use crate::spoken;
use crate::state::AppState;
use crate::token::{self, Opened, WayBack};
use axum::extract::{Path, State};
use axum::response::Redirect;
use redress_storage::StorageError;
use redress_storage::secrets::{Question, TokenPurpose};
use redress_storage::signatures::Correction;

/// Corrects it, and shows the receipt as it is now, which says why where it is too late. A second time is harmless.
pub(crate) async fn correct(
    State(state): State<AppState>,
    Path(text): Path<String>,
    form: Result<FormFields, Page>,
) -> Result<Redirect, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Receipt).await?;
    let form = form?;
    let question = find_question(&state, &opened).await?;
    let offers = question.map_or_else(Vec::new, |question| question.offers);
    let chosen = offers
        .iter()
        .find(|offer| offer.choice == form.text("choice"))
        .and_then(home::offered);
    if let Some(location) = chosen {
        let correction = Correction {
            id: opened.signature.id,
            location,
            at: state.now(),
        };
        state.intake().correct(correction).await?;
    }
    Ok(Redirect::to(&format!("{}/r/{text}", spoken::base())))
}

/// What the signer was asked; `None` where nothing was open, or another pack has resolved the address since.
pub(crate) async fn find_question(
    state: &AppState,
    opened: &Opened,
) -> Result<Option<Question>, Failure> {
    let (signature, petition) = (&opened.signature, &opened.petition);
    let Some(sealed) = &signature.sealed else {
        return Ok(None);
    };
    let secrets = state.vault().petition(petition.id).await?;
    let signer = secrets
        .open_signer(signature.id, &sealed.signer)
        .map_err(StorageError::from)?;
    Ok(signer
        .question
        .filter(|question| question.pack == signature.pack))
}
