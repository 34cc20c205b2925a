//! From what a signer typed to what is stored: sealed fields and keyed hashes.

use super::{AddressFields, PetitionSecrets, Question, SealedField, SecretError, SignerFields};
use crate::signatures::SealedFields;
use rand::CryptoRng;
use redress_model::comment::Comment;
use redress_model::email::Email;
use redress_model::email::canonical::CanonicalEmail;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::SignatureId;
use redress_model::name_key::NameKey;
use redress_model::person_name::PersonName;
use redress_model::zip::Zip;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a signer typed, parsed.
#[derive(Debug, Clone, Copy)]
pub struct Personal<'a> {
    /// Name.
    pub name: &'a PersonName,
    /// Where mail goes, and whose mailbox that is; a line of paper may have none.
    pub email: Option<(&'a Email, &'a CanonicalEmail)>,
    /// Whether it was signed on paper: such a line never is a second click on a form.
    pub is_paper: bool,
    /// House number and street: as the resolution spells them if there is one, so that two
    /// spellings are one address.
    pub street: &'a str,
    /// Apartment; empty for none.
    pub unit: &'a str,
    /// The mail's city.
    pub city: &'a str,
    /// The mail's state, two letters.
    pub state: &'a str,
    /// ZIP code.
    pub zip: &'a Zip,
    /// The block side, if the address is located.
    pub block: Option<&'a str>,
    /// What the signer is asked at a border.
    pub question: Option<&'a Question>,
    /// The answer; empty for none.
    pub choice: &'a str,
    /// The comment.
    pub comment: Option<&'a Comment>,
    /// Whether the address is stored: not yet resolved, or petition and signer agreed.
    pub keeps_address: bool,
    /// Whether they agreed.
    pub is_agreed: bool,
}

/// What is stored of it.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The mailbox, hashed.
    pub email_key: Fingerprint,
    /// The name's key, hashed.
    pub name_key: Fingerprint,
    /// The ZIP's five digits, hashed.
    pub zip_key: Fingerprint,
    /// Everything, hashed: a second click has the same.
    pub content_key: Fingerprint,
    /// Name, street and unit at the ZIP, hashed: one person with several e-mails has the same.
    pub address_key: Fingerprint,
    /// What is personal.
    pub fields: SealedFields,
}

/// A signature's personal fields, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Who.
    pub signer: SignerFields,
    /// Where, if it was kept.
    pub address: Option<AddressFields>,
    /// In whose own words.
    pub comment: Option<String>,
}

impl PetitionSecrets {
    /// Seals and hashes what a signer typed.
    pub fn seal_personal(
        &self,
        id: SignatureId,
        personal: &Personal<'_>,
        random: &mut (dyn CryptoRng + Send),
    ) -> Sealed {
        let signer = SignerFields {
            name: personal.name.as_str().to_owned(),
            email: personal
                .email
                .map_or_else(String::new, |(email, _)| email.as_str().to_owned()),
            zip: personal.zip.as_str().to_owned(),
            city: personal.city.to_owned(),
            state: personal.state.to_owned(),
            block: personal.block.map(str::to_owned),
            question: personal.question.cloned(),
        };
        let unit = Some(personal.unit)
            .filter(|unit| !unit.is_empty())
            .map(str::to_owned);
        let address = AddressFields {
            street: personal.street.to_owned(),
            unit,
            is_agreed: personal.is_agreed,
        };
        let comment = personal.comment.map(Comment::as_str);
        let name = NameKey::of(personal.name);
        let place = [personal.street, personal.unit, personal.zip.five()]
            .map(str::to_lowercase)
            .join("\n");
        let mailbox = personal.email.map(|(_, mailbox)| mailbox.as_str());
        let person = format!("{}\n{place}", name.as_str());
        // No field holds a line break but the comment, which comes last.
        let content = [
            mailbox.unwrap_or_default(),
            personal.name.as_str(),
            &place,
            personal.city,
            personal.state,
            personal.zip.as_str(),
            personal.choice,
            comment.unwrap_or_default(),
        ]
        .join("\n");
        let content_kind = if personal.is_paper {
            "paper content"
        } else {
            "content"
        };
        Sealed {
            // Without a mailbox, name and address say who it is.
            email_key: mailbox.map_or_else(
                || self.fingerprint("person", &person),
                |mailbox| self.fingerprint("email", mailbox),
            ),
            name_key: self.fingerprint("name", name.as_str()),
            zip_key: self.fingerprint("zip", personal.zip.five()),
            content_key: self.fingerprint(content_kind, &content),
            address_key: self.fingerprint("address", &person),
            fields: SealedFields {
                signer: self.seal(SealedField::Signer, id, &json(&signer), random),
                address: personal
                    .keeps_address
                    .then(|| self.seal(SealedField::Address, id, &json(&address), random)),
                comment: comment
                    .map(|comment| self.seal(SealedField::Comment, id, comment.as_bytes(), random)),
            },
        }
    }

