//! `POST /desk/{token}/response`: what the office says. An organizer looks at it before anybody else reads it.

use super::closed::Closed;
use super::home::{self, Told};
use super::seat::{self, Seat};
use crate::answers;
use crate::body::FormFields;
use crate::dates::{day_of, zone};
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use redress_model::id::ResponseId;
use redress_model::response::{Position, ResponseState, ResponseText};
use redress_storage::responses::{NewResponse, ResponseFilter, ResponseOutcome};

/// How many of an office's answers its page shows.
const MOST: u32 = 20;

/// What an office may choose from.
pub(super) const POSITIONS: [(Position, &str); 3] = [
    (Position::Support, "We support it"),
    (Position::Oppose, "We oppose it"),
    (Position::UnderStudy, "We are studying it"),
];

/// The form as it was sent.
#[derive(Default)]
pub(super) struct AnswerForm {
    /// The word of a [`Position`].
    pub position: String,
    /// The office's words.
    pub text: String,
    /// What is wrong with the choice.
    pub position_error: Option<String>,
    /// What is wrong with the words.
    pub text_error: Option<String>,
}

impl AnswerForm {
    /// Whether something is wrong.
    pub(super) fn is_wrong(&self) -> bool {
        self.position_error.is_some() || self.text_error.is_some()
    }
}

/// Something that the office has said.
pub(super) struct Said {
    pub on: String,
    pub stands: &'static str,
    /// What became of it.
    pub state: &'static str,
    pub paragraphs: Vec<String>,
}

/// What the office has said so far, newest first.
pub(super) async fn list(state: &AppState, seat: &Seat) -> Result<Vec<Said>, Failure> {
    let filter = ResponseFilter {
        post_id: Some(&seat.addressee.post_id),
        ..ResponseFilter::default()
    };
    let responses = &state.store().responses;
    let found = responses.list_responses(seat.petition.id, filter, MOST);
    let said = found.await?.into_iter().map(|response| Said {
        on: day_of(response.responded_at, zone(&seat.petition)),
        stands: answers::stands(response.position),
        state: match response.state {
            ResponseState::Waiting => "an organizer looks at it before it is published",
            ResponseState::Published => "published",
            ResponseState::Declined => "not published",
            ResponseState::Replaced => "replaced by a later answer",
        },
        paragraphs: answers::paragraphs(&response.text),
    });
    Ok(said.collect())
}

/// Takes it.
pub(super) async fn answer(
    State(state): State<AppState>,
    Path(text): Path<String>,
    fields: FormFields,
) -> Result<Response, Closed> {
    let seat = seat::open(&state, &text).await?;
    let (position, words) = (fields.text("position"), fields.text("text"));
    let chosen = POSITIONS
        .into_iter()
        .map(|(position, _)| position)
        .find(|it| it.as_str() == position);
    let read = ResponseText::parse(words);
    let form = AnswerForm {
        position: position.to_owned(),
        text: words.to_owned(),
        position_error: chosen
            .is_none()
            .then(|| "choose where the office stands".to_owned()),
        text_error: read.as_ref().err().map(ToString::to_string),
    };
    let (Some(position), Ok(text)) = (chosen, read) else {
        let told = Told {
            form,
            ..Told::default()
        };
        let page = home::page(&state, &seat, told).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let new = NewResponse {
        id: ResponseId::new(state.clock(), state.random().as_mut()),
        delivery_id: seat.id,
        event_id: None,
        position,
        text,
        responded_at: state.now(),
    };
    match state.store().responses.record_response(&new).await? {
        ResponseOutcome::Recorded | ResponseOutcome::Repeated => {
            let page = format!("{}?note=answered#answer", seat.ways.desk);
            Ok(Redirect::to(&page).into_response())
        }
        ResponseOutcome::TooMany => {
            let warning = "Your office has answered many times today. Please write again tomorrow, or reply to the letter.";
            let told = Told {
                form,
                warning: Some(warning),
                ..Told::default()
            };
            let page = home::page(&state, &seat, told).await?;
            Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response())
        }
    }
}
