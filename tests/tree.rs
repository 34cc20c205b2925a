//! The files of the repository, for tests that hold a rule over all of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What was made rather than written, as paths from the root or as names at any depth; left out when git cannot be asked.
const MADE: [&str; 5] = ["/data", "/test-results", ".git", "node_modules", "target"];

/// One file of the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreeFile {
    /// Its path from the root, with `/` between the parts.
    pub path: String,
    /// Where it lies.
    pub location: PathBuf,
}

impl TreeFile {
    /// The extension, or nothing: `rs` of `crates/web/src/lib.rs`.
    pub fn extension(&self) -> &str {
        Path::new(&self.path)
            .extension()
            .and_then(|end| end.to_str())
            .unwrap_or_default()
    }

    /// Its text, or `None` when it is no text: not UTF-8, or with a NUL inside.
    ///
    /// # Panics
    ///
    /// When the file cannot be read.
    pub fn text(&self) -> Option<String> {
        let bytes =
            fs::read(&self.location).unwrap_or_else(|error| panic!("{}: {error}", self.path));
        String::from_utf8(bytes)
            .ok()
            .filter(|text| !text.contains('\0'))
    }
}

/// The root of the repository.
///
/// # Panics
///
/// When this package does not lie in a folder of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package of tests lies in the repository")
}

/// The tracked files, sorted by path; where git cannot be asked (an unpacked archive) all files but those that were made.
///
/// # Panics
///
/// When a folder cannot be read.
pub fn files() -> Vec<TreeFile> {
    let mut paths = tracked().unwrap_or_else(|| walked(root()));
    paths.sort();
    paths
        .into_iter()
        .map(|path| TreeFile {
            location: root().join(&path),
            path,
        })
        // A file deleted but not yet committed is still tracked.
        .filter(|file| file.location.is_file())
        .collect()
}

fn tracked() -> Option<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .ok()?;
    let names = String::from_utf8(listed.stdout)
        .ok()
        .filter(|names| listed.status.success() && !names.is_empty())?;
    Some(names.split_terminator('\0').map(str::to_owned).collect())
}

fn walked(folder: &Path) -> Vec<String> {
    let unreadable = |error| -> ! { panic!("{}: {error}", folder.display()) };
    fs::read_dir(folder)
        .unwrap_or_else(|error| unreadable(error))
        .map(|entry| entry.unwrap_or_else(|error| unreadable(error)).path())
        .filter(|path| !was_made(&relative(path)))
        .flat_map(|path| {
            if path.is_dir() {
                walked(&path)
            } else {
                vec![relative(&path)]
            }
        })
        .collect()
}

fn was_made(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    MADE.iter().any(|made| {
        made.strip_prefix('/')
            .map_or(name == *made, |rooted| path == rooted)
    })
}

fn relative(path: &Path) -> String {
    let parts = path.strip_prefix(root()).unwrap_or(path).components();
    parts
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_finds_every_tracked_file() {
        let walked = walked(root());
        let missed: Vec<_> = files()
            .into_iter()
            .filter(|file| !walked.contains(&file.path))
            .collect();
        assert!(missed.is_empty(), "the walk misses {missed:#?}");
    }
}
