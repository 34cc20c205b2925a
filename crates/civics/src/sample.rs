//! The sample county: a made-up county, or thousands, whose answers are known by construction.
//!
//! It is the demonstration's data, the tests' oracle and the benchmark's load. Everything is written in the formats that real
//! sources come in: the Census Bureau's zipped shapefiles, `GeoJSON` district maps, an officials CSV, a manifest that a pack is built
//! from, and `truth.csv`, which says for some thousands of addresses who governs them and why the address is interesting.
//!
//! The states are fictional: FIPS `99`, USPS `ZZ`, in the open Pacific, and others once its 999 county codes are used up; `97`/`ZX`, where
//! towns govern as in New England, and `96`/`ZW`, whose counties are municipalities as in Puerto Rico, hold one small county each; in `98`/`ZY` towns govern too. ZIP codes come
//! from prefixes that the postal service has not assigned, then from any other (a sample of that size is a load, not a
//! demonstration). Every e-mail address ends in `.example`.
//!
//! The same seed and scale give the same bytes. Counties are built, written and dropped one at a time; what stays in memory is the
//! state's list of places, a few kilobytes a county.
//!
//! How a county comes about: `layout` lays patches of streets (`lattice`, `streets`) on an empty county and cuts district maps
//! through them (`districts`); `tiger` writes the layers; `truth` asks the finished map.
//! To add a feature to the county, add a patch under `layout/` and, if it deserves rows of its own, a kind in `truth/kinds.rs`.

mod books;
mod county;
mod dbf;
mod districts;
mod geometry;
mod lattice;
mod layers;
mod layout;
mod manifest;
mod names;
mod officials;
mod people;
mod places;
mod random;
mod roads;
mod streets;
mod survey;
#[cfg(test)]
mod tests;
mod tiger;
mod truth;
mod usps;
mod zips;

use std::path::{Path, PathBuf};

use books::Books;

/// The day that the sample says it was made on.
const AS_OF: &str = "2026-01-01";

/// The most counties that the fictional states have codes for: 40 million range sides.
const MOST: u32 = 7 * 999;

/// What to write: the same plan gives the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Varies names, numbers, borders and offsets.
    pub seed: u64,
    /// Counties to write, 1 to 6,993; each has about 5,000 to 7,000 range sides. Three small ones come on top.
    pub scale: u32,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Counties, without the small ones beside the first.
    pub counties: u32,
    /// Sides of edges that have a house-number range; an alternate name is not counted again.
    pub range_sides: u64,
    /// Rows of `truth.csv`.
    pub truths: u64,
    /// Seats in `officials.csv`: its rows without those of former holders.
    pub posts: u64,
    /// Every file, in the order written.
    pub files: Vec<PathBuf>,
}

/// Why a sample could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The scale is zero, or beyond the county codes of the states.
    #[error("scale {scale} is not between 1 and {most}")]
    Scale {
        /// The scale asked for.
        scale: u32,
        /// The largest possible.
        most: u32,
    },
    /// A file or folder could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A table could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Csv {
        /// The table.
        path: PathBuf,
        /// The writer's reason.
        source: csv::Error,
    },
    /// An archive could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Zip {
        /// The archive.
        path: PathBuf,
        /// The writer's reason.
        source: zip::result::ZipError,
    },
    /// A shape could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Shape {
        /// The archive it belongs to.
        path: PathBuf,
        /// The writer's reason.
        source: shapefile::Error,
    },
}

/// Writes a sample of `plan.scale` counties under `directory`, which is made when absent, and reports `(counties done, of)`.
///
/// # Errors
///
/// [`SampleError::Scale`] for an impossible scale; otherwise whatever the file system says, with the path.
pub fn write(
    directory: &Path,
    plan: Plan,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Written, SampleError> {
    write_from(directory, plan, 0..MOST, progress)
}

/// The same of the second fictional state's counties, `plan.scale` of them up to 999. There townships govern throughout, as towns
/// do in New England: whoever lives in one lives in no city, and not outside any either.
///
/// # Errors
///
/// As [`write()`]'s.
pub fn write_towns(
    directory: &Path,
    plan: Plan,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Written, SampleError> {
    let first = layout::CODES;
    write_from(directory, plan, first..2 * first, progress)
}

fn write_from(
    directory: &Path,
    plan: Plan,
    numbers: std::ops::Range<u32>,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Written, SampleError> {
    let (first, most) = (numbers.start, numbers.len() as u32);
    if plan.scale == 0 || plan.scale > most {
        return Err(SampleError::Scale {
            scale: plan.scale,
            most,
        });
    }
    let mut books = Books::open(directory)?;
    progress(0, plan.scale);
    for done in 0..plan.scale {
        let county = layout::county(plan, first + done);
        books.enter(plan, &county)?;
        if first + done == 0 {
            for companion in layout::companions(plan) {
                books.enter(plan, &companion)?;
            }
        }
        progress(done + 1, plan.scale);
    }
    books.close()
}
