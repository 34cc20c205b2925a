//! What a message says, before it has an address and a date.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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

/// A letter as one page to print, as it lies with the letter that it says again: made once, when the letter is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedPage {
    /// Under which name it is attached.
    pub filename: String,
    /// Whether it goes with the message, or lies there to be downloaded alone.
    pub is_attached: bool,
    /// The PDF in base64 (RFC 4648, section 4).
    pdf: String,
}

impl PrintedPage {
    /// Of a PDF.
    pub fn new(filename: String, is_attached: bool, pdf: &[u8]) -> Self {
        Self {
            filename,
            is_attached,
            pdf: STANDARD.encode(pdf),
        }
    }

    /// The PDF; `None` for what is no base64.
    pub fn pdf(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.pdf).ok()
    }
}

/// A letter as it was frozen, read for its page alone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WithPage {
    /// None for a letter that was written before letters had one.
    #[serde(default)]
    pub printed: Option<PrintedPage>,
}

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
