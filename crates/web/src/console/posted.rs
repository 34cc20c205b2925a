//! A form that was sent from a page of this session.

use super::refusal::Refusal;
use super::visitor::Visitor;
use crate::body::FormFields;
use crate::state::AppState;
use axum::extract::{FromRequest, FromRequestParts, Request};

/// Who sent it, and what.
pub(crate) struct Posted {
    /// Who.
    pub visitor: Visitor,
    /// What.
    pub fields: FormFields,
}

impl FromRequest<AppState> for Posted {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let fields = FormFields::from_request(request, state).await?;
        if visitor.secret.is_form_token(fields.text("token")) {
            Ok(Self { visitor, fields })
        } else {
            Err(Refusal::ForeignForm)
        }
    }
}
