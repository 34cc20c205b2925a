//! Which providers are asked, and how often: the section `civics.providers` of the configuration.

use serde::{Deserialize, Serialize};

/// The providers on the web.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderName {
    /// The Census Bureau's geocoder: places, no districts.
    Census,
    /// Google's Civic Information API: divisions.
    Google,
    /// Cicero: divisions and officials.
    Cicero,
    /// Any service that answers with JSON.
    Json,
}

impl ProviderName {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Census, Self::Google, Self::Cicero, Self::Json];

    /// As in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Census => "census",
            Self::Google => "google",
            Self::Cicero => "cicero",
            Self::Json => "json",
        }
    }

    /// The variable of the environment that may hold its key. It has no section, so it is no key
    /// of the configuration and `config show` never sees it.
    pub fn key_variable(self) -> &'static str {
        match self {
            Self::Census => "REDRESS_CENSUS_KEY",
            Self::Google => "REDRESS_GOOGLE_KEY",
            Self::Cicero => "REDRESS_CICERO_KEY",
            Self::Json => "REDRESS_JSON_KEY",
        }
    }
}

impl std::str::FromStr for ProviderName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|name| name.as_str() == text)
            .ok_or_else(|| "the providers are census, google, cicero and json".to_owned())
    }
}

/// Who is asked, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProvidersSettings {
    /// Who is asked besides the pack; nobody by default.
    pub enabled: Vec<ProviderName>,
    /// The Census Bureau.
    pub census: ProviderSettings,
    /// Google.
    pub google: ProviderSettings,
    /// Cicero.
    pub cicero: ProviderSettings,
    /// Any service that answers with JSON.
    pub json: ProviderSettings,
    /// Where such a service says what.
    pub pointers: Pointers,
}

impl ProvidersSettings {
    /// The settings of one.
    pub fn of(&self, name: ProviderName) -> &ProviderSettings {
        match name {
            ProviderName::Census => &self.census,
            ProviderName::Google => &self.google,
            ProviderName::Cicero => &self.cicero,
            ProviderName::Json => &self.json,
        }
    }
}

impl Default for ProvidersSettings {
    fn default() -> Self {
        let at = |url: &str| ProviderSettings {
            url: url.to_owned(),
            ..ProviderSettings::default()
        };
        Self {
            enabled: Vec::new(),
            census: at(super::census::URL),
            google: at(super::google::URL),
            cicero: at(super::cicero::URL),
            json: ProviderSettings::default(),
            pointers: Pointers::default(),
        }
    }
}

/// How one provider is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProviderSettings {
    /// Where; for `json` with `{address}`, and `{key}` where it takes one.
    pub url: String,
    /// The file of its key.
    pub key_file: String,
    /// Milliseconds within which it answers, retries included.
    pub deadline: u64,
    /// How often it is asked again when it fails.
    pub retries: u32,
    /// Most calls in any minute.
    pub per_minute: u32,
    /// Most calls in any day.
    pub per_day: u32,
    /// Most answers that are remembered, in memory; 0 remembers none.
    pub cache_size: usize,
    /// Hours for which an answer is remembered.
    pub cache_hours: u32,
}

impl Default for ProviderSettings {
    fn default() -> Self {
        Self {
            url: String::new(),
            key_file: String::new(),
            deadline: 3_000,
            retries: 1,
            per_minute: 60,
            per_day: 5_000,
            cache_size: 1_000,
            cache_hours: 24,
        }
    }
}

/// Where a service that answers with JSON says what: JSON pointers (RFC 6901), an empty one where
/// it does not say it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pointers {
    /// The list of matches; empty: the whole answer is one match.
    pub matches: String,
    /// Within a match: GEOID of the municipality.
    pub place_geoid: String,
    /// Within a match: its Open Civic Data id, or that of a district in it.
    pub place_ocd_id: String,
    /// Within a match: its name.
    pub place_name: String,
    /// Within a match: USPS code of its state; needed with the name.
    pub place_state: String,
    /// Within a match: the council district.
    pub district: String,
    /// Within a match: latitude.
    pub lat: String,
    /// Within a match: longitude.
    pub lon: String,
}
