//! Writing a pack: sections to a temporary file, then renamed into place.

use super::format::{
    ALIGN, ENTRY, HEADER, MAGIC, STREET_MASK, Section, VERSION, checksum, hash_within, key_hash,
    slot_of, slots_for, street_mark,
};
use super::read::{pack_id, size_of_record};
use super::section::{
    AreaRecord, CityRecord, ColdRecord, DistrictEntry, DivisionRecord, DivisionSet, KeyRecord,
    MapRecord, NameRecord, PolygonRecord, RangeRecord, SpellingGroup, SplitRecord, StreetRecord,
    Text, flag,
};
use super::spool::Spool;
use crate::geometry::{Edge, Spot};
use bytemuck::Pod;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

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

    /// A text by its place.
    fn get(&self, text: Text) -> &str {
        let (start, length) = (text.start as usize, text.length as usize);
        let bytes = self.bytes.get(start..start + length).unwrap_or(&[]);
        std::str::from_utf8(bytes).unwrap_or("")
    }
}

/// Hash tables of a pack.
struct Tables {
    keys: Vec<u32>,
    streets: Vec<u32>,
    cities: Vec<u32>,
}

/// Open addressing: an entry stands in its hash's slot or in the next free one.
fn table(count: usize, entries: impl Iterator<Item = (u64, u32)>) -> Vec<u32> {
    let mut table = vec![0_u32; slots_for(count)];
    for (hash, entry) in entries {
        let mut slot = slot_of(hash, table.len());
        while table[slot] != 0 {
            slot = (slot + 1) % table.len();
        }
        table[slot] = entry;
    }
    table
}

/// The content of a pack, section by section; what grows with the number of addresses is spooled.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is the section of its name")]
pub struct Contents {
    out: PathBuf,
    pub provenance: Vec<u8>,
    pub officials: Vec<u8>,
    pub strings: Strings,
    pub divisions: Vec<DivisionRecord>,
    pub sets: Vec<DivisionSet>,
    pub district_entries: Vec<DistrictEntry>,
    pub maps: Vec<MapRecord>,
    pub names: Vec<NameRecord>,
    pub keys: Vec<KeyRecord>,
    pub streets: Spool<StreetRecord>,
    /// Hashes of the keys in areas, each with its first street.
    pub street_hashes: Vec<(u64, u32)>,
    pub ranges: Spool<RangeRecord>,
    pub cold: Spool<ColdRecord>,
    pub splits: Spool<SplitRecord>,
    pub spots: Spool<Spot>,
    pub options: Spool<u32>,
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
    /// Of a pack that is to lie at `out`.
    pub fn new(out: &Path) -> Self {
        let own = || out.to_owned();
        Self {
            out: own(),
            provenance: Vec::new(),
            officials: Vec::new(),
            strings: Strings::default(),
            divisions: Vec::new(),
            sets: Vec::new(),
            district_entries: Vec::new(),
            maps: Vec::new(),
            names: Vec::new(),
            keys: Vec::new(),
            streets: Spool::new(own()),
            street_hashes: Vec::new(),
            ranges: Spool::new(own()),
            cold: Spool::new(own()),
            splits: Spool::new(own()),
            spots: Spool::new(own()),
            options: Spool::new(own()),
            polygons: Vec::new(),
            slabs: Vec::new(),
            edges: Vec::new(),
            areas: Vec::new(),
            spellings: Vec::new(),
            spelling_groups: Vec::new(),
            area_cities: Vec::new(),
            cities: Vec::new(),
            city_areas: Vec::new(),
        }
    }

    /// Writes the pack beside its path and renames it into place; returns its id.
    pub fn write(self) -> std::io::Result<String> {
        let path = self.out.clone();
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
        most("streets", self.streets.len(), STREET_MASK - 1)?;
        most("bytes of spellings", self.spellings.len(), u32::MAX)?;
        most("sets of divisions", self.sets.len(), flag::SET_MASK)?;
        most("edges", self.edges.len(), u32::MAX)?;
        most("slabs", self.slabs.len(), u32::MAX)?;
        most("spots of lines", self.spots.len(), u32::MAX)?;
        most("polygons of lines", self.options.len(), u32::MAX)?;
        most("range sides", self.ranges.len(), u32::MAX)?;
        most("district entries", self.district_entries.len(), u32::MAX)
    }

