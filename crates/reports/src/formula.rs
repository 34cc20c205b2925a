//! Text that a spreadsheet would take for a formula.
//!
//! A table in CSV does not say which cells are text: a spreadsheet that opens it calculates whatever looks like a formula, and
//! a formula can fetch a page or start a program. Names and comments are written by strangers, so that every text on its
//! way into a table passes here. Source: OWASP, "CSV Injection".
//!
//! **The rule.** A text is taken for a formula when its first character is one of `=`, `+`, `-`, `@`, their full-width forms
//! (U+FF1D, U+FF0B, U+FF0D, U+FF20), a tab or a carriage return. It is neutralised by one apostrophe in front, which spreadsheets
//! show as text; nothing else of it changes, and to undo it one apostrophe before such a character is taken away. Numbers
//! of a report are no text and stay as they are.

use std::borrow::Cow;

/// Whether a spreadsheet would calculate it.
pub fn is_formula(text: &str) -> bool {
    text.starts_with([
        '=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}', '\t', '\r',
    ])
}

/// The text with an apostrophe in front where it would be calculated, else as it is.
pub fn neutralised(text: &str) -> Cow<'_, str> {
    if is_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_gets_an_apostrophe_and_nothing_else_changes() {
        for text in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a",
        ] {
            assert_eq!(neutralised(text), format!("'{text}"));
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "",
            "Aurora",
            "'=1",
            "1-2",
            "a@example.org",
            " =1",
            "“=”",
            "\u{0}",
        ] {
            assert_eq!(neutralised(text), text);
        }
    }
}
