//! A pack of the sample county with bytes changed: an error or an answer, never a panic.
//!
//! The input is a list of (position, byte) pairs of five bytes each, and at its end the header's checksum is made right again, so that what
//! lies behind the header is reached.

#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use redress_civics::pack::Pack;
use redress_civics::pack::format::{self, ENTRY, HEADER, Section};
use redress_civics::parse::Input;
use redress_civics::resolve::Resolver;
use redress_civics::sample::{self, Plan};
use std::sync::LazyLock;

struct Ground {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    addresses: Vec<String>,
}

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    sample::write(folder.path(), Plan { seed: 1, scale: 1 }, &mut |_, _| {}).expect("a sample");
    let pack = folder.path().join("whole.pack");
    redress_civics::build::build(&folder.path().join("sources.toml"), &pack, &mut |_| {}).expect("a pack");
    let truth = std::fs::read_to_string(folder.path().join("truth.csv")).expect("the truth");
    let addresses = truth.lines().skip(1).step_by(97).filter_map(|row| Some(row.split('"').nth(1)?.to_owned()));
    Ground { bytes: std::fs::read(pack).expect("the pack"), addresses: addresses.collect(), folder }
});

fuzz_target!(|changes: &[u8]| {
    let mut bytes = GROUND.bytes.clone();
    let length = bytes.len();
    for change in changes.chunks_exact(5) {
        let at = u32::from_le_bytes([change[0], change[1], change[2], change[3]]) as usize % length;
        bytes[at] = change[4];
    }
    if changes.len() % 5 == 0 {
        let mut head = bytes[..HEADER + ENTRY * Section::ALL.len()].to_vec();
        head[24..32].fill(0);
        let sum = format::checksum(&head);
        bytes[24..32].copy_from_slice(&sum.to_le_bytes());
    }
    let path = GROUND.folder.path().join("changed.pack");
    std::fs::write(&path, &bytes).expect("the folder can be written");
    let Ok(pack) = Pack::open(&path) else { return };
    let on = NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day");
    let resolver = Resolver::new(&pack, None);
    for address in GROUND.addresses.iter().take(8) {
        resolver.resolve(&Input::line(address), on);
    }
    let _ = pack.verify();
});
