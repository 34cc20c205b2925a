//! Opening a pack and checking it.

use super::codes::{Blocks, Codes};
use super::format::{ALIGN, ENTRY, HEADER, MAGIC, Section, VERSION, checksum, digest};
use super::reference::References;
use super::section::{
    AreaRecord, CityRecord, ColdRecord, DistrictEntry, DivisionRecord, DivisionSet, KeyRecord,
    MapRecord, NameRecord, PolygonRecord, RangeRecord, SpellingGroup, SplitRecord, StreetRecord,
    Text,
};
use super::spelling::Checks;
use crate::geometry::{Edge, Spot};
use crate::resolve::Books;
use bytemuck::Pod;
use flate2::read::DeflateDecoder;
#[cfg(target_os = "linux")]
use memmap2::Advice;
use memmap2::{Mmap, MmapMut};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use thiserror::Error;

/// Why a pack could not be opened or read.
#[derive(Debug, Error)]
pub enum PackError {
    /// The file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another kind of file.
    #[error("{} is not a pack; build one with `redress civics build`", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Another version of the format.
    #[error("{} has pack format {found}, this program reads {VERSION}: build it again with this program", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// Shorter or longer than its header says.
    #[error("{} is cut short or overlong: {found} bytes instead of {expected}; copy or build it again", path.display())]
    Length {
        /// The file.
        path: PathBuf,
        /// Bytes by the header.
        expected: u64,
        /// Bytes there.
        found: u64,
    },
    /// A part does not agree with its checksum or shape.
    #[error("{} is damaged in {part}; copy or build it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The section or header.
        part: &'static str,
    },
}

/// Where a pack comes from: carried inside it, shown by `civics show`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The manifest's name.
    pub name: String,
    /// The day as of which the sources were gathered.
    pub as_of: String,
    /// The sources, in the manifest's order.
    pub sources: Vec<SourceNote>,
}

/// One source of a pack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceNote {
    /// Kind, as in the manifest.
    pub kind: String,
    /// Path, as in the manifest.
    pub path: String,
    /// Licence, as in the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its own date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Rows used.
    pub rows: u64,
}

/// Longest text of a pack, in bytes; the builder refuses longer names.
const MOST_TEXT: u32 = 1 << 12;
/// Longest directory of officials, inflated: a damaged one may inflate without end.
const MOST_JSON: u64 = 4 << 30;
/// Where the section table ends.
const TABLE_END: usize = HEADER + ENTRY * Section::ALL.len();

#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    start: usize,
    length: usize,
    record: usize,
    checksum: u64,
}

/// An open pack. Cheap to share; never changes while open.
pub struct Pack {
    bytes: Mmap,
    path: PathBuf,
    extents: [Extent; Section::ALL.len()],
    id: Arc<str>,
    checks: Checks,
    references: References,
    codes: OnceLock<Codes>,
    books: Books,
    blocks: OnceLock<Blocks>,
}

impl PackError {
    fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}

