//! Which servers letters go to, shared by all processes.

use super::signs::Way;
use crate::mailer::Mailer;
use crate::transport::Transport;
use chrono::Duration;
use redress_storage::breakers::of_batch;
use redress_storage::deliveries::Claimed;
use std::collections::BTreeSet;
use tokio::task::JoinSet;

/// For how long a process believes what the DNS said of a domain.
const FRESH: Duration = Duration::hours(1);

impl Mailer {
    /// Whom a letter goes to, by the names of breakers.
    pub(super) fn way_of(&self, claimed: &Claimed) -> Way {
        let email = claimed.delivery.addressee.email.as_deref();
        let email = email.unwrap_or_default();
        let domain = email
            .rsplit_once('@')
            .map_or(email, |(_, domain)| domain)
            .to_ascii_lowercase();
        let group = match claimed.group.as_str() {
            "" => domain.clone(),
            known => known.to_owned(),
        };
        Way {
            domain,
            group,
            batch: of_batch(claimed.delivery.batch_id),
            is_direct: matches!(self.transport(), Transport::Direct(_)),
        }
    }

    /// Asks the DNS for the servers of domains that this process does not know yet, and tells all processes what was not known. A domain of
    /// which the DNS says nothing stays what it was.
    pub(super) async fn find_groups(&self, claimed: &mut [Claimed]) {
        let Some(resolver) = self.resolver() else {
            return;
        };
        let now = self.now();
        let unknown: BTreeSet<String> = {
            let groups = self.groups();
            let is_fresh = |domain: &String| {
                groups
                    .get(domain)
                    .is_some_and(|(_, asked_at)| now - *asked_at < FRESH)
            };
            claimed
                .iter()
                .map(|claimed| self.way_of(claimed).domain)
                .filter(|domain| !domain.is_empty() && !is_fresh(domain))
                .collect()
        };
        let mut asked = JoinSet::new();
        for domain in unknown {
            let resolver = resolver.clone();
            asked.spawn(async move {
                let group = resolver.group(&domain).await;
                (domain, group)
            });
        }
        while let Some(answer) = asked.join_next().await {
            if let Ok((domain, Ok(group))) = answer {
                self.groups().insert(domain, (group, now));
            }
        }
        let mut told = BTreeSet::new();
        for claimed in claimed {
            let domain = self.way_of(claimed).domain;
            let known = self.groups().get(&domain).map(|(group, _)| group.clone());
            let Some(group) = known.filter(|group| *group != claimed.group) else {
                continue;
            };
            if told.insert(domain.clone()) {
                let breakers = &self.store().breakers;
                if let Err(error) = breakers.record_mail_group(&domain, &group, now).await {
                    // Pace is not worth a letter.
                    tracing::warn!(error = %error, "servers were not written down");
                }
            }
            claimed.group = group;
        }
    }
}
