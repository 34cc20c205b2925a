//! A section while it is being filled: in memory while it is small, then in a file beside the pack.

use bytemuck::Pod;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// Bytes of a section that are kept in memory.
const MOST_IN_MEMORY: usize = 32 << 20;

/// Records of one kind, in order.
#[derive(Debug)]
pub struct Spool<T> {
    out: PathBuf,
    recent: Vec<T>,
    earlier: Option<BufWriter<File>>,
    length: usize,
}

impl<T: Pod> Spool<T> {
    /// Empty, of a pack at `out`.
    pub fn new(out: PathBuf) -> Self {
        Self {
            out,
            recent: Vec::new(),
            earlier: None,
            length: 0,
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds a record.
    pub fn push(&mut self, record: T) -> std::io::Result<()> {
        self.recent.push(record);
        self.length += 1;
        if self.recent.len() * size_of::<T>() < MOST_IN_MEMORY {
            return Ok(());
        }
        let file = match self.earlier.take() {
            Some(file) => file,
            None => BufWriter::new(crate::build::beside(&self.out)?),
        };
        let file = self.earlier.insert(file);
        file.write_all(bytemuck::cast_slice(&self.recent))?;
        self.recent.clear();
        Ok(())
    }

    /// Adds some records.
    pub fn extend(&mut self, records: impl IntoIterator<Item = T>) -> std::io::Result<()> {
        records.into_iter().try_for_each(|record| self.push(record))
    }

    /// Hands all bytes on, in order.
    pub fn pour(self, mut take: impl FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
        if let Some(file) = self.earlier {
            let mut file = file
                .into_inner()
                .map_err(std::io::IntoInnerError::into_error)?;
            file.seek(SeekFrom::Start(0))?;
            let mut part = vec![0; 1 << 20];
            loop {
                match file.read(&mut part)? {
                    0 => break,
                    count => take(&part[..count])?,
                }
            }
        }
        take(bytemuck::cast_slice(&self.recent))
    }
}
