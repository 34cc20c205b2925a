//! The counts of a petition, by place or by district: one set of rows for the pages and for the files.

use super::permission::Permission;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, render};
use crate::failure::Failure;
use crate::places;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::response::Html;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home};
use redress_model::id::PetitionId;
use redress_model::resolution::Point;
use redress_model::tally::Tally;
use redress_reports::counts::{CountRow, by_district, by_place};
use redress_reports::place::Place;

/// By what they are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breakdown {
    /// By the most local government.
    Place,
    /// By council district within it.
    District,
}

impl Breakdown {
    /// Its word in addresses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::District => "district",
        }
    }

    /// Finds it by its word; by place when nothing is said.
    pub(crate) fn named(word: Option<&str>) -> Option<Self> {
        match word {
            None | Some("place") => Some(Self::Place),
            Some("district") => Some(Self::District),
            Some(_) => None,
        }
    }
}

/// The rows, in the order of the report.
pub(crate) async fn rows(
    state: &AppState,
    petition: PetitionId,
    by: Breakdown,
) -> Result<Vec<CountRow>, Failure> {
    let civics = state.civics();
    let find_place = |geoid: &Geoid| {
        let row = places::row(&civics, &Home::Government(geoid.clone()), Tally::default());
        let is_named = row.name != geoid.as_str();
        is_named.then(|| Place {
            name: row.name,
            state: row.state.to_owned(),
            point: row.lat.zip(row.lon).map(|(lat, lon)| Point { lat, lon }),
        })
    };
    let tallies = &state.store().tallies;
    Ok(match by {
        Breakdown::Place => by_place(tallies.list_homes(petition).await?, find_place),
        Breakdown::District => {
            by_district(tallies.list_districts(petition, None).await?, find_place)
        }
    })
}

struct Line {
    name: String,
    state: String,
    district: String,
    counted: String,
    self_asserted: String,
    paper: String,
    /// Whether it is no place: outside any city, or not located.
    is_apart: bool,
}

#[derive(Template)]
#[template(path = "console/counts.html")]
struct View {
    frame: Frame,
    slug: String,
    by: &'static str,
    lines: Vec<Line>,
    total: Line,
    places: usize,
    is_exporter: bool,
}

/// The page.
pub(crate) async fn page(
    state: &AppState,
    visitor: &Visitor,
    slug: &str,
    by: Breakdown,
) -> Result<Html<String>, Refusal> {
    let (petition, role) = visitor.open(state, slug, Permission::SeeCounts).await?;
    let mut rows = rows(state, petition.id, by).await?;
    let mut sum = Tally::default();
    for row in &rows {
        sum += row.tally;
    }
    if by == Breakdown::Place {
        // Largest first; those without a government stay last.
        rows.sort_by_key(|row| (row.home.geoid().is_none(), -row.tally.counted));
    }
    let mut homes: Vec<&Geoid> = rows.iter().filter_map(|row| row.home.geoid()).collect();
    homes.dedup();
    let page = match by {
        Breakdown::Place => "places",
        Breakdown::District => "districts",
    };
    render(&View {
        frame: Frame::of(&petition, role, page, visitor),
        slug: petition.slug.to_string(),
        by: by.as_str(),
        lines: rows.iter().map(line).collect(),
        total: figures(sum),
        places: homes.len(),
        is_exporter: Permission::Export.is_given_to(role),
    })
}

fn line(row: &CountRow) -> Line {
    let geoid = row.home.geoid().map(Geoid::as_str);
    let place = row.place.as_ref();
    let district = row.district.as_ref().map(District::as_str);
    Line {
        name: row.name().or(geoid).unwrap_or_default().to_owned(),
        state: place.map_or_else(String::new, |place| place.state.clone()),
        district: district.unwrap_or_default().to_owned(),
        is_apart: geoid.is_none(),
        ..figures(row.tally)
    }
}

fn figures(tally: Tally) -> Line {
    Line {
        name: String::new(),
        state: String::new(),
        district: String::new(),
        counted: grouped(tally.counted),
        self_asserted: grouped(tally.self_asserted),
        paper: grouped(tally.paper),
        is_apart: false,
    }
}
