//! Lists of officials in any of the formats that are read, by content and by name.

use super::columns::Layout;
use super::error::OfficialsError;
use super::gather::Gatherer;
use super::reading::{Notice, NoticeKind, Reading, Spot, Taken};
use super::tree::{Tree, read_json, read_yaml};
use super::{cicero, csv, openstates, popolo};
use crate::build::table;

/// Most bytes of a list that is held as a tree.
const MOST_TREE_BYTES: u64 = 64 << 20;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table with a header.
    Csv,
    /// A YAML file for each person, as Open States keeps them.
    OpenStates,
    /// Popolo or Open Civic Data JSON.
    Popolo,
    /// An answer of the Cicero API.
    Cicero,
}

impl Format {
    /// Every format, by its name at the command line and in manifests.
    pub const ALL: [(&'static str, Self); 4] = [
        ("csv", Self::Csv),
        ("openstates", Self::OpenStates),
        ("popolo", Self::Popolo),
        ("cicero", Self::Cicero),
    ];

    /// Reads that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, format)| format)
    }

    /// What a file is, by the end of its name, else by how it begins.
    pub fn guess(name: &str, bytes: &[u8]) -> Self {
        let name = name.to_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if ends(&[".csv", ".tsv", ".txt"]) {
            return Self::Csv;
        }
        if ends(&[".yml", ".yaml"]) {
            return Self::OpenStates;
        }
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let begins = bytes.trim_ascii_start();
        if ends(&[".json"]) || begins.starts_with(b"{") || begins.starts_with(b"[") {
            let head = &begins[..begins.len().min(4096)];
            let has = |word: &[u8]| head.windows(word.len()).any(|part| part == word);
            return if has(b"\"response\"") && !has(b"\"memberships\"") {
                Self::Cicero
            } else {
                Self::Popolo
            };
        }
        let first = begins
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let is_yaml = begins.starts_with(b"---")
            || first.starts_with(b"id: ")
            || first.starts_with(b"name: ");
        if is_yaml { Self::OpenStates } else { Self::Csv }
    }
}

/// A file of a list, unpacked.
#[derive(Debug, Clone)]
pub struct ListFile {
    /// Its name, for messages.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// How to read the files of a source.
pub struct ListReading<'caller> {
    /// The format; none to tell each file's by its name and content.
    pub format: Option<Format>,
    /// Columns and values for blanks.
    pub layout: Layout,
    /// What stands between two fields of a table; none to tell by its first line.
    pub delimiter: Option<u8>,
    /// GEOIDs by OCD ids, as for [`Gatherer::read_csv`].
    pub division_geoid: &'caller dyn Fn(&str) -> Option<String>,
}

impl Gatherer {
    /// Reads the files of one source: each table is a list of its own, all files of another format
    /// are one list together.
    ///
    /// # Errors
    ///
    /// When a table lacks a needed column, or a single file of another format is not what it should be.
    /// Of several such files a broken one is refused in a notice, and the others are read.
    pub fn read_list(
        &mut self,
        files: &[ListFile],
        reading: &ListReading<'_>,
        report: &mut dyn FnMut(Notice),
    ) -> Result<Taken, OfficialsError> {
        let format = |file: &ListFile| {
            let guess = || Format::guess(&file.name, &file.bytes);
            reading.format.unwrap_or_else(guess)
        };
        let mut taken = Taken::default();
        let mut add = |more: Taken| {
            taken.rows += more.rows;
            taken.passed_over += more.passed_over;
        };
        let of = |wanted: Format| files.iter().filter(move |file| format(file) == wanted);
        let is_alone = files.len() == 1;
        for file in of(Format::Csv) {
            let mut named = |notice: Notice| {
                let path = if is_alone { "" } else { &file.name };
                report(Notice {
                    path: path.to_owned(),
                    ..notice
                });
            };
            let sniffed = || table::sniffed(&file.bytes);
            let layout = Layout {
                delimiter: reading.delimiter.unwrap_or_else(sniffed),
                ..reading.layout.clone()
            };
            let geoid = reading.division_geoid;
            let rows = csv::read(self, &file.bytes, &file.name, &layout, geoid, &mut named);
            add(rows?);
        }
        for wanted in [Format::OpenStates, Format::Popolo, Format::Cicero] {
            let files: Vec<&ListFile> = of(wanted).collect();
            if files.is_empty() {
                continue;
            }
            let mut list = Reading::new(self, reading.division_geoid, report);
            read_trees(&mut list, wanted, &files, is_alone, &reading.layout)?;
            add(list.taken);
        }
        Ok(taken)
    }
}

fn read_trees(
    list: &mut Reading<'_>,
    format: Format,
    files: &[&ListFile],
    is_alone: bool,
    layout: &Layout,
) -> Result<(), OfficialsError> {
    let mut documents: Vec<(String, Tree)> = Vec::new();
    let path = |file: &ListFile| {
        if is_alone {
            String::new()
        } else {
            file.name.clone()
        }
    };
    for file in files {
        let origin = &file.name;
        if file.bytes.len() as u64 > MOST_TREE_BYTES {
            return Err(OfficialsError::TooLarge {
                origin: origin.clone(),
                most: MOST_TREE_BYTES >> 20,
            });
        }
        let read = match format {
            Format::OpenStates => read_people(list, file, &path(file), layout),
            Format::Cicero => read_json(&file.bytes)
                .and_then(|tree| cicero::take(list, &path(file), &tree, layout)),
            Format::Popolo | Format::Csv => read_json(&file.bytes).map(|tree| {
                documents.push((path(file), tree));
            }),
        };
        if let Err(message) = read {
            refuse(list, origin, message, is_alone)?;
        }
    }
    if !documents.is_empty()
        && let Err(message) = popolo::take(list, &documents, layout)
    {
        let origin = &files[0].name;
        return Err(OfficialsError::Malformed {
            origin: origin.clone(),
            message,
        });
    }
    Ok(())
}

fn read_people(
    list: &mut Reading<'_>,
    file: &ListFile,
    path: &str,
    layout: &Layout,
) -> Result<(), String> {
    for document in read_yaml(&file.bytes)? {
        let spot = Spot {
            line: document.line,
            path: path.to_owned(),
        };
        match &document.tree {
            Tree::List(people) => {
                for person in people {
                    openstates::take(list, &spot, person, layout);
                }
            }
            person => openstates::take(list, &spot, person, layout),
        }
    }
    Ok(())
}

/// A file that is broken as a whole: an error where it is the only one, a notice where there are others.
fn refuse(
    list: &mut Reading<'_>,
    origin: &str,
    message: String,
    is_alone: bool,
) -> Result<(), OfficialsError> {
    if is_alone {
        return Err(OfficialsError::Malformed {
            origin: origin.to_owned(),
            message,
        });
    }
    let spot = Spot {
        line: 0,
        path: origin.to_owned(),
    };
    list.tell(&spot, NoticeKind::Refused, message);
    Ok(())
}
