//! `/console/p/{slug}/resolutions`: what the pack in use would change of what is stored, as a server last compared it, and the button
//! that approves it. The server that has the pack does the work, within seconds; the page only asks.

use super::permission::Permission;
use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, render};
use crate::failure::Failure;
use crate::reresolution::{Report, Spot};
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use redress_storage::reresolutions::ReresolutionRequest;
use serde::Deserialize;
use serde_json::json;

/// Ways on the page; the command line lists them all.
const MOST: usize = 200;

/// What led here.
#[derive(Deserialize, Default)]
pub(crate) struct Noted {
    #[serde(default)]
    note: String,
}

struct Kind {
    told: &'static str,
    signatures: String,
    counted: String,
}

struct Way {
    told: &'static str,
    from: String,
    to: String,
    signatures: String,
}

/// With what the last report compares.
struct Compared {
    pack: String,
    at: String,
    /// Whether that pack is in use.
    is_current: bool,
}

#[derive(Template)]
#[template(path = "console/resolutions.html")]
struct View {
    frame: Frame,
    slug: String,
    note: Option<&'static str>,
    warning: Option<&'static str>,
    /// The pack in use.
    pack: String,
    compared: Option<Compared>,
    examined: String,
    kinds: Vec<Kind>,
    ways: Vec<Way>,
    more: usize,
    changed: u64,
    unreadable: u64,
    is_asked: bool,
    is_editor: bool,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    noted: Result<Query<Noted>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor.open(&state, &slug, Permission::SeeCounts).await?;
    let is_asked = noted.unwrap_or_default().0.note == "asked";
    let note = is_asked
        .then_some("Asked. It takes seconds for thousands of signatures; load the page again.");
    page(&state, &visitor, (&petition, role), (note, None)).await
}

async fn find_report(
    state: &AppState,
    petition: &Petition,
) -> Result<Option<(Report, String)>, Failure> {
    let storage = &state.store().reresolutions;
    let kept = storage.find_reresolution_report(petition.id).await?;
    Ok(kept.and_then(|kept| {
        // What a newer version wrote is compared again.
        let report = serde_json::from_str(&kept.report).ok()?;
        Some((
            report,
            kept.made_at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        ))
    }))
}

async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    (note, warning): (Option<&'static str>, Option<&'static str>),
) -> Result<Html<String>, Refusal> {
    let civics = state.civics();
    let pack = civics.pack_id();
    let found = find_report(state, petition).await?;
    let requests = state.store().reresolutions.list_reresolution_requests();
    let requests = requests.await?;
    let place = |spot: &Spot| {
        let name = civics.name_of(&spot.home);
        if spot.district.is_empty() {
            name
        } else {
            format!("{name}, district {}", spot.district)
        }
    };
    let compared = found.as_ref().map(|(report, at)| Compared {
        pack: report.pack.clone(),
        at: at.clone(),
        is_current: report.pack == pack,
    });
    let report = found.map(|(report, _)| report);
    let figure = |number: u64| grouped(i64::try_from(number).unwrap_or(i64::MAX));
    let kinds = report.iter().flat_map(|report| &report.changes);
    let ways = report.iter().flat_map(|report| &report.moves);
    render(&View {
        frame: Frame::of(petition, role, "resolutions", visitor),
        slug: petition.slug.to_string(),
        note,
        warning,
        compared,
        examined: figure(report.as_ref().map_or(0, |report| report.examined)),
        kinds: kinds
            .filter(|(_, number)| number.signatures > 0)
            .map(|(change, number)| Kind {
                told: change.told(),
                signatures: figure(number.signatures),
                counted: figure(number.counted),
            })
            .collect(),
        more: ways.clone().count().saturating_sub(MOST),
        ways: ways
            .take(MOST)
            .map(|way| Way {
                told: way.change.told(),
                from: place(&way.from),
                to: place(&way.to),
                signatures: figure(way.number.signatures),
            })
            .collect(),
        changed: report.as_ref().map_or(0, Report::changed),
        unreadable: report.as_ref().map_or(0, |report| report.unreadable),
        is_asked: requests.iter().any(|it| it.petition_id == petition.id),
        is_editor: Permission::EditPetition.is_given_to(role),
        pack,
    })
}

/// Asks a server to compare again, or to change what the report says. The report approved is the one that was read: another pack
/// has another.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Refusal> {
    let permission = Permission::EditPetition;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let applies = match fields.text("wish") {
        "apply" => true,
        "compare" => false,
        _ => return Err(Failure::NotFound.into()),
    };
    let pack = state.civics().pack_id();
    let report = find_report(&state, &petition)
        .await?
        .map(|(report, _)| report);
    let is_read = report
        .as_ref()
        .is_some_and(|it| it.pack == pack && it.pack == fields.text("pack"));
    if applies && !is_read {
        let warning = "Nothing was asked: the report is of another pack than the one in use. This is how it stands now.";
        let page = page(&state, &visitor, (&petition, role), (None, Some(warning))).await?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    let changes = report.map_or(0, |report| report.changed());
    let details = json!({ "wish": fields.text("wish"), "pack": pack, "changes": changes });
    let deed = visitor.deed(&state, "petition.reresolve", &petition.slug, details);
    let request = ReresolutionRequest {
        petition_id: petition.id,
        applies,
        pack,
        requested_at: state.now(),
    };
    let storage = &state.store().reresolutions;
    storage.request_reresolution(&request, &deed).await?;
    let page = format!("/console/p/{}/resolutions?note=asked", petition.slug);
    Ok(Redirect::to(&page).into_response())
}
