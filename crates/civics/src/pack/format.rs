//! The file: header, section table, sections.
//!
//! ```text
//! 0   8  magic "RDRSPACK"
//! 8   4  format version
//! 12  4  number of sections
//! 16  8  length of the whole file
//! 24  8  checksum of the header and the table, this field as zero
//! 32  32 per section: id u32, record size u32, offset u64, length u64, checksum u64
//! ```
//!
//! All numbers are little-endian; sections begin at multiples of 16. Checksums are XXH3 (64 bits): they tell accidents, at the speed of
//! memory. The pack's id is made from the sections' checksums: the same content has the same id.
//!
//! Areas: a ZIP is its number. Streets whose source has no ZIP lie in area 100,000 plus the
//! county's FIPS, or 200,000 plus the state's when the county is unknown.

use sha2::{Digest, Sha256};

/// First bytes of every pack.
pub const MAGIC: &[u8; 8] = b"RDRSPACK";
/// Version of the format that this program writes and reads.
pub const VERSION: u32 = 3;
/// Bytes before the section table.
pub const HEADER: usize = 32;
/// Bytes of one entry of the section table.
pub const ENTRY: usize = 32;
/// Alignment of sections.
pub const ALIGN: usize = 16;

/// First area code of counties.
pub const COUNTY_AREA: u32 = 100_000;
/// First area code of states.
pub const STATE_AREA: u32 = 200_000;

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)*) => {
        /// A section of a pack.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        pub enum Section { $($(#[$doc])* $name = $id,)* }

        impl Section {
            /// All sections, in the order of the file.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name, for messages.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

sections! {
    /// Name, date, sources, as JSON.
    Provenance = 1,
    /// All text.
    Strings = 2,
    /// Streets' names, with what stands around name and numbers.
    Names = 3,
    /// Divisions.
    Divisions = 4,
    /// What sides belong to.
    Sets = 5,
    /// District entries of the sets.
    Districts = 6,
    /// District maps.
    Maps = 7,
    /// Hash table from key to its position + 1.
    KeyTable = 8,
    /// Street keys.
    Keys = 9,
    /// Streets.
    Streets = 10,
    /// Ranges.
    Ranges = 11,
    /// Where ranges are.
    Cold = 12,
    /// Split sides.
    Splits = 13,
    /// Spots of the lines of split sides.
    Spots = 14,
    /// Polygons that touch split sides.
    Options = 15,
    /// Polygons.
    Polygons = 16,
    /// Where slabs begin.
    Slabs = 17,
    /// Edges of the slabs.
    Edges = 18,
    /// Areas, by code.
    Areas = 19,
    /// Spellings of streets' names by area: finite-state transducers, one for each hundred areas.
    Spellings = 20,
    /// Cities by area.
    AreaCities = 21,
    /// Cities, by state and name.
    Cities = 22,
    /// Areas by city.
    CityAreas = 23,
    /// The directory of officials, as JSON, deflated (RFC 1951).
    Officials = 24,
    /// Where the spellings of each hundred areas are.
    SpellingGroups = 25,
    /// Hash table from a key in an area to its first street.
    StreetTable = 26,
    /// Hash table from a state's city to its position + 1.
    CityTable = 27,
}

/// The checksum of header, sections and spellings.
pub fn checksum(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}

/// The first eight bytes of SHA-256.
pub fn digest(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_le_bytes(first)
}

/// The hash by which a key is found in the key table: FNV-1a, mixed once more.
pub fn key_hash(key: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in key.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^ (hash >> 29)
}

/// The hash of a name within something that has a number: a key in an area, a city in a state.
pub fn hash_within(name_hash: u64, within: u32) -> u64 {
    let mixed = (name_hash ^ u64::from(within)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// The slot of a hash in a table of any length: its share of the range of hashes.
pub fn slot_of(hash: u64, slots: usize) -> usize {
    ((u128::from(hash) * slots as u128) >> 64) as usize
}

/// Slots of a table that holds so many things: at most two thirds are taken.
pub fn slots_for(count: usize) -> usize {
    count + count / 2 + 1
}

/// Low bits of an entry of the street table that are the street's position + 1; above them eight
/// bits of the hash, which spare a look at most streets that are not meant.
pub const STREET_MASK: u32 = (1 << 24) - 1;

/// The bits of a hash that stand in an entry of the street table.
pub fn street_mark(hash: u64) -> u32 {
    (hash as u32 & 0xff) << 24
}
