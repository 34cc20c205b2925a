//! Which servers letters go to, shared by all processes.

use super::signs::Way;
use crate::mailer::Mailer;
use crate::transport::Transport;
use chrono::Duration;
use redress_storage::breakers::of_batch;
use redress_storage::deliveries::Claimed;
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// For how long a process believes what the DNS said of a domain.
const FRESH: Duration = Duration::hours(1);

/// After how long it asks again where the DNS said nothing: letters do not wait for it at each claim.
const AGAIN: Duration = Duration::minutes(5);

/// How long letters wait for the DNS.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

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
        let unknown: BTreeMap<String, String> = {
            let groups = self.groups();
            let is_fresh = |domain: &String| {
                groups
                    .get(domain)
                    .is_some_and(|(_, asked_at)| now - *asked_at < FRESH)
            };
            claimed
                .iter()
                .map(|claimed| self.way_of(claimed))
                .filter(|way| !way.domain.is_empty() && !is_fresh(&way.domain))
                .map(|way| (way.domain, way.group))
                .collect()
        };
        let mut asked = JoinSet::new();
        for (domain, known) in unknown {
            let resolver = resolver.clone();
            asked.spawn(async move {
                match timeout(PATIENCE, resolver.group(&domain)).await {
                    Ok(Ok(group)) => (domain, group, now),
                    Ok(Err(_)) | Err(_) => (domain, known, now - FRESH + AGAIN),
                }
            });
        }
        while let Some(answer) = asked.join_next().await {
            if let Ok((domain, group, asked_at)) = answer {
                self.groups().insert(domain, (group, asked_at));
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
