//! Answers of a day, kept: thousands of signers of one city are told of the same posts.

use crate::resolution::PostAnswer;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Days for which answers are kept: today's in every time zone, and one that somebody asks for.
const MOST_DAYS: usize = 4;

type OfDay = HashMap<String, Arc<[Arc<PostAnswer>]>>;

/// Kept answers, by day and jurisdiction. A copy of a directory begins without any.
#[derive(Debug, Default)]
pub(super) struct Answers(RwLock<Vec<(NaiveDate, OfDay)>>);

impl Clone for Answers {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Answers {
    /// The answers of a jurisdiction on a day, made when they are not kept yet.
    pub(super) fn of(
        &self,
        geoid: &str,
        on: NaiveDate,
        make: impl FnOnce() -> Arc<[Arc<PostAnswer>]>,
    ) -> Arc<[Arc<PostAnswer>]> {
        // Whoever panicked while holding the lock left whole answers behind.
        let days = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let of_day = days.iter().find(|(day, _)| *day == on);
        if let Some(known) = of_day.and_then(|(_, known)| known.get(geoid)) {
            return Arc::clone(known);
        }
        drop(days);
        let fresh = make();
        let mut days = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let at = days
            .iter()
            .position(|(day, _)| *day == on)
            .unwrap_or_else(|| {
                if days.len() == MOST_DAYS {
                    days.remove(0);
                }
                days.push((on, OfDay::new()));
                days.len() - 1
            });
        days[at].1.insert(geoid.to_owned(), Arc::clone(&fresh));
        fresh
    }
}
