//! PostgreSQL's errors, as storage speaks of them.

use redress_storage::{Constraint, StorageError};
use sqlx::migrate::MigrateError;

/// Codes of what passes when tried again: serialization failure, deadlock, lock not available, too
/// many connections, a server that shuts down or starts, and one that only reads until it is the first.
const PASSING: &[&str] = &[
    "25006", "40001", "40P01", "55P03", "53300", "57P01", "57P02", "57P03",
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
    if let Some(constraint) = database.constraint().and_then(Constraint::named) {
        return StorageError::Refused(constraint);
    }
    match database.code() {
        Some(code) if code == "53100" => StorageError::Full(Box::new(error)),
        Some(code) if PASSING.contains(&code.as_ref()) => StorageError::Busy(Box::new(error)),
        // Class 08 is the connection, 53 resources, 57 the operator, 58 the system, XX the server.
        Some(code)
            if ["08", "53", "57", "58", "XX"]
                .iter()
                .any(|class| code.starts_with(class)) =>
        {
            StorageError::Unavailable(Box::new(error))
        }
        _ => StorageError::Unfit(Box::new(error)),
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
