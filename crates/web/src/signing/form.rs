//! The fields of the form as they came in, under the same names in JSON.

use crate::body::{FormFields, JsonFields};
use crate::spoken::english;
use redress_civics::parse::Input;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FieldError {
    /// Which.
    pub field: &'static str,
    /// Its stable code.
    pub code: &'static str,
    /// For a person.
    pub message: String,
}

/// The choice of somebody who was asked and does not know.
pub(crate) const UNSURE: &str = "unsure";

/// Text as it was typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the boxes of the form, each ticked on its own"
)]
pub(crate) struct SignFields {
    pub name: String,
    pub email: String,
    pub street: String,
    pub unit: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    pub comment: String,
    pub share_comment: bool,
    pub list_name: bool,
    pub updates: bool,
    pub keep_address: bool,
    /// An alternative's opaque word; [`UNSURE`] from somebody who was asked and does not know.
    pub choice: String,
    /// The e-mail that is right as it is, though it looks like a slip.
    pub email_kept: String,
    /// A trap for programs: people do not see it.
    pub company: String,
    /// The signed time of the form.
    pub form: String,
    /// Proof of work, as ALTCHA writes it.
    #[serde(skip)]
    pub altcha: String,
    /// The pass that stands in its place.
    #[serde(skip)]
    pub permit: String,
    /// Fields whose JSON is of another type.
    #[serde(skip)]
    pub mistyped: Vec<FieldError>,
}

impl SignFields {
    /// The form as it is first shown.
    pub(crate) fn blank() -> Self {
        let list_name = true;
        Self {
            list_name,
            ..Self::default()
        }
    }

    /// From a posted form: a box that is not there was not ticked.
    pub(crate) fn from_form(form: &FormFields) -> Self {
        let text = |name| form.text(name).to_owned();
        let suggested = form.text("email_suggested");
        let (email, email_kept) = if suggested.is_empty() {
            (text("email"), text("email_kept"))
        } else {
            (suggested.to_owned(), suggested.to_owned())
        };
        Self {
            name: text("name"),
            email,
            email_kept,
            street: text("street"),
            unit: text("unit"),
            city: text("city"),
            state: text("state"),
            zip: text("zip"),
            comment: text("comment"),
            share_comment: form.is_ticked("share_comment"),
            list_name: form.is_ticked("list_name"),
            updates: form.is_ticked("updates"),
            keep_address: form.is_ticked("keep_address"),
            choice: text("choice"),
            company: text("company"),
            form: text("form"),
            altcha: text("altcha"),
            permit: text("permit"),
            mistyped: Vec::new(),
        }
    }

    /// From JSON: what is absent is as the form first has it.
    pub(crate) fn from_json(json: &JsonFields) -> Self {
        let mut mistyped = Vec::new();
        let mut wrong = |field, message: &str| {
            let (code, message) = ("field_type", message.to_owned());
            mistyped.push(FieldError {
                field,
                code,
                message,
            });
        };
        let mut text = |name| match json.0.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                wrong(name, english("this is a text"));
                String::new()
            }
        };
        let mut fields = Self {
            name: text("name"),
            email: text("email"),
            street: text("street"),
            unit: text("unit"),
            city: text("city"),
            state: text("state"),
            zip: text("zip"),
            comment: text("comment"),
            choice: text("choice"),
            company: text("company"),
            form: text("form"),
            altcha: text("altcha"),
            ..Self::default()
        };
        let mut flag = |name, absent| match json.0.get(name) {
            None | Some(Value::Null) => absent,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                wrong(name, english("this is true or false"));
                absent
            }
        };
        fields.share_comment = flag("share_comment", false);
        fields.list_name = flag("list_name", true);
        fields.updates = flag("updates", false);
        fields.keep_address = flag("keep_address", false);
        fields.mistyped = mistyped;
        fields
    }

    /// The address, to be resolved.
    pub(crate) fn input(&self) -> Input<'_> {
        Input {
            street: &self.street,
            unit: &self.unit,
            city: &self.city,
            state: &self.state,
            zip: &self.zip,
        }
    }
}
