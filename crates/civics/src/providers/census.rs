//! The Census Bureau's geocoder: where an address is, and in which place. It knows no council
//! districts, and needs no key.
//!
//! Shape: *Census Geocoding Services Web Application Programming Interface*, "geographies".

use super::{
    DistrictFinder, Divisions, Locator, PlaceSaid, ProviderError, Query, Sighting, Source,
};
use redress_model::resolution::Point;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// Where it is.
pub const URL: &str = "https://geocoding.geo.census.gov/geocoder/geographies/onelineaddress";

/// Layers whose areas are municipalities, or may be.
const MUNICIPAL: [&str; 2] = ["Incorporated Places", "Consolidated Cities"];

/// The address of a question.
pub fn template(url: &str) -> String {
    format!(
        "{url}?address={{address}}&benchmark=Public_AR_Current&vintage=Current_Current&layers=all&format=json"
    )
}

/// The geocoder.
pub struct Census(pub Arc<dyn Source>);

impl Census {
    fn matches(&self, query: &Query, within: Duration) -> Result<Vec<Value>, ProviderError> {
        let answer = self.0.ask(query, within)?;
        answer
            .pointer("/result/addressMatches")
            .and_then(Value::as_array)
            .cloned()
            .ok_or(ProviderError::Shape("no result.addressMatches"))
    }
}

impl Locator for Census {
    fn locate(&self, query: &Query, within: Duration) -> Result<Vec<Sighting>, ProviderError> {
        let matches = self.matches(query, within)?;
        Ok(matches
            .iter()
            .map(|one| Sighting {
                address: one["matchedAddress"].as_str().map(str::to_owned),
                point: point(&one["coordinates"]["y"], &one["coordinates"]["x"]),
            })
            .collect())
    }
}

impl DistrictFinder for Census {
    fn divisions_of(
        &self,
        query: &Query,
        within: Duration,
    ) -> Result<Vec<Divisions>, ProviderError> {
        self.matches(query, within)?
            .iter()
            .map(|one| {
                let areas = one["geographies"]
                    .as_object()
                    .ok_or(ProviderError::Shape("a match without geographies"))?;
                let geoids = |layer: &str| {
                    let areas = areas.get(layer).and_then(Value::as_array);
                    areas
                        .into_iter()
                        .flatten()
                        .filter_map(|area| area["GEOID"].as_str().map(str::to_owned))
                        .collect::<Vec<_>>()
                };
                // Whoever names the county has looked: then no place means that there is none.
                let has_looked = !geoids("Counties").is_empty();
                let places: Vec<PlaceSaid> = MUNICIPAL
                    .into_iter()
                    .flat_map(geoids)
                    .map(PlaceSaid::Geoid)
                    .collect();
                Ok(Divisions {
                    places: (has_looked || !places.is_empty()).then_some(places),
                    districts: Vec::new(),
                })
            })
            .collect()
    }
}

/// A point of two numbers, which may come as text.
pub(super) fn point(lat: &Value, lon: &Value) -> Option<Point> {
    let number = |value: &Value| {
        value
            .as_f64()
            .or_else(|| value.as_str()?.trim().parse().ok())
    };
    Some(Point {
        lat: number(lat)?,
        lon: number(lon)?,
    })
}
