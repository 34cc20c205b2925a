//! `POST /r/{token}/name`: whether lists to officials show the signer's name.

use crate::body::FormFields;
use crate::failure::Page;
use crate::spoken;
use crate::state::AppState;
use crate::token::{self, WayBack};
use axum::extract::{Path, State};
use axum::response::Redirect;
use redress_storage::secrets::TokenPurpose;
use redress_storage::signatures::Wishes;

/// Records the wish, and shows the receipt as it is now. A second time is harmless.
pub(crate) async fn change(
    State(state): State<AppState>,
    Path(text): Path<String>,
    form: Result<FormFields, Page>,
) -> Result<Redirect, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Receipt).await?;
    let wishes = Wishes {
        lists_name: form?.is_ticked("list_name"),
        ..opened.signature.wishes
    };
    let signatures = &state.store().signatures;
    signatures
        .record_wishes(opened.signature.id, wishes)
        .await?;
    Ok(Redirect::to(&format!("{}/r/{text}", spoken::base())))
}
