//! The form of what organizers decide about a petition: values stay as they were typed, errors stand beside their fields.

use crate::body::FormFields;
use crate::signing::form::FieldError;
use chrono_tz::Tz;
use redress_model::email::Email;
use redress_model::geoid::Geoid;
use redress_model::petition::{Confirmation, PetitionTerms, Sender, Target};

/// Names that the form suggests; any other of the time zone database is taken too.
pub(crate) const ZONES: [&str; 8] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
];

/// The order in which the page asks.
const ORDER: [&str; 13] = [
    "slug",
    "organization",
    "title",
    "ask",
    "target",
    "places",
    "confirmation",
    "threshold",
    "time_zone",
    "sender_organization",
    "sender_address",
    "sender_email",
    "retention_days",
];

/// The form as a page shows it.
#[derive(Default)]
pub(crate) struct TermsForm {
    pub title: String,
    pub ask: String,
    pub targets: Vec<Target>,
    pub places: String,
    pub confirmation: String,
    pub threshold: String,
    pub is_on_autopilot: bool,
    pub time_zone: String,
    pub sender_organization: String,
    pub sender_address: String,
    pub sender_email: String,
    pub retention_days: String,
    pub keeps_address: bool,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
}

/// A box to tick.
pub(crate) struct Choice {
    pub word: &'static str,
    pub label: &'static str,
    pub is_chosen: bool,
}

impl TermsForm {
    /// The form filled with what is stored.
    pub(crate) fn of(terms: &PetitionTerms) -> Self {
        let sender = terms.sender.as_ref();
        let text = |part: fn(&Sender) -> &str| sender.map_or("", part).to_owned();
        let places: Vec<&str> = terms.places.iter().map(Geoid::as_str).collect();
        Self {
            title: terms.title.clone(),
            ask: terms.ask.clone(),
            targets: terms.targets.clone(),
            places: places.join("\n"),
            confirmation: terms.confirmation.as_str().to_owned(),
            threshold: terms.threshold.to_string(),
            is_on_autopilot: terms.is_on_autopilot,
            time_zone: terms.time_zone.clone(),
            sender_organization: text(|sender| &sender.organization),
            sender_address: text(|sender| &sender.postal_address),
            sender_email: text(|sender| sender.contact_email.as_str()),
            retention_days: terms.retention_days.to_string(),
            keeps_address: terms.keeps_address,
            errors: Vec::new(),
        }
    }

    /// The form as it was posted.
    pub(crate) fn from_form(form: &FormFields) -> Self {
        // Browsers end lines with CR LF, whatever the page said.
        let text = |name| form.text(name).replace("\r\n", "\n").trim().to_owned();
        let chosen = form.0.iter().filter(|(name, _)| name == "target");
        let mut targets: Vec<Target> = chosen.filter_map(|(_, word)| word.parse().ok()).collect();
        targets.sort_unstable();
        targets.dedup();
        Self {
            title: text("title"),
            ask: text("ask"),
            targets,
            places: text("places"),
            confirmation: text("confirmation"),
            threshold: text("threshold"),
            is_on_autopilot: form.is_ticked("autopilot"),
            time_zone: text("time_zone"),
            sender_organization: text("sender_organization"),
            sender_address: text("sender_address"),
            sender_email: text("sender_email"),
            retention_days: text("retention_days"),
            keeps_address: form.is_ticked("keeps_address"),
            errors: Vec::new(),
        }
    }

