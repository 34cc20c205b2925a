//! Rows of all files, put together into one directory.

use super::person::{self, Doubt};
use super::row::Row;
use super::{id, repeats, seats};
use redress_model::directory::{Directory, Jurisdiction, Post, Stated, Tenure, Vintage, Who};
use redress_model::official::{Holder, Role, Seat};
use std::collections::{BTreeMap, BTreeSet};

/// Collects the rows of several files, in the manifest's order.
#[derive(Debug, Default, Clone)]
pub struct Gatherer {
    files: u32,
    /// Files that came before the one begun last.
    before: u32,
    /// Files whose rows were kept before, with the ids of their people.
    kept: u32,
    rows: Vec<(u32, Row)>,
}

/// A row with what the others make of it.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) row: Row,
    pub(super) vintage: Vintage,
    /// Whether it is of a directory that was there before.
    pub(super) is_kept: bool,
    /// Id of its post.
    pub(super) post: String,
    seat: Seat,
}

/// A directory with what came of putting it together.
#[derive(Debug)]
pub(super) struct PutTogether {
    pub(super) directory: Directory,
    /// Who may be the same person and was left apart.
    pub(super) doubts: Vec<Doubt>,
    /// Posts of which the new rows speak.
    pub(super) named: BTreeSet<String>,
}

impl Listing {
    /// The person.
    pub(super) fn holder(&self) -> Option<&Holder> {
        match &self.row.who {
            Who::Holder(holder) => Some(holder),
            Who::Vacant(_) => None,
        }
    }

    /// The person, to be given an id.
    pub(super) fn holder_mut(&mut self) -> Option<&mut Holder> {
        match &mut self.row.who {
            Who::Holder(holder) => Some(holder),
            Who::Vacant(_) => None,
        }
    }
}

impl Gatherer {
    /// With nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// With the rows of a directory in it, as those of the lists that came first.
    pub fn resume(directory: &Directory) -> Self {
        let mut gatherer = Self::new();
        gatherer.append(directory);
        gatherer.kept = gatherer.files;
        gatherer
    }

    /// Takes the rows of another directory, whose lists come after those so far.
    pub fn append(&mut self, directory: &Directory) {
        let before = self.files;
        for (geoid, jurisdiction) in directory.jurisdictions() {
            for post in &jurisdiction.posts {
                for tenure in &post.tenures {
                    let file = before.saturating_add(tenure.vintage.file);
                    self.files = self.files.max(file);
                    let row = row_of(geoid, jurisdiction, post.role, tenure);
                    self.rows.push((file, row));
                }
            }
        }
    }

    /// Says that the rows to come are of another file, whose word counts as the later one.
    pub fn begin_file(&mut self) {
        self.before = self.files;
        self.files = self.files.saturating_add(1);
    }

    /// Takes a row of the file begun last.
    pub fn add(&mut self, row: Row) {
        let file = match row.list {
            0 => self.before.saturating_add(1),
            list => self.before.saturating_add(list),
        };
        self.files = self.files.max(file);
        self.rows.push((file, row));
    }

    /// The rows that are new: of files that came after those which were kept.
    pub(super) fn fresh(&self) -> impl Iterator<Item = &Row> {
        let kept = self.kept;
        self.rows
            .iter()
            .filter(move |(file, _)| *file > kept)
            .map(|(_, row)| row)
    }

    /// Puts the rows together.
    pub fn finish(self) -> Directory {
        self.put_together().directory
    }

    /// Puts the rows together, and keeps what a person should be told of the new ones.
    pub(super) fn put_together(mut self) -> PutTogether {
        let mut listings = self.listings();
        let doubts = person::identify(&mut listings);
        let fresh = listings.iter().filter(|listing| !listing.is_kept);
        let named = fresh.map(|listing| listing.post.clone()).collect();
        let mut jurisdictions: BTreeMap<String, Jurisdiction> = BTreeMap::new();
        let mut posts: BTreeMap<(String, String), Post> = BTreeMap::new();
        for listing in listings {
            let row = listing.row;
            jurisdictions.entry(row.geoid.clone()).or_default().learn(
                &row.jurisdiction,
                &row.state,
                &row.time_zone,
            );
            let tenure = Tenure {
                seat: 1,
                title: row.title.clone(),
                stated: row.stated,
                vintage: listing.vintage,
                who: row.who,
            };
            let id = listing.post;
            let post = posts
                .entry((row.geoid, id.clone()))
                .or_insert_with(|| Post {
                    id,
                    role: row.role,
                    title: String::new(),
                    seat: Seat::Unknown,
                    seats: 1,
                    tenures: Vec::new(),
                });
            (post.title, post.seat) = (row.title, listing.seat);
            post.tenures.push(tenure);
        }
        let mut superseded = 0;
        for ((geoid, _), mut post) in posts {
            superseded += repeats::drop_repeats(&mut post.tenures, self.kept);
            post.seats = seats::number(post.role, &mut post.tenures);
            jurisdictions.entry(geoid).or_default().posts.push(post);
        }
        PutTogether {
            directory: Directory::new(jurisdictions, superseded),
            doubts,
            named,
        }
    }

    /// The rows with their posts, older lists first, so that whatever is taken from the last row is taken from
    /// the latest.
    fn listings(&mut self) -> Vec<Listing> {
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_by_key(|(file, row)| Vintage {
            day: row.as_of,
            file: *file,
        });
        let bodies = bodies(&rows);
        let listings = rows.into_iter().map(|(file, row)| {
            let (seat, label) = seat(row.role, row.stated.clone(), bodies.contains(&row.geoid));
            Listing {
                post: id::of(&row.geoid, row.role, &row.title, &seat, label.as_deref()),
                vintage: Vintage {
                    day: row.as_of,
                    file,
                },
                is_kept: file <= self.kept,
                seat,
                row,
            }
        });
        listings.collect()
    }
}

/// A tenure as the row that it was.
pub(super) fn row_of(geoid: &str, jurisdiction: &Jurisdiction, role: Role, tenure: &Tenure) -> Row {
    let text = |known: &Option<String>| known.clone().unwrap_or_default();
    Row {
        geoid: geoid.to_owned(),
        jurisdiction: text(&jurisdiction.name),
        state: text(&jurisdiction.state),
        time_zone: text(&jurisdiction.time_zone),
        role,
        title: tenure.title.clone(),
        stated: tenure.stated.clone(),
        as_of: tenure.vintage.day,
        list: 0,
        who: tenure.who.clone(),
    }
}

/// Jurisdictions of whose council somebody is listed with a district.
fn bodies(rows: &[(u32, Row)]) -> BTreeSet<String> {
    let members = rows
        .iter()
        .filter(|(_, row)| row.role == Role::CouncilMember);
    let by_district = members.filter(|(_, row)| matches!(row.stated, Stated::District(_)));
    by_district.map(|(_, row)| row.geoid.clone()).collect()
}

/// The seat, given whether the body has districts.
fn seat(role: Role, stated: Stated, has_districts: bool) -> (Seat, Option<String>) {
    match stated {
        Stated::AtLarge(label) => (Seat::AtLarge, label),
        Stated::District(label) => (Seat::District(label), None),
        Stated::SomeDistrict | Stated::Nothing if role != Role::CouncilMember => {
            (Seat::AtLarge, None)
        }
        Stated::Nothing if !has_districts => (Seat::AtLarge, None),
        Stated::SomeDistrict | Stated::Nothing => (Seat::Unknown, None),
    }
}
