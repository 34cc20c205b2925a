//! The pack: a built, memory-mapped civic index.
//!
//! One file holds every division, street, range side and polygon of some sources, and the
//! officials that came with them. It is read where it lies: opening checks the header and the
//! section table, and every offset inside is checked where it is used, so that a damaged pack
//! gives an error or a weaker answer and never a crash. [`Pack::verify`] checks the rest.

mod codes;
pub mod format;
mod read;
mod reference;
pub mod section;
pub mod spelling;
mod spool;
mod view;
pub mod write;

pub use read::{Pack, PackError, Provenance, SourceNote};
pub use view::{AreaView, DivisionView, Glance, RangeView, StreetView, key_in_area};
pub(crate) use view::{MOST_SPOTS, pack_spot};
