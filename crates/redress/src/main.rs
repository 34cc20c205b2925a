//! The program: command line, configuration, wiring, life cycle.
//!
//! One executable with a subcommand for each role. This crate knows all others and holds none of
//! their work: a command reads its arguments, calls one room of the house, and prints.
//!
//! Rules:
//!
//! - Exit 0: done. 1: failed. 2: wrong usage or bad input; an unreadable, cut or foreign file.
//! - An error names the file, line or key, and the mend. Nothing personal goes to stderr.
//! - Long work shows a bar on a terminal and plain lines elsewhere; `--quiet` silences both.
//! - Only here is the clock read; everything below takes the day as a parameter.
//!
//! To add a command: a file in `commands/` named for it, with its arguments and a `run`, and a
//! line in the enum that lists it.

mod carrier;
mod commands;
mod config;
mod demo;
mod directory;
mod failure;
mod hooks;
mod instance;
mod life;
mod load;
mod machine;
mod output;
mod packs;
mod resolving;
mod second_opinions;
mod site;
mod sweeping;
mod upkeep;

use clap::Parser;
use config::Config;
use mimalloc::MiMalloc;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Takes a petition to the governments that can act on it.
#[derive(Parser)]
#[command(name = "redress", version, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    globals: output::Globals,
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let mut arguments = Arguments::parse();
    let done = Config::load(arguments.globals.config_file.as_deref()).and_then(|config| {
        arguments.globals.config = config;
        arguments.command.run(&arguments.globals)
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("redress: {failure}");
            failure.exit_code()
        }
    }
}
