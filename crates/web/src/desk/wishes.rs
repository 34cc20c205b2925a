//! `POST /desk/{token}/wishes` and `/desk/{token}/closure`: how the office wishes to be written to, or that it does not.

use super::closed::Closed;
use super::home::{self, Told};
use super::seat::{self, Seat};
use crate::body::FormFields;
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use redress_model::id::new_uuid;
use redress_model::office_wish::{Closure, LetterPace, Whither};
use redress_storage::office_wishes::{NewOfficeWish, OfficeWish, Said};

/// What an office may choose from.
pub(super) const PACES: [(LetterPace, &str); 3] = [
    (
        LetterPace::AtThreshold,
        "Whenever enough people have signed",
    ),
    (LetterPace::Weekly, "At most one a week"),
    (LetterPace::Monthly, "At most one a month"),
];

/// Where its letters may go.
pub(super) const WHITHER: [(Whither, &str); 3] = [
    (Whither::Own, "To us"),
    (
        Whither::Clerk,
        "To our clerk instead, who hands the letters on",
    ),
    (
        Whither::WholeBody,
        "One letter to the whole body, through our clerk",
    ),
];

/// How the office is written to now.
#[derive(Default)]
pub(super) struct WishView {
    /// The word of a [`LetterPace`].
    pub pace: &'static str,
    /// The word of a [`Whither`].
    pub whither: &'static str,
    /// Whether it may be in a letter to the whole body.
    pub is_joint: bool,
    /// Why no more letters come.
    pub closed: Option<&'static str>,
}

async fn find(state: &AppState, seat: &Seat) -> Result<Option<OfficeWish>, Failure> {
    let wishes = &state.store().office_wishes;
    let found = wishes
        .find_office_wish(seat.petition.id, &seat.addressee.post_id)
        .await?;
    Ok(found)
}

/// How the office is written to.
pub(super) async fn view(state: &AppState, seat: &Seat) -> Result<WishView, Failure> {
    let found = find(state, seat).await?;
    let (pace, whither) = found
        .as_ref()
        .map_or((LetterPace::AtThreshold, Whither::Own), |wish| {
            (wish.pace, wish.whither)
        });
    let (person, email) = (
        seat.addressee.person.as_deref(),
        seat.addressee.email.as_deref(),
    );
    let closure = found
        .filter(|wish| wish.closes(person, email))
        .and_then(|wish| wish.closure);
    Ok(WishView {
        pace: pace.as_str(),
        whither: whither.as_str(),
        is_joint: whither == Whither::WholeBody,
        closed: closure.map(|closure| match closure {
            Closure::Stopped => "Your office asked for no more letters. That is public.",
            Closure::NotMyDistrict => "You told us that this is not your district.",
            Closure::LeftOffice => "You told us that you have left the office.",
        }),
    })
}

/// `POST /desk/{token}/wishes`: how often, and to whom.
pub(super) async fn change(
    State(state): State<AppState>,
    Path(text): Path<String>,
    fields: FormFields,
) -> Result<Response, Closed> {
    let seat = seat::open(&state, &text).await?;
    let Ok(pace) = fields.text("pace").parse::<LetterPace>() else {
        return Ok(refused(&state, &seat).await?);
    };
    let whither = match fields.text("whither") {
        // A form from before there were three ways.
        "" if fields.is_ticked("clerk") => Whither::Clerk,
        "" => Whither::Own,
        word => match word.parse::<Whither>() {
            Ok(whither) => whither,
            Err(_) => return Ok(refused(&state, &seat).await?),
        },
    };
    record(&state, &seat, Said::Ways { pace, whither }, "wished").await
}

/// `POST /desk/{token}/closure`: no more letters, for one of three reasons; or letters again.
pub(super) async fn close(
    State(state): State<AppState>,
    Path(text): Path<String>,
    fields: FormFields,
) -> Result<Response, Closed> {
    let seat = seat::open(&state, &text).await?;
    let (closure, note) = match fields.text("as") {
        "open" => (None, "opened"),
        word => match word.parse::<Closure>() {
            Ok(closure) => (Some(closure), "closed"),
            Err(_) => return Ok(refused(&state, &seat).await?),
        },
    };
    record(&state, &seat, Said::Closure(closure), note).await
}

async fn record(state: &AppState, seat: &Seat, said: Said, note: &str) -> Result<Response, Closed> {
    let new = NewOfficeWish {
        id: new_uuid(state.clock(), state.random().as_mut()),
        delivery_id: seat.id,
        said,
        at: state.now(),
    };
    let wishes = &state.store().office_wishes;
    let suppressed = wishes.record_office_wish(&new).await?;
    tracing::info!(
        petition.id = %seat.petition.id,
        delivery.suppressed = suppressed,
        "an office said how it wishes to be written to"
    );
    let desk = format!("{}?note={note}#wishes", seat.ways.desk);
    Ok(Redirect::to(&desk).into_response())
}

async fn refused(state: &AppState, seat: &Seat) -> Result<Response, Failure> {
    let told = Told {
        warning: Some("Nothing was changed: choose one of those below."),
        ..Told::default()
    };
    let page = home::page(state, seat, told).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
