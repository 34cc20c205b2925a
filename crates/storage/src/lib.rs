//! What must be kept: one trait for each aggregate, the intake, the secrets and the suite that
//! every backend passes.
//!
//! Handlers hold a [`Store`]: a handful of `Arc<dyn ...>`. A method is named after what somebody
//! wants done (`confirm`, `erase`, `find_petition`), is one transaction, and gives back a fact.
//! No transaction object crosses the boundary, and no SQL comes out of the backend crates.
//!
//! Rules:
//!
//! - What must be unique or legal is held by the database: a named constraint, a table of
//!   transitions with a trigger. Each name begins with its table and is one [`Constraint`].
//! - A change of a signature's state, its tallies, its household and the mail it causes are one
//!   transaction. [`moves::TallyMoves`] adds up the tallies of a batch.
//! - Locks are taken in one order everywhere: households by e-mail key, signatures, tallies by
//!   key, mail. Batches are sorted before they are written; repeated e-mails go in rounds.
//! - What is personal comes in sealed ([`secrets`]); look-ups go by [`redress_model::fingerprint`].
//! - The client's way in is the [`intake`]: group commit, an answer only after it, no drops.
//! - Time and randomness come in as arguments.
//!
//! To add a repository: a file here with its trait and its types; a migration of the same number
//! under `migrations/sqlite` and `migrations/postgres`; a file of its name in both backends; a file
//! of tests in `conformance`, listed in its macro; a field in [`Store`]. Then
//! `tests/sqlx-prepare`, which checks every statement against real schemas and writes what offline
//! builds read.

pub mod abuse;
pub mod accounts;
pub mod audit;
pub mod batches;
pub mod breakers;
pub mod comments;
pub mod deliveries;
pub mod error;
pub mod events;
pub mod forwards;
pub mod hooks;
pub mod intake;
pub mod keys;
pub mod mails;
pub mod moves;
pub mod office_wishes;
pub mod officials;
pub mod pace;
pub mod paper;
pub mod petitions;
pub mod plan;
pub mod proofs;
pub mod reresolutions;
pub mod responses;
pub mod rows;
pub mod secrets;
pub mod settings;
pub mod signatures;
pub mod store;
pub mod submission_keys;
pub mod sweeps;
pub mod tallies;

#[cfg(feature = "conformance")]
pub mod conformance;

pub use error::{Constraint, StorageError, StorageResult};
pub use store::Store;
