//! The organizers' console.

mod abuse;
mod audit;
mod comments;
mod counts;
mod coverage;
mod deciding;
mod erasing;
mod falling_back;
mod hostile;
mod letters;
mod logging_in;
mod mailroom;
pub mod office;
mod officials;
mod pages;
mod paper;
mod passwords;
mod petitions;
mod reopening;
mod resolutions;
mod roles;
mod statuses;
mod sweeps;
mod taking;
mod twins;
