//! Files of sources: patterns, `.gz` and `.zip` read as if they were not.

use super::BuildError;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

/// Most bytes that one file may unpack to: a guard against archives made to fill a disk.
const MOST_UNPACKED: u64 = 16 << 30;

/// The files that a path of the manifest names, sorted; at least one.
pub fn expand(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, BuildError> {
    let whole = folder.join(pattern);
    let missing = |message: &str| BuildError::Missing {
        path: whole.clone(),
        message: message.to_owned(),
    };
    if !pattern.contains(['*', '?', '[']) {
        return if whole.exists() {
            Ok(vec![whole])
        } else {
            Err(missing(
                "there is no such file; paths are relative to the manifest",
            ))
        };
    }
    let escaped = format!(
        "{}/{pattern}",
        glob::Pattern::escape(&folder.to_string_lossy())
    );
    let escaped = if folder.as_os_str().is_empty() {
        pattern.to_owned()
    } else {
        escaped
    };
    let found =
        glob::glob(&escaped).map_err(|error| missing(&format!("is no pattern: {error}")))?;
    let mut paths: Vec<PathBuf> = found
        .filter_map(Result::ok)
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    if paths.is_empty() {
        Err(missing("the pattern names no file"))
    } else {
        Ok(paths)
    }
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> BuildError + '_ {
    move |source| BuildError::Io {
        path: path.to_owned(),
        source,
    }
}

/// Whether a name ends in one of some endings, in upper or lower case.
pub fn ends_in(name: &str, endings: &[&str]) -> bool {
    let name = name.to_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Opens a file for reading, unpacked; of an archive the first member that ends in `suffix`.
pub fn open(path: &Path, suffix: &str) -> Result<Box<dyn Read>, BuildError> {
    let file = File::open(path).map_err(io(path))?;
    let name = path.to_string_lossy();
    if ends_in(&name, &[".gz"]) {
        return Ok(Box::new(BufReader::new(
            MultiGzDecoder::new(BufReader::new(file)).take(MOST_UNPACKED),
        )));
    }
    if ends_in(&name, &[".zip"]) {
        let members = unzip(path, &|member| member.to_lowercase().ends_with(suffix))?;
        let (_, bytes) = members
            .into_iter()
            .next()
            .ok_or_else(|| BuildError::Missing {
                path: path.to_owned(),
                message: format!("the archive has no member ending in {suffix}"),
            })?;
        return Ok(Box::new(Cursor::new(bytes)));
    }
    Ok(Box::new(BufReader::new(file)))
}

/// The whole of a file, unpacked.
pub fn read(path: &Path, suffix: &str) -> Result<Vec<u8>, BuildError> {
    let mut bytes = Vec::new();
    open(path, suffix)?
        .read_to_end(&mut bytes)
        .map_err(io(path))?;
    Ok(bytes)
}

/// The members of an archive that are wanted, by name.
pub fn unzip(
    path: &Path,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<(String, Vec<u8>)>, BuildError> {
    let broken = |error: &dyn std::fmt::Display| BuildError::Missing {
        path: path.to_owned(),
        message: format!("the archive cannot be read ({error}); fetch it again"),
    };
    let file = File::open(path).map_err(io(path))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| broken(&error))?;
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(|error| broken(&error))?;
        let name = member.name().map_err(|error| broken(&error))?.into_owned();
        if member.is_file() && wanted(&name) {
            let mut bytes = Vec::with_capacity(member.size().min(1 << 28) as usize);
            member
                .take(MOST_UNPACKED)
                .read_to_end(&mut bytes)
                .map_err(|error| broken(&error))?;
            members.push((name, bytes));
        }
    }
    members.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(members)
}
