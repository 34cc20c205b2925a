//! `redress keys dkim`.

use crate::failure::{Failure, Outcome};
use crate::machine::random;
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_mailer::dkim::{KeyKind, Record, SigningKey, strings};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What stands between selector and domain (RFC 6376, section 3.6.2.1).
const BETWEEN: &str = "._domainkey.";

/// Make the keys that sign mail (DKIM), and say what to publish in the DNS
///
/// Writes an ed25519 and an RSA key, readable by their owner alone, into files that are named for their records, and prints the records and
/// what to write into the configuration. Nothing is ever written over. With --show, prints the records of keys that are there.
#[derive(Args)]
pub struct Dkim {
    /// The domain of the sender's addresses, or one above it
    #[arg(long, value_name = "D", required_unless_present = "show", value_parser = parse_name)]
    domain: Option<String>,
    /// What the names of the records begin with; a new one for each new pair of keys, such as the year's
    #[arg(long, value_name = "S", default_value = "redress", value_parser = parse_name)]
    selector: String,
    /// The folder for the files
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// How long the RSA key is
    #[arg(long, value_name = "N", default_value = "2048", value_parser = ["2048", "3072", "4096"])]
    rsa_bits: String,
    /// Print the records of these key files again, and make nothing
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["out", "rsa_bits"])]
    show: Vec<PathBuf>,
}

/// A key's file with its record.
struct Made {
    path: PathBuf,
    kind: KeyKind,
    record: Record,
}

impl Dkim {
    /// Does it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let made = if self.show.is_empty() {
            self.make()?
        } else {
            self.show
                .iter()
                .map(|path| self.read(path))
                .collect::<Result<_, _>>()?
        };
        if globals.json {
            let records: Vec<Value> = made.iter().map(Made::to_json).collect();
            output::print(&json!({ "records": records }).to_string());
            return Ok(());
        }
        for one in &made {
            output::print(&one.record.zone_line());
        }
        if self.show.is_empty() && !globals.quiet {
            output::print(&told(&made));
        }
        Ok(())
    }

    fn make(&self) -> Result<Vec<Made>, Failure> {
        let domain = self.domain.as_deref().unwrap_or_default();
        let bits = self.rsa_bits.parse().map_err(Failure::input)?;
        std::fs::create_dir_all(&self.out)
            .map_err(|error| Failure::unwritable(&self.out, &error))?;
        let paths = ["ed25519", "rsa"].map(|kind| {
            let name = format!("{}-{kind}{BETWEEN}{domain}.pem", self.selector);
            self.out.join(name)
        });
        if let Some(there) = paths.iter().find(|path| path.exists()) {
            return Err(Failure::input(anyhow!(
                "{} is there already: a key is never written over; name another --selector, or --show it",
                there.display()
            )));
        }
        let pems = [
            SigningKey::new_ed25519(&mut random()).map_err(Failure::failed)?,
            SigningKey::new_rsa(bits).map_err(Failure::failed)?,
        ];
        for (path, pem) in paths.iter().zip(&pems) {
            write(path, pem).map_err(|error| Failure::unwritable(path, &error))?;
        }
        paths.iter().map(|path| self.read(path)).collect()
    }

    /// Reads a key file; where its record is, its name says, unless the command does.
    fn read(&self, path: &Path) -> Result<Made, Failure> {
        let pem = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
        let key = SigningKey::from_pem(&pem).ok_or_else(|| {
            Failure::input(anyhow!(
                "{} holds no ed25519 or RSA key (of 2,048 bits or more) in PEM",
                path.display()
            ))
        })?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let (selector, domain) = match (stem.split_once(BETWEEN), &self.domain) {
            (Some((selector, domain)), _) => (selector.to_owned(), domain.to_owned()),
            (None, Some(domain)) => (self.selector.clone(), domain.clone()),
            (None, None) => {
                return Err(Failure::input(anyhow!(
                    "{} is not named SELECTOR{BETWEEN}DOMAIN.pem: say --selector and --domain",
                    path.display()
                )));
            }
        };
        Ok(Made {
            path: path.to_owned(),
            kind: key.kind(),
            record: Record::of(&key, &selector, &domain),
        })
    }
}

impl Made {
    fn selector(&self) -> &str {
        self.record
            .name
            .split_once(BETWEEN)
            .map_or("", |(selector, _)| selector)
    }

    fn kind(&self) -> &'static str {
        match self.kind {
            KeyKind::Ed25519 => "ed25519",
            KeyKind::Rsa => "rsa",
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "file": self.path.display().to_string(),
            "kind": self.kind(),
            "name": self.record.name,
            "value": self.record.value,
            "strings": strings(&self.record.value),
        })
    }
}

/// What is left to do.
fn told(made: &[Made]) -> String {
    let mut lines = vec![
        String::new(),
        "Publish both records, then set:".to_owned(),
        "[mailer.dkim]".to_owned(),
    ];
    for one in made {
        let kind = one.kind();
        lines.push(format!("{kind}_selector = \"{}\"", one.selector()));
        lines.push(format!("{kind}_key_file = \"{}\"", one.path.display()));
    }
    lines.join("\n")
}

/// Writes a key that nobody else may read, into a file that is not there yet.
fn write(path: &Path, pem: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()
}

fn parse_name(text: &str) -> Result<String, String> {
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if name.len() <= 200 && name.split('.').all(is_label) {
        Ok(name)
    } else {
        Err("letters, digits, hyphens and full stops, such as petition.example".to_owned())
    }
}
