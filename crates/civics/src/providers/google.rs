//! Google's Civic Information API: the divisions of an address, as Open Civic Data ids. Its list
//! of officials was closed in April 2025.

use super::{DistrictFinder, Divisions, ProviderError, Query, Source, ocd};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// Where it is.
pub const URL: &str = "https://civicinfo.googleapis.com/civicinfo/v2/divisionsByAddress";

/// It answers so when it does not know an address.
pub const UNKNOWN_ON: &[u16] = &[404];

/// The address of a question.
pub fn template(url: &str) -> String {
    format!("{url}?address={{address}}&key={{key}}")
}

/// The divisions of an address.
pub struct Google(pub Arc<dyn Source>);

impl DistrictFinder for Google {
    fn divisions_of(
        &self,
        query: &Query,
        within: Duration,
    ) -> Result<Vec<Divisions>, ProviderError> {
        let answer = self.0.ask(query, within)?;
        if answer.is_null() {
            return Ok(Vec::new());
        }
        let divisions = answer
            .get("divisions")
            .and_then(Value::as_object)
            .ok_or(ProviderError::Shape("no divisions"))?;
        if divisions.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![ocd::divisions(divisions.keys().map(String::as_str))])
    }
}
