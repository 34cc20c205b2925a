//! What a build read, used, refused and mended.

use serde::Serialize;
use std::collections::BTreeMap;

/// Most examples kept for one reason.
const MOST_EXAMPLES: usize = 3;
/// Most letters of a reason or example: they quote what stands in the file.
const MOST_LETTERS: usize = 300;
/// Most reasons kept apart for one source; some name the value that is wrong.
const MOST_REASONS: usize = 200;
/// Where the others are counted.
const FURTHER: &str = "for further reasons";

/// What became of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// Kind, as in the manifest.
    pub kind: String,
    /// Path, as in the manifest.
    pub path: String,
    /// Files that the path named.
    pub files: u64,
    /// Rows, features or records read.
    pub read: u64,
    /// Of these, used.
    pub used: u64,
    /// Of these, refused.
    pub refused: u64,
    /// Why, with the first examples.
    pub refusals: BTreeMap<String, Tally>,
    /// What else is to be known: mended polygons, odd contents.
    pub remarks: BTreeMap<String, Tally>,
}

/// How often something happened, and where first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// The first places.
    pub examples: Vec<String>,
}

impl Tally {
    fn add(&mut self, example: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < MOST_EXAMPLES {
            self.examples.push(shortened(&example()));
        }
    }
}

/// A text for a person, cut where it is too long to be read.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text.to_owned(),
    }
}

/// The tally of a reason.
fn tally<'own>(tallies: &'own mut BTreeMap<String, Tally>, reason: &str) -> &'own mut Tally {
    let reason = shortened(reason);
    let is_full = tallies.len() >= MOST_REASONS && !tallies.contains_key(&reason);
    tallies
        .entry(if is_full { FURTHER.into() } else { reason })
        .or_default()
}

impl SourceReport {
    /// Notes a refused row.
    pub fn refuse(&mut self, reason: &str, example: impl FnOnce() -> String) {
        self.refused += 1;
        tally(&mut self.refusals, reason).add(example);
    }

    /// Takes over what another report of the same source says, as if it had come after.
    pub fn absorb(&mut self, other: Self) {
        self.files += other.files;
        self.read += other.read;
        self.used += other.used;
        self.refused += other.refused;
        let both = [
            (&mut self.refusals, other.refusals),
            (&mut self.remarks, other.remarks),
        ];
        for (mine, theirs) in both {
            for (reason, theirs) in theirs {
                let tally = tally(mine, &reason);
                tally.count += theirs.count;
                let room = MOST_EXAMPLES.saturating_sub(tally.examples.len());
                tally
                    .examples
                    .extend(theirs.examples.into_iter().take(room));
            }
        }
    }

    /// Notes something that does not keep a row from being used.
    pub fn remark(&mut self, what: &str, example: impl FnOnce() -> String) {
        tally(&mut self.remarks, what).add(example);
    }

    /// Notes how often something happened that has no place.
    pub fn count(&mut self, what: &str, times: u64) {
        if times > 0 {
            tally(&mut self.remarks, what).count += times;
        }
    }
}

/// What a build made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The pack's id.
    pub pack: String,
    /// Bytes of the file.
    pub bytes: u64,
    /// Sources in the manifest's order.
    pub sources: Vec<SourceReport>,
    /// Numbered things in the pack.
    pub totals: BTreeMap<&'static str, u64>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for source in &self.sources {
            writeln!(out, "{} {}", source.kind, source.path)?;
            let files = if source.files == 1 {
                String::new()
            } else {
                format!(", {} files", source.files)
            };
            writeln!(
                out,
                "  read {}, used {}, refused {}{files}",
                source.read, source.used, source.refused
            )?;
            for (list, sign) in [(&source.refusals, "refused"), (&source.remarks, "note")] {
                for (reason, tally) in list {
                    writeln!(
                        out,
                        "  {sign} {}: {reason} ({})",
                        tally.count,
                        tally.examples.join("; ")
                    )?;
                }
            }
        }
        for (name, count) in &self.totals {
            writeln!(out, "{name} {count}")?;
        }
        writeln!(out, "bytes {}", self.bytes)?;
        write!(out, "pack {}", self.pack)
    }
}
