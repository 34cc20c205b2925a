//! Servers that get no letters for a while, as an organizer reads of them.

use super::super::{days, words};
use crate::state::AppState;
use chrono_tz::Tz;
use redress_model::petition::Petition;
use redress_storage::StorageResult;
use redress_storage::breakers::{BATCH, Breaker, BreakerState, GROUP, RELAY, of_batch};

/// One of them.
pub(super) struct Rest {
    /// What is told.
    pub(super) text: String,
    /// What the server said.
    pub(super) reply: String,
    /// Under which name it is released; `None` while it looks after itself.
    pub(super) name: Option<String>,
}

/// Those for which letters of a petition wait.
pub(super) async fn list(state: &AppState, petition: &Petition) -> StorageResult<Vec<Rest>> {
    let breakers = &state.store().breakers;
    let zone = days::zone(petition);
    let all = breakers.list_breakers_of(petition.id).await?;
    let mut rests = Vec::with_capacity(all.len());
    for breaker in &all {
        let rest = match held_batch(state, petition, breaker).await? {
            Some(batch) => held(breaker, batch, zone),
            None => told(breaker, zone),
        };
        rests.push(rest);
    }
    Ok(rests)
}

/// The number of the batch whose letters are held, where it is not servers that rest.
async fn held_batch(
    state: &AppState,
    petition: &Petition,
    breaker: &Breaker,
) -> StorageResult<Option<u32>> {
    if !breaker.name.starts_with(BATCH) {
        return Ok(None);
    }
    let batches = &state.store().batches;
    let all = batches
        .list_batches(petition.id, None, None, 0, u32::MAX >> 1)
        .await?;
    let batch = all.iter().find(|batch| of_batch(batch.id) == breaker.name);
    Ok(Some(batch.map_or(0, |batch| batch.number)))
}

fn held(breaker: &Breaker, batch: u32, zone: Tz) -> Rest {
    let since = words::instant(breaker.changed_at, zone);
    Rest {
        text: format!(
            "A server found fault with the form of a letter of batch {batch} on {since}. The others would be told the same, so they wait: nothing is lost. Find out what is wrong, then try again."
        ),
        reply: said(breaker),
        name: Some(breaker.name.clone()),
    }
}

fn said(breaker: &Breaker) -> String {
    let reply = breaker.reply.as_ref().map(|(code, text)| match code {
        0 => text.clone(),
        code => format!("{code} {text}"),
    });
    reply.unwrap_or_default()
}

fn told(breaker: &Breaker, zone: Tz) -> Rest {
    let who = match breaker.name.strip_prefix(GROUP) {
        _ if breaker.name == RELAY => "The relay, through which all letters go,".to_owned(),
        Some(owner) => format!("The mail servers of {owner}, which serve several places,"),
        None => format!("The mail servers of {}", breaker.name),
    };
    let is_blocked = breaker.state == BreakerState::Blocked;
    let since = words::instant(breaker.changed_at, zone);
    let text = match (breaker.state, breaker.until_at) {
        (BreakerState::Blocked, _) | (_, None) => format!(
            "{who} will not have our mail since {since}. Letters wait: nothing is lost, and no address is called dead. Find out why, then try again."
        ),
        (BreakerState::HalfOpen, _) => {
            format!("{who} had trouble. One letter is on its way to see whether it is over.")
        }
        (BreakerState::Open, Some(until_at)) => format!(
            "{who} had trouble. Letters wait by themselves; one is tried at {}.",
            words::instant(until_at, zone)
        ),
    };
    Rest {
        text,
        reply: said(breaker),
        name: is_blocked.then(|| breaker.name.clone()),
    }
}
