//! How days are written in Spanish, for the templates of that language. Numbers are written as in English: so they are in the
//! United States.

use chrono::{Datelike, NaiveDate};

/// `4 de marzo de 2026`.
pub(crate) fn long_date(day: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ];
    let month = MONTHS[day.month0() as usize];
    format!("{} de {month} de {}", day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_as_in_a_letter() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 4).unwrap();
        assert_eq!(long_date(day), "4 de marzo de 2026");
    }
}
