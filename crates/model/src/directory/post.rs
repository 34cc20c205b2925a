//! A post and everybody who was ever listed in it.

use super::stated::Stated;
use crate::official::{Contact, Holder, Role, Seat};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A post: Mayor; Council Member, Ward 3; the four Council Members at large, who are one post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Stable: `0804000/mayor`, `0804000/council_member/3`, `0804000/council_member/at_large`.
    pub id: String,
    /// What it does.
    pub role: Role,
    /// Its title in the latest list.
    pub title: String,
    /// Whom it answers to.
    pub seat: Seat,
    /// How many people hold it at once; each seat of several has an id of its own,
    /// `0804000/council_member/at_large/2`.
    pub seats: u32,
    /// Who held it, oldest list first, as listed within one; of two that are otherwise equal the
    /// later counts. Never empty.
    pub tenures: Vec<Tenure>,
}

impl Post {
    /// Everybody who is listed as having held it, oldest list first.
    pub fn history(&self) -> impl Iterator<Item = &Holder> {
        self.tenures.iter().filter_map(Tenure::holder)
    }
}

/// One row of one list: somebody in a seat, or the seat empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenure {
    /// Which of the post's seats, from 1.
    pub seat: u32,
    /// The post's title under this holder: a council's president sits for a district too.
    pub title: String,
    /// What the list says of the seat, so that a later list may be put beside it.
    pub stated: Stated,
    /// The list, by its age.
    pub vintage: Vintage,
    /// Who.
    pub who: Who,
}

impl Tenure {
    /// The person; none in a vacancy.
    pub fn holder(&self) -> Option<&Holder> {
        match &self.who {
            Who::Holder(holder) => Some(holder),
            Who::Vacant(_) => None,
        }
    }
}

/// One list's word at one time. A later one is later in `as_of`, then in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Vintage {
    /// The first day of what the list says of its own age; the unknown is older than the known.
    pub day: Option<NaiveDate>,
    /// The file, in the manifest's order.
    pub file: u32,
}

/// Who sits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A person.
    Holder(Holder),
    /// Nobody.
    Vacant(Vacancy),
}

/// An empty seat, as a list has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vacancy {
    /// The day as of which the source speaks, as written there.
    pub as_of: Option<String>,
    /// Where it was read.
    pub source: Option<String>,
    /// How to reach the office.
    #[serde(default)]
    pub contact: Contact,
    /// Columns of the source that we have no word for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<(String, String)>,
}
