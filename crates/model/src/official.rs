//! Posts, the people who hold them, and from when to when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a post does, as far as a petition cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Head of the government, under whatever title.
    Mayor,
    /// Member of the governing body.
    CouncilMember,
    /// Keeper of the record: City Clerk, Village Clerk.
    Clerk,
    /// Any other officer.
    Officer,
}

impl Role {
    /// The name used in JSON, CSV and targets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mayor => "mayor",
            Self::CouncilMember => "council_member",
            Self::Clerk => "clerk",
            Self::Officer => "officer",
        }
    }

    /// Reads that name.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "mayor" => Self::Mayor,
            "council_member" => Self::CouncilMember,
            "clerk" => Self::Clerk,
            "officer" => Self::Officer,
            _ => return None,
        })
    }
}

/// Whom a seat answers to within its jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// Everyone in the jurisdiction.
    AtLarge,
    /// The residents of one district, by its bare label: `3`, `C`.
    District(String),
    /// The sources do not say; never attributed to a signer.
    Unknown,
}

/// A person in a post, with dates as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Full name as published.
    pub name: String,
    /// Who it is, whatever the spelling: the list's own id, or one made from the jurisdiction and
    /// the first spelling that was seen. It never changes once it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<String>,
    /// Party, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// First day of the term.
    pub term_start: Option<NaiveDate>,
    /// Last day of the term.
    pub term_end: Option<NaiveDate>,
    /// The day as of which the source speaks, as written there (`2017`, `2026-07`).
    pub as_of: Option<String>,
    /// Where it was read.
    pub source: Option<String>,
    /// How to reach the person in this post.
    #[serde(default)]
    pub contact: Contact,
    /// Columns of the source that we have no word for, as `name=value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<(String, String)>,
}

impl Holder {
    /// Whether the term is known to be over on `day`; `term_end` is the last day of it.
    pub fn term_has_ended(&self, day: NaiveDate) -> bool {
        self.term_end.is_some_and(|end| end < day)
    }

    /// Whether another is the same person: by their ids, by the name alone where one has none.
    pub fn is_same_person(&self, other: &Self) -> bool {
        match (&self.person_id, &other.person_id) {
            (Some(one), Some(another)) => one == another,
            _ => self.name.to_lowercase() == other.name.to_lowercase(),
        }
    }

    /// Whether the term is known to begin only after `day`.
    pub fn term_is_ahead(&self, day: NaiveDate) -> bool {
        self.term_start.is_some_and(|start| day < start)
    }
}

/// Ways to reach a post or a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Address of a web form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_form: Option<String>,
    /// Postal address of the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_address: Option<String>,
    /// Public page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When somebody last made sure of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_on: Option<NaiveDate>,
}
