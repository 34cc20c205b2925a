//! `redress civics resolve`.

use super::address::{Addresses, create, open};
use super::opinions;
use crate::failure::{Failure, Outcome};
use crate::output::{self, Globals};
use chrono::{NaiveDate, Utc};
use clap::Args;
use redress_civics::batch::{self, Form};
use redress_civics::packs::Packs;
use redress_civics::parse::Input;
use redress_civics::providers::ProviderName;
use redress_model::resolution::{Level, PostAnswer, Reason, Resolution};
use std::fmt::Write;
use std::path::PathBuf;

/// Packs up to this size, in bytes, are checked whole with every use: it takes as long as reading them once. Larger ones are checked by
/// `civics show --verify`, and by the server in the background.
const MOST_VERIFIED: usize = 256 << 20;

/// Say which governments, district and officials answer for an address
#[derive(Args)]
pub struct Resolve {
    /// The pack to answer from, or a folder of packs; may be given several times
    #[arg(long, value_name = "FILE", required = true)]
    pack: Vec<PathBuf>,
    /// Day for which district maps and terms are answered (default: today)
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// Ask for a second opinion, which may make the answer less sure: census, google, cicero or
    /// json, by the settings of civics.providers; again for several. The address is sent there
    #[arg(long = "provider", value_name = "NAME", conflicts_with = "batch")]
    providers: Vec<ProviderName>,
    #[command(flatten)]
    addresses: Addresses,
}

impl Resolve {
    /// Resolves and prints or writes.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let packs = Packs::open(&self.pack)?;
        // Checked beside the work, so that a damaged file answers nothing and nobody waits for it.
        std::thread::scope(|scope| {
            let checked = scope.spawn(|| packs.verify(MOST_VERIFIED));
            let answered = self.answer(&packs, globals)?;
            let checked = match checked.join() {
                Ok(checked) => checked,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            if let (Err(_), Some(out)) = (&checked, &self.addresses.out) {
                // Answers from a damaged pack are worse than none; a file that cannot be removed is told of by the error below.
                let _ = std::fs::remove_file(out);
            }
            checked?;
            if let Some(answer) = answered {
                output::print(&answer);
            }
            Ok(())
        })
    }

    /// Writes the answers to a file, or answers what is to be printed.
    #[expect(
        clippy::disallowed_methods,
        reason = "the program is where the clock is read"
    )]
    fn answer(&self, packs: &Packs, globals: &Globals) -> Result<Option<String>, Failure> {
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
                .then(|| packs.directory())
                .transpose()?;
            let input_file = open(input)?;
            batch::resolve(
                &|addresses| packs.resolve_many(addresses, directory.as_ref(), on),
                input_file,
                create(out)?,
                form,
            )
            .map_err(|error| Failure::batch(input, error))?;
            return Ok(None);
        }
        let directory = packs.directory()?;
        let input = Input::line(self.addresses.address.as_deref().unwrap_or(""));
        let resolution = packs.resolve(&input, Some(&directory), on);
        if self.providers.is_empty() {
            return Ok(Some(if globals.json {
                serde_json::to_string(&resolution).map_err(Failure::failed)?
            } else {
                for_a_person(&resolution)
            }));
        }
        let panel = opinions::panel(&globals.config.civics.providers, &self.providers)?;
        let pack = packs.that_answered(&resolution);
        let heard = opinions::hear(&panel, resolution, pack, &directory, &input);
        Ok(Some(if globals.json {
            serde_json::to_string(&heard).map_err(Failure::failed)?
        } else {
            format!("{}\n{}", for_a_person(&heard.resolution), heard.lines())
        }))
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
        address.city.as_deref(),
        address.state.as_deref(),
        address.zip.as_deref(),
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
    for post in resolution.posts.iter() {
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
        Level::Candidates if resolution.reasons.contains(&Reason::ProviderDisagrees) => {
            "a second opinion differs: please choose"
        }
        Level::Candidates => "several answers fit: please choose",
        Level::Area if resolution.reasons.contains(&Reason::StreetNotFound) => {
            "no such street is known there"
        }
        Level::Area => "a street address is needed",
        Level::None => "this cannot be located",
    }
}
