//! What was seen: how many answers of which status, and how long signers waited.

use super::Plan;
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What one client saw.
pub(super) struct Tally {
    statuses: BTreeMap<u16, u64>,
    unanswered: u64,
    /// Microseconds, to three digits.
    waits: Histogram<u64>,
    /// When the last answer came, from the beginning.
    ended: Duration,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            statuses: BTreeMap::new(),
            unanswered: 0,
            waits: Histogram::new_with_bounds(1, 600_000_000, 3).expect("these bounds are legal"),
            ended: Duration::ZERO,
        }
    }
}

impl Tally {
    pub(super) fn add(&mut self, status: Option<u16>, waited: Duration, at: Duration) {
        match status {
            Some(status) => *self.statuses.entry(status).or_default() += 1,
            None => self.unanswered += 1,
        }
        self.waits
            .saturating_record(u64::try_from(waited.as_micros()).unwrap_or(u64::MAX).max(1));
        self.ended = at;
    }

    pub(super) fn with(mut self, other: Self) -> Self {
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.unanswered += other.unanswered;
        self.waits += other.waits;
        self.ended = self.ended.max(other.ended);
        self
    }

    pub(super) fn figures(self, plan: &Plan) -> Figures {
        let took = self
            .ended
            .saturating_sub(plan.warm_up)
            .as_secs_f64()
            .max(1e-9);
        let accepted = self.statuses.get(&202).copied().unwrap_or(0);
        Figures {
            accepted_per_second: accepted as f64 / took,
            statuses: self.statuses,
            unanswered: self.unanswered,
            waits: self.waits,
            took,
        }
    }
}

/// What all of them saw.
#[derive(Debug)]
pub struct Figures {
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Requests without an answer: connections refused, broken off or silent.
    pub unanswered: u64,
    /// Signatures that were accepted (202), a second.
    pub accepted_per_second: f64,
    waits: Histogram<u64>,
    /// Seconds from the first arrival that counts to the last answer.
    took: f64,
}

/// The shares of signers whose longest wait is told.
const SHARES: [(&str, f64); 4] = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

impl Figures {
    /// Milliseconds that a share of the signers waited at most.
    pub fn wait(&self, share: f64) -> f64 {
        self.waits.value_at_quantile(share) as f64 / 1e3
    }

    /// As a program reads it; waits in milliseconds.
    pub fn json(&self) -> Value {
        let waits: BTreeMap<&str, f64> = SHARES
            .iter()
            .map(|(name, share)| (*name, self.wait(*share)))
            .collect();
        json!({
            "statuses": self.statuses, "unanswered": self.unanswered, "seconds": self.took,
            "accepted_per_second": self.accepted_per_second, "waits_ms": waits, "longest_ms": self.waits.max() as f64 / 1e3,
        })
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{:.0} signatures accepted a second, for {:.1} s",
            self.accepted_per_second, self.took
        )?;
        for (status, count) in &self.statuses {
            writeln!(out, "  answered {status}: {count}")?;
        }
        if self.unanswered > 0 {
            writeln!(out, "  without an answer: {}", self.unanswered)?;
        }
        write!(out, "waited, in ms:")?;
        for (name, share) in SHARES {
            write!(out, " {name} {:.1}", self.wait(share))?;
        }
        write!(out, " longest {:.1}", self.waits.max() as f64 / 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_of_all_clients_are_told_together() {
        let plan = Plan {
            url: String::new(),
            petition: String::new(),
            rate: None,
            clients: 2,
            lasts: Duration::from_secs(1),
            warm_up: Duration::from_secs(1),
        };
        let (mut one, mut other) = (Tally::default(), Tally::default());
        for _ in 0..99 {
            one.add(
                Some(202),
                Duration::from_millis(2),
                Duration::from_millis(1500),
            );
        }
        other.add(
            Some(503),
            Duration::from_millis(900),
            Duration::from_secs(2),
        );
        other.add(None, Duration::from_millis(1), Duration::from_secs(2));
        let figures = one.with(other).figures(&plan);
        assert_eq!(figures.statuses, BTreeMap::from([(202, 99), (503, 1)]));
        assert_eq!(figures.unanswered, 1);
        assert!((figures.accepted_per_second - 99.0).abs() < 0.01);
        assert!((figures.wait(0.5) - 2.0).abs() < 0.01 && figures.wait(0.999) > 890.0);
        assert_eq!(figures.json()["statuses"]["202"], 99);
        assert!(figures.to_string().contains("answered 503: 1"));
    }
}
