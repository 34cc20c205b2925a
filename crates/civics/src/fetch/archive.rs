//! Whether an archive is whole.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// The most that an archive may unpack to while it is read for its checksums.
const MOST_UNPACKED: u64 = 16 << 30;

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Whether its directory is there, which stands at its end, and a table in it.
    Directory,
    /// Every member to its last byte, against its checksum.
    Everything,
}

/// Looks at the archive under a path: its length, if it is whole.
pub fn whole(path: &Path, depth: Depth) -> Option<u64> {
    let file = File::open(path).ok()?;
    let length = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    check(&file, depth).ok()?;
    Some(length.len())
}

/// Says what is wrong with an archive.
pub fn check(mut file: &File, depth: Depth) -> Result<(), String> {
    let unreadable = |error: &dyn std::fmt::Display| format!("is no whole archive ({error})");
    let mut first = [0; 512];
    file.seek(SeekFrom::Start(0))
        .map_err(|error| unreadable(&error))?;
    let read = file.read(&mut first).map_err(|error| unreadable(&error))?;
    if is_page(&first[..read]) {
        return Err("is a web page, not an archive".to_owned());
    }
    let mut archive =
        zip::ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(&error))?;
    let has_table = archive
        .file_names_raw()
        .any(|name| name.to_ascii_lowercase().ends_with(b".dbf"));
    if !has_table {
        return Err("is an archive without a table (.dbf)".to_owned());
    }
    if depth == Depth::Directory {
        return Ok(());
    }
    let mut left = MOST_UNPACKED;
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(|error| unreadable(&error))?;
        let read = std::io::copy(&mut member.take(left + 1), &mut std::io::sink())
            .map_err(|error| unreadable(&error))?;
        left = left
            .checked_sub(read)
            .ok_or_else(|| "unpacks to more than any such archive does".to_owned())?;
    }
    Ok(())
}

/// Whether bytes begin like HTML or XML: what a server shows to people in the place of a file.
fn is_page(first: &[u8]) -> bool {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    text.trim_ascii_start().starts_with(b"<")
}
