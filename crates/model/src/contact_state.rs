//! What is known of an address from writing to it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Whether an address reaches anybody.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    /// Nobody has written to it yet.
    #[default]
    Unchecked,
    /// A letter arrived, as far as is known: nothing came back for 72 hours after its server had taken it, a person answered it, or a
    /// server says so. Or somebody has made sure of it.
    Good,
    /// What was sent came back.
    Bounced,
    /// Its server refused a letter.
    Refused,
    /// The office asked not to be written to.
    Stopped,
}

impl ContactState {
    /// Every state, in the order in which pages list them.
    pub const ALL: [Self; 5] = [
        Self::Unchecked,
        Self::Good,
        Self::Bounced,
        Self::Refused,
        Self::Stopped,
    ];

    /// The name used in storage, JSON and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::Good => "good",
            Self::Bounced => "bounced",
            Self::Refused => "refused",
            Self::Stopped => "stopped",
        }
    }

    /// Reads that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether somebody has to find another way to reach the office.
    pub fn is_failing(self) -> bool {
        matches!(self, Self::Bounced | Self::Refused | Self::Stopped)
    }
}

/// What was learned of one address, and when. It belongs to the address and not to a row of a list: a
/// new list that repeats the address keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRecord {
    /// The address, in lower case.
    pub address: String,
    /// What is known.
    pub state: ContactState,
    /// In a few words why: the server's answer. Nothing personal.
    pub note: Option<String>,
    /// Since when.
    pub since_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_from_its_own_name_and_from_no_other() {
        for state in ContactState::ALL {
            assert_eq!(ContactState::parse(state.as_str()), Some(state));
        }
        assert_eq!(ContactState::parse("Good"), None);
    }
}
