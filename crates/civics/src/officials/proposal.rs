//! What a new list would do to a directory, before anything is done.

use super::changes::{Change, ChangeKind, changes, holder};
use super::error::OfficialsError;
use super::format::{ListFile, ListReading};
use super::gather::{Gatherer, row_of};
use super::person::Doubt;
use super::reading::{Notice, Taken};
use super::row::Row;
use chrono::NaiveDate;
use redress_model::directory::{Directory, Jurisdiction, Sitting, Who};
use redress_model::official::Role;
use std::collections::BTreeMap;

/// A directory as it would be, and how that differs from what is there.
#[derive(Debug)]
pub struct Proposal {
    /// The directory with the list in it.
    pub after: Directory,
    /// How many rows are good.
    pub taken: Taken,
    /// What is wrong with rows.
    pub notices: Vec<Notice>,
    /// Seats that are answered otherwise, and seats that the list leaves out, by id.
    pub changes: Vec<Change>,
    /// Who may be somebody who is known already, and was left apart.
    pub doubts: Vec<Doubt>,
}

impl Proposal {
    /// How many seats are answered otherwise: a seat that the list leaves out is not.
    pub fn changed(&self) -> usize {
        let is_changed = |change: &&Change| change.kind != ChangeKind::NotListed;
        self.changes.iter().filter(is_changed).count()
    }

    /// Rows that were refused.
    pub fn refused(&self) -> usize {
        use super::reading::NoticeKind::Refused;
        self.notices
            .iter()
            .filter(|notice| notice.kind == Refused)
            .count()
    }
}

/// What becomes of members of a council whom a list of that council leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They stay, and are shown.
    Stay,
    /// Their term ends on a day; none for the day as of which the list speaks.
    End(Option<NaiveDate>),
}

/// Reads the files of one source over a directory. `on` is the day whose answers are compared.
///
/// # Errors
///
/// When a file cannot be read at all.
pub fn propose(
    before: &Directory,
    files: &[ListFile],
    reading: &ListReading<'_>,
    missing: Missing,
    on: NaiveDate,
) -> Result<Proposal, OfficialsError> {
    let mut gatherer = Gatherer::resume(before);
    let mut notices = Vec::new();
    let taken = gatherer.read_list(files, reading, &mut |notice| notices.push(notice))?;
    let mut proposal = settle(before, gatherer, missing, on);
    (proposal.taken, proposal.notices) = (taken, notices);
    Ok(proposal)
}

/// The same for a directory that a pack carries.
pub fn propose_directory(before: &Directory, brought: &Directory, on: NaiveDate) -> Proposal {
    let mut gatherer = Gatherer::resume(before);
    gatherer.append(brought);
    let rows = gatherer.fresh().count() as u64;
    let mut proposal = settle(before, gatherer, Missing::Stay, on);
    proposal.taken.rows = rows;
    proposal
}

fn settle(before: &Directory, mut gatherer: Gatherer, missing: Missing, on: NaiveDate) -> Proposal {
    let bodies = bodies(&gatherer);
    let put = gatherer.clone().put_together();
    let mut left_out = Vec::new();
    for (geoid, list_on) in &bodies {
        let Some(jurisdiction) = before.jurisdiction(geoid) else {
            continue;
        };
        for sitting in jurisdiction.sittings(on) {
            let is_member = sitting.post.role == Role::CouncilMember;
            if !is_member || sitting.has_ended || put.named.contains(&sitting.post.id) {
                continue;
            }
            let ended = match missing {
                Missing::Stay => None,
                Missing::End(day) => {
                    let as_of = list_on.unwrap_or(on);
                    ended(geoid, jurisdiction, &sitting, (day.unwrap_or(as_of), as_of))
                }
            };
            match ended {
                Some(row) => gatherer.add(row),
                None => left_out.push(sitting),
            }
        }
    }
    let put = match missing {
        Missing::Stay => put,
        Missing::End(_) => gatherer.put_together(),
    };
    let mut changes = changes(before, &put.directory, on);
    for sitting in left_out {
        if !changes.iter().any(|change| change.post == sitting.id) {
            changes.push(Change {
                post: sitting.id.clone(),
                kind: ChangeKind::NotListed,
                was: holder(&sitting),
                now: holder(&sitting),
            });
        }
    }
    changes.sort_by(|one, other| one.post.cmp(&other.post));
    Proposal {
        after: put.directory,
        taken: Taken::default(),
        notices: Vec::new(),
        changes,
        doubts: put.doubts,
    }
}

/// The councils of whose members the new rows name some, and the latest day as of which those speak.
fn bodies(gatherer: &Gatherer) -> BTreeMap<String, Option<NaiveDate>> {
    let mut bodies: BTreeMap<String, Option<NaiveDate>> = BTreeMap::new();
    for row in gatherer
        .fresh()
        .filter(|row| row.role == Role::CouncilMember)
    {
        let day = bodies.entry(row.geoid.clone()).or_default();
        *day = (*day).max(row.as_of);
    }
    bodies
}

/// The row that says that somebody's term ended on a day; none where it cannot have, or has by then.
fn ended(
    geoid: &str,
    of: &Jurisdiction,
    sitting: &Sitting<'_>,
    (day, as_of): (NaiveDate, NaiveDate),
) -> Option<Row> {
    let holder = sitting.holder()?;
    if holder.term_is_ahead(day) || holder.term_end.is_some_and(|end| end <= day) {
        return None;
    }
    let mut row = row_of(geoid, of, sitting.post.role, sitting.tenure?);
    if let Who::Holder(holder) = &mut row.who {
        holder.term_end = Some(day);
        holder.as_of = Some(as_of.to_string());
    }
    row.as_of = Some(as_of);
    Some(row)
}
