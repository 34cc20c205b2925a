//! `redress civics parse`.

use super::address::{Addresses, create, open};
use crate::failure::{Failure, Outcome};
use crate::output::{self, Globals};
use clap::Args;
use redress_civics::batch::{self, PARSED, parsed_row};
use redress_civics::parse::{Input, Parsed};

/// Take addresses apart, without a pack
#[derive(Args)]
pub struct Parse {
    #[command(flatten)]
    addresses: Addresses,
}

impl Parse {
    /// Parses and prints or writes.
    pub fn run(&self, globals: &Globals) -> Outcome {
        if let (Some(input), Some(out)) = (&self.addresses.batch, &self.addresses.out) {
            batch::parse(open(input)?, create(out)?)
                .map_err(|error| Failure::batch(input, error))?;
            return Ok(());
        }
        let parsed = Parsed::new(&Input::line(
            self.addresses.address.as_deref().unwrap_or(""),
        ));
        let row = parsed_row("", &parsed);
        let fields = || PARSED.iter().zip(&row).skip(1);
        if globals.json {
            let object: serde_json::Map<String, serde_json::Value> = fields()
                .map(|(name, value)| {
                    (
                        (*name).to_owned(),
                        if value.is_empty() {
                            serde_json::Value::Null
                        } else {
                            value.as_str().into()
                        },
                    )
                })
                .collect();
            output::print(&serde_json::Value::Object(object).to_string());
        } else {
            let lines: Vec<String> = fields()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| format!("{name:8} {value}"))
                .collect();
            output::print(&lines.join("\n"));
        }
        Ok(())
    }
}
