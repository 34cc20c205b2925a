//! How fast Redress is, measured beside what is asked of it.
//!
//! Each file under `benches/` is one benchmark with one command (`cargo bench -p redress-benches --bench civics`). It makes its own
//! ground: packs of the sample county, at the scale that it names, kept under `target/benches` for the next run. Nothing here is a
//! test; what must hold is held by tests, what must be fast is printed here with **must**, **aim** and **measured**.
//!
//! To add a benchmark: a file, a `[[bench]]` with `harness = false`, and a [`table::Table`] of its measures.

pub mod clock;
pub mod ground;
pub mod table;
