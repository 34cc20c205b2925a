//! How a rule of the house says that it is broken: every place at once, one a line.

/// Passes when nobody complains.
///
/// # Panics
///
/// With all complaints, each on its own line and beginning with `file:line`, when there are any.
#[track_caller]
pub fn assert_none(complaints: impl IntoIterator<Item = String>) {
    let complaints: Vec<_> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
