//! Lines of a plain text, broken where a reader's window would not.

/// The longest line of a letter, in characters; a word that is longer (a link) has a line of its own.
const WIDTH: usize = 72;

/// Breaks long lines between words. What begins with blanks goes on with as many, a point of a list with two more, and
/// lines that fit stay as they are, so that a table passes unchanged. No two blank lines follow each other, and the
/// text ends in one line feed.
pub(crate) fn wrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in text.trim_matches('\n').split('\n') {
        let line = line.trim_end();
        if line.is_empty() && out.ends_with("\n\n") {
            continue;
        }
        if line.chars().count() <= WIDTH {
            out.push_str(line);
        } else {
            wrap_line(&mut out, line);
        }
        out.push('\n');
    }
    out
}

fn wrap_line(out: &mut String, line: &str) {
    let start = line.trim_start_matches(' ');
    let blanks = line.len() - start.len();
    let hang = if start.starts_with("- ") { 2 } else { 0 };
    let mut indent = " ".repeat(blanks);
    let mut column = 0;
    for word in line.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > WIDTH {
            out.push('\n');
            indent = " ".repeat(blanks + hang);
            column = 0;
        }
        let before = if column == 0 { indent.as_str() } else { " " };
        out.push_str(before);
        out.push_str(word);
        column += before.len() + width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_indented_line_goes_on_as_it_began_and_a_table_stays() {
        let table = "  Ward 1        120      402";
        let long = format!("  {}\n{table}\n", "word ".repeat(20));
        let expected = format!(
            "  {}\n  {}\n{table}\n",
            "word ".repeat(14).trim_end(),
            "word ".repeat(6).trim_end()
        );
        assert_eq!(wrapped(&long), expected);
    }

    #[test]
    fn a_part_left_out_leaves_one_blank_line() {
        assert_eq!(wrapped("\na\n\n \n\nb\n\n"), "a\n\nb\n");
    }

    #[test]
    fn a_point_of_a_list_hangs_under_its_first_word() {
        let long = format!("  - {}", "word ".repeat(15));
        assert!(wrapped(&long).ends_with("word\n    word word\n"));
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_only_a_word_alone_is_too_long(text in "([a-zé]{1,90} {0,2}|\n| {4}){0,60}") {
            let wrapped = wrapped(&text);
            prop_assert!(wrapped.split_whitespace().eq(text.split_whitespace()));
            for line in wrapped.lines() {
                prop_assert!(line.chars().count() <= WIDTH || line.split_whitespace().count() == 1);
            }
        }
    }
}
