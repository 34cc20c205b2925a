//! Rows of all files, put together into one directory.

use super::row::Row;
use super::{id, seats};
use chrono::NaiveDate;
use redress_model::directory::{Directory, Jurisdiction, Post, Stated, Tenure, Vintage};
use redress_model::official::{Role, Seat};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Collects the rows of several files, in the manifest's order.
#[derive(Debug, Default)]
pub struct Gatherer {
    files: u32,
    rows: Vec<(u32, Row)>,
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
        gatherer
    }

    /// Takes the rows of another directory, whose lists come after those so far.
    pub fn append(&mut self, directory: &Directory) {
        let before = self.files;
        for (geoid, jurisdiction) in directory.jurisdictions() {
            for post in &jurisdiction.posts {
                for tenure in &post.tenures {
                    let file = before + tenure.vintage.file;
                    self.files = self.files.max(file);
                    let row = row_of(geoid, jurisdiction, post.role, tenure);
                    self.rows.push((file, row));
                }
            }
        }
    }

    /// Says that the rows to come are of another file, whose word counts as the later one.
    pub fn begin_file(&mut self) {
        self.files += 1;
    }

    /// Takes a row of the file begun last.
    pub fn add(&mut self, row: Row) {
        self.rows.push((self.files, row));
    }

    /// Puts the rows together.
    pub fn finish(mut self) -> Directory {
        // Older lists first, so that whatever is taken from the last row is taken from the latest.
        self.rows.sort_by_key(|(file, row)| Vintage {
            day: row.as_of,
            file: *file,
        });
        let bodies = bodies(&self.rows);
        let mut jurisdictions: BTreeMap<String, Jurisdiction> = BTreeMap::new();
        let mut posts: BTreeMap<(String, String), Post> = BTreeMap::new();
        for (file, row) in self.rows {
            let (seat, label) = seat(row.role, row.stated.clone(), bodies.contains(&row.geoid));
            let key = id::of(&row.geoid, row.role, &row.title, &seat, label.as_deref());
            jurisdictions.entry(row.geoid.clone()).or_default().learn(
                &row.jurisdiction,
                &row.state,
                &row.time_zone,
            );
            let vintage = Vintage {
                day: row.as_of,
                file,
            };
            let tenure = Tenure {
                seat: 1,
                title: row.title.clone(),
                stated: row.stated,
                vintage,
                who: row.who,
            };
            let post = posts
                .entry((row.geoid, key.clone()))
                .or_insert_with(|| Post {
                    id: key,
                    role: row.role,
                    title: String::new(),
                    seat: Seat::Unknown,
                    seats: 1,
                    tenures: Vec::new(),
                });
            (post.title, post.seat) = (row.title, seat);
            post.tenures.push(tenure);
        }
        let mut superseded = 0;
        for ((geoid, _), mut post) in posts {
            superseded += supersede(&mut post.tenures);
            post.seats = seats::number(post.role, &mut post.tenures);
            jurisdictions.entry(geoid).or_default().posts.push(post);
        }
        Directory::new(jurisdictions, superseded)
    }
}

/// A tenure as the row that it was.
fn row_of(geoid: &str, jurisdiction: &Jurisdiction, role: Role, tenure: &Tenure) -> Row {
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

/// Drops rows that a later one repeats, and returns how many: the same person as of the same day,
/// by a later file, or twice with the same term in one file. Rows that do not say their day are
/// repeated only with the same term.
fn supersede(tenures: &mut Vec<Tenure>) -> u64 {
    type Term = (Option<NaiveDate>, Option<NaiveDate>);
    type Person = (String, Option<NaiveDate>);
    let mut files: HashMap<Person, u32> = HashMap::new();
    let mut rows: HashMap<(Person, Term), usize> = HashMap::new();
    let key = |tenure: &Tenure| {
        let holder = tenure.holder()?;
        let person = (seats::fold(&holder.name), tenure.vintage.day);
        Some((person, (holder.term_start, holder.term_end)))
    };
    for (at, tenure) in tenures.iter().enumerate() {
        if let Some((person, term)) = key(tenure) {
            files.insert(person.clone(), tenure.vintage.file);
            rows.insert((person, term), at);
        }
    }
    let before = tenures.len();
    let mut at = 0..before;
    tenures.retain(|tenure| {
        let at = at.next();
        let Some((person, term)) = key(tenure) else {
            return true;
        };
        let is_last_file = person.1.is_none() || files.get(&person) == Some(&tenure.vintage.file);
        is_last_file && rows.get(&(person, term)).copied() == at
    });
    (before - tenures.len()) as u64
}
