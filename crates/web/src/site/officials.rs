//! `POST /p/{slug}/officials`: who gets this, before signing. Nothing is kept.

use super::form::FormView;
use super::{Frame, render};
use crate::body::FormFields;
use crate::failure::Page;
use crate::signing::form::SignFields;
use crate::spoken::{self, say, t};
use crate::state::AppState;
use crate::{dates, opinions, petitions, proof, signing};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use redress_model::official::Role;
use redress_model::petition::Target;
use redress_model::resolution::{Level, PostAnswer, Reason, Resolution};
use std::sync::Arc;

/// An official, or a seat without one.
pub(crate) struct Card {
    pub name: String,
    pub post: String,
    pub term: String,
    pub as_of: String,
    pub is_certain: bool,
}

#[derive(Template)]
#[template(path = "site/officials.html")]
struct View {
    frame: Frame,
    address: String,
    government: String,
    mail_city: Option<String>,
    district: Option<String>,
    sureness: &'static str,
    /// What it may be instead, where others say so.
    differing: String,
    cards: Vec<Card>,
    is_open: bool,
    form: FormView,
}

#[derive(Template)]
#[template(path = "site/preview.html")]
struct Preview {
    frame: Frame,
    government: String,
    sureness: &'static str,
    cards: Vec<Card>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    form: FormFields,
) -> Result<Html<String>, Page> {
    let petition = petitions::find(&state, &slug).await?;
    let fields = SignFields::from_form(&form);
    let on = dates::date_of(state.now(), &petition);
    let opinions::Heard { own, heard } = opinions::resolve(&state, &fields.input(), on).await;
    let asks_proof = proof::is_needed(&state, petition.id).await?;
    let form = FormView::new(&state, &petition, fields).proving(asks_proof);
    let resolution = heard;
    let is_target = |post: &&Arc<PostAnswer>| is_target(&petition.terms.targets, post.role);
    let cards = resolution
        .posts
        .iter()
        .filter(is_target)
        .map(|post| card(post))
        .collect();
    render(&View {
        frame: Frame::of(t("Who gets this"), &petition.slug),
        address: resolution.input.clone(),
        government: government(&resolution),
        mail_city: mail_city(&resolution),
        district: resolution.district.clone(),
        sureness: sureness(&resolution),
        // Only the pack's own questions can be answered when signing: it counts by the pack alone.
        differing: if resolution.alternatives == own.alternatives {
            String::new()
        } else {
            labels(&resolution).join(t("; or "))
        },
        cards,
        is_open: petition.state == redress_model::petition::state::PetitionState::Open,
        form: form.asking(&own),
    })
}

/// The same in short, for the page's own script while an address is typed: by our own map alone.
pub(crate) async fn preview(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    form: FormFields,
) -> Result<Html<String>, Page> {
    let petition = petitions::find(&state, &slug).await?;
    let fields = SignFields::from_form(&form);
    let on = dates::date_of(state.now(), &petition);
    let resolution = signing::resolve(&state, &fields.input(), on);
    let is_target = |post: &&Arc<PostAnswer>| is_target(&petition.terms.targets, post.role);
    let posts = resolution.posts.iter().filter(is_target);
    render(&Preview {
        frame: Frame::of(t("Who gets this"), &petition.slug),
        government: government(&resolution),
        sureness: sureness(&resolution),
        cards: posts.map(|post| card(post)).collect(),
    })
}

/// Whether a petition goes to posts of a role.
pub(crate) fn is_target(targets: &[Target], role: Role) -> bool {
    targets.iter().any(|target| match target {
        Target::Mayor => role == Role::Mayor,
        Target::CouncilMember => role == Role::CouncilMember,
        Target::Clerk => role == Role::Clerk,
    })
}

/// How an official is shown.
pub(crate) fn card(post: &PostAnswer) -> Card {
    let has_ended = post.reasons.contains(&Reason::TermEnded);
    let person = post.person.as_ref();
    let end = person.and_then(|person| person.term_end);
    let term = match end {
        Some(end) if has_ended => say("term ended {}", &[&dates::day(end)]),
        Some(end) => say("until {}", &[&dates::day(end)]),
        None => String::new(),
    };
    Card {
        name: person.map_or_else(|| t("Vacant seat").to_owned(), |person| person.name.clone()),
        post: match &post.district {
            Some(district) => say("{}, district {}", &[&spoken::post(&post.title), district]),
            None => spoken::post(&post.title),
        },
        term,
        as_of: person
            .and_then(|person| person.as_of.clone())
            .unwrap_or_default(),
        is_certain: post.certain,
    }
}

fn government(resolution: &Resolution) -> String {
    match (&resolution.home, resolution.level) {
        (Some(home), _) => home.name.clone(),
        (None, Level::None | Level::Area | Level::Candidates) => t("not known yet").to_owned(),
        (None, _) => resolution.governments.first().map_or_else(
            || t("none: you live outside any city").to_owned(),
            |local| say("{} (you live outside any city)", &[&local.name]),
        ),
    }
}

/// The mail's city, where it is not the government's.
fn mail_city(resolution: &Resolution) -> Option<String> {
    let differs = resolution.reasons.contains(&Reason::PostalCityDiffers)
        || resolution.reasons.contains(&Reason::OutsideAnyCity);
    resolution.address.city.clone().filter(|_| differs)
}

fn labels(resolution: &Resolution) -> Vec<String> {
    let alternatives = resolution.alternatives.iter();
    alternatives
        .map(|alternative| spoken::home(&alternative.label))
        .collect()
}

fn sureness(resolution: &Resolution) -> &'static str {
    match resolution.level {
        Level::Candidates if resolution.reasons.contains(&Reason::ProviderDisagrees) => {
            t("Sources differ about this address, so we are not sure.")
        }
        Level::Exact | Level::ExactSplit => t("We know this address."),
        Level::Relaxed => t("One address fits, allowing for its spelling. Please check it."),
        Level::Street => {
            t("We know the street but not this number; the whole street has the same government.")
        }
        Level::Candidates => t("Several answers fit this address. Please choose yours below."),
        Level::Area => {
            t("We know the area but not this street, so we name nobody. You can still sign.")
        }
        Level::None => {
            t("We cannot locate this address. You can still sign; it counts in the total.")
        }
    }
}
