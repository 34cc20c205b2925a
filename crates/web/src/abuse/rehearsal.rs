//! New rules, tried on the signatures of past days. Networks are stored as hashes alone: lists of networks hold from now on only.

use super::InForce;
use super::condition::least_id;
use super::finding;
use crate::failure::Failure;
use crate::state::AppState;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use redress_model::abuse::guard::{Applicant, ListVerdict};
use redress_model::abuse::rehearsal::{Arrived, Rehearsal};
use redress_model::email::Email;
use redress_model::id::SignatureId;
use redress_model::name_key::NameKey;
use redress_model::person_name::PersonName;
use redress_model::petition::Petition;
use redress_model::signature::{Origin, RejectedBy, RejectionReason};
use redress_storage::secrets::SignerFields;
use redress_storage::signatures::{Signature, SignatureFilter};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Signatures read at a time.
const PAGE: u32 = 500;
/// Signatures of one rehearsal.
const MOST: u64 = 100_000;

/// What the rules would have done on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Day {
    /// How many came.
    pub came: u64,
    /// How many of them would be rejected.
    pub rejected: u64,
    /// How many of these are counted today.
    pub counted: u64,
    /// How many would pass whom a rule rejected then.
    pub passing: u64,
}

/// What the rules would have done.
#[derive(Debug, Default)]
pub(crate) struct Rehearsed {
    /// By day, in the petition's time zone.
    pub days: BTreeMap<NaiveDate, Day>,
    /// How many would be rejected, by reason.
    pub reasons: BTreeMap<&'static str, u64>,
    /// Up to when, if there were too many.
    pub is_cut: bool,
}

/// Tries rules on what came within so many days.
pub(crate) async fn rehearse(
    state: &AppState,
    (petition, zone): (&Petition, Tz),
    rules: &InForce,
    days: i64,
) -> Result<Rehearsed, Failure> {
    let secrets = state.vault().petition(petition.id).await?;
    let since: DateTime<Utc> = state.now() - Duration::days(days);
    let filter = SignatureFilter::of(petition.id);
    let mut after = Some(SignatureId(Uuid::from_u128(least_id(since))));
    let (mut rehearsal, mut rehearsed) = (Rehearsal::new(rules.limits), Rehearsed::default());
    let mut looked_at = 0;
    loop {
        let signatures = &state.store().signatures;
        let page = signatures.list_signatures(&filter, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(rehearsed);
        };
        after = Some(last.id);
        for signature in page.iter().filter(|it| it.origin == Origin::Online) {
            let signer = finding::open(&secrets, signature);
            let Some(next) = signer.and_then(|signer| arrived(rules, signature, &signer)) else {
                continue;
            };
            let reason = rehearsal.judge(&next);
            let day = signature.signed_at.with_timezone(&zone).date_naive();
            note(&mut rehearsed, day, signature, reason);
        }
        looked_at += u64::try_from(page.len()).unwrap_or(u64::MAX);
        if looked_at >= MOST {
            rehearsed.is_cut = true;
            return Ok(rehearsed);
        }
    }
}

fn note(
    rehearsed: &mut Rehearsed,
    on: NaiveDate,
    signature: &Signature,
    reason: Option<RejectionReason>,
) {
    let day = rehearsed.days.entry(on).or_default();
    day.came += 1;
    match reason {
        Some(reason) => {
            day.rejected += 1;
            day.counted += u64::from(signature.is_counted);
            *rehearsed.reasons.entry(reason.as_str()).or_default() += 1;
        }
        None => day.passing += u64::from(was_limited(signature)),
    }
}

/// Whether limits or lists rejected it then.
fn was_limited(signature: &Signature) -> bool {
    signature.rejection.is_some_and(|(by, reason)| {
        by == RejectedBy::Rule
            && !matches!(reason, RejectionReason::Replaced | RejectionReason::Robot)
    })
}

fn arrived(rules: &InForce, signature: &Signature, signer: &SignerFields) -> Option<Arrived> {
    let email = Email::parse(&signer.email).ok()?;
    let name = NameKey::of(&PersonName::parse(&signer.name).ok()?);
    let verdict = rules.guard.judge(&Applicant {
        client: None,
        domain: email.domain(),
        mailbox: &rules.guard.rules.canonical(&email),
        name: &name,
    });
    let (by_client, by_domain, blocked) = match verdict {
        ListVerdict::Blocked(reason) => (false, false, Some(reason)),
        ListVerdict::Open {
            is_limited_by_client,
            is_limited_by_domain,
        } => (is_limited_by_client, is_limited_by_domain, None),
    };
    Some(Arrived {
        at: signature.signed_at,
        client: signature.client_key.map(|key| (key, by_client)),
        domain: (email.domain().to_owned(), by_domain),
        blocked,
    })
}
