//! Second opinions at the command line.

use crate::failure::Failure;
use crate::second_opinions;
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_civics::parse::Input;
use redress_civics::providers::{
    Divisions, OfficialSeen, Opinion, Panel, PlaceSaid, ProviderName, ProvidersSettings, Query,
    Testimony, second_opinion,
};
use redress_model::resolution::{Point, Resolution};
use serde::Serialize;

/// An answer with the opinions that it has stood.
#[derive(Serialize)]
pub struct Heard {
    /// The answer, lowered where one of them disagrees.
    #[serde(flatten)]
    pub resolution: Resolution,
    /// What each said.
    opinions: Vec<Voice>,
}

/// What one provider said.
#[derive(Serialize)]
struct Voice {
    provider: ProviderName,
    /// In words.
    said: String,
    matches: Vec<Match>,
    /// Whom it names.
    officials: Vec<OfficialSeen>,
}

#[derive(Serialize)]
struct Match {
    places: Vec<String>,
    districts: Vec<String>,
    point: Option<Point>,
}

/// The providers that are named, by the settings of the configuration.
pub fn panel(settings: &ProvidersSettings, names: &[ProviderName]) -> Result<Panel, Failure> {
    let mut settings = ProvidersSettings {
        enabled: names.to_vec(),
        ..settings.clone()
    };
    // One answer serves every question about the address, whatever a server may remember.
    for provider in [
        &mut settings.census,
        &mut settings.google,
        &mut settings.cicero,
        &mut settings.json,
    ] {
        provider.cache_size = provider.cache_size.max(1);
        provider.cache_hours = provider.cache_hours.max(1);
    }
    second_opinions::panel(&settings)?
        .ok_or_else(|| Failure::input(anyhow::anyhow!("no provider was named")))
}

/// Asks them all about an address.
pub fn hear(
    panel: &Panel,
    resolution: Resolution,
    pack: &Pack,
    directory: &Directory,
    input: &Input<'_>,
) -> Heard {
    let testimonies = panel.ask_fully(&Query::new(input));
    let opinions: Vec<Opinion> = testimonies
        .iter()
        .map(|testimony| testimony.opinion.clone())
        .collect();
    let (resolution, verdicts) = second_opinion(resolution, pack, Some(directory), &opinions);
    let opinions = testimonies
        .into_iter()
        .zip(&verdicts)
        .map(|(testimony, verdict)| Voice {
            provider: testimony.opinion.provider,
            said: verdict.said(pack),
            matches: matches(&testimony),
            officials: testimony.officials,
        })
        .collect();
    Heard {
        resolution,
        opinions,
    }
}

fn matches(testimony: &Testimony) -> Vec<Match> {
    let divisions = testimony.opinion.divisions.iter().flatten();
    divisions
        .enumerate()
        .map(|(at, divisions)| Match {
            places: places(divisions),
            districts: divisions
                .districts
                .iter()
                .map(|district| district.label.clone())
                .collect(),
            point: testimony.sightings.get(at).and_then(|seen| seen.point),
        })
        .collect()
}

fn places(divisions: &Divisions) -> Vec<String> {
    divisions
        .places
        .iter()
        .flatten()
        .map(|place| match place {
            PlaceSaid::Geoid(geoid) => geoid.clone(),
            PlaceSaid::Ocd(id) => id.clone(),
            PlaceSaid::Named { name, state } => format!("{name}, {state}"),
        })
        .collect()
}

impl Heard {
    /// What each said, a line for each.
    pub fn lines(&self) -> String {
        let lines: Vec<String> = self
            .opinions
            .iter()
            .map(|opinion| {
                let name = opinion.provider.as_str();
                let officials: Vec<String> = opinion
                    .officials
                    .iter()
                    .map(|official| format!("\n  {}: {}", official.title, official.name))
                    .collect();
                format!(
                    "Second opinion: {name} {}{}",
                    opinion.said,
                    officials.concat()
                )
            })
            .collect();
        lines.join("\n")
    }
}
