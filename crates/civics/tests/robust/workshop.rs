//! Building packs from files that were spoiled.

use crate::ground::{Dice, day};
use redress_civics::build::build;
use redress_civics::build::report::Report;
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_civics::pack::format::Section;
use redress_civics::parse::Input;
use redress_civics::resolve::Resolver;
use std::path::Path;
use std::time::{Duration, Instant};

/// Longest that one small build may take, on a busy machine without optimisation.
const PATIENCE: Duration = Duration::from_secs(20);

/// Builds from one source lying in a folder of its own; the files are by name.
///
/// Whatever they hold, a pack is whole or absent, nothing is left beside it, and it answers.
pub fn made(kind: &str, path: &str, more: &str, files: &[(&str, &[u8])]) -> Result<Report, String> {
    let manifest = format!(
        "name = \"n\"\nas_of = 2026-01-01\n[[source]]\nkind = \"{kind}\"\npath = \"{path}\"\n{more}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    made_in(folder.path(), manifest.as_bytes())
}

/// Builds from a manifest in a folder.
pub fn made_in(folder: &Path, manifest: &[u8]) -> Result<Report, String> {
    std::fs::write(folder.join("sources.toml"), manifest).unwrap();
    let out = tempfile::tempdir().unwrap();
    let pack = out.path().join("made.pack");
    let began = Instant::now();
    let report = build(&folder.join("sources.toml"), &pack, &mut |_| {});
    assert!(began.elapsed() < PATIENCE, "took {:?}", began.elapsed());
    let left = std::fs::read_dir(out.path()).unwrap().count();
    assert_eq!(left, usize::from(report.is_ok()));
    if let Ok(report) = &report {
        let text = report.to_string();
        assert!(text.len() < 500_000, "{} bytes of report", text.len());
        let pack = Pack::open(&pack).unwrap();
        pack.verify().unwrap();
        let directory: Directory = pack.json(Section::Officials).unwrap();
        let resolver = Resolver::new(&pack, Some(&directory));
        for line in ["12 Oak St, Alpha, CO 80010", "5 Main St 80010", "12 Oak"] {
            resolver.resolve(&Input::line(line), day());
        }
    }
    report.map_err(|error| {
        let text = error.to_string();
        assert!(text.len() < 5_000, "{} bytes of error", text.len());
        text
    })
}

/// Spoils some bytes in one of many ways.
pub fn spoil(good: &[u8], dice: &mut Dice) -> Vec<u8> {
    const NASTY: &[&[u8]] = &[
        b"\"",
        b"\n",
        b"\r\n\r\n",
        b",",
        b"NaN",
        b"1e400",
        b"-1",
        b"99999999999999999999",
        b"4294967295",
        b"\0",
        b"\xff\xfe",
        b"[[[[",
        b"{}",
        b"null",
        b"LINESTRING(",
        b"181.0",
        b"-90",
        b"\xe2\x80\xae",
        b"0",
        b"\x7f\xff\xff\xff",
        b"\xff\xff\xff\xff",
        b"\0\0\0\x80",
    ];
    let mut bytes = good.to_vec();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(bytes.len() + 1).min(bytes.len());
        let end = (at + 1 + dice.roll(60)).min(bytes.len());
        match dice.roll(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
            1 => bytes.truncate(at),
            2 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            3 => drop(bytes.drain(at..end)),
            4 => {
                let nasty = *dice.pick(NASTY);
                let over = (at + nasty.len()).min(bytes.len());
                bytes.splice(at..over, nasty.iter().copied());
            }
            _ => {
                let nasty = *dice.pick(NASTY);
                bytes.splice(at..at, nasty.iter().copied());
            }
        }
    }
    bytes
}
