//! Hostile and broken input, from files to signers: nothing panics, nothing runs away, and what is
//! refused is refused with a word.

#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]

mod answers;
mod batch;
mod damage;
mod ground;
mod hostile;
mod lexicon;
mod parser;
mod polygons;
mod shapes;
mod sources;
mod workshop;
