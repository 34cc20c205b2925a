//! Shapefiles and archives, made small.

use crate::ground::Ground;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;

/// An archive of some members.
pub fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The first records of one of the sample's layers: `.shp` and `.dbf`.
pub fn first(ground: &Ground, layer: &str, count: usize) -> (Vec<u8>, Vec<u8>) {
    let path = ground
        .folder
        .path()
        .join(format!("tiger/tl_2026_{layer}.zip"));
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut member = |ending: &str| {
        let at = (0..archive.len())
            .find(|at| {
                let member = archive.by_index(*at).unwrap();
                member.name().unwrap().ends_with(ending)
            })
            .unwrap();
        let mut bytes = Vec::new();
        archive
            .by_index(at)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    };
    (
        first_shapes(&member(".shp"), count),
        first_rows(&member(".dbf"), count),
    )
}

fn first_shapes(shp: &[u8], count: usize) -> Vec<u8> {
    let mut end = 100;
    for _ in 0..count {
        if end >= shp.len() {
            break;
        }
        let words = i32::from_be_bytes(shp[end + 4..end + 8].try_into().unwrap());
        end += 8 + words as usize * 2;
    }
    shp[..end].to_vec()
}

fn first_rows(dbf: &[u8], count: usize) -> Vec<u8> {
    let short = |at: usize| usize::from(u16::from_le_bytes([dbf[at], dbf[at + 1]]));
    let (header, record) = (short(8), short(10));
    let rows = ((dbf.len() - header) / record).min(count);
    let mut first = dbf[..header + rows * record].to_vec();
    first[4..8].copy_from_slice(&(rows as u32).to_le_bytes());
    first
}