    /// Opens a signature's fields.
    pub fn open_personal(
        &self,
        id: SignatureId,
        sealed: &SealedFields,
    ) -> Result<Opened, SecretError> {
        let address = sealed
            .address
            .as_deref()
            .map(|address| self.open_json(SealedField::Address, id, address));
        let comment = sealed.comment.as_deref().map(|comment| {
            String::from_utf8(self.open(SealedField::Comment, id, comment)?)
                .map_err(|_| SecretError::Sealed)
        });
        Ok(Opened {
            signer: self.open_signer(id, &sealed.signer)?,
            address: address.transpose()?,
            comment: comment.transpose()?,
        })
    }

    /// Seals who signed anew, with another block or another question.
    pub fn seal_signer(
        &self,
        id: SignatureId,
        signer: &SignerFields,
        random: &mut (dyn CryptoRng + Send),
    ) -> Vec<u8> {
        self.seal(SealedField::Signer, id, &json(signer), random)
    }

    /// Opens who signed, and nothing else.
    pub fn open_signer(&self, id: SignatureId, sealed: &[u8]) -> Result<SignerFields, SecretError> {
        self.open_json(SealedField::Signer, id, sealed)
    }

    fn open_json<T: DeserializeOwned>(
        &self,
        field: SealedField,
        id: SignatureId,
        sealed: &[u8],
    ) -> Result<T, SecretError> {
        serde_json::from_slice(&self.open(field, id, sealed)?).map_err(|_| SecretError::Sealed)
    }
}

fn json(fields: &impl Serialize) -> Vec<u8> {
    // Structs of strings always serialize.
    serde_json::to_vec(fields).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
    use redress_model::email::canonical::CanonicalRules;
    use uuid::Uuid;

    struct Typed {
        name: PersonName,
        email: Email,
        zip: Zip,
        comment: Option<Comment>,
        street: &'static str,
    }

    fn typed(name: &str, email: &str, street: &'static str) -> Typed {
        Typed {
            name: PersonName::parse(name).unwrap(),
            email: Email::parse(email).unwrap(),
            zip: Zip::parse("45001-1234").unwrap(),
            comment: Comment::parse("Enough.\nReally.").unwrap(),
            street,
        }
    }

    fn seal(secrets: &PetitionSecrets, typed: &Typed, keeps_address: bool) -> Sealed {
        let mailbox = CanonicalRules::default().canonical(&typed.email);
        let personal = Personal {
            name: &typed.name,
            email: Some((&typed.email, &mailbox)),
            is_paper: false,
            street: typed.street,
            unit: "",
            city: "Springfield",
            state: "ZZ",
            zip: &typed.zip,
            block: Some("1234-L"),
            question: None,
            choice: "",
            comment: typed.comment.as_ref(),
            keeps_address,
            is_agreed: keeps_address,
        };
        secrets.seal_personal(
            SignatureId(Uuid::from_u128(1)),
            &personal,
            &mut ChaCha20Rng::seed_from_u64(3),
        )
    }

    #[test]
    fn what_was_typed_is_read_back_with_the_key_alone() {
        let secrets = PetitionSecrets::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let ana = typed("Ana Ñ", "Ana@example.org", "1 MAIN ST");
        let id = SignatureId(Uuid::from_u128(1));

        let kept = secrets
            .open_personal(id, &seal(&secrets, &ana, true).fields)
            .unwrap();
        assert_eq!(
            (kept.signer.name.as_str(), kept.signer.email.as_str()),
            ("Ana Ñ", "Ana@example.org")
        );
        assert_eq!(
            kept.address,
            Some(AddressFields {
                street: "1 MAIN ST".into(),
                unit: None,
                is_agreed: true,
            })
        );
        assert_eq!(kept.comment.as_deref(), Some("Enough.\nReally."));
        assert_eq!(seal(&secrets, &ana, false).fields.address, None);

        let other = PetitionSecrets::generate(&mut ChaCha20Rng::seed_from_u64(2));
        assert!(
            other
                .open_personal(id, &seal(&secrets, &ana, true).fields)
                .is_err()
        );
        let bytes = seal(&secrets, &ana, true).fields.signer;
        assert!(!bytes.windows(3).any(|window| window == b"Ana"));
    }

    #[test]
    fn keys_tell_second_clicks_corrections_and_people_apart() {
        let secrets = PetitionSecrets::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let first = seal(
            &secrets,
            &typed("Ana", "ana@example.org", "1 MAIN ST"),
            false,
        );
        let again = seal(
            &secrets,
            &typed("Ana", "ana@example.org", "1 MAIN ST"),
            false,
        );
        let moved = seal(
            &secrets,
            &typed("ANA", "ana@example.org", "2 MAIN ST"),
            false,
        );
        let twin = seal(
            &secrets,
            &typed("Ana", "ana2@example.org", "1 Main St"),
            false,
        );

        assert_eq!(first.content_key, again.content_key);
        assert_ne!(first.content_key, moved.content_key);
        assert_eq!(
            (first.name_key, first.zip_key, first.email_key),
            (moved.name_key, moved.zip_key, moved.email_key)
        );
        assert_ne!(first.email_key, twin.email_key);
        assert_eq!(first.address_key, twin.address_key);
        assert_ne!(first.address_key, moved.address_key);
    }
}
