//! A set of reasons, small enough to be copied.

use redress_model::resolution::Reason;

/// Reasons gathered on the way to an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Reasons(u64);

impl Reasons {
    /// One reason.
    pub fn one(reason: Reason) -> Self {
        Self(1 << reason as u64)
    }

    /// With another.
    #[must_use]
    pub fn and(self, reason: Reason) -> Self {
        self.with(Self::one(reason))
    }

    /// With others.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Adds one.
    pub fn add(&mut self, reason: Reason) {
        self.0 |= 1 << reason as u64;
    }

    /// Whether it holds a reason.
    pub fn has(self, reason: Reason) -> bool {
        self.0 & (1 << reason as u64) != 0
    }

    /// The reasons in their fixed order.
    pub fn list(self) -> Vec<Reason> {
        let mut list = Vec::with_capacity(self.0.count_ones() as usize);
        let mut left = self.0;
        while left != 0 {
            list.extend(Reason::ALL.get(left.trailing_zeros() as usize));
            left &= left - 1;
        }
        list
    }
}

const _: () = assert!(Reason::ALL.len() <= 64);
