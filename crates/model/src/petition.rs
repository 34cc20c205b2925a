//! A petition: its text, its ask, its rules.

pub mod state;

use crate::coded::{coded_error, worded_enum};
use crate::email::Email;
use crate::geoid::Geoid;
use crate::id::{OrganizationId, PetitionId};
use crate::slug::Slug;
use chrono::{DateTime, Duration, Utc};
use state::PetitionState;

worded_enum! {
    /// Which posts a petition goes to.
    Target, UnknownTarget {
        /// The mayor, or who heads the government under another title.
        Mayor = "mayor",
        /// The members of the council: the signer's own, and those at large.
        CouncilMember = "council_member",
        /// The clerk.
        Clerk = "clerk",
    }
}

worded_enum! {
    /// Whether a signature counts before its signer clicked the link in a mail.
    Confirmation, UnknownConfirmation {
        /// It counts when confirmed by e-mail.
        Email = "email",
        /// It counts at once, and the numbers say so everywhere.
        None = "none",
    }
}

coded_error! {
    /// What is wrong with a petition's settings.
    PetitionError {
        /// No title, or more than 200 characters.
        Title = "title_length", "a title has 1 to 200 characters";
        /// The ask is longer than 20,000 characters.
        Ask = "ask_too_long", "an ask has at most 20,000 characters";
        /// Nobody to go to.
        NoTarget = "target_missing", "a petition needs at least one target";
        /// Less than one.
        Threshold = "threshold_too_small", "a threshold is at least 1";
        /// Less than a day, or more than ten years.
        Retention = "retention_out_of_range", "retention is 1 to 3,650 days";
        /// Not a name of the time zone database.
        TimeZone = "time_zone_malformed", "a time zone is written as America/Chicago or UTC";
    }
}

/// Who stands behind a petition's letters and mails; required to approve a batch, and printed in each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The organization's name.
    pub organization: String,
    /// Its postal address, lines parted by `\n`.
    pub postal_address: String,
    /// Where people reach it.
    pub contact_email: Email,
}

/// What an organizer decides about a petition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PetitionTerms {
    /// Its headline.
    pub title: String,
    /// What it asks for.
    pub ask: String,
    /// Whom it goes to; default mayor and council members.
    pub targets: Vec<Target>,
    /// The places it is meant for; empty for all.
    pub places: Vec<Geoid>,
    /// Whether signatures are confirmed.
    pub confirmation: Confirmation,
    /// Confirmed, unbatched signatures of one jurisdiction that make a batch.
    pub threshold: u32,
    /// Whether batches go out without approval.
    pub is_on_autopilot: bool,
    /// In which its days and schedules are, a name of the IANA time zone database.
    pub time_zone: String,
    /// Who stands behind it.
    pub sender: Option<Sender>,
    /// Days after delivery until personal fields are erased.
    pub retention_days: u16,
    /// Whether the street address is kept after it was resolved.
    pub keeps_address: bool,
}

impl PetitionTerms {
    /// The terms that a new petition starts with.
    pub fn with_title(title: &str) -> Self {
        Self {
            title: title.trim().to_owned(),
            ask: String::new(),
            targets: vec![Target::Mayor, Target::CouncilMember],
            places: Vec::new(),
            confirmation: Confirmation::Email,
            threshold: 1,
            is_on_autopilot: false,
            time_zone: "UTC".to_owned(),
            sender: None,
            retention_days: 180,
            keeps_address: false,
        }
    }

    /// Checks every rule; the first broken one is named.
    pub fn check(&self) -> Result<(), PetitionError> {
        let title = self.title.trim().chars().count();
        if !(1..=200).contains(&title) {
            return Err(PetitionError::Title);
        }
        if self.ask.chars().count() > 20_000 {
            return Err(PetitionError::Ask);
        }
        if self.targets.is_empty() {
            return Err(PetitionError::NoTarget);
        }
        if self.threshold == 0 || i32::try_from(self.threshold).is_err() {
            return Err(PetitionError::Threshold);
        }
        if !(1..=3_650).contains(&self.retention_days) {
            return Err(PetitionError::Retention);
        }
        if !is_time_zone(&self.time_zone) {
            return Err(PetitionError::TimeZone);
        }
        Ok(())
    }
}

fn is_time_zone(name: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_uppercase())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    name == "UTC" || (name.contains('/') && name.len() <= 64 && name.split('/').all(is_part))
}

/// A petition as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Petition {
    /// Its id.
    pub id: PetitionId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Its word in addresses, one of its kind in the instance.
    pub slug: Slug,
    /// Where it stands.
    pub state: PetitionState,
    /// What its organizers decided.
    pub terms: PetitionTerms,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was first opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was last closed.
    pub closed_at: Option<DateTime<Utc>>,
}

/// For how long a link in a mail confirms.
pub const LINK_LIFETIME: Duration = Duration::days(7);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_rule_is_named() {
        let good = PetitionTerms::with_title("Forbid it");
        assert_eq!(good.check(), Ok(()));
        let broken = |change: fn(&mut PetitionTerms)| {
            let mut terms = good.clone();
            change(&mut terms);
            terms.check().unwrap_err().code()
        };
        assert_eq!(broken(|terms| terms.title = " ".into()), "title_length");
        assert_eq!(broken(|terms| terms.targets.clear()), "target_missing");
        assert_eq!(broken(|terms| terms.threshold = 0), "threshold_too_small");
        assert_eq!(
            broken(|terms| terms.retention_days = 0),
            "retention_out_of_range"
        );
        assert_eq!(
            broken(|terms| terms.time_zone = "Chicago time".into()),
            "time_zone_malformed"
        );
    }
}
