//! What the tests stand on: one sample county with its pack, built once.

use chrono::NaiveDate;
use redress_civics::build::build;
use redress_civics::sample::{Plan, write};
use std::path::PathBuf;
use std::sync::LazyLock;

/// A sample county, its sources, its pack and its truths.
pub struct Ground {
    /// Keeps the folder until the program ends.
    pub folder: tempfile::TempDir,
    /// The pack.
    pub pack: PathBuf,
    /// The pack's bytes.
    pub bytes: Vec<u8>,
    /// Addresses whose answer is known.
    pub truths: Vec<Truth>,
}

/// A row of `truth.csv`.
#[derive(Debug, Clone)]
pub struct Truth {
    /// The address on one line.
    pub address: String,
    /// Who governs there; empty outside any city.
    pub place: String,
    /// The district's label, or empty.
    pub district: String,
}

/// The one sample.
pub static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), Plan { seed: 11, scale: 1 }, &mut |_, _| {}).unwrap();
    let pack = folder.path().join("sample.pack");
    build(&folder.path().join("sources.toml"), &pack, &mut |_| {}).unwrap();
    let mut table = csv::Reader::from_path(folder.path().join("truth.csv")).unwrap();
    let header = table.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let (address, place, district) = (column("address"), column("place_geoid"), column("district"));
    let truths = table
        .records()
        .map(|row| {
            let row = row.unwrap();
            Truth {
                address: row[address].to_owned(),
                place: row[place].to_owned(),
                district: row[district].to_owned(),
            }
        })
        .collect();
    Ground {
        bytes: std::fs::read(&pack).unwrap(),
        pack,
        truths,
        folder,
    }
});

/// The day of every question.
pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 15).unwrap()
}

/// The same numbers on every machine: a linear congruence, the high bits of which are good enough.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `below`.
    pub fn roll(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }

    /// One of some.
    pub fn pick<'list, T>(&mut self, list: &'list [T]) -> &'list T {
        &list[self.roll(list.len())]
    }
}
