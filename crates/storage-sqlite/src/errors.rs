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

/// Codes of a disk without room: full, and a failed write of a page, of a file's size, of the shared index.
const FULL: &[u32] = &[13, 778, 1_546, 4_874];

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
    let extended = database
        .code()
        .and_then(|code| code.parse::<u32>().ok())
        .unwrap_or_default();
    let code = extended & 0xFF;
    match named {
        Some(constraint) => StorageError::Refused(constraint),
        None if code == 5 || code == 6 => StorageError::Busy(Box::new(error)),
        None if FULL.contains(&extended) => StorageError::Full(Box::new(error)),
        // 19 is a constraint, 1 a mistake in SQL, 20 a mismatch; the others are of the disk.
        None if matches!(code, 1 | 19 | 20) => StorageError::Unfit(Box::new(error)),
        None => StorageError::Unavailable(Box::new(error)),
    }
}

pub(crate) fn from_migrate(error: MigrateError) -> StorageError {
    match error {
        MigrateError::Execute(error) => from_sqlx(error),
        MigrateError::ExecuteMigration(error, version) => match from_sqlx(error) {
            passing if passing.is_passing() => passing,
            other => StorageError::Schema(format!("migration {version}: {other}")),
        },
        other => StorageError::Schema(other.to_string()),
    }
}
