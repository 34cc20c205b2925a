//! What is known of a government, and what is not: its seats, whom they can be written to, its district maps.
//!
//! A petition goes where its signers live, and a city of many signers without one known address is worth an afternoon. This
//! room says of each government which of its seats lack something, and writes them as a list that [`crate::officials`] reads
//! back once somebody has filled it.

mod fill;
mod maps;
mod seats;
#[cfg(test)]
mod tests;

pub use fill::{Government, write_fill};
pub use maps::{DistrictMap, DistrictMaps, MapState};
pub use seats::{Lack, SeatCoverage, list_seats};
