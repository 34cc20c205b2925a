//! From an address to the officials who answer for it.
//!
//! Text is folded ([`text`]), taken apart ([`parse`]), matched against a **pack** ([`pack`]): a
//! memory-mapped file in which every side of every block already knows its city, county and
//! districts. The builder ([`build`]) makes packs from the Census Bureau's files, address
//! points, election lists and polygons; the resolver ([`resolve`]) answers from one.
//!
//! Rules:
//!
//! - No network and no database: an answer takes microseconds and leaves nothing behind. Only
//!   [`fetch`], which brings sources here before a pack is built, and [`providers`], which are off
//!   by default and never alter an answer but to make it less sure, speak to other machines.
//! - Nothing is guessed in silence. An answer carries its level and its reasons; where several
//!   remain, the signer is asked.
//! - The municipality is decided first, then the district within it. A postal city or a ZIP
//!   never decides a government.
//! - Geometry is used when the pack is built. At run time only sides that a border crosses are
//!   measured.
//! - The same sources give the same bytes; the same input, date, pack and directory give the
//!   same answer.
//!
//! To add a kind of source: its name in [`build::manifest`], a file in `build/` that turns its
//! rows into sides of streets or polygons and reports each row that it refuses, and a
//! table of it in `docs/sources.md`. To add a rule about governments: [`government`], with a
//! test for its row.

pub mod batch;
pub mod block;
pub mod build;
pub mod coverage;
pub mod fetch;
pub mod geometry;
pub mod government;
#[cfg(test)]
mod local_server;
pub mod officials;
pub mod pack;
pub mod packs;
pub mod parse;
pub mod providers;
pub mod resolve;
pub mod sample;
pub mod text;
pub mod words;
