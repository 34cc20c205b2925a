//! The one row of a seat that speaks for a day.

use crate::directory::post::Tenure;
use crate::official::Holder;
use chrono::NaiveDate;
use std::cmp::Reverse;

/// A seat's row for a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice<'post> {
    pub(super) tenure: Option<&'post Tenure>,
    pub(super) has_ended: bool,
}

/// Chooses among the rows of one seat, which are in order: of equals the later counts.
pub(super) fn of<'post>(rows: &[&'post Tenure], on: NaiveDate) -> Choice<'post> {
    let rows = rows.iter().copied();
    let empty = rows
        .clone()
        .filter(|row| row.holder().is_none())
        .max_by_key(|row| row.vintage);
    let claims = rows.filter_map(|row| row.holder().map(|holder| Claim { row, holder }));
    let all: Vec<Claim> = claims.collect();
    let claims = all
        .iter()
        .copied()
        .filter(|claim| !claim.holder.term_is_ahead(on))
        .filter(|claim| !all.iter().any(|other| other.takes_back(claim, on)))
        .filter(|claim| empty.is_none_or(|empty| claim.outlives(empty, on)));
    let (ended, open): (Vec<Claim>, Vec<Claim>) =
        claims.partition(|claim| claim.holder.term_has_ended(on));
    let (seen, early): (Vec<Claim>, Vec<Claim>) = open
        .into_iter()
        .partition(|claim| claim.holder.term_end.is_some() || claim.is_witness(on));
    let named = |claim: Claim<'post>, has_ended| Choice {
        tenure: Some(claim.row),
        has_ended,
    };
    if let Some(claim) = seen.into_iter().max_by_key(|claim| claim.rank(on)) {
        return named(claim, false);
    }
    // Nothing speaks for the day itself. The list of a later day is good for the days just before it.
    let ended = ended
        .into_iter()
        .max_by_key(|claim| (claim.holder.term_end, claim.row.vintage));
    let early = early
        .into_iter()
        .max_by_key(|claim| (Reverse(claim.row.vintage.day), claim.row.vintage.file));
    match (ended, early) {
        (Some(ended), Some(early)) if ended.days_from(on) <= early.days_from(on) => {
            named(ended, true)
        }
        (_, Some(early)) => named(early, false),
        (Some(ended), None) => named(ended, true),
        (None, None) => Choice {
            tenure: empty,
            has_ended: false,
        },
    }
}

/// A person who may have held the seat on the day.
#[derive(Debug, Clone, Copy)]
struct Claim<'post> {
    row: &'post Tenure,
    holder: &'post Holder,
}

impl<'post> Claim<'post> {
    /// Whether the row says something of the day, and not only of a later one.
    fn is_witness(&self, on: NaiveDate) -> bool {
        self.holder.term_start.is_some() || self.row.vintage.day.is_none_or(|day| day <= on)
    }

    /// What decides between people whose term is not over: the higher wins. A known end before an
    /// unknown one, then the later list, then the later beginning; of two who are only known to
    /// leave, the one who leaves first sits first.
    fn rank(&self, on: NaiveDate) -> impl Ord + use<'post> {
        let Holder {
            term_start,
            term_end,
            ..
        } = self.holder;
        (
            term_end.is_some(),
            self.is_witness(on),
            self.row.vintage,
            *term_start,
            Reverse(*term_end),
        )
    }

    /// Whether the person may sit although a list has the seat empty: they came after the vacancy,
    /// or the day is before it and within their known term.
    fn outlives(&self, empty: &Tenure, on: NaiveDate) -> bool {
        let since = empty.vintage.day;
        if let (Some(start), Some(since)) = (self.holder.term_start, since)
            && start > since
        {
            return true;
        }
        if since.is_some_and(|since| on < since)
            && self.holder.term_end.is_some_and(|end| on <= end)
        {
            return true;
        }
        let had_left = self.holder.term_has_ended(on)
            && since.is_none_or(|since| self.holder.term_end.is_some_and(|end| end <= since));
        self.row.vintage > empty.vintage && !had_left
    }

    /// Whether this row says, later than another, that the same person has left the term by which the
    /// other would still have them sit.
    fn takes_back(&self, other: &Self, on: NaiveDate) -> bool {
        let Some(left) = self.holder.term_end else {
            return false;
        };
        let is_of_that_term = other.holder.term_start.is_none_or(|start| start < left);
        self.row.vintage > other.row.vintage
            && left < on
            && is_of_that_term
            && !other.holder.term_has_ended(on)
            && self.holder.is_same_person(other.holder)
    }

    /// How far the day is from the end of the term or the age of the list.
    fn days_from(&self, on: NaiveDate) -> Option<u64> {
        let day = if self.holder.term_has_ended(on) {
            self.holder.term_end
        } else {
            self.row.vintage.day
        };
        day.map(|day| (on - day).num_days().unsigned_abs())
    }
}
