//! Packs that were cut, flipped and filled with rubbish.

use crate::ground::{Dice, GROUND, day};
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_civics::pack::format::{ENTRY, HEADER, Section};
use redress_civics::parse::Input;
use redress_civics::resolve::Resolver;
use redress_model::resolution::Reason;
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Longest that one answer may take from any pack, on a busy machine without optimisation.
const PATIENCE: Duration = Duration::from_secs(2);

/// A copy of the pack that may be spoiled.
struct Copy {
    _folder: tempfile::TempDir,
    path: PathBuf,
    file: File,
}

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy.pack");
        std::fs::write(&path, &GROUND.bytes).unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        Self {
            _folder: folder,
            path,
            file,
        }
    }

    /// Writes bytes over those at a place, looks, and puts the old ones back.
    fn spoiled<T>(&self, at: usize, bytes: &[u8], look: impl FnOnce(&Path) -> T) -> T {
        self.file.write_all_at(bytes, at as u64).unwrap();
        let seen = look(&self.path);
        let old = &GROUND.bytes[at..at + bytes.len()];
        self.file.write_all_at(old, at as u64).unwrap();
        seen
    }
}

/// Where each section lies, by the table.
fn extents() -> Vec<(Section, Range<usize>)> {
    let number = |at: usize| {
        let bytes: [u8; 8] = GROUND.bytes[at..at + 8].try_into().unwrap();
        usize::try_from(u64::from_le_bytes(bytes)).unwrap()
    };
    Section::ALL
        .iter()
        .enumerate()
        .map(|(at, section)| {
            let entry = HEADER + ENTRY * at;
            let (start, length) = (number(entry + 8), number(entry + 16));
            (*section, start..start + length)
        })
        .collect()
}

/// Asks for some addresses; whatever the answers are, they come soon and are of a sane size.
fn ask(path: &Path, addresses: impl Iterator<Item = usize>) {
    let Ok(pack) = Pack::open(path) else { return };
    let directory: Option<Directory> = pack.json(Section::Officials).ok();
    let resolver = Resolver::new(&pack, directory.as_ref());
    for at in addresses {
        let truth = &GROUND.truths[at % GROUND.truths.len()];
        let began = Instant::now();
        let answer = resolver.resolve(&Input::line(&truth.address), day());
        assert!(
            began.elapsed() < PATIENCE,
            "{} took {:?}",
            truth.address,
            began.elapsed()
        );
        assert!(answer.alternatives.len() <= 8);
        assert!(
            !answer.level.attributes_district() || !answer.reasons.contains(&Reason::PackDamaged),
            "{answer:?}"
        );
        assert!(answer.posts.len() < 500);
    }
}

#[test]
fn a_pack_cut_anywhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.pack");
    let whole = GROUND.bytes.len();
    let lengths = (0..HEADER + ENTRY * Section::ALL.len() + 64)
        .chain((1..400).map(|part| whole * part / 400))
        .chain(whole - 64..whole);
    for length in lengths {
        std::fs::write(&path, &GROUND.bytes[..length]).unwrap();
        assert!(Pack::open(&path).is_err(), "cut to {length}");
    }
    let mut longer = GROUND.bytes.clone();
    longer.push(0);
    std::fs::write(&path, longer).unwrap();
    assert!(Pack::open(&path).is_err());
}

