//! How numbers, days and enumerations are written in English, for the templates of that language.

use chrono::{Datelike, NaiveDate};
use std::fmt;

/// A number with its thousands apart: 18,402.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) u32);

impl Count {
    /// With what is counted: `1 resident`, `18,402 residents`.
    pub(crate) fn of(self, one: &str, many: &str) -> String {
        format!("{self} {}", self.pick(one, many))
    }

    /// The word that goes with the number.
    pub(crate) fn pick<'a>(self, one: &'a str, many: &'a str) -> &'a str {
        if self.0 == 1 { one } else { many }
    }

    pub(crate) fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.write_str(",")?;
            }
            write!(out, "{digit}")?;
        }
        Ok(())
    }
}

/// `March 4, 2026`.
pub(crate) fn long_date(day: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS[day.month0() as usize];
    format!("{month} {}, {}", day.day(), day.year())
}

/// `17`, `17 and 204`, `17, 204 and 301`.
pub(crate) fn enumerated(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart_and_one_is_singular() {
        let shown = [0, 999, 1_000, 18_402, 1_234_567].map(|count| Count(count).to_string());
        assert_eq!(shown, ["0", "999", "1,000", "18,402", "1,234,567"]);
        assert_eq!(Count(1).of("resident", "residents"), "1 resident");
        assert_eq!(Count(0).of("resident", "residents"), "0 residents");
    }

    #[test]
    fn days_and_enumerations_read_as_in_a_letter() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 4).unwrap();
        assert_eq!(long_date(day), "March 4, 2026");
        let parts = ["17", "204", "301"].map(str::to_owned);
        let shown = [1, 2, 3].map(|count| enumerated(&parts[..count]));
        assert_eq!(shown, ["17", "17 and 204", "17, 204 and 301"]);
    }
}
