//! Rows of a post that say nothing new.

use super::seats;
use chrono::NaiveDate;
use redress_model::directory::Tenure;
use std::collections::HashMap;

/// Drops rows that say again what others say, and returns how many: what a later row repeats, and a list that
/// was read before. The tenures are in order; files up to `kept` were there before.
pub(super) fn drop_repeats(tenures: &mut Vec<Tenure>, kept: u32) -> u64 {
    let before = tenures.len();
    drop_known_lists(tenures, kept);
    supersede(tenures);
    (before - tenures.len()) as u64
}

/// Leaves out what new files say of a post as of a day when it is, word for word, what the latest files that are
/// kept say of that day: the same list, or the same lists written out as one, read again.
fn drop_known_lists(tenures: &mut Vec<Tenure>, kept: u32) {
    if !tenures.iter().any(|tenure| tenure.vintage.file > kept) {
        return;
    }
    let mut rest = std::mem::take(tenures);
    while !rest.is_empty() {
        let day = rest[0].vintage.day;
        let end = rest.partition_point(|tenure| tenure.vintage.day == day);
        let later = rest.split_off(end);
        let is_new = |tenure: &Tenure| tenure.vintage.file > kept;
        let (fresh, mut known): (Vec<Tenure>, Vec<Tenure>) = rest.into_iter().partition(is_new);
        if !are_known(&known, fresh.clone()) {
            known.extend(fresh);
        }
        tenures.extend(known);
        rest = later;
    }
}

fn are_known(known: &[Tenure], mut fresh: Vec<Tenure>) -> bool {
    supersede(&mut fresh);
    let (known, fresh) = (by_file(known), by_file(&fresh));
    let Some(first) = known.len().checked_sub(fresh.len()) else {
        return false;
    };
    let alike = |(one, other): (&&[Tenure], &&[Tenure])| {
        one.len() == other.len()
            && one
                .iter()
                .zip(*other)
                .all(|(one, other)| says_as(one, other))
    };
    known[first..].iter().zip(&fresh).all(alike)
}

fn by_file(tenures: &[Tenure]) -> Vec<&[Tenure]> {
    tenures
        .chunk_by(|one, other| one.vintage.file == other.vintage.file)
        .collect()
}

/// Whether two rows are the same but for the file and the number of the seat, which is worked out.
fn says_as(one: &Tenure, other: &Tenure) -> bool {
    one.title == other.title && one.stated == other.stated && one.who == other.who
}

/// Drops the same person as of the same day, by a later file, or twice with the same term in one file. Rows that do
/// not say their day are repeated only with the same term.
fn supersede(tenures: &mut Vec<Tenure>) {
    type Term = (Option<NaiveDate>, Option<NaiveDate>);
    type Person = (String, Option<NaiveDate>);
    let mut files: HashMap<Person, u32> = HashMap::new();
    let mut rows: HashMap<(Person, Term), usize> = HashMap::new();
    let key = |tenure: &Tenure| {
        let holder = tenure.holder()?;
        let person = (seats::key(holder), tenure.vintage.day);
        Some((person, (holder.term_start, holder.term_end)))
    };
    for (at, tenure) in tenures.iter().enumerate() {
        if let Some((person, term)) = key(tenure) {
            files.insert(person.clone(), tenure.vintage.file);
            rows.insert((person, term), at);
        }
    }
    let mut at = 0..tenures.len();
    tenures.retain(|tenure| {
        let at = at.next();
        let Some((person, term)) = key(tenure) else {
            return true;
        };
        let is_last_file = person.1.is_none() || files.get(&person) == Some(&tenure.vintage.file);
        is_last_file && rows.get(&(person, term)).copied() == at
    });
}
