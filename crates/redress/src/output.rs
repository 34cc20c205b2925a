//! How commands speak: JSON or text, bars or lines, or nothing.

use crate::config::Config;
use crate::failure::{Failure, Outcome};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Globals {
    /// Print JSON where a program may read
    #[arg(long, global = true)]
    pub json: bool,
    /// Print results and errors alone
    #[arg(long, global = true)]
    pub quiet: bool,
    /// A file of settings (else `REDRESS_CONFIG`, else the built-in defaults)
    #[arg(long = "config", value_name = "FILE", global = true)]
    pub config_file: Option<PathBuf>,
    /// What all layers of the configuration say; read once, before any command.
    #[arg(skip)]
    pub config: Config,
}

impl Globals {
    /// Progress of long work.
    pub fn progress(&self) -> Progress {
        if self.quiet {
            Progress::Silent
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new_spinner();
            bar.set_style(ProgressStyle::default_spinner());
            bar.enable_steady_tick(Duration::from_millis(100));
            Progress::Bar(bar)
        } else {
            Progress::Lines
        }
    }
}

/// A bar on a terminal, lines elsewhere.
pub enum Progress {
    /// Nothing.
    Silent,
    /// Plain lines on stderr.
    Lines,
    /// A bar.
    Bar(ProgressBar),
}

impl Progress {
    /// Says what is being done now.
    pub fn say(&self, what: &str) {
        match self {
            Self::Silent => {}
            Self::Lines => eprintln!("{what}"),
            Self::Bar(bar) => bar.set_message(what.to_owned()),
        }
    }

    /// Says how much is done.
    pub fn reach(&self, done: u64, of: u64, what: &str) {
        match self {
            Self::Silent => {}
            Self::Lines => {
                // Ten lines at most, however long the work.
                if done == of || done.is_multiple_of(of.div_ceil(10).max(1)) {
                    eprintln!("{done} of {of} {what}");
                }
            }
            Self::Bar(bar) => {
                if bar.length().is_none() {
                    bar.set_length(of);
                    if let Ok(style) =
                        ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {eta}")
                    {
                        bar.set_style(style);
                    }
                    bar.set_message(what.to_owned());
                }
                bar.set_position(done);
            }
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

/// Writes bytes to a file, whole or not at all, or to standard output.
pub fn write(path: Option<&Path>, bytes: &[u8]) -> Outcome {
    let Some(path) = path else {
        // A reader that has gone away is no error.
        let _ = std::io::stdout().lock().write_all(bytes);
        return Ok(());
    };
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    std::fs::write(&part, bytes)
        .and_then(|()| std::fs::rename(&part, path))
        .map_err(|error| {
            let _ = std::fs::remove_file(&part);
            Failure::unwritable(path, &error)
        })
}

/// Writes text to stdout; a reader that has gone away is no error.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
}
