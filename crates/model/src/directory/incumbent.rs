//! A person with every seat that they hold on one day: a mayor whom the council has chosen sits in two.

use super::{Jurisdiction, Sitting};
use crate::official::Holder;
use chrono::NaiveDate;

/// A person of a day, with their seats in the directory's order: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incumbent<'post> {
    /// The seats: the first is the one by which the person is addressed.
    pub sittings: Vec<Sitting<'post>>,
}

impl<'post> Incumbent<'post> {
    /// The person, as the first seat's list has them.
    pub fn holder(&self) -> Option<&'post Holder> {
        self.sittings.first().and_then(Sitting::holder)
    }

    /// The titles, none twice: `Mayor`, `Council Member`.
    pub fn titles(&self) -> Vec<&'post str> {
        let mut titles: Vec<&str> = Vec::new();
        for sitting in &self.sittings {
            let title = sitting
                .tenure
                .map_or(sitting.post.title.as_str(), |tenure| tenure.title.as_str());
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        titles
    }
}

impl Jurisdiction {
    /// Who sits on a day, person by person. Whoever's term is over is no longer in office and is left
    /// out, as empty seats are.
    pub fn incumbents(&self, on: NaiveDate) -> Vec<Incumbent<'_>> {
        let mut incumbents: Vec<Incumbent<'_>> = Vec::new();
        for sitting in self.sittings(on).filter(|sitting| !sitting.has_ended) {
            let Some(holder) = sitting.holder() else {
                continue;
            };
            let known = incumbents.iter_mut().find(|incumbent| {
                incumbent
                    .holder()
                    .is_some_and(|known| known.is_same_person(holder))
            });
            match known {
                Some(incumbent) => incumbent.sittings.push(sitting),
                None => incumbents.push(Incumbent {
                    sittings: vec![sitting],
                }),
            }
        }
        incumbents
    }
}
