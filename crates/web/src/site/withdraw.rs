//! `POST /r/{token}/withdraw`: the signer takes the signature back.

use crate::spoken;
use crate::state::AppState;
use crate::token::{self, WayBack};
use axum::extract::{Path, State};
use axum::response::Redirect;
use redress_storage::secrets::TokenPurpose;
use redress_storage::signatures::{WithdrawOutcome, Withdrawal};

/// Withdraws, and shows the receipt as it is now. A second time is harmless.
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Redirect, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Receipt).await?;
    let withdrawal = Withdrawal {
        id: opened.signature.id,
        at: state.now(),
    };
    match state.intake().withdraw(withdrawal).await? {
        WithdrawOutcome::Unknown => Err(WayBack::to(opened.petition, "link")),
        WithdrawOutcome::Withdrawn | WithdrawOutcome::Already | WithdrawOutcome::NotCounted(_) => {
            Ok(Redirect::to(&format!("{}/r/{text}", spoken::base())))
        }
    }
}
