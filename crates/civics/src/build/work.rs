//! One file of addresses to be read.

use super::draft::Drafts;
use super::manifest::{Kind, Source};
use super::polygons::Polygons;
use super::registry::Registry;
use super::report::SourceReport;
use super::stretch::{Stretch, stretches};
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
    /// A table of points, ranges or segments, or a stretch of it.
    Table(PathBuf, Option<Stretch>),
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

    /// A table, in stretches where it is long.
    pub fn of_table(path: &Path, source: &Source) -> Result<Vec<Self>, BuildError> {
        let delimiter = source.delimiter.as_ref();
        let delimiter = delimiter.and_then(|text| text.bytes().next());
        let stretches = stretches(path, delimiter).map_err(|source| BuildError::Io {
            path: path.to_owned(),
            source,
        })?;
        let part = |stretch| Self::Table(path.to_owned(), stretch);
        Ok(stretches.map_or_else(
            || vec![part(None)],
            |all| all.into_iter().map(Some).map(part).collect(),
        ))
    }

    /// Whether it is a file of its own, or the first part of one.
    fn is_first_of_file(&self) -> bool {
        !matches!(self, Self::Table(_, Some(stretch)) if stretch.start > 0)
    }

    /// What is being read, for a person who waits.
    pub fn title(&self, kind: Kind) -> String {
        let (Self::County { features: path, .. } | Self::Edges(path) | Self::Table(path, _)) = self;
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
            Self::Table(path, stretch) => {
                let part = (path.as_path(), *stretch);
                let mut target = addresses::Target {
                    drafts,
                    registry,
                    polygons,
                    source: position,
                };
                match source.kind {
                    Kind::AddressPoints => addresses::points(part, source, &mut target, report)?,
                    Kind::AddressRanges => addresses::ranges(part, source, &mut target, report)?,
                    _ => addresses::segments(part, source, &mut target, report)?,
                }
            }
        }
        report.files += u64::from(self.is_first_of_file());
        Ok(())
    }
}
