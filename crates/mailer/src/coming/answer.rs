//! What a person answered, without what they quoted and without their signature.

use super::parts::Parts;

/// The longest answer that is kept, in characters.
const LONGEST: usize = 20_000;

/// A person's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Who wrote: the address of From. It proves nothing.
    pub from: String,
    /// The name beside it; empty for none.
    pub name: String,
    /// The subject.
    pub subject: String,
    /// What was written, plain text, lines ended by `\n`, without the letter that it answers and without the signature.
    pub text: String,
}

/// The answer of a message; `None` where nobody says anything.
pub(super) fn answer(parts: &Parts) -> Option<Answer> {
    if parts.head.is_empty() {
        return None;
    }
    let text = own_words(&parts.text());
    let has_words = text.chars().any(char::is_alphanumeric);
    has_words.then(|| Answer {
        from: parts.head.from.clone(),
        name: parts.head.from_name.clone(),
        subject: parts.head.subject.chars().take(500).collect(),
        text,
    })
}

/// Leaves out quoted lines, what follows the head of a quoted letter, and the signature.
fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).take(5_000).collect();
    let mut kept: Vec<String> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim_start_matches('\u{feff}');
        if is_signature(line) {
            break;
        }
        if let Some(length) = attribution(&lines[at..]) {
            // Under it either the quoted lines are marked, and words may follow, or the rest is the quoted letter.
            let next = lines[at + length..].iter().find(|line| !line.is_empty());
            if !next.is_some_and(|line| line.trim_start().starts_with('>')) {
                break;
            }
            at += length;
            continue;
        }
        if is_quoted_head(&lines[at..]) {
            break;
        }
        if !line.trim_start().starts_with('>') {
            kept.push(plain(line));
        }
        at += 1;
    }
    let text = kept.join("\n");
    let mut short = String::new();
    let mut empty = 0;
    for line in text.trim().lines() {
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            short.push_str(line);
            short.push('\n');
        }
    }
    short.trim_end().chars().take(LONGEST).collect()
}

/// A line without control characters; those that turn the direction of writing go too, so that nobody reads something else.
fn plain(line: &str) -> String {
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    line.chars()
        .map(|letter| if letter == '\t' { ' ' } else { letter })
        .filter(|letter| !letter.is_control() && !turns(*letter))
        .collect()
}

/// Where a signature begins (RFC 3676, section 4.3), or a telephone's own words.
fn is_signature(line: &str) -> bool {
    if matches!(line, "--" | "-- " | "—") {
        return true;
    }
    let line = line.trim().to_lowercase();
    [
        "sent from my ",
        "get outlook for ",
        "enviado desde mi ",
        "envoyé de mon ",
        "von meinem ",
        "sent via ",
    ]
    .iter()
    .any(|sign| line.starts_with(sign))
        && line.len() < 80
}

/// How many lines the words before a quotation take: `On Monday, Open Doors wrote:`; `None` where there are none.
fn attribution(lines: &[&str]) -> Option<usize> {
    let begins = ["on ", "el ", "le ", "am ", "il ", "em ", "op ", "den "];
    let ends = [
        "wrote:",
        "escribió:",
        "a écrit :",
        "a écrit:",
        "schrieb:",
        "ha scritto:",
        "escreveu:",
        "schreef:",
        "skrev:",
    ];
    let mut joined = String::new();
    for (count, line) in lines.iter().take(3).enumerate() {
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            return None;
        }
        joined.push(' ');
        joined.push_str(&line);
        let text = joined.trim();
        if !begins.iter().any(|sign| text.starts_with(sign)) {
            return None;
        }
        // German puts the verb before the name.
        let is_german =
            text.starts_with("am ") && text.contains(" schrieb ") && text.ends_with(':');
        if is_german || ends.iter().any(|sign| text.ends_with(sign)) {
            return Some(count + 1);
        }
    }
    None
}

/// Whether the head of a quoted letter begins here, as Outlook writes it.
fn is_quoted_head(lines: &[&str]) -> bool {
    let first = lines[0].trim().trim_matches('*').to_lowercase();
    if first.starts_with("-----original") || first.starts_with("-----mensaje original") {
        return true;
    }
    let bare = first.trim_matches(['-', ' ']);
    if first.starts_with("----")
        && matches!(
            bare,
            "original message" | "mensaje original" | "forwarded message"
        )
    {
        return true;
    }
    let begins = ["from:", "de:", "von:", "da:"];
    if !begins.iter().any(|sign| first.starts_with(sign)) {
        // The rule above such a head.
        let is_rule = first.len() >= 20 && first.chars().all(|letter| letter == '_');
        return is_rule
            && lines[1..]
                .iter()
                .find(|line| !line.trim().is_empty())
                .is_some_and(|line| {
                    let line = line.trim().trim_matches('*').to_lowercase();
                    begins.iter().any(|sign| line.starts_with(sign))
                });
    }
    let follows = [
        "sent:",
        "date:",
        "to:",
        "enviado:",
        "enviado el:",
        "fecha:",
        "para:",
        "envoyé",
        "gesendet:",
        "subject:",
        "asunto:",
    ];
    let found = lines[1..]
        .iter()
        .take(5)
        .filter(|line| {
            let line = line.trim().trim_matches('*').to_lowercase();
            follows.iter().any(|sign| line.starts_with(sign))
        })
        .count();
    found >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_quoted_and_the_signature_are_left_out() {
        for (text, own) in [
            (
                "Dear all,\nI support it.\n\nOn Mon, Mar 2, 2026, Open Doors wrote:\n> Please.\n",
                "Dear all,\nI support it.",
            ),
            (
                "On Mon, Mar 2, 2026 at 9:00,\nOpen Doors <a@example.org> wrote:\n> Please.\n\nI do.\n-- \nElena",
                "I do.",
            ),
            (
                "We will study it.\n\n________________________________\nFrom: Open Doors\nSent: Monday\nTo: me\nSubject: x\n\nDear",
                "We will study it.",
            ),
            (
                "Estoy de acuerdo.\n\nEl lun, 2 mar 2026, Open Doors escribió:\n\nTexto",
                "Estoy de acuerdo.",
            ),
            (
                "Ja.\n\nAm 2. März 2026 um 9 Uhr schrieb Open Doors:\nText",
                "Ja.",
            ),
            ("Yes.\n\nSent from my phone", "Yes."),
            (
                "From: here on we agree.\nNothing else.",
                "From: here on we agree.\nNothing else.",
            ),
            (
                "On the whole I agree.\nElena",
                "On the whole I agree.\nElena",
            ),
            ("a\n\n\n\n\nb", "a\n\nb"),
        ] {
            assert_eq!(own_words(text), own, "{text}");
        }
    }

    proptest! {
        #[test]
        fn words_that_quote_nothing_stay(lines in proptest::collection::vec("[a-z]{1,9}( [a-z]{1,9}){0,5}\\.", 1..12)) {
            let text = lines.join("\n");
            prop_assert_eq!(own_words(&text), text);
        }

        #[test]
        fn no_text_is_too_strange(text in "(\\PC|\n|>|-|_){0,300}") {
            let own = own_words(&text);
            prop_assert!(own.lines().all(|line| !line.trim_start().starts_with('>')));
        }
    }
}
