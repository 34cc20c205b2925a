//! The sides of a build, in memory or on disk, and back in the order of the pack.
//!
//! Sides come county by county and leave by street. They are dealt to buckets by the hash of their street's key; a bucket is sorted
//! alone, so that a build of the nation holds one bucket in memory and not the nation. A build of a county never touches the disk. The
//! order is the same either way: by bucket, then by name.

use super::draft::{Known, Parity, Side, Split};
use crate::geometry::{Hand, Spot};
use crate::pack::format::key_hash;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// Buckets: the nation's 38 million sides come to 600,000 in each.
pub const BUCKETS: usize = 64;
/// Sides that are kept in memory, some hundred bytes each.
const MOST_IN_MEMORY: usize = 1 << 20;

/// The bucket of a street's key.
pub fn bucket(key: &str) -> u8 {
    (key_hash(key) >> 58) as u8
}

/// All sides so far.
#[derive(Debug)]
pub struct Sides {
    /// File of the pack: what does not fit into memory lies beside it.
    out: PathBuf,
    most_in_memory: usize,
    in_memory: Vec<(u8, Side)>,
    on_disk: Vec<BufWriter<File>>,
}

impl Sides {
    /// None yet, for a pack at `out`.
    pub fn new(out: PathBuf) -> Self {
        Self {
            out,
            most_in_memory: MOST_IN_MEMORY,
            in_memory: Vec::new(),
            on_disk: Vec::new(),
        }
    }

    /// Adds a side of a bucket.
    pub fn push(&mut self, bucket: u8, side: Side) -> std::io::Result<()> {
        self.in_memory.push((bucket, side));
        if self.in_memory.len() < self.most_in_memory {
            return Ok(());
        }
        if self.on_disk.is_empty() {
            for _ in 0..BUCKETS {
                self.on_disk.push(BufWriter::new(beside(&self.out)?));
            }
        }
        for (bucket, side) in self.in_memory.drain(..) {
            write(&mut self.on_disk[bucket as usize], &side)?;
        }
        Ok(())
    }

    /// Each bucket's sides, in the order in which they came.
    pub fn buckets(mut self) -> impl Iterator<Item = std::io::Result<Vec<Side>>> {
        let mut rest: Vec<Vec<Side>> = (0..BUCKETS).map(|_| Vec::new()).collect();
        for (bucket, side) in self.in_memory.drain(..) {
            rest[bucket as usize].push(side);
        }
        let mut files = self.on_disk.into_iter();
        rest.into_iter().map(move |rest| {
            let mut sides = match files.next() {
                Some(file) => read_back(file)?,
                None => Vec::new(),
            };
            sides.extend(rest);
            Ok(sides)
        })
    }
}

/// A file without a name in the pack's folder: it goes when it is closed.
pub(crate) fn beside(out: &std::path::Path) -> std::io::Result<File> {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    tempfile::tempfile_in(folder.unwrap_or(std::path::Path::new(".")))
}

fn read_back(file: BufWriter<File>) -> std::io::Result<Vec<Side>> {
    let mut file = file
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    let mut input = BufReader::with_capacity(1 << 20, file);
    let mut sides = Vec::new();
    while let Some(side) = read(&mut input)? {
        sides.push(side);
    }
    Ok(sides)
}

const HAS_SPOT: u8 = 1;
const IS_NEAR_BORDER: u8 = 2;
const HAS_SPLIT: u8 = 4;
const IS_AT_END: u8 = 8;
const ON_LEFT: u8 = 16;
const ON_RIGHT: u8 = 32;

/// Bytes of a side without its line.
const FIXED: usize = 3 + 10 * 4;

fn write(out: &mut impl Write, side: &Side) -> std::io::Result<()> {
    let spot = side.spot.unwrap_or(Spot { x: 0, y: 0 });
    let flag = |holds: bool, flag: u8| if holds { flag } else { 0 };
    let mut flags = flag(side.spot.is_some(), HAS_SPOT)
        | flag(side.is_near_border, IS_NEAR_BORDER)
        | flag(side.split.is_some(), HAS_SPLIT);
    if let Some(split) = &side.split {
        flags |= flag(split.is_at_end, IS_AT_END)
            | flag(split.hand == Some(Hand::Left), ON_LEFT)
            | flag(split.hand == Some(Hand::Right), ON_RIGHT);
    }
    out.write_all(&[flags, side.parity as u8, side.known as u8])?;
    let numbers = [
        side.street,
        side.affix,
        side.area,
        side.low,
        side.high,
        side.belongs,
        side.edge,
        spot.x as u32,
        spot.y as u32,
        side.source,
    ];
    write_all(out, numbers)?;
    let Some(split) = &side.split else {
        return Ok(());
    };
    write_all(
        out,
        [
            split.from,
            split.to,
            split.line.len() as u32,
            split.options.len() as u32,
        ],
    )?;
    write_all(
        out,
        split
            .line
            .iter()
            .flat_map(|spot| [spot.x as u32, spot.y as u32]),
    )?;
    write_all(out, split.options.iter().copied())
}

