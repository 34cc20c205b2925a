//! A submission whose every field is right; nothing stringly goes further.

use super::form::{FieldError, SignFields};
use crate::spoken::english;
use redress_civics::parse::Input;
use redress_civics::words::state;
use redress_model::comment::Comment;
use redress_model::email::Email;
use redress_model::person_name::PersonName;
use redress_model::resolution::{Level, Resolution};
use redress_model::zip::Zip;
use redress_storage::signatures::Wishes;

/// The longest street, city and unit, in characters; the messages say it too.
const LONGEST: usize = 120;

/// What a signer wants to sign with.
pub(crate) struct Submission {
    pub name: PersonName,
    /// Where mail goes; a line of paper may have none.
    pub email: Option<Email>,
    pub street: String,
    pub unit: String,
    pub city: String,
    pub state: String,
    pub zip: Zip,
    pub comment: Option<Comment>,
    pub wishes: Wishes,
    /// Whether the signer agrees that a petition which asks for it keeps the address.
    pub keeps_address: bool,
    pub choice: Option<String>,
    pub is_trapped: bool,
    /// When the form was shown, signed; empty for programs.
    pub form: String,
}

impl Submission {
    /// Reads the fields; every wrong one is named.
    pub(crate) fn parse(fields: &SignFields) -> Result<Self, Vec<FieldError>> {
        Self::read(fields, true)
    }

    /// Reads the fields of a line of paper: the form's rules, without the need for an e-mail.
    pub(crate) fn parse_paper(fields: &SignFields) -> Result<Self, Vec<FieldError>> {
        Self::read(fields, false)
    }

    fn read(fields: &SignFields, needs_email: bool) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors(fields.mistyped.clone());
        let name = PersonName::parse(&fields.name);
        let name = errors.keep(
            "name",
            name.map_err(|error| (error.code(), error.to_string())),
        );
        let email = if needs_email || !fields.email.trim().is_empty() {
            Email::parse(&fields.email).map(Some)
        } else {
            Ok(None)
        };
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
                keeps_address: fields.keep_address,
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

/// What is said of a line that is wrong, with the codes.
#[derive(Clone, Copy)]
struct Line {
    empty: (&'static str, &'static str),
    malformed: (&'static str, &'static str),
}

const STREET: Line = Line {
    empty: ("street_empty", english("a street address is needed")),
    malformed: (
        "street_malformed",
        english("a street address is one line of at most 120 characters"),
    ),
};
const CITY: Line = Line {
    empty: ("city_empty", english("a city is needed")),
    malformed: (
        "city_malformed",
        english("a city is one line of at most 120 characters"),
    ),
};
const UNIT: Line = Line {
    empty: ("unit_empty", english("a unit is needed")),
    malformed: (
        "unit_malformed",
        english("a unit is one line of at most 120 characters"),
    ),
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
    let refused = |(code, message): (_, &str)| Err((code, message.to_owned()));
    if text.is_empty() {
        return refused(what.empty);
    }
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return refused(what.malformed);
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
        return Err(("state_empty", english("a state is needed").to_owned()));
    }
    state::by_text(&text.to_uppercase())
        .map(|state| state.usps.to_owned())
        .ok_or_else(|| {
            (
                "state_unknown",
                english("a state has two letters, as in CO").to_owned(),
            )
        })
}
