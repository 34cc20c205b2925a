//! A letter as it is sealed with its batch: all that its bytes are made of, except what is settled when it first leaves.

use redress_letters::parts::{MessageParts, PrintedPage};
use serde::{Deserialize, Serialize};

/// Subject, text and HTML, and what stands around them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenLetter {
    /// What it says.
    #[serde(flatten)]
    pub parts: MessageParts,
    /// The petition's word.
    pub slug: String,
    /// Whose name stands beside our address.
    pub from_name: String,
    /// Whose name stands beside the official's.
    pub to_name: String,
    /// Ids of the earlier letters to the same seat, oldest first.
    pub references: Vec<String>,
    /// The official's page.
    pub desk_url: String,
    /// The organization's own address. Answers go there, unless they are read here.
    pub reply_to: String,
    /// The domain at which answers are read here: then they go to the letter's own sealed address, and from there on to the
    /// organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_domain: Option<String>,
    /// The list that goes with it; none in the variant whose list is at the desk.
    pub attachment: Option<FrozenAttachment>,
    /// The letter as one page; none in letters that were written before they had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed: Option<PrintedPage>,
    /// Whether the petition named no sender yet. Such a letter is for reading; it is written again, with its sender, before it first
    /// leaves.
    #[serde(default)]
    pub lacks_sender: bool,
}

/// The list, which lies with the batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenAttachment {
    /// Under which name it is attached.
    pub filename: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

impl FrozenLetter {
    /// As it is sealed.
    pub fn to_json(&self) -> Vec<u8> {
        // Structs of strings always serialize.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// As it was sealed; `None` where that was something else.
    pub fn from_json(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }
}

/// Bytes in hexadecimal, lower case.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use redress_letters::parts::WithPage;

    #[test]
    fn a_letter_opens_as_the_parts_that_others_read() {
        let parts = MessageParts {
            subject: "a".into(),
            text: "b".into(),
            html: "c".into(),
        };
        let letter = FrozenLetter {
            parts: parts.clone(),
            slug: "forbid-it".into(),
            from_name: "Open Doors".into(),
            to_name: "Elena Ruiz".into(),
            references: vec!["<a@example.org>".into()],
            desk_url: "https://petition.example/desk/a".into(),
            reply_to: "hello@neighbors.example".into(),
            reply_domain: Some("petition.example".into()),
            attachment: None,
            printed: Some(PrintedPage::new("letter.pdf".into(), true, b"%PDF")),
            lacks_sender: false,
        };
        let json = letter.to_json();
        assert_eq!(FrozenLetter::from_json(&json), Some(letter));
        assert_eq!(
            serde_json::from_slice::<MessageParts>(&json).unwrap(),
            parts
        );
        let page = serde_json::from_slice::<WithPage>(&json).unwrap().printed;
        assert_eq!(page.unwrap().pdf().unwrap(), b"%PDF");
        assert_eq!(FrozenLetter::from_json(b"{}"), None);
    }
}
