//! Signatures of a message.

use super::head::{Field, fields, hash_input};
use super::key::{KeyKind, SigningKey};
use super::{BodyHash, DkimError, DkimSettings, MailSignatures};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use std::fmt::Write;
use std::path::Path;

/// Signed once more than they are there: whoever adds another breaks the signature (RFC 6376, section 8.15).
const OVERSIGNED: [&str; 4] = ["From", "To", "Subject", "Date"];

/// Signed where they are there.
const SIGNED: [&str; 11] = [
    "Reply-To",
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// What the relay on the way leaves alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// How many signatures it lets through.
    pub most: usize,
    /// Whether it leaves `Date` and `Message-ID` as they are: what it writes anew must not be signed.
    pub keeps_ids: bool,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            most: 2,
            keeps_ids: true,
        }
    }
}

/// Signs messages of one domain.
pub struct Signer {
    domain: String,
    rule: Rule,
    ed25519: Option<Named>,
    rsa: Option<Named>,
    mails: MailSignatures,
}

/// A key and where its record is.
struct Named {
    selector: String,
    key: SigningKey,
}

impl Signer {
    /// Reads the keys that the settings name; `None` where they name none. `sender` is the domain of the addresses that messages come from.
    pub fn open(
        settings: &DkimSettings,
        sender: &str,
        rule: Rule,
    ) -> Result<Option<Self>, DkimError> {
        if settings.is_off() {
            return Ok(None);
        }
        let read = |kind, word, selector: &str, file: &Path| {
            if selector.is_empty() != file.as_os_str().is_empty() {
                return Err(DkimError::Half { kind: word });
            }
            if selector.is_empty() {
                return Ok(None);
            }
            if !is_name(selector) {
                return Err(DkimError::Name {
                    key: match kind {
                        KeyKind::Ed25519 => "ed25519_selector",
                        KeyKind::Rsa => "rsa_selector",
                    },
                    value: selector.to_owned(),
                    example: "redress-2026",
                });
            }
            let key = SigningKey::read(file, kind)?;
            let selector = selector.to_owned();
            Ok(Some(Named { selector, key }))
        };
        let ed25519 = read(
            KeyKind::Ed25519,
            "ed25519",
            &settings.ed25519_selector,
            &settings.ed25519_key_file,
        )?;
        let rsa = read(
            KeyKind::Rsa,
            "rsa",
            &settings.rsa_selector,
            &settings.rsa_key_file,
        )?;
        let lacking = |asked, expected, kind| {
            Err(DkimError::Lacking {
                asked,
                expected,
                kind,
            })
        };
        match settings.mails {
            MailSignatures::Rsa if rsa.is_none() => return lacking("rsa", "RSA", "rsa"),
            MailSignatures::Both if rsa.is_none() => return lacking("both", "RSA", "rsa"),
            MailSignatures::Both if ed25519.is_none() => {
                return lacking("both", "ed25519", "ed25519");
            }
            _ if ed25519.is_none() && rsa.is_none() => return Err(DkimError::NoKey),
            _ => {}
        }
        if let (Some(one), Some(other)) = (&ed25519, &rsa)
            && one.selector.eq_ignore_ascii_case(&other.selector)
        {
            return Err(DkimError::OneSelector(one.selector.clone()));
        }
        let domain = aligned(&settings.domain, sender)?;
        Ok(Some(Self {
            domain,
            rule,
            ed25519,
            rsa,
            mails: settings.mails,
        }))
    }

    /// The header lines to be put above a letter: as many signatures as there are keys and the relay lets through. Where one alone may go it
    /// is RSA's, which every server knows.
    pub fn sign_letter(&self, message: &[u8], at: DateTime<Utc>) -> Result<String, DkimError> {
        let mut keys: Vec<&Named> = self.rsa.iter().chain(&self.ed25519).collect();
        keys.truncate(self.rule.most);
        self.sign(&keys, message, at)
    }

