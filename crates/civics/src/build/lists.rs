//! The files of a list of officials: one file, a folder of them, a pattern, an archive.

use super::{BuildError, files};
use crate::officials::ListFile;
use std::path::{Path, PathBuf};

/// Endings of files that a folder or an archive of officials may hold.
const ENDINGS: &[&str] = &[".csv", ".yml", ".yaml", ".json"];

/// Most bytes of all files of one list.
const MOST_BYTES: u64 = 1 << 30;

/// Most files of one list.
const MOST_FILES: usize = 200_000;

/// Deepest folder within a folder.
const DEEPEST: usize = 8;

/// Reads every file that a path names, relative to a folder: a file, a folder with all that it holds, a pattern, a
/// `.gz`, a `.zip` with all its members. By name, so that the same files are always read in the same order.
///
/// # Errors
///
/// When nothing is there, or more than any list of officials holds.
pub fn read_lists(folder: &Path, pattern: &str) -> Result<Vec<ListFile>, BuildError> {
    let mut found = Vec::new();
    let mut left = MOST_BYTES;
    let whole = folder.join(pattern);
    let paths = if whole.exists() {
        vec![whole]
    } else {
        files::expand(folder, pattern)?
    };
    for path in paths {
        let mut paths = Vec::new();
        let is_folder = path.is_dir();
        if is_folder {
            collect(&path, 0, &mut paths)?;
        } else {
            paths.push(path.clone());
        }
        for file in paths {
            let inside = file.strip_prefix(&path).ok().filter(|_| is_folder);
            let name = inside.or(file.file_name().map(Path::new)).unwrap_or(&file);
            read_file(&file, &name.display().to_string(), &mut left, &mut found)?;
            if found.len() > MOST_FILES {
                return Err(missing(
                    &path,
                    "it holds more files than any list of officials does",
                ));
            }
        }
    }
    if found.is_empty() {
        let message = format!(
            "is no file, and holds none that ends in {}",
            ENDINGS.join(", ")
        );
        return Err(missing(&folder.join(pattern), &message));
    }
    Ok(found)
}

fn missing(path: &Path, message: &str) -> BuildError {
    BuildError::Missing {
        path: path.to_owned(),
        message: message.to_owned(),
    }
}

fn read_file(
    path: &Path,
    name: &str,
    left: &mut u64,
    found: &mut Vec<ListFile>,
) -> Result<(), BuildError> {
    let files = if files::ends_in(name, &[".zip"]) {
        files::unzip(path, &|member| files::ends_in(member, ENDINGS))?
    } else {
        let bare = name.strip_suffix(".gz").unwrap_or(name);
        vec![(bare.to_owned(), files::read(path, "", *left)?)]
    };
    for (name, bytes) in files {
        *left = left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| missing(path, "it holds more than any list of officials does"))?;
        found.push(ListFile { name, bytes });
    }
    Ok(())
}

/// Every file of a folder and of those within it, by name. What a link leads to is not followed twice.
fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), BuildError> {
    let io = |source| BuildError::Io {
        path: folder.to_owned(),
        source,
    };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        entries.push(entry.map_err(io)?.path());
    }
    entries.sort();
    for path in entries {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() && !path.is_symlink() && depth < DEEPEST {
            collect(&path, depth + 1, paths)?;
        } else if path.is_file() && files::ends_in(name.trim_end_matches(".gz"), ENDINGS) {
            paths.push(path);
        }
        if paths.len() > MOST_FILES {
            return Err(missing(
                folder,
                "it holds more files than any list of officials does",
            ));
        }
    }
    Ok(())
}
