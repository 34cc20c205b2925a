//! Whose turn it is at each domain: its servers take one letter at a time, while the next ones are made ready, and the last ones written down.

use super::Mode;
use super::signs::Way;
use redress_storage::breakers::{RELAY, Sign};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};
use tokio::time::Instant;

/// Of how many domains turns are kept before those that nobody waits for are let go.
const MOST: usize = 4_096;

/// The turns of one run, and what was heard while letters waited for theirs.
#[derive(Default)]
pub(super) struct Turns {
    domains: Mutex<HashMap<String, Arc<Turn<()>>>>,
    opened: Mutex<HashMap<String, (Instant, Sign)>>,
}

impl Turns {
    /// Waits for a turn, first come first served; it ends with the guard.
    pub(super) async fn wait(&self, domain: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut domains = self.domains.lock().unwrap_or_else(PoisonError::into_inner);
            if domains.len() >= MOST {
                domains.retain(|_, turn| Arc::strong_count(turn) > 1);
            }
            Arc::clone(domains.entry(domain.to_owned()).or_default())
        };
        turn.lock_owned().await
    }

    /// A breaker opened, or blocks us.
    pub(super) fn hear(&self, name: &str, sign: Sign) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.insert(name.to_owned(), (Instant::now(), sign));
    }

    /// Whether a letter that was put to work at an instant must not go any more. Whoever drains heeds blocks alone.
    pub(super) fn is_shut(&self, way: &Way, since: Instant, mode: Mode) -> bool {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let names = [RELAY, &way.domain, &way.group, &way.batch];
        names.iter().any(|name| {
            opened.get(*name).is_some_and(|(at, sign)| {
                *at >= since && (mode == Mode::Serve || *sign == Sign::Blocked)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    fn way(domain: &str) -> Way {
        Way {
            domain: domain.into(),
            group: "mx:provider.example".into(),
            batch: "batch:7".into(),
            is_direct: false,
        }
    }

    #[tokio::test]
    async fn a_domain_has_one_turn_and_others_have_their_own() {
        let turns = Turns::default();
        let first = turns.wait("city.example").await;
        let _other = turns.wait("town.example").await;
        let short = Duration::from_millis(20);
        assert!(timeout(short, turns.wait("city.example")).await.is_err());
        drop(first);
        assert!(timeout(short, turns.wait("city.example")).await.is_ok());
    }

    #[tokio::test]
    async fn turns_that_nobody_waits_for_are_let_go() {
        let turns = Turns::default();
        let held = turns.wait("city.example").await;
        for number in 0..MOST {
            turns.wait(&format!("place{number}.example")).await;
        }
        assert!(turns.domains.lock().unwrap().len() <= MOST);
        let short = Duration::from_millis(20);
        assert!(timeout(short, turns.wait("city.example")).await.is_err());
        drop(held);
    }

    #[test]
    fn what_opened_since_a_letter_was_put_to_work_stops_it_and_what_opened_before_does_not() {
        let turns = Turns::default();
        let before = Instant::now();
        turns.hear("mx:provider.example", Sign::Trouble);
        let after = Instant::now() + Duration::from_millis(1);
        let city = way("city.example");
        assert!(turns.is_shut(&city, before, Mode::Serve));
        assert!(!turns.is_shut(&city, before, Mode::Drain));
        assert!(!turns.is_shut(&city, after, Mode::Serve));
        turns.hear("city.example", Sign::Blocked);
        assert!(turns.is_shut(&city, before, Mode::Drain));
        assert!(!turns.is_shut(&way("town.example"), before, Mode::Drain));
    }
}
