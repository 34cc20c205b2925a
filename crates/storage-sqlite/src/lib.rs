//! The embedded store: one file, SQLite.
//!
//! WAL with `synchronous=FULL`: what is committed survives `kill -9` and loss of power. One
//! connection writes and several read; other processes may do the same on the same file. Every
//! write begins with `begin immediate`, for a deferred one fails busy when a read turns into a
//! write. Wrapped petition keys lie in a file of their own beside the database (`PATH.keys`).
//!
//! Rules:
//!
//! - Every statement goes through sqlx's checked macros, in lower case, one clause a line. They are
//!   checked against `migrations/sqlite`; `tests/sqlx-prepare` writes `.sqlx`, from which builds
//!   without a database read. `sqlx.toml` names `REDRESS_SQLITE_URL`, so that this crate and its
//!   sibling are checked against two databases in one build. The script needs no `sqlx-cli`: a
//!   macro expanded with a database at hand and `SQLX_OFFLINE_DIR` set writes its own file.
//! - A batch comes in as one JSON array and is read with `json_each`, so that a statement serves
//!   many rows. Bytes travel in it as hexadecimal text.
//! - Instants are microseconds since 1970, UTC; ids are 16 bytes.
//!
//! To add a repository: a migration, a file here that implements its trait for [`Sqlite`], and its
//! handle in [`Sqlite::store`].

mod abuse;
mod accounts;
mod arrivals;
mod audit;
mod batches;
mod breakers;
mod comments;
mod deliveries;
mod encoding;
mod errors;
mod events;
mod forwards;
mod hooks;
mod household;
mod key_file;
mod mails;
mod moves;
mod office_wishes;
mod officials;
mod open;
mod paper;
mod permits;
mod petitions;
mod proofs;
mod reresolutions;
mod responses;
mod settings;
mod signatures;
mod submission_keys;
mod sweeps;
mod tallies;

pub use key_file::KeyFile;
pub use open::Sqlite;
