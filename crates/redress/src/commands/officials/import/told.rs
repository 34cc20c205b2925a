//! What an import says: what is wrong with rows, what changes, who may be who.

use crate::output::{self, Globals};
use redress_civics::officials::{NoticeKind, Proposal};
use serde_json::json;
use std::fmt::Write;

/// An import to tell of.
pub(super) struct Told<'import> {
    pub(super) proposal: &'import Proposal,
    pub(super) source: &'import str,
    pub(super) is_applied: bool,
}

impl Told<'_> {
    pub(super) fn print(&self, globals: &Globals) {
        if globals.json {
            output::print(&self.json());
            return;
        }
        for notice in &self.proposal.notices {
            let what = match notice.kind {
                NoticeKind::Refused => "refused",
                NoticeKind::Remark => "taken in part",
            };
            eprintln!(
                "{}: {}: {what}: {}",
                self.source,
                notice.place(),
                notice.text
            );
        }
        if !globals.quiet {
            output::print(&self.text());
        }
    }

    fn json(&self) -> String {
        let Proposal {
            taken,
            notices,
            changes,
            doubts,
            ..
        } = self.proposal;
        let notices: Vec<_> = notices
            .iter()
            .map(|notice| {
                json!({
                    "line": notice.line,
                    "path": notice.path,
                    "refused": notice.kind == NoticeKind::Refused,
                    "text": notice.text,
                })
            })
            .collect();
        json!({
            "rows": taken.rows,
            "passed_over": taken.passed_over,
            "applied": self.is_applied,
            "changed": self.proposal.changed(),
            "notices": notices,
            "changes": changes,
            "doubts": doubts,
        })
        .to_string()
    }

    fn text(&self) -> String {
        let proposal = self.proposal;
        let mut text = String::new();
        for change in &proposal.changes {
            let _ = writeln!(text, "{}", change.told());
        }
        for doubt in &proposal.doubts {
            let _ = writeln!(text, "{}", doubt.told());
        }
        let verb = if self.is_applied {
            "changed"
        } else {
            "would change"
        };
        let _ = write!(
            text,
            "{} rows taken, {} refused, {} seats {verb}",
            proposal.taken.rows,
            proposal.refused(),
            proposal.changed()
        );
        if proposal.taken.passed_over > 0 {
            let _ = write!(
                text,
                ", {} officials of states and of the nation passed over",
                proposal.taken.passed_over
            );
        }
        text
    }
}
