//! `POST /console/p/{slug}/signatures`: rejects signatures, or puts them back, and shows what was looked for again.

use super::{Asked, STAFF, page};
use crate::console::permission::Permission;
use crate::console::posted::Posted;
use crate::console::refusal::Refusal;
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::Html;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use redress_model::id::SignatureId;
use redress_model::signature::RejectionReason;
use serde_json::json;

/// Does it.
pub(crate) async fn decide(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Html<String>, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let signatures = &state.store().signatures;
    let mut ids = Vec::new();
    for (name, text) in &fields.0 {
        if name == "id"
            && let Ok(id) = text.parse::<SignatureId>()
        {
            // An id of another petition is nobody's to change from here.
            let found = signatures.find_signature(id).await?;
            ids.extend(
                found
                    .filter(|it| it.petition_id == petition.id)
                    .map(|it| it.id),
            );
        }
    }
    let changed = match fields.text("act") {
        "reject" => {
            let reason = fields.text("reason").parse::<RejectionReason>().ok();
            let reason = reason.filter(|reason| STAFF.contains(reason));
            let reason = reason.ok_or(Failure::NotFound)?;
            let details = json!({ "signatures": ids.len(), "reason": reason.as_str() });
            let deed = visitor.deed(&state, "signature.reject", &petition.slug, details);
            signatures.reject(&ids, reason, &deed).await?
        }
        "put_back" => {
            let details = json!({ "signatures": ids.len() });
            let deed = visitor.deed(&state, "signature.put_back", &petition.slug, details);
            let mut random = ChaCha20Rng::from_rng(&mut *state.random());
            signatures.put_back(&ids, &deed, &mut random).await?
        }
        _ => return Err(Failure::NotFound.into()),
    };
    let count = changed.len();
    let asked = Asked {
        note: Some(match count {
            0 => "Nothing was changed.".to_owned(),
            1 => "1 signature was changed.".to_owned(),
            count => format!("{count} signatures were changed."),
        }),
        ..Asked::sent(&fields)
    };
    page(&state, &visitor, (&petition, role), asked).await
}
