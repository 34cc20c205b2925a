//! The form, as several pages show it.

use super::privacy;
use crate::abuse;
use crate::assets::{PROOF, WHO};
use crate::proof::Refused;
use crate::signing::doubts::Doubts;
use crate::signing::form::{FieldError, SignFields, UNSURE};
use crate::spoken::{self, say, t, told};
use crate::state::AppState;
use redress_model::petition::{Confirmation, Petition, Target};
use redress_model::resolution::{Alternative, Resolution};

/// What the form shows: values stay, errors stand beside their fields.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what the template asks, each on its own"
)]
pub(crate) struct FormView {
    pub slug: String,
    /// When it was first shown, signed: a form that comes back with errors keeps its age.
    pub stamp: String,
    pub fields: SignFields,
    pub errors: Vec<FieldError>,
    /// The answers among which the signer may choose.
    pub question: Vec<Alternative>,
    /// Whether the signer has to choose before anything is saved.
    pub must_answer: bool,
    /// The e-mail that was probably meant.
    pub suggestion: Option<String>,
    pub keeps_address: bool,
    pub is_confirmed_by_mail: bool,
    /// What is kept, in short.
    pub privacy: String,
    /// Where the script lies that shows officials while an address is typed.
    pub script: &'static str,
    /// Whether proof of work is asked for now.
    pub asks_proof: bool,
    /// What is to be said above it.
    pub note: Option<String>,
    /// Where the script lies that works the proof out.
    pub proof_script: &'static str,
}

impl FormView {
    /// The form of a petition.
    pub(crate) fn new(state: &AppState, petition: &Petition, fields: SignFields) -> Self {
        let stamp = if fields.form.is_empty() {
            abuse::stamp(state, petition.id)
        } else {
            fields.form.clone()
        };
        Self {
            stamp,
            slug: petition.slug.to_string(),
            fields,
            errors: Vec::new(),
            question: Vec::new(),
            must_answer: false,
            suggestion: None,
            keeps_address: petition.terms.keeps_address,
            is_confirmed_by_mail: petition.terms.confirmation == Confirmation::Email,
            privacy: privacy::in_short(&petition.terms, &state.civics().provider_names()),
            script: WHO.path(),
            asks_proof: false,
            note: None,
            proof_script: PROOF.path(),
        }
    }

    pub(crate) fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// The form that asks for proof of work, or does not.
    pub(crate) fn proving(mut self, asks_proof: bool) -> Self {
        self.asks_proof = asks_proof;
        self
    }

    /// The form with something said above it.
    pub(crate) fn noting(mut self, note: Option<String>) -> Self {
        self.note = note;
        self
    }

    /// The form that was not let through.
    pub(crate) fn refused(self, refused: Refused) -> Self {
        let note = match refused {
            Refused::Waiting => t(
                "Nothing was saved yet: first open the mail that we sent you and press the button there. Then press “Sign the petition” again.",
            ),
            _ => t(
                "Nothing was saved yet. Many signatures come in right now, so we check that forms come from people: please press “Sign the petition” again.",
            ),
        };
        self.noting(Some(note.to_owned()))
    }

    pub(crate) fn asking(mut self, resolution: &Resolution) -> Self {
        self.question = in_language(&resolution.alternatives);
        self
    }

    /// The form with what is asked before it is saved.
    pub(crate) fn with_doubts(mut self, doubts: Doubts) -> Self {
        self.must_answer = !doubts.question.is_empty();
        self.question = in_language(&doubts.question);
        self.suggestion = doubts.suggestion;
        self
    }

    pub(crate) fn is_unsure(&self) -> bool {
        self.fields.choice == UNSURE
    }

    pub(crate) fn error(&self, field: &str) -> Option<String> {
        let mut errors = self.errors.iter();
        errors
            .find(|error| error.field == field)
            .map(|error| told(&error.message))
    }

    pub(crate) fn lines(&self) -> [Line<'_>; 3] {
        let line = |name, label, kind, hint, value| Line {
            name,
            label,
            kind,
            hint,
            value,
            error: self.error(name),
            suggestion: self.suggestion.as_deref().filter(|_| name == "email"),
        };
        [
            line(
                "name",
                t("Your name"),
                "text",
                "name",
                self.fields.name.as_str(),
            ),
            line("email", t("E-mail"), "email", "email", &self.fields.email),
            line(
                "street",
                t("Street address"),
                "text",
                "address-line1",
                &self.fields.street,
            ),
        ]
    }

    pub(crate) fn row(&self) -> [Line<'_>; 4] {
        let line = |name, label, hint, value| Line {
            name,
            label,
            kind: "text",
            hint,
            value,
            error: self.error(name),
            suggestion: None,
        };
        [
            line(
                "unit",
                t("Unit"),
                "address-line2",
                self.fields.unit.as_str(),
            ),
            line("city", t("City"), "address-level2", &self.fields.city),
            line("state", t("State"), "address-level1", &self.fields.state),
            line("zip", t("ZIP"), "postal-code", &self.fields.zip),
        ]
    }
}

/// The homes among which the signer may choose, as the page's language calls them.
fn in_language(alternatives: &[Alternative]) -> Vec<Alternative> {
    let called = |alternative: &Alternative| Alternative {
        label: spoken::home(&alternative.label),
        ..alternative.clone()
    };
    alternatives.iter().map(called).collect()
}

/// One line of the form.
pub(crate) struct Line<'a> {
    pub name: &'static str,
    pub label: &'static str,
    pub kind: &'static str,
    pub hint: &'static str,
    pub value: &'a str,
    pub error: Option<String>,
    /// What was probably meant.
    pub suggestion: Option<&'a str>,
}

/// To whom a petition goes, in words.
pub(crate) fn addressees(targets: &[Target]) -> String {
    let words: Vec<&str> = targets
        .iter()
        .map(|target| match target {
            Target::Mayor => t("mayor"),
            Target::CouncilMember => t("city council"),
            Target::Clerk => t("clerk"),
        })
        .collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => say("{} and {}", &[&rest.join(", "), last]),
        _ => words.join(""),
    }
}
