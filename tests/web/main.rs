//! Journeys over HTTP, in this process: a real SQLite store, a real intake, the sample county's pack.

mod abuse;
mod advised;
mod confirming;
mod console;
mod desk;
mod reading;
mod refusing;
mod signing;
mod stage;
