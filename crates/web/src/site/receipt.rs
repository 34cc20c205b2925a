//! `/r/{token}`: the signer's own secret page.

mod letters;

use super::officials::{Card, card, is_target};
use super::{Frame, district, grouped, render};
use crate::dates;
use crate::failure::Failure;
use crate::places;
use crate::spoken::{self, t};
use crate::state::AppState;
use crate::token::{self, Opened, WayBack};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use letters::Brought;
use redress_civics::officials::Directory;
use redress_model::home::District;
use redress_model::official::Seat;
use redress_model::resolution::PostAnswer;
use redress_model::signature::state::SignatureState;
use redress_storage::secrets::{Offer, TokenPurpose};

#[derive(Template)]
#[template(path = "site/receipt.html")]
struct View {
    frame: Frame,
    title: String,
    standing: &'static str,
    number: Option<String>,
    home: String,
    district: Option<String>,
    is_self_asserted: bool,
    lists_name: bool,
    /// The homes that the signer may say is theirs.
    offers: Vec<Offered>,
    /// Whether a letter holds the signature, so that its home stays.
    is_frozen: bool,
    cards: Vec<Card>,
    letters: Vec<Brought>,
    state: SignatureState,
    token: String,
}

/// A home that the signer may say is theirs.
struct Offered {
    choice: String,
    label: String,
    is_chosen: bool,
}

impl View {
    fn may_correct(&self) -> bool {
        let may_count = matches!(
            self.state,
            SignatureState::Pending | SignatureState::Confirmed
        );
        may_count && !self.offers.is_empty()
    }

    fn may_withdraw(&self) -> bool {
        self.state == SignatureState::Confirmed
    }

    fn may_erase(&self) -> bool {
        self.state != SignatureState::Erased
    }
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(text): Path<String>,
) -> Result<Html<String>, WayBack> {
    let opened = token::open(&state, &text, TokenPurpose::Receipt).await?;
    Ok(render(&view(&state, &opened, text).await?)?)
}

async fn view(state: &AppState, opened: &Opened, token: String) -> Result<View, Failure> {
    let (signature, petition) = (&opened.signature, &opened.petition);
    let civics = state.civics();
    let location = &signature.location;
    let is_counted = signature.state == SignatureState::Confirmed;
    let mut cards = Vec::new();
    if let Some(geoid) = location.home.geoid() {
        let district = location.district.as_ref().map(District::as_str);
        let on = dates::date_of(state.now(), petition);
        let posts = posts(civics.directory(), geoid.as_str(), district, on);
        let is_target = |post: &&PostAnswer| is_target(&petition.terms.targets, post.role);
        cards = posts.iter().filter(is_target).map(card).collect();
    }
    Ok(View {
        frame: Frame::of(t("Your receipt"), &petition.slug),
        title: petition.terms.title.clone(),
        standing: standing(signature.state),
        number: signature.number.filter(|_| is_counted).map(grouped),
        home: places::find_name(state, &location.home).await?,
        district: location.district.as_ref().map(|it| it.as_str().to_owned()),
        is_self_asserted: location.is_self_asserted,
        lists_name: signature.wishes.lists_name,
        offers: offers(state, opened).await?,
        is_frozen: signature.frozen_at.is_some(),
        cards,
        letters: letters::list(state, opened).await?,
        state: signature.state,
        token,
    })
}

async fn offers(state: &AppState, opened: &Opened) -> Result<Vec<Offered>, Failure> {
    let question = district::find_question(state, opened).await?;
    let offers = question.map_or_else(Vec::new, |question| question.offers);
    let location = &opened.signature.location;
    let is_chosen = |offer: &Offer| {
        offer.home == location.home.as_key() && offer.district == location.district_key()
    };
    Ok(offers
        .into_iter()
        .map(|offer| Offered {
            is_chosen: is_chosen(&offer),
            choice: offer.choice,
            label: spoken::home(&offer.label),
        })
        .collect())
}

/// The posts that answer for a place and a district of it.
fn posts(
    directory: &Directory,
    geoid: &str,
    district: Option<&str>,
    on: chrono::NaiveDate,
) -> Vec<PostAnswer> {
    let answers_for = |seat: &Seat| match seat {
        Seat::AtLarge => true,
        Seat::District(label) => Some(label.as_str()) == district,
        Seat::Unknown => false,
    };
    directory
        .posts_of(geoid)
        .iter()
        .filter(|post| answers_for(&post.seat))
        .flat_map(|post| post.answers(on))
        .collect()
}

fn standing(state: SignatureState) -> &'static str {
    match state {
        SignatureState::Pending => t("Waiting for your confirmation"),
        SignatureState::Confirmed => t("Counted"),
        SignatureState::Withdrawn => t("Withdrawn: it is not counted"),
        SignatureState::Rejected => t("Not counted"),
        SignatureState::Erased => t("Erased"),
    }
}
