//! What strangers wrote, before it is measured: what would not be seen, or would be seen elsewhere, goes.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// How many marks may stand on one letter. Vietnamese, Hebrew and Arabic need up to three; towers of them would cover other lines.
const MOST_MARKS: usize = 3;

/// Control characters, separators of lines, byte order marks, tags, and what overrides or isolates the direction of text (UAX 9).
/// Joiners stay: scripts need them.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{00AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{FEFF}'
                | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E0FFF}' | '\u{FE00}'..='\u{FE0F}'
        )
}

fn is_mark(character: char) -> bool {
    matches!(
        character.general_category(),
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
    )
}

/// The text on one line, at most `most` characters: a run of blanks is one space, what is unseen is gone, no letter carries more than three
/// marks, and an ellipsis is the last character where something was cut off.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(text.len().min(4 * most));
    let (mut count, mut marks, mut is_after_blank) = (0, 0, false);
    for character in text.chars() {
        let is_break = matches!(character, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}');
        if is_break || (character.is_whitespace() && !is_unseen(character)) {
            is_after_blank = !line.is_empty();
            continue;
        }
        if is_unseen(character) {
            continue;
        }
        marks = if !character.is_ascii() && is_mark(character) {
            marks + 1
        } else {
            0
        };
        if marks > MOST_MARKS {
            continue;
        }
        count += 1 + usize::from(is_after_blank);
        if count > most {
            line.push('…');
            break;
        }
        if is_after_blank {
            line.push(' ');
            is_after_blank = false;
        }
        line.push(character);
    }
    line
}

/// The paragraphs of a text, each on one line, at most `most` characters in all. A blank line parts two paragraphs, and a line that begins
/// with `- ` or `* ` is one of its own.
pub(crate) fn paragraphs(text: &str, most: usize) -> Vec<String> {
    let text: String = text.chars().take(most).collect();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut found = vec![String::new()];
    for line in text.split('\n') {
        let line = one_line(line, most);
        let point = line
            .strip_prefix("- ")
            .or_else(|| line.strip_prefix("* "))
            .map(|rest| format!("• {rest}"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unseen_goes_and_a_cut_is_seen() {
        assert_eq!(one_line(" a\u{202E}b\u{0}\r\n c\t\u{7}d ", 80), "ab c d");
        assert_eq!(one_line("abcdef", 3), "abc…");
        assert_eq!(one_line("ab cdef", 3), "ab…");
        assert_eq!(one_line("می\u{200C}خواهم", 80), "می\u{200C}خواهم");
    }

    #[test]
    fn towers_of_marks_are_taken_down() {
        let tower = format!("a{}b", "\u{0301}".repeat(40));
        assert_eq!(one_line(&tower, 80), "a\u{0301}\u{0301}\u{0301}b");
    }

    #[test]
    fn a_blank_line_parts_paragraphs_and_a_point_is_one() {
        assert_eq!(
            paragraphs("We ask:\r\n- one\n* two\n\nand more", 900),
            ["We ask:", "• one", "• two", "and more"]
        );
    }
}
