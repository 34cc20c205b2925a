//! What a message says, before it has an address and a date.

use serde::{Deserialize, Serialize};

/// The parts of one message, in the order in which a reader meets them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageParts {
    /// The subject, one line; may hold any character.
    pub subject: String,
    /// All that it says as plain text, lines of 72 characters ended by `\n`.
    pub text: String,
    /// The same as HTML that fetches nothing.
    pub html: String,
}

/// The parts of a letter to an official: frozen with its batch.
pub type LetterParts = MessageParts;

/// The parts of a mail to a signer: made when it is sent.
pub type MailParts = MessageParts;

/// The language of a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English, as in the United States.
    #[default]
    English,
    /// Spanish, as in the United States. Mail to signers speaks it; letters to officials are in English.
    Spanish,
}

impl Language {
    /// The language of a code (ISO 639-1) that a signature keeps; English for any other.
    pub fn of_code(code: &str) -> Self {
        match code {
            "es" => Self::Spanish,
            _ => Self::English,
        }
    }
}
