//! Lines of `geoid,status,since,source`, read all or not at all.

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord, Trim};
use redress_model::batch::{CityStatus, PlaceStatus};
use redress_model::geoid::Geoid;
use std::collections::HashSet;

/// The most bad lines that are told.
const TOLD: usize = 20;
/// The longest address of a source, in characters.
const LONGEST: usize = 500;

/// A line that cannot be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadLine {
    /// Counted from 1.
    pub number: u64,
    /// Why.
    pub why: String,
}

/// Reads them; a heading may stand first. `is_known` tells whether there is such a place.
pub(super) fn read(
    text: &str,
    is_known: impl Fn(&Geoid) -> bool,
) -> Result<Vec<(Geoid, PlaceStatus)>, Vec<BadLine>> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let (mut statuses, mut bad, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (index, record) in reader.records().enumerate() {
        let Ok(record) = record else { continue };
        if index == 0 && &record[0] == "geoid" {
            continue;
        }
        let line = line(&record).and_then(|(geoid, place)| {
            if !is_known(&geoid) {
                return Err(format!("no place has the GEOID {geoid}"));
            }
            if !seen.insert(geoid.clone()) {
                return Err(format!("{geoid} stands twice"));
            }
            Ok((geoid, place))
        });
        match line {
            Ok(status) => statuses.push(status),
            Err(why) => bad.push(BadLine {
                number: record.position().map_or(0, csv::Position::line),
                why,
            }),
        }
    }
    if statuses.is_empty() && bad.is_empty() {
        let why = "there is no line to save".to_owned();
        bad.push(BadLine { number: 1, why });
    }
    if bad.is_empty() {
        return Ok(statuses);
    }
    bad.truncate(TOLD);
    Err(bad)
}

fn line(record: &StringRecord) -> Result<(Geoid, PlaceStatus), String> {
    if !(2..=4).contains(&record.len()) {
        return Err("it needs geoid, status, since and source, with commas between".to_owned());
    }
    let cell = |column| record.get(column).unwrap_or_default();
    let geoid = Geoid::parse(cell(0)).map_err(|_| "the GEOID is 5, 7 or 10 digits".to_owned())?;
    let status: CityStatus = cell(1)
        .parse()
        .map_err(|_| "the status is forbid, end, under_study or met".to_owned())?;
    let since_on = match cell(2) {
        "" => None,
        text => Some(
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map_err(|_| "since is a day such as 2026-03-02, or empty".to_owned())?,
        ),
    };
    let source = match cell(3) {
        "" => None,
        text if is_web_address(text) => Some(text.to_owned()),
        _ => {
            return Err(
                "the source is a web address with https:// or http://, or empty".to_owned(),
            );
        }
    };
    Ok((
        geoid,
        PlaceStatus {
            status,
            since_on,
            source,
        },
    ))
}

/// A source becomes a link, so that nothing but the web is one.
fn is_web_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    text.chars().count() <= LONGEST
        && rest.is_some_and(|rest| rest.contains('.'))
        && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Read = Result<Vec<(Geoid, PlaceStatus)>, Vec<(u64, String)>>;

    fn read_all(text: &str) -> Read {
        let is_known = |geoid: &Geoid| !geoid.as_str().starts_with('8');
        read(text, is_known).map_err(|bad| bad.into_iter().map(|it| (it.number, it.why)).collect())
    }

    #[test]
    fn lines_are_read_with_their_heading_or_without() {
        let text = "geoid,status,since,source\r\n9900100,end,2026-03-02,https://city.example/a\n\n9900200,under_study\n";
        let read = read_all(text).expect("they read");
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].1.status, CityStatus::End);
        assert_eq!(read[0].1.source.as_deref(), Some("https://city.example/a"));
        assert_eq!(read[1].1.since_on, None);
        let bare = text.split_once('\n').expect("two lines").1;
        assert_eq!(read_all(bare), Ok(read));
    }

    #[test]
    fn every_bad_line_is_told_by_its_number() {
        let text = "geoid,status,since,source
9900100,end,2026-02-30,
9900200,gone,,
x,end,,
9900300,met,,javascript:alert(1)
8800300,met,,
9900400,met
9900400,end
9900500
";
        let bad = read_all(text).expect_err("none is taken");
        let numbers: Vec<u64> = bad.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [2, 3, 4, 5, 6, 8, 9], "{bad:?}");
        assert!(bad[3].1.contains("web address") && bad[5].1.contains("twice"));
        assert!(read_all("geoid,status,since,source\n").is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_pasted_is_read_or_told(text in "(?s).{0,200}") {
            match read_all(&text) {
                Ok(read) => prop_assert!(!read.is_empty()),
                Err(bad) => prop_assert!(!bad.is_empty() && bad.len() <= TOLD),
            }
        }
    }
}
