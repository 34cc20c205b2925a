//! `redress civics fetch`.

mod told;

use crate::failure::{Failure, Outcome};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use clap::Args;
use redress_civics::fetch::{
    self, Base, Fetched, Settings, Wanted,
    census::{self, NEWEST, OLDEST},
    county, manifest,
};
use redress_civics::words::state::State;
use redress_model::clock::Clock;
use std::path::{Path, PathBuf};
use std::time::Duration;
use told::Told;

/// Download the Census Bureau's TIGER/Line files of a state or of some counties
///
/// What is there already and whole is not fetched again, and what broke off goes on where it
/// stopped: after a failure run the same command again.
#[derive(Args)]
pub struct Fetch {
    /// Which state: USPS code, name or FIPS code; again, or parted by commas, for several
    #[arg(
        long = "state",
        value_name = "STATE",
        required = true,
        value_delimiter = ','
    )]
    states: Vec<String>,
    /// Which county: FIPS code (5 digits, or 3 within one state) or name; again for several
    /// (default: every county of the state)
    #[arg(long = "county", value_name = "NAME|FIPS")]
    counties: Vec<String>,
    /// Which vintage (the default is the newest known)
    #[arg(long, value_name = "YEAR", default_value_t = NEWEST)]
    year: u16,
    /// Where the Census Bureau's tree, or a mirror of it, begins
    #[arg(long, value_name = "URL", default_value = census::BASE)]
    base_url: String,
    /// Folder to write to; made when absent. A manifest is written beside it, unless there is one
    #[arg(long, value_name = "DIR", default_value = "./tiger")]
    out: PathBuf,
    /// Read what is already there to the last byte, instead of only opening it
    #[arg(long)]
    verify: bool,
    /// Fetch FEATNAMES too, which packs do not need yet
    #[arg(long)]
    featnames: bool,
    /// How many files come at once
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=4))]
    at_once: u8,
    /// Seconds after which a silent connection is cut
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    idle_timeout: u64,
    /// How often in a row a try may bring nothing before a file is given up
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=100))]
    retries: u32,
}

impl Fetch {
    /// Fetches and says what to do next.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let base = Base::parse(&self.base_url).map_err(Failure::input)?;
        let states = self.states()?;
        self.check()?;
        let mut told = Told::new(globals);
        let mut fetched = self.bring(&base, &[census::counties(self.year)], &mut told)?;
        let whole = if told::failures(&fetched) == 0 {
            let wanted = self.wanted(&states)?;
            fetched.extend(self.bring(&base, &wanted, &mut told)?);
            told::failures(&fetched) == 0
        } else {
            false
        };
        drop(told);
        let manifest = whole
            .then(|| self.write_manifest(&base, &states))
            .transpose()?;
        if globals.json {
            output::print(&told::json(
                self.year,
                &self.out,
                &fetched,
                manifest.as_ref(),
            ));
        } else if !globals.quiet {
            output::print(&told::text(&self.out, &fetched, manifest.as_ref()));
        }
        match told::failures(&fetched) {
            0 => Ok(()),
            failed => Err(Failure::failed(anyhow::anyhow!(
                "{failed} of {} files could not be fetched:\n{}",
                fetched.len(),
                told::reasons(&fetched)
            ))),
        }
    }

    fn states(&self) -> Result<Vec<&'static State>, Failure> {
        let mut states = Vec::new();
        for text in &self.states {
            let state = census::state(text).ok_or_else(|| {
                Failure::input(anyhow::anyhow!(
                    "--state {text:?} is no state; give a USPS code such as CO, a name, or a FIPS code such as 08"
                ))
            })?;
            if !states.iter().any(|known: &&State| known.fips == state.fips) {
                states.push(state);
            }
        }
        Ok(states)
    }

    /// What can be known to be wrong before anything is fetched.
    fn check(&self) -> Outcome {
        if self.year < OLDEST {
            return Err(Failure::input(anyhow::anyhow!(
                "--year {}: TIGER/Line has its present layout since {OLDEST}",
                self.year
            )));
        }
        if self.counties.iter().any(|text| text.trim().is_empty()) {
            return Err(Failure::input(anyhow::anyhow!(
                "--county is empty; give a name or a FIPS code, or leave it out for all counties"
            )));
        }
        if let Some(other) = fetch::other_years(&self.out, self.year).first() {
            return Err(Failure::input(anyhow::anyhow!(
                "{} is of another year than {}, and a pack of both would hold each street twice; give another folder with --out",
                other.display(),
                self.year
            )));
        }
        Ok(())
    }

    fn bring(
        &self,
        base: &Base,
        wanted: &[Wanted],
        told: &mut Told,
    ) -> Result<Vec<Fetched>, Failure> {
        let settings = Settings {
            at_once: self.at_once.into(),
            idle: Duration::from_secs(self.idle_timeout),
            retries: self.retries,
            verify: self.verify,
            ..Settings::default()
        };
        told.expect(wanted);
        fetch::fetch(
            base,
            wanted,
            &self.out,
            &settings,
            &std::thread::sleep,
            &mut |event| told.hear(event),
        )
        .map_err(Failure::failed)
    }

    /// Everything but the counties' layer, which is here by now.
    fn wanted(&self, states: &[&State]) -> Result<Vec<Wanted>, Failure> {
        let layer = self.out.join(census::counties(self.year).name);
        let known = county::read(&layer, states)?;
        let chosen = if self.counties.is_empty() {
            known
        } else {
            county::choose(&known, states, &self.counties).map_err(Failure::input)?
        };
        if chosen.is_empty() {
            return Err(Failure::input(anyhow::anyhow!(
                "{} lists no county of {}; is it the Census Bureau's?",
                layer.display(),
                codes(states)
            )));
        }
        let of_states = states
            .iter()
            .flat_map(|state| census::of_state(self.year, state));
        let of_counties = chosen
            .iter()
            .flat_map(|county| census::of_county(self.year, &county.fips, self.featnames));
        Ok(of_states.chain(of_counties).collect())
    }

    fn write_manifest(&self, base: &Base, states: &[&State]) -> Result<told::Manifest, Failure> {
        let beside = manifest::beside(&self.out);
        let folder = self
            .out
            .canonicalize()
            .map_err(|error| Failure::unwritable(&self.out, &error))?;
        let path = folder.file_name().map_or_else(
            || ".".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let mut name = format!("TIGER/Line {}: {}", self.year, codes(states));
        if !self.counties.is_empty() {
            name = format!("{name} ({})", self.counties.join(", "));
        }
        let text = manifest::text(
            &path,
            &manifest::Fetched {
                name: &name,
                year: self.year,
                base: &base.to_string(),
                on: SystemClock.now().date_naive(),
            },
        );
        let is_new = manifest::write(&beside, &text)
            .map_err(|error| Failure::unwritable(&beside, &error))?;
        Ok(told::Manifest {
            path: shortened(beside),
            folder: path,
            is_new,
        })
    }
}

fn codes(states: &[&State]) -> String {
    let codes: Vec<&str> = states.iter().map(|state| state.usps).collect();
    codes.join(", ")
}

/// A path as it would be typed here.
fn shortened(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.ok()
        .and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned))
        .unwrap_or(path)
}
