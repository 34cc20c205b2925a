//! What a list says of a seat: at large, a district, or nothing.

use serde::{Deserialize, Serialize};

/// What a row says of its seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stated {
    /// Elected by the whole jurisdiction; with the seat's own label, where seats have one.
    AtLarge(Option<String>),
    /// Elected by one district, by its bare label.
    District(String),
    /// Elected by a district that is not named.
    SomeDistrict,
    /// Nothing.
    Nothing,
}
