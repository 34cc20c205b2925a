//! A directory as a list that can be read again: every row of every list, in our columns.
//!
//! What was written and is read again gives the same directory: `list` says which of several lists a row is of,
//! `person_id` who it is, and what a source said beside our columns stands in columns of its own.

use super::columns::COLUMNS;
use super::{field, stated};
use chrono::NaiveDate;
use redress_model::directory::{Directory, Jurisdiction, Post, Stated, Tenure, Who};
use redress_model::official::Contact;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::io::Write;

/// How many columns are ours.
const WIDTH: usize = COLUMNS.len();

/// A row with all that it belongs to.
#[derive(Clone, Copy)]
struct Written<'directory> {
    tenure: &'directory Tenure,
    post: &'directory Post,
    jurisdiction: &'directory Jurisdiction,
    geoid: &'directory str,
}

/// Writes a directory as CSV, older lists first: history included, or only whoever sits, and what is vacant, on a
/// day. Cells that a spreadsheet would take for formulas begin with an apostrophe, which reading takes away again.
///
/// # Errors
///
/// When the writer fails.
pub fn write_csv(
    directory: &Directory,
    on: Option<NaiveDate>,
    out: impl Write,
) -> std::io::Result<()> {
    let rows = rows(directory, on);
    let names: BTreeSet<&str> = rows
        .iter()
        .flat_map(|row| notes(row.tenure))
        .map(|(name, _)| name.as_str())
        .collect();
    let mut writer = ::csv::Writer::from_writer(out);
    let header = COLUMNS.iter().map(|name| (*name).to_owned());
    writer.write_record(header.chain(names.iter().map(|name| field::cell(name))))?;
    for row in rows {
        let values = record(&row);
        let said = |name: &&str| {
            let note = notes(row.tenure).iter().find(|(known, _)| known == name);
            note.map_or(String::new(), |(_, text)| field::cell(text))
        };
        let values = values.iter().map(|value| field::cell(value));
        writer.write_record(values.chain(names.iter().map(said)))?;
    }
    writer.flush()
}

/// Writes the same as a JSON list of objects by column, without those that are empty; `notes` holds the rest.
///
/// # Errors
///
/// When the writer fails.
pub fn write_json(
    directory: &Directory,
    on: Option<NaiveDate>,
    mut out: impl Write,
) -> std::io::Result<()> {
    let objects: Vec<Value> = rows(directory, on)
        .iter()
        .map(|row| {
            let values = COLUMNS.iter().zip(record(row));
            let mut object: Map<String, Value> = values
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| ((*name).to_owned(), Value::String(value)))
                .collect();
            let said = notes(row.tenure).iter().cloned();
            let said: Map<String, Value> = said
                .map(|(name, text)| (name, Value::String(text)))
                .collect();
            if !said.is_empty() {
                object.insert("notes".to_owned(), Value::Object(said));
            }
            Value::Object(object)
        })
        .collect();
    serde_json::to_writer_pretty(&mut out, &objects)?;
    out.write_all(b"\n")
}

fn rows(directory: &Directory, on: Option<NaiveDate>) -> Vec<Written<'_>> {
    let mut rows = Vec::new();
    for (geoid, jurisdiction) in directory.jurisdictions() {
        let written = |post, tenure| Written {
            tenure,
            post,
            jurisdiction,
            geoid,
        };
        match on {
            None => {
                for post in &jurisdiction.posts {
                    rows.extend(post.tenures.iter().map(|tenure| written(post, tenure)));
                }
            }
            Some(on) => {
                let sittings = jurisdiction.sittings(on).filter(|it| !it.has_ended);
                rows.extend(sittings.filter_map(|it| Some(written(it.post, it.tenure?))));
            }
        }
    }
    rows.sort_by_key(|row| row.tenure.vintage);
    rows
}

fn notes(tenure: &Tenure) -> &[(String, String)] {
    match &tenure.who {
        Who::Holder(holder) => &holder.notes,
        Who::Vacant(vacancy) => &vacancy.notes,
    }
}

