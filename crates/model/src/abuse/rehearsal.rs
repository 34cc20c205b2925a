//! New limits and lists, tried on what has come before.

use super::limits::{Limits, step_of, steps};
use crate::fingerprint::Fingerprint;
use crate::signature::RejectionReason;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// Somebody who signed once, as the limits see them.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// When.
    pub at: DateTime<Utc>,
    /// The client's hash and whether the limit holds for it.
    pub client: Option<(Fingerprint, bool)>,
    /// The e-mail's domain and whether the limit holds for it.
    pub domain: (String, bool),
    /// What the lists say.
    pub blocked: Option<RejectionReason>,
}

/// Counts as the intake does, without a database. Arrivals come in the order of their time.
#[derive(Debug)]
pub struct Rehearsal {
    limits: Limits,
    clients: Counter<Fingerprint>,
    domains: Counter<String>,
}

impl Rehearsal {
    /// Nobody has come yet.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            clients: Counter(HashMap::new()),
            domains: Counter(HashMap::new()),
        }
    }

    /// Why the next one would be rejected.
    pub fn judge(&mut self, next: &Arrived) -> Option<RejectionReason> {
        let is_over =
            |limit: Option<u32>, passed: u64| limit.is_some_and(|limit| passed >= u64::from(limit));
        let by_client = next.client.is_some_and(|(key, is_limited)| {
            is_limited
                && is_over(
                    self.limits.client_an_hour,
                    self.clients.passed(&key, next.at),
                )
        });
        let (domain, is_limited) = &next.domain;
        let by_domain = *is_limited
            && is_over(
                self.limits.domain_an_hour,
                self.domains.passed(domain, next.at),
            );
        let reason = match next.blocked {
            Some(reason) => Some(reason),
            None if by_client => Some(RejectionReason::ClientRate),
            None if by_domain => Some(RejectionReason::DomainRate),
            None => None,
        };
        if reason.is_none() {
            if let Some((key, _)) = next.client {
                self.clients.pass(key, next.at);
            }
            self.domains.pass(domain.clone(), next.at);
        }
        reason
    }
}

/// How many passed, by what and step.
#[derive(Debug)]
struct Counter<K>(HashMap<K, BTreeMap<DateTime<Utc>, u64>>);

impl<K: Eq + Hash> Counter<K> {
    fn passed(&self, key: &K, at: DateTime<Utc>) -> u64 {
        let Some(known) = self.0.get(key) else {
            return 0;
        };
        let counted = steps(at);
        let oldest = counted.last().copied().unwrap_or(at);
        known.range(oldest..).map(|(_, passed)| passed).sum()
    }

    fn pass(&mut self, key: K, at: DateTime<Utc>) {
        *self
            .0
            .entry(key)
            .or_default()
            .entry(step_of(at))
            .or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    #[test]
    fn a_limit_rejects_who_comes_after_it_until_the_hour_is_over() {
        let mut rehearsal = Rehearsal::new(Limits {
            client_an_hour: Some(2),
            domain_an_hour: Some(3),
        });
        let begun: DateTime<Utc> = "2026-03-02T10:30:00Z".parse().unwrap();
        let mut judge = |minutes, client, is_limited, blocked| {
            rehearsal.judge(&Arrived {
                at: begun + Duration::minutes(minutes),
                client: Some((Fingerprint([client; 16]), is_limited)),
                domain: ("mail.example".into(), is_limited),
                blocked,
            })
        };
        let name = Some(RejectionReason::NameBlocked);
        assert_eq!(judge(0, 1, true, None), None);
        assert_eq!(judge(1, 1, true, name), name);
        assert_eq!(judge(2, 1, true, None), None);
        assert_eq!(judge(3, 1, true, None), Some(RejectionReason::ClientRate));
        assert_eq!(judge(4, 2, true, None), None);
        assert_eq!(judge(5, 2, true, None), Some(RejectionReason::DomainRate));
        assert_eq!(judge(6, 1, false, None), None);
        assert_eq!(judge(66, 1, true, None), None);
    }
}
