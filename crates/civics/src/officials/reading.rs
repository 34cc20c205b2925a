//! Rows on their way into a gatherer: those that are good are taken, of the others somebody is told.

use super::gather::Gatherer;
use super::row::Row;
use redress_model::official::Role;
use std::collections::HashMap;

/// Most rows of one title in one government. Each is compared with each to tell the seats apart;
/// the largest council has 51 members.
const MOST_OF_POST: u32 = 2000;

/// Something that a person should know about one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The line on which the row begins, the first being 1; 0 where the format has no lines.
    pub line: u64,
    /// Where in the file, or in which of several: `memberships[3]`, `people/ada.yml`. Empty in a table.
    pub path: String,
    /// What became of the row.
    pub kind: NoticeKind,
    /// Reason and mend.
    pub text: String,
}

impl Notice {
    /// The place as a person is told it: `line 3`, `people/ada.yml line 3`, `memberships[3]`.
    pub fn place(&self) -> String {
        match (self.path.as_str(), self.line) {
            (path, 0) => path.to_owned(),
            ("", line) => format!("line {line}"),
            (path, line) => format!("{path} line {line}"),
        }
    }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// The row was left out.
    Refused,
    /// The row was taken, without a part of it.
    Remark,
}

/// Where a row stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Spot {
    pub(super) line: u64,
    pub(super) path: String,
}

/// How many rows were taken, and how many entries are about other governments than local ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Rows that were taken.
    pub rows: u64,
    /// Entries that were passed over: state legislators, members of Congress.
    pub passed_over: u64,
}

/// One file, or several that are one list, being read.
pub(super) struct Reading<'caller> {
    pub(super) gatherer: &'caller mut Gatherer,
    pub(super) division_geoid: &'caller dyn Fn(&str) -> Option<String>,
    pub(super) report: &'caller mut dyn FnMut(Notice),
    pub(super) taken: Taken,
    of_post: HashMap<(String, Role, String), u32>,
}

impl<'caller> Reading<'caller> {
    pub(super) fn new(
        gatherer: &'caller mut Gatherer,
        division_geoid: &'caller dyn Fn(&str) -> Option<String>,
        report: &'caller mut dyn FnMut(Notice),
    ) -> Self {
        gatherer.begin_file();
        Self {
            gatherer,
            division_geoid,
            report,
            taken: Taken::default(),
            of_post: HashMap::new(),
        }
    }

    /// Says something about a row.
    pub(super) fn tell(&mut self, spot: &Spot, kind: NoticeKind, text: String) {
        (self.report)(Notice {
            line: spot.line,
            path: spot.path.clone(),
            kind,
            text,
        });
    }

    /// Takes a row, or says why not.
    pub(super) fn take(
        &mut self,
        spot: &Spot,
        read: impl FnOnce(
            &dyn Fn(&str) -> Option<String>,
            &mut dyn FnMut(String),
        ) -> Result<Row, String>,
    ) {
        let mut remarks = Vec::new();
        let row = read(self.division_geoid, &mut |text| remarks.push(text));
        for text in remarks {
            self.tell(spot, NoticeKind::Remark, text);
        }
        match row.and_then(|row| self.within_reason(row)) {
            Ok(row) => {
                self.gatherer.add(row);
                self.taken.rows += 1;
            }
            Err(text) => self.tell(spot, NoticeKind::Refused, text),
        }
    }

    fn within_reason(&mut self, row: Row) -> Result<Row, String> {
        let rows = self
            .of_post
            .entry((row.geoid.clone(), row.role, row.title.clone()))
            .or_default();
        *rows += 1;
        if *rows > MOST_OF_POST {
            return Err(format!(
                "more than {MOST_OF_POST} rows for `{}` of {}; is the title or the place the same in every row?",
                row.title, row.geoid
            ));
        }
        Ok(row)
    }
}
