//! What is odd about a government as a whole, and about people in its posts.

use super::{Finding, FindingKind};
use crate::officials::person::may_be_held_together;
use crate::officials::seats;
use chrono::NaiveDate;
use redress_model::directory::{Jurisdiction, Tenure};
use redress_model::official::Role;
use std::collections::BTreeMap;

/// A council without anybody to lead it or to keep its record, and a mayor without a council.
pub(super) fn of_body(geoid: &str, jurisdiction: &Jurisdiction) -> Vec<Finding> {
    let has = |role: Role| jurisdiction.posts.iter().any(|post| post.role == role);
    let (has_council, has_mayor) = (has(Role::CouncilMember), has(Role::Mayor));
    let lacks = [
        (has_council && !has_mayor, FindingKind::NoMayor),
        (has_council && !has(Role::Clerk), FindingKind::NoClerk),
        (has_mayor && !has_council, FindingKind::NoCouncil),
    ];
    lacks
        .into_iter()
        .filter(|(lacks, _)| *lacks)
        .map(|(_, kind)| Finding::new(geoid, kind, jurisdiction.name.clone().unwrap_or_default()))
        .collect()
}

/// Two people in one single seat, by the latest list that speaks of it.
pub(super) fn two_holders(jurisdiction: &Jurisdiction, on: NaiveDate) -> Vec<Finding> {
    let mut found = Vec::new();
    for post in jurisdiction.posts.iter().filter(|post| post.seats == 1) {
        let latest = post.tenures.iter().map(|tenure| tenure.vintage).max();
        let people: BTreeMap<String, &str> = post
            .tenures
            .iter()
            .filter(|tenure| Some(tenure.vintage) == latest)
            .filter_map(Tenure::holder)
            .filter(|holder| !holder.term_has_ended(on) && !holder.term_is_ahead(on))
            .map(|holder| (seats::key(holder), holder.name.as_str()))
            .collect();
        if people.len() > 1 {
            let mut names: Vec<&str> = people.into_values().collect();
            names.sort_unstable();
            found.push(Finding::new(
                &post.id,
                FindingKind::TwoHolders,
                names.join("; "),
            ));
        }
    }
    found
}

/// One person in posts that nobody can hold together: two wards, the council and its clerk.
pub(super) fn two_posts(jurisdiction: &Jurisdiction, on: NaiveDate) -> Vec<Finding> {
    let mut found = Vec::new();
    for incumbent in jurisdiction.incumbents(on) {
        let sittings = &incumbent.sittings;
        for (number, sitting) in sittings.iter().enumerate() {
            let excludes = sittings.iter().enumerate().any(|(other, second)| {
                other != number && !may_be_held_together(sitting.post.role, second.post.role)
            });
            if excludes {
                let name = incumbent.holder().map_or("", |holder| holder.name.as_str());
                found.push(Finding::new(&sitting.id, FindingKind::TwoPosts, name));
            }
        }
    }
    found
}