#[test]
fn a_flipped_bit_of_the_header_or_table_is_refused() {
    let copy = Copy::new();
    for at in 0..HEADER + ENTRY * Section::ALL.len() {
        for bit in [1_u8, 0x80] {
            let opened = copy.spoiled(at, &[GROUND.bytes[at] ^ bit], Pack::open);
            assert!(opened.is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn damage_in_any_section_is_found_by_verifying_and_answers_still_come() {
    let copy = Copy::new();
    let mut dice = Dice(1);
    for (section, extent) in extents() {
        for turn in 0..120 {
            if extent.is_empty() {
                break;
            }
            let at = extent.start + dice.roll(extent.len());
            let byte = GROUND.bytes[at] ^ [1, 0x10, 0x80, 0xff][turn % 4];
            let first = dice.roll(GROUND.truths.len());
            copy.spoiled(at, &[byte], |path| {
                let pack = Pack::open(path).unwrap();
                assert!(pack.verify().is_err(), "{section:?} at {at}");
                ask(path, first..first + 8);
            });
        }
    }
}

#[test]
fn numbers_out_of_every_bound_are_survived() {
    let copy = Copy::new();
    let mut dice = Dice(2);
    let words = [0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX, u32::MAX - 1, 1000];
    for (_, extent) in extents() {
        for turn in 0..150 {
            if extent.len() < 4 {
                break;
            }
            let at = extent.start + dice.roll(extent.len() / 4) * 4;
            let word: u32 = words[turn % words.len()];
            let first = dice.roll(GROUND.truths.len());
            copy.spoiled(at, &word.to_le_bytes(), |path| ask(path, first..first + 8));
        }
    }
}

#[test]
fn a_byte_between_two_sections_is_found_by_verifying() {
    let copy = Copy::new();
    let ends: Vec<usize> = extents().iter().map(|(_, extent)| extent.end).collect();
    let starts = extents().into_iter().map(|(_, extent)| extent.start);
    let mut seen = 0;
    for (end, start) in ends.into_iter().zip(starts.skip(1)) {
        for at in end..start {
            let found = copy.spoiled(at, &[7], |path| {
                Pack::open(path).and_then(|pack| pack.verify())
            });
            assert!(found.is_err(), "byte {at}");
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn whole_sections_of_rubbish_are_survived() {
    let copy = Copy::new();
    let mut dice = Dice(3);
    for (section, extent) in extents() {
        for kind in 0..6 {
            let rubbish: Vec<u8> = match kind {
                0 => vec![0xff; extent.len()],
                1 => vec![0; extent.len()],
                2 => (0..extent.len()).map(|_| dice.roll(256) as u8).collect(),
                // Small numbers: references that hold, to the wrong things.
                3 => words(extent.len(), || dice.roll(4000) as u32),
                // Ascending numbers: lists that overlap.
                4 => words(extent.len(), {
                    let mut next = 0;
                    move || {
                        next += 1;
                        next
                    }
                }),
                _ => words(extent.len(), || u32::MAX - dice.roll(8) as u32),
            };
            let first = dice.roll(GROUND.truths.len());
            let began = Instant::now();
            copy.spoiled(extent.start, &rubbish, |path| ask(path, first..first + 60));
            assert!(began.elapsed() < PATIENCE * 5, "{section:?} kind {kind}");
        }
    }
}

#[test]
fn a_pack_in_which_everything_fits_everything_is_answered_soon() {
    let copy = Copy::new();
    let all = extents();
    let of = |wanted: Section| all[wanted as usize - 1].1.clone();
    let (streets, ranges) = (of(Section::Streets), of(Section::Ranges));
    // Every range holds every number; every other street has all ranges.
    let wide = [0_u32, u32::MAX, 0].map(u32::to_le_bytes).concat();
    let mut spoiled_ranges = GROUND.bytes[ranges.clone()].to_vec();
    for record in spoiled_ranges.chunks_exact_mut(12) {
        record.copy_from_slice(&wide);
    }
    let count = (ranges.len() / 12) as u32;
    let mut spoiled_streets = GROUND.bytes[streets.clone()].to_vec();
    for (at, record) in spoiled_streets.chunks_exact_mut(20).enumerate() {
        let first = if at % 2 == 0 { 0 } else { count };
        record[16..].copy_from_slice(&first.to_le_bytes());
    }
    copy.spoiled(ranges.start, &spoiled_ranges, |_| {
        copy.spoiled(streets.start, &spoiled_streets, |path| ask(path, 0..200));
    });
}

fn words(length: usize, mut word: impl FnMut() -> u32) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..length.div_ceil(4))
        .flat_map(|_| word().to_le_bytes())
        .collect();
    bytes.truncate(length);
    bytes
}
