//! Networks and domains of which many come at once.

use crate::abuse::condition::{Condition, Reader, key_text};
use crate::abuse::{domain_key, finding};
use crate::console::days;
use crate::failure::Failure;
use crate::site::grouped;
use crate::state::AppState;
use chrono::Duration;
use redress_model::email::Email;
use redress_model::email::canonical::CanonicalRules;
use redress_model::fingerprint::Fingerprint;
use redress_model::petition::Petition;
use redress_storage::abuse::{ArrivalKind, Trend};
use std::collections::HashMap;

/// Fewer within an hour are nobody's concern.
const LEAST: u32 = 50;
/// So many times what came in an hour of the day before.
const RISE: i64 = 4;
/// Signatures opened to tell a domain's name.
const OPENED: usize = 5_000;

/// One of them, as the page shows it.
pub(crate) struct Rising {
    /// `network` or `domain`.
    pub kind: &'static str,
    /// Its hash, or the domain itself.
    pub name: String,
    /// Whether a search finds it.
    pub is_known: bool,
    /// Within the last hour.
    pub arrived: String,
    /// Of these.
    pub passed: String,
    /// In the 23 hours before.
    pub before: String,
}

/// What has risen: at least 50 within the last hour, and four times as many as in an average hour of the 23 before.
pub(crate) async fn list_rising(
    state: &AppState,
    petition: &Petition,
) -> Result<Vec<Rising>, Failure> {
    let trends = trends(state, petition).await?;
    let has_domain = trends.iter().any(|it| it.kind == ArrivalKind::Domain);
    let domains = if has_domain {
        domains(state, petition).await?
    } else {
        HashMap::new()
    };
    Ok(trends.iter().map(|trend| row(trend, &domains)).collect())
}

/// How many have risen.
pub(crate) async fn count_rising(state: &AppState, petition: &Petition) -> Result<usize, Failure> {
    Ok(trends(state, petition).await?.len())
}

async fn trends(state: &AppState, petition: &Petition) -> Result<Vec<Trend>, Failure> {
    let abuse = &state.store().abuse;
    let mut trends = abuse.list_trends(petition.id, state.now(), LEAST).await?;
    trends.retain(|trend| trend.arrived * 23 >= trend.before * RISE);
    Ok(trends)
}

fn row(trend: &Trend, domains: &HashMap<Fingerprint, String>) -> Rising {
    let (kind, name) = match trend.kind {
        ArrivalKind::Client => ("network", Some(key_text(&trend.key))),
        ArrivalKind::Domain => ("domain", domains.get(&trend.key).cloned()),
    };
    Rising {
        kind,
        is_known: name.is_some(),
        name: name.unwrap_or_else(|| key_text(&trend.key)),
        arrived: grouped(trend.arrived),
        passed: grouped(trend.passed),
        before: grouped(trend.before),
    }
}

/// The domains of the last hour by their hashes: they are stored nowhere but in sealed e-mails.
async fn domains(
    state: &AppState,
    petition: &Petition,
) -> Result<HashMap<Fingerprint, String>, Failure> {
    let secrets = state.vault().petition(petition.id).await?;
    let zone = days::zone(petition);
    let since = (state.now() - Duration::hours(1)).with_timezone(&zone);
    let condition = Condition {
        from: since.format("%Y-%m-%dT%H:%M").to_string(),
        ..Condition::default()
    };
    let reader = Reader {
        petition: petition.id,
        secrets: &secrets,
        rules: &CanonicalRules::default(),
        zone,
    };
    let Ok(matcher) = condition.read(&reader) else {
        return Ok(HashMap::new());
    };
    let found = finding::find(state, &secrets, (&matcher, None), (OPENED, OPENED)).await?;
    let signers = found
        .matches
        .iter()
        .filter_map(|(_, signer)| signer.as_ref());
    let emails = signers.filter_map(|signer| Email::parse(&signer.email).ok());
    Ok(emails
        .map(|email| {
            (
                domain_key(&secrets, email.domain()),
                email.domain().to_owned(),
            )
        })
        .collect())
}
