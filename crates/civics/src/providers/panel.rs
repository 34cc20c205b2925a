//! Everybody who is asked, and what each says.

use super::census::Census;
use super::cicero::Cicero;
use super::google::Google;
use super::json::Json;
use super::retried::Pause;
use super::{
    Budget, Budgeted, Cached, DistrictFinder, Divisions, Key, Locator, OfficialFinder,
    OfficialSeen, ProviderError, ProviderName, ProviderSettings, ProvidersSettings, Query, Retried,
    SettingsError, Sighting, Source, Web, census, cicero, google, json,
};
use chrono::TimeDelta;
use redress_model::clock::Clock;
use std::sync::Arc;
use std::time::Duration;

/// What the program hands in.
pub struct Workshop<'program> {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How to wait.
    pub pause: Pause,
    /// A variable of the environment.
    pub variable: &'program dyn Fn(&str) -> Option<String>,
}

/// What one provider says of an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// Whose.
    pub provider: ProviderName,
    /// One entry for each match, or why there is none.
    pub divisions: Result<Vec<Divisions>, ProviderError>,
}

/// Everything that one provider says of an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Testimony {
    /// Municipality and district.
    pub opinion: Opinion,
    /// Where it sees the address, one entry for each match; empty where it cannot tell.
    pub sightings: Vec<Sighting>,
    /// Whom it names; empty where it cannot tell.
    pub officials: Vec<OfficialSeen>,
}

/// A provider that is on.
struct Provider {
    name: ProviderName,
    label: String,
    deadline: Duration,
    districts: Arc<dyn DistrictFinder>,
    locator: Option<Arc<dyn Locator>>,
    officials: Option<Arc<dyn OfficialFinder>>,
}

/// The providers that are on.
pub struct Panel(Vec<Provider>);

impl Panel {
    /// Sets up the providers that are enabled; `None` when none is.
    pub fn new(
        settings: &ProvidersSettings,
        workshop: &Workshop<'_>,
    ) -> Result<Option<Self>, SettingsError> {
        let mut providers: Vec<Provider> = Vec::new();
        for name in &settings.enabled {
            if providers.iter().all(|known| known.name != *name) {
                providers.push(provider(*name, settings, workshop)?);
            }
        }
        Ok((!providers.is_empty()).then_some(Self(providers)))
    }

    /// Who they are, as people are told.
    pub fn labels(&self) -> Vec<String> {
        self.0
            .iter()
            .map(|provider| provider.label.clone())
            .collect()
    }

    /// How long an answer of all of them may take.
    pub fn deadline(&self) -> Duration {
        let deadlines = self.0.iter().map(|provider| provider.deadline);
        deadlines.max().unwrap_or_default()
    }

    /// Asks all of them at once; nobody is waited for beyond their deadline.
    pub fn ask(&self, query: &Query) -> Vec<Opinion> {
        self.each(|provider| Opinion {
            provider: provider.name,
            divisions: provider.districts.divisions_of(query, provider.deadline),
        })
    }

    /// Asks all of them at once for everything that each can tell.
    pub fn ask_fully(&self, query: &Query) -> Vec<Testimony> {
        self.each(|provider| {
            let divisions = provider.districts.divisions_of(query, provider.deadline);
            let mut testimony = Testimony {
                sightings: Vec::new(),
                officials: Vec::new(),
                opinion: Opinion {
                    provider: provider.name,
                    divisions,
                },
            };
            // Whoever could not say the first will not say the rest.
            if testimony.opinion.divisions.is_ok() {
                if let Some(locator) = &provider.locator {
                    testimony.sightings =
                        locator.locate(query, provider.deadline).unwrap_or_default();
                }
                if let Some(officials) = &provider.officials {
                    testimony.officials = officials
                        .officials_of(query, provider.deadline)
                        .unwrap_or_default();
                }
            }
            testimony
        })
    }

