//! A span of days during which something is in force.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// From a day (included) to a day (not included); open where `None`.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Period {
    /// First day in force.
    pub valid_from: Option<NaiveDate>,
    /// First day no longer in force.
    pub valid_to: Option<NaiveDate>,
}

impl Period {
    /// Whether the period covers a day: `valid_from` is included, `valid_to` is not.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day < to)
    }

    /// Whether two periods share at least one day.
    pub fn overlaps(&self, other: &Self) -> bool {
        let ends_after = |a: &Self, b: &Self| match (a.valid_to, b.valid_from) {
            (Some(to), Some(from)) => from < to,
            _ => true,
        };
        ends_after(self, other) && ends_after(other, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_day_is_in_force_and_the_last_is_not() {
        let period = Period {
            valid_from: Some(day("2020-01-01")),
            valid_to: Some(day("2022-04-28")),
        };
        assert!(period.covers(day("2020-01-01")));
        assert!(period.covers(day("2022-04-27")));
        assert!(!period.covers(day("2022-04-28")));
        assert!(!period.covers(day("2019-12-31")));
    }

    #[test]
    fn periods_that_only_touch_do_not_overlap() {
        let old = Period {
            valid_from: None,
            valid_to: Some(day("2022-04-28")),
        };
        let new = Period {
            valid_from: Some(day("2022-04-28")),
            valid_to: None,
        };
        assert!(!old.overlaps(&new));
        assert!(old.overlaps(&Period::default()));
    }
}
