//! `redress load`.

use crate::failure::Outcome;
use crate::load::{People, Plan, run};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use clap::Args;
use redress_model::clock::Clock;
use std::path::PathBuf;
use std::time::Duration;

/// Let a made-up crowd sign at a site, and say what it could take
///
/// Every signature is stored: use it on an instance made for that, with `REDRESS_LIMITS__ENABLED=false` so that no limit is what is measured.
#[derive(Args)]
pub struct Load {
    /// The site, without a path: `http://127.0.0.1:8080`
    #[arg(long)]
    url: String,
    /// The petition's slug
    #[arg(long, value_name = "SLUG")]
    petition: String,
    /// Where the crowd lives: CSV with street, city, state, zip, or with address; the sample's truth.csv will do
    #[arg(long, value_name = "FILE")]
    addresses: PathBuf,
    /// Signers that arrive a second; left out, each client sends its next as soon as it has its answer
    #[arg(long, value_name = "NUMBER")]
    rate: Option<f64>,
    /// How many may be on their way at once
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    clients: u16,
    /// Seconds that count
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Seconds before them that do not
    #[arg(long, default_value_t = 3)]
    warm_up: u64,
}

impl Load {
    /// Tries it and prints what was seen.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let run_id = format!("{:x}", SystemClock.now().timestamp_millis());
        let people = People::read(&self.addresses, run_id)?;
        let figures = run(
            &Plan {
                url: self.url.clone(),
                petition: self.petition.clone(),
                rate: self.rate.filter(|rate| *rate > 0.0),
                clients: usize::from(self.clients),
                lasts: Duration::from_secs(self.seconds),
                warm_up: Duration::from_secs(self.warm_up),
            },
            &people,
        );
        output::print(&if globals.json {
            figures.json().to_string()
        } else {
            figures.to_string()
        });
        Ok(())
    }
}
