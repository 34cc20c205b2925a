//! Which signatures are meant: the fields of a search, and of a sweep.

use crate::body::FormFields;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use redress_model::abuse::domain_pattern::DomainPattern;
use redress_model::abuse::name_pattern::NamePattern;
use redress_model::email::Email;
use redress_model::email::canonical::CanonicalRules;
use redress_model::fingerprint::Fingerprint;
use redress_model::home::Home;
use redress_model::id::{PetitionId, SignatureId};
use redress_model::name_key::NameKey;
use redress_model::person_name::PersonName;
use redress_model::signature::state::SignatureState;
use redress_storage::secrets::{PetitionSecrets, SignerFields};
use redress_storage::signatures::SignatureFilter;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The fields as they are typed; empty for any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Condition {
    /// A name, with a `*` at either end for anything.
    pub name: String,
    /// An e-mail, as its mailbox.
    pub email: String,
    /// A domain or a pattern of domains.
    pub domain: String,
    /// A network's hash, as the pages show it.
    pub network: String,
    /// The hash of a name at an address, as the pages show it.
    pub person: String,
    /// A home: a GEOID, `outside` or `unlocated`.
    pub place: String,
    /// A state.
    pub state: String,
    /// Signed at or after, in the petition's time zone.
    pub from: String,
    /// Signed before.
    pub to: String,
}

/// A field that cannot be read, and what it should be.
pub(crate) type BadField = (&'static str, &'static str);

/// A condition, read.
pub(crate) struct Matcher {
    filter: SignatureFilter,
    after: Option<SignatureId>,
    name: Option<NamePattern>,
    domain: Option<DomainPattern>,
}

/// What conditions are read with.
pub(crate) struct Reader<'a> {
    /// Whose signatures.
    pub petition: PetitionId,
    /// Its keys.
    pub secrets: &'a PetitionSecrets,
    /// When two e-mails are one mailbox.
    pub rules: &'a CanonicalRules,
    /// Its time zone.
    pub zone: Tz,
}

impl Condition {
    /// The fields as they were sent. They are posted: who is looked for stands in no address.
    pub(crate) fn sent(fields: &FormFields) -> Self {
        let text = |name| fields.text(name).trim().to_owned();
        Self {
            name: text("name"),
            email: text("email"),
            domain: text("domain"),
            network: text("network"),
            person: text("person"),
            place: text("place"),
            state: text("state"),
            from: text("from"),
            to: text("to"),
        }
    }

    /// The fields by their names.
    pub(crate) fn fields(&self) -> [(&'static str, &str); 9] {
        [
            ("name", &self.name),
            ("email", &self.email),
            ("domain", &self.domain),
            ("network", &self.network),
            ("person", &self.person),
            ("place", &self.place),
            ("state", &self.state),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    /// Whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Reads the fields; every bad one is named.
    pub(crate) fn read(&self, with: &Reader<'_>) -> Result<Matcher, Vec<BadField>> {
        let mut bad = Vec::new();
        let mut filter = SignatureFilter::of(with.petition);
        let name = field(&self.name, &mut bad, NAME, NamePattern::parse);
        let domain = field(&self.domain, &mut bad, DOMAIN, DomainPattern::parse);
        filter.email_key = field(&self.email, &mut bad, EMAIL, |text| {
            let mailbox = with.rules.canonical(&Email::parse(text).ok()?);
            Some(with.secrets.fingerprint("email", mailbox.as_str()))
        });
        filter.client_key = field(&self.network, &mut bad, NETWORK, read_key);
        filter.address_key = field(&self.person, &mut bad, PERSON, read_key);
        filter.home = field(&self.place, &mut bad, PLACE, |text| {
            Home::from_key(text).ok()
        });
        filter.state = field(&self.state, &mut bad, STATE, |text| {
            text.parse::<SignatureState>().ok()
        });
        let after = field(&self.from, &mut bad, FROM, |text| instant(text, with.zone));
        let until = field(&self.to, &mut bad, TO, |text| instant(text, with.zone));
        filter.until = until.map(|at| SignatureId(Uuid::from_u128(least_id(at).saturating_sub(1))));
        if bad.is_empty() {
            Ok(Matcher {
                filter,
                after: after.map(|at| SignatureId(Uuid::from_u128(least_id(at)))),
                name,
                domain,
            })
        } else {
            Err(bad)
        }
    }
}

const NAME: BadField = ("name", "a name, with a * at either end for anything");
const DOMAIN: BadField = ("domain", "a domain, such as mail.example or *.mail.example");
const EMAIL: BadField = ("email", "a whole e-mail address");
const NETWORK: BadField = (
    "network",
    "a network’s hash, 32 characters from these pages",
);
const PERSON: BadField = (
    "person",
    "the hash of a person at an address, 32 characters from these pages",
);
const PLACE: BadField = ("place", "a GEOID, or outside, or unlocated");
const STATE: BadField = ("state", "a state of signatures");
const FROM: BadField = (
    "from",
    "a day or a time, such as 2026-03-02 or 2026-03-02T10:30",
);
const TO: BadField = (
    "to",
    "a day or a time, such as 2026-03-02 or 2026-03-02T10:30",
);

fn field<T>(
    text: &str,
    bad: &mut Vec<BadField>,
    what: BadField,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let value = read(text);
    if value.is_none() {
        bad.push(what);
    }
    value
}

impl Matcher {
    /// What storage looks for.
    pub(crate) fn filter(&self) -> &SignatureFilter {
        &self.filter
    }

    /// The same up to a signature.
    pub(crate) fn filter_until(&self, until: SignatureId) -> SignatureFilter {
        let earlier = self.filter.until.map_or(until, |own| own.min(until));
        SignatureFilter {
            until: Some(earlier),
            ..self.filter.clone()
        }
    }

    /// After which signature it begins.
    pub(crate) fn after(&self) -> Option<SignatureId> {
        self.after
    }

    /// Whether it asks for what is sealed.
    pub(crate) fn asks_who(&self) -> bool {
        self.name.is_some() || self.domain.is_some()
    }

    /// Whether what storage found is meant.
    pub(crate) fn matches(&self, signer: &SignerFields) -> bool {
        let name = self.name.as_ref().is_none_or(|pattern| {
            PersonName::parse(&signer.name).is_ok_and(|name| pattern.names(&NameKey::of(&name)))
        });
        let domain = self.domain.as_ref().is_none_or(|pattern| {
            Email::parse(&signer.email).is_ok_and(|email| pattern.names(email.domain()))
        });
        name && domain
    }
}

/// A hash as pages show it.
pub(crate) fn key_text(key: &Fingerprint) -> String {
    Uuid::from_bytes(key.0).simple().to_string()
}

fn read_key(text: &str) -> Option<Fingerprint> {
    let id = Uuid::try_parse(text).ok()?;
    (text.len() == 32).then(|| Fingerprint(id.into_bytes()))
}

/// Ids sort by time: the least of an instant's.
pub(crate) fn least_id(at: DateTime<Utc>) -> u128 {
    u128::try_from(at.timestamp_millis()).unwrap_or_default() << 80
}

fn instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN))
        })
        .ok()?;
    let at = zone.from_local_datetime(&local).earliest()?;
    Some(at.to_utc())
}
