//! What a person should look into in a directory: before letters go out, not after.

use chrono::NaiveDate;
use redress_model::directory::{Directory, Sitting};
use redress_model::official::Seat;
use serde::Serialize;
use std::collections::BTreeMap;

/// Something about one seat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The seat's stable id.
    pub post: String,
    /// What.
    pub kind: FindingKind,
    /// Whom it concerns, or which address.
    pub what: String,
}

/// What there is to look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The term is over, and no successor is known.
    TermEnded,
    /// Nobody sits.
    Vacant,
    /// Nobody is known to sit on the day.
    HolderUnknown,
    /// Neither e-mail nor web form.
    NoContact,
    /// Several officials have one address: a clerk's, or a mistake.
    SharedAddress,
    /// Two people hold one single seat in the same list.
    TwoHolders,
    /// It is not known whom the seat answers to.
    SeatUnknown,
}

/// Everything there is to look into on a day, by seat.
pub fn findings(directory: &Directory, on: NaiveDate) -> Vec<Finding> {
    let sittings: Vec<Sitting<'_>> = directory
        .jurisdictions()
        .flat_map(|(_, jurisdiction)| jurisdiction.sittings(on))
        .collect();
    let mut found: Vec<Finding> = sittings.iter().flat_map(of_seat).collect();
    found.extend(shared_addresses(&sittings));
    found.extend(two_holders(directory, on));
    found.sort();
    found
}

fn of_seat(sitting: &Sitting<'_>) -> Vec<Finding> {
    let name = sitting
        .holder()
        .map_or_else(String::new, |holder| holder.name.clone());
    let has_contact = sitting
        .contact()
        .is_some_and(|contact| contact.email.is_some() || contact.web_form.is_some());
    [
        (sitting.has_ended, FindingKind::TermEnded),
        (sitting.is_vacant(), FindingKind::Vacant),
        (sitting.tenure.is_none(), FindingKind::HolderUnknown),
        (!has_contact, FindingKind::NoContact),
        (sitting.post.seat == Seat::Unknown, FindingKind::SeatUnknown),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, kind)| Finding {
        post: sitting.id.clone(),
        kind,
        what: name.clone(),
    })
    .collect()
}

fn shared_addresses(sittings: &[Sitting<'_>]) -> Vec<Finding> {
    let mut by_address: BTreeMap<String, Vec<&Sitting<'_>>> = BTreeMap::new();
    for sitting in sittings {
        if let Some(email) = sitting.contact().and_then(|contact| contact.email.as_ref()) {
            by_address
                .entry(email.to_lowercase())
                .or_default()
                .push(sitting);
        }
    }
    let mut found = Vec::new();
    for (address, sharing) in by_address {
        let mut names: Vec<Option<&str>> = sharing
            .iter()
            .map(|sitting| sitting.holder().map(|holder| holder.name.as_str()))
            .collect();
        names.sort_unstable();
        names.dedup();
        // One person with two titles shares nothing.
        if names.len() > 1 {
            found.extend(sharing.iter().map(|sitting| Finding {
                post: sitting.id.clone(),
                kind: FindingKind::SharedAddress,
                what: address.clone(),
            }));
        }
    }
    found
}

fn two_holders(directory: &Directory, on: NaiveDate) -> Vec<Finding> {
    let mut found = Vec::new();
    let posts = directory
        .jurisdictions()
        .flat_map(|(_, jurisdiction)| &jurisdiction.posts)
        .filter(|post| post.seats == 1);
    for post in posts {
        let latest = post.tenures.iter().map(|tenure| tenure.vintage).max();
        let mut names: Vec<&str> = post
            .tenures
            .iter()
            .filter(|tenure| Some(tenure.vintage) == latest)
            .filter_map(|tenure| tenure.holder())
            .filter(|holder| !holder.term_has_ended(on) && !holder.term_is_ahead(on))
            .map(|holder| holder.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        if names.len() > 1 {
            found.push(Finding {
                post: post.id.clone(),
                kind: FindingKind::TwoHolders,
                what: names.join("; "),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::officials::{Gatherer, Layout};

    #[test]
    fn what_a_person_should_look_into_is_named_seat_by_seat() {
        let list = "place_geoid,role,district,name,vacant,term_end,email,as_of
9900100,mayor,,Ada,,2027,ada@city.example,2026
9900100,mayor,,Abe,,2028,abe@city.example,2026
9900100,council_member,1,Bo,,2025,bo@city.example,2025
9900100,council_member,2,,1,,,2026
9900100,council_member,3,Cy,,2027,office@city.example,2026
9900100,council_member,4,Di,,2027,Office@city.example,2026
9900100,clerk,,Ed,,2027,,2026
";
        let mut gatherer = Gatherer::new();
        gatherer
            .read_csv(
                list.as_bytes(),
                "list",
                &Layout::default(),
                &|_| None,
                &mut |_| {},
            )
            .unwrap();
        let on = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let found = findings(&gatherer.finish(), on);
        let found: Vec<_> = found
            .iter()
            .map(|finding| (finding.post.trim_start_matches("9900100/"), finding.kind))
            .collect();
        assert_eq!(
            found,
            [
                ("clerk", FindingKind::NoContact),
                ("council_member/1", FindingKind::TermEnded),
                ("council_member/2", FindingKind::Vacant),
                ("council_member/2", FindingKind::NoContact),
                ("council_member/3", FindingKind::SharedAddress),
                ("council_member/4", FindingKind::SharedAddress),
                ("mayor", FindingKind::TwoHolders),
            ]
        );
    }
}
