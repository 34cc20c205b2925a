//! `/console/p/{slug}/coverage`: places with signatures, against what is known of their officials and districts; and the same
//! as files: the table, and a list to fill in.

use super::permission::Permission;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, render};
use crate::coverage::{Coverage, cover};
use crate::failure::Failure;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use redress_model::petition::Petition;
use redress_reports::coverage::CoverageRow;
use redress_reports::format::Format;
use serde_json::json;

/// Places on the page; the file has them all.
const MOST: usize = 500;

#[derive(Template)]
#[template(path = "console/coverage.html")]
struct View {
    frame: Frame,
    slug: String,
    on: String,
    total: String,
    places: usize,
    open_places: usize,
    outside_any_city: String,
    not_located: String,
    fill_rows: u64,
    rows: Vec<CoverageRow>,
    more: usize,
    is_exporter: bool,
}

impl View {
    fn counted(row: &CoverageRow) -> String {
        grouped(row.count)
    }

    fn help(row: &CoverageRow) -> String {
        grouped(row.help)
    }

    fn without_district(row: &CoverageRow) -> String {
        grouped(row.without_district)
    }

    fn not_listed(row: &CoverageRow) -> String {
        row.not_listed.replace('_', " ")
    }

    /// How the district map stands, in words.
    fn map(row: &CoverageRow) -> String {
        let said = match row.district_map.as_str() {
            "" => return String::new(),
            "in_force" => "in force",
            "expired" => "over",
            "ahead" => "still to come",
            _ => return "none on file".to_owned(),
        };
        let from = if row.map_from.is_empty() {
            String::new()
        } else {
            format!(" from {}", row.map_from)
        };
        let to = if row.map_to.is_empty() {
            String::new()
        } else {
            format!(" until {}", row.map_to)
        };
        format!("{said}{from}{to}")
    }
}

async fn read(state: &AppState, petition: &Petition) -> Result<Coverage, Failure> {
    let (civics, today) = (state.civics(), state.today());
    let petition = std::slice::from_ref(petition);
    Ok(cover(state.store(), &civics, petition, today, false).await?)
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor.open(&state, &slug, Permission::SeeLetters).await?;
    let report = read(&state, &petition).await?;
    render(&View {
        frame: Frame::of(&petition, role, "coverage", &visitor),
        slug: petition.slug.to_string(),
        on: report.on.format("%-d %b %Y").to_string(),
        total: grouped(report.total),
        places: report.rows.len(),
        open_places: report.open_places(),
        outside_any_city: grouped(report.outside_any_city),
        not_located: grouped(report.not_located),
        fill_rows: report.fill_rows,
        more: report.rows.len().saturating_sub(MOST),
        rows: report.rows.into_iter().take(MOST).collect(),
        is_exporter: Permission::Export.is_given_to(role),
    })
}

/// The table as CSV.
pub(crate) async fn table(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Refusal> {
    let (petition, report) = taken(&state, &visitor, &slug, "coverage").await?;
    let mut bytes = Vec::new();
    let written = Format::Csv.write(report.all_rows(), &mut bytes);
    written.map_err(|error| {
        tracing::error!(error = %error, "a report could not be written");
        Failure::Broken
    })?;
    Ok(file(&petition, "coverage", bytes))
}

/// The list to fill in, as CSV.
pub(crate) async fn fill(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Refusal> {
    let (petition, report) = taken(&state, &visitor, &slug, "officials_to_fill").await?;
    Ok(file(&petition, "officials-to-fill", report.fill))
}

/// The report for who may take it away. The deed is recorded first: nothing leaves that nobody knows of.
async fn taken(
    state: &AppState,
    visitor: &Visitor,
    slug: &str,
    what: &str,
) -> Result<(Petition, Coverage), Refusal> {
    let (petition, _) = visitor.open(state, slug, Permission::Export).await?;
    let report = read(state, &petition).await?;
    let details = json!({ "report": what, "format": "csv" });
    let deed = visitor.deed(state, "petition.export", &petition.slug, details);
    state.store().audit.record_deed(&deed).await?;
    Ok((petition, report))
}

fn file(petition: &Petition, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, Format::Csv.media_type().to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}-{name}.csv\"", petition.slug),
        ),
    ];
    (headers, bytes).into_response()
}
