//! Fetching from a server on this machine that breaks off, stalls, lies, refuses and changes its mind.

mod breaking;
mod content;
mod folder;
mod lying;
mod refusing;

use super::{Absence, Base, Event, Fetched, Outcome, Settings, Wanted, fetch};
use crate::local_server::{Answer, LocalServer, Request};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// An archive with a table in it, as long as a file needs to be to come in several chunks.
fn archive(seed: u32) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    // Stored, so that the length and the place of each byte are known.
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for ending in ["dbf", "shp"] {
        writer
            .start_file(format!("tl_2025_99001_faces.{ending}"), options)
            .unwrap();
        let bytes: Vec<u8> = (0..100_000_u32)
            .map(|at| (at.wrapping_add(seed).wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Answers as a good server of files does: ranges under a tag, else the whole.
fn honest(file: &[u8], tag: &str, request: &Request) -> Answer {
    let tag = format!("\"{tag}\"");
    let from = request
        .field("range")
        .and_then(|range| range.strip_prefix("bytes="))
        .and_then(|range| range.strip_suffix('-'))
        .and_then(|from| from.parse::<usize>().ok())
        .filter(|_| request.field("if-range") == Some(tag.as_str()));
    let total = file.len();
    match from {
        Some(from) if from >= total => {
            Answer::new(416, "").with("Content-Range", format!("bytes */{total}"))
        }
        Some(from) => Answer::new(206, &file[from..])
            .with(
                "Content-Range",
                format!("bytes {from}-{}/{total}", total - 1),
            )
            .with("ETag", tag),
        None => Answer::new(200, file).with("ETag", tag),
    }
}

/// One file, a server for it, and a folder to bring it to.
struct Stage {
    server: LocalServer,
    folder: TempDir,
    settings: Settings,
    waits: Mutex<Vec<Duration>>,
}

const NAME: &str = "tl_2025_99001_faces.zip";

impl Stage {
    fn new(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            server: LocalServer::new(answer),
            folder: tempfile::tempdir().unwrap(),
            settings: Settings {
                retries: 3,
                // Long enough for a busy machine; tests of silence have less patience.
                idle: Duration::from_secs(20),
                ..Settings::default()
            },
            waits: Mutex::default(),
        }
    }

    fn wanted(absence: Absence) -> Wanted {
        Wanted {
            path: format!("TIGER2025/FACES/{NAME}"),
            name: NAME.to_owned(),
            absence,
        }
    }

    /// Fetches the file; waits are noted and not waited for.
    fn fetch(&self) -> Outcome {
        self.fetch_wanted(&[Self::wanted(Absence::Failure("no such county".into()))])
            .remove(0)
            .outcome
    }

    fn fetch_wanted(&self, wanted: &[Wanted]) -> Vec<Fetched> {
        self.fetch_told(wanted, &mut |_| {})
    }

    fn fetch_told(&self, wanted: &[Wanted], told: &mut dyn FnMut(&Event)) -> Vec<Fetched> {
        fetch(
            &Base::parse(&self.server.url()).unwrap(),
            wanted,
            self.folder.path(),
            &self.settings,
            &|wait| self.waits.lock().unwrap().push(wait),
            told,
        )
        .unwrap()
    }

    /// Fetches and insists that it fails; what is said.
    fn failure(&self) -> String {
        match self.fetch() {
            Outcome::Failed(error) => error.to_string(),
            other => panic!("a failure was expected, not {other:?}"),
        }
    }

    /// Fetches and insists that the file is here, byte for byte, and nothing else; where it went on.
    fn brings(&self, file: &[u8]) -> u64 {
        let outcome = self.fetch();
        let Outcome::Fetched {
            bytes,
            resumed_from,
        } = outcome
        else {
            panic!("the file was not fetched: {outcome:?}");
        };
        assert_eq!(bytes, file.len() as u64);
        assert!(
            std::fs::read(self.path(NAME)).unwrap() == file,
            "the file differs from the server's"
        );
        assert_eq!(self.names(), [NAME]);
        resumed_from
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What lies in the folder.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn holds_parts_alone(&self) -> bool {
        let is_part = |name: &String| Path::new(name).extension().is_some_and(|end| end == "part");
        self.names().iter().all(is_part)
    }

    /// The ranges that were asked for, in order.
    fn ranges(&self) -> Vec<Option<String>> {
        self.server
            .requests()
            .iter()
            .map(|request| request.field("range").map(str::to_owned))
            .collect()
    }
}
