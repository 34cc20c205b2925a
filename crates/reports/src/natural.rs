//! The order in which people list labels of districts: 2 before 10, numbers before letters.

/// A label's place in that order.
///
/// A label falls into runs of ASCII digits and runs of anything else. Digits are compared as numbers, of any length; the
/// rest without regard to case; a number comes before the rest: `1`, `2`, `2A`, `10`, `A`, `a`, `B2`, `B10`. Labels that
/// differ only in case or leading zeros still have an order, so that the same labels always come out in the same one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NaturalKey {
    runs: Vec<Run>,
    label: String,
}

/// Longer numbers are larger, once their leading zeros are gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Run {
    Number { length: usize, digits: String },
    Other(String),
}

impl NaturalKey {
    /// The place of a label.
    pub fn of(label: &str) -> Self {
        let mut runs = Vec::new();
        let mut rest = label;
        while let Some(first) = rest.chars().next() {
            let is_number = first.is_ascii_digit();
            let end = rest
                .find(|next: char| next.is_ascii_digit() != is_number)
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            runs.push(if is_number {
                number(run)
            } else {
                Run::Other(run.to_lowercase())
            });
            rest = after;
        }
        Self {
            runs,
            label: label.to_owned(),
        }
    }
}

fn number(run: &str) -> Run {
    let digits = run.trim_start_matches('0');
    Run::Number {
        length: digits.len(),
        digits: digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_come_in_their_order_and_before_letters() {
        let listed = [
            "01",
            "1",
            "2",
            "2A",
            "2B",
            "10",
            "10A",
            "99999999999999999999999",
            "A",
            "a",
            "B2",
            "B10",
            "É",
        ];
        let mut sorted = listed;
        sorted.reverse();
        sorted.sort_by_cached_key(|label| NaturalKey::of(label));
        assert_eq!(sorted, listed);
    }

    proptest! {
        #[test]
        fn whole_numbers_are_listed_as_they_count(one: u64, other: u64) {
            let (left, right) = (one.to_string(), other.to_string());
            prop_assert_eq!(NaturalKey::of(&left).cmp(&NaturalKey::of(&right)), one.cmp(&other));
        }

        #[test]
        fn only_the_same_label_has_the_same_place(left in "[0-9a-bA-B -]{0,6}", right in "[0-9a-bA-B -]{0,6}") {
            prop_assert_eq!(NaturalKey::of(&left) == NaturalKey::of(&right), left == right);
        }
    }
}