fn record(row: &Written<'_>) -> [String; WIDTH] {
    let Written {
        tenure,
        post,
        jurisdiction,
        geoid,
    } = *row;
    let holder = tenure.holder();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let (as_of, source, contact): (_, _, &Contact) = match &tenure.who {
        Who::Holder(holder) => (&holder.as_of, &holder.source, &holder.contact),
        Who::Vacant(vacancy) => (&vacancy.as_of, &vacancy.source, &vacancy.contact),
    };
    let (district, at_large) = seat(&tenure.stated, &tenure.title);
    [
        geoid.to_owned(),
        String::new(),
        text(&jurisdiction.name),
        text(&jurisdiction.state),
        post.role.as_str().to_owned(),
        tenure.title.clone(),
        district,
        at_large.to_owned(),
        holder.map_or_else(String::new, |holder| holder.name.clone()),
        holder.map_or_else(String::new, |holder| text(&holder.party)),
        day(holder.and_then(|holder| holder.term_start)),
        day(holder.and_then(|holder| holder.term_end)),
        if holder.is_none() { "1" } else { "" }.to_owned(),
        text(&contact.email),
        text(&contact.web_form),
        text(&contact.office_address),
        text(&contact.url),
        as_of.clone().unwrap_or_else(|| day(tenure.vintage.day)),
        text(source),
        text(&jurisdiction.time_zone),
        holder.map_or_else(String::new, |holder| text(&holder.person_id)),
        day(contact.checked_on),
        tenure.vintage.file.max(1).to_string(),
    ]
}

/// What `district` and `at_large` have to say to be read as a seat again.
fn seat(of: &Stated, title: &str) -> (String, &'static str) {
    let ways = match of {
        Stated::AtLarge(None) => vec![(String::new(), "1")],
        Stated::AtLarge(Some(label)) => {
            vec![(label.clone(), "1"), (format!("At Large {label}"), "1")]
        }
        Stated::District(label) => vec![(label.clone(), "0")],
        Stated::SomeDistrict => vec![(String::new(), "0")],
        Stated::Nothing => vec![(String::new(), "")],
    };
    let is_read = |(district, at_large): &&(String, &'static str)| {
        stated::read(district, at_large, title, None).as_ref() == Ok(of)
    };
    let way = ways.iter().find(is_read).or(ways.first()).cloned();
    way.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::officials::{Gatherer, Layout};

    fn read(lists: &[&[u8]]) -> Directory {
        let mut gatherer = Gatherer::new();
        for list in lists {
            gatherer
                .read_csv(*list, "list", &Layout::default(), &|_| None, &mut |_| {})
                .unwrap();
        }
        gatherer.finish()
    }

    const LIST: &str = "place_geoid,role,title,district,at_large,name,vacant,term_start,term_end,email,as_of,time_zone,phone,checked_on
9900100,mayor,,,,\"Ada, the elder\",,2024,2027,ada@city.example,2026,America/Chicago,+1 555 0100,2026-02-03
9900100,council_member,,1,,Bo,,,,bo@,2026,,=1+1,
9900100,council_member,,2,1,'=Cy,,,,,2026,,,
9900100,council_member,,At large 0,,Flo,,,,,2026,,,
9900100,council_member,President,,0,Di,,,,,2026,,,
9900100,council_member,,3,,,1,,,,2026,,,
99001,officer,County Executive,,,Ed,,,2025-06,,2025,,,
";

    fn written(directory: &Directory) -> Vec<u8> {
        let mut text = Vec::new();
        write_csv(directory, None, &mut text).unwrap();
        text
    }

    #[test]
    fn what_is_written_reads_again_as_the_same() {
        let later = LIST
            .replace("Bo,", "Bo Later,")
            .replace(",2026,", ",2026-07,");
        for lists in [
            vec![LIST.as_bytes()],
            vec![LIST.as_bytes(), later.as_bytes(), LIST.as_bytes()],
        ] {
            let first = read(&lists);
            let text = written(&first);
            assert_eq!(read(&[&text]), first, "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        let text = written(&read(&[LIST.as_bytes()]));
        let mut rows = ::csv::Reader::from_reader(text.as_slice());
        let records: Vec<_> = rows.records().map(Result::unwrap).collect();
        assert!(records.iter().flatten().any(|cell| cell == "'=1+1"));
        let formula = |cell: &str| cell.starts_with(['=', '+', '-', '@']);
        assert!(!records.iter().flatten().any(formula));
    }

    #[test]
    fn a_day_has_only_those_who_sit() {
        let directory = read(&[LIST.as_bytes()]);
        let on = NaiveDate::from_ymd_opt(2028, 1, 1);
        let mut text = Vec::new();
        write_json(&directory, on, &mut text).unwrap();
        let rows: Vec<Value> = serde_json::from_slice(&text).unwrap();
        let names: Vec<_> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
        assert_eq!(names, ["Bo", "Flo", "=Cy", "Di"]);
        assert_eq!(rows[0]["notes"]["phone"], "=1+1");
    }
}