    /// The terms, if every field reads. Otherwise all that is wrong stands in `errors`.
    pub(crate) fn parse(&mut self) -> Option<PetitionTerms> {
        let mut wrong = Wrong(Vec::new());
        let one_line = |text: &str| !text.contains(char::is_control);
        if !one_line(&self.title) {
            wrong.add("title", "title_lines", "a title is on one line");
        }
        let is_odd = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
        if self.ask.contains(is_odd) {
            wrong.add(
                "ask",
                "ask_control",
                "there are characters in it that nobody sees",
            );
        }
        let zone = self.time_zone.parse::<Tz>();
        if zone.is_err() {
            let message = "a time zone is written as America/Chicago or UTC";
            wrong.add("time_zone", "time_zone_unknown", message);
        }
        let terms = PetitionTerms {
            title: self.title.clone(),
            ask: self.ask.clone(),
            targets: self.targets.clone(),
            places: self.places(&mut wrong),
            confirmation: self.confirmation(&mut wrong),
            threshold: number(&self.threshold).unwrap_or_default(),
            is_on_autopilot: self.is_on_autopilot,
            time_zone: zone.map_or("UTC".to_owned(), |_| self.time_zone.clone()),
            sender: self.sender(&mut wrong),
            retention_days: number(&self.retention_days).unwrap_or_default(),
            keeps_address: self.keeps_address,
        };
        wrong.check(&terms);
        self.refuse(wrong.0);
        self.errors.is_empty().then_some(terms)
    }

    /// Adds what is wrong, and keeps it in the order of the page.
    pub(crate) fn refuse(&mut self, errors: impl IntoIterator<Item = FieldError>) {
        self.errors.extend(errors);
        self.errors
            .sort_by_key(|error| ORDER.iter().position(|field| *field == error.field));
    }

