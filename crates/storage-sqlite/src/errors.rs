//! SQLite's errors, as storage speaks of them.

use redress_storage::{Constraint, StorageError};
use sqlx::error::ErrorKind;
use sqlx::migrate::MigrateError;

/// SQLite names the columns of a unique constraint, not the constraint.
const UNIQUE: &[(&str, Constraint)] = &[
    ("petition.slug", Constraint::PetitionSlug),
    ("organization.slug", Constraint::OrganizationSlug),
    ("account.email_key", Constraint::AccountEmail),
    ("batch.petition_id, batch.number", Constraint::BatchNumber),
    (
        "batch.petition_id, batch.geoid, batch.letter, batch.part",
        Constraint::BatchLetter,
    ),
];

pub(crate) fn from_sqlx(error: sqlx::Error) -> StorageError {
    let sqlx::Error::Database(database) = &error else {
        return match error {
            sqlx::Error::PoolTimedOut => StorageError::Busy(Box::new(error)),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                StorageError::unreadable("column", error)
            }
            other => StorageError::Unavailable(Box::new(other)),
        };
    };
    let message = database.message();
    let named = match database.kind() {
        ErrorKind::UniqueViolation => {
            let columns = message.rsplit(": ").next().unwrap_or_default();
            UNIQUE
                .iter()
                .find(|(column, _)| *column == columns)
                .map(|(_, constraint)| *constraint)
        }
        // Nor does it name a foreign key; only memberships name what a caller made up.
        ErrorKind::ForeignKeyViolation => Some(Constraint::MembershipAccount),
        // "CHECK constraint failed: NAME", or the text that a trigger raised.
        _ => Constraint::named(message.rsplit(": ").next().unwrap_or_default()),
    };
    // The low byte is the primary code: 5 is busy, 6 is locked.
    let code = database
        .code()
        .and_then(|code| code.parse::<u32>().ok())
        .unwrap_or_default()
        & 0xFF;
    match named {
        Some(constraint) => StorageError::Refused(constraint),
        None if code == 5 || code == 6 => StorageError::Busy(Box::new(error)),
        // 19 is a constraint, 1 a mistake in SQL, 20 a mismatch; the others are of the disk.
        None if matches!(code, 1 | 19 | 20) => StorageError::Unfit(Box::new(error)),
        None => StorageError::Unavailable(Box::new(error)),
    }
}

pub(crate) fn from_migrate(error: MigrateError) -> StorageError {
    match error {
        MigrateError::Execute(error) => from_sqlx(error),
        other => StorageError::Schema(other.to_string()),
    }
}
