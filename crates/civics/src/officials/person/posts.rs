//! Whether the posts that a name stands in, and when, let it be one person's.

use super::super::gather::Listing;
use chrono::NaiveDate;
use redress_model::official::{Holder, Role};

/// Years after which the same name in another post is more likely a child's.
const GENERATION_YEARS: u64 = 20;

/// Whether nothing speaks of a namesake of another generation: the same post, or years that one career spans.
pub(super) fn are_near(one: &Listing, other: &Listing) -> bool {
    one.post == other.post || years_between(one, other) <= GENERATION_YEARS
}

/// Whether one person may hold both posts as the lists say.
pub(super) fn may_be_one(one: &Listing, other: &Listing) -> bool {
    let (Some(holder), Some(former)) = (one.holder(), other.holder()) else {
        return false;
    };
    if !are_at_once(one, other) {
        return true;
    }
    if one.post == other.post {
        // In one list, in one post of several, at one time: a colleague of that name, unless it is the same line twice.
        let is_single = matches!(one.row.role, Role::Mayor | Role::Clerk);
        return is_single || one.vintage != other.vintage || holder.name == former.name;
    }
    let share_address = match (&holder.contact.email, &former.contact.email) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => false,
    };
    share_address || may_be_held_together(one.row.role, other.row.role)
}

/// Posts that one person often holds: a council's choice of mayor is a member still, and a small town's clerk keeps
/// its money.
pub(in super::super) fn may_be_held_together(one: Role, other: Role) -> bool {
    use Role::{Clerk, CouncilMember, Mayor, Officer};
    matches!(
        (one, other),
        (Mayor, CouncilMember)
            | (CouncilMember, Mayor)
            | (Clerk | Officer, Officer)
            | (Officer, Clerk)
    )
}

fn are_at_once(one: &Listing, other: &Listing) -> bool {
    let (Some(a), Some(b)) = (one.holder(), other.holder()) else {
        return false;
    };
    let ended_before = |earlier: &Holder, later: &Holder| matches!((earlier.term_end, later.term_start), (Some(end), Some(start)) if end <= start);
    if ended_before(a, b) || ended_before(b, a) {
        return false;
    }
    if one.vintage == other.vintage {
        let had_left = |holder: &Holder| {
            one.vintage
                .day
                .is_some_and(|day| holder.term_has_ended(day))
        };
        return had_left(a) == had_left(b);
    }
    let begin = |listing: &Listing, holder: &Holder| holder.term_start.or(listing.vintage.day);
    let (Some(begin_a), Some(begin_b)) = (begin(one, a), begin(other, b)) else {
        return false;
    };
    let reaches = |end: Option<NaiveDate>, day: NaiveDate| end.is_some_and(|end| day < end);
    if begin_a <= begin_b {
        reaches(a.term_end, begin_b)
    } else {
        reaches(b.term_end, begin_a)
    }
}

fn years_between(one: &Listing, other: &Listing) -> u64 {
    let day = |listing: &Listing| {
        let holder = listing.holder()?;
        holder
            .term_start
            .or(holder.term_end)
            .or(listing.vintage.day)
    };
    match (day(one), day(other)) {
        (Some(one), Some(other)) => (one - other).num_days().unsigned_abs() / 365,
        _ => 0,
    }
}
