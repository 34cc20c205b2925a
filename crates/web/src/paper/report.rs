//! The verdicts of a file, counted and as a table.

use super::verdict::{LineVerdict, Verdict};
use serde::Serialize;
use serde_json::{Map, Value};

/// What became of a file, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperReport {
    /// Whether it was imported.
    pub imported: bool,
    /// One of each line, in the order of the file.
    pub lines: Vec<LineVerdict>,
}

impl PaperReport {
    pub(super) fn new(lines: Vec<LineVerdict>, imported: bool) -> Self {
        Self { imported, lines }
    }

    /// How many lines have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        let lines = self.lines.iter();
        lines.filter(|line| line.verdict == verdict).count()
    }

    /// How many are counted, those that ask included.
    pub fn counted(&self) -> usize {
        self.lines.iter().filter(|line| line.is_counted()).count()
    }

    /// The numbers by verdict.
    pub fn numbers(&self) -> Value {
        let number = |verdict: Verdict| (verdict.as_str().to_owned(), self.count(verdict).into());
        Value::Object(Verdict::ALL.into_iter().map(number).collect::<Map<_, _>>())
    }

    /// A CSV with a line for each verdict: `row,sheet,verdict,field,code,message,geoid,place,district,choices`.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        let header = "row sheet verdict field code message geoid place district choices";
        // Writing to memory does not fail.
        let _ = csv.write_record(header.split(' '));
        for line in &self.lines {
            let choices: Vec<String> = line
                .asks
                .iter()
                .map(|(choice, label)| format!("{choice} = {label}"))
                .collect();
            let _ = csv.write_record([
                line.row.to_string().as_str(),
                &line.sheet,
                line.verdict.as_str(),
                line.field,
                line.code,
                &line.message,
                &line.geoid,
                &line.home,
                &line.district,
                &choices.join("; "),
            ]);
        }
        csv.into_inner().unwrap_or_default()
    }
}
