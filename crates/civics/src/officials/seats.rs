//! Whether a post has several seats, and which person sits in which.
//!
//! Lists do not number their seats. They are numbered here by name, and whoever was listed before
//! keeps the number, so that a seat's id means the same seat in the next edition of the list.

use chrono::NaiveDate;
use redress_model::directory::{Tenure, Vintage};
use redress_model::official::{Holder, Role};
use std::collections::{BTreeMap, HashMap};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Numbers the seats of one post and returns how many there are. The tenures are in order.
pub(crate) fn number(role: Role, tenures: &mut [Tenure]) -> u32 {
    let mut vintages: BTreeMap<Vintage, Vec<usize>> = BTreeMap::new();
    for (at, tenure) in tenures.iter().enumerate() {
        vintages.entry(tenure.vintage).or_default().push(at);
    }
    let people: Vec<Option<(String, String)>> = tenures
        .iter()
        .map(|tenure| tenure.holder().map(|it| (fold(&it.name), key(it))))
        .collect();
    let is_single = matches!(role, Role::Mayor | Role::Clerk);
    let seats = if is_single {
        vec![1; tenures.len()]
    } else {
        assign(&vintages, &people, tenures)
    };
    for (tenure, seat) in tenures.iter_mut().zip(&seats) {
        tenure.seat = *seat;
    }
    seats.into_iter().max().unwrap_or(1)
}

/// A seat for each row: within a vintage, rows that speak of the same time have different ones.
fn assign(
    vintages: &BTreeMap<Vintage, Vec<usize>>,
    people: &[Option<(String, String)>],
    tenures: &[Tenure],
) -> Vec<u32> {
    let names: Vec<Option<&String>> = people
        .iter()
        .map(|person| person.as_ref().map(|(_, key)| key))
        .collect();
    let mut seats = vec![1; tenures.len()];
    let mut kept: HashMap<&str, u32> = HashMap::new();
    for rows in vintages.values() {
        let mut rows = rows.clone();
        // Those who kept their seat choose first, empty seats last.
        rows.sort_by_key(|at| {
            let name = names[*at].map(String::as_str);
            (
                name.is_none(),
                name.is_none_or(|name| !kept.contains_key(name)),
                &people[*at],
                *at,
            )
        });
        let mut taken: Vec<Vec<usize>> = Vec::new();
        for at in rows {
            let is_free = |others: &Vec<usize>| {
                let is_other = |other: &usize| names[at].is_none() || names[at] != names[*other];
                !others
                    .iter()
                    .any(|other| is_other(other) && are_concurrent(&tenures[at], &tenures[*other]))
            };
            let is_open = |seat: u32| taken.get(seat as usize - 1).is_none_or(is_free);
            let free = taken.len() as u32 + 1;
            let own = names[at]
                .map(String::as_str)
                .and_then(|name| kept.get(name))
                .copied();
            let seat = own
                .filter(|seat| is_open(*seat))
                .or_else(|| (1..=free).find(|seat| is_open(*seat)))
                .unwrap_or(free);
            if taken.len() < seat as usize {
                taken.resize(seat as usize, Vec::new());
            }
            taken[seat as usize - 1].push(at);
            seats[at] = seat;
            if let Some(name) = names[at].map(String::as_str) {
                kept.insert(name, seat);
            }
        }
    }
    seats
}

/// Whether the rows of two people, or of a person and an empty seat, in one vintage speak of the
/// same time, and so of two seats.
fn are_concurrent(one: &Tenure, other: &Tenure) -> bool {
    let as_of = one.vintage.day;
    match (one.holder(), other.holder()) {
        (Some(one), Some(other)) => !follows(one, other, as_of) && !follows(other, one, as_of),
        // A vacancy is of the list's own day; whoever had left by then left that seat.
        (Some(holder), None) | (None, Some(holder)) => !had_ended(holder, as_of),
        (None, None) => true,
    }
}

/// Whether one term is known, or by the list's age meant, to come after another.
fn follows(later: &Holder, earlier: &Holder, as_of: Option<NaiveDate>) -> bool {
    match (earlier.term_end, later.term_start) {
        (Some(end), Some(start)) => end <= start,
        (Some(_), None) => had_ended(earlier, as_of) && !had_ended(later, as_of),
        (None, _) => false,
    }
}

fn had_ended(holder: &Holder, as_of: Option<NaiveDate>) -> bool {
    match (holder.term_end, as_of) {
        (Some(end), Some(day)) => end < day,
        _ => false,
    }
}

/// What a person is compared by: the id, or the name where there is none.
pub(crate) fn key(holder: &Holder) -> String {
    let id = holder.person_id.clone();
    id.unwrap_or_else(|| fold(&holder.name))
}

/// A name as it is compared: without case, accents, dots and the spaces between.
pub(crate) fn fold(name: &str) -> String {
    let letters = name.nfkd().filter(|letter| !is_combining_mark(*letter));
    let plain: String = letters
        .flat_map(char::to_lowercase)
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
