//! `redress config`.

use crate::config::DEFAULT_FILE;
use crate::failure::{Failure, Outcome};
use crate::output::{self, Globals};
use clap::Subcommand;

/// Commands on the configuration.
#[derive(Subcommand)]
pub enum Config {
    /// Print what holds in the end, of all layers
    Show,
    /// Say whether file and environment are right
    Check,
    /// Print every key with its default and what it means
    Default,
}

impl Config {
    /// Does it. By then the layers were read: a mistake has stopped the program before.
    pub fn run(&self, globals: &Globals) -> Outcome {
        match self {
            Self::Show => {
                let mut config = globals.config.clone();
                config.database.url = without_password(&config.database.url);
                output::print(&if globals.json {
                    serde_json::to_string(&config).map_err(Failure::failed)?
                } else {
                    toml::to_string(&config).map_err(Failure::failed)?
                });
            }
            Self::Check => {
                if !globals.quiet {
                    output::print("the configuration is right");
                }
            }
            Self::Default => output::print(DEFAULT_FILE),
        }
        Ok(())
    }
}

/// A database's address as it may be shown.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((user, host)) = rest.rsplit_once('@') else {
        return url.to_owned();
    };
    let name = user.split(':').next().unwrap_or_default();
    let hidden = if user.contains(':') { ":..." } else { "" };
    format!("{scheme}://{name}{hidden}@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let shown = without_password("postgres://redress:s3cr3t@db.example/redress");
        assert_eq!(shown, "postgres://redress:...@db.example/redress");
        assert_eq!(
            without_password("sqlite:data/redress.db"),
            "sqlite:data/redress.db"
        );
    }
}