    /// What would be said if nobody could be asked.
    pub fn silence(&self, error: &ProviderError) -> Vec<Opinion> {
        self.0
            .iter()
            .map(|provider| Opinion {
                provider: provider.name,
                divisions: Err(error.clone()),
            })
            .collect()
    }

    fn each<T: Send>(&self, ask: impl Fn(&Provider) -> T + Sync) -> Vec<T> {
        if let [only] = self.0.as_slice() {
            return vec![ask(only)];
        }
        std::thread::scope(|scope| {
            let asked: Vec<_> = self
                .0
                .iter()
                .map(|provider| scope.spawn(|| ask(provider)))
                .collect();
            // One that panicked has no opinion.
            asked
                .into_iter()
                .filter_map(|answer| answer.join().ok())
                .collect()
        })
    }
}

fn provider(
    name: ProviderName,
    all: &ProvidersSettings,
    workshop: &Workshop<'_>,
) -> Result<Provider, SettingsError> {
    let settings = all.of(name);
    let source =
        |template: &str, unknown_on| source(name, template, unknown_on, settings, workshop);
    let made = |label: &str, districts: Arc<dyn DistrictFinder>| Provider {
        name,
        label: label.to_owned(),
        deadline: Duration::from_millis(settings.deadline),
        districts,
        locator: None,
        officials: None,
    };
    Ok(match name {
        ProviderName::Census => {
            let census = Arc::new(Census(source(&census::template(&settings.url), &[])?));
            Provider {
                locator: Some(census.clone()),
                ..made("the US Census Bureau\u{2019}s geocoder", census)
            }
        }
        ProviderName::Google => {
            let template = google::template(&settings.url);
            let google = Google(source(&template, google::UNKNOWN_ON)?);
            made("Google\u{2019}s Civic Information API", Arc::new(google))
        }
        ProviderName::Cicero => {
            let cicero = Arc::new(Cicero(source(&cicero::template(&settings.url), &[])?));
            Provider {
                locator: Some(cicero.clone()),
                officials: Some(cicero.clone()),
                ..made("Cicero, a commercial directory of officials", cicero)
            }
        }
        ProviderName::Json => {
            let source = source(&settings.url, json::UNKNOWN_ON)?;
            let json = Arc::new(Json::new(source, all.pointers.clone())?);
            Provider {
                locator: Some(json.clone()),
                ..made(&Web::host(&settings.url), json)
            }
        }
    })
}

/// A server with everything around it that holds for every call: remembered answers cost nothing,
/// and every try counts against the budget.
fn source(
    name: ProviderName,
    template: &str,
    unknown_on: &'static [u16],
    settings: &ProviderSettings,
    workshop: &Workshop<'_>,
) -> Result<Arc<dyn Source>, SettingsError> {
    let provider = name.as_str();
    for (key, bound) in [
        ("deadline", settings.deadline),
        ("per_minute", settings.per_minute.into()),
        ("per_day", settings.per_day.into()),
    ] {
        if bound == 0 {
            return Err(SettingsError::Zero { provider, key });
        }
    }
    let variable = name.key_variable();
    let key = if template.contains("{key}") {
        let found = Key::find(provider, &settings.key_file, (workshop.variable)(variable))?;
        Some(found.ok_or(SettingsError::KeyMissing { provider, variable })?)
    } else {
        None
    };
    let web = Web::new(provider, template, key, unknown_on)?;
    let clock = || Arc::clone(&workshop.clock);
    let budget = Budget::new(settings.per_minute, settings.per_day);
    let retried = Retried::new(
        Budgeted::new(web, budget, clock()),
        settings.retries,
        clock(),
        Arc::clone(&workshop.pause),
    );
    Ok(if settings.cache_size == 0 {
        Arc::new(retried)
    } else {
        let age = TimeDelta::hours(settings.cache_hours.into());
        Arc::new(Cached::new(retried, settings.cache_size, age, clock()))
    })
}
