//! Officials as the Cicero API answers them: JSON with `response.results.officials` or, for an address,
//! `response.results.candidates[].officials`.

use super::columns::{Column, Layout};
use super::entry::Entry;
use super::office::{self, Body};
use super::reading::{NoticeKind, Reading, Spot};
use super::tree::Tree;
use super::{division, label};

/// Whether a document is one of Cicero's answers.
pub(super) fn is_answer(tree: &Tree) -> bool {
    tree.get("response").has("results")
}

/// Takes every official of an answer.
pub(super) fn take(
    reading: &mut Reading<'_>,
    path: &str,
    tree: &Tree,
    layout: &Layout,
) -> Result<(), String> {
    if !is_answer(tree) {
        return Err("it has no `response.results`; is it an answer of Cicero?".into());
    }
    for error in tree.at(&["response", "errors"]).as_list() {
        if !error.as_text().is_empty() {
            return Err(format!(
                "Cicero answered with an error: {}",
                error.as_text()
            ));
        }
    }
    let results = tree.at(&["response", "results"]);
    let mut lists = vec![("officials".to_owned(), results.list("officials"))];
    for (number, candidate) in results.list("candidates").iter().enumerate() {
        let at = format!("candidates[{number}].officials");
        lists.push((at, candidate.list("officials")));
    }
    for (at, officials) in lists {
        for (number, official) in officials.iter().enumerate() {
            let spot = Spot {
                line: 0,
                path: format!("{path} response.results.{at}[{number}]")
                    .trim()
                    .to_owned(),
            };
            match entry(official) {
                Ok(Some(entry)) => {
                    reading.take(&spot, |geoid, remark| entry.row(layout, geoid, remark));
                }
                Ok(None) => reading.taken.passed_over += 1,
                Err(text) => reading.tell(&spot, NoticeKind::Refused, text),
            }
        }
    }
    Ok(())
}

/// An official as an entry; none where the office is in no local government.
fn entry(official: &Tree) -> Result<Option<Entry>, String> {
    let office = official.get("office");
    let district = office.get("district");
    let body = match district.text("district_type") {
        "LOCAL" => Body::Legislative,
        "LOCAL_EXEC" => Body::Executive,
        "" => return Err("the office has no `district.district_type`; ask Cicero again".into()),
        _ => return Ok(None),
    };
    let of = district.text("ocd_id");
    if of.is_empty() {
        return Err(format!(
            "the district of `{}` has no `ocd_id`, so that nobody knows which government it is; add it",
            office.text("title")
        ));
    }
    if !division::is_local(of) {
        return Ok(None);
    }
    let title = office.text("title");
    let mut entry = Entry::new();
    entry.set(Column::Role, office::role(title, body).unwrap_or("officer"));
    entry.set(Column::Title, title);
    entry.set(Column::Division, of);
    entry.set(Column::State, district.text("state"));
    if body == Body::Legislative {
        seat(&mut entry, district, of);
    }
    entry.set(Column::Name, &name(official));
    let id = official.text("id");
    if !id.is_empty() {
        entry.set(Column::PersonId, &format!("cicero:{id}"));
    }
    entry.set(Column::Party, official.text("party"));
    let start = ["current_term_start_date", "term_start_date", "valid_from"];
    entry.set_day(Column::TermStart, official.first_text(&start));
    entry.set_day(
        Column::TermEnd,
        official.first_text(&["term_end_date", "valid_to"]),
    );
    entry.set_day(Column::CheckedOn, official.text("last_update_date"));
    reached(&mut entry, official);
    Ok(Some(entry))
}

/// The seat: by the id where it ends in a district, else by what the district is called.
fn seat(entry: &mut Entry, district: &Tree, of: &str) {
    let is_district =
        division::last(of).is_some_and(|(kind, _)| matches!(kind, "ward" | "council_district"));
    if is_district {
        return;
    }
    let words = ["num", "district_id", "label", "subtype"].map(|key| district.text(key));
    if let Some(at_large) = words.iter().find(|text| label::at_large(text).is_some()) {
        entry.set(Column::District, at_large);
        return;
    }
    // A city that is one district is called by its own name.
    let names_one = |text: &&&str| {
        let lower = text.to_lowercase();
        text.bytes().any(|letter| letter.is_ascii_digit())
            || text.len() == 1
            || lower.contains("ward")
            || lower.contains("district")
    };
    if let Some(label) = words.iter().find(names_one) {
        entry.set(Column::District, label);
    }
}

/// `Ana M. Ruiz Jr.`; the preferred name where the person goes by another than the first.
fn name(official: &Tree) -> String {
    let given = official.first_text(&["preferred_name", "first_name"]);
    let middle = if official.text("preferred_name").is_empty() {
        official.text("middle_initial")
    } else {
        ""
    };
    let parts = [
        given,
        middle,
        official.text("last_name"),
        official.text("name_suffix"),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

fn reached(entry: &mut Entry, official: &Tree) {
    for email in official.list("email_addresses") {
        entry.email(email.as_text());
    }
    entry.set(Column::WebForm, official.text("web_form_url"));
    for url in official.list("urls") {
        entry.fill(Column::Url, url.as_text());
    }
    for address in official.list("addresses") {
        entry.fill(Column::OfficeAddress, &postal(address));
        entry.note("phone", address.text("phone_1"));
    }
    let first = official.text("first_name");
    if !official.text("preferred_name").is_empty() {
        let formal = format!("{first} {}", official.text("last_name"));
        entry.note("other names", &formal);
    }
}

fn postal(address: &Tree) -> String {
    let lines = ["address_1", "address_2", "address_3"].map(|key| address.text(key));
    let city = format!(
        "{}, {} {}",
        address.text("city"),
        address.text("state"),
        address.text("postal_code")
    );
    let city = city.trim_matches([' ', ',']).to_owned();
    let lines = lines.into_iter().filter(|line| !line.is_empty());
    lines
        .chain([city.as_str()])
        .collect::<Vec<_>>()
        .join("; ")
        .trim_end_matches("; ")
        .to_owned()
}
