//! What can go wrong in storage.

use thiserror::Error;

/// Every named constraint whose breach means something to a caller.
macro_rules! constraints {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A constraint of the schema, under the same name in both databases.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Constraint { $($(#[$doc])* $variant,)* }

        impl Constraint {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in the schema.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Finds it by its name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|constraint| constraint.name() == name)
            }
        }
    };
}

constraints! {
    /// A petition has that slug already.
    PetitionSlug = "petition_slug_unique",
    /// A petition cannot go from this state to that.
    PetitionTransition = "petition_legal_transition",
    /// A signature cannot go from this state to that.
    SignatureTransition = "signature_legal_transition",
    /// The two people of a household have two names.
    HouseholdNames = "household_other_name",
    /// A batch of the petition has that number already.
    BatchNumber = "batch_number_unique",
    /// A letter of the jurisdiction has that number and part already.
    BatchLetter = "batch_letter_unique",
    /// A signature is in one batch of a jurisdiction.
    BatchMember = "batch_member_once",
    /// A batch cannot go from this state to that.
    BatchTransition = "batch_legal_transition",
    /// What is frozen stays.
    BatchFrozen = "batch_never_changes",
    /// A delivery cannot go from this state to that.
    DeliveryTransition = "delivery_legal_transition",
    /// A response cannot go from this state to that.
    ResponseTransition = "response_legal_transition",
    /// A sweep cannot go from this state to that.
    SweepTransition = "sweep_legal_transition",
    /// An organization has that slug already.
    OrganizationSlug = "organization_slug_unique",
    /// An account has that e-mail already.
    AccountEmail = "account_email_unique",
    /// Only organizations and accounts that exist are linked.
    MembershipAccount = "membership_account_exists",
}

/// An error of any backend.
#[derive(Debug, Error)]
pub enum StorageError {
    /// The schema refuses it.
    #[error("refused by {}", .0.name())]
    Refused(Constraint),
    /// Nothing is there under that id.
    #[error("no such {0}")]
    Missing(&'static str),
    /// It is in another state than the caller believed.
    #[error("{0} is in another state by now")]
    Stale(&'static str),
    /// Somebody else holds a lock, or two transactions crossed: passes when tried again.
    #[error("storage is busy")]
    Busy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database cannot be reached, or gave up.
    #[error("storage is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no room to write: on the disk, or within what the process may write. Passes when there is.
    #[error("the disk is full or cannot be written")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The schema refuses it in a way that no caller provokes: a mistake in a program. Trying again
    /// is of no use, and others in the same batch are not to blame.
    #[error("refused by the schema")]
    Unfit(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A stored value does not read: the database was written by something else.
    #[error("stored {what} cannot be read: {found}")]
    Unreadable {
        /// Which column or file.
        what: &'static str,
        /// What is wrong with it; never the value if that is personal.
        found: String,
    },
    /// A migration is missing or failed.
    #[error("the schema is not up to date: {0}")]
    Schema(String),
    /// Sealing or opening failed: another key, or a changed byte.
    #[error(transparent)]
    Secret(#[from] crate::secrets::SecretError),
}

impl StorageError {
    /// Whether trying the same again may help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable(_) | Self::Full(_))
    }

    /// Whether storage does not answer, or has no room: then waiting is not for a crowd.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Full(_))
    }

    /// A stored value that does not read.
    pub fn unreadable(what: &'static str, found: impl std::fmt::Display) -> Self {
        Self::Unreadable {
            what,
            found: found.to_string(),
        }
    }
}

/// What every method gives back.
pub type StorageResult<T> = Result<T, StorageError>;
