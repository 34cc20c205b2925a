//! One file of addresses to be read.

use super::draft::Drafts;
use super::manifest::{Kind, Source};
use super::polygons::Polygons;
use super::registry::Registry;
use super::report::SourceReport;
use super::{BuildError, addresses, tiger};
use std::path::{Path, PathBuf};

/// A file, or a county's two.
#[derive(Debug)]
pub enum Work {
    /// A county's ADDRFEAT, with its FACES where they are there.
    County {
        /// FIPS code.
        county: String,
        /// ADDRFEAT.
        features: PathBuf,
        /// FACES.
        faces: Option<PathBuf>,
    },
    /// One ADDRFEAT alone.
    Edges(PathBuf),
    /// A table of points, ranges or segments.
    Table(PathBuf),
}

/// What was found in it, in forks of the build's registry and polygons.
pub struct Found {
    /// Sides, names, areas.
    pub drafts: Drafts,
    /// Divisions that only addresses name.
    pub registry: Registry,
    /// Maps that only lists tell of.
    pub polygons: Polygons,
    /// What became of the rows.
    pub report: SourceReport,
}

impl Work {
    /// The counties of a TIGER folder.
    pub fn counties(folder: &Path) -> Result<Vec<Self>, BuildError> {
        let counties = tiger::Folder::find(folder)?.counties.into_iter();
        let work = |(county, features, faces)| Self::County {
            county,
            features,
            faces,
        };
        Ok(counties.map(work).collect())
    }

    /// What is being read, for a person who waits.
    pub fn title(&self, kind: Kind) -> String {
        let (Self::County { features: path, .. } | Self::Edges(path) | Self::Table(path)) = self;
        format!("{} {}", kind.as_str(), path.display())
    }

    /// Reads it.
    pub fn read(
        &self,
        position: u32,
        source: &Source,
        found: &mut Found,
    ) -> Result<(), BuildError> {
        let Found {
            drafts,
            registry,
            polygons,
            report,
        } = found;
        match self {
            Self::County {
                county,
                features,
                faces,
            } => {
                let read = |path: &PathBuf| tiger::Faces::read(path, registry);
                let faces = faces.as_ref().map(read).transpose()?;
                if faces.is_none() {
                    report.remark(
                        "counties without FACES: their places come from polygons",
                        || county.clone(),
                    );
                }
                let mut target = tiger::Target {
                    drafts,
                    registry,
                    polygons,
                    source: position,
                    state: source.state_fips(),
                };
                tiger::address_features(
                    features,
                    Some(county),
                    faces.as_ref(),
                    &mut target,
                    report,
                )?;
            }
            Self::Edges(path) => {
                let county = tiger::county_of(path);
                let mut target = tiger::Target {
                    drafts,
                    registry,
                    polygons,
                    source: position,
                    state: source.state_fips(),
                };
                tiger::address_features(path, county.as_deref(), None, &mut target, report)?;
            }
            Self::Table(path) => {
                let mut target = addresses::Target {
                    drafts,
                    registry,
                    polygons,
                    source: position,
                };
                match source.kind {
                    Kind::AddressPoints => addresses::points(path, source, &mut target, report)?,
                    Kind::AddressRanges => addresses::ranges(path, source, &mut target, report)?,
                    _ => addresses::segments(path, source, &mut target, report)?,
                }
            }
        }
        report.files += 1;
        Ok(())
    }
}
