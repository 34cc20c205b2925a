//! Numbers of signers in a sentence.

use crate::site::grouped;

/// The most runs that are named one by one.
const MOST: usize = 20;

/// Ascending numbers as a person would say them: `1 to 40, 57 and 60`.
pub(super) fn said(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let rest: u64 = runs
        .iter()
        .skip(MOST)
        .map(|(first, last)| u64::from(last - first) + 1)
        .sum();
    let mut words: Vec<String> = runs.iter().take(MOST).map(|run| run_said(*run)).collect();
    if rest > 0 {
        words.push(format!("{} more", grouped(rest as i64)));
    }
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => words.concat(),
    }
}

fn run_said((first, last): (u32, u32)) -> String {
    let (begin, end) = (grouped(first.into()), grouped(last.into()));
    match last - first {
        0 => begin,
        1 => format!("{begin}, {end}"),
        _ => format!("{begin} to {end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn runs_are_named_by_their_ends() {
        assert_eq!(said(&[]), "");
        assert_eq!(said(&[7]), "7");
        assert_eq!(
            said(&[1, 2, 3, 9, 1_200, 1_201]),
            "1 to 3, 9 and 1,200, 1,201"
        );
        assert_eq!(
            said(&[u32::MAX - 1, u32::MAX]),
            "4,294,967,294, 4,294,967,295"
        );
    }

    #[test]
    fn no_answer_is_longer_than_a_paragraph() {
        let odd: Vec<u32> = (0..500_000).map(|number| number * 2).collect();
        let said = said(&odd);
        assert!(
            said.ends_with("and 499,980 more") && said.len() < 300,
            "{said}"
        );
    }
}
