//! Which column of a file is which of ours.

use super::error::OfficialsError;
use std::collections::BTreeMap;

/// Most columns of a list; one with more is another kind of table.
const MOST_COLUMNS: usize = 2000;

macro_rules! columns {
    ($($name:ident = $text:literal,)*) => {
        /// One of our columns.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Column { $($name,)* }

        const ALL: &[Column] = &[$(Column::$name,)*];

        /// The columns of a list of officials, by the names that a file or a manifest uses.
        pub const COLUMNS: &[&str] = &[$($text,)*];
    };
}

columns! {
    PlaceGeoid = "place_geoid",
    Division = "division",
    Jurisdiction = "jurisdiction",
    State = "state",
    Role = "role",
    Title = "title",
    District = "district",
    AtLarge = "at_large",
    Name = "name",
    Party = "party",
    TermStart = "term_start",
    TermEnd = "term_end",
    Vacant = "vacant",
    Email = "email",
    WebForm = "web_form",
    OfficeAddress = "office_address",
    Url = "url",
    AsOf = "as_of",
    Source = "source",
    TimeZone = "time_zone",
    PersonId = "person_id",
    CheckedOn = "checked_on",
    List = "list",
}

impl Column {
    pub(crate) fn name(self) -> &'static str {
        COLUMNS[self as usize]
    }
}

/// How a file is laid out, as the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Our column to theirs. When it is not empty, only the columns named in it are used.
    pub columns: BTreeMap<String, String>,
    /// Our column to the value that fills a blank.
    pub defaults: BTreeMap<String, String>,
    /// What stands between two fields.
    pub delimiter: u8,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            columns: BTreeMap::new(),
            defaults: BTreeMap::new(),
            delimiter: b',',
        }
    }
}

/// Where each of our columns is found in one file.
#[derive(Debug)]
pub(crate) struct Places {
    ours: Vec<Option<usize>>,
    defaults: Vec<String>,
    /// Columns that we have no word for, with their header.
    pub(crate) notes: Vec<(usize, String)>,
}

impl Places {
    /// Finds the columns in a header.
    pub(crate) fn find(
        header: &[String],
        origin: &str,
        layout: &Layout,
    ) -> Result<Self, OfficialsError> {
        for key in layout.columns.keys().chain(layout.defaults.keys()) {
            if !COLUMNS.contains(&key.as_str()) {
                let (origin, key) = (origin.to_owned(), key.clone());
                return Err(OfficialsError::UnknownColumn {
                    origin,
                    key,
                    known: COLUMNS.join(", "),
                });
            }
        }
        if header.len() > MOST_COLUMNS {
            return Err(OfficialsError::TooManyColumns {
                origin: origin.to_owned(),
                found: header.len(),
                most: MOST_COLUMNS,
            });
        }
        let absent = |missing: String| OfficialsError::Columns {
            origin: origin.to_owned(),
            missing,
            found: if header.is_empty() {
                "none".into()
            } else {
                crate::build::report::shortened(&header.join(", "))
            },
        };
        let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
        let position = |wanted: &str| {
            let wanted = fold(wanted);
            let alias = if wanted == "checked_on" {
                "verified_at"
            } else {
                ""
            };
            let at = |name: &str| folded.iter().position(|folded| folded == name);
            at(&wanted).or_else(|| at(alias))
        };
        for column in COLUMNS.iter().filter(|_| layout.columns.is_empty()) {
            if folded.iter().filter(|name| name == column).count() > 1 {
                let (origin, column) = (origin.to_owned(), (*column).to_owned());
                return Err(OfficialsError::ColumnTwice { origin, column });
            }
        }
        let mut ours = Vec::new();
        for column in ALL {
            ours.push(if layout.columns.is_empty() {
                position(column.name())
            } else if let Some(theirs) = layout.columns.get(column.name()) {
                Some(position(theirs).ok_or_else(|| absent(format!("`{theirs}`")))?)
            } else {
                None
            });
        }
        let is_note = |at: &usize| layout.columns.is_empty() && !ours.contains(&Some(*at));
        let notes = (0..header.len()).filter(|at| is_note(at) && !header[*at].is_empty());
        let notes = notes.map(|at| (at, unlike(&header[..at], &header[at])));
        let notes = notes.collect();
        let default = |column: &Column| {
            layout
                .defaults
                .get(column.name())
                .map_or("", |value| value.trim())
                .to_owned()
        };
        let places = Self {
            ours,
            defaults: ALL.iter().map(default).collect(),
            notes,
        };
        if !places.knows(Column::Role) {
            return Err(absent("`role`".into()));
        }
        if !places.knows(Column::PlaceGeoid) && !places.knows(Column::Division) {
            return Err(absent("`place_geoid` or `division`".into()));
        }
        Ok(places)
    }

    /// Whether the file has a column of ours, by itself.
    pub(crate) fn has(&self, column: Column) -> bool {
        self.ours[column as usize].is_some()
    }

    fn knows(&self, column: Column) -> bool {
        self.ours[column as usize].is_some() || !self.defaults[column as usize].is_empty()
    }

    /// A row's value of one of our columns; its default where that is blank. A list that was written by
    /// the export says itself what it does not know.
    pub(crate) fn value<'row>(&'row self, row: &[&'row str], column: Column) -> &'row str {
        let found = self.ours[column as usize]
            .and_then(|at| row.get(at))
            .copied()
            .unwrap_or_default();
        if found.is_empty() && !(column == Column::AsOf && self.has(Column::List)) {
            &self.defaults[column as usize]
        } else {
            found
        }
    }

    /// Whether a field of the file is used at all.
    pub(crate) fn uses(&self, at: usize) -> bool {
        self.ours.contains(&Some(at)) || self.notes.iter().any(|(note, _)| *note == at)
    }
}

/// The name of a note: `phone`, and `phone 2` where a column before is called `phone` too.
fn unlike(before: &[String], name: &str) -> String {
    match before.iter().filter(|other| *other == name).count() {
        0 => name.to_owned(),
        others => format!("{name} {}", others + 1),
    }
}

/// Headers differ in case, spaces and hyphens and mean the same.
fn fold(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}
