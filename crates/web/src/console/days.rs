//! Days of a petition: in its own time zone, made of the hours that storage keeps in UTC.

use crate::failure::Failure;
use crate::state::AppState;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use redress_model::clock::hour_of;
use redress_model::petition::Petition;
use redress_model::tally::{HourTally, Tally};
use std::collections::BTreeMap;

/// The petition's time zone; UTC where its name is no longer one.
pub(crate) fn zone(petition: &Petition) -> Tz {
    petition.terms.time_zone.parse().unwrap_or(Tz::UTC)
}

/// What each of the last days changed, today among them, newest first; days without a change are left out.
pub(crate) async fn list(
    state: &AppState,
    petition: &Petition,
    days: u64,
) -> Result<Vec<(NaiveDate, Tally)>, Failure> {
    let (zone, now) = (zone(petition), state.now());
    let today = now.with_timezone(&zone).date_naive();
    let first = today.checked_sub_days(Days::new(days - 1)).unwrap_or(today);
    let (from_at, to_at) = (beginning(first, zone), now + Duration::hours(1));
    let tallies = &state.store().tallies;
    let hours = tallies
        .list_hours(petition.id, None, from_at, to_at)
        .await?;
    Ok(by_day(&hours, zone).into_iter().rev().collect())
}

/// What was counted today.
pub(crate) async fn find_today(state: &AppState, petition: &Petition) -> Result<i64, Failure> {
    let days = list(state, petition, 1).await?;
    Ok(days.iter().map(|(_, tally)| tally.counted).sum())
}

fn by_day(hours: &[HourTally], zone: Tz) -> BTreeMap<NaiveDate, Tally> {
    let mut days: BTreeMap<NaiveDate, Tally> = BTreeMap::new();
    for hour in hours {
        let day = hour.hour_at.with_timezone(&zone).date_naive();
        *days.entry(day).or_default() += hour.tally;
    }
    days.retain(|_, tally| !tally.is_zero());
    days
}

/// The first hour of a day. Where midnight is left out by summer time, the day begins an hour later.
fn beginning(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let at = [0, 1].into_iter().find_map(|hours| {
        let local = midnight + Duration::hours(hours);
        zone.from_local_datetime(&local).earliest()
    });
    at.map_or_else(|| midnight.and_utc(), |at| hour_of(at.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(at: &str, counted: i64) -> HourTally {
        HourTally {
            hour_at: at.parse().expect("an instant"),
            tally: Tally {
                counted,
                ..Tally::default()
            },
        }
    }

    #[test]
    fn an_evening_in_chicago_belongs_to_its_own_day() {
        let hours = [
            hour("2026-03-01T05:00:00Z", 1),
            hour("2026-03-01T06:00:00Z", 2),
            hour("2026-03-02T05:00:00Z", 4),
            hour("2026-03-03T12:00:00Z", 1),
            hour("2026-03-03T13:00:00Z", -1),
        ];
        let days = by_day(&hours, Tz::America__Chicago);
        let shown: Vec<_> = days
            .iter()
            .map(|(day, tally)| format!("{day} {}", tally.counted))
            .collect();
        assert_eq!(shown, ["2026-02-28 1", "2026-03-01 6"]);
    }

    #[test]
    fn a_day_begins_at_its_own_midnight_or_at_the_first_hour_there_is() {
        let begins = |day: &str, zone: Tz| beginning(day.parse().expect("a day"), zone).to_string();
        assert_eq!(
            begins("2026-03-02", Tz::America__Chicago),
            "2026-03-02 06:00:00 UTC"
        );
        // Summer time began at midnight there in 2023.
        assert_eq!(
            begins("2023-04-28", Tz::Africa__Cairo),
            "2023-04-27 22:00:00 UTC"
        );
    }
}
