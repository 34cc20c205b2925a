//! Providers against a server on this machine that answers in their shapes, with people and places
//! that are made up.

mod calls;
mod faults;
mod opinions;
mod shapes;

use super::settings::Pointers;
use super::{
    Panel, ProviderName, ProviderSettings, ProvidersSettings, Query, SettingsError, Workshop,
};
use crate::local_server::{Answer, LocalServer, Request};
use crate::parse::Input;
use chrono::{DateTime, Utc};
use redress_model::clock::Clock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A clock that a test moves.
#[derive(Default)]
struct Hand(AtomicI64);

impl Hand {
    fn move_on(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        let seconds = 1_780_000_000 + self.0.load(Ordering::SeqCst);
        DateTime::from_timestamp(seconds, 0).unwrap()
    }
}

/// A server and a panel of one provider that asks it.
struct Stage {
    server: LocalServer,
    panel: Panel,
    clock: Arc<Hand>,
    waits: Arc<Mutex<Vec<Duration>>>,
}

const KEY: &str = "k3y-of-the-test";

impl Stage {
    fn new(
        name: ProviderName,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::with(name, &|_| {}, answer)
    }

    /// With settings of its own.
    fn with(
        name: ProviderName,
        change: &dyn Fn(&mut ProviderSettings),
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let server = LocalServer::new(answer);
        let mut settings = ProviderSettings {
            url: match name {
                ProviderName::Json => format!("{}/look?at={{address}}", server.url()),
                _ => format!("{}/api", server.url()),
            },
            // Long enough for a busy machine; tests of deadlines have less patience.
            deadline: 20_000,
            ..ProviderSettings::default()
        };
        change(&mut settings);
        let (clock, waits): (Arc<Hand>, Arc<Mutex<Vec<Duration>>>) = Default::default();
        let noted = Arc::clone(&waits);
        let panel = panel(
            &all(name, settings),
            &Workshop {
                clock: clock.clone(),
                pause: Arc::new(move |wait| noted.lock().unwrap().push(wait)),
                variable: &|name| name.ends_with("_KEY").then(|| KEY.to_owned()),
            },
        );
        Self {
            server,
            panel: panel.unwrap(),
            clock,
            waits,
        }
    }

    fn asked(&self) -> usize {
        self.server.requests().len()
    }
}

/// Settings in which one provider is on.
fn all(name: ProviderName, settings: ProviderSettings) -> ProvidersSettings {
    let mut all = ProvidersSettings {
        enabled: vec![name],
        pointers: Pointers {
            matches: "/found".into(),
            place_geoid: "/city/geoid".into(),
            district: "/city/ward".into(),
            lat: "/at/0".into(),
            lon: "/at/1".into(),
            ..Pointers::default()
        },
        ..ProvidersSettings::default()
    };
    let own = match name {
        ProviderName::Census => &mut all.census,
        ProviderName::Google => &mut all.google,
        ProviderName::Cicero => &mut all.cicero,
        ProviderName::Json => &mut all.json,
    };
    *own = settings;
    all
}

fn panel(settings: &ProvidersSettings, workshop: &Workshop<'_>) -> Result<Panel, SettingsError> {
    Panel::new(settings, workshop).map(Option::unwrap)
}

fn query() -> Query {
    Query::new(&Input::line("12 Oak St, Alder, ZZ 00501"))
}

fn json(body: &serde_json::Value) -> Answer {
    Answer::new(200, body.to_string()).with("Content-Type", "application/json")
}

/// An answer of the Census Bureau's with places by GEOID, one for each match.
fn census(places: &[&[&str]]) -> serde_json::Value {
    let matches: Vec<serde_json::Value> = places
        .iter()
        .map(|geoids| {
            let areas: Vec<_> = geoids
                .iter()
                .map(|geoid| serde_json::json!({"GEOID": geoid, "NAME": "Alder city", "FUNCSTAT": "A"}))
                .collect();
            serde_json::json!({
                "matchedAddress": "12 OAK ST, ALDER, ZZ, 00501",
                "coordinates": {"x": -149.5, "y": 30.25},
                "geographies": {"Incorporated Places": areas, "Counties": [{"GEOID": "99001", "NAME": "Sample County"}]}
            })
        })
        .collect();
    serde_json::json!({"result": {"input": {}, "addressMatches": matches}})
}
