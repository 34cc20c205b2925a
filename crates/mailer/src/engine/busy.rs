//! Where the letters go that are at work.

use super::signs::Way;
use std::collections::HashMap;
use tokio::task::Id;

/// The ways of letters at work, counted by domain and by group of servers.
#[derive(Default)]
pub(super) struct Busy {
    ways: HashMap<Id, Way>,
    domains: HashMap<String, usize>,
    groups: HashMap<String, usize>,
}

impl Busy {
    pub(super) fn insert(&mut self, id: Id, way: Way) {
        *self.domains.entry(way.domain.clone()).or_default() += 1;
        *self.groups.entry(way.group.clone()).or_default() += 1;
        self.ways.insert(id, way);
    }

    pub(super) fn remove(&mut self, id: Id) {
        if let Some(way) = self.ways.remove(&id) {
            count_down(&mut self.domains, &way.domain);
            count_down(&mut self.groups, &way.group);
        }
    }

    /// How many letters at work go to a way's domain, and how many to its group of servers.
    pub(super) fn count(&self, way: &Way) -> (usize, usize) {
        let of = |counts: &HashMap<String, usize>, name: &str| {
            counts.get(name).copied().unwrap_or_default()
        };
        (of(&self.domains, &way.domain), of(&self.groups, &way.group))
    }
}

fn count_down(counts: &mut HashMap<String, usize>, name: &str) {
    if let Some(count) = counts.get_mut(name) {
        *count -= 1;
        if *count == 0 {
            counts.remove(name);
        }
    }
}
