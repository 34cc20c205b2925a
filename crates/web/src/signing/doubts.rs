//! What the form asks before it saves: which of two homes at a border, and an e-mail that looks like a slip.
//!
//! Both depend on what was typed alone, so that they tell nobody who has signed. Programs are answered with the same and are
//! not held up.

use super::form::UNSURE;
use super::home;
use super::submission::Submission;
use redress_model::email::suggestion::suggestion;
use redress_model::resolution::{Alternative, Resolution};

/// What is open.
#[derive(Default)]
pub(crate) struct Doubts {
    /// The possible homes, where the signer has not said which or that it is not known.
    pub question: Vec<Alternative>,
    /// The e-mail that was probably meant.
    pub suggestion: Option<String>,
}

impl Doubts {
    /// What a person is asked. `email_kept` is the e-mail that was asked about before and stays.
    pub(crate) fn of(submission: &Submission, resolution: &Resolution, email_kept: &str) -> Self {
        let choice = submission.choice.as_deref().unwrap_or_default();
        let alternatives = &resolution.alternatives;
        let is_answered = choice == UNSURE || alternatives.iter().any(|one| one.choice == choice);
        let question = if home::asks(resolution) && !is_answered {
            alternatives.clone()
        } else {
            Vec::new()
        };
        let suggestion = did_you_mean(submission, email_kept);
        Self {
            question,
            suggestion,
        }
    }

    /// Whether nothing is open.
    pub(crate) fn is_empty(&self) -> bool {
        self.question.is_empty() && self.suggestion.is_none()
    }
}

/// The e-mail that was probably meant; `kept` was asked about before and stays.
pub(crate) fn did_you_mean(submission: &Submission, kept: &str) -> Option<String> {
    let email = submission.email.as_ref()?;
    let meant = suggestion(email).filter(|_| email.as_str() != kept.trim())?;
    Some(meant.as_str().to_owned())
}
