//! Writing a pack: sections to a temporary file, then renamed into place.

use super::format::{ALIGN, ENTRY, HEADER, MAGIC, Section, VERSION, checksum, key_hash};
use super::read::{pack_id, size_of_record};
use super::section::{
    AreaRecord, CityRecord, ColdRecord, DistrictEntry, DivisionRecord, DivisionSet, KeyRecord,
    MapRecord, NameRecord, PolygonRecord, RangeRecord, SpellingGroup, SplitRecord, StreetRecord, Text, flag,
};
use crate::geometry::{Edge, Spot};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

/// All text of a pack, each stretch once.
#[derive(Debug, Default)]
pub struct Strings {
    bytes: Vec<u8>,
    known: HashMap<String, Text>,
}

impl Strings {
    /// The place of a text.
    pub fn text(&mut self, text: &str) -> Text {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let made = Text {
            start: self.bytes.len() as u32,
            length: text.len() as u32,
        };
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.to_owned(), made);
        made
    }
}

/// The content of a pack, section by section.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "each field is the section of its name")]
pub struct Contents {
    pub provenance: Vec<u8>,
    pub officials: Vec<u8>,
    pub strings: Strings,
    pub divisions: Vec<DivisionRecord>,
    pub sets: Vec<DivisionSet>,
    pub district_entries: Vec<DistrictEntry>,
    pub maps: Vec<MapRecord>,
    pub names: Vec<NameRecord>,
    pub keys: Vec<KeyRecord>,
    pub streets: Vec<StreetRecord>,
    pub ranges: Vec<RangeRecord>,
    pub cold: Vec<ColdRecord>,
    pub splits: Vec<SplitRecord>,
    pub spots: Vec<Spot>,
    pub options: Vec<u32>,
    pub polygons: Vec<PolygonRecord>,
    pub slabs: Vec<u32>,
    pub edges: Vec<Edge>,
    pub areas: Vec<AreaRecord>,
    pub spellings: Vec<u8>,
    pub spelling_groups: Vec<SpellingGroup>,
    pub area_cities: Vec<u32>,
    pub cities: Vec<CityRecord>,
    pub city_areas: Vec<u32>,
}

impl Contents {
    /// Writes the pack beside `path` and renames it into place; returns its id.
    pub fn write(&self, path: &Path) -> std::io::Result<String> {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let temporary = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let written = self
            .write_to(&temporary)
            .and_then(|id| std::fs::rename(&temporary, path).map(|()| id));
        if written.is_err() {
            // The first error is the one to tell; a left-over file is only untidy.
            let _ = std::fs::remove_file(&temporary);
        }
        written
    }

    /// Refuses more than the records can refer to: a number that wraps names something else.
    fn check(&self) -> std::io::Result<()> {
        let most = |what: &str, count: usize, most: u32| {
            if count > most as usize {
                return Err(std::io::Error::other(format!(
                    "{count} {what} are more than one pack holds ({most}); build one for each state"
                )));
            }
            Ok(())
        };
        most("bytes of text", self.strings.bytes.len(), u32::MAX)?;
        most("bytes of spellings", self.spellings.len(), u32::MAX)?;
        most("sets of divisions", self.sets.len(), flag::SET_MASK)?;
        most("edges", self.edges.len(), u32::MAX)?;
        most("slabs", self.slabs.len(), u32::MAX)?;
        most("spots of lines", self.spots.len(), u32::MAX)?;
        most("polygons of lines", self.options.len(), u32::MAX)?;
        most("range sides", self.ranges.len(), u32::MAX)?;
        most("district entries", self.district_entries.len(), u32::MAX)
    }

    fn write_to(&self, path: &Path) -> std::io::Result<String> {
        self.check()?;
        let key_table = self.key_table();
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        let table_end = HEADER + ENTRY * Section::ALL.len();
        out.write_all(&vec![0; table_end])?;
        let mut at = table_end;
        let mut table = Vec::with_capacity(table_end);
        let mut sums = Vec::new();
        for section in Section::ALL {
            let padding = at.next_multiple_of(ALIGN) - at;
            out.write_all(&[0; ALIGN][..padding])?;
            at += padding;
            let bytes = self.bytes_of(*section, &key_table);
            out.write_all(bytes)?;
            let sum = checksum(bytes);
            sums.push(sum);
            table.extend((*section as u32).to_le_bytes());
            table.extend((size_of_record(*section) as u32).to_le_bytes());
            table.extend((at as u64).to_le_bytes());
            table.extend((bytes.len() as u64).to_le_bytes());
            table.extend(sum.to_le_bytes());
            at += bytes.len();
        }
        let mut head = Vec::with_capacity(table_end);
        head.extend(MAGIC);
        head.extend(VERSION.to_le_bytes());
        head.extend((Section::ALL.len() as u32).to_le_bytes());
        head.extend((at as u64).to_le_bytes());
        head.extend(0_u64.to_le_bytes());
        head.extend(table);
        let sum = checksum(&head);
        head[24..32].copy_from_slice(&sum.to_le_bytes());
        out.seek(SeekFrom::Start(0))?;
        out.write_all(&head)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        Ok(pack_id(sums.into_iter()))
    }

    /// Open addressing, at most half full, so that a look-up takes one or two steps.
    fn key_table(&self) -> Vec<u32> {
        let size = (self.keys.len() * 2).next_power_of_two().max(2);
        let mut table = vec![0_u32; size];
        for (number, key) in self.keys.iter().enumerate() {
            let text = std::str::from_utf8(
                &self.strings.bytes
                    [key.text.start as usize..(key.text.start + key.text.length) as usize],
            )
            .unwrap_or("");
            let mut slot = key_hash(text) as usize & (size - 1);
            while table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            table[slot] = number as u32 + 1;
        }
        table
    }

    fn bytes_of<'own>(&'own self, section: Section, key_table: &'own [u32]) -> &'own [u8] {
        use bytemuck::cast_slice;
        match section {
            Section::Provenance => &self.provenance,
            Section::Officials => &self.officials,
            Section::Strings => &self.strings.bytes,
            Section::Names => cast_slice(&self.names),
            Section::Divisions => cast_slice(&self.divisions),
            Section::Sets => cast_slice(&self.sets),
            Section::Districts => cast_slice(&self.district_entries),
            Section::Maps => cast_slice(&self.maps),
            Section::KeyTable => cast_slice(key_table),
            Section::Keys => cast_slice(&self.keys),
            Section::Streets => cast_slice(&self.streets),
            Section::Ranges => cast_slice(&self.ranges),
            Section::Cold => cast_slice(&self.cold),
            Section::Splits => cast_slice(&self.splits),
            Section::Spots => cast_slice(&self.spots),
            Section::Options => cast_slice(&self.options),
            Section::Polygons => cast_slice(&self.polygons),
            Section::Slabs => cast_slice(&self.slabs),
            Section::Edges => cast_slice(&self.edges),
            Section::Areas => cast_slice(&self.areas),
            Section::Spellings => &self.spellings,
            Section::SpellingGroups => cast_slice(&self.spelling_groups),
            Section::AreaCities => cast_slice(&self.area_cities),
            Section::Cities => cast_slice(&self.cities),
            Section::CityAreas => cast_slice(&self.city_areas),
        }
    }
}
