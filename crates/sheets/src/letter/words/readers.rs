//! To whom a printed letter is written, cleaned: one, or several of one body.

use super::super::view::{PrintedLetter, Reader};
use super::one_line;

/// The most of several who stand on the page one by one and are spoken to by name, as in the message.
const MOST_LINES: usize = 4;
/// The longest salutation, in characters: two lines.
const LONGEST_SALUTATION: usize = 110;

/// A reader whose strings are no longer than their places.
pub(super) struct CleanReader {
    pub(super) title: String,
    pub(super) name: Option<String>,
    pub(super) addressed_as: String,
    pub(super) district: Option<String>,
}

impl CleanReader {
    pub(super) fn of(reader: &Reader) -> Self {
        Self {
            title: one_line(&reader.title, 60),
            name: reader.name.as_deref().map(|name| one_line(name, 90)),
            addressed_as: one_line(&reader.addressed_as, 90),
            district: reader.district.as_deref().map(|it| one_line(it, 40)),
        }
    }

    /// `Council Member, Ward 3`.
    pub(super) fn office(&self) -> String {
        match &self.district {
            Some(district) => format!("{}, {district}", self.title),
            None => self.title.clone(),
        }
    }

    /// `Council Member Bo Diaz, Ward 3`, on one line.
    fn line(&self) -> String {
        let name = self.name.iter().map(|name| format!(" {name}"));
        let district = self.district.iter().map(|it| format!(", {it}"));
        let parts: String = name.chain(district).collect();
        one_line(&format!("{}{parts}", self.title), 80)
    }
}

/// All to whom it is written, where these are several.
pub(super) fn body(view: &PrintedLetter) -> Vec<CleanReader> {
    if view.fellows.is_empty() {
        return Vec::new();
    }
    let fellows = view.fellows.iter().map(|fellow| &fellow.reader);
    std::iter::once(&view.reader)
        .chain(fellows)
        .map(CleanReader::of)
        .collect()
}

/// The lines that name several, and how many more there are than have a line.
pub(super) fn lines(body: &[CleanReader]) -> (Vec<String>, usize) {
    let shown = if body.len() > MOST_LINES {
        MOST_LINES - 1
    } else {
        body.len()
    };
    let lines = body.iter().take(shown).map(CleanReader::line);
    (lines.collect(), body.len() - shown)
}

/// All of them as they are spoken to, joined by a word such as `and`; `None` where somebody is not known, or they are more than a salutation
/// holds.
pub(super) fn spoken_to(
    body: &[CleanReader],
    and: &str,
    each: impl Fn(&CleanReader) -> Option<String>,
) -> Option<String> {
    if body.len() > MOST_LINES {
        return None;
    }
    let each: Vec<String> = body.iter().map(each).collect::<Option<_>>()?;
    let (last, first) = each.split_last()?;
    let all = if first.is_empty() {
        last.clone()
    } else {
        format!("{} {and} {last}", first.join(", "))
    };
    (all.chars().count() <= LONGEST_SALUTATION).then_some(all)
}
