//! The form of the rules.

use crate::abuse::InForce;
use crate::body::FormFields;
use redress_model::abuse::guard::{Guard, GuardTexts};
use redress_model::abuse::limits::Limits;

/// Something in it that cannot be read.
pub(crate) struct BadRule {
    /// In which field.
    pub field: &'static str,
    /// What is wrong, for a person.
    pub message: String,
}

/// The fields as they are shown and sent.
#[derive(Clone, Default)]
pub(crate) struct RulesForm {
    pub version: String,
    pub client_an_hour: String,
    pub domain_an_hour: String,
    pub form_seconds: String,
    pub allowed: String,
    pub blocked: String,
    pub names: String,
    pub disposable: String,
    pub mailboxes: String,
}

impl RulesForm {
    /// What is in force.
    pub(crate) fn of(rules: &InForce) -> Self {
        let limit = |limit: Option<u32>| limit.map_or_else(String::new, |limit| limit.to_string());
        let texts = rules.texts.clone();
        Self {
            version: rules.version.to_string(),
            client_an_hour: limit(rules.limits.client_an_hour),
            domain_an_hour: limit(rules.limits.domain_an_hour),
            form_seconds: texts.form_seconds.to_string(),
            allowed: texts.allowed,
            blocked: texts.blocked,
            names: texts.names,
            disposable: texts.disposable,
            mailboxes: texts.mailboxes,
        }
    }

    /// What was sent.
    pub(crate) fn sent(fields: &FormFields) -> Self {
        let line = |name| fields.text(name).trim().to_owned();
        let text = |name| fields.text(name).replace("\r\n", "\n");
        Self {
            version: line("version"),
            client_an_hour: line("client_an_hour"),
            domain_an_hour: line("domain_an_hour"),
            form_seconds: line("form_seconds"),
            allowed: text("allowed"),
            blocked: text("blocked"),
            names: text("names"),
            disposable: text("disposable"),
            mailboxes: text("mailboxes"),
        }
    }

    /// The same, to be saved over another version.
    pub(crate) fn on_top_of(self, version: i64) -> Self {
        Self {
            version: version.to_string(),
            ..self
        }
    }

    /// Reads it; whatever is bad is named, and then nothing is read.
    pub(crate) fn read(&self) -> Result<InForce, Vec<BadRule>> {
        let mut bad = Vec::new();
        let mut limit = |field, text: &str| {
            let read = text.parse().map(Some);
            let read = if text.is_empty() { Ok(None) } else { read };
            read.unwrap_or_else(|_| {
                let message = format!("`{text}` is not a number of signatures; empty is no limit");
                bad.push(BadRule { field, message });
                None
            })
        };
        let limits = Limits {
            client_an_hour: limit("client_an_hour", &self.client_an_hour),
            domain_an_hour: limit("domain_an_hour", &self.domain_an_hour),
        };
        let form_seconds = self.form_seconds.parse().ok().filter(|it| *it <= 600);
        if form_seconds.is_none() {
            let message = format!("`{}` is not a number from 0 to 600", self.form_seconds);
            let field = "form_seconds";
            bad.push(BadRule { field, message });
        }
        let texts = GuardTexts {
            allowed: self.allowed.clone(),
            blocked: self.blocked.clone(),
            names: self.names.clone(),
            disposable: self.disposable.clone(),
            mailboxes: self.mailboxes.clone(),
            form_seconds: form_seconds.unwrap_or_default(),
        };
        let guard = Guard::parse(&texts).map_err(|errors| {
            bad.extend(errors.into_iter().map(|error| BadRule {
                field: error.list,
                message: error.to_string(),
            }));
        });
        let version = self.version.parse::<i64>().unwrap_or_default() + 1;
        match guard {
            Ok(guard) if bad.is_empty() => Ok(InForce {
                version,
                limits,
                texts,
                guard,
            }),
            _ => Err(bad),
        }
    }
}
