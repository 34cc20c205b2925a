//! An entry of a list that is no table, on its way to being a row: what it says under our columns.

use super::columns::{COLUMNS, Column, Layout};
use super::row::{self, Row};
use super::{contact, date, field};

/// The values of one official in one post.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    values: Vec<String>,
    notes: Vec<(String, String)>,
}

impl Entry {
    pub(super) fn new() -> Self {
        Self {
            values: vec![String::new(); COLUMNS.len()],
            notes: Vec::new(),
        }
    }

    /// Says something, in the place of what was said; nothing where the text is empty.
    pub(super) fn set(&mut self, column: Column, text: &str) {
        let text = one_line(text);
        if !text.is_empty() {
            self.values[column as usize] = text;
        }
    }

    /// Says a day, without the time of day behind it.
    pub(super) fn set_day(&mut self, column: Column, text: &str) {
        self.set(column, text.split([' ', 'T']).next().unwrap_or_default());
    }

    /// Says the end of a term: whoever has died sits no longer, whatever the term.
    pub(super) fn set_end(&mut self, end: &str, death: &str) {
        let is_earlier = match (date::last_day(end), date::last_day(death)) {
            (Some(end_on), Some(death_on)) => death_on < end_on,
            (None, Some(_)) => end.is_empty(),
            (_, None) => false,
        };
        self.set_day(Column::TermEnd, if is_earlier { death } else { end });
        self.note("death date", death);
    }

    /// Says something where nothing was said.
    pub(super) fn fill(&mut self, column: Column, text: &str) {
        if self.get(column).is_empty() {
            self.set(column, text);
        }
    }

    /// What was said.
    pub(super) fn get(&self, column: Column) -> &str {
        &self.values[column as usize]
    }

    /// Says something that we have no word for.
    pub(super) fn note(&mut self, name: &str, text: &str) {
        let text = one_line(text);
        if !text.is_empty() {
            self.notes.push((name.to_owned(), text));
        }
    }

    /// One more e-mail address: the first that can be written to is the one that counts.
    pub(super) fn email(&mut self, text: &str) {
        let text = one_line(text);
        let address = text.strip_prefix("mailto:").unwrap_or(&text);
        let known = self.get(Column::Email).to_owned();
        if known.eq_ignore_ascii_case(address) {
            return;
        }
        if known.is_empty() || !contact::is_mailbox(&known) && contact::is_mailbox(address) {
            self.note("other email", &known);
            self.set(Column::Email, address);
        } else {
            self.note("other email", address);
        }
    }

    /// One more web address.
    pub(super) fn link(&mut self, text: &str, what: &str) {
        let what = what.to_lowercase();
        let is_form = what.contains("form") || what.contains("contact");
        if is_form && self.get(Column::WebForm).is_empty() {
            self.set(Column::WebForm, text);
        } else {
            self.fill(Column::Url, text);
        }
    }

    /// The row, with a layout's values where the entry has none.
    pub(super) fn row(
        &self,
        layout: &Layout,
        division_geoid: &dyn Fn(&str) -> Option<String>,
        remark: &mut dyn FnMut(String),
    ) -> Result<Row, String> {
        for (name, text) in COLUMNS.iter().zip(&self.values) {
            field::checked(text, name)?;
        }
        let mut notes = Vec::new();
        for (name, text) in &self.notes {
            match field::checked(text, name) {
                Ok(()) => notes.push((name.clone(), text.clone())),
                Err(text) => remark(format!("a note was left out: {text}")),
            }
        }
        let get = |column: Column| {
            let said = self.get(column);
            if !said.is_empty() {
                return said;
            }
            let fallback = layout.defaults.get(column.name());
            fallback.map_or("", |value| value.trim())
        };
        row::read(&get, notes, division_geoid, remark)
    }
}

/// The lines of an address on one line.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("; ")
}
