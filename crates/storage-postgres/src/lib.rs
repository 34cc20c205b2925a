//! The store for many machines: PostgreSQL 15 or later.
//!
//! Any number of web servers and mailers share one database. What is acknowledged is committed with
//! the server's `synchronous_commit`, which a production server leaves on. Wrapped petition keys lie
//! in a schema of their own, `keys`, which ordinary backups leave out.
//!
//! Rules:
//!
//! - Every statement goes through sqlx's checked macros, in lower case, one clause a line. They are
//!   checked against `migrations/postgres`; `tests/sqlx-prepare` writes `.sqlx`, from which builds
//!   without a database read. `sqlx.toml` names `REDRESS_POSTGRES_URL`.
//! - A batch comes in as arrays and is read with `unnest`, sorted as locks are taken: households by
//!   petition and e-mail key, then signatures by id, then tallies by key, then mail. Whoever changes
//!   a signature locks its household first, so what it reads afterwards stays true.
//! - Nothing on the way of a signature updates one row from many nodes: each process adds to tallies
//!   under a node number of its own, and no foreign key locks the petition.
//! - Deadlocks and serialization failures are [`redress_storage::StorageError::Busy`]: the intake
//!   tries again.
//!
//! To add a repository: a migration, a file here that implements its trait for [`Postgres`], and
//! its handle in [`Postgres::store`].

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
mod keys;
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

pub use open::Postgres;
