//! Days as people read them, in the petition's own time zone.

use crate::spoken::{self, Language};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use redress_model::petition::Petition;

/// A petition's time zone; UTC where its name is no longer one.
pub(crate) fn zone(petition: &Petition) -> Tz {
    petition.terms.time_zone.parse().unwrap_or(Tz::UTC)
}

/// The date on which an instant lies in a petition's time zone: the day of a signature.
pub(crate) fn date_of(at: DateTime<Utc>, petition: &Petition) -> NaiveDate {
    at.with_timezone(&zone(petition)).date_naive()
}

/// The day on which an instant lies there: `16 Nov 2026`.
pub(crate) fn day_of(at: DateTime<Utc>, zone: Tz) -> String {
    day(at.with_timezone(&zone).date_naive())
}

/// A day: `16 Nov 2026`, in Spanish `16 nov 2026`.
pub(crate) fn day(on: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
    ];
    match spoken::language() {
        Language::English => on.format("%-d %b %Y").to_string(),
        Language::Spanish => {
            let month = MONTHS[on.month0() as usize];
            format!("{} {month} {}", on.day(), on.year())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evening_in_denver_is_not_tomorrow() {
        let at = "2026-03-05T03:00:00Z".parse().unwrap();
        assert_eq!(day_of(at, Tz::America__Denver), "4 Mar 2026");
        assert_eq!(day_of(at, Tz::UTC), "5 Mar 2026");
    }
}
