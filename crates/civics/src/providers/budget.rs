//! How often a provider may be asked.

use super::{ProviderError, Query, Source};
use chrono::{DateTime, TimeDelta, Utc};
use redress_model::clock::Clock;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Calls within any minute and any day, counted when they are made.
pub struct Budget {
    per_minute: usize,
    per_day: usize,
    made_at: Mutex<VecDeque<DateTime<Utc>>>,
}

impl Budget {
    /// A budget of which nothing is spent.
    pub fn new(per_minute: u32, per_day: u32) -> Self {
        Self {
            per_minute: per_minute as usize,
            per_day: per_day as usize,
            made_at: Mutex::default(),
        }
    }

    /// Spends one call, if one is left.
    pub fn spend(&self, now: DateTime<Utc>) -> bool {
        let mut made_at = self.made_at.lock().unwrap_or_else(PoisonError::into_inner);
        while made_at
            .front()
            .is_some_and(|at| now - *at >= TimeDelta::days(1))
        {
            made_at.pop_front();
        }
        let minute = made_at
            .iter()
            .rev()
            .take_while(|at| now - **at < TimeDelta::minutes(1))
            .count();
        if made_at.len() >= self.per_day || minute >= self.per_minute {
            return false;
        }
        made_at.push_back(now);
        true
    }
}

/// A source that is asked within a budget.
pub struct Budgeted<S> {
    inner: S,
    budget: Budget,
    clock: Arc<dyn Clock>,
}

impl<S> Budgeted<S> {
    /// Around another source.
    pub fn new(inner: S, budget: Budget, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            budget,
            clock,
        }
    }
}

impl<S: Source> Source for Budgeted<S> {
    fn ask(&self, query: &Query, within: Duration) -> Result<Arc<Value>, ProviderError> {
        if !self.budget.spend(self.clock.now()) {
            return Err(ProviderError::BudgetSpent);
        }
        self.inner.ask(query, within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_holds_within_any_minute_and_any_day() {
        let start: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let at = |seconds| start + TimeDelta::seconds(seconds);
        let budget = Budget::new(2, 3);
        assert!(budget.spend(at(50)) && budget.spend(at(55)));
        assert!(!budget.spend(at(65)), "the minute is any, not the clock's");
        assert!(budget.spend(at(110)));
        assert!(!budget.spend(at(1_000)), "three a day");
        assert!(budget.spend(at(50 + 86_400)));
        assert!(!Budget::new(0, 9).spend(start));
    }
}
