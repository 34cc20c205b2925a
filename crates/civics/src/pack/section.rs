//! The fixed-size records of a pack, little-endian, aligned by construction; cold records are ten bytes.
//!
//! Lists within a section are `start` and `count`, or run to the next record's start. `NONE`
//! stands for no reference.

use crate::geometry::{Bounds, Spot};
use bytemuck::{Pod, Zeroable};

/// No reference.
pub const NONE: u32 = u32::MAX;
/// Which one it is must be measured: a border crosses the side.
pub const SPLIT: u32 = u32::MAX - 1;
/// The map has nothing there.
pub const UNCOVERED: u32 = u32::MAX - 2;
/// Polygons of the map overlap there.
pub const OVERLAPPING: u32 = u32::MAX - 3;

/// A stretch of the strings section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C)]
pub struct Text {
    /// First byte.
    pub start: u32,
    /// Bytes.
    pub length: u32,
}

/// A division.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct DivisionRecord {
    /// [`kind`] code.
    pub kind: u8,
    /// Functional status letter, or 0.
    pub funcstat: u8,
    /// State FIPS.
    pub state: u8,
    /// Bit 0: it governs, by the rules in force when the pack was built.
    pub flags: u8,
    /// Census class code, or zeros.
    pub classfp: [u8; 2],
    /// Legal/statistical area code, or zeros.
    pub lsad: [u8; 2],
    /// GEOID; a district's is its city's.
    pub geoid: Text,
    /// Bare name; a district's is its label.
    pub name: Text,
    /// Name with its legal kind.
    pub full_name: Text,
    /// Open Civic Data id, or empty.
    pub ocd_id: Text,
    /// A point within.
    pub centre: Spot,
}

/// Codes of [`DivisionRecord::kind`].
pub mod kind {
    /// County.
    pub const COUNTY: u8 = 1;
    /// County subdivision.
    pub const COUSUB: u8 = 2;
    /// Place.
    pub const PLACE: u8 = 3;
    /// Consolidated city.
    pub const CONCITY: u8 = 4;
    /// Council district or ward.
    pub const DISTRICT: u8 = 5;
}

/// What one side of a block belongs to. Divisions by position in their section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C)]
pub struct DivisionSet {
    /// County.
    pub county: u32,
    /// County subdivision.
    pub cousub: u32,
    /// Place, governing or not; or [`SPLIT`].
    pub place: u32,
    /// Consolidated city.
    pub concity: u32,
    /// First of its district entries.
    pub districts: u32,
    /// How many.
    pub district_count: u32,
}

/// What one district map says of a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C)]
pub struct DistrictEntry {
    /// The map.
    pub map: u32,
    /// The district, or [`SPLIT`], [`UNCOVERED`], [`OVERLAPPING`].
    pub division: u32,
}

/// A district map of one place for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct MapRecord {
    /// The place.
    pub place: u32,
    /// First day in force, days from the common era; `i32::MIN` when open.
    pub valid_from: i32,
    /// First day no longer in force; `i32::MAX` when open.
    pub valid_to: i32,
    /// Position of its source in the manifest: the later wins.
    pub source: u32,
}

/// A street name's key; its streets run to the next key's.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct KeyRecord {
    /// The key.
    pub text: Text,
    /// First street.
    pub streets: u32,
}

/// A street within one area; its ranges run to the next street's.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct StreetRecord {
    /// Area code: see [`super::super::pack::format`].
    pub area: u32,
    /// Its name; position in the names section.
    pub name: u32,
    /// First range.
    pub ranges: u32,
}

/// A name that streets of many areas may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C)]
pub struct NameRecord {
    /// The name as the source spells it, upper case.
    pub display: Text,
    /// Affix of the house numbers.
    pub affix: Text,
    /// Directional before, street type before, street type, directional behind.
    pub parts: [u8; 4],
    /// Its key.
    pub key: u32,
}

/// A run of house numbers on one side.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct RangeRecord {
    /// Lowest number.
    pub low: u32,
    /// Highest number.
    pub high: u32,
    /// Division set in the low 24 bits, flags above.
    pub set_and_flags: u32,
}

/// Flags of a range, in the high byte of [`RangeRecord::set_and_flags`].
pub mod flag {
    /// Odd numbers only.
    pub const ODD: u32 = 1 << 24;
    /// Even numbers only.
    pub const EVEN: u32 = 1 << 25;
    /// A single known address rather than a range of potential ones.
    pub const POINT: u32 = 1 << 26;
    /// From an election list: says districts, has no geometry.
    pub const SEGMENT: u32 = 1 << 27;
    /// A border crosses the side: a split record has its line.
    pub const SPLIT: u32 = 1 << 28;
    /// A known point within a few metres of a border.
    pub const NEAR_BORDER: u32 = 1 << 29;
    /// The division set's bits.
    pub const SET_MASK: u32 = (1 << 24) - 1;
}

/// Where a range is: its edge's id and a point within its area's box, packed in eight bytes apart
/// from the hot records.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct ColdRecord {
    /// TIGER edge id (TLID), or 0, in the low 30 bits; then 17 bits of longitude and 17 of latitude,
    /// in shares of the area's box. All 34 ones: the place is not known.
    pub edge_and_spot: u64,
}

/// The line of a split side.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct SplitRecord {
    /// The range, ascending over the section.
    pub range: u32,
    /// House number at the line's first spot.
    pub from: u32,
    /// House number at the line's last spot.
    pub to: u32,
    /// First of its spots.
    pub spots: u32,
    /// How many spots, low 29 bits; bit 29: the border crosses only near an end; above, 1 for houses on the left, 2 on the right, 0 on the line.
    pub count_and_hand: u32,
    /// First of the polygons that touch it.
    pub options: u32,
    /// How many.
    pub option_count: u32,
}

/// A polygon of a place or district.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct PolygonRecord {
    /// Its division.
    pub division: u32,
    /// Its district map, or [`NONE`] for a place.
    pub map: u32,
    /// Its box.
    pub bounds: Bounds,
    /// First of its slab starts.
    pub slabs: u32,
    /// How many slabs.
    pub slab_count: u32,
    /// First of its edges.
    pub edges: u32,
    /// How many edges.
    pub edge_count: u32,
}

/// A ZIP or another area in which streets are indexed.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct AreaRecord {
    /// Area code.
    pub code: u32,
    /// State FIPS, or 0.
    pub state: u32,
    /// Its centre; latitude `i32::MIN` when unknown.
    pub centre: Spot,
    /// The box of its ranges' points.
    pub bounds: Bounds,
    /// First entry in the section of cities by area.
    pub cities: u32,
    /// How many.
    pub city_count: u32,
}

/// The spellings of the names of a hundred areas.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct SpellingGroup {
    /// Checksum of its transducer.
    pub checksum: u64,
    /// Its areas, by a hundred.
    pub group: u32,
    /// First byte of its transducer in the section of spellings.
    pub start: u32,
    /// How many bytes.
    pub length: u32,
    /// Zero.
    pub padding: u32,
}

/// A city's name, postal or municipal, in one state.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct CityRecord {
    /// State FIPS.
    pub state: u32,
    /// Folded name.
    pub name: Text,
    /// First entry in the section of areas by city.
    pub areas: u32,
    /// How many.
    pub area_count: u32,
}
