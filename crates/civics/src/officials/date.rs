//! Days as officials' lists write them: whole, or only a month or a year.
//!
//! A term that is said to end in `2027` runs to the last day of that year. A list that speaks as of
//! `2021-22` is compared as of the first day of 2021; how it was written is kept beside.

use chrono::{Days, Months, NaiveDate};

/// Years in which an official of today's governments can have begun or can be going to end.
const YEARS: std::ops::RangeInclusive<i32> = 1700..=2300;

/// The first day of what a term's start says.
pub(crate) fn first_day(text: &str) -> Option<NaiveDate> {
    read(text).map(|(first, _)| first)
}

/// The last day of what a term's end says.
pub(crate) fn last_day(text: &str) -> Option<NaiveDate> {
    read(text).map(|(_, last)| last)
}

/// The first day of what a list says of its own age: a day, a month, a year, or a span of years.
pub(crate) fn as_of(text: &str) -> Option<NaiveDate> {
    first_day(text).or_else(|| {
        let (from, to) = text.split_once('-')?;
        let (year, to) = (number(from, 4)?, digits(to)?);
        // `2021-22` and `2021-2022`; `2021-12` was a month.
        let to = if to < 100 { year / 100 * 100 + to } else { to };
        (year < to && to - year < 100)
            .then(|| day(year, 1, 1))
            .flatten()
    })
}

fn read(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    // A time of day behind the date says nothing about a term.
    let text = match text.split_once('T') {
        Some((date, _)) if date.len() == 10 => date,
        _ => text,
    };
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map(digits);
    let date = parts.next().map(digits);
    if parts.next().is_some() {
        return None;
    }
    match (month, date) {
        (None, _) => Some((day(year, 1, 1)?, day(year, 12, 31)?)),
        (Some(month), None) => {
            let first = day(year, month?, 1)?;
            let last = first.checked_add_months(Months::new(1))?;
            Some((first, last.checked_sub_days(Days::new(1))?))
        }
        (Some(month), Some(date)) => day(year, month?, date?).map(|day| (day, day)),
    }
}

fn number(text: &str, length: usize) -> Option<i32> {
    (text.len() == length).then(|| digits(text)).flatten()
}

fn digits(text: &str) -> Option<i32> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn day(year: i32, month: i32, date: i32) -> Option<NaiveDate> {
    if !YEARS.contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month.try_into().ok()?, date.try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-08-05", "2026-08-05", "2026-08-05")]
    #[case("2026-08-05T10:00:00Z", "2026-08-05", "2026-08-05")]
    #[case("2026-02", "2026-02-01", "2026-02-28")]
    #[case("2024-12", "2024-12-01", "2024-12-31")]
    #[case("2017", "2017-01-01", "2017-12-31")]
    fn a_term_runs_from_the_first_day_said_to_the_last(
        #[case] text: &str,
        #[case] first: &str,
        #[case] last: &str,
    ) {
        assert_eq!(first_day(text), first.parse().ok());
        assert_eq!(last_day(text), last.parse().ok());
    }

    #[rstest]
    #[case("2017", "2017-01-01")]
    #[case("2026-07", "2026-07-01")]
    #[case("2021-22", "2021-01-01")]
    #[case("2021-2022", "2021-01-01")]
    #[case("2021-12", "2021-12-01")]
    #[case("2026-08-05", "2026-08-05")]
    fn a_list_speaks_as_of_its_first_day(#[case] text: &str, #[case] day: &str) {
        assert_eq!(as_of(text), day.parse().ok());
    }

    #[rstest]
    #[case("")]
    #[case("soon")]
    #[case("1/20/2025")]
    #[case("2025-13-01")]
    #[case("2025-02-30")]
    #[case("20251-01-01")]
    #[case("0206-01-01")]
    #[case("2025-01-01-01")]
    #[case("2022-21")]
    #[case("२०२५")]
    fn what_is_no_date_is_not_read_as_one(#[case] text: &str) {
        assert_eq!((first_day(text), as_of(text)), (None, None), "{text}");
    }
}
