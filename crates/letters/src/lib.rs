//! What a message says: letters to officials, and mail to signers.
//!
//! A letter is a pure function of a view: everything that it may say comes in as one value, and the bytes of a message come
//! out. Nothing is looked up, no clock is read, and ids, dates and boundaries are parameters. A preview in the console and the letter on the
//! wire are therefore the same letter, and every attempt to send it carries the same bytes.
//!
//! Its rules:
//!
//! - **One message per official and batch**, with the ask that fits the city's own status, the counts, how they were verified,
//!   how to answer, where to verify, and what becomes of the names. It says which signers it brings ("signers 925 to 1,234"),
//!   so that even a double would be harmless. Subject, body, table and manifest agree because they come from one view.
//! - **Text first.** The plain text says all that the HTML says. No image is fetched, nothing is tracked, and no signer's words
//!   reach a header. Comments appear when their authors agreed and a reviewer passed them.
//! - **A list can be verified.** The list of signers is made once per batch and shared by its letters; each of its lines is a leaf of
//!   a Merkle tree, so that an office can tell with nothing but the file and the public manifest that it is unchanged.
//! - **Who writes is named.** The petition's organization, its postal address and its contact stand in every letter; a letter
//!   without them is an error, not a message with a gap. So is a template that fails: it sends nothing.
//! - **Mail to signers** takes its links as made, and is laid out so that only a deliberate click acts; it never says on its
//!   outside for which petition it comes.
//!
//! Wording lives in `templates/mail`, not in code. Signing with DKIM, pace, transports and what comes back belong to `redress-mailer`.
//!
//! Arrows: uses `redress-model` and `redress-reports`; used by `redress-mailer`, by `redress-web` to preview, and by the program.
//!
//! To add a message: a view, a text and an HTML template side by side that share one file of sentences, and a snapshot of the
//! whole message; a test compares the words of both. To add a language: a folder of templates beside `en`, a module beside
//! `english` for its numbers and days, and an arm of [`parts::Language`].

mod english;
pub mod error;
pub mod forward;
pub mod list;
pub mod manifest;
pub mod mime;
pub mod official;
pub mod parts;
mod plain;
pub mod signer;
mod spanish;
mod web_address;
mod wrap;
