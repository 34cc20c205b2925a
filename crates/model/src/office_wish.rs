//! How an office wishes to be written to about a petition.

use crate::coded::worded_enum;
use crate::delivery::event::TaskKind;
use chrono::{DateTime, Duration, Months, Utc};

worded_enum! {
    /// How often letters come.
    LetterPace, UnknownLetterPace {
        /// Whenever enough people have signed.
        AtThreshold = "at_threshold",
        /// At most one in seven days.
        Weekly = "weekly",
        /// At most one in a month.
        Monthly = "monthly",
    }
}

impl LetterPace {
    /// From when on the next letter may go after one at an instant.
    pub fn next_after(self, last_at: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::AtThreshold => last_at,
            Self::Weekly => last_at + Duration::days(7),
            Self::Monthly => last_at
                .checked_add_months(Months::new(1))
                .unwrap_or(last_at),
        }
    }
}

worded_enum! {
    /// Where an office's letters go.
    Whither, UnknownWhither {
        /// To its own address.
        Own = "own",
        /// To the government's clerk, who hands them on.
        Clerk = "clerk",
        /// To the clerk, in one letter with those of the other offices that wish so.
        WholeBody = "whole_body",
    }
}

impl Whither {
    /// Whether letters go by way of the clerk.
    pub fn is_by_clerk(self) -> bool {
        self != Self::Own
    }
}

worded_enum! {
    /// Why an office gets no more letters.
    Closure, UnknownClosure {
        /// It asked for none. That is published.
        Stopped = "stopped",
        /// The matter is not its district's.
        NotMyDistrict = "not_my_district",
        /// Whoever was written to has left it.
        LeftOffice = "left_office",
    }
}

impl Closure {
    /// What an organizer is asked to do about it.
    pub fn task(self) -> TaskKind {
        match self {
            Self::Stopped => TaskKind::Stopped,
            Self::NotMyDistrict => TaskKind::NotMyDistrict,
            Self::LeftOffice => TaskKind::LeftOffice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_seven_days_and_a_month_ends_with_its_last_day() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let last_at = at("2026-01-31T12:00:00Z");
        assert_eq!(LetterPace::AtThreshold.next_after(last_at), last_at);
        assert_eq!(
            LetterPace::Weekly.next_after(last_at),
            at("2026-02-07T12:00:00Z")
        );
        assert_eq!(
            LetterPace::Monthly.next_after(last_at),
            at("2026-02-28T12:00:00Z")
        );
    }
}
