//! Any service that answers with JSON: the configuration says where in it what stands.

use super::settings::Pointers;
use super::{
    DistrictFinder, DistrictSaid, Divisions, Locator, PlaceSaid, ProviderError, Query,
    SettingsError, Sighting, Source, census, ocd,
};
use crate::officials::district_label;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// It answers so when it does not know an address.
pub const UNKNOWN_ON: &[u16] = &[404];

/// A service and its pointers.
pub struct Json {
    source: Arc<dyn Source>,
    pointers: Pointers,
}

impl Json {
    /// With pointers that can be followed, and say something.
    pub fn new(source: Arc<dyn Source>, pointers: Pointers) -> Result<Self, SettingsError> {
        for (key, pointer) in [
            ("matches", &pointers.matches),
            ("place_geoid", &pointers.place_geoid),
            ("place_ocd_id", &pointers.place_ocd_id),
            ("place_name", &pointers.place_name),
            ("place_state", &pointers.place_state),
            ("district", &pointers.district),
            ("lat", &pointers.lat),
            ("lon", &pointers.lon),
        ] {
            if !pointer.is_empty() && !pointer.starts_with('/') {
                return Err(SettingsError::Pointer {
                    key,
                    pointer: pointer.clone(),
                });
            }
        }
        let says_place = [
            &pointers.place_geoid,
            &pointers.place_ocd_id,
            &pointers.place_name,
        ];
        if says_place.iter().all(|pointer| pointer.is_empty()) {
            return Err(SettingsError::NoPointer);
        }
        Ok(Self { source, pointers })
    }

    fn matches(&self, query: &Query, within: Duration) -> Result<Vec<Value>, ProviderError> {
        let answer = self.source.ask(query, within)?;
        if answer.is_null() {
            return Ok(Vec::new());
        }
        if self.pointers.matches.is_empty() {
            return Ok(vec![(*answer).clone()]);
        }
        match answer.pointer(&self.pointers.matches) {
            Some(Value::Array(matches)) => Ok(matches.clone()),
            Some(Value::Null) => Ok(Vec::new()),
            Some(one @ Value::Object(_)) => Ok(vec![one.clone()]),
            _ => Err(ProviderError::Shape(
                "nothing where pointers.matches points",
            )),
        }
    }
}

/// What a pointer leads to, as text; `None` where it leads nowhere.
fn text(value: &Value, pointer: &str) -> Option<String> {
    if pointer.is_empty() {
        return None;
    }
    match value.pointer(pointer)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Locator for Json {
    fn locate(&self, query: &Query, within: Duration) -> Result<Vec<Sighting>, ProviderError> {
        let matches = self.matches(query, within)?;
        let at = |one: &Value, pointer: &str| {
            one.pointer(pointer)
                .filter(|_| !pointer.is_empty())
                .cloned()
                .unwrap_or_default()
        };
        Ok(matches
            .iter()
            .map(|one| Sighting {
                address: None,
                point: census::point(&at(one, &self.pointers.lat), &at(one, &self.pointers.lon)),
            })
            .collect())
    }
}

impl DistrictFinder for Json {
    fn divisions_of(
        &self,
        query: &Query,
        within: Duration,
    ) -> Result<Vec<Divisions>, ProviderError> {
        let pointers = &self.pointers;
        let matches = self.matches(query, within)?;
        Ok(matches
            .iter()
            .map(|one| {
                let mut said = text(one, &pointers.place_ocd_id)
                    .map(|id| ocd::divisions([id.as_str()]))
                    .unwrap_or_default();
                let mut places = said.places.take().unwrap_or_default();
                places.extend(text(one, &pointers.place_geoid).map(PlaceSaid::Geoid));
                if let (Some(name), Some(state)) = (
                    text(one, &pointers.place_name),
                    text(one, &pointers.place_state),
                ) {
                    places.push(PlaceSaid::Named {
                        name,
                        state: state.to_uppercase(),
                    });
                }
                let stated = text(one, &pointers.district).and_then(|text| district_label(&text));
                if let Some(label) = stated {
                    // What is stated goes before what an id implies.
                    said.districts = vec![DistrictSaid { label, of: None }];
                }
                said.places = Some(places).filter(|places| !places.is_empty());
                said
            })
            .collect())
    }
}
