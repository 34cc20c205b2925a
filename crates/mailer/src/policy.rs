//! When a letter may go to an official: in office hours, and one a day. Nothing here applies to a queue that a person drains.

use crate::settings::OfficeHours;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;

/// The zone of a name; UTC for one that the database of zones does not know.
pub fn zone_of(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// The day in a zone.
pub fn day_in(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The first instant from `at` on at which offices are open; `at` itself if they are.
pub fn opening(hours: &OfficeHours, zone: Tz, at: DateTime<Utc>) -> DateTime<Utc> {
    if !hours.enabled || hours.from >= hours.to.min(24) {
        return at;
    }
    let local = at.with_timezone(&zone);
    let today = local.date_naive();
    if is_working(today) && (hours.from..hours.to).contains(&local.hour()) {
        return at;
    }
    let today_is_ahead = is_working(today) && local.hour() < hours.from;
    let mut day = if today_is_ahead { today } else { after(today) };
    while !is_working(day) {
        day = after(day);
    }
    beginning(hours.from, zone, day)
}

/// The first instant from `at` on at which offices are open in every one of some zones; `at` itself if they are.
pub fn opening_in_all(hours: &OfficeHours, zones: &[Tz], at: DateTime<Utc>) -> DateTime<Utc> {
    let mut open_at = at;
    // Each step goes to the last of the zones to open; two days of steps see every office open, or hours that never meet.
    for _ in 0..8 {
        let later = zones
            .iter()
            .map(|zone| opening(hours, *zone, open_at))
            .max();
        match later {
            Some(later) if later > open_at => open_at = later,
            _ => break,
        }
    }
    open_at
}

/// The first instant from `at` on at which somebody who got a letter at `last_at` may get the next: another day, in office hours.
pub fn next_letter(
    hours: &OfficeHours,
    zone: Tz,
    last_at: DateTime<Utc>,
    at: DateTime<Utc>,
) -> DateTime<Utc> {
    if day_in(zone, last_at) < day_in(zone, at) {
        return opening(hours, zone, at);
    }
    let hour = if hours.enabled { hours.from } else { 0 };
    opening(
        hours,
        zone,
        beginning(hour, zone, after(day_in(zone, last_at))),
    )
}

fn is_working(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

/// An hour of a day in a zone; where the clocks leap over it, the hour after.
fn beginning(hour: u32, zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let at = |hour| {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        zone.from_local_datetime(&day.and_time(time)).earliest()
    };
    at(hour).or_else(|| at((hour + 1) % 24)).map_or_else(
        || Utc.from_utc_datetime(&day.and_time(NaiveTime::MIN)),
        |at| at.to_utc(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOURS: OfficeHours = OfficeHours {
        enabled: true,
        from: 8,
        to: 18,
    };
    const CHICAGO: Tz = Tz::America__Chicago;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn letters_wait_for_the_morning_and_for_monday() {
        for (now, open) in [
            ("2026-03-04T15:30:00Z", "2026-03-04T15:30:00Z"),
            ("2026-03-04T12:00:00Z", "2026-03-04T14:00:00Z"),
            ("2026-03-05T00:30:00Z", "2026-03-05T14:00:00Z"),
            // A Friday evening, the week-end of the change to summer time.
            ("2026-03-07T01:00:00Z", "2026-03-09T13:00:00Z"),
        ] {
            assert_eq!(opening(&HOURS, CHICAGO, at(now)), at(open), "{now}");
        }
    }

    #[test]
    fn a_second_letter_waits_for_the_next_working_day() {
        let next = |last, now| next_letter(&HOURS, CHICAGO, at(last), at(now));
        assert_eq!(
            next("2026-03-04T15:00:00Z", "2026-03-04T16:00:00Z"),
            at("2026-03-05T14:00:00Z")
        );
        assert_eq!(
            next("2026-03-06T15:00:00Z", "2026-03-06T16:00:00Z"),
            at("2026-03-09T13:00:00Z")
        );
        assert_eq!(
            next("2026-03-03T15:00:00Z", "2026-03-04T16:00:00Z"),
            at("2026-03-04T16:00:00Z")
        );
    }

    #[test]
    fn hours_that_are_off_hold_nothing_back() {
        let off = OfficeHours {
            enabled: false,
            ..HOURS
        };
        assert_eq!(
            opening(&off, CHICAGO, at("2026-03-07T01:00:00Z")),
            at("2026-03-07T01:00:00Z")
        );
        assert_eq!(zone_of("Nowhere/Atlantis"), Tz::UTC);
    }

    #[test]
    fn where_the_clock_divides_a_state_an_office_is_open_in_both_halves() {
        let zones = [CHICAGO, Tz::America__Denver];
        for (now, open) in [
            // Eight in Chicago is seven in Denver.
            ("2026-03-04T14:00:00Z", "2026-03-04T15:00:00Z"),
            ("2026-03-04T16:00:00Z", "2026-03-04T16:00:00Z"),
            // Five in Denver is six in Chicago, on a Friday.
            ("2026-03-07T00:30:00Z", "2026-03-09T14:00:00Z"),
        ] {
            assert_eq!(opening_in_all(&HOURS, &zones, at(now)), at(open), "{now}");
        }
        assert_eq!(
            opening_in_all(&HOURS, &[], at("2026-03-07T00:30:00Z")),
            at("2026-03-07T00:30:00Z")
        );
    }

    proptest! {
        #[test]
        fn offices_are_open_when_they_open(seconds in 1_700_000_000_i64..1_900_000_000, zone in 0_usize..596) {
            let zone = chrono_tz::TZ_VARIANTS[zone % chrono_tz::TZ_VARIANTS.len()];
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            let open = opening(&HOURS, zone, now);
            prop_assert!(open >= now && open - now <= chrono::Duration::hours(24 * 4));
            prop_assert_eq!(opening(&HOURS, zone, open), open);
        }
    }
}
