//! `redress load`.

use crate::failure::Outcome;
use crate::load::{People, Plan, run};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use clap::Args;
use redress_model::clock::Clock;
use std::path::PathBuf;
use std::sync::Arc;
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
    #[arg(long, value_name = "NUMBER", value_parser = parse_rate)]
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

/// A rate of which each arrival has an instant: not endless, and not so slow that nobody ever comes.
fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok();
    rate.filter(|rate| (0.01..=1_000_000.0).contains(rate))
        .ok_or_else(|| "a number from 0.01 to 1000000".to_owned())
}

impl Load {
    /// Tries it and prints what was seen.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let run_id = format!("{:x}", SystemClock.now().timestamp_millis());
        let people = Arc::new(People::read(&self.addresses, run_id)?);
        let figures = run(
            &Plan {
                url: self.url.clone(),
                petition: self.petition.clone(),
                rate: self.rate,
                clients: usize::from(self.clients),
                lasts: Duration::from_secs(self.seconds),
                warm_up: Duration::from_secs(self.warm_up),
            },
            &people,
        )?;
        output::print(&if globals.json {
            figures.json().to_string()
        } else {
            figures.to_string()
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_of_people_that_can_come() {
        assert_eq!(parse_rate("250.5"), Ok(250.5));
        for wrong in ["0", "-1", "inf", "NaN", "1e-300", "1e300", "many", ""] {
            assert!(parse_rate(wrong).is_err(), "{wrong}");
        }
    }
}
