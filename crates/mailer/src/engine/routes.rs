//! Which servers letters go to, shared by all processes.

use super::signs::Way;
use crate::mailer::Mailer;
use crate::servers::Resolver;
use chrono::{DateTime, Duration, Utc};
use redress_storage::breakers::of_batch;
use redress_storage::deliveries::Claimed;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// For how long a process believes what the DNS said of a domain.
const FRESH: Duration = Duration::hours(1);

/// After how long it asks again where the DNS said nothing: letters do not wait for it at each claim.
const AGAIN: Duration = Duration::minutes(5);

/// How long letters wait for the DNS.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// What a process knows of domains: the group of servers that takes the mail of each, and when the DNS was asked.
type Groups = HashMap<String, (String, DateTime<Utc>)>;

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
            is_direct: self.transport().is_direct(),
        }
    }

    /// Asks the DNS for the servers of domains that this process does not know yet, and tells all processes what was not known. A domain of
    /// which the DNS says nothing stays what it was.
    pub(super) async fn find_groups(&self, claimed: &mut [Claimed]) {
        let Some(resolver) = self.resolver() else {
            return;
        };
        let now = self.now();
        let ways = claimed.iter().map(|claimed| self.way_of(claimed));
        let unknown = not_known(&self.groups(), ways, now);
        let heard = ask(resolver, unknown, now, PATIENCE).await;
        self.groups().extend(heard);
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

/// The domains of which nothing is known by now, each with the group that it is taken for until something is.
fn not_known(
    groups: &Groups,
    ways: impl Iterator<Item = Way>,
    now: DateTime<Utc>,
) -> BTreeMap<String, String> {
    let is_fresh = |domain: &String| {
        groups
            .get(domain)
            .is_some_and(|(_, asked_at)| now - *asked_at < FRESH)
    };
    ways.filter(|way| !way.domain.is_empty() && !is_fresh(&way.domain))
        .map(|way| (way.domain, way.group))
        .collect()
}

/// Asks the DNS of domains, of all at once, and waits no longer than `patience`. Where it says nothing a domain keeps its group, and is to be
/// asked of again soon.
async fn ask(
    resolver: &Resolver,
    unknown: BTreeMap<String, String>,
    now: DateTime<Utc>,
    patience: std::time::Duration,
) -> Groups {
    let mut asked = JoinSet::new();
    for (domain, known) in unknown {
        let resolver = resolver.clone();
        asked.spawn(async move {
            match timeout(patience, resolver.group(&domain)).await {
                Ok(Ok(group)) => (domain, (group, now)),
                Ok(Err(_)) | Err(_) => (domain, (known, now - FRESH + AGAIN)),
            }
        });
    }
    let mut heard = Groups::new();
    while let Some(answer) = asked.join_next().await {
        heard.extend(answer.ok());
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::DnsSettings;
    use crate::testing::{DnsAnswer, DnsStage};
    use redress_model::clock::{Clock, FixedClock};
    use std::time::Instant;

    /// How long these letters wait for the DNS: less than it takes to ask a second time.
    const MOMENT: std::time::Duration = std::time::Duration::from_millis(200);

    const SILENT: &str = "silent.example";
    const CITY: &str = "city.example";

    fn stage() -> (DnsStage, Resolver) {
        let stage = DnsStage::open(&[
            (SILENT, DnsAnswer::Silent),
            (CITY, DnsAnswer::Mx(vec![(10, "mx.provider.example")])),
        ]);
        let settings = DnsSettings {
            servers: vec![stage.address().to_string()],
            ..DnsSettings::default()
        };
        let resolver = Resolver::open(&settings).unwrap();
        (stage, resolver)
    }

    /// What a claim of a letter to each domain does.
    async fn claim(resolver: &Resolver, groups: &mut Groups, domains: &[&str], clock: FixedClock) {
        let ways = domains.iter().map(|domain| Way {
            domain: (*domain).to_owned(),
            group: (*domain).to_owned(),
            batch: String::new(),
            is_direct: true,
        });
        let unknown = not_known(groups, ways, clock.now());
        groups.extend(ask(resolver, unknown, clock.now(), MOMENT).await);
    }

    fn clock() -> FixedClock {
        FixedClock("2026-03-04T16:00:00Z".parse().unwrap())
    }

    #[tokio::test]
    async fn a_dns_that_does_not_answer_is_asked_again_after_five_minutes_and_not_before() {
        let (stage, resolver) = stage();
        let (mut groups, mut clock) = (Groups::new(), clock());
        let begun = Instant::now();
        claim(&resolver, &mut groups, &[SILENT], clock).await;
        let asked = stage.asked();
        assert!(asked > 0 && begun.elapsed() >= MOMENT);
        assert_eq!(groups[SILENT].0, SILENT);

        for _ in 0..3 {
            claim(&resolver, &mut groups, &[SILENT], clock).await;
            clock.0 += Duration::seconds(99);
        }

        assert_eq!(stage.asked(), asked, "within five minutes");
        clock.0 += Duration::seconds(3);
        claim(&resolver, &mut groups, &[SILENT], clock).await;
        let again = stage.asked();
        assert!(again > asked, "after five minutes");
        claim(&resolver, &mut groups, &[SILENT], clock).await;
        assert_eq!(stage.asked(), again);
    }

    #[tokio::test]
    async fn what_the_dns_says_is_believed_for_an_hour_whoever_is_silent_beside_it() {
        let (_stage, resolver) = stage();
        let (mut groups, mut clock) = (Groups::new(), clock());
        let provider = ("mx:provider.example".to_owned(), clock.now());
        claim(&resolver, &mut groups, &[SILENT, CITY], clock).await;
        assert_eq!(groups[CITY], provider);

        clock.0 += Duration::minutes(59);
        claim(&resolver, &mut groups, &[CITY], clock).await;
        assert_eq!(groups[CITY], provider);
        clock.0 += Duration::minutes(1);
        claim(&resolver, &mut groups, &[CITY], clock).await;
        assert_eq!(groups[CITY], (provider.0, clock.now()));
    }
}
