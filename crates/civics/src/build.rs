//! Building a pack from a manifest of civic sources.
//!
//! Sources are read in three passes: areas and their polygons first, then addresses (each side
//! is joined to its divisions as it is read), then officials. Within a pass the manifest's order
//! holds: where two sources hold the same thing for the same period the later wins, and the
//! report says so. Nothing depends on the machine or the hour: the same input gives the same
//! bytes.

mod addresses;
mod areas;
mod assemble;
mod attribute;
mod crs;
pub(crate) mod dbf;
mod draft;
mod features;
mod files;
mod gathered;
mod jobs;
pub(crate) mod layer;
pub mod lists;
pub mod manifest;
mod ocd;
mod order;
mod polygons;
mod registry;
pub mod report;
mod rings;
mod seams;
mod shp;
mod sides;
mod stretch;
pub(crate) mod table;
mod tangle;
mod tiger;
mod work;

use crate::officials::{Format, Gatherer, Layout, ListReading, Notice, NoticeKind};
use crate::pack::write::Contents;
use crate::pack::{Provenance, SourceNote};
use draft::Drafts;
use flate2::{Compression, write::DeflateEncoder};
use gathered::Gathered;
use manifest::{Kind, Manifest, Source};
use polygons::Polygons;
use registry::Registry;
use report::{Report, SourceReport};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;
use work::{Found, Work};

#[cfg(feature = "fuzzing")]
pub mod fuzzing;

pub use attribute::OFFSET;
pub(crate) use sides::beside;

/// Why a pack could not be built. Single bad rows do not stop a build: they are in the report.
#[derive(Debug, Error)]
pub enum BuildError {
    /// A file could not be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The pack could not be written; one that was there before is as it was.
    #[error("cannot write {}: {source}", path.display())]
    Output {
        /// The pack.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file or its content is not there.
    #[error("{}: {message}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// What is missing, and the mend.
        message: String,
    },
    /// The manifest is wrong.
    #[error("{} {message}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong: line or key, and the mend.
        message: String,
    },
    /// A source as a whole cannot be used.
    #[error("{} {message}", path.display())]
    Source {
        /// The file.
        path: PathBuf,
        /// What is wrong, and the mend.
        message: String,
    },
}

/// Progress of a build: called with what is being read.
pub type Progress<'caller> = &'caller mut dyn FnMut(&str);

struct Build {
    manifest: Manifest,
    drafts: Drafts,
    registry: Registry,
    polygons: Polygons,
    gatherer: Gatherer,
    reports: Vec<SourceReport>,
}

/// Builds a pack and writes it to `out`.
pub fn build(manifest: &Path, out: &Path, progress: Progress<'_>) -> Result<Report, BuildError> {
    let manifest = Manifest::read(manifest)?;
    let reports = manifest
        .sources
        .iter()
        .map(|source| SourceReport {
            kind: source.kind.as_str().to_owned(),
            path: source.path.clone(),
            ..SourceReport::default()
        })
        .collect();
    let mut build = Build {
        manifest,
        drafts: Drafts::default(),
        registry: Registry::default(),
        polygons: Polygons::default(),
        gatherer: Gatherer::new(),
        reports,
    };
    build.pass(Build::read_areas, progress)?;
    // Districts hang on their places, wherever those stand in the manifest.
    build.pass(Build::read_districts, progress)?;
    build.polygons.index();
    build.tell_seams();
    let gathered = build.read_addresses(out, progress)?;
    build.registry.fill_ocd_ids();
    build.read_officials(progress)?;
    progress("writing");
    build.write(gathered, out)
}

impl Build {
    fn pass(
        &mut self,
        read: fn(&mut Self, u32, &Source, &Path, &mut SourceReport) -> Result<bool, BuildError>,
        progress: Progress<'_>,
    ) -> Result<(), BuildError> {
        for position in 0..self.manifest.sources.len() {
            let source = self.manifest.sources[position].clone();
            let mut report = std::mem::take(&mut self.reports[position]);
            for path in files::expand(&self.manifest.folder, &source.path)? {
                if read(self, position as u32, &source, &path, &mut report)? {
                    progress(&format!("{} {}", source.kind.as_str(), path.display()));
                    report.files += 1;
                }
            }
            self.reports[position] = report;
        }
        Ok(())
    }

    /// Says of each district map where it overlaps itself, leaves gaps or reaches beyond its city.
    fn tell_seams(&mut self) {
        for map in self.polygons.all_drawn_maps() {
            let of = self.polygons.map_at(map);
            let report = &mut self.reports[of.source as usize];
            for (what, size) in seams::measure(&self.polygons, map).told() {
                let place = self.registry.get(of.place);
                report.remark(what, || format!("{} {}: {size}", place.geoid, place.name));
            }
        }
    }

