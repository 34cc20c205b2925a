//! What one row says, once it is known to make sense.

use super::columns::Column;
use super::stated;
use super::{contact, date, field, label};
use chrono::NaiveDate;
use redress_model::directory::{Stated, Vacancy, Who};
use redress_model::official::{Contact, Holder, Role};
use std::collections::BTreeMap;

/// Most lists in one file.
const MOST_LISTS: u32 = 1_000_000;

/// One person in one post, or one empty seat, as one list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Of the jurisdiction: place 7 digits, county subdivision 10, county 5.
    pub geoid: String,
    /// The jurisdiction's name; blank where the list has none.
    pub jurisdiction: String,
    /// Its state, as written.
    pub state: String,
    /// Its time zone, where the list overrides the table of states.
    pub time_zone: String,
    /// What the post does.
    pub role: Role,
    /// Its title.
    pub title: String,
    /// What the list says of the seat.
    pub stated: Stated,
    /// The first day of what the list says of its own age.
    pub as_of: Option<NaiveDate>,
    /// Which of several lists that were put together in one file; 0 for a file that is one list.
    pub list: u32,
    /// Who sits.
    pub who: Who,
}

/// Reads a row from its values and what stands beside them, or says why not and what to do about it.
pub(crate) fn read<'row>(
    get: &dyn Fn(Column) -> &'row str,
    notes: Vec<(String, String)>,
    division_geoid: &dyn Fn(&str) -> Option<String>,
    remark: &mut dyn FnMut(String),
) -> Result<Row, String> {
    let (role, title) = role_and_title(get(Column::Role), get(Column::Title))?;
    let (geoid, district) = jurisdiction(
        get(Column::PlaceGeoid),
        get(Column::Division),
        division_geoid,
    )?;
    let stated = stated::read(
        get(Column::District),
        get(Column::AtLarge),
        &title,
        district,
    )?;
    let term_start = day(Column::TermStart, get(Column::TermStart), date::first_day)?;
    let term_end = day(Column::TermEnd, get(Column::TermEnd), date::last_day)?;
    if let (Some(start), Some(end)) = (term_start, term_end)
        && end < start
    {
        return Err(format!(
            "the term ends on {end}, before it begins on {start}; correct `term_start` or `term_end`"
        ));
    }
    let as_of = day(Column::AsOf, get(Column::AsOf), date::as_of)?;
    let mut notes = notes;
    let mut contact = contact_of(get, &mut notes, remark);
    contact.checked_on = day(Column::CheckedOn, get(Column::CheckedOn), date::first_day)?;
    let notes = in_order(notes);
    let list = list(get(Column::List))?;
    let (written, source) = (optional(get(Column::AsOf)), optional(get(Column::Source)));
    let who = match occupant(get(Column::Name), get(Column::Vacant))? {
        None => Who::Vacant(Vacancy {
            as_of: written,
            source,
            contact,
            notes,
        }),
        Some(name) => {
            let party = optional(get(Column::Party));
            Who::Holder(Holder {
                name,
                person_id: optional(get(Column::PersonId)),
                party,
                term_start,
                term_end,
                as_of: written,
                source,
                contact,
                notes,
            })
        }
    };
    let (name, state) = (
        get(Column::Jurisdiction).to_owned(),
        get(Column::State).to_owned(),
    );
    let time_zone = get(Column::TimeZone).to_owned();
    Ok(Row {
        geoid,
        jurisdiction: name,
        state,
        time_zone,
        role,
        title,
        stated,
        as_of,
        list,
        who,
    })
}

/// By name, and each name once, so that a list that is written out and read again is the same.
fn in_order(notes: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut ordered: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in notes.into_iter().filter(|(_, text)| !text.is_empty()) {
        ordered
            .entry(name)
            .and_modify(|known| {
                if known.len() + text.len() + 2 <= field::LONGEST {
                    *known = format!("{known}; {text}");
                }
            })
            .or_insert(text);
    }
    ordered.into_iter().collect()
}

fn list(text: &str) -> Result<u32, String> {
    if text.is_empty() {
        return Ok(0);
    }
    text.parse()
        .ok()
        .filter(|list| (1..=MOST_LISTS).contains(list))
        .ok_or_else(|| {
            format!("`{text}` in list is no number of a list from 1 to {MOST_LISTS}; clear it")
        })
}

