//! Carries messages, and brings the answers back.
//!
//! Exactly-once does not exist over SMTP (RFC 1047; RFC 5321, section 4.5.3.2.6). What this crate promises instead is zero doubles
//! and zero silent losses: a letter whose end is unknown is shown as *uncertain*, and only evidence or a named person moves it on.
//!
//! Its rules:
//!
//! - **Claim, then speak.** A delivery is taken under a lease with a token. Everything before the body is safe to try again.
//! - **Intent is durable before the dot.** The state `data_sent` is committed, fenced by the lease, before the final dot can
//!   leave; whoever lost the lease drops the connection. After the dot the answer is awaited as long as the RFC asks.
//! - **Nothing leads from silence back to the queue.** An answer to the dot is evidence, and so is a bounce that carries our
//!   own sealed return address; a matching address alone is not, and a bad seal changes nothing.
//! - **All attempts carry the same bytes.** What is frozen at the first lease stays; signatures are made over the rendered bytes.
//! - **No letter leaves without approval or autopilot**, and in demo and test mode none leaves the machine.
//! - **Pace is shared** by all processes: per group of mail servers, office hours where the official sits, one letter a day each.
//!   Servers' replies are sorted into classes by one table; each class has one consequence.
//! - **Mail to signers has its own queue**: doubled it is harmless, so it goes at least once and is finished in batches.
//! - **Logs hold no signer and no body**, and one poisoned message never blocks the queue.
//! - Shutdown stops claiming, lets what is past its intent finish, and puts the rest back.
//!
//! The legal transitions of a delivery are held by the database; this crate names the state that it expects.
//!
//! Arrows: uses `redress-model`, `redress-storage` (never a backend), `redress-letters` and `redress-sheets`; used by the program alone.
//!
//! To add a transport: a file named for it that speaks phase by phase, each under its own deadline, so that "before the dot" and
//! "after" stay apart, with a run against the fault-injecting server. To add a class of reply: a row in the table, its
//! consequence, and a recorded reply of a real server. To add a way for answers to come in: a file that turns
//! them into one event, idempotent by digest.

pub mod address;
pub mod carrying;
pub mod coming;
mod connection;
pub mod dkim;
pub mod engine;
pub mod error;
mod forwarding;
pub mod freezing;
pub mod letter;
pub mod mailer;
pub mod policy;
pub mod receiving;
pub mod reply;
pub mod schedule;
mod servers;
pub mod settings;
pub mod signers;
pub mod transport;
pub mod zones;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use error::MailerError;
pub use mailer::{Mailer, Parts};
pub use settings::MailerSettings;