    fn write_to(mut self, path: &Path) -> std::io::Result<String> {
        self.check()?;
        let tables = Tables {
            keys: self.key_table(),
            streets: self.street_table(),
            cities: self.city_table(),
        };
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
            let (mut sum, mut length) = (Xxh3::new(), 0);
            let take = |bytes: &[u8]| {
                sum.update(bytes);
                length += bytes.len();
                out.write_all(bytes)
            };
            self.pour(*section, &tables, take)?;
            let sum = sum.digest();
            sums.push(sum);
            table.extend((*section as u32).to_le_bytes());
            table.extend((size_of_record(*section) as u32).to_le_bytes());
            table.extend((at as u64).to_le_bytes());
            table.extend((length as u64).to_le_bytes());
            table.extend(sum.to_le_bytes());
            at += length;
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
            let mut slot = key_hash(self.strings.get(key.text)) as usize & (size - 1);
            while table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            table[slot] = number as u32 + 1;
        }
        table
    }

    /// From the hash of a key in an area to the first of its streets.
    fn street_table(&self) -> Vec<u32> {
        let entries = self.street_hashes.iter();
        table(
            self.street_hashes.len(),
            entries.map(|(hash, street)| (*hash, (street + 1) | street_mark(*hash))),
        )
    }

    fn city_table(&self) -> Vec<u32> {
        let hash =
            |city: &CityRecord| hash_within(key_hash(self.strings.get(city.name)), city.state);
        let entries = (1..).zip(&self.cities);
        table(
            self.cities.len(),
            entries.map(|(entry, city)| (hash(city), entry)),
        )
    }

    /// Hands a section's bytes on; a spooled one is empty afterwards.
    fn pour(
        &mut self,
        section: Section,
        tables: &Tables,
        mut take: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        fn drained<T: Pod>(
            spool: &mut Spool<T>,
            out: &Path,
            take: impl FnMut(&[u8]) -> std::io::Result<()>,
        ) -> std::io::Result<()> {
            std::mem::replace(spool, Spool::new(out.to_owned())).pour(take)
        }
        use bytemuck::cast_slice;
        let out = &self.out;
        match section {
            Section::Provenance => take(&self.provenance),
            Section::Officials => take(&self.officials),
            Section::Strings => take(&self.strings.bytes),
            Section::Names => take(cast_slice(&self.names)),
            Section::Divisions => take(cast_slice(&self.divisions)),
            Section::Sets => take(cast_slice(&self.sets)),
            Section::Districts => take(cast_slice(&self.district_entries)),
            Section::Maps => take(cast_slice(&self.maps)),
            Section::KeyTable => take(cast_slice(&tables.keys)),
            Section::Keys => take(cast_slice(&self.keys)),
            Section::Streets => drained(&mut self.streets, out, take),
            Section::Ranges => drained(&mut self.ranges, out, take),
            Section::Cold => drained(&mut self.cold, out, take),
            Section::Splits => drained(&mut self.splits, out, take),
            Section::Spots => drained(&mut self.spots, out, take),
            Section::Options => drained(&mut self.options, out, take),
            Section::Polygons => take(cast_slice(&self.polygons)),
            Section::Slabs => take(cast_slice(&self.slabs)),
            Section::Edges => take(cast_slice(&self.edges)),
            Section::Areas => take(cast_slice(&self.areas)),
            Section::Spellings => take(&self.spellings),
            Section::SpellingGroups => take(cast_slice(&self.spelling_groups)),
            Section::AreaCities => take(cast_slice(&self.area_cities)),
            Section::Cities => take(cast_slice(&self.cities)),
            Section::CityAreas => take(cast_slice(&self.city_areas)),
            Section::StreetTable => take(cast_slice(&tables.streets)),
            Section::CityTable => take(cast_slice(&tables.cities)),
        }
    }
}
