//! The manifest that makes a pack of what was fetched.

use super::census;
use chrono::NaiveDate;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// What a manifest says of a fetch.
#[derive(Debug, Clone)]
pub struct Fetched<'fetch> {
    /// What the pack is called.
    pub name: &'fetch str,
    /// The vintage.
    pub year: u16,
    /// Where it was fetched from, as it may be printed.
    pub base: &'fetch str,
    /// The day of the fetch.
    pub on: NaiveDate,
}

/// Where the manifest of a folder lies: beside it, under the usual name.
pub fn beside(folder: &Path) -> PathBuf {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder
        .parent()
        .unwrap_or(Path::new("."))
        .join("sources.toml")
}

/// The manifest's text; `path` leads from it to the folder.
pub fn text(path: &str, fetched: &Fetched<'_>) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut text = String::new();
    // Writing to a string cannot fail. TIGER/Line shows boundaries as of the first day of its year.
    let _ = write!(
        text,
        "# What a pack is built from. Add the city's districts and the list of its officials below: docs/sources.md has every kind.\n\
         name = {}\nas_of = {}\n\n\
         [[source]]\nkind = \"tiger\"\npath = {}\nlicence = \"public domain (US Census Bureau)\"\nurl = {}\nas_of = {}-01-01\n",
        quoted(fetched.name),
        fetched.on,
        quoted(path),
        quoted(&format!(
            "{}/{}/",
            fetched.base,
            census::folder(fetched.year)
        )),
        fetched.year,
    );
    text
}

/// Writes a manifest where there is none; whether it did.
pub fn write(manifest: &Path, text: &str) -> std::io::Result<bool> {
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(manifest);
    match made {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::manifest::{Kind, Manifest};

    #[test]
    fn the_manifest_is_one_that_a_pack_is_built_from() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sources.toml");
        let fetched = Fetched {
            name: "TIGER/Line 2025: \"Alder\"",
            year: 2025,
            base: "https://mirror.example/tiger",
            on: "2026-03-01".parse().unwrap(),
        };
        assert!(write(&path, &text("my \\ tiger", &fetched)).unwrap());
        let manifest = Manifest::read(&path).unwrap();
        assert_eq!(manifest.name, fetched.name);
        let source = &manifest.sources[0];
        assert_eq!(
            (source.kind, source.path.as_str()),
            (Kind::Tiger, "my \\ tiger")
        );
        assert_eq!(
            source.url.as_deref(),
            Some("https://mirror.example/tiger/TIGER2025/")
        );
        assert_eq!(source.as_of.as_deref(), Some("2025-01-01"));
    }

    #[test]
    fn a_manifest_that_is_there_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sources.toml");
        std::fs::write(&path, "mine").unwrap();
        assert!(!write(&path, "other").unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    }
}
