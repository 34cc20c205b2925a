//! The manifest: which sources a pack is built from, in which order.

use chrono::NaiveDate;
use redress_model::period::Period;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::BuildError;
use super::report::shortened;
use crate::officials::Format;

/// Longest manifest.
const MOST_BYTES: u64 = 16 << 20;

/// A manifest as written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What the pack is called.
    pub name: String,
    /// The day as of which the sources were gathered.
    #[serde(default, deserialize_with = "text_or_date")]
    pub as_of: Option<String>,
    /// The sources, in order: where two hold the same thing the later wins.
    #[serde(default, rename = "source")]
    pub sources: Vec<Source>,
    /// The manifest's folder.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// What a source holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A folder of the Census Bureau's TIGER/Line zips.
    Tiger,
    /// One ADDRFEAT shapefile alone.
    TigerAddrfeat,
    /// Single addresses with a point.
    AddressPoints,
    /// Ranges with lines.
    AddressRanges,
    /// Election-office lists: ranges with districts, without geometry.
    StreetSegments,
    /// Polygons of places.
    Places,
    /// Polygons of districts.
    Districts,
    /// Names and status of places.
    Gazetteer,
    /// ZIPs with their cities.
    Zips,
    /// Open Civic Data ids.
    Divisions,
    /// Posts and who holds them.
    Officials,
}

impl Kind {
    /// Its name in the manifest.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tiger => "tiger",
            Self::TigerAddrfeat => "tiger_addrfeat",
            Self::AddressPoints => "address_points",
            Self::AddressRanges => "address_ranges",
            Self::StreetSegments => "street_segments",
            Self::Places => "places",
            Self::Districts => "districts",
            Self::Gazetteer => "gazetteer",
            Self::Zips => "zips",
            Self::Divisions => "divisions",
            Self::Officials => "officials",
        }
    }
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it holds.
    pub kind: Kind,
    /// Where it lies: relative to the manifest, possibly a pattern.
    pub path: String,
    /// GEOID of the place that districts or addresses belong to.
    pub place: Option<String>,
    /// USPS code of the state.
    pub state: Option<String>,
    /// First day in force.
    #[serde(default, deserialize_with = "text_or_date")]
    pub valid_from: Option<String>,
    /// First day no longer in force.
    #[serde(default, deserialize_with = "text_or_date")]
    pub valid_to: Option<String>,
    /// Our column names to theirs; when given, no other column is read.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Values for columns that are absent or blank.
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
    /// What parts the columns; a comma unless the first line says otherwise.
    pub delimiter: Option<String>,
    /// How a list of officials is written; without it each file says so itself.
    pub format: Option<String>,
    /// Under which licence it was published.
    pub licence: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Its own date.
    #[serde(default, deserialize_with = "text_or_date")]
    pub as_of: Option<String>,
    /// When it is in force.
    #[serde(skip)]
    pub period: Period,
}

/// Most letters of an error that quotes the line.
const MOST_QUOTED: usize = 2000;

/// The parser's own words, which quote the line; without the line where it is endless.
fn explained(error: &toml::de::Error, text: &str) -> String {
    let whole = error.to_string();
    if whole.len() <= MOST_QUOTED {
        return whole.trim_end().to_owned();
    }
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    format!("line {line}: {}", shortened(error.message()))
}

/// A date may be quoted or not.
fn text_or_date<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum TextOrDate {
        Text(String),
        Date(toml::value::Datetime),
    }
    Ok(
        Option::<TextOrDate>::deserialize(deserializer)?.map(|value| match value {
            TextOrDate::Text(text) => text,
            TextOrDate::Date(date) => date.to_string(),
        }),
    )
}

impl Manifest {
    /// Reads and checks a manifest.
    pub fn read(path: &Path) -> Result<Self, BuildError> {
        let bytes = super::files::read(path, "", MOST_BYTES)?;
        Self::parse(bytes, path)
    }

    /// Reads and checks a manifest's bytes; `path` is where it lies, for messages and for what it names.
    pub(super) fn parse(bytes: Vec<u8>, path: &Path) -> Result<Self, BuildError> {
        let wrong = |message: String| BuildError::Manifest {
            path: path.to_owned(),
            message,
        };
        let text = String::from_utf8(bytes)
            .map_err(|_| wrong("is not UTF-8 text; a manifest is TOML".into()))?;
        let mut manifest: Self =
            toml::from_str(&text).map_err(|error| wrong(explained(&error, &text)))?;
        if manifest.sources.is_empty() {
            return Err(wrong("has no [[source]]; name at least one".into()));
        }
        manifest.folder = path.parent().map(Path::to_owned).unwrap_or_default();
        for (number, source) in manifest.sources.iter_mut().enumerate() {
            source.check().map_err(|message| {
                wrong(format!(
                    "source {} ({} {:?}): {message}",
                    number + 1,
                    source.kind.as_str(),
                    source.path
                ))
            })?;
        }
        Ok(manifest)
    }
}

