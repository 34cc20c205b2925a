//! The members who share one post on a day.
//!
//! One list decides: the latest that speaks for the day. Members of an older list who are missing
//! from it are not added, since the later list would have them.

use super::{Sitting, choice};
use crate::directory::post::{Post, Tenure, Vintage};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// The seats that the list in force fills, calls vacant, or leaves with people whose term is over.
pub(super) fn sittings(post: &Post, on: NaiveDate) -> Vec<Sitting<'_>> {
    let Some(vintage) = in_force(post, on) else {
        return Vec::new();
    };
    let mut seats: BTreeMap<u32, Vec<&Tenure>> = BTreeMap::new();
    for row in rows(post, vintage) {
        seats.entry(row.seat).or_default().push(row);
    }
    let mut sittings = Vec::new();
    for (seat, rows) in seats {
        let choice = choice::of(&rows, on);
        if choice.tenure.is_some() {
            let id = format!("{}/{seat}", post.id);
            sittings.push(Sitting {
                id,
                post,
                tenure: choice.tenure,
                has_ended: choice.has_ended,
            });
        }
    }
    // Whoever's term is over while colleagues sit on has left; if everybody's is, the list is old.
    if sittings
        .iter()
        .any(|sitting| sitting.holder().is_some() && !sitting.has_ended)
    {
        sittings.retain(|sitting| !sitting.has_ended);
    }
    sittings
}

fn rows(post: &Post, vintage: Vintage) -> impl Iterator<Item = &Tenure> {
    post.tenures
        .iter()
        .filter(move |row| row.vintage == vintage)
}

/// The list that speaks for a day.
fn in_force(post: &Post, on: NaiveDate) -> Option<Vintage> {
    let vintages: BTreeSet<Vintage> = post.tenures.iter().map(|row| row.vintage).collect();
    let is_ahead = |row: &&Tenure| row.holder().is_some_and(|holder| holder.term_is_ahead(on));
    let is_current = |row: &&Tenure| {
        row.holder()
            .is_some_and(|holder| !holder.term_is_ahead(on) && !holder.term_has_ended(on))
    };
    let speaks = |vintage: &Vintage| {
        if vintage.day.is_none_or(|day| day <= on) {
            return rows(post, *vintage).any(|row| !is_ahead(&row));
        }
        // A later list speaks for an earlier day if it says since when each of its members sits.
        let mut current = rows(post, *vintage).filter(is_current).peekable();
        current.peek().is_some()
            && current.all(|row| {
                row.holder()
                    .is_some_and(|holder| holder.term_start.is_some())
            })
    };
    let latest = vintages.iter().copied().rfind(speaks);
    let next = vintages.iter().copied().find(|vintage| {
        vintage.day.is_some_and(|day| on < day) && rows(post, *vintage).any(|row| is_current(&row))
    });
    let (Some(vintage), Some(next)) = (latest, next) else {
        let ahead = || {
            vintages
                .iter()
                .copied()
                .find(|vintage| rows(post, *vintage).any(|row| !is_ahead(&row)))
        };
        return latest.or(next).or_else(ahead);
    };
    // All of them had left: a list made soon after says more about the day.
    let is_over = !rows(post, vintage)
        .any(|row| !is_ahead(&row) && (is_current(&row) || row.holder().is_none()));
    let left = rows(post, vintage)
        .filter_map(|row| row.holder()?.term_end)
        .max();
    let days = |day: Option<NaiveDate>| day.map_or(i64::MAX, |day| (on - day).num_days().abs());
    Some(if is_over && days(next.day) < days(left) {
        next
    } else {
        vintage
    })
}
