//! Addresses that several officials have.

use super::{Finding, FindingKind};
use crate::officials::seats;
use redress_model::directory::Sitting;
use redress_model::official::Role;
use std::collections::{BTreeMap, BTreeSet};

/// Seats, each under its government's GEOID, whose address another person has too. One person with two titles shares
/// nothing; an address that every member of one council has is that of their office.
pub(super) fn shared_addresses(sittings: &[(&str, Sitting<'_>)]) -> Vec<Finding> {
    let mut by_address: BTreeMap<String, Vec<&(&str, Sitting<'_>)>> = BTreeMap::new();
    for seat in sittings {
        if let Some(email) = email(&seat.1) {
            by_address.entry(email).or_default().push(seat);
        }
    }
    let mut members: BTreeMap<&str, usize> = BTreeMap::new();
    for (geoid, _) in sittings
        .iter()
        .filter(|(_, seat)| is_reachable_member(seat))
    {
        *members.entry(geoid).or_default() += 1;
    }
    let mut found = Vec::new();
    for (address, sharing) in by_address {
        let people: BTreeSet<Option<String>> = sharing
            .iter()
            .map(|(_, seat)| seat.holder().map(seats::key))
            .collect();
        if people.len() < 2 {
            continue;
        }
        let geoid = sharing[0].0;
        let own = sharing
            .iter()
            .filter(|(_, seat)| is_reachable_member(seat))
            .count();
        let is_office = own > 1
            && sharing.iter().all(|(other, _)| *other == geoid)
            && members.get(geoid) == Some(&own);
        let kind = if is_office {
            FindingKind::OfficeAddress
        } else {
            FindingKind::SharedAddress
        };
        let all = sharing.iter();
        found.extend(all.map(|(_, seat)| Finding::new(&seat.id, kind, address.clone())));
    }
    found
}

fn is_reachable_member(sitting: &Sitting<'_>) -> bool {
    sitting.post.role == Role::CouncilMember && email(sitting).is_some()
}

fn email(sitting: &Sitting<'_>) -> Option<String> {
    let email = sitting.contact()?.email.as_ref()?;
    Some(email.to_lowercase())
}
