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
    /// The side of the block as JSON, some tens of houses (`redress_civics::block::Block`), from which a new pack resolves again
    /// once the street address is dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    /// What the signer was asked at a border, so that the receipt offers exactly that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
}

/// The answers among which a signer could choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The pack that asked; another may know better.
    pub pack: String,
    /// Each possible answer.
    pub offers: Vec<Offer>,
}

/// One possible answer: divisions only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Opaque: sent back to choose it.
    pub choice: String,
    /// What a person reads.
    pub label: String,
    /// Where the signature is counted then, as [`redress_model::home::Home`] is stored.
    pub home: String,
    /// The district's label; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub district: String,
    /// GEOIDs of the other governments over it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<String>,
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
