//! The seats of a government that a petition goes to, and what each of them lacks.

use chrono::{Days, NaiveDate};
use redress_model::directory::{Directory, Sitting};
use redress_model::official::{Role, Seat};
use std::collections::BTreeSet;

/// A term that ends within so many days is worth looking at now.
const SOON: Days = Days::new(90);

/// What a seat lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// No list names it.
    NotListed,
    /// It is not known whom it answers to.
    SeatUnknown,
    /// Nobody is known to sit.
    HolderUnknown,
    /// Nobody sits.
    Vacant,
    /// The term is over, and no successor is known.
    TermEnded,
    /// The term ends within ninety days. The seat can still be written to.
    TermEnding,
    /// There is no e-mail address.
    NoEmail,
    /// What was sent to its address came back.
    Bounced,
}

impl Lack {
    /// Whether a letter to the seat goes nowhere, or to somebody who may have left.
    pub fn is_gap(self) -> bool {
        self != Self::TermEnding
    }
}

/// One seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatCoverage<'directory> {
    /// What it does.
    pub role: Role,
    /// Its district, where it has one.
    pub district: Option<String>,
    /// The seat on the day; `None` where no list names it.
    pub sitting: Option<Sitting<'directory>>,
    /// What it lacks.
    pub lacks: BTreeSet<Lack>,
}

impl SeatCoverage<'_> {
    /// Whether somebody should look for what is missing.
    pub fn has_gap(&self) -> bool {
        self.lacks.iter().any(|lack| lack.is_gap())
    }
}

/// The seats of a government with some roles on a day, those that no list names included: a mayor, a body without any
/// member, and a member for each district of the map that has none. `bounced` holds the ids of seats whose mail came back.
pub fn list_seats<'directory>(
    directory: &'directory Directory,
    geoid: &str,
    roles: &[Role],
    labels: &BTreeSet<String>,
    bounced: &BTreeSet<String>,
    on: NaiveDate,
) -> Vec<SeatCoverage<'directory>> {
    let posts = directory.posts_of(geoid).iter();
    let mut seats: Vec<SeatCoverage<'_>> = posts
        .filter(|post| roles.contains(&post.role))
        .flat_map(|post| post.sittings(on))
        .map(|sitting| known(sitting, bounced, on))
        .collect();
    for role in roles {
        let mut missing = vec![None];
        let is_listed = seats.iter().any(|seat| seat.role == *role);
        if *role == Role::CouncilMember && !labels.is_empty() {
            let is_by_district = directory.has_district_seats(geoid);
            if is_listed && !is_by_district {
                continue;
            }
            let has_member = |label: &&String| {
                let mut seats = seats.iter();
                seats.any(|seat| seat.role == *role && seat.district.as_ref() == Some(*label))
            };
            missing = labels
                .iter()
                .filter(|label| !has_member(label))
                .map(|label| Some(label.clone()))
                .collect();
        } else if is_listed {
            continue;
        }
        seats.extend(missing.into_iter().map(|district| SeatCoverage {
            role: *role,
            district,
            sitting: None,
            lacks: [Lack::NotListed].into(),
        }));
    }
    seats
}

fn known<'directory>(
    sitting: Sitting<'directory>,
    bounced: &BTreeSet<String>,
    on: NaiveDate,
) -> SeatCoverage<'directory> {
    let holder = sitting.holder();
    let has_email = sitting
        .contact()
        .is_some_and(|contact| contact.email.is_some());
    let ends = holder.and_then(|holder| holder.term_end);
    let is_soon = ends.is_some_and(|end| end >= on && Some(end) <= on.checked_add_days(SOON));
    let is_unknown = holder.is_none() && !sitting.is_vacant();
    let all = [
        (Lack::SeatUnknown, sitting.post.seat == Seat::Unknown),
        (Lack::HolderUnknown, is_unknown),
        (Lack::Vacant, sitting.is_vacant()),
        (Lack::TermEnded, sitting.has_ended),
        (Lack::TermEnding, is_soon && !sitting.has_ended),
        (Lack::NoEmail, !has_email),
        (Lack::Bounced, has_email && bounced.contains(&sitting.id)),
    ];
    SeatCoverage {
        role: sitting.post.role,
        district: match &sitting.post.seat {
            Seat::District(label) => Some(label.clone()),
            Seat::AtLarge | Seat::Unknown => None,
        },
        lacks: all
            .into_iter()
            .filter(|(_, holds)| *holds)
            .map(|(lack, _)| lack)
            .collect(),
        sitting: Some(sitting),
    }
}
