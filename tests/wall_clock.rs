//! A clock that programs live by instead of the machine's: Debian's package `faketime`.
//!
//! What cannot be done here fails the test that called it.

use std::path::{Path, PathBuf};

/// A clock of a program's own: what it is ahead of the machine's stands in a file.
#[derive(Debug)]
pub struct WallClock {
    library: PathBuf,
    file: PathBuf,
}

impl WallClock {
    /// Right at first.
    pub fn new(file: PathBuf) -> Self {
        let clock = Self {
            library: library(),
            file,
        };
        clock.set("+0");
        clock
    }

    /// Steps at once: to so much ahead (`+1d`) or behind (`-3600`) of the machine's, or to the time at which a program is to have
    /// begun (`@2026-03-04 17:00:00`).
    pub fn set(&self, time: &str) {
        let part = self.file.with_extension("part");
        std::fs::write(&part, format!("{time}\n")).expect("the clock's file is written");
        std::fs::rename(&part, &self.file).expect("the clock's file is put in place");
    }

    /// What lets a program live by it. Timers go on: only what a calendar says steps.
    pub fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
    }
}

fn library() -> PathBuf {
    let name = "faketime/libfaketimeMT.so.1";
    let folders = std::fs::read_dir("/usr/lib").expect("libraries");
    let mut paths = folders.filter_map(|entry| Some(entry.ok()?.path().join(name)));
    let found = paths.find(|path: &PathBuf| Path::exists(path));
    found.expect("libfaketime: `tests/run` installs it")
}
