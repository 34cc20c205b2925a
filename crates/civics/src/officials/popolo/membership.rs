//! A membership as an entry: who, in which post of which government.

use super::super::columns::Column;
use super::super::entry::Entry;
use super::super::office::{self, Body};
use super::super::tree::Tree;
use super::super::{division, label};
use super::gathered::Gathered;

/// The entry; none where the post is in no local government.
pub(super) fn entry<'tree>(
    gathered: &Gathered<'tree>,
    membership: &'tree Tree,
    within: Option<&'tree Tree>,
) -> Result<Option<Entry>, String> {
    let post = gathered.post(membership);
    let organization = gathered
        .organization(membership)
        .or_else(|| post.and_then(|post| gathered.organization(post)));
    let places = [post, Some(membership), organization];
    let of = places
        .into_iter()
        .flatten()
        .find_map(|object| gathered.division(object));
    let Some(of) = of else {
        return Err(unknown(membership));
    };
    if !division::is_local(&of) {
        return Ok(None);
    }
    let Some(person) = gathered.person(membership, within) else {
        return Err(format!(
            "the person `{}` is not in the list; add them to `persons`",
            membership.text("person_id")
        ));
    };
    let body = match organization.map_or("", |it| it.text("classification")) {
        "legislature" | "council" | "board" | "commission" | "lower" | "upper" => Body::Legislative,
        "executive" | "government" | "office" => Body::Executive,
        _ => Body::Unknown,
    };
    let of_post = |key| post.map_or("", |post| post.text(key));
    let words = [
        membership.text("role"),
        of_post("role"),
        membership.text("label"),
        of_post("label"),
    ];
    let titles = || words.into_iter().filter(|text| !text.is_empty());
    let named = titles().find(|text| office::role(text, Body::Unknown).is_some());
    let title = named.or_else(|| titles().next()).unwrap_or_default();
    let Some(role) = office::role(title, body) else {
        return Err(format!(
            "`{title}` says nothing of what the post does; write Mayor, Council Member or Clerk as the membership's `role`"
        ));
    };
    let mut entry = Entry::new();
    entry.set(Column::Role, role);
    if !title.eq_ignore_ascii_case("member") {
        entry.set(Column::Title, title);
    }
    entry.set(Column::Division, &of);
    if role == "council_member" {
        let area = post
            .and_then(|post| gathered.area(post))
            .or_else(|| gathered.area(membership));
        seat(
            &mut entry,
            &of,
            &[
                of_post("label"),
                membership.text("label"),
                area.map_or("", |area| area.text("name")),
            ],
        );
    }
    entry.set_day(Column::TermStart, membership.text("start_date"));
    entry.set_end(membership.text("end_date"), person.text("death_date"));
    described(&mut entry, gathered, person);
    for object in [Some(membership), Some(person), post].into_iter().flatten() {
        reached(&mut entry, object);
    }
    Ok(Some(entry))
}

fn unknown(membership: &Tree) -> String {
    let id = membership.text("organization_id");
    if id.is_empty() {
        return "neither post nor organization has a `division_id` or an area with an ocd-division id; add one".into();
    }
    format!(
        "the organization `{id}` is not in the list, or has no `division_id`, `jurisdiction_id` or area with an ocd-division id; add it"
    )
}

/// The seat, where the division does not say it already.
fn seat(entry: &mut Entry, of: &str, words: &[&str]) {
    if division::last(of).is_some_and(|(kind, _)| matches!(kind, "ward" | "council_district")) {
        return;
    }
    let names_one = |text: &&&str| {
        let lower = text.to_lowercase();
        label::at_large(text).is_some()
            || text.bytes().any(|letter| letter.is_ascii_digit())
            || text.len() == 1
            || lower.contains("ward")
            || lower.contains("district")
    };
    if let Some(text) = words.iter().find(names_one) {
        entry.set(Column::District, text);
    }
}

fn described(entry: &mut Entry, gathered: &Gathered<'_>, person: &Tree) {
    let whole = format!(
        "{} {}",
        person.text("given_name"),
        person.text("family_name")
    );
    let name = person.text("name");
    entry.set(Column::Name, if name.is_empty() { &whole } else { name });
    entry.set(Column::PersonId, person.text("id"));
    entry.set(Column::Party, gathered.party(person));
    for other in person.list("other_names") {
        let name = other.text("name");
        entry.note(
            "other names",
            if name.is_empty() {
                other.as_text()
            } else {
                name
            },
        );
    }
    entry.email(person.text("email"));
}

/// Ways to reach a membership, a person or a post.
fn reached(entry: &mut Entry, object: &Tree) {
    for contact in object.list("contact_details") {
        let (kind, value) = (contact.text("type").to_lowercase(), contact.text("value"));
        match kind.as_str() {
            "email" => entry.email(value),
            "address" | "postal" | "mail" => entry.fill(Column::OfficeAddress, value),
            "url" | "website" | "web" => entry.link(value, contact.first_text(&["note", "label"])),
            "form" | "contact_form" | "webform" | "web_form" => entry.fill(Column::WebForm, value),
            "" => {}
            "fax" => entry.note("fax", value),
            "voice" | "phone" | "cell" | "tel" => entry.note("phone", value),
            _ => entry.note("other contact", &format!("{kind} {value}")),
        }
    }
    for link in object.list("links") {
        entry.link(link.text("url"), link.first_text(&["note", "text"]));
    }
    for source in object.list("sources") {
        entry.fill(Column::Source, source.text("url"));
    }
}
