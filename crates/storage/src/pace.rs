//! The pace towards groups of servers, as a bucket that leaks (GCRA): no state but the instant at which the next letter may go.
//!
//! Storage reads how many letters are in mailers' hands and when each group's next may go, asks [`Room`] letter by letter, and writes
//! down what moved, in the transaction that claims.

use crate::deliveries::Claiming;
use chrono::{DateTime, Duration, Utc};
use std::collections::HashMap;

/// So many letters in a minute, of which ten seconds' worth may go at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    a_minute: u32,
}

impl Pace {
    /// At least one a minute.
    pub fn new(a_minute: u32) -> Self {
        Self {
            a_minute: a_minute.max(1),
        }
    }

    fn interval(self) -> Duration {
        Duration::microseconds(60_000_000 / i64::from(self.a_minute))
    }

    /// How far ahead of the clock the next instant may be while a letter may still go.
    pub fn lead(self) -> Duration {
        let burst = (self.a_minute / 6).max(1);
        self.interval() * i32::try_from(burst - 1).unwrap_or(i32::MAX)
    }
}

/// What there is room for in one claim.
#[derive(Debug)]
pub struct Room {
    by: Claiming,
    at: DateTime<Utc>,
    held: HashMap<String, u32>,
    next: HashMap<String, DateTime<Utc>>,
    moved: HashMap<String, DateTime<Utc>>,
}

impl Room {
    /// Room for everything, until it is told otherwise.
    pub fn new(by: Claiming, at: DateTime<Utc>) -> Self {
        Self {
            by,
            at,
            held: HashMap::new(),
            next: HashMap::new(),
            moved: HashMap::new(),
        }
    }

    /// So many letters of a group are in mailers' hands.
    pub fn hold(&mut self, group: String, letters: u32) {
        self.held.insert(group, letters);
    }

    /// The next letter to a group may go then.
    pub fn wait(&mut self, group: String, next_at: DateTime<Utc>) {
        self.next.insert(group, next_at);
    }

    /// Takes a letter to a group, if there is room. One that goes nowhere needs none.
    pub fn take(&mut self, group: Option<String>) -> bool {
        let Some(group) = group else {
            return true;
        };
        let held = self.held.get(&group).copied().unwrap_or_default();
        if self.by.at_once.is_some_and(|most| held >= most) {
            return false;
        }
        if let Some(pace) = self.by.a_minute.map(Pace::new) {
            let next_at = self.next.get(&group).copied().unwrap_or(self.at);
            let next_at = next_at.max(self.at);
            if next_at > self.at + pace.lead() {
                return false;
            }
            let next_at = next_at + pace.interval();
            self.next.insert(group.clone(), next_at);
            self.moved.insert(group.clone(), next_at);
        }
        self.held.insert(group, held + 1);
        true
    }

    /// When the next letter may go to each group of which one was taken.
    pub fn moved(&self) -> Vec<(String, DateTime<Utc>)> {
        let mut moved: Vec<_> = self
            .moved
            .iter()
            .map(|(group, next_at)| (group.clone(), *next_at))
            .collect();
        moved.sort();
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breakers::Heed;
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn by(at_once: Option<u32>, a_minute: Option<u32>) -> Claiming {
        Claiming {
            heed: Heed::All,
            at_once,
            a_minute,
        }
    }

    fn taken(room: &mut Room, group: &str, tries: usize) -> usize {
        (0..tries)
            .filter(|_| room.take(Some(group.to_owned())))
            .count()
    }

    #[test]
    fn a_group_gets_no_more_at_once_than_it_may_and_others_get_theirs() {
        let mut room = Room::new(by(Some(3), None), at(0));
        room.hold("mx:a.example".into(), 2);
        assert_eq!(taken(&mut room, "mx:a.example", 5), 1);
        assert_eq!(taken(&mut room, "mx:b.example", 5), 3);
        assert!(room.take(None));
        assert_eq!(room.moved(), []);
    }

    #[test]
    fn without_a_pace_there_is_room_for_all() {
        let mut room = Room::new(Heed::All.into(), at(0));
        assert_eq!(taken(&mut room, "a.example", 1_000), 1_000);
    }

    proptest! {
        /// Whatever the moments of the claims, no minute sees more than the pace and ten seconds' worth beside.
        #[test]
        fn no_minute_sees_more_than_the_pace_and_its_burst(
            a_minute in 1u32..200,
            steps in proptest::collection::vec((0i64..30, 0usize..50), 1..60),
        ) {
            let (mut now, mut next, mut sent) = (0, None, Vec::new());
            for (wait, tries) in steps {
                now += wait;
                let mut room = Room::new(by(None, Some(a_minute)), at(now));
                if let Some(next_at) = next {
                    room.wait("a.example".into(), next_at);
                }
                sent.extend(std::iter::repeat_n(now, taken(&mut room, "a.example", tries)));
                next = room.moved().first().map(|(_, next_at)| *next_at).or(next);
            }
            let most = a_minute as usize + (a_minute as usize / 6).max(1);
            for first in &sent {
                let within = sent.iter().filter(|it| **it >= *first && **it < first + 60).count();
                prop_assert!(within <= most, "{within} of {most}");
            }
        }
    }
}
