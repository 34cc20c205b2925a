//! When a delivery is tried again.

use crate::reply::class::Class;
use chrono::Duration;

/// Minutes after the first tries; the last is for all that follow.
const STEPS: [i64; 7] = [6, 15, 30, 60, 120, 240, 240];

/// Minutes between tries for a full mailbox: people empty them by the day, not by the minute.
const FULL: i64 = 360;

/// How long to wait after the `tries`th try (from 1). `chance` is any number; it spreads the waits 20 % to both sides, so that
/// what failed together does not come back together. After five days storage ends it.
pub fn wait(class: Class, tries: u32, chance: u32) -> Duration {
    let minutes = if class == Class::MailboxFull {
        FULL
    } else {
        let step = (tries.max(1) as usize - 1).min(STEPS.len() - 1);
        STEPS[step]
    };
    let millis = minutes * 60_000;
    let spread = i64::from(chance % 4_001) - 2_000;
    Duration::milliseconds(millis + millis * spread / 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn waits_grow_to_four_hours_and_stay() {
        let middle = |tries| wait(Class::Greylist, tries, 2_000).num_minutes();
        let waits: Vec<_> = (1..=9).map(middle).collect();
        assert_eq!(waits, [6, 15, 30, 60, 120, 240, 240, 240, 240]);
        assert_eq!(wait(Class::MailboxFull, 1, 2_000).num_hours(), 6);
    }

    proptest! {
        #[test]
        fn chance_moves_a_wait_by_a_fifth_at_most(tries in 0_u32..2_000, chance: u32) {
            let wait = wait(Class::DomainTrouble, tries, chance).num_seconds();
            let middle = super::wait(Class::DomainTrouble, tries, 2_000).num_seconds();
            prop_assert!((wait - middle).abs() * 5 <= middle);
        }
    }
}
