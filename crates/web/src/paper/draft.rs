//! A line, parsed, resolved and sealed, before anybody knows whether it counts.

use super::sheet_file::TypedLine;
use crate::civics::Civics;
use crate::signing::form::{FieldError, SignFields};
use crate::signing::sealing::{Coming, Located, Sealing};
use crate::signing::submission::Submission;
use rand::CryptoRng;
use redress_model::clock::Clock;
use redress_model::email::canonical::CanonicalRules;
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::resolution::Level;
use redress_storage::secrets::PetitionSecrets;
use redress_storage::signatures::NewSignature;

/// What a line came to.
pub(super) enum Draft {
    /// Its cells are wrong.
    Wrong(Vec<FieldError>),
    /// It may count.
    Ready(Box<Ready>),
}

/// A line that may count.
pub(super) struct Ready {
    pub new: NewSignature,
    pub has_email: bool,
    /// Where it is counted, in words.
    pub home: String,
    /// What its border leaves open: each alternative's choice and label.
    pub asks: Vec<(String, String)>,
}

/// What many lines have in common.
pub(super) struct Drafting<'a> {
    pub petition: &'a Petition,
    pub secrets: &'a PetitionSecrets,
    pub rules: &'a CanonicalRules,
    pub civics: &'a Civics,
    pub clock: &'a dyn Clock,
}

impl Drafting<'_> {
    pub(super) fn draft(&self, line: &TypedLine, random: &mut (dyn CryptoRng + Send)) -> Draft {
        if let Some((code, mend)) = line.flaw {
            return Draft::Wrong(vec![FieldError {
                field: "line",
                code,
                message: mend.to_owned(),
            }]);
        }
        let submission = match Submission::parse_paper(&fields(line)) {
            Ok(submission) => submission,
            Err(errors) => return Draft::Wrong(errors),
        };
        let now = self.clock.now();
        let resolution = self
            .civics
            .resolve_place(&submission.input(), now.date_naive());
        let is_offered = |choice: &String| {
            let mut alternatives = resolution.alternatives.iter();
            alternatives.any(|alternative| alternative.choice == *choice)
        };
        if submission
            .choice
            .as_ref()
            .is_some_and(|choice| !is_offered(choice))
        {
            return Draft::Wrong(vec![FieldError {
                field: "choice",
                code: "choice_unknown",
                message: "the address does not offer this choice: leave it empty, and take one that the dry run lists".to_owned(),
            }]);
        }
        let sealing = Sealing {
            petition: self.petition,
            secrets: self.secrets,
            rules: self.rules,
            language: "en",
            signed_at: now,
        };
        let id = SignatureId::new(self.clock, random);
        // The trap is for programs at the form; nobody types it from a sheet.
        let coming = Coming {
            sheet: Some(line.reference.clone()),
            ..Coming::default()
        };
        let located = Located {
            resolution: &resolution,
            block: self.civics.block_of(&resolution),
        };
        let new = sealing.seal(id, &submission, &located, coming, random);
        let is_open = resolution.level == Level::Candidates && submission.choice.is_none();
        let asks = resolution
            .alternatives
            .iter()
            .filter(|_| is_open)
            .map(|other| (other.choice.clone(), other.label.clone()));
        Draft::Ready(Box::new(Ready {
            has_email: submission.email.is_some(),
            home: self.civics.name_of(new.location.home.as_key()),
            asks: asks.collect(),
            new,
        }))
    }
}

fn fields(line: &TypedLine) -> SignFields {
    let text = |column| line.cell(column).to_owned();
    SignFields {
        name: text("name"),
        email: text("email"),
        street: text("street"),
        unit: text("unit"),
        city: text("city"),
        state: text("state"),
        zip: text("zip"),
        choice: text("choice"),
        ..SignFields::blank()
    }
}
