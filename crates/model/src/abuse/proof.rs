//! When a petition asks for proof of work: by hand, or while it is under attack.

use crate::coded::worded_enum;
use chrono::Duration;

worded_enum! {
    /// When proof of work is asked for.
    ProofMode, UnknownProofMode {
        /// Never.
        Off = "off",
        /// Always.
        On = "on",
        /// While more come than the day before lets expect.
        Automatic = "automatic",
    }
}

/// Those who came within so long are held against the day before.
pub const RUSH: Duration = Duration::minutes(10);

/// The day that a rush is held against.
pub const BEFORE: Duration = Duration::hours(24);

/// For how long proof is asked for once the last rush is over: a flood that pauses finds it still asked for.
pub const COOL_DOWN: Duration = Duration::minutes(30);

/// Fewer within a rush are nobody's attack: a hall full of people signs in ten minutes.
pub const LEAST: u64 = 300;

/// So many times what came in ten minutes of the day before.
pub const RISE: u64 = 8;

/// Whether so many within [`RUSH`] are a rush, after so many in the time [`BEFORE`] it. A petition that becomes known within an hour
/// meets this too: its people then work out a proof without noticing.
pub fn is_rush(came: u64, before: u64) -> bool {
    let rushes = u64::try_from(BEFORE.num_minutes() / RUSH.num_minutes()).unwrap_or(1);
    came >= LEAST && came.saturating_mul(rushes) >= before.saturating_mul(RISE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rush_is_many_and_eight_times_the_day_before() {
        assert!(!is_rush(299, 0));
        assert!(is_rush(300, 0));
        // 300 in ten minutes of a day that had 37 in each.
        assert!(is_rush(300, 37 * 144));
        assert!(!is_rush(300, 38 * 144));
        assert!(!is_rush(20_000, 20_000 * 144), "busy, as it was all day");
        assert!(is_rush(u64::MAX, u64::MAX));
    }
}