fn write_all(out: &mut impl Write, numbers: impl IntoIterator<Item = u32>) -> std::io::Result<()> {
    numbers
        .into_iter()
        .try_for_each(|number| out.write_all(&number.to_le_bytes()))
}

fn read(input: &mut impl Read) -> std::io::Result<Option<Side>> {
    let mut fixed = [0; FIXED];
    match input.read(&mut fixed[..1])? {
        0 => return Ok(None),
        _ => input.read_exact(&mut fixed[1..])?,
    }
    let number = |at: usize| {
        let from = 3 + at * 4;
        u32::from_le_bytes([
            fixed[from],
            fixed[from + 1],
            fixed[from + 2],
            fixed[from + 3],
        ])
    };
    let flags = fixed[0];
    let has = |flag: u8| flags & flag != 0;
    let split = if has(HAS_SPLIT) {
        let [from, to, spots, options] = read_numbers(input)?;
        let line = (0..spots)
            .map(|_| {
                read_numbers(input).map(|[x, y]| Spot {
                    x: x as i32,
                    y: y as i32,
                })
            })
            .collect::<std::io::Result<_>>()?;
        let options = (0..options)
            .map(|_| read_numbers(input).map(|[option]| option))
            .collect::<std::io::Result<_>>()?;
        let hand = match (has(ON_LEFT), has(ON_RIGHT)) {
            (true, _) => Some(Hand::Left),
            (_, true) => Some(Hand::Right),
            _ => None,
        };
        Some(Box::new(Split {
            from,
            to,
            hand,
            is_at_end: has(IS_AT_END),
            line,
            options,
        }))
    } else {
        None
    };
    let spot = Spot {
        x: number(7) as i32,
        y: number(8) as i32,
    };
    Ok(Some(Side {
        street: number(0),
        affix: number(1),
        area: number(2),
        low: number(3),
        high: number(4),
        parity: [Parity::Both, Parity::Odd, Parity::Even][usize::from(fixed[1]).min(2)],
        known: [Known::Point, Known::Range, Known::Segment][usize::from(fixed[2]).min(2)],
        belongs: number(5),
        edge: number(6),
        spot: has(HAS_SPOT).then_some(spot),
        is_near_border: has(IS_NEAR_BORDER),
        split,
        source: number(9),
    }))
}

fn read_numbers<const COUNT: usize>(input: &mut impl Read) -> std::io::Result<[u32; COUNT]> {
    let mut numbers = [0; COUNT];
    for number in &mut numbers {
        let mut four = [0; 4];
        input.read_exact(&mut four)?;
        *number = u32::from_le_bytes(four);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(number: u32) -> Side {
        let spot = |at: i32| Spot { x: -at, y: at * 3 };
        let split = number.is_multiple_of(3).then(|| {
            Box::new(Split {
                from: number,
                to: number + 98,
                hand: [None, Some(Hand::Left), Some(Hand::Right)][number as usize / 3 % 3],
                is_at_end: number.is_multiple_of(2),
                line: (0..number as i32 % 5 + 2).map(spot).collect(),
                options: (0..number % 4).collect(),
            })
        });
        Side {
            street: number,
            affix: number % 2,
            area: 12_345,
            low: number,
            high: number + 98,
            parity: [Parity::Both, Parity::Odd, Parity::Even][number as usize % 3],
            known: [Known::Point, Known::Range, Known::Segment][number as usize / 2 % 3],
            belongs: number * 7,
            edge: number * 11,
            spot: (!number.is_multiple_of(5)).then(|| spot(number as i32)),
            is_near_border: number.is_multiple_of(7),
            split,
            source: number % 4,
        }
    }

    #[test]
    fn what_does_not_fit_into_memory_comes_back_as_it_was_and_in_the_same_order() {
        let folder = tempfile::tempdir().unwrap();
        let gathered = |most: usize| {
            let mut sides = Sides::new(folder.path().join("a.pack"));
            sides.most_in_memory = most;
            for number in 0..500 {
                sides.push((number % 64) as u8, side(number)).unwrap();
            }
            let buckets: Vec<Vec<Side>> = sides.buckets().map(Result::unwrap).collect();
            buckets
        };
        let in_memory = gathered(usize::MAX);
        assert_eq!(in_memory, gathered(37));
        assert_eq!(in_memory.iter().map(Vec::len).sum::<usize>(), 500);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
