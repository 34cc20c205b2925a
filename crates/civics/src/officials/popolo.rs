//! Officials as Popolo and Open Civic Data write them: persons, organizations, memberships, posts and areas.
//!
//! They come as one document with a list of each, as a list for each, or as single objects in files of their own;
//! what refers to one another may lie in different files of one list.

mod gathered;
mod membership;

use super::columns::Layout;
use super::reading::{NoticeKind, Reading, Spot};
use super::tree::Tree;
use gathered::Gathered;

/// Takes every membership of some documents that are one list, each under its file's name.
pub(super) fn take(
    reading: &mut Reading<'_>,
    documents: &[(String, Tree)],
    layout: &Layout,
) -> Result<(), String> {
    let mut gathered = Gathered::default();
    for (path, tree) in documents {
        gathered.collect(path, tree);
    }
    gathered.parties();
    if gathered.memberships.is_empty() {
        return Err(
            "it has no memberships; Popolo's persons hold posts by `memberships`, beside them or within".into(),
        );
    }
    for (path, membership, person) in &gathered.memberships {
        let spot = Spot {
            line: 0,
            path: path.clone(),
        };
        match membership::entry(&gathered, membership, *person) {
            Ok(Some(entry)) => {
                reading.take(&spot, |geoid, remark| entry.row(layout, geoid, remark));
            }
            Ok(None) => reading.taken.passed_over += 1,
            Err(text) => reading.tell(&spot, NoticeKind::Refused, text),
        }
    }
    Ok(())
}
