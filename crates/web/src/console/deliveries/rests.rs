//! Servers that get no letters for a while, as an organizer reads of them.

use super::super::{days, words};
use crate::state::AppState;
use chrono_tz::Tz;
use redress_model::petition::Petition;
use redress_storage::StorageResult;
use redress_storage::breakers::{Breaker, BreakerState, RELAY};

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
    Ok(all.iter().map(|breaker| told(breaker, zone)).collect())
}

fn told(breaker: &Breaker, zone: Tz) -> Rest {
    let who = if breaker.name == RELAY {
        "The relay, through which all letters go,".to_owned()
    } else {
        format!("The mail servers of {}", breaker.name)
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
    let reply = breaker.reply.as_ref().map(|(code, text)| match code {
        0 => text.clone(),
        code => format!("{code} {text}"),
    });
    Rest {
        text,
        reply: reply.unwrap_or_default(),
        name: is_blocked.then(|| breaker.name.clone()),
    }
}
