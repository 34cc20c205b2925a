//! `redress export counts`.

use crate::commands::petition::{find, parse_slug};
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, run};
use crate::output::{self, Globals};
use clap::{Args, ValueEnum};
use redress_model::geoid::Geoid;
use redress_model::home::Home;
use redress_model::resolution::Point;
use redress_model::slug::Slug;
use redress_reports::counts::{CountRow, by_district, by_place};
use redress_reports::format::Format;
use redress_reports::place::Place;
use std::collections::HashMap;
use std::path::PathBuf;

/// A petition's counts by place or district
#[derive(Args)]
pub struct Counts {
    #[command(flatten)]
    database: Database,
    /// Which petition
    #[arg(long, value_name = "SLUG", value_parser = parse_slug)]
    petition: Slug,
    /// What a row is
    #[arg(long, value_enum, default_value_t = By::Place)]
    by: By,
    /// csv, json, geojson or xlsx
    #[arg(long, default_value = "csv", value_parser = parse_format)]
    format: Format,
    /// Where to (default: standard output)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// A city, town or township.
    Place,
    /// A council district of one.
    District,
}

fn parse_format(text: &str) -> Result<Format, String> {
    Format::named(text).ok_or_else(|| "write csv, json, geojson or xlsx".to_owned())
}

impl Counts {
    /// Writes them.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let rows = run(async {
            let instance = self.database.open(&globals.config).await?;
            let rows = self.rows(&instance).await;
            instance.close().await;
            rows
        })?;
        let mut bytes = Vec::new();
        self.format
            .write(rows, &mut bytes)
            .map_err(Failure::failed)?;
        output::write(self.out.as_deref(), &bytes)
    }

    async fn rows(&self, instance: &Instance) -> Result<Vec<CountRow>, Failure> {
        let store = &instance.store;
        let petition = find(store, &self.petition).await?.id;
        Ok(match self.by {
            By::Place => {
                let homes = store.tallies.list_homes(petition).await;
                let homes = homes.map_err(Failure::failed)?;
                let places = places(instance, homes.iter().map(|tally| &tally.home)).await?;
                by_place(homes, |geoid| places.get(geoid).cloned())
            }
            By::District => {
                let districts = store.tallies.list_districts(petition, None).await;
                let districts = districts.map_err(Failure::failed)?;
                let places = places(instance, districts.iter().map(|tally| &tally.home)).await?;
                by_district(districts, |geoid| places.get(geoid).cloned())
            }
        })
    }
}

/// What the directory knows of some homes; a government without a name goes by that of its lists.
async fn places(
    instance: &Instance,
    homes: impl Iterator<Item = &Home>,
) -> Result<HashMap<Geoid, Place>, Failure> {
    let mut geoids: Vec<Geoid> = homes.filter_map(Home::geoid).cloned().collect();
    geoids.dedup();
    let officials = &instance.store.officials;
    let named = officials
        .list_named_governments(&geoids)
        .await
        .map_err(Failure::failed)?;
    let mut places: HashMap<Geoid, Place> = named
        .into_iter()
        .map(|government| {
            let place = Place {
                name: government.name,
                state: government.state,
                point: government.point.map(|(lat, lon)| Point { lat, lon }),
            };
            (government.geoid, place)
        })
        .collect();
    for geoid in geoids {
        if places.contains_key(&geoid) {
            continue;
        }
        let listed = officials.find_jurisdiction(&geoid).await;
        let listed = listed.map_err(Failure::failed)?;
        let known = listed.and_then(|listed| Some((listed.name?, listed.state)));
        if let Some((name, state)) = known {
            let place = Place {
                name,
                state: state.unwrap_or_default(),
                point: None,
            };
            places.insert(geoid, place);
        }
    }
    Ok(places)
}
