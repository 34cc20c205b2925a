//! Files of sources: patterns, `.gz` and `.zip` read as if they were not.

use super::BuildError;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Most bytes of a table that is read row by row.
const MOST_STREAMED: u64 = 16 << 30;
/// Most bytes of a file, or of all members of an archive, that are held whole; also the most that
/// a shapefile can have.
pub const MOST_WHOLE: u64 = 2 << 30;
/// Most bytes of `GeoJSON`: taken apart it needs ten times as many.
pub const MOST_JSON: u64 = 512 << 20;
/// No map or table packs smaller than by this factor; what was made to fill a disk does.
const MOST_PACKED: u64 = 200;
/// Below this many bytes the factor says nothing.
const LEAST_LIMIT: u64 = 64 << 20;

/// Reads up to a limit and fails beyond it: what is cut short there must not pass for whole.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Limited<R> {
    fn new(inner: R, limit: u64) -> Self {
        Self { inner, left: limit }
    }

    /// For what unpacks from so many bytes.
    fn unpacked(inner: R, packed: u64, limit: u64) -> Self {
        let by_factor = packed.saturating_mul(MOST_PACKED).max(LEAST_LIMIT);
        Self::new(inner, by_factor.min(limit))
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            std::io::Error::other("holds more than any such file does; fetch it again")
        })?;
        Ok(read)
    }
}

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
    // A path that is not relative stands where it says, as one without a pattern does.
    let escaped = if folder.as_os_str().is_empty() || Path::new(pattern).is_absolute() {
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

/// Opens a table for reading, unpacked; of an archive the first member that ends in one of some
/// suffixes, the first suffix before the second.
pub fn open(path: &Path, suffixes: &[&str]) -> Result<Box<dyn Read>, BuildError> {
    open_limited(path, suffixes, MOST_STREAMED)
}

/// Opens a part of a plain file, from one byte to another that is not included.
pub fn open_stretch(path: &Path, start: u64, end: u64) -> Result<Box<dyn Read>, BuildError> {
    let (mut file, _) = regular(path)?;
    file.seek(SeekFrom::Start(start)).map_err(io(path))?;
    Ok(Box::new(file.take(end.saturating_sub(start))))
}

fn open_limited(path: &Path, suffixes: &[&str], most: u64) -> Result<Box<dyn Read>, BuildError> {
    let (file, length) = regular(path)?;
    let name = path.to_string_lossy();
    if ends_in(&name, &[".gz"]) {
        return Ok(Box::new(BufReader::new(Limited::unpacked(
            MultiGzDecoder::new(BufReader::new(file)),
            length,
            most,
        ))));
    }
    if ends_in(&name, &[".zip"]) {
        let mut names = archive(path)?.0;
        names.sort();
        let member = suffixes
            .iter()
            .find_map(|suffix| names.iter().find(|name| ends_in(name, &[suffix])))
            .ok_or_else(|| BuildError::Missing {
                path: path.to_owned(),
                message: format!(
                    "the archive has no member ending in {}",
                    suffixes.join(" or ")
                ),
            })?;
        let (_, bytes) = unzip(path, &|name| name == member)?
            .into_iter()
            .next()
            .unwrap_or_default();
        return Ok(Box::new(Limited::new(Cursor::new(bytes), most)));
    }
    Ok(Box::new(BufReader::new(Limited::new(file, most))))
}

/// The whole of a file, unpacked; an error beyond `most` bytes.
pub fn read(path: &Path, suffix: &str, most: u64) -> Result<Vec<u8>, BuildError> {
    let mut bytes = Vec::new();
    open_limited(path, &[suffix], most)?
        .read_to_end(&mut bytes)
        .map_err(io(path))?;
    Ok(bytes)
}

/// A file that is one: a pipe or device may never end.
fn regular(path: &Path) -> Result<(File, u64), BuildError> {
    let kind = std::fs::metadata(path).map_err(io(path))?;
    if !kind.is_file() {
        return Err(BuildError::Missing {
            path: path.to_owned(),
            message: "is no file; name one, or a pattern such as \"folder/*.csv\"".into(),
        });
    }
    Ok((File::open(path).map_err(io(path))?, kind.len()))
}

type Archive = zip::ZipArchive<BufReader<File>>;

fn broken_archive(path: &Path, error: &dyn std::fmt::Display) -> BuildError {
    BuildError::Missing {
        path: path.to_owned(),
        message: format!("the archive cannot be read ({error}); fetch it again"),
    }
}

/// An archive with the names of its files.
fn archive(path: &Path) -> Result<(Vec<String>, Archive), BuildError> {
    let (file, _) = regular(path)?;
    let mut archive =
        zip::ZipArchive::new(BufReader::new(file)).map_err(|error| broken_archive(path, &error))?;
    let mut names = Vec::new();
    for at in 0..archive.len() {
        let member = archive
            .by_index(at)
            .map_err(|error| broken_archive(path, &error))?;
        let name = member
            .name()
            .map_err(|error| broken_archive(path, &error))?
            .into_owned();
        names.push(if member.is_file() {
            name
        } else {
            String::new()
        });
    }
    Ok((names, archive))
}

/// The members of an archive that are wanted, by name.
pub fn unzip(
    path: &Path,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<(String, Vec<u8>)>, BuildError> {
    let (names, mut archive) = archive(path)?;
    let mut members = Vec::new();
    // For all members together: several may be made of the same packed bytes.
    let mut left = MOST_WHOLE;
    for (at, name) in names.into_iter().enumerate() {
        if name.is_empty() || !wanted(&name) {
            continue;
        }
        let member = archive
            .by_index(at)
            .map_err(|error| broken_archive(path, &error))?;
        // The size is what the archive says of itself: a hint, no more.
        let mut bytes = Vec::with_capacity(member.size().min(1 << 24) as usize);
        let packed = member.compressed_size();
        Limited::unpacked(member, packed, left)
            .read_to_end(&mut bytes)
            .map_err(|error| broken_archive(path, &format!("{name} {error}")))?;
        left -= bytes.len() as u64;
        members.push((name, bytes));
    }
    members.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_relative_to_the_manifest_unless_it_is_absolute() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.geojson", "a.geojson", "c.csv"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let expected = vec![
            folder.path().join("a.geojson"),
            folder.path().join("b.geojson"),
        ];
        assert_eq!(expand(folder.path(), "*.geojson").unwrap(), expected);
        let absolute = format!("{}/*.geojson", folder.path().display());
        assert_eq!(expand(Path::new("elsewhere"), &absolute).unwrap(), expected);
        assert!(expand(folder.path(), "*.shp").is_err());
    }
}
