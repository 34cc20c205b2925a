//! Forms that come back sooner than a person could fill them in.

use crate::state::AppState;
use chrono::Duration;
use redress_model::id::PetitionId;
use redress_storage::secrets::{read_form_stamp, stamp_form};

/// The stamp of a form that is shown now.
pub(crate) fn stamp(state: &AppState, petition: PetitionId) -> String {
    stamp_form(state.vault().instance_key(), petition, state.now())
}

/// Whether a form came back too soon. A post without a stamp is no sign of a robot, for programs have none; a stamp that is not ours
/// is one.
pub(super) fn is_too_young(
    state: &AppState,
    petition: PetitionId,
    text: &str,
    seconds: u32,
) -> bool {
    if text.is_empty() || seconds == 0 {
        return false;
    }
    let Some(shown_at) = read_form_stamp(state.vault().instance_key(), petition, text) else {
        return true;
    };
    let age = state.now() - shown_at;
    age < Duration::seconds(i64::from(seconds))
}
