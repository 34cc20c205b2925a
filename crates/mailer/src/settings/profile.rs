//! What is known about kinds of relays, as one table.

use serde::{Deserialize, Serialize};

/// Which kind of relay stands at the other end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// A mail server of one's own, which passes on what it is given.
    #[default]
    Plain,
    /// A mail server that signs by itself.
    Signing,
    /// Amazon's Simple Email Service.
    Ses,
    /// Postmark.
    Postmark,
}

/// What follows from a relay's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits {
    /// How many DKIM signatures of ours it lets through.
    pub most_signatures: usize,
    /// Whether `Date` and `Message-ID` arrive as we wrote them. Where not, the id in its answer to the dot is the one to know a letter by.
    pub keeps_ids: bool,
    /// The largest message it takes, in bytes; `None` where it says so itself.
    pub largest: Option<usize>,
    /// Whether it is on another machine by its nature, so that nothing goes to it in clear.
    pub needs_encryption: bool,
}

impl Profile {
    /// The table. Of services, their own documentation is the source.
    pub const fn traits(self) -> Traits {
        match self {
            Self::Plain => Traits {
                most_signatures: 2,
                keeps_ids: true,
                largest: None,
                needs_encryption: false,
            },
            Self::Signing => Traits {
                most_signatures: 0,
                keeps_ids: true,
                largest: None,
                needs_encryption: false,
            },
            // It refuses a message with two signatures as one with a doubled header, and writes both ids anew.
            Self::Ses => Traits {
                most_signatures: 1,
                keeps_ids: false,
                largest: Some(40 * 1_024 * 1_024),
                needs_encryption: true,
            },
            // It signs for the domains that are verified with it.
            Self::Postmark => Traits {
                most_signatures: 0,
                keeps_ids: false,
                largest: Some(10 * 1_024 * 1_024),
                needs_encryption: true,
            },
        }
    }

    /// Its word in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Signing => "signing",
            Self::Ses => "ses",
            Self::Postmark => "postmark",
        }
    }
}
