//! Journeys over HTTP, in this process: a real SQLite store, a real intake, the sample county's pack.

mod abuse;
mod advised;
mod bordering;
mod confirming;
mod console;
mod counting;
mod desk;
mod hooks;
mod mistyping;
mod privacy;
mod proving;
mod reading;
mod redrawing;
mod refusing;
mod repeating;
mod scanning;
mod signing;
mod spanish;
mod stage;
mod typing;
mod waiting;
