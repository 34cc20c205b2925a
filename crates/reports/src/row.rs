//! What a report hands to a format: rows of cells under columns.

use redress_model::resolution::Point;

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'row> {
    /// Nothing: an empty cell, `null` in JSON.
    Empty,
    /// Text as it is, whatever it holds; each format makes it harmless in its own way.
    Text(&'row str),
    /// A whole number; never taken for a formula, whatever its sign.
    Number(i64),
}

impl<'row> Cell<'row> {
    /// Text, or an empty cell where there is none or it is empty.
    pub fn text(text: Option<&'row str>) -> Self {
        match text {
            None | Some("") => Self::Empty,
            Some(text) => Self::Text(text),
        }
    }
}

/// A row of a report. The type is the report: what is the same for all rows is a constant of it.
pub trait Row {
    /// What the rows are, in a word of at most 31 letters: the name of a sheet.
    const TITLE: &'static str;
    /// The columns' names, in the order of the public interface; no two alike.
    const COLUMNS: &'static [&'static str];

    /// One cell for each column, in their order.
    fn cells(&self) -> impl Iterator<Item = Cell<'_>>;

    /// Where it is on the map; `None` where it is nowhere.
    fn point(&self) -> Option<Point> {
        None
    }
}

impl<R: Row> Row for &R {
    const TITLE: &'static str = R::TITLE;
    const COLUMNS: &'static [&'static str] = R::COLUMNS;

    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (*self).cells()
    }

    fn point(&self) -> Option<Point> {
        (*self).point()
    }
}
