//! What is sealed of a signer, as the seal holds it.

use serde::{Deserialize, Serialize};

/// Who signed: sealed as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignerFields {
    /// Name as it was given.
    pub name: String,
    /// Where mail reaches the signer; empty for one who gave none on paper.
    pub email: String,
    /// ZIP code with its +4 if given.
    pub zip: String,
    /// The mail's city.
    pub city: String,
    /// The mail's state, two letters.
    pub state: String,
    /// The side of the block (a TIGER edge with its side, or a 150 m cell), from which a new map or
    /// pack resolves again once the street address is dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
}

/// Where the signer lives: sealed as JSON, dropped once resolved unless the petition keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressFields {
    /// House number and street.
    pub street: String,
    /// Apartment, suite, floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whether its signer agreed that it is kept; if not it goes as soon as it is located.
    #[serde(default)]
    pub is_agreed: bool,
}
