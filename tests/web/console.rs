//! The organizers' console.

mod audit;
mod counts;
mod hostile;
mod logging_in;
mod office;
mod pages;
mod passwords;
mod petitions;
mod roles;
