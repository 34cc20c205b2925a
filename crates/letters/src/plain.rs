//! Text that strangers wrote, on its way into a message: what would not be seen, or would be seen as something else, goes.

/// Control characters, line and paragraph separators, byte order marks, and what overrides or isolates the direction of text
/// (UAX 9). Joiners and marks stay: scripts and emoji need them.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The text on one line: every run of blanks is one space, what is unseen is gone, both ends are trimmed.
pub(crate) fn one_line(text: &str) -> String {
    if is_one_line_already(text) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    let mut is_after_blank = false;
    for character in text.chars() {
        let is_break = matches!(character, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}');
        if is_break || (character.is_whitespace() && !is_unseen(character)) {
            is_after_blank = !line.is_empty();
        } else if !is_unseen(character) {
            if is_after_blank {
                line.push(' ');
                is_after_blank = false;
            }
            line.push(character);
        }
    }
    line
}

/// Whether nothing of it would change: most cells of a list of thousands are like that, and are told by their bytes.
fn is_one_line_already(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !bytes.starts_with(b" ")
        && !bytes.ends_with(b" ")
        && !bytes.windows(2).any(|pair| pair == b"  ")
}

/// The paragraphs of a text, each on one line. A blank line parts two paragraphs, and a line that begins with `- ` or `* ` is a
/// paragraph of its own: a point of a list.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut found = vec![String::new()];
    for line in text.split('\n') {
        let line = one_line(line);
        let point = line
            .strip_prefix("- ")
            .or_else(|| line.strip_prefix("* "))
            .map(|rest| format!("- {rest}"));
        match (point, found.last_mut()) {
            (Some(point), _) => found.push(point),
            (None, Some(last)) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(&line);
            }
            _ => found.push(String::new()),
        }
    }
    found.retain(|paragraph| !paragraph.is_empty());
    found
}

/// The lines of a text that says something, as in a postal address.
pub(crate) fn lines(text: &str) -> Vec<String> {
    text.split(['\n', '\r'])
        .map(one_line)
        .filter(|line| !line.is_empty())
        .collect()
}

/// The first `most` characters; where something is cut off, at a word's end if there is one, an ellipsis is the last of them.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut rest = text.chars();
    let kept: String = rest.by_ref().take(most.saturating_sub(1)).collect();
    let is_inside_a_word = rest.next().is_some_and(|next| next != ' ');
    let cut = kept
        .rfind(' ')
        .filter(|_| is_inside_a_word)
        .filter(|at| *at * 2 > kept.len())
        .map_or(kept.as_str(), |at| &kept[..at]);
    format!("{}…", cut.trim_end_matches([' ', ',', ';', ':']))
}

/// Bytes in hexadecimal, lower case.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unseen_goes_and_what_scripts_need_stays() {
        assert_eq!(one_line(" a\u{202E}b\u{0}\r\n c\t\u{7}d "), "ab c d");
        assert_eq!(
            one_line("می\u{200C}خواهم 👩\u{200D}🌾"),
            "می\u{200C}خواهم 👩\u{200D}🌾"
        );
    }

    #[test]
    fn a_blank_line_parts_paragraphs_and_a_single_break_does_not() {
        assert_eq!(paragraphs("a\r\nb\n\n\n c \r\rd"), ["a b", "c", "d"]);
        assert_eq!(
            paragraphs("We ask:\n- one\n* two\nand more"),
            ["We ask:", "- one", "- two and more"]
        );
        assert!(paragraphs(" \n\n").is_empty());
    }

    #[test]
    fn a_text_is_cut_where_a_word_ends() {
        assert_eq!(shortened("forbid, all of it", 17), "forbid, all of it");
        assert_eq!(shortened("forbid, all of it", 12), "forbid, all…");
        assert_eq!(shortened("forbiddance", 5), "forb…");
    }
}
