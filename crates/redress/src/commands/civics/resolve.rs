//! `redress civics resolve`.

use super::address::{Addresses, create, open};
use crate::failure::{Failure, Outcome};
use crate::output::{self, Globals};
use chrono::{NaiveDate, Utc};
use clap::Args;
use redress_civics::batch::{self, Form};
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_civics::pack::format::Section;
use redress_civics::parse::Input;
use redress_civics::resolve::Resolver;
use redress_model::resolution::{Level, PostAnswer, Reason, Resolution};
use std::fmt::Write;
use std::path::PathBuf;

/// Say which governments, district and officials answer for an address
#[derive(Args)]
pub struct Resolve {
    /// The pack to answer from
    #[arg(long, value_name = "FILE")]
    pack: PathBuf,
    /// Day for which district maps and terms are answered (default: today)
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    #[command(flatten)]
    addresses: Addresses,
}

impl Resolve {
    /// Resolves and prints or writes.
    #[expect(
        clippy::disallowed_methods,
        reason = "the program is where the clock is read"
    )]
    pub fn run(&self, globals: &Globals) -> Outcome {
        let pack = Pack::open(&self.pack)?;
        let on = self.on.unwrap_or_else(|| Utc::now().date_naive());
        if let (Some(input), Some(out)) = (&self.addresses.batch, &self.addresses.out) {
            let form = if out
                .extension()
                .is_some_and(|extension| extension == "jsonl")
            {
                Form::JsonLines
            } else {
                Form::Csv
            };
            // Rows of a table name no officials, so the directory need not be read for them.
            let directory = (form == Form::JsonLines)
                .then(|| pack.json::<Directory>(Section::Officials))
                .transpose()?;
            let input_file = open(input)?;
            batch::resolve(
                &Resolver::new(&pack, directory.as_ref()),
                on,
                input_file,
                create(out)?,
                form,
            )
            .map_err(|error| Failure::batch(input, error))?;
            return Ok(());
        }
        let directory: Directory = pack.json(Section::Officials)?;
        let resolution = Resolver::new(&pack, Some(&directory)).resolve(
            &Input::line(self.addresses.address.as_deref().unwrap_or("")),
            on,
        );
        if globals.json {
            output::print(&serde_json::to_string(&resolution).map_err(Failure::failed)?);
        } else {
            output::print(&for_a_person(&resolution));
        }
        Ok(())
    }
}

/// The answer in words.
fn for_a_person(resolution: &Resolution) -> String {
    let mut text = String::new();
    let address = &resolution.address;
    let street = [
        address.number.clone(),
        address.street_line(),
        address.unit.clone(),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" ");
    let last = [
        address.city.clone(),
        address.state.clone(),
        address.zip.clone(),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" ");
    let _ = writeln!(
        text,
        "Mail: {}",
        [street, last]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    );
    let _ = writeln!(
        text,
        "Your local government: {}",
        local_government(resolution)
    );
    if let Some(district) = &resolution.district {
        let _ = writeln!(text, "Council district: {district}");
    }
    for other in resolution.governments.iter().skip(1) {
        let _ = writeln!(text, "Also over you: {}", other.name);
    }
    for post in &resolution.posts {
        let _ = writeln!(text, "  {}", post_line(post));
    }
    if !resolution.alternatives.is_empty() {
        let _ = writeln!(text, "It could be:");
        for alternative in &resolution.alternatives {
            let _ = writeln!(text, "  {}", alternative.label);
        }
    }
    let _ = writeln!(text, "How sure: {}", how_sure(resolution));
    if !resolution.reasons.is_empty() {
        let _ = writeln!(
            text,
            "Why: {}",
            resolution
                .reasons
                .iter()
                .map(|reason| reason.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    let _ = write!(text, "Pack {}, for {}", resolution.pack, resolution.on);
    text
}

fn local_government(resolution: &Resolution) -> String {
    match (&resolution.home, resolution.level) {
        (Some(home), _) => home.name.clone(),
        (None, Level::None | Level::Area | Level::Candidates) => "not known".to_owned(),
        (None, _) => resolution.governments.first().map_or_else(
            || "you live outside any city".to_owned(),
            |government| format!("{} (you live outside any city)", government.name),
        ),
    }
}

fn post_line(post: &PostAnswer) -> String {
    let seat = post
        .district
        .as_ref()
        .map(|district| format!(", district {district}"))
        .unwrap_or_default();
    let holder = match &post.person {
        Some(person) => person.name.clone(),
        None if post.vacant => "vacant".to_owned(),
        None => "not known on that day".to_owned(),
    };
    let mut notes = Vec::new();
    if post.reasons.contains(&Reason::TermEnded) {
        notes.push("the term has ended: may be out of date".to_owned());
    }
    if let Some(as_of) = post
        .person
        .as_ref()
        .and_then(|person| person.as_of.as_ref())
    {
        notes.push(format!("as of {as_of}"));
    }
    if !post.certain {
        notes.push("not certain".to_owned());
    }
    let notes = if notes.is_empty() {
        String::new()
    } else {
        format!(" ({})", notes.join("; "))
    };
    format!("{}{seat}: {holder}{notes}", post.title)
}

fn how_sure(resolution: &Resolution) -> &'static str {
    match resolution.level {
        Level::Exact => "exact",
        Level::ExactSplit => "exact, measured on a block that a border crosses",
        Level::Relaxed => "one answer fits after allowing for a difference",
        Level::Street => "the street is known, the number is not; the whole street agrees",
        Level::Candidates => "several answers fit: please choose",
        Level::Area if resolution.reasons.contains(&Reason::StreetNotFound) => {
            "no such street is known there"
        }
        Level::Area => "a street address is needed",
        Level::None => "this cannot be located",
    }
}
