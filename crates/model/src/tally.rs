//! Stored counts. Pages never count rows.

use crate::home::{District, Home};
use chrono::{DateTime, Utc};
use std::ops::{AddAssign, Neg};

/// How many, and of these how many of each kind. Entries may be negative: a withdrawal is a
/// negative entry in the hour in which it happens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Tally {
    /// Confirmed signatures, paper included: what the total says.
    pub counted: i64,
    /// Of these, how many whose signer chose the place or district.
    pub self_asserted: i64,
    /// Of these, how many on paper.
    pub paper: i64,
}

impl Tally {
    /// One signature.
    pub fn one(is_self_asserted: bool, is_paper: bool) -> Self {
        Self {
            counted: 1,
            self_asserted: i64::from(is_self_asserted),
            paper: i64::from(is_paper),
        }
    }

    /// Whether it says nothing.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.counted += other.counted;
        self.self_asserted += other.self_asserted;
        self.paper += other.paper;
    }
}

impl Neg for Tally {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            counted: -self.counted,
            self_asserted: -self.self_asserted,
            paper: -self.paper,
        }
    }
}

/// A petition's total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PetitionTally {
    /// What is counted.
    pub tally: Tally,
    /// Signatures that wait for their signer's click.
    pub waiting: i64,
}

/// One home's count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeTally {
    /// Where.
    pub home: Home,
    /// What is counted there.
    pub tally: Tally,
    /// Confirmed signatures of other homes that this government is over (a county over its
    /// cities): a column of its own that is never added.
    pub over: i64,
}

/// One district's count, or that of a home's signatures without a district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictTally {
    /// Where.
    pub home: Home,
    /// The district; `None` for those without one.
    pub district: Option<District>,
    /// What is counted there.
    pub tally: Tally,
}

/// What one hour changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourTally {
    /// The beginning of the hour, UTC.
    pub hour_at: DateTime<Utc>,
    /// The change; the sum over all hours is the total.
    pub tally: Tally,
}
