//! `/console/p/{slug}/paper`: typed lines are sent, every line's verdict is shown, and only then are they counted.
//!
//! Nothing is kept between the two steps: the page with the verdicts carries the lines back, to whoever sent them.

mod sent;

use super::permission::Permission;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, render};
use crate::failure::Failure;
use crate::paper::{LineVerdict, PaperError, PaperFile, PaperImport, PaperReport, Verdict};
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use rand::Rng;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use redress_storage::audit::Actor;
use sent::Sent;

/// Verdicts that a page shows; more are counted.
const MOST_SHOWN: usize = 500;

/// Its routes, with room for a file.
pub(crate) fn routes() -> Router<AppState> {
    let longest = DefaultBodyLimit::max(sent::MOST_BODY);
    let pages = get(show).post(take).layer(longest);
    Router::new().route("/console/p/{slug}/paper", pages)
}

/// A verdict as a row of the page.
struct Row {
    number: u64,
    sheet: String,
    verdict: &'static str,
    message: String,
    place: String,
    choices: Vec<(String, String)>,
}

/// The verdicts of a file.
struct Judged {
    imported: bool,
    counted: String,
    numbers: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    more: usize,
    sheet: String,
    kept: String,
}

#[derive(Template)]
#[template(path = "console/paper.html")]
struct View {
    frame: Frame,
    slug: String,
    problem: Option<String>,
    judged: Option<Judged>,
}

/// The empty form.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor.open(&state, &slug, Permission::ImportPaper).await?;
    page(&visitor, &petition, role, None, None)
}

fn page(
    visitor: &Visitor,
    petition: &Petition,
    role: MemberRole,
    problem: Option<String>,
    judged: Option<Judged>,
) -> Result<Html<String>, Refusal> {
    render(&View {
        frame: Frame::of(petition, role, "paper", visitor),
        slug: petition.slug.to_string(),
        problem,
        judged,
    })
}

/// Shows the verdicts, or counts the lines when they were shown.
pub(crate) async fn take(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    sent: Sent,
) -> Result<Response, Refusal> {
    let visitor = &sent.visitor;
    let (petition, role) = visitor.open(&state, &slug, Permission::ImportPaper).await?;
    let judged = match PaperFile::read(&sent.lines, Some(&sent.sheet)) {
        Ok(file) => judge(&state, &petition, &file, &sent).await?,
        Err(error) => Err(format!("Nothing was counted: {error}.")),
    };
    let (status, page) = match judged {
        Ok(report) => {
            let judged = judged_view(report, &sent);
            (
                StatusCode::OK,
                page(visitor, &petition, role, None, Some(judged))?,
            )
        }
        Err(problem) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            page(visitor, &petition, role, Some(problem), None)?,
        ),
    };
    Ok((status, page).into_response())
}

async fn judge(
    state: &AppState,
    petition: &Petition,
    file: &PaperFile,
    sent: &Sent,
) -> Result<Result<PaperReport, String>, Refusal> {
    let mut seed = [0; 32];
    state.random().fill_bytes(&mut seed);
    let mut random = ChaCha20Rng::from_seed(seed);
    let civics = state.civics();
    let paper = PaperImport {
        store: state.store(),
        vault: state.vault(),
        civics: &civics,
        clock: state.clock(),
    };
    let report = if sent.is_approved {
        let actor = Actor::Account(sent.visitor.account.id);
        let import = paper.import(petition, file, state.intake(), actor, &mut random);
        import.await
    } else {
        paper.judge(petition, file, &mut random).await
    };
    match report {
        Ok(report) => Ok(Ok(report)),
        Err(error @ PaperError::State(_)) => Ok(Err(format!("Nothing was counted: {error}."))),
        Err(PaperError::Storage(error)) => Err(error.into()),
        Err(PaperError::Intake(error)) => Err(Failure::from(error).into()),
    }
}

fn judged_view(report: PaperReport, sent: &Sent) -> Judged {
    let numbers = Verdict::ALL.map(|it| (it.as_str(), grouped(report.count(it) as i64)));
    let (imported, counted) = (report.imported, report.counted());
    let more = report.lines.len().saturating_sub(MOST_SHOWN);
    let mut lines = report.lines;
    // What needs a look comes first; the order of the file stays within.
    lines.sort_by_key(|line| line.verdict == Verdict::Counted && line.code.is_empty());
    Judged {
        imported,
        counted: grouped(counted as i64),
        numbers: numbers.to_vec(),
        rows: lines.into_iter().take(MOST_SHOWN).map(row).collect(),
        more,
        sheet: sent.sheet.clone(),
        kept: if imported || counted == 0 {
            String::new()
        } else {
            sent.kept()
        },
    }
}

fn row(line: LineVerdict) -> Row {
    let place = if line.district.is_empty() {
        line.home
    } else {
        format!("{}, district {}", line.home, line.district)
    };
    Row {
        number: line.row,
        sheet: line.sheet,
        verdict: line.verdict.as_str(),
        message: line.message,
        place,
        choices: line.asks,
    }
}
