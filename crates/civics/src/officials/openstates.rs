//! People as Open States keeps them: a YAML file for each person, with roles and offices.
//!
//! Shapes: the schema of the openstates/people repository, `name`, `roles`, `offices` (once `contact_details`),
//! `links`, `sources`, `other_names`, `death_date`.

use super::columns::{Column, Layout};
use super::division;
use super::entry::Entry;
use super::office::{self, Body};
use super::reading::{NoticeKind, Reading, Spot};
use super::tree::Tree;

/// Roles in governments of states and of the nation.
const ABOVE: &[&str] = &[
    "upper",
    "lower",
    "legislature",
    "governor",
    "lt_governor",
    "chief election officer",
    "secretary of state",
    "attorney general",
    "us_senator",
    "us_representative",
];

/// Takes every role of a person.
pub(super) fn take(reading: &mut Reading<'_>, spot: &Spot, person: &Tree, layout: &Layout) {
    if !person.is_map() {
        let text = "it is no person; a person's file has `name` and `roles`".to_owned();
        return reading.tell(spot, NoticeKind::Refused, text);
    }
    let roles = person.list("roles");
    if roles.is_empty() {
        let text = "the person has no roles; add one with `type` and `jurisdiction`".to_owned();
        return reading.tell(spot, NoticeKind::Refused, text);
    }
    for (number, role) in roles.iter().enumerate() {
        let spot = Spot {
            line: spot.line,
            path: format!("{} roles[{number}]", spot.path).trim().to_owned(),
        };
        match entry(person, role) {
            Ok(Some(entry)) => {
                reading.take(&spot, |geoid, remark| entry.row(layout, geoid, remark));
            }
            Ok(None) => reading.taken.passed_over += 1,
            Err(text) => reading.tell(&spot, NoticeKind::Refused, text),
        }
    }
}

/// A role as an entry; none where it is in no local government.
fn entry(person: &Tree, role: &Tree) -> Result<Option<Entry>, String> {
    let kind = role.text("type");
    let jurisdiction = role.text("jurisdiction");
    if jurisdiction.is_empty() {
        return Err("the role has no `jurisdiction`; add its ocd-jurisdiction id".into());
    }
    let of = division::of(jurisdiction);
    if !division::is_local(&of) {
        if division::is_id(jurisdiction) || ABOVE.contains(&kind.to_lowercase().as_str()) {
            return Ok(None);
        }
        return Err(format!(
            "`{jurisdiction}` is no ocd-jurisdiction id; write it as ocd-jurisdiction/country:us/state:il/place:springfield/government"
        ));
    }
    let title = role.first_text(&["title", "role"]);
    let body = match kind {
        "upper" | "lower" | "legislature" => Body::Legislative,
        _ => Body::Unknown,
    };
    let words = kind.replace('_', " ");
    let ours = office::role(&words, body).or_else(|| office::role(title, body));
    let Some(ours) = ours else {
        return Err(format!(
            "`{kind}` is no type of role in a local government; write mayor, council or clerk"
        ));
    };
    let mut entry = Entry::new();
    entry.set(Column::Role, ours);
    entry.set(Column::Title, title);
    if title.is_empty() && ours == "officer" {
        entry.set(Column::Title, &capitalised(&words));
    }
    let district = role.text("division");
    entry.set(
        Column::Division,
        if district.is_empty() { &of } else { district },
    );
    entry.set(Column::District, role.text("district"));
    entry.set_day(Column::TermStart, role.text("start_date"));
    entry.set_end(role.text("end_date"), person.text("death_date"));
    described(&mut entry, person);
    Ok(Some(entry))
}

fn described(entry: &mut Entry, person: &Tree) {
    let whole = format!(
        "{} {}",
        person.text("given_name"),
        person.text("family_name")
    );
    let name = person.text("name");
    entry.set(Column::Name, if name.is_empty() { &whole } else { name });
    entry.set(Column::PersonId, person.text("id"));
    entry.set(Column::Party, party(person));
    entry.email(person.text("email"));
    for office in person
        .list("offices")
        .iter()
        .chain(person.list("contact_details"))
    {
        entry.email(office.text("email"));
        entry.fill(Column::OfficeAddress, office.text("address"));
        entry.note("phone", office.first_text(&["voice", "phone"]));
        entry.note("fax", office.text("fax"));
    }
    for link in person.list("links") {
        entry.link(link.text("url"), link.text("note"));
    }
    for source in person.list("sources") {
        entry.fill(Column::Source, source.text("url"));
    }
    for other in person.list("other_names") {
        entry.note("other names", other.text("name"));
    }
}

/// The party that the person belongs to now: the last one without an end.
fn party(person: &Tree) -> &str {
    let parties = person.list("party");
    let current = parties
        .iter()
        .rev()
        .find(|party| party.text("end_date").is_empty());
    match current.or(parties.last()) {
        Some(party) => party.text("name"),
        None => person.text("party"),
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