    /// The header lines to be put above a mail to a signer: as the settings ask, as many as the relay lets through.
    pub fn sign_mail(&self, message: &[u8], at: DateTime<Utc>) -> Result<String, DkimError> {
        let (ed25519, rsa) = (self.ed25519.iter(), self.rsa.iter());
        let (mut keys, most): (Vec<&Named>, usize) = match self.mails {
            MailSignatures::Ed25519 => (ed25519.chain(rsa).collect(), 1),
            MailSignatures::Rsa => (rsa.collect(), 1),
            MailSignatures::Both => (rsa.chain(ed25519).collect(), 2),
        };
        keys.truncate(self.rule.most.min(most));
        self.sign(&keys, message, at)
    }

    fn sign(
        &self,
        keys: &[&Named],
        message: &[u8],
        at: DateTime<Utc>,
    ) -> Result<String, DkimError> {
        if keys.is_empty() {
            return Ok(String::new());
        }
        let (fields, body) = fields(message).ok_or(DkimError::Unusable)?;
        let body = STANDARD.encode(BodyHash::of(&message[body..]));
        let names = self.names(&fields);
        let mut lines = String::new();
        for named in keys {
            let unsigned = self.unsigned(named, &names, &body, at);
            let own = Field {
                name: "DKIM-Signature",
                value: unsigned.as_bytes(),
            };
            let input = hash_input(&fields, names.iter().copied(), &own);
            let signature = STANDARD.encode(named.key.sign(&input)?);
            lines.push_str("DKIM-Signature:");
            lines.push_str(&unsigned);
            write_folded(&mut lines, &signature);
            lines.push_str("\r\n");
        }
        Ok(lines)
    }

    /// The names of what is signed, in the order of `h=`.
    fn names(&self, fields: &[Field<'_>]) -> Vec<&'static str> {
        let mut names = Vec::new();
        for name in OVERSIGNED.into_iter().chain(SIGNED) {
            if !self.rule.keeps_ids && matches!(name, "Date" | "Message-ID") {
                continue;
            }
            let there = fields
                .iter()
                .filter(|field| field.name.trim_end().eq_ignore_ascii_case(name))
                .count();
            let once_more = usize::from(OVERSIGNED.contains(&name));
            names.extend(std::iter::repeat_n(name, there + once_more));
        }
        names
    }

    /// What the signature's header says, with an empty `b=` and without a break at its end.
    fn unsigned(&self, signing: &Named, names: &[&str], body: &str, at: DateTime<Utc>) -> String {
        let mut line = format!(
            " v=1; a={}; c=relaxed/simple;\r\n d={}; s={};\r\n t={};",
            signing.key.kind().algorithm(),
            self.domain,
            signing.selector,
            at.timestamp()
        );
        line.push_str(" h=");
        let mut column = line.len() - line.rfind('\n').unwrap_or_default();
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                line.push(':');
            }
            if column + name.len() > 74 {
                line.push_str("\r\n ");
                column = 1;
            }
            line.push_str(name);
            column += name.len() + 1;
        }
        // Writing to a string does not fail.
        let _ = write!(line, ";\r\n bh={body};\r\n b=");
        line
    }
}

/// The domain of signatures, when it is the sender's or above it.
fn aligned(domain: &str, sender: &str) -> Result<String, DkimError> {
    let signs = match domain {
        "" => sender.to_ascii_lowercase(),
        set => set.to_ascii_lowercase(),
    };
    if !is_name(&signs) || !signs.contains('.') {
        return Err(DkimError::Name {
            key: "domain",
            value: signs,
            example: "petition.example",
        });
    }
    let sender = sender.to_ascii_lowercase();
    let is_above = sender
        .strip_suffix(&signs)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if is_above {
        Ok(signs)
    } else {
        Err(DkimError::NotAligned { signs, sender })
    }
}

/// Whether something is labels parted by full stops.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// Base64 in lines that stay under 78 columns.
fn write_folded(lines: &mut String, signature: &str) {
    let mut rest = signature;
    while rest.len() > 72 {
        let (line, more) = rest.split_at(72);
        lines.push_str(line);
        lines.push_str("\r\n ");
        rest = more;
    }
    lines.push_str(rest);
}

#[cfg(test)]
mod tests;
