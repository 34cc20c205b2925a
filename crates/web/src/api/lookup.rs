//! `POST /lookup`: who answers for an address. Nothing is kept.

use crate::body::JsonFields;
use crate::failure::{Failure, Problem};
use crate::opinions;
use crate::signing::form::{FieldError, SignFields};
use crate::spoken::english;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use redress_model::resolution::Resolution;
use serde_json::Value;

/// The resolution of `address`, or of the fields, with second opinions where providers are on.
pub(crate) async fn look_up(
    State(state): State<AppState>,
    json: JsonFields,
) -> Result<Json<Resolution>, Problem> {
    let mut fields = SignFields::from_json(&json);
    if let Some(Value::String(address)) = json.0.get("address")
        && fields.street.is_empty()
    {
        fields.street.clone_from(address);
    }
    if !fields.mistyped.is_empty() {
        return Err(Failure::Fields(fields.mistyped).into());
    }
    let is_bare = [&fields.street, &fields.city, &fields.zip]
        .iter()
        .all(|text| text.trim().is_empty());
    if is_bare {
        return Err(Failure::Fields(vec![FieldError {
            field: "address",
            code: "address_empty",
            message: english("an address is needed").to_owned(),
        }])
        .into());
    }
    Ok(Json(
        opinions::resolve(&state, &fields.input(), state.today())
            .await
            .heard,
    ))
}
