//! What becomes of a line.

use redress_storage::signatures::{Refusal, SignOutcome};
use serde::Serialize;

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It counts, as paper.
    Counted,
    /// It counts where it is certain; a border leaves the rest open.
    Asks,
    /// This person has signed already: nothing is added.
    Repeated,
    /// It does not count.
    Refused,
}

impl Verdict {
    /// Every one, in the order in which a report counts them.
    pub const ALL: [Self; 4] = [Self::Counted, Self::Asks, Self::Repeated, Self::Refused];

    /// Its word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Asks => "asks",
            Self::Repeated => "repeated",
            Self::Refused => "refused",
        }
    }
}

/// A line and its verdict; nothing of a person is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineVerdict {
    /// The row of the file, the header being the first.
    pub row: u64,
    /// Sheet and line.
    pub sheet: String,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Why, as a stable code; empty where there is nothing to say.
    pub code: &'static str,
    /// Why, for a person, with the mend.
    pub message: String,
    /// The column that is wrong.
    pub field: &'static str,
    /// Where it is counted, in words; empty where it is not.
    pub home: String,
    /// The place's GEOID.
    pub geoid: String,
    /// The district's label.
    pub district: String,
    /// What a border leaves open: each answer's `choice` and its label.
    pub asks: Vec<(String, String)>,
}

impl LineVerdict {
    /// Whether a signature is counted.
    pub fn is_counted(&self) -> bool {
        matches!(self.verdict, Verdict::Counted | Verdict::Asks)
    }

    pub(super) fn repeat(&mut self, code: &'static str, message: &str) {
        self.end(Verdict::Repeated, code, message);
    }

    pub(super) fn refuse(&mut self, field: &'static str, code: &'static str, message: &str) {
        self.field = field;
        self.end(Verdict::Refused, code, message);
    }

    /// Something to know of a line that counts.
    pub(super) fn remark(&mut self, code: &'static str, message: &str) {
        self.code = code;
        message.clone_into(&mut self.message);
    }

    fn end(&mut self, verdict: Verdict, code: &'static str, message: &str) {
        (self.verdict, self.code) = (verdict, code);
        message.clone_into(&mut self.message);
        for text in [&mut self.home, &mut self.geoid, &mut self.district] {
            text.clear();
        }
        self.asks.clear();
    }

    /// What the intake said has the last word: others sign at the same time.
    pub(super) fn settle(&mut self, outcome: &SignOutcome) {
        match outcome {
            SignOutcome::Saved { .. } => {}
            SignOutcome::Refused { refusal, .. } => match refusal {
                Refusal::AlreadySigned(_) | Refusal::Again(_) => {
                    self.repeat("already_signed", SIGNED);
                }
                Refusal::HouseholdFull(_) => self.refuse("email", "household_full", FULL),
                Refusal::NotOpen(_) | Refusal::UnknownPetition => {
                    self.refuse(
                        "line",
                        "petition",
                        "the petition takes no signatures any more",
                    );
                }
            },
        }
    }
}

pub(super) const SIGNED: &str = "this person has signed already";
pub(super) const FULL: &str = "two people of this e-mail are counted, or one at another ZIP code: leave the e-mail out if it was misread";
pub(super) const TWIN: &str =
    "somebody of this name at this address has signed under another e-mail: have a look";
pub(super) const BORDER: &str = "a border or a likeness leaves it open: put the right choice into the column choice before you import";
pub(super) const LOST: &str = "the address is not found: it counts in the total, and in no place";