    fn places(&self, wrong: &mut Wrong) -> Vec<Geoid> {
        let words = self.places.split([' ', ',', ';', '\n', '\t']);
        let mut places = Vec::new();
        for word in words.filter(|word| !word.is_empty()) {
            match Geoid::parse(word) {
                Ok(geoid) => places.push(geoid),
                Err(error) => {
                    let word: String = word.chars().take(40).collect();
                    wrong.add("places", error.code(), &format!("“{word}”: {error}"));
                    break;
                }
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    fn confirmation(&self, wrong: &mut Wrong) -> Confirmation {
        self.confirmation.parse().unwrap_or_else(|_| {
            let message = "choose whether signatures are confirmed by e-mail";
            wrong.add("confirmation", "confirmation_unknown", message);
            Confirmation::Email
        })
    }

    /// A sender is whole or not there: letters print all three.
    fn sender(&self, wrong: &mut Wrong) -> Option<Sender> {
        let parts = [
            &self.sender_organization,
            &self.sender_address,
            &self.sender_email,
        ];
        if parts.iter().all(|part| part.is_empty()) {
            return None;
        }
        let is_line = |text: &str| (1..=200).contains(&text.chars().count());
        if !is_line(&self.sender_organization)
            || self.sender_organization.contains(char::is_control)
        {
            let message = "a sender has a name of 1 to 200 characters";
            wrong.add("sender_organization", "sender_name", message);
        }
        let is_odd = |letter: char| letter.is_control() && letter != '\n';
        if !(1..=500).contains(&self.sender_address.chars().count())
            || self.sender_address.contains(is_odd)
        {
            let message = "a sender has a postal address of at most 500 characters";
            wrong.add("sender_address", "sender_address", message);
        }
        match Email::parse(&self.sender_email) {
            Ok(contact_email) => Some(Sender {
                organization: self.sender_organization.clone(),
                postal_address: self.sender_address.clone(),
                contact_email,
            }),
            Err(error) => {
                wrong.add("sender_email", error.code(), &error.to_string());
                None
            }
        }
    }

    /// What is wrong with a field.
    pub(crate) fn error(&self, field: &str) -> Option<&str> {
        let mut errors = self.errors.iter();
        errors
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }

    /// Whom it may go to.
    pub(crate) fn target_choices(&self) -> [Choice; 3] {
        let choice = |target: Target, label| Choice {
            word: target.as_str(),
            label,
            is_chosen: self.targets.contains(&target),
        };
        [
            choice(Target::Mayor, "The mayor"),
            choice(
                Target::CouncilMember,
                "The council: the signer’s own member, and those at large",
            ),
            choice(Target::Clerk, "The clerk"),
        ]
    }

    /// Whether signatures are confirmed.
    pub(crate) fn confirmation_choices(&self) -> [Choice; 2] {
        let choice = |confirmation: Confirmation, label| Choice {
            word: confirmation.as_str(),
            label,
            is_chosen: self.confirmation == confirmation.as_str(),
        };
        [
            choice(
                Confirmation::Email,
                "By e-mail: a signature counts once its signer confirmed it",
            ),
            choice(
                Confirmation::None,
                "Not at all: a signature counts at once, and every count says so",
            ),
        ]
    }
}

fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    text.replace(',', "").parse().ok()
}

struct Wrong(Vec<FieldError>);

impl Wrong {
    /// The first thing that is wrong with a field is said, the others would repeat it.
    fn add(&mut self, field: &'static str, code: &'static str, message: &str) {
        if self.0.iter().all(|error| error.field != field) {
            let message = message.to_owned();
            self.0.push(FieldError {
                field,
                code,
                message,
            });
        }
    }

    /// The model's own rules. It names the first broken one, so each field is tried alone.
    fn check(&mut self, terms: &PetitionTerms) {
        type Take = fn(&mut PetitionTerms, &PetitionTerms);
        let fields: [(&'static str, Take); 6] = [
            ("title", |probe, terms| probe.title.clone_from(&terms.title)),
            ("ask", |probe, terms| probe.ask.clone_from(&terms.ask)),
            ("target", |probe, terms| {
                probe.targets.clone_from(&terms.targets);
            }),
            ("threshold", |probe, terms| {
                probe.threshold = terms.threshold;
            }),
            ("retention_days", |probe, terms| {
                probe.retention_days = terms.retention_days;
            }),
            ("time_zone", |probe, terms| {
                probe.time_zone.clone_from(&terms.time_zone);
            }),
        ];
        for (field, take) in fields {
            let mut probe = PetitionTerms::with_title("Good");
            take(&mut probe, terms);
            if let Err(error) = probe.check() {
                self.add(field, error.code(), &error.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn posted(fields: &[(&str, &str)]) -> TermsForm {
        let fields = fields.iter();
        let owned = fields.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        TermsForm::from_form(&FormFields(owned.collect()))
    }

    #[test]
    fn what_is_stored_comes_back_the_same() {
        let terms = PetitionTerms {
            ask: "Forbid it.\n\nNow.".into(),
            places: vec![Geoid::parse("0804000").expect("a GEOID")],
            time_zone: "America/Denver".into(),
            sender: Some(Sender {
                organization: "Open Streets".into(),
                postal_address: "1 Main St\nRiverton".into(),
                contact_email: Email::parse("open@example.org").expect("an e-mail"),
            }),
            ..PetitionTerms::with_title("Forbid it")
        };
        assert_eq!(TermsForm::of(&terms).parse(), Some(terms));
    }

    #[test]
    fn everything_wrong_is_said_at_once_in_the_order_of_the_page() {
        let mut form = posted(&[
            ("title", " "),
            ("places", "0804000 Denver"),
            ("confirmation", "perhaps"),
            ("threshold", "none"),
            ("time_zone", "America/Nowhere"),
            ("sender_organization", "Open Streets"),
            ("sender_email", "open@localhost"),
            ("retention_days", "0"),
        ]);
        assert_eq!(form.parse(), None);
        let fields: Vec<_> = form.errors.iter().map(|error| error.field).collect();
        assert_eq!(
            fields,
            [
                "title",
                "target",
                "places",
                "confirmation",
                "threshold",
                "time_zone",
                "sender_address",
                "sender_email",
                "retention_days"
            ]
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_form_and_what_it_takes_is_good(text in "\\PC{0,60}|[\n\r\t\u{7f} a=]{0,20}") {
            let names = ["title", "ask", "places", "threshold", "time_zone", "sender_organization", "sender_address", "sender_email", "retention_days"];
            for name in names {
                let mut fields = vec![
                    ("title", "Forbid it"), ("target", "mayor"), ("confirmation", "email"),
                    ("threshold", "1"), ("time_zone", "UTC"), ("retention_days", "180"),
                ];
                fields.retain(|(field, _)| *field != name);
                fields.push((name, &text));
                let mut form = posted(&fields);
                match form.parse() {
                    Some(terms) => prop_assert_eq!(terms.check(), Ok(())),
                    None => prop_assert!(!form.errors.is_empty()),
                }
            }
        }
    }
}
