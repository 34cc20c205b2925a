//! How many of one client, and of one e-mail domain, sign a petition within an hour.

use chrono::{DateTime, Duration, Utc};

/// For how long an arrival counts.
pub const WINDOW: Duration = Duration::hours(1);

/// Arrivals are counted in steps of five minutes: a window ends up to one step early.
const STEP_SECONDS: i64 = 300;

/// The most of one kind within an hour; `None` for no limit. Who comes after that is rejected silently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of one client: an IPv4 address, an IPv6 /64.
    pub client_an_hour: Option<u32>,
    /// Of one e-mail domain.
    pub domain_an_hour: Option<u32>,
}

impl Default for Limits {
    /// Room for a hall full of people behind one address, and for the large providers of mail.
    fn default() -> Self {
        Self {
            client_an_hour: Some(500),
            domain_an_hour: None,
        }
    }
}

/// Where the step begins in which an instant lies.
pub fn step_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = at.timestamp().div_euclid(STEP_SECONDS) * STEP_SECONDS;
    DateTime::from_timestamp(seconds, 0).unwrap_or(at)
}

/// The beginnings of the steps that count at an instant, the newest first.
pub fn steps(at: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let newest = step_of(at);
    (0..=WINDOW.num_seconds() / STEP_SECONDS)
        .map(|step| newest - Duration::seconds(step * STEP_SECONDS))
        .take_while(|begun| *begun > at - WINDOW)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_twelve_steps_of_which_the_first_ends_first() {
        let at: DateTime<Utc> = "2026-03-02T10:32:10Z".parse().unwrap();
        let counted = steps(at);
        assert_eq!(counted[0].to_rfc3339(), "2026-03-02T10:30:00+00:00");
        assert_eq!(
            counted.last().unwrap().to_rfc3339(),
            "2026-03-02T09:35:00+00:00"
        );
        assert!(!steps(at + WINDOW).contains(&step_of(at)));
        assert!(steps(at + Duration::minutes(55)).contains(&step_of(at)));
    }
}
