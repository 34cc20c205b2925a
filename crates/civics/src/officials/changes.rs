//! What a new list would change, seat by seat, on a day.

use chrono::NaiveDate;
use redress_model::directory::{Directory, Sitting};
use redress_model::official::Contact;
use serde::Serialize;
use std::collections::BTreeMap;

/// A seat that is answered otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The seat's stable id.
    pub post: String,
    /// What changes.
    pub kind: ChangeKind,
    /// Who sat before, `vacant`, or nothing where nobody was known.
    pub was: Option<String>,
    /// Who sits now, `vacant`, or nothing where nobody is known.
    pub now: Option<String>,
}

/// What changes about a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A seat that was not known.
    Added,
    /// A seat that is known no more; its history stays.
    Gone,
    /// Another person, or a vacancy.
    Holder,
    /// The same person, spelled another way.
    Spelling,
    /// The same person, reached another way.
    Contact,
    /// The same person, another term.
    Term,
    /// A new list of the body does not name the seat; it stays as it is.
    NotListed,
}

impl Change {
    /// The change in words: `0804000/mayor: Ana Ruiz -> Bo Diaz`.
    pub fn told(&self) -> String {
        let nobody = "nobody known";
        let was = self.was.as_deref().unwrap_or(nobody);
        let now = self.now.as_deref().unwrap_or(nobody);
        let post = &self.post;
        match self.kind {
            ChangeKind::Added => format!("{post}: new seat, {now}"),
            ChangeKind::Gone => {
                format!("{post}: not in the new list, was {was}; the history stays")
            }
            ChangeKind::Holder => format!("{post}: {was} -> {now}"),
            ChangeKind::Spelling => format!("{post}: {now}, was written {was}"),
            ChangeKind::Contact => format!("{post}: {now}, reached another way"),
            ChangeKind::Term => format!("{post}: {now}, another term"),
            ChangeKind::NotListed => format!("{post}: not in the new list, stays with {was}"),
        }
    }
}

/// The seats that are answered otherwise, by id.
pub fn changes(before: &Directory, after: &Directory, on: NaiveDate) -> Vec<Change> {
    let (before, after) = (seats(before, on), seats(after, on));
    let mut ids: Vec<&String> = before.keys().chain(after.keys()).collect();
    ids.sort();
    ids.dedup();
    ids.into_iter()
        .filter_map(|id| {
            let (was, now) = (before.get(id), after.get(id));
            Some(Change {
                post: id.clone(),
                kind: kind(was, now)?,
                was: was.and_then(holder),
                now: now.and_then(holder),
            })
        })
        .collect()
}

fn seats(directory: &Directory, on: NaiveDate) -> BTreeMap<String, Sitting<'_>> {
    directory
        .jurisdictions()
        .flat_map(|(_, jurisdiction)| jurisdiction.sittings(on))
        .map(|sitting| (sitting.id.clone(), sitting))
        .collect()
}

pub(super) fn holder(sitting: &Sitting<'_>) -> Option<String> {
    if sitting.is_vacant() {
        return Some("vacant".to_owned());
    }
    sitting.holder().map(|holder| holder.name.clone())
}

fn is_same_holder(was: &Sitting<'_>, now: &Sitting<'_>) -> bool {
    match (was.holder(), now.holder()) {
        (Some(was), Some(now)) => was.is_same_person(now),
        (None, None) => was.is_vacant() == now.is_vacant(),
        _ => false,
    }
}

fn kind(was: Option<&Sitting<'_>>, now: Option<&Sitting<'_>>) -> Option<ChangeKind> {
    let (was, now) = match (was, now) {
        (None, _) => return Some(ChangeKind::Added),
        (_, None) => return Some(ChangeKind::Gone),
        (Some(was), Some(now)) => (was, now),
    };
    if !is_same_holder(was, now) {
        return Some(ChangeKind::Holder);
    }
    if holder(was) != holder(now) {
        return Some(ChangeKind::Spelling);
    }
    let nothing = Contact::default();
    let reached = |sitting: &Sitting<'_>| Contact {
        checked_on: None,
        ..sitting.contact().unwrap_or(&nothing).clone()
    };
    if reached(was) != reached(now) {
        return Some(ChangeKind::Contact);
    }
    let term = |sitting: &Sitting<'_>| {
        let holder = sitting.holder()?;
        Some((holder.term_start, holder.term_end))
    };
    (term(was) != term(now) || was.has_ended != now.has_ended).then_some(ChangeKind::Term)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::officials::{Gatherer, Layout};

    fn gathered(lists: &[&str]) -> Directory {
        let mut gatherer = Gatherer::new();
        for list in lists {
            let text =
                format!("place_geoid,role,district,name,vacant,term_end,email,as_of\n{list}");
            gatherer
                .read_csv(
                    text.as_bytes(),
                    "list",
                    &Layout::default(),
                    &|_| None,
                    &mut |_| {},
                )
                .unwrap();
        }
        gatherer.finish()
    }

    #[test]
    fn each_kind_of_change_is_told_apart() {
        let old = "9900100,mayor,,Ada,,2027,,2025\n9900100,council_member,1,Bo,,2027,,2025\n9900100,council_member,2,Cy,,2027,,2025\n9900100,clerk,,Di,,2025,,2025\n";
        let new = "9900100,mayor,,Eva,,2029,,2026\n9900100,council_member,1,Bo,,2027,bo@city.example,2026\n9900100,council_member,3,Flo,,2027,,2026\n9900100,clerk,,Di,,2029,,2026\n";
        let on = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let found = changes(&gathered(&[old]), &gathered(&[old, new]), on);
        let found: Vec<_> = found
            .iter()
            .map(|change| (change.post.as_str(), change.kind))
            .collect();
        assert_eq!(
            found,
            [
                ("9900100/clerk", ChangeKind::Term),
                ("9900100/council_member/1", ChangeKind::Contact),
                ("9900100/council_member/3", ChangeKind::Added),
                ("9900100/mayor", ChangeKind::Holder),
            ]
        );
        assert_eq!(changes(&gathered(&[old]), &gathered(&[old]), on), []);
    }
}
