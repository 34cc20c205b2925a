//! PostgreSQL's errors, as storage speaks of them.

use redress_storage::{Constraint, StorageError};
use sqlx::migrate::MigrateError;

/// Codes of what passes when tried again: serialization failure, deadlock, lock not available, too
/// many connections.
const PASSING: &[&str] = &["40001", "40P01", "55P03", "53300"];

/// Code of a server that only reads until it is the first: as good as away.
const READS_ALONE: &str = "25006";

pub(crate) fn from_sqlx(error: sqlx::Error) -> StorageError {
    let sqlx::Error::Database(database) = &error else {
        // While the server is away the pool knocks in vain, until nobody waits any longer.
        return match error {
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
        Some(code) if code == READS_ALONE => StorageError::Unavailable(Box::new(error)),
        // A server that shuts down or starts is one of 57. Class 08 is the connection, 53 resources, 57 the operator, 58 the system, XX the server.
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