/// A file that may be a pack, and its length in bytes.
fn file_of_length(path: &Path) -> Result<(File, usize), PackError> {
    let io = |source| PackError::io(path, source);
    let file = File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    match usize::try_from(length) {
        Ok(length) if length >= HEADER => Ok((file, length)),
        _ => Err(PackError::Foreign {
            path: path.to_owned(),
        }),
    }
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Pack")
            .field("path", &self.path)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Pack {
    /// Opens a pack: checks magic, version, length, section table and the header's checksum. It is read where it lies, page by page,
    /// as answers ask for it, and several processes share what was read.
    #[expect(
        unsafe_code,
        reason = "a memory map is the one exception; packs are replaced by rename, never written in place"
    )]
    pub fn open(path: &Path) -> Result<Self, PackError> {
        let (file, _) = file_of_length(path)?;
        // Sound as long as nobody changes the file in place, which no part of this program does.
        let bytes = unsafe { Mmap::map(&file) }.map_err(|source| PackError::io(path, source))?;
        Self::of(bytes, path)
    }

    /// Opens a pack and holds all of it in this process's memory, in the largest pages that the system gives: a look-up touches a dozen
    /// places that lie far apart, and finding each of them among pages of 4 KiB takes longer than reading it, most of all in a virtual
    /// machine. For programs that answer for long; it reads the whole file first.
    pub fn hold(path: &Path) -> Result<Self, PackError> {
        let io = |source| PackError::io(path, source);
        let (mut file, length) = file_of_length(path)?;
        let mut bytes = MmapMut::map_anon(length).map_err(io)?;
        // Only a wish: without it, or where the system does not know it, the pages are small.
        #[cfg(target_os = "linux")]
        let _ = bytes.advise(Advice::HugePage);
        file.read_exact(&mut bytes).map_err(io)?;
        Self::of(bytes.make_read_only().map_err(io)?, path)
    }

    fn of(bytes: Mmap, path: &Path) -> Result<Self, PackError> {
        let (extents, id) = read_table(&bytes, path)?;
        let mut pack = Self {
            bytes,
            path: path.to_owned(),
            extents,
            id: id.into(),
            checks: Checks::default(),
            references: References::default(),
            codes: OnceLock::new(),
            books: Books::default(),
            blocks: OnceLock::new(),
        };
        pack.references = References::new(pack.divisions().len());
        pack.checks = Checks::new(pack.spelling_groups().len());
        Ok(pack)
    }

    /// The id: the same content has the same.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    pub(super) fn references(&self) -> &References {
        &self.references
    }

    /// The areas by their codes, found out when the first is asked for.
    pub(super) fn codes(&self) -> &Codes {
        self.codes.get_or_init(|| Codes::new(self.areas()))
    }

    /// The split sides by blocks of ranges, found out when the first is asked for.
    pub(super) fn blocks(&self) -> &Blocks {
        self.blocks
            .get_or_init(|| Blocks::new(self.ranges().len(), self.splits()))
    }

    /// What its answers have in common.
    pub(crate) fn books(&self) -> &Books {
        &self.books
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's length in bytes.
    pub fn file_length(&self) -> usize {
        self.bytes.len()
    }

    /// A section's length in bytes.
    pub fn section_length(&self, section: Section) -> usize {
        self.extents[section as usize - 1].length
    }

    /// Checks every section against its checksum, and that nothing stands between them.
    pub fn verify(&self) -> Result<(), PackError> {
        let damaged = |part| PackError::Damaged {
            path: self.path.clone(),
            part,
        };
        let mut end = TABLE_END;
        for section in Section::ALL {
            let extent = self.extents[*section as usize - 1];
            // Opening has checked that the gap is the alignment's alone.
            let gap = self.bytes.get(end..extent.start).unwrap_or(&[]);
            if gap.iter().any(|byte| *byte != 0) {
                return Err(damaged("the space between its sections"));
            }
            if checksum(self.bytes_of(*section)) != extent.checksum {
                return Err(damaged(section.name()));
            }
            end = extent.start + extent.length;
        }
        Ok(())
    }

    /// Name, date and sources.
    pub fn provenance(&self) -> Result<Provenance, PackError> {
        self.json(Section::Provenance)
    }

    /// A section that holds JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self, section: Section) -> Result<T, PackError> {
        let damaged = || PackError::Damaged {
            path: self.path.clone(),
            part: section.name(),
        };
        let bytes = self.bytes_of(section);
        if section != Section::Officials {
            return serde_json::from_slice(bytes).map_err(|_| damaged());
        }
        let mut text = Vec::new();
        DeflateDecoder::new(bytes)
            .take(MOST_JSON)
            .read_to_end(&mut text)
            .map_err(|_| damaged())?;
        serde_json::from_slice(&text).map_err(|_| damaged())
    }

    pub(super) fn checks(&self) -> &Checks {
        &self.checks
    }

    pub(super) fn bytes_of(&self, section: Section) -> &[u8] {
        let extent = self.extents[section as usize - 1];
        self.bytes
            .get(extent.start..extent.start + extent.length)
            .unwrap_or(&[])
    }

    fn records<T: Pod>(&self, section: Section) -> &[T] {
        bytemuck::try_cast_slice(self.bytes_of(section)).unwrap_or(&[])
    }

    /// Whether a text is this one.
    pub fn is_text(&self, text: Text, expected: &str) -> bool {
        // Lengths first: they differ nearly always, and a damaged one may be the section's.
        text.length as usize == expected.len() && self.text_bytes(text) == expected.as_bytes()
    }

    /// A text's bytes; none when the reference is damaged.
    pub fn text_bytes(&self, text: Text) -> &[u8] {
        let start = text.start as usize;
        self.bytes_of(Section::Strings)
            .get(start..start.saturating_add(text.length as usize))
            .unwrap_or(&[])
    }

    /// A text; empty when the reference is damaged.
    pub fn text(&self, text: Text) -> &str {
        // A damaged length may be the section's: checking that for UTF-8 each time takes too long.
        if text.length > MOST_TEXT {
            return "";
        }
        std::str::from_utf8(self.text_bytes(text)).unwrap_or("")
    }
}

