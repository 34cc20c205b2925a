//! How long to wait before another try.

use chrono::{DateTime, FixedOffset};
use std::time::Duration;
use ureq::http::HeaderMap;

/// The wait before the first repetition; each one after it waits twice as long.
const FIRST: Duration = Duration::from_secs(1);
/// The longest wait that nobody asked for.
const LONGEST: Duration = Duration::from_mins(1);

/// The wait after so many tries in a row that brought nothing.
pub fn backoff(tries: u32) -> Duration {
    FIRST
        .saturating_mul(1 << tries.saturating_sub(1).min(16))
        .min(LONGEST)
}

/// What `Retry-After` asks for (RFC 9110, section 10.2.3): seconds, or an instant, which is
/// measured by the server's own clock as its `Date` has it.
pub fn asked_for(head: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| head.get(name)?.to_str().ok().map(str::trim);
    let asked = text("retry-after")?;
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let instant =
        |text: &str| -> Option<DateTime<FixedOffset>> { DateTime::parse_from_rfc2822(text).ok() };
    (instant(asked)? - instant(text("date")?)?).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        fields
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn waits_grow_and_stay_bounded() {
        assert_eq!([1, 2, 3].map(|tries| backoff(tries).as_secs()), [1, 2, 4]);
        assert_eq!(backoff(u32::MAX), LONGEST);
    }

    #[test]
    fn a_server_asks_for_seconds_or_names_an_instant_of_its_own_clock() {
        assert_eq!(
            asked_for(&head(&[("retry-after", "7")])),
            Some(Duration::from_secs(7))
        );
        let dated = head(&[
            ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
            ("retry-after", "Wed, 21 Oct 2026 07:30:00 GMT"),
        ]);
        assert_eq!(asked_for(&dated), Some(Duration::from_mins(2)));
        for nothing in ["soon", "-1", "Wed, 21 Oct 2026 07:30:00 GMT"] {
            assert_eq!(asked_for(&head(&[("retry-after", nothing)])), None);
        }
    }
}
