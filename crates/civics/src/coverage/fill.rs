//! Seats that lack something as a list of officials to fill in: what is known stands there, the rest is empty.
//!
//! Nothing is claimed by a row that nobody filled. Where the person is what lacks, the name is empty, and a row without a name is refused
//! when the list is read. Where the address lacks, the row says again what is on file, as of the day it was said. A post of
//! several seats is one list's to say whole: all of its seats are there, or the others would have left.

use super::SeatCoverage;
use super::seats::Lack;
use crate::officials::COLUMNS;
use redress_model::directory::{Jurisdiction, Sitting, Stated};
use redress_model::official::Seat;
use std::collections::HashSet;
use std::io::Write;

/// A government of the list: GEOID, name, state, what the directory has of it, its seats.
pub struct Government<'a> {
    /// Its GEOID.
    pub geoid: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its state, two letters.
    pub state: &'a str,
    /// What the directory has of it.
    pub jurisdiction: Option<&'a Jurisdiction>,
    /// Its seats.
    pub seats: &'a [SeatCoverage<'a>],
}

/// All columns but the last, `list`.
const WIDTH: usize = COLUMNS.len() - 1;

/// Writes the rows of some governments under our columns; how many.
///
/// # Errors
///
/// When the writer fails.
pub fn write_fill<'a>(
    governments: impl IntoIterator<Item = Government<'a>>,
    out: impl Write,
) -> std::io::Result<u64> {
    let mut writer = ::csv::Writer::from_writer(out);
    // Which list a row was of is an export's to say: what is filled in is a new one.
    writer.write_record(&COLUMNS[..WIDTH])?;
    let mut rows = 0;
    for government in governments {
        let open: HashSet<&str> = government
            .seats
            .iter()
            .filter(|seat| seat.has_gap())
            .filter_map(post)
            .collect();
        for seat in government.seats {
            let has_open_colleague = post(seat).is_some_and(|id| open.contains(id));
            if seat.has_gap() || has_open_colleague {
                writer.write_record(record(&government, seat))?;
                rows += 1;
            }
        }
    }
    writer.flush()?;
    Ok(rows)
}

/// The post that a seat shares with others.
fn post<'a>(seat: &'a SeatCoverage<'_>) -> Option<&'a str> {
    let post = seat.sitting.as_ref()?.post;
    (post.seats > 1).then_some(post.id.as_str())
}

fn record(government: &Government<'_>, seat: &SeatCoverage<'_>) -> [String; WIDTH] {
    let jurisdiction = government.jurisdiction;
    let known = |text: Option<&String>, other: &str| text.cloned().unwrap_or(other.to_owned());
    let sitting = seat.sitting.as_ref();
    let (district, at_large) = stated(seat);
    let title = sitting.map_or_else(String::new, |sitting| sitting.answer().title);
    let shared = post(seat).is_some();
    let kept = sitting.filter(|_| keeps_person(seat));
    let holder = kept.and_then(Sitting::holder);
    let contact = kept.and_then(Sitting::contact);
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let is_vacant = kept.is_some_and(Sitting::is_vacant);
    let as_of = kept.map_or_else(String::new, |sitting| as_of(sitting, shared));
    [
        government.geoid.to_owned(),
        String::new(),
        known(
            jurisdiction.and_then(|known| known.name.as_ref()),
            government.name,
        ),
        known(
            jurisdiction.and_then(|known| known.state.as_ref()),
            government.state,
        ),
        seat.role.as_str().to_owned(),
        title,
        district,
        at_large.to_owned(),
        holder.map_or_else(String::new, |holder| holder.name.clone()),
        holder.map_or_else(String::new, |holder| text(holder.party.as_ref())),
        day(holder.and_then(|holder| holder.term_start)),
        day(holder.and_then(|holder| holder.term_end)),
        if is_vacant { "1" } else { "" }.to_owned(),
        text(contact.and_then(|contact| contact.email.as_ref())),
        text(contact.and_then(|contact| contact.web_form.as_ref())),
        text(contact.and_then(|contact| contact.office_address.as_ref())),
        text(contact.and_then(|contact| contact.url.as_ref())),
        as_of,
        text(holder.and_then(|holder| holder.source.as_ref())),
        text(jurisdiction.and_then(|known| known.time_zone.as_ref())),
        text(holder.and_then(|holder| holder.person_id.as_ref())),
        day(contact.and_then(|contact| contact.checked_on)),
    ]
}

/// Whether the row says again who sits: only the address lacks, or the post is several people's.
fn keeps_person(seat: &SeatCoverage<'_>) -> bool {
    let is_about_person = |lack: &Lack| {
        matches!(
            lack,
            Lack::NotListed
                | Lack::SeatUnknown
                | Lack::HolderUnknown
                | Lack::Vacant
                | Lack::TermEnded
        )
    };
    post(seat).is_some() || !seat.lacks.iter().any(is_about_person)
}

/// The day as of which the list speaks: a shared post's rows are one list's, so they share a day.
fn as_of(sitting: &Sitting<'_>, shared: bool) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    if shared {
        let tenures = sitting.post.tenures.iter();
        return day(tenures.filter_map(|tenure| tenure.vintage.day).max());
    }
    let written = sitting.holder().and_then(|holder| holder.as_of.clone());
    written.unwrap_or_else(|| day(sitting.tenure.and_then(|tenure| tenure.vintage.day)))
}

/// District and `at_large`, as the last list said it.
fn stated(seat: &SeatCoverage<'_>) -> (String, &'static str) {
    let said = seat
        .sitting
        .as_ref()
        .and_then(|sitting| sitting.tenure.or_else(|| sitting.post.tenures.last()));
    match said.map(|tenure| &tenure.stated) {
        Some(Stated::AtLarge(label)) => (label.clone().unwrap_or_default(), "1"),
        Some(Stated::District(label)) => (label.clone(), "0"),
        Some(Stated::SomeDistrict) => (String::new(), "0"),
        Some(Stated::Nothing) => (String::new(), ""),
        None => match (&seat.district, seat.sitting.as_ref()) {
            (Some(label), _) => (label.clone(), "0"),
            (None, Some(sitting)) if sitting.post.seat == Seat::AtLarge => (String::new(), "1"),
            (None, _) => (String::new(), ""),
        },
    }
}
