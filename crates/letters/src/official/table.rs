//! The table by district in plain text.

use crate::english::Count;
use crate::plain::shortened;

/// A line of the table, as text and HTML print it.
#[derive(Debug, Clone)]
pub(super) struct TableRow {
    /// The district, or the place for the sum.
    pub label: String,
    /// In this letter.
    pub new: Count,
    /// In all.
    pub total: Count,
}

/// The longest label that leaves room for the numbers within the width of a letter.
const LONGEST_LABEL: usize = 36;

/// Rows in columns: labels to the left, numbers to the right, under the two headings. Two blanks stand before each row.
pub(super) fn aligned(rows: &[TableRow], new: &str, total: &str) -> Vec<String> {
    let labels: Vec<_> = rows
        .iter()
        .map(|row| shortened(&row.label, LONGEST_LABEL))
        .collect();
    let width = labels.iter().map(|label| label.chars().count()).max();
    let width = width.unwrap_or_default();
    let line = |label: &str, left: &str, right: &str| {
        format!(
            "  {label:<width$}  {left:>0$}  {right:>1$}",
            new.len(),
            total.len().max(9)
        )
    };
    let rows = rows
        .iter()
        .zip(&labels)
        .map(|(row, label)| line(label, &row.new.to_string(), &row.total.to_string()));
    std::iter::once(line("", new, total)).chain(rows).collect()
}