    /// Whether any source needs polygons of areas: TIGER's faces alone do not.
    fn needs_polygons(&self) -> bool {
        self.manifest.sources.iter().any(|source| {
            matches!(
                source.kind,
                Kind::AddressPoints | Kind::AddressRanges | Kind::TigerAddrfeat
            )
        })
    }

    fn read_areas(
        &mut self,
        _position: u32,
        source: &Source,
        path: &Path,
        report: &mut SourceReport,
    ) -> Result<bool, BuildError> {
        match source.kind {
            Kind::Gazetteer => areas::gazetteer(path, source, &mut self.registry, report)?,
            Kind::Divisions => areas::divisions(path, source, &mut self.registry, report)?,
            Kind::Zips => areas::zips(path, source, &mut self.drafts, report)?,
            Kind::Places => {
                areas::places(path, source, &mut self.registry, &mut self.polygons, report)?;
            }
            Kind::Tiger => {
                let with_polygons = self.needs_polygons();
                for (kind, file) in tiger::Folder::find(path)?.areas {
                    tiger::areas(
                        kind,
                        &file,
                        with_polygons,
                        &mut self.registry,
                        &mut self.polygons,
                        report,
                    )?;
                    report.files += 1;
                }
                return Ok(false);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn read_districts(
        &mut self,
        position: u32,
        source: &Source,
        path: &Path,
        report: &mut SourceReport,
    ) -> Result<bool, BuildError> {
        if source.kind != Kind::Districts {
            return Ok(false);
        }
        let (registry, polygons) = (&mut self.registry, &mut self.polygons);
        areas::districts(path, source, position, registry, polygons, report)?;
        Ok(true)
    }

    /// Reads all files of addresses, several at a time, and takes them in the manifest's order.
    fn read_addresses(
        &mut self,
        out: &Path,
        progress: Progress<'_>,
    ) -> Result<Gathered, BuildError> {
        let works = self.works()?;
        let base = Arc::new(std::mem::take(&mut self.registry));
        let drawn = Arc::new(std::mem::take(&mut self.polygons));
        let (mut registry, mut polygons) = (Registry::fork(&base), Polygons::fork(&drawn));
        let mut gathered = Gathered::new(std::mem::take(&mut self.drafts), out);
        let (sources, reports) = (&self.manifest.sources, &mut self.reports);
        let read = |job: usize| {
            let (position, work) = &works[job];
            let mut found = Found {
                drafts: Drafts::default(),
                registry: Registry::fork(&base),
                polygons: Polygons::fork(&drawn),
                report: SourceReport::default(),
            };
            work.read(*position, &sources[*position as usize], &mut found)?;
            Ok(found)
        };
        jobs::run(works.len(), &read, &mut |job, found: Found| {
            let (position, work) = &works[job];
            progress(&work.title(sources[*position as usize].kind));
            reports[*position as usize].absorb(found.report);
            let forks = (found.registry, found.polygons);
            gathered
                .take(found.drafts, forks, &mut registry, &mut polygons)
                .map_err(|source| BuildError::Output {
                    path: out.to_owned(),
                    source,
                })
        })?;
        drop(base);
        self.registry = registry.whole();
        self.polygons = polygons;
        Ok(gathered)
    }

    /// The files of addresses, in order, each with its source's position.
    fn works(&self) -> Result<Vec<(u32, Work)>, BuildError> {
        let mut works = Vec::new();
        for (position, source) in self.manifest.sources.iter().enumerate() {
            let is_read = matches!(
                source.kind,
                Kind::Tiger
                    | Kind::TigerAddrfeat
                    | Kind::AddressPoints
                    | Kind::AddressRanges
                    | Kind::StreetSegments
            );
            if !is_read {
                continue;
            }
            for path in files::expand(&self.manifest.folder, &source.path)? {
                let of_path = match source.kind {
                    Kind::Tiger => Work::counties(&path)?,
                    Kind::TigerAddrfeat => vec![Work::Edges(path)],
                    _ => Work::of_table(&path, source)?,
                };
                works.extend(of_path.into_iter().map(|work| (position as u32, work)));
            }
        }
        Ok(works)
    }

    /// The files of one source are one list, unless they are tables.
    fn read_officials(&mut self, progress: Progress<'_>) -> Result<(), BuildError> {
        let geoids = self.registry.geoids_by_ocd_id();
        let known = |id: &str| geoids.get(id).cloned();
        for (source, report) in self.manifest.sources.iter().zip(&mut self.reports) {
            if source.kind != Kind::Officials {
                continue;
            }
            let files = lists::read_lists(&self.manifest.folder, &source.path)?;
            progress(&format!("{} {}", source.kind.as_str(), source.path));
            report.files += files.len() as u64;
            let mut defaults = source.defaults.clone();
            if let Some(as_of) = &source.as_of {
                defaults
                    .entry("as_of".to_owned())
                    .or_insert_with(|| as_of.clone());
            }
            let reading = ListReading {
                format: source.format.as_deref().and_then(Format::parse),
                layout: Layout {
                    columns: source.columns.clone(),
                    defaults,
                    ..Layout::default()
                },
                delimiter: source
                    .delimiter
                    .as_ref()
                    .and_then(|text| text.bytes().next()),
                division_geoid: &known,
            };
            let mut notices = Vec::new();
            let taken = self
                .gatherer
                .read_list(&files, &reading, &mut |notice| notices.push(notice))
                .map_err(|error| BuildError::Source {
                    path: self.manifest.folder.join(&source.path),
                    message: error.to_string(),
                })?;
            report.used += taken.rows;
            report.read += taken.rows + taken.passed_over;
            report.count(
                "passed over: officials of states and of the nation",
                taken.passed_over,
            );
            for notice in notices {
                tell(report, &files[0].name, &notice);
            }
        }
        Ok(())
    }

    fn write(self, gathered: Gathered, out: &Path) -> Result<Report, BuildError> {
        let Self {
            manifest,
            registry,
            polygons,
            gatherer,
            reports,
            ..
        } = self;
        let directory = gatherer.finish();
        let mut contents = Contents::new(out);
        let provenance = Provenance {
            name: manifest.name.clone(),
            as_of: manifest.as_of.clone().unwrap_or_default(),
            sources: manifest
                .sources
                .iter()
                .zip(&reports)
                .map(|(source, report)| SourceNote {
                    kind: source.kind.as_str().to_owned(),
                    path: source.path.clone(),
                    licence: source.licence.clone(),
                    url: source.url.clone(),
                    as_of: source.as_of.clone(),
                    rows: report.used,
                })
                .collect(),
        };
        contents.provenance = to_json(&provenance, out)?;
        let output = |source| BuildError::Output {
            path: out.to_owned(),
            source,
        };
        contents.officials = deflated(&to_json(&directory, out)?).map_err(output)?;
        let counts =
            assemble::assemble(gathered, &registry, &polygons, &mut contents).map_err(output)?;
        let mut report = Report {
            sources: reports,
            ..Report::default()
        };
        report.totals.extend([
            ("divisions", contents.divisions.len() as u64),
            (
                "governments",
                contents
                    .divisions
                    .iter()
                    .filter(|division| division.flags & 1 != 0)
                    .count() as u64,
            ),
            ("district maps", contents.maps.len() as u64),
            ("polygons", contents.polygons.len() as u64),
            ("streets", contents.streets.len() as u64),
            ("range sides", contents.ranges.len() as u64),
            ("split sides", contents.splits.len() as u64),
            ("repeated addresses", counts.repeated),
            ("addresses given again by a later source", counts.superseded),
        ]);
        let on = manifest.as_of.as_deref().and_then(|day| day.parse().ok());
        if let Some(on) = on {
            let of = directory.counts(on);
            report.totals.extend([
                ("posts", of.posts),
                ("vacancies", of.vacant),
                ("ended terms", of.ended),
                ("posts without e-mail", of.without_email),
            ]);
        }
        report.pack = contents.write().map_err(output)?;
        report.bytes = std::fs::metadata(out)
            .map_err(|source| BuildError::Output {
                path: out.to_owned(),
                source,
            })?
            .len();
        Ok(report)
    }
}

fn deflated(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = DeflateEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}

/// What is to be told of a row, under its source.
fn tell(report: &mut SourceReport, file: &str, notice: &Notice) {
    let example = || match notice.path.as_str() {
        "" => format!("{file} {}", notice.place()),
        _ => notice.place(),
    };
    match notice.kind {
        NoticeKind::Refused => {
            report.read += 1;
            report.refuse(&notice.text, example);
        }
        NoticeKind::Remark => report.remark(&notice.text, example),
    }
}

fn to_json(value: &impl serde::Serialize, out: &Path) -> Result<Vec<u8>, BuildError> {
    serde_json::to_vec(value).map_err(|error| BuildError::Output {
        path: out.to_owned(),
        source: std::io::Error::other(error),
    })
}
