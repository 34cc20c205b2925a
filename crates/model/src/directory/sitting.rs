//! Who holds a post on a day.
//!
//! Evidence of a day, best first: a known term that covers it; a list of that day or before that
//! says no end; then, whichever is nearer, a term that had ended or a list that speaks only of a
//! later day. A term known to begin later is no evidence at all.

mod choice;
mod several;

use super::post::{Post, Tenure, Who};
use crate::official::{Contact, Holder, Seat};
use crate::resolution::{PersonAnswer, PostAnswer, Reason};
use chrono::NaiveDate;

/// One seat of a post on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting<'post> {
    /// Stable id of the seat: the post's own where it has one seat.
    pub id: String,
    /// The post.
    pub post: &'post Post,
    /// The row that speaks for the day; none where all who are listed come later.
    pub tenure: Option<&'post Tenure>,
    /// Whether the holder's term is over and no successor is known.
    pub has_ended: bool,
}

impl<'post> Sitting<'post> {
    /// The person, with the ways to reach them; for letters.
    pub fn holder(&self) -> Option<&'post Holder> {
        self.tenure.and_then(Tenure::holder)
    }

    /// How to reach the holder, or the office while the seat is empty.
    pub fn contact(&self) -> Option<&'post Contact> {
        self.tenure.map(|tenure| match &tenure.who {
            Who::Holder(holder) => &holder.contact,
            Who::Vacant(vacancy) => &vacancy.contact,
        })
    }

    /// Whether the seat is known to be empty.
    pub fn is_vacant(&self) -> bool {
        self.tenure
            .is_some_and(|tenure| matches!(tenure.who, Who::Vacant(_)))
    }

    /// The seat in an answer, without any contact. It is certain unless the seat is unknown; where
    /// the district is a question, the caller lowers that.
    pub fn answer(&self) -> PostAnswer {
        let is_unknown = self.post.seat == Seat::Unknown;
        let all = [
            (self.has_ended, Reason::TermEnded),
            (self.is_vacant(), Reason::Vacant),
            (
                self.holder().is_none() && !self.is_vacant(),
                Reason::HolderUnknown,
            ),
            (is_unknown, Reason::SeatUnknown),
        ];
        PostAnswer {
            id: self.id.clone(),
            role: self.post.role,
            title: self
                .tenure
                .map_or(&self.post.title, |tenure| &tenure.title)
                .clone(),
            district: match &self.post.seat {
                Seat::District(label) => Some(label.clone()),
                Seat::AtLarge | Seat::Unknown => None,
            },
            certain: !is_unknown,
            reasons: all
                .into_iter()
                .filter(|(holds, _)| *holds)
                .map(|(_, reason)| reason)
                .collect(),
            vacant: self.is_vacant(),
            person: self.holder().map(|holder| PersonAnswer {
                name: holder.name.clone(),
                term_start: holder.term_start,
                term_end: holder.term_end,
                as_of: holder.as_of.clone(),
                source: holder.source.clone(),
            }),
        }
    }
}

impl Post {
    /// Who sits on a day: one for a single seat, one for each seat of several that the list in
    /// force fills or calls vacant.
    pub fn sittings(&self, on: NaiveDate) -> Vec<Sitting<'_>> {
        if self.seats > 1 {
            return several::sittings(self, on);
        }
        let choice = choice::of(&self.tenures.iter().collect::<Vec<_>>(), on);
        vec![Sitting {
            id: self.id.clone(),
            post: self,
            tenure: choice.tenure,
            has_ended: choice.has_ended,
        }]
    }

    /// The answers of a day, one for each seat.
    pub fn answers(&self, on: NaiveDate) -> Vec<PostAnswer> {
        self.sittings(on).iter().map(Sitting::answer).collect()
    }

    /// The people of a day, with the ways to reach them.
    pub fn holders_on(&self, on: NaiveDate) -> Vec<&Holder> {
        self.sittings(on)
            .iter()
            .filter_map(Sitting::holder)
            .collect()
    }
}
