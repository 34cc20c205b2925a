//! What a petition is: its types and its rules.
//!
//! This crate is the innermost room of the house. It does no I/O, waits for nothing and has no
//! clock of its own: whoever needs the time or a random number hands it in. Every other crate
//! may speak its words; it knows none of theirs.
//!
//! Rules:
//!
//! - A type here parses at the edge and is right from then on. Nothing stringly goes further.
//! - A word stands for one thing and comes from the glossary in `docs/architecture.md`.
//! - Shapes that leave the process (JSON, CSV headers) are declared beside their type and keep
//!   their names: programs outside rely on them.
//! - Instants end in `_at`, dates in `_on`, except where a published format says otherwise
//!   (`term_start`, `as_of`).
//!
//! To add a thing: one file named for it, its type, its rules, its tests; then a line here.

mod coded;

pub mod abuse;
pub mod address;
pub mod batch;
pub mod clock;
pub mod comment;
pub mod contact_state;
pub mod delivery;
pub mod directory;
pub mod division;
pub mod email;
pub mod fingerprint;
pub mod geoid;
pub mod home;
pub mod household;
pub mod id;
pub mod name_key;
pub mod office_wish;
pub mod official;
pub mod period;
pub mod person_name;
pub mod petition;
pub mod resolution;
pub mod response;
pub mod role;
pub mod signature;
pub mod slug;
pub mod spanish_post;
pub mod tally;
pub mod zip;
