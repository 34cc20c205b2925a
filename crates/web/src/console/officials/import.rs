//! `/console/officials/import`: a list is sent, what it would change is shown, and only then is it taken.
//!
//! Nothing is kept between the two steps: the page that shows the changes carries the list back, with the number of the
//! directory that it was compared with. When that is another by then, the changes are shown anew.

mod sent;

use super::super::permission::Permission;
use super::super::refusal::Refusal;
use super::super::visitor::Visitor;
use super::super::{Frame, render};
use crate::failure::Failure;
use crate::state::AppState;
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use redress_civics::officials::{
    Change, Directory, Doubt, Format, Layout, ListFile, ListReading, Missing, Notice, NoticeKind,
    Proposal, propose,
};
use redress_storage::officials::Listed;
use sent::Sent;
use serde_json::json;

/// Changes, notices and doubts of each that a page shows; more are counted.
const MOST_SHOWN: usize = 500;

/// What is said when the directory has changed since the changes were shown.
const STALE: &str =
    "Nothing was changed: somebody else was faster. This is what the list would change now.";

/// Its routes, with room for a list.
pub(crate) fn routes() -> Router<AppState> {
    let longest = DefaultBodyLimit::max(sent::MOST_BODY);
    let pages = get(show).post(take).layer(longest);
    Router::new().route("/console/officials/import", pages)
}

/// Lines of which a page shows the first.
struct Lines {
    shown: Vec<String>,
    more: usize,
}

impl Lines {
    fn of(lines: impl Iterator<Item = String>) -> Self {
        let mut shown: Vec<String> = lines.collect();
        let more = shown.len().saturating_sub(MOST_SHOWN);
        shown.truncate(MOST_SHOWN);
        Self { shown, more }
    }
}

/// What a list would change.
struct Preview {
    name: String,
    format: String,
    ends_missing: bool,
    kept: String,
    revision: i64,
    rows: u64,
    refused: usize,
    passed_over: u64,
    changed: usize,
    changes: Lines,
    doubts: Lines,
    notices: Lines,
}

#[derive(Template)]
#[template(path = "console/officials/import.html")]
struct View {
    frame: Frame,
    formats: Vec<&'static str>,
    problem: Option<String>,
    preview: Option<Preview>,
}

/// The empty form.
pub(crate) async fn show(visitor: Visitor) -> Result<Html<String>, Refusal> {
    visitor.organizations_with(Permission::ChangeOfficials)?;
    page(&visitor, None, None)
}

fn page(
    visitor: &Visitor,
    problem: Option<String>,
    preview: Option<Preview>,
) -> Result<Html<String>, Refusal> {
    render(&View {
        frame: Frame::new("Take a list of officials", "officials", visitor),
        formats: Format::ALL.map(|(name, _)| name).to_vec(),
        problem,
        preview,
    })
}

/// Shows what the list would change, or takes it when that was shown.
pub(crate) async fn take(State(state): State<AppState>, sent: Sent) -> Result<Response, Refusal> {
    let visitor = &sent.visitor;
    visitor.organizations_with(Permission::ChangeOfficials)?;
    let officials = &state.store().officials;
    let revision = officials.find_directory_revision().await?;
    let before = officials.load_directory().await?;
    let proposal = match compare(&state, &sent, before.clone()).await? {
        Ok(proposal) => proposal,
        Err(problem) => {
            let page = page(visitor, Some(problem), None)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    if sent.revision == Some(revision) {
        record(&state, &sent, &before, &proposal).await?;
        return Ok(Redirect::to("/console/officials?note=imported").into_response());
    }
    let (status, problem) = match sent.revision {
        None => (StatusCode::OK, None),
        Some(_) => (StatusCode::CONFLICT, Some(STALE.to_owned())),
    };
    let shown = preview(&sent, &proposal, revision);
    let page = page(visitor, problem, Some(shown))?;
    Ok((status, page).into_response())
}

/// What the list would change, or what is wrong with it. Comparing thousands of people takes a while: other requests do
/// not wait for it.
async fn compare(
    state: &AppState,
    sent: &Sent,
    before: Directory,
) -> Result<Result<Proposal, String>, Refusal> {
    if sent.list.trim_ascii().is_empty() {
        return Ok(Err("Choose a list first.".to_owned()));
    }
    let list = ListFile {
        name: sent.name.clone(),
        bytes: sent.list.to_vec(),
    };
    let (civics, on) = (state.civics(), state.today());
    let format = Format::parse(&sent.format);
    let missing = if sent.ends_missing {
        Missing::End(None)
    } else {
        Missing::Stay
    };
    let work = move || {
        let divisions = civics.geoids_by_division();
        let reading = ListReading {
            format,
            layout: Layout {
                defaults: [("as_of".to_owned(), on.to_string())].into(),
                ..Layout::default()
            },
            delimiter: None,
            division_geoid: &|id| divisions.get(id).cloned(),
        };
        propose(&before, &[list], &reading, missing, on)
    };
    let proposal = tokio::task::spawn_blocking(work).await;
    let proposal = match proposal.map_err(|_| Failure::Broken)? {
        Ok(proposal) => proposal,
        Err(error) => return Ok(Err(format!("Nothing was changed: {error}."))),
    };
    if proposal.taken.rows > 0 {
        return Ok(Ok(proposal));
    }
    let why = proposal.notices.first().map_or_else(
        || "it has no rows of local officials".to_owned(),
        |notice| format!("{}: {}", notice.place(), notice.text),
    );
    Ok(Err(format!(
        "Nothing was changed: no row can be used; {why}."
    )))
}

/// Keeps the directory as the list makes it. A list that changes nothing is no deed.
async fn record(
    state: &AppState,
    sent: &Sent,
    before: &Directory,
    proposal: &Proposal,
) -> Result<(), Refusal> {
    let listed = Listed::differing(before, &proposal.after);
    if listed.is_empty() {
        return Ok(());
    }
    let details = json!({
        "source": sent.name,
        "rows": proposal.taken.rows,
        "governments": listed.len(),
        "seats": proposal.changed(),
    });
    let visitor = &sent.visitor;
    let deed = visitor.deed(state, "officials.import", &"directory", details);
    let officials = &state.store().officials;
    Ok(officials.record_directory(&listed, &deed).await?)
}

fn preview(sent: &Sent, proposal: &Proposal, revision: i64) -> Preview {
    let notice = |notice: &Notice| {
        let what = match notice.kind {
            NoticeKind::Refused => "refused",
            NoticeKind::Remark => "taken in part",
        };
        format!("{}, {what}: {}", notice.place(), notice.text)
    };
    Preview {
        name: sent.name.clone(),
        format: sent.format.clone(),
        ends_missing: sent.ends_missing,
        kept: sent.kept(),
        revision,
        rows: proposal.taken.rows,
        refused: proposal.refused(),
        passed_over: proposal.taken.passed_over,
        changed: proposal.changed(),
        changes: Lines::of(proposal.changes.iter().map(Change::told)),
        doubts: Lines::of(proposal.doubts.iter().map(Doubt::told)),
        notices: Lines::of(proposal.notices.iter().map(notice)),
    }
}
