//! Text broken into lines of a width: between words, within a word that is too long after one of `/-?&=._`, and anywhere where even that
//! does not help.

use super::fonts::Style;
use super::shape::{shape, width};

/// A text whose words are measured, to be broken at any size.
pub(crate) struct Measured {
    style: Style,
    /// With their widths in ems.
    words: Vec<(String, f32)>,
    /// A space's, in ems.
    space: f32,
}

impl Measured {
    /// Of a text on one line.
    pub(crate) fn new(style: Style, text: &str) -> Self {
        Self {
            style,
            words: text
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(|word| (word.to_owned(), width(style, word)))
                .collect(),
            space: width(style, " "),
        }
    }

    /// Its lines, none wider than `room` points at a size.
    pub(crate) fn lines(&self, size: f32, room: f32) -> Vec<String> {
        let room = room / size;
        let mut lines = Vec::new();
        let (mut line, mut used) = (String::new(), 0.0);
        for (word, wide) in &self.words {
            if !line.is_empty() && used + self.space + wide <= room {
                line.push(' ');
                line.push_str(word);
                used += self.space + wide;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if *wide <= room {
                line.clone_from(word);
                used = *wide;
            } else {
                let mut parts = chopped(self.style, word, room);
                line = parts.pop().unwrap_or_default();
                used = width(self.style, &line);
                lines.append(&mut parts);
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}

/// The lines of a text of a table: one in most cases, and then nothing is measured word by word.
pub(crate) fn lines(style: Style, text: &str, size: f32, room: f32) -> Vec<String> {
    if width(style, text) * size <= room {
        return vec![text.to_owned()];
    }
    Measured::new(style, text).lines(size, room)
}

/// How many lines a text takes.
pub(crate) fn count_lines(style: Style, text: &str, size: f32, room: f32) -> usize {
    if width(style, text) * size <= room {
        return 1;
    }
    Measured::new(style, text).lines(size, room).len()
}

/// A word in parts of at most `room` ems, each at least one cluster.
fn chopped(style: Style, word: &str, room: f32) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut start, mut used, mut good) = (0, 0.0, None);
    for (at, wide) in clusters(style, word) {
        if used + wide > room && at > start {
            let end = match good {
                Some((good, _)) if good > start && good < at => good,
                _ => at,
            };
            parts.push(word[start..end].to_owned());
            used -= match good {
                Some((good, before)) if good == end => before,
                _ => used,
            };
            start = end;
            good = None;
        }
        used += wide;
        let cluster_end = word[at..]
            .chars()
            .next()
            .map_or(at, |it| at + it.len_utf8());
        if word[at..].starts_with(['/', '-', '?', '&', '=', '.', '_']) {
            good = Some((cluster_end, used));
        }
    }
    parts.push(word[start..].to_owned());
    parts
}

/// Where the clusters of a word begin, in the order in which it is read, with their widths in ems.
fn clusters(style: Style, word: &str) -> Vec<(usize, f32)> {
    let shaped = shape(style, word);
    let mut all: Vec<(usize, f32)> = shaped
        .pieces
        .iter()
        .flat_map(|piece| {
            let glyphs = piece.glyphs.iter();
            glyphs.map(|glyph| (piece.offset + glyph.text_range.start, glyph.x_advance))
        })
        .collect();
    all.sort_by_key(|(at, _)| *at);
    all.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 += next.1;
        }
        is_same
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_breaks_after_its_marks() {
        let url = "https://petition.example/p/forbid-it/ledger#batch-7";
        let lines = lines(Style::Sans, url, 10.0, 150.0);
        assert_eq!(lines.concat(), url);
        assert!(lines[0].ends_with('/'), "{lines:?}");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_room_and_nothing_is_lost(
            text in r"[a-zA-Zéשמא李म/ \-]{1,120}",
            room in 40.0_f32..300.0,
        ) {
            let text = super::super::clean::one_line(&text, 500);
            let lines = lines(Style::Sans, &text, 8.0, room);
            let whole: String = lines.concat().split(' ').collect();
            prop_assert_eq!(whole, text.split(' ').collect::<String>());
            for line in lines {
                prop_assert!(width(Style::Sans, &line) * 8.0 <= room + 4.0, "{}", line);
            }
        }
    }
}
