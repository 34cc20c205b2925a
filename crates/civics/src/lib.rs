//! civics

pub mod sample;
