//! Names and points of governments, as a caller looks them up.

use redress_model::resolution::Point;

/// What a report says about a government besides its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its name: `Aurora city`.
    pub name: String,
    /// The USPS code of its state: `CO`.
    pub state: String,
    /// A point that stands for it on a map; `None` where none is known.
    pub point: Option<Point>,
}
