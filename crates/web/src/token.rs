//! Links from mails, and the way back for those that are cut, wrong or old.

use crate::failure::Failure;
use crate::spoken::{self, t};
use crate::state::AppState;
use axum::response::{IntoResponse, Redirect, Response};
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_model::slug::Slug;
use redress_storage::secrets::{Token, TokenPurpose};
use redress_storage::signatures::Signature;
use uuid::Uuid;

/// What a good link opens.
pub(crate) struct Opened {
    pub signature: Signature,
    pub petition: Petition,
}

/// Why a link opens nothing, and where it leads instead.
pub(crate) enum WayBack {
    /// To the petition, or to the list of petitions, with an explanation.
    Note {
        petition: Option<Slug>,
        note: &'static str,
    },
    /// The database failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for WayBack {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<crate::failure::Page> for WayBack {
    fn from(page: crate::failure::Page) -> Self {
        Self::Failed(page.0)
    }
}

impl WayBack {
    pub(crate) fn to(petition: Petition, note: &'static str) -> Self {
        let is_visible = petition.state != PetitionState::Draft;
        let petition = is_visible.then_some(petition.slug);
        Self::Note { petition, note }
    }
}

impl IntoResponse for WayBack {
    fn into_response(self) -> Response {
        match self {
            Self::Note { petition, note } => {
                let base = petition.map_or_else(String::new, |slug| format!("p/{slug}"));
                Redirect::to(&format!("{}/{base}?note={note}", spoken::base())).into_response()
            }
            Self::Failed(failure) => crate::failure::Page(failure).into_response(),
        }
    }
}

/// What a note says; anything else says nothing.
pub(crate) fn note(word: &str) -> Option<&'static str> {
    Some(match word {
        "link" => t(
            "That link is not complete, or was replaced by a newer one. Use the link in the last mail from us, or sign again: nobody is counted twice.",
        ),
        "late" => t(
            "That link is too old. If you still want to sign, fill in the form again: nobody is counted twice.",
        ),
        "replaced" => t(
            "A newer signature from the same e-mail address took the place of this one. Use the link in the last mail, or sign again.",
        ),
        "permit" => t(
            "That link is too old or not complete. Fill in the form again, and we send you another.",
        ),
        "again" => t(
            "Many signatures come in right now. To use another e-mail, please fill in the form again.",
        ),
        "closed" => t("This petition takes no more confirmations."),
        "ended" => t("That signature was withdrawn or removed and is not counted."),
        _ => return None,
    })
}

/// Opens a link for a purpose.
pub(crate) async fn open(
    state: &AppState,
    text: &str,
    purpose: TokenPurpose,
) -> Result<Opened, WayBack> {
    let id = text
        .get(..32)
        .and_then(|id| Uuid::try_parse(id).ok())
        .map(SignatureId);
    let Some(opened) = find(state, id).await? else {
        let (petition, note) = (None, "link");
        return Err(WayBack::Note { petition, note });
    };
    let key = state.vault().instance_key();
    let is_good = Token::parse(text)
        .is_some_and(|token| token.is_valid(key, purpose, opened.signature.epoch));
    if is_good {
        Ok(opened)
    } else {
        Err(WayBack::to(opened.petition, "link"))
    }
}

/// A signature with its petition.
pub(crate) async fn find(
    state: &AppState,
    id: Option<SignatureId>,
) -> Result<Option<Opened>, Failure> {
    let Some(id) = id else { return Ok(None) };
    let Some(signature) = state.store().signatures.find_signature(id).await? else {
        return Ok(None);
    };
    let petition = state
        .store()
        .petitions
        .find_petition(signature.petition_id)
        .await?;
    Ok(petition.map(|petition| Opened {
        signature,
        petition,
    }))
}
