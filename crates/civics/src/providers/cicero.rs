//! Cicero: the officials of an address, and through them its districts.

use super::{
    DistrictFinder, DistrictSaid, Divisions, Locator, OfficialFinder, OfficialSeen, PlaceSaid,
    ProviderError, Query, Sighting, Source, census,
};
use crate::officials::district_label;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// Where it is.
pub const URL: &str = "https://app.cicerodata.com/v3.1/official";

/// Types of district whose officials are a city's: its council, and its mayor.
const LOCAL: [&str; 2] = ["LOCAL", "LOCAL_EXEC"];

/// The address of a question.
pub fn template(url: &str) -> String {
    format!(
        "{url}?search_loc={{address}}&district_type=LOCAL&district_type=LOCAL_EXEC&max=100&format=json&key={{key}}"
    )
}

/// Officials and districts of an address.
pub struct Cicero(pub Arc<dyn Source>);

impl Cicero {
    fn candidates(&self, query: &Query, within: Duration) -> Result<Vec<Value>, ProviderError> {
        let answer = self.0.ask(query, within)?;
        answer
            .pointer("/response/results/candidates")
            .and_then(Value::as_array)
            .cloned()
            .ok_or(ProviderError::Shape("no response.results.candidates"))
    }
}

fn officials(candidate: &Value) -> impl Iterator<Item = &Value> {
    let officials = candidate["officials"].as_array();
    officials.into_iter().flatten().filter(|official| {
        official["office"]["district"]["district_type"]
            .as_str()
            .is_some_and(|kind| LOCAL.contains(&kind))
    })
}

impl Locator for Cicero {
    fn locate(&self, query: &Query, within: Duration) -> Result<Vec<Sighting>, ProviderError> {
        let candidates = self.candidates(query, within)?;
        Ok(candidates
            .iter()
            .map(|one| Sighting {
                address: one["match_addr"].as_str().map(str::to_owned),
                point: census::point(&one["y"], &one["x"]),
            })
            .collect())
    }
}

impl DistrictFinder for Cicero {
    fn divisions_of(
        &self,
        query: &Query,
        within: Duration,
    ) -> Result<Vec<Divisions>, ProviderError> {
        let candidates = self.candidates(query, within)?;
        Ok(candidates.iter().map(divisions).collect())
    }
}

fn divisions(candidate: &Value) -> Divisions {
    let mut said = Divisions::default();
    let mut places: Vec<PlaceSaid> = Vec::new();
    for official in officials(candidate) {
        let district = &official["office"]["district"];
        let text = |key: &str| district[key].as_str().map(str::trim).unwrap_or_default();
        let (name, state) = (text("city"), text("state"));
        let place = PlaceSaid::Named {
            name: name.to_owned(),
            state: state.to_uppercase(),
        };
        // A county's own council names no city.
        if name.is_empty() || state.is_empty() {
            continue;
        }
        if text("district_type") == "LOCAL"
            && let Some(label) = district_label(text("district_id"))
        {
            let of = Some(place.clone());
            let district = DistrictSaid { label, of };
            if !said.districts.contains(&district) {
                said.districts.push(district);
            }
        }
        if !places.contains(&place) {
            places.push(place);
        }
    }
    // A city that it does not cover looks like none: it never says that there is none.
    said.places = Some(places).filter(|places| !places.is_empty());
    said
}

impl OfficialFinder for Cicero {
    fn officials_of(
        &self,
        query: &Query,
        within: Duration,
    ) -> Result<Vec<OfficialSeen>, ProviderError> {
        let candidates = self.candidates(query, within)?;
        Ok(candidates
            .iter()
            .flat_map(officials)
            .map(|official| {
                let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
                let names = [&official["first_name"], &official["last_name"]].map(text);
                let office = &official["office"];
                OfficialSeen {
                    name: names.join(" ").trim().to_owned(),
                    title: text(&office["title"]),
                    district: (office["district"]["district_type"] == "LOCAL")
                        .then(|| district_label(&text(&office["district"]["district_id"])))
                        .flatten(),
                }
            })
            .collect())
    }
}
