//! Everybody who answers for a government, by government.

mod answers;
pub mod incumbent;
pub mod post;
pub mod sitting;
pub mod stated;

pub use incumbent::Incumbent;
pub use post::{Post, Tenure, Vacancy, Vintage, Who};
pub use sitting::Sitting;
pub use stated::Stated;

use crate::official::{Role, Seat};
use crate::resolution::PostAnswer;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

/// Posts and people of all jurisdictions; serialised as JSON it is the same for the same sources.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Directory {
    jurisdictions: BTreeMap<String, Jurisdiction>,
    #[serde(skip)]
    superseded: u64,
    #[serde(skip)]
    version: OnceLock<Arc<str>>,
    #[serde(skip)]
    answers: answers::Answers,
}

impl PartialEq for Directory {
    fn eq(&self, other: &Self) -> bool {
        self.jurisdictions == other.jurisdictions
    }
}

/// A government and its posts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jurisdiction {
    /// Name in the latest list that has one: `City of Aurora`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// State, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Time zone, where a list overrides the table of states and counties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Mayor, members by district and at large, clerk, officers.
    #[serde(default)]
    pub posts: Vec<Post>,
}

impl Jurisdiction {
    /// Takes what a later row says of the government.
    pub fn learn(&mut self, name: &str, state: &str, time_zone: &str) {
        for (known, said) in [
            (&mut self.name, name),
            (&mut self.state, state),
            (&mut self.time_zone, time_zone),
        ] {
            if !said.is_empty() {
                *known = Some(said.to_owned());
            }
        }
    }

    /// Who sits on a day, post by post.
    pub fn sittings(&self, on: NaiveDate) -> impl Iterator<Item = Sitting<'_>> {
        self.posts.iter().flat_map(move |post| post.sittings(on))
    }
}

/// What a directory holds on a day; for the coverage report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Governments.
    pub jurisdictions: u64,
    /// Seats: each seat of a post of several counts.
    pub posts: u64,
    /// Seats that are known to be empty.
    pub vacant: u64,
    /// Seats whose holder's term is over, no successor being known.
    pub ended: u64,
    /// Seats whose holder has no e-mail address.
    pub without_email: u64,
    /// Seats of which it is not known whom they answer to.
    pub seat_unknown: u64,
}

impl Directory {
    /// Of the posts of each government, by GEOID; `superseded` rows were left out of them.
    pub fn new(mut jurisdictions: BTreeMap<String, Jurisdiction>, superseded: u64) -> Self {
        for jurisdiction in jurisdictions.values_mut() {
            jurisdiction.posts.sort_by(in_order);
        }
        Self {
            jurisdictions,
            superseded,
            version: OnceLock::new(),
            answers: answers::Answers::default(),
        }
    }

    /// The first twelve hexadecimal digits of the SHA-256 over the directory's JSON.
    pub fn version(&self) -> Arc<str> {
        let version = self.version.get_or_init(|| {
            // Maps with keys of text and plain values always have a JSON form.
            let json = serde_json::to_vec(self).unwrap_or_default();
            Sha256::digest(&json)
                .iter()
                .take(6)
                .fold(String::new(), |mut text, byte| {
                    let _ = write!(text, "{byte:02x}");
                    text
                })
                .into()
        });
        Arc::clone(version)
    }

    /// The posts of a jurisdiction, by its GEOID: 7 digits for a place, 10 for a county
    /// subdivision, 5 for a county. Empty where none is known.
    pub fn posts_of(&self, geoid: &str) -> &[Post] {
        self.jurisdictions
            .get(geoid)
            .map_or(&[], |jurisdiction| &jurisdiction.posts)
    }

    /// Who sits in a jurisdiction's posts on a day, as answers tell it, by its GEOID.
    pub fn answers_of(&self, geoid: &str, on: NaiveDate) -> Arc<[Arc<PostAnswer>]> {
        self.answers.of(geoid, on, || {
            let posts = self.posts_of(geoid).iter();
            posts
                .flat_map(|post| post.answers(on))
                .map(Arc::new)
                .collect()
        })
    }

    /// Whether members of its council are elected by district.
    pub fn has_district_seats(&self, geoid: &str) -> bool {
        let by_district = |post: &Post| {
            post.role == Role::CouncilMember && matches!(post.seat, Seat::District(_))
        };
        self.posts_of(geoid).iter().any(by_district)
    }

    /// One government.
    pub fn jurisdiction(&self, geoid: &str) -> Option<&Jurisdiction> {
        self.jurisdictions.get(geoid)
    }

    /// All governments by GEOID.
    pub fn jurisdictions(&self) -> impl Iterator<Item = (&str, &Jurisdiction)> {
        self.jurisdictions
            .iter()
            .map(|(geoid, jurisdiction)| (geoid.as_str(), jurisdiction))
    }

    /// The seat with an id, on a day: the way back from an answer to whom a letter goes to.
    pub fn find_sitting(&self, id: &str, on: NaiveDate) -> Option<Sitting<'_>> {
        let (geoid, _) = id.split_once('/')?;
        self.jurisdictions
            .get(geoid)?
            .sittings(on)
            .find(|sitting| sitting.id == id)
    }

    /// What it holds on a day.
    pub fn counts(&self, on: NaiveDate) -> Counts {
        let mut counts = Counts {
            jurisdictions: self.jurisdictions.len() as u64,
            ..Counts::default()
        };
        for sitting in self
            .jurisdictions
            .values()
            .flat_map(|jurisdiction| jurisdiction.sittings(on))
        {
            counts.posts += 1;
            counts.vacant += u64::from(sitting.is_vacant());
            counts.ended += u64::from(sitting.has_ended);
            counts.without_email += u64::from(
                sitting
                    .holder()
                    .is_some_and(|holder| holder.contact.email.is_none()),
            );
            counts.seat_unknown += u64::from(sitting.post.seat == Seat::Unknown);
        }
        counts
    }

    /// Rows that were left out because a later one repeats them. Known only to the directory that
    /// was just built: it is no part of the content.
    pub fn superseded(&self) -> u64 {
        self.superseded
    }
}

/// By role; districts by number, then at large, then unknown.
fn in_order(one: &Post, other: &Post) -> Ordering {
    let key = |post: &Post| {
        let (rank, label) = match &post.seat {
            Seat::District(label) => (0, label.as_str()),
            Seat::AtLarge => (1, ""),
            Seat::Unknown => (2, ""),
        };
        let digits = label.len()
            - label
                .trim_start_matches(|letter: char| letter.is_ascii_digit())
                .len();
        (
            post.role,
            rank,
            label[..digits].parse().unwrap_or(u64::MAX),
            label.to_owned(),
            post.id.clone(),
        )
    };
    key(one).cmp(&key(other))
}
