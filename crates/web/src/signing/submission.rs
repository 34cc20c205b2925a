//! A submission whose every field is right; nothing stringly goes further.

use super::form::{FieldError, SignFields};
use redress_civics::parse::Input;
use redress_civics::words::state;
use redress_model::comment::Comment;
use redress_model::email::Email;
use redress_model::person_name::PersonName;
use redress_model::resolution::{Level, Resolution};
use redress_model::zip::Zip;
use redress_storage::signatures::Wishes;

/// The longest street, city and unit, in characters.
const LONGEST: usize = 120;

/// What a signer wants to sign with.
pub(crate) struct Submission {
    pub name: PersonName,
    pub email: Email,
    pub street: String,
    pub unit: String,
    pub city: String,
    pub state: String,
    pub zip: Zip,
    pub comment: Option<Comment>,
    pub wishes: Wishes,
    pub choice: Option<String>,
    pub is_trapped: bool,
    /// When the form was shown, signed; empty for programs.
    pub form: String,
}

impl Submission {
    /// Reads the fields; every wrong one is named.
    pub(crate) fn parse(fields: &SignFields) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors(fields.mistyped.clone());
        let name = PersonName::parse(&fields.name);
        let name = errors.keep(
            "name",
            name.map_err(|error| (error.code(), error.to_string())),
        );
        let email = Email::parse(&fields.email);
        let email = errors.keep(
            "email",
            email.map_err(|error| (error.code(), error.to_string())),
        );
        let street = errors.keep("street", line(&fields.street, STREET));
        let unit = errors.keep("unit", optional(&fields.unit));
        let city = errors.keep("city", line(&fields.city, CITY));
        let state = errors.keep("state", usps(&fields.state));
        let zip = Zip::parse(&fields.zip);
        let zip = errors.keep(
            "zip",
            zip.map_err(|error| (error.code(), error.to_string())),
        );
        let comment = Comment::parse(&fields.comment);
        let comment = errors.keep(
            "comment",
            comment.map_err(|error| (error.code(), error.to_string())),
        );
        match (name, email, street, unit, city, state, zip, comment) {
            (
                Some(name),
                Some(email),
                Some(street),
                Some(unit),
                Some(city),
                Some(state),
                Some(zip),
                Some(comment),
            ) if errors.0.is_empty() => Ok(Self {
                name,
                email,
                street,
                unit,
                city,
                state,
                zip,
                comment,
                wishes: Wishes {
                    shares_comment: fields.share_comment,
                    lists_name: fields.list_name,
                    wants_updates: fields.updates,
                },
                choice: Some(fields.choice.trim().to_owned()).filter(|choice| !choice.is_empty()),
                is_trapped: !fields.company.trim().is_empty(),
                form: fields.form.trim().to_owned(),
            }),
            _ => Err(errors.0),
        }
    }

    /// The address, to be resolved.
    pub(crate) fn input(&self) -> Input<'_> {
        Input {
            street: &self.street,
            unit: &self.unit,
            city: &self.city,
            state: &self.state,
            zip: self.zip.as_str(),
        }
    }

    /// House number and street as the map spells them, so that two spellings are one address.
    pub(crate) fn street_as_found(&self, resolution: &Resolution) -> String {
        let address = &resolution.address;
        let is_found = !matches!(resolution.level, Level::Area | Level::None);
        match (&address.number, address.street_line()) {
            (Some(number), Some(street)) if is_found => format!("{number} {street}"),
            _ => self.street.clone(),
        }
    }

    /// The unit as Publication 28 writes it.
    pub(crate) fn unit_as_found<'a>(&'a self, resolution: &'a Resolution) -> &'a str {
        resolution.address.unit.as_deref().unwrap_or(&self.unit)
    }
}

type Wrong = (&'static str, String);

/// How a line is called, and the codes of what may be wrong with it.
#[derive(Clone, Copy)]
struct Line {
    word: &'static str,
    empty: &'static str,
    malformed: &'static str,
}

const STREET: Line = Line {
    word: "street address",
    empty: "street_empty",
    malformed: "street_malformed",
};
const CITY: Line = Line {
    word: "city",
    empty: "city_empty",
    malformed: "city_malformed",
};
const UNIT: Line = Line {
    word: "unit",
    empty: "unit_empty",
    malformed: "unit_malformed",
};

struct Errors(Vec<FieldError>);

impl Errors {
    fn keep<T>(&mut self, field: &'static str, read: Result<T, Wrong>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err((code, message)) => {
                // A field of the wrong type was told so already.
                if !self.0.iter().any(|error| error.field == field) {
                    self.0.push(FieldError {
                        field,
                        code,
                        message,
                    });
                }
                None
            }
        }
    }
}

fn line(text: &str, what: Line) -> Result<String, Wrong> {
    let text = text.trim();
    if text.is_empty() {
        return Err((what.empty, format!("a {} is needed", what.word)));
    }
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        let message = format!(
            "a {} is one line of at most {LONGEST} characters",
            what.word
        );
        return Err((what.malformed, message));
    }
    Ok(text.to_owned())
}

fn optional(text: &str) -> Result<String, Wrong> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    line(text, UNIT)
}

fn usps(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    if text.is_empty() {
        return Err(("state_empty", "a state is needed".to_owned()));
    }
    state::by_text(&text.to_uppercase())
        .map(|state| state.usps.to_owned())
        .ok_or_else(|| {
            (
                "state_unknown",
                "a state has two letters, as in CO".to_owned(),
            )
        })
}
