//! How large a message may be that goes to a domain.
//!
//! The settings say it for every way that messages leave. What a domain's own servers say (SIZE, RFC 1870) comes on top where we speak to
//! them: it is remembered, so that the next message that is too large for them is known to be so before anybody connects. A relay says its
//! own, for all domains, each time.

use crate::error::MailerError;
use crate::settings::MailerSettings;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// For how long a server's word holds.
const FRESH: Duration = Duration::from_hours(1);

/// Of how many domains it is remembered.
const MOST: usize = 10_000;

/// What is said of servers that name a smaller size than a message has.
pub(super) const SAID: &str = "the message is larger than the server says it takes";

/// What may go where; domains are in lower case.
pub(super) struct Ceilings {
    /// In bytes, for domains that are not named.
    general: usize,
    /// In bytes, for those that are.
    named: HashMap<String, usize>,
    said: Mutex<Said>,
}

impl Ceilings {
    /// Those of the settings; no server has said anything yet. Fails when one is set for something that is no domain.
    pub(super) fn new(settings: &MailerSettings) -> Result<Self, MailerError> {
        let mut named = HashMap::new();
        for (domain, bytes) in &settings.ceilings {
            let is_name = |letter: char| letter.is_alphanumeric() || "-._".contains(letter);
            if domain.is_empty() || !domain.chars().all(is_name) {
                return Err(MailerError::Settings(
                    "mailer.ceilings: domains such as city.example, each with a number of bytes",
                ));
            }
            named.insert(domain.to_ascii_lowercase(), or_any(*bytes));
        }
        Ok(Self {
            general: or_any(settings.ceiling),
            named,
            said: Mutex::default(),
        })
    }

    /// Why a message of so many bytes does not go to a domain; `None` where it may.
    pub(super) fn refusal(&self, domain: &str, bytes: usize) -> Option<&'static str> {
        let ceiling = self.named.get(domain).copied().unwrap_or(self.general);
        if bytes > ceiling {
            return Some("the message is larger than the settings allow");
        }
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let largest = said.find(domain, Instant::now());
        largest
            .is_some_and(|largest| bytes > largest)
            .then_some(SAID)
    }

    /// Remembers what a domain's server said when it let us in: the largest message that it takes, in bytes, or that it knows no limit.
    pub(super) fn hear(&self, domain: &str, largest: Option<usize>) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        match largest {
            Some(largest) => said.keep(domain, largest, Instant::now()),
            None => said.forget(domain),
        }
    }
}

/// A number of the settings, of which 0 is none.
fn or_any(bytes: usize) -> usize {
    if bytes == 0 { usize::MAX } else { bytes }
}

/// What domains' servers said, in bytes, and when.
#[derive(Default)]
struct Said(HashMap<String, (usize, Instant)>);

impl Said {
    fn find(&self, domain: &str, now: Instant) -> Option<usize> {
        let (largest, said_at) = self.0.get(domain)?;
        (now.duration_since(*said_at) < FRESH).then_some(*largest)
    }

    /// Where it becomes too much, what has gone stale gives way, and else what was said first.
    fn keep(&mut self, domain: &str, largest: usize, now: Instant) {
        if self.0.len() >= MOST && !self.0.contains_key(domain) {
            self.0
                .retain(|_, (_, said_at)| now.duration_since(*said_at) < FRESH);
            if self.0.len() >= MOST {
                let first = self.0.iter().min_by_key(|(_, (_, said_at))| *said_at);
                if let Some(first) = first.map(|(domain, _)| domain.clone()) {
                    self.0.remove(&first);
                }
            }
        }
        self.0.insert(domain.to_owned(), (largest, now));
    }

    fn forget(&mut self, domain: &str) {
        self.0.remove(domain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ceilings(general: usize, named: &[(&str, usize)]) -> Result<Ceilings, MailerError> {
        let named = named
            .iter()
            .map(|(domain, bytes)| ((*domain).to_owned(), *bytes));
        Ceilings::new(&MailerSettings {
            ceiling: general,
            ceilings: named.collect(),
            ..MailerSettings::default()
        })
    }

    #[test]
    fn a_domain_has_its_own_ceiling_or_that_of_all() {
        let set = ceilings(100, &[("City.example", 50), ("town.example", 0)]).unwrap();
        for (domain, bytes, may_go) in [
            ("village.example", 100, true),
            ("village.example", 101, false),
            ("city.example", 50, true),
            ("city.example", 51, false),
            ("mail.city.example", 100, true),
            ("town.example", usize::MAX, true),
        ] {
            assert_eq!(set.refusal(domain, bytes).is_none(), may_go, "{domain}");
        }
        let without = ceilings(0, &[]).unwrap();
        assert_eq!(without.refusal("city.example", usize::MAX), None);
        let usual = Ceilings::new(&MailerSettings::default()).unwrap();
        assert_eq!(usual.refusal("city.example", 7_000_000), None);
        assert!(usual.refusal("city.example", 7_000_001).is_some());
    }

    #[test]
    fn a_ceiling_of_what_is_no_domain_is_refused_when_it_is_set() {
        for domain in ["", "mayor@city.example", "city.example, town.example"] {
            assert!(ceilings(0, &[(domain, 50)]).is_err(), "{domain}");
        }
    }

    #[test]
    fn what_a_server_said_counts_below_the_ceiling_until_it_says_something_else() {
        let set = ceilings(100, &[]).unwrap();
        set.hear("city.example", Some(60));
        assert_eq!(set.refusal("city.example", 60), None);
        assert_eq!(set.refusal("city.example", 61), Some(SAID));
        assert_eq!(set.refusal("town.example", 61), None);
        set.hear("city.example", Some(1_000));
        assert_eq!(set.refusal("city.example", 100), None);
        assert!(set.refusal("city.example", 101).is_some());
        set.hear("city.example", Some(60));
        set.hear("city.example", None);
        assert_eq!(set.refusal("city.example", 61), None);
    }

    #[test]
    fn what_a_server_said_is_believed_for_an_hour() {
        let (mut said, now) = (Said::default(), Instant::now());
        said.keep("city.example", 60, now);
        let nearly = now + FRESH.saturating_sub(Duration::from_secs(1));
        assert_eq!(said.find("city.example", nearly), Some(60));
        assert_eq!(said.find("city.example", now + FRESH), None);
    }

    #[test]
    fn of_too_many_domains_what_was_said_first_is_forgotten() {
        let (mut said, now) = (Said::default(), Instant::now());
        let at = |number: usize| now + Duration::from_millis(number as u64);
        for number in 0..=MOST {
            said.keep(&format!("city{number}.example"), 60, at(number));
        }
        assert_eq!(said.0.len(), MOST);
        assert_eq!(said.find("city0.example", at(MOST)), None);
        assert_eq!(said.find("city1.example", at(MOST)), Some(60));
        // An hour later all of them have gone stale.
        said.keep("town.example", 60, at(MOST) + FRESH);
        assert_eq!(said.0.len(), 1);
    }
}
