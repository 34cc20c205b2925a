//! Text on its way to a page: cleaned, broken into lines, put into the order in which it is seen, and shaped.

pub(crate) mod clean;
pub(crate) mod fonts;
pub(crate) mod shape;
pub(crate) mod wrap;