impl Source {
    fn check(&mut self) -> Result<(), String> {
        let day = |key: &str, text: &Option<String>| -> Result<Option<NaiveDate>, String> {
            text.as_ref()
                .map(|text| {
                    text.parse().map_err(|_| {
                        format!("{key} = {text:?} is not a date such as \"2022-04-28\"")
                    })
                })
                .transpose()
        };
        self.period = Period {
            valid_from: day("valid_from", &self.valid_from)?,
            valid_to: day("valid_to", &self.valid_to)?,
        };
        if let Period {
            valid_from: Some(from),
            valid_to: Some(to),
        } = self.period
            && from >= to
        {
            return Err(format!("valid_from {from} is not before valid_to {to}"));
        }
        if let Some(place) = &self.place
            && !is_geoid(place, 7)
        {
            return Err(format!(
                "place = {place:?} is not a place's GEOID of seven digits"
            ));
        }
        if let Some(state) = &self.state
            && crate::words::state::by_text(&state.to_uppercase()).is_none()
        {
            return Err(format!(
                "state = {state:?} is not a USPS code such as \"CO\""
            ));
        }
        if let Some(delimiter) = &self.delimiter
            && (delimiter.len() != 1 || delimiter.contains(['"', '\r', '\n']))
        {
            return Err(format!(
                "delimiter = {delimiter:?} is not one ASCII character that can part columns"
            ));
        }
        if let Some(format) = &self.format {
            let names: Vec<&str> = Format::ALL.iter().map(|(name, _)| *name).collect();
            if self.kind != Kind::Officials {
                return Err(format!(
                    "{} takes no format: it is for officials",
                    self.kind.as_str()
                ));
            }
            if Format::parse(format).is_none() {
                let known = names.join(", ");
                return Err(format!(
                    "format = {format:?} is not known; the formats are {known}"
                ));
            }
        }
        let known = known_columns(self.kind);
        for column in self.columns.keys().chain(self.defaults.keys()) {
            if known.is_empty() {
                return Err(format!(
                    "{} takes no columns or defaults: its files name their own",
                    self.kind.as_str()
                ));
            }
            if !known.contains(&column.as_str()) {
                return Err(format!(
                    "column {column:?} is not known; the columns of {} are {}",
                    self.kind.as_str(),
                    known.join(", ")
                ));
            }
        }
        Ok(())
    }

    /// FIPS of the state given, or 0.
    pub fn state_fips(&self) -> u8 {
        self.state
            .as_ref()
            .and_then(|state| crate::words::state::by_text(&state.to_uppercase()))
            .map_or(0, |state| state.fips)
    }
}

/// Whether a text is a GEOID of so many digits.
pub fn is_geoid(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Our names of the columns or properties of a kind of source; empty where its files name their own.
pub fn known_columns(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::AddressPoints => &[
            "address", "number", "predir", "street", "type", "postdir", "unit", "city", "state",
            "zip", "lat", "lon", "place", "district",
        ],
        Kind::AddressRanges | Kind::StreetSegments => &[
            "from", "to", "parity", "predir", "street", "type", "postdir", "city", "state", "zip",
            "geometry", "side", "place", "district",
        ],
        Kind::Gazetteer => &[
            "geoid", "state", "name", "namelsad", "lsad", "classfp", "funcstat", "lat", "lon",
            "ocd_id",
        ],
        Kind::Zips => &[
            "zip",
            "city",
            "state",
            "county",
            "county_fips",
            "county_fips3",
            "lat",
            "lon",
        ],
        Kind::Divisions => &["id", "name"],
        Kind::Places => &[
            "geoid", "name", "namelsad", "state", "lsad", "classfp", "funcstat", "ocd_id",
        ],
        Kind::Districts => &["district", "kind", "city_geoid", "ocd_id"],
        Kind::Officials => crate::officials::COLUMNS,
        Kind::Tiger | Kind::TigerAddrfeat => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Manifest, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sources.toml");
        std::fs::write(&path, text).unwrap();
        Manifest::read(&path).map_err(|error| error.to_string())
    }

    const HEAD: &str = "name = \"n\"\n[[source]]\nkind = \"districts\"\npath = \"d.geojson\"\n";

    #[test]
    fn an_unknown_key_lists_the_known_ones() {
        let error = read(&format!("{HEAD}plaec = \"0804000\"\n")).unwrap_err();
        assert!(
            error.contains("plaec") && error.contains("`place`") && error.contains("line 5"),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_column_lists_the_known_ones() {
        let error = read(
            "name=\"n\"\n[[source]]\nkind=\"zips\"\npath=\"z.csv\"\ncolumns = { zap = \"zip\" }",
        )
        .unwrap_err();
        assert!(
            error.contains("zap") && error.contains("county_fips"),
            "{error}"
        );
    }

    #[test]
    fn dates_may_be_quoted_or_not_and_must_be_dates() {
        let manifest = read(&format!(
            "{HEAD}valid_from = 2022-04-28\nvalid_to = \"2023-01-01\""
        ))
        .unwrap();
        assert_eq!(
            manifest.sources[0].period.valid_from,
            "2022-04-28".parse().ok()
        );
        assert!(
            read(&format!("{HEAD}valid_to = \"soon\""))
                .unwrap_err()
                .contains("soon")
        );
        assert!(
            read(&format!(
                "{HEAD}valid_from = 2022-04-28\nvalid_to = 2022-04-28"
            ))
            .is_err()
        );
    }

    #[test]
    fn a_manifest_without_sources_is_refused() {
        assert!(read("name = \"n\"").unwrap_err().contains("[[source]]"));
        assert!(read("name = ").is_err());
    }
}