fn optional(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn role_and_title(role: &str, title: &str) -> Result<(Role, String), String> {
    let Some(role) = Role::parse(&role.to_lowercase().replace([' ', '-'], "_")) else {
        return Err(format!(
            "`{role}` is no role; write mayor, council_member, clerk or officer"
        ));
    };
    let is_clerk = role == Role::Officer && is_clerk(title);
    let role = if is_clerk { Role::Clerk } else { role };
    let usual = match role {
        Role::Mayor => "Mayor",
        Role::CouncilMember => "Council Member",
        Role::Clerk => "Clerk",
        Role::Officer => "Officer",
    };
    Ok((
        role,
        if title.is_empty() { usual } else { title }.to_owned(),
    ))
}

/// Whether a title is that of the keeper of the record, and neither a deputy's nor a court's.
fn is_clerk(title: &str) -> bool {
    let title = title.to_lowercase();
    let words: Vec<&str> = title
        .split(|letter: char| !letter.is_alphanumeric())
        .collect();
    let other = [
        "deputy",
        "assistant",
        "asst",
        "vice",
        "former",
        "court",
        "courts",
    ];
    words.contains(&"clerk") && !words.iter().any(|word| other.contains(word))
}

/// The jurisdiction's GEOID, and the district if the division is one.
fn jurisdiction(
    geoid: &str,
    division: &str,
    division_geoid: &dyn Fn(&str) -> Option<String>,
) -> Result<(String, Option<String>), String> {
    let (parent, kind) = division.rsplit_once('/').unwrap_or_default();
    let (kind, district) = kind.split_once(':').unwrap_or_default();
    let is_district = matches!(kind, "ward" | "council_district");
    let district = is_district
        .then(|| label::district_label(district))
        .flatten();
    if !geoid.is_empty() {
        let is_geoid = |geoid: &str| {
            matches!(geoid.len(), 5 | 7 | 10) && geoid.bytes().all(|digit| digit.is_ascii_digit())
        };
        if is_geoid(geoid) {
            return Ok((geoid.to_owned(), district));
        }
        let whole = format!("0{geoid}");
        if is_geoid(&whole) {
            return Err(format!(
                "`{geoid}` has lost its leading zero, as spreadsheets do; write {whole}"
            ));
        }
        return Err(format!(
            "`{geoid}` is no GEOID; write 7 digits for a place, 10 for a county subdivision, 5 for a county"
        ));
    }
    if division.is_empty() {
        return Err(
            "neither place_geoid nor division says which government this is; fill in one".into(),
        );
    }
    match division_geoid(if is_district { parent } else { division }) {
        Some(geoid) => Ok((geoid, district)),
        None => Err(format!(
            "the division `{division}` is not known; correct it, write the place_geoid, or load a pack that has it"
        )),
    }
}

fn day(
    column: Column,
    text: &str,
    read: fn(&str) -> Option<NaiveDate>,
) -> Result<Option<NaiveDate>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let refused = || {
        format!(
            "`{text}` in {} is no date; write it as 2026-08-05, 2026-08 or 2026",
            column.name()
        )
    };
    read(text).map(Some).ok_or_else(refused)
}

/// Who sits, or None where nobody does.
fn occupant(name: &str, vacant: &str) -> Result<Option<String>, String> {
    let is_vacant = match vacant.to_lowercase().as_str() {
        "" | "0" | "false" | "no" | "n" => false,
        "1" | "true" | "yes" | "y" | "vacant" => true,
        _ => return Err(format!("`{vacant}` in vacant is neither 1 nor 0")),
    };
    let bare = name.to_lowercase();
    let bare = bare.trim_matches(|letter: char| !letter.is_alphanumeric());
    let names_nobody = matches!(
        bare,
        "vacant" | "vacancy" | "vacant seat" | "tbd" | "to be determined"
    );
    match (name.is_empty() || names_nobody, is_vacant || names_nobody) {
        (true, true) => Ok(None),
        (false, false) if is_name(name) => Ok(Some(name.to_owned())),
        (false, false) => Err(format!("`{name}` is no name; correct it, or set vacant to 1")),
        (false, true) => Err(format!("the seat is vacant and held by {name} at once; clear the name or set vacant to 0")),
        (true, false) => Err("there is no name, and the seat is not marked vacant; fill in the name or set vacant to 1".into()),
    }
}

/// Whether a text can be a person's name; lists made from web pages hold addresses in its place.
fn is_name(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
        && !text.contains(['@', '<', '>'])
        && !text.contains("://")
}

/// What the note of an address is called that nobody can write to.
pub(crate) const MALFORMED: &str = "malformed ";

fn contact_of<'row>(
    get: &dyn Fn(Column) -> &'row str,
    notes: &mut Vec<(String, String)>,
    remark: &mut dyn FnMut(String),
) -> Contact {
    let mut kept = |column: Column, is_good: fn(&str) -> bool, mend: &str| {
        let text = get(column);
        if text.is_empty() || is_good(text) {
            return optional(text);
        }
        remark(format!(
            "`{text}` in {} was left out; {mend}",
            column.name()
        ));
        notes.push((format!("{MALFORMED}{}", column.name()), text.to_owned()));
        None
    };
    let web = "a web address begins with https:// or http://";
    Contact {
        email: kept(
            Column::Email,
            contact::is_mailbox,
            "write one address, such as clerk@city.example",
        ),
        web_form: kept(Column::WebForm, contact::is_link, web),
        office_address: optional(get(Column::OfficeAddress)),
        url: kept(Column::Url, contact::is_link, web),
        checked_on: None,
    }
}