macro_rules! record_sections {
    ($($(#[$doc:meta])* $name:ident: $record:ty = $section:ident,)*) => {
        impl Pack {
            $($(#[$doc])* pub fn $name(&self) -> &[$record] { self.records(Section::$section) })*
        }

        fn record_size(section: Section) -> usize {
            match section {
                $(Section::$section => size_of::<$record>(),)*
                Section::Provenance | Section::Strings | Section::Officials | Section::Spellings => 1,
            }
        }
    };
}

record_sections! {
    /// Divisions.
    divisions: DivisionRecord = Divisions,
    /// What sides belong to.
    sets: DivisionSet = Sets,
    /// District entries of the sets.
    district_entries: DistrictEntry = Districts,
    /// District maps.
    maps: MapRecord = Maps,
    /// Hash table of keys.
    key_table: u32 = KeyTable,
    /// Hash table of keys in areas.
    street_table: u32 = StreetTable,
    /// Hash table of cities.
    city_table: u32 = CityTable,
    /// Names of streets.
    names: NameRecord = Names,
    /// Street keys.
    keys: KeyRecord = Keys,
    /// Streets.
    streets: StreetRecord = Streets,
    /// Ranges.
    ranges: RangeRecord = Ranges,
    /// Where ranges are.
    cold: ColdRecord = Cold,
    /// Split sides.
    splits: SplitRecord = Splits,
    /// Spots of split sides' lines.
    spots: Spot = Spots,
    /// Polygons that touch split sides.
    options: u32 = Options,
    /// Polygons.
    polygons: PolygonRecord = Polygons,
    /// Slab starts.
    slabs: u32 = Slabs,
    /// Edges.
    edges: Edge = Edges,
    /// Areas.
    areas: AreaRecord = Areas,
    /// Where the spellings of each hundred areas are.
    spelling_groups: SpellingGroup = SpellingGroups,
    /// Cities by area.
    area_cities: u32 = AreaCities,
    /// Cities.
    cities: CityRecord = Cities,
    /// Areas by city.
    city_areas: u32 = CityAreas,
}

/// Record size of a section, for the writer and the checks.
pub(super) fn size_of_record(section: Section) -> usize {
    record_size(section)
}

fn read_table(
    bytes: &[u8],
    path: &Path,
) -> Result<([Extent; Section::ALL.len()], String), PackError> {
    let path = || path.to_owned();
    let damaged = |part| PackError::Damaged { path: path(), part };
    if bytes.get(..8) != Some(MAGIC.as_slice()) {
        return Err(PackError::Foreign { path: path() });
    }
    let (Some(version), Some(count), Some(length), Some(sum)) = (
        number_u32(bytes, 8),
        number_u32(bytes, 12),
        number_u64(bytes, 16),
        number_u64(bytes, 24),
    ) else {
        return Err(PackError::Foreign { path: path() });
    };
    if version != VERSION {
        return Err(PackError::Version {
            path: path(),
            found: version,
        });
    }
    if length != bytes.len() as u64 {
        return Err(PackError::Length {
            path: path(),
            expected: length,
            found: bytes.len() as u64,
        });
    }
    if count as usize != Section::ALL.len() {
        return Err(damaged("section table"));
    }
    let mut head = bytes
        .get(..TABLE_END)
        .ok_or_else(|| damaged("section table"))?
        .to_vec();
    head[24..32].fill(0);
    if checksum(&head) != sum {
        return Err(damaged("header"));
    }
    let mut extents = [Extent::default(); Section::ALL.len()];
    // Sections follow one another as the writer lays them, so that no byte is in two or in none.
    let mut end = TABLE_END;
    for (at, section) in Section::ALL.iter().enumerate() {
        let entry = HEADER + ENTRY * at;
        let field32 = |offset| number_u32(bytes, entry + offset).unwrap_or(0) as usize;
        let field64 = |offset| number_u64(bytes, entry + offset).unwrap_or(0);
        let extent = Extent {
            record: field32(4),
            start: field64(8) as usize,
            length: field64(16) as usize,
            checksum: field64(24),
        };
        let is_whole = field32(0) == *section as usize
            && extent.record == record_size(*section)
            && extent.length.is_multiple_of(extent.record)
            && extent.start == end.next_multiple_of(ALIGN)
            && extent
                .start
                .checked_add(extent.length)
                .is_some_and(|end| end <= bytes.len());
        if !is_whole {
            return Err(damaged(section.name()));
        }
        end = extent.start + extent.length;
        extents[at] = extent;
    }
    if end != bytes.len() {
        return Err(damaged("section table"));
    }
    Ok((
        extents,
        pack_id(extents.iter().map(|extent| extent.checksum)),
    ))
}

/// The id of a pack whose sections have these checksums: sixteen hexadecimal digits.
pub(super) fn pack_id(checksums: impl Iterator<Item = u64>) -> String {
    let all: Vec<u8> = checksums.flat_map(u64::to_le_bytes).collect();
    format!("{:016x}", digest(&all))
}

fn number_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at + 4)
        .and_then(|slice| slice.try_into().ok())
        .map(u32::from_le_bytes)
}

fn number_u64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes
        .get(at..at + 8)
        .and_then(|slice| slice.try_into().ok())
        .map(u64::from_le_bytes)
}
