//! The Census Bureau's TIGER/Line files.
//!
//! Each record of ADDRFEAT is an edge with the house numbers of its two sides and the ids of the
//! faces left and right of it; FACES says for each face its county, subdivision, place and
//! consolidated city. Joined here, each side knows its governments without any geometry.

use super::attribute::{self, OFFSET, SideLine};
use super::dbf::{Column, Table};
use super::draft::{Belongs, Drafts, Known, Parity, Side, StreetName};
use super::layer::{self, Layer};
use super::polygons::Polygons;
use super::registry::{Division, Registry};
use super::report::SourceReport;
use super::{BuildError, rings};
use crate::geometry::{Hand, Spot, along};
use crate::pack::format::COUNTY_AREA;
use crate::pack::section::NONE;
use crate::parse::last_line::read_zip;
use crate::parse::number::HouseNumber;
use crate::text::Line;
use redress_model::division::{DivisionKind, Funcstat};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The layers of a folder.
#[derive(Debug, Default)]
pub struct Folder {
    /// ADDRFEAT by county FIPS, with FACES of the same county where it is there.
    pub counties: Vec<(String, PathBuf, Option<PathBuf>)>,
    /// PLACE, COUSUB, COUNTY, CONCITY.
    pub areas: Vec<(DivisionKind, PathBuf)>,
}

impl Folder {
    /// Finds the layers in a folder by the Census's file names: `tl_2026_08001_addrfeat.zip`, or
    /// the unpacked `.shp`.
    pub fn find(path: &Path) -> Result<Self, BuildError> {
        let io = |source| BuildError::Io {
            path: path.to_owned(),
            source,
        };
        let mut found: Vec<(String, String, PathBuf)> = Vec::new();
        let mut queue = vec![path.to_owned()];
        let mut seen = HashSet::new();
        while let Some(folder) = queue.pop() {
            // A link may lead back to a folder above it.
            if !seen.insert(folder.canonicalize().map_err(io)?) {
                continue;
            }
            for entry in std::fs::read_dir(&folder).map_err(io)? {
                let file = entry.map_err(io)?.path();
                if file.is_dir() {
                    queue.push(file);
                    continue;
                }
                let name = file
                    .file_name()
                    .map(|name| name.to_string_lossy().to_lowercase())
                    .unwrap_or_default();
                let stem = name
                    .strip_suffix(".zip")
                    .or_else(|| name.strip_suffix(".shp"));
                let Some(stem) = stem else { continue };
                let parts: Vec<&str> = stem.split('_').collect();
                if let ["tl", _, area, layer] = parts.as_slice() {
                    found.push(((*layer).to_owned(), (*area).to_owned(), file));
                }
            }
        }
        found.sort();
        let mut layers = Self::default();
        let faces: HashMap<String, PathBuf> = found
            .iter()
            .filter(|(layer, ..)| layer == "faces")
            .map(|(_, area, file)| (area.clone(), file.clone()))
            .collect();
        for (layer, area, file) in found {
            let kind = match layer.as_str() {
                "addrfeat" => {
                    let faces = faces.get(&area).cloned();
                    layers.counties.push((area, file, faces));
                    continue;
                }
                "place" => DivisionKind::Place,
                "cousub" => DivisionKind::CountySubdivision,
                "county" => DivisionKind::County,
                "concity" => DivisionKind::ConsolidatedCity,
                _ => continue,
            };
            layers.areas.push((kind, file));
        }
        if layers.counties.is_empty() && layers.areas.is_empty() {
            return Err(BuildError::Missing {
                path: path.to_owned(),
                message: "holds no TIGER/Line file such as tl_2026_08001_addrfeat.zip".into(),
            });
        }
        Ok(layers)
    }
}

/// Reads the areas of a layer: attributes always, polygons where other sources need them.
pub fn areas(
    kind: DivisionKind,
    path: &Path,
    with_polygons: bool,
    registry: &mut Registry,
    polygons: &mut Polygons,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    let wrong = |message: String| BuildError::Source {
        path: path.to_owned(),
        message,
    };
    let layer = Layer::read(path, with_polygons)?;
    let table = Table::new(&layer.dbf).map_err(|message| wrong(format!("its .dbf {message}")))?;
    let geoid = table
        .column(&["GEOID", "GEOID20"])
        .ok_or_else(|| wrong(format!("has no GEOID; its columns are {}", table.names())))?;
    let shapes = if with_polygons {
        layer
            .shapes()
            .map_err(|message| wrong(format!("its .shp {message}")))?
    } else {
        Vec::new()
    };
    let column = |name: &str| table.column(&[name]);
    let digits = geoid_digits(kind);
    let (name, full, funcstat, classfp, lsad, lat, lon) = (
        column("NAME"),
        column("NAMELSAD"),
        column("FUNCSTAT"),
        column("CLASSFP"),
        column("LSAD"),
        column("INTPTLAT"),
        column("INTPTLON"),
    );
    for record in 0..table.len() {
        report.read += 1;
        let geoid = table.get(record, Some(geoid));
        if !super::manifest::is_geoid(&geoid, digits) {
            report.refuse("a GEOID of another length", || {
                format!("{} record {}", path.display(), record + 1)
            });
            continue;
        }
        let text = |column: Option<Column>| table.get(record, column).into_owned();
        let degrees = |column: Option<Column>| table.get(record, column).parse::<f64>().ok();
        let number = registry.add(
            kind,
            Division {
                geoid: geoid.into_owned(),
                name: text(name),
                full_name: text(full),
                funcstat: Funcstat::parse(&text(funcstat)),
                classfp: text(classfp),
                lsad: text(lsad),
                centre: degrees(lat)
                    .zip(degrees(lon))
                    .and_then(|(lat, lon)| Spot::from_degrees(lat, lon)),
                ..Division::default()
            },
        );
        report.used += 1;
        if let Some(shape) = shapes.get(record) {
            match layer::parts(shape).and_then(|parts| rings::usable(&parts)) {
                Ok(usable) => {
                    polygons.add_area(number, usable.slabs);
                }
                Err(reason) => report
                    .remark(&format!("areas without a usable polygon: {reason}"), || {
                        registry.get(number).full_name.clone()
                    }),
            }
        }
    }
    Ok(())
}

/// How many digits the GEOID of an area has.
fn geoid_digits(kind: DivisionKind) -> usize {
    match kind {
        DivisionKind::County => 5,
        DivisionKind::CountySubdivision => 10,
        _ => 7,
    }
}

/// What each face belongs to.
pub struct Faces(HashMap<u32, Belongs>);

impl Faces {
    /// Reads a county's FACES.
    pub fn read(path: &Path, registry: &mut Registry) -> Result<Self, BuildError> {
        let wrong = |message: String| BuildError::Source {
            path: path.to_owned(),
            message,
        };
        let layer = Layer::read(path, false)?;
        let table =
            Table::new(&layer.dbf).map_err(|message| wrong(format!("its .dbf {message}")))?;
        // Current areas, not those of the last census, where both are there.
        let column = |names: &[&str]| table.column(names);
        let tfid = column(&["TFID"])
            .ok_or_else(|| wrong(format!("has no TFID; its columns are {}", table.names())))?;
        let (state, county) = (
            column(&["STATEFP", "STATEFP20"]),
            column(&["COUNTYFP", "COUNTYFP20"]),
        );
        let (cousub, place, concity) = (
            column(&["COUSUBFP", "COUSUBFP20"]),
            column(&["PLACEFP", "PLACEFP20"]),
            column(&["CONCTYFP", "CONCTYFP20"]),
        );
        let mut faces = HashMap::with_capacity(table.len());
        let mut numbers: HashMap<(DivisionKind, String), u32> = HashMap::new();
        for record in 0..table.len() {
            let Ok(id) = table.get(record, Some(tfid)).parse::<u32>() else {
                continue;
            };
            let (state, county) = (table.get(record, state), table.get(record, county));
            let mut area = |kind: DivisionKind, code: &str, geoid: String| {
                // A code of another length would make the GEOID of something else.
                let digits = geoid_digits(kind);
                if !super::manifest::is_geoid(&geoid, digits)
                    || !super::manifest::is_geoid(&state, 2)
                    || code.bytes().all(|byte| byte == b'0')
                {
                    return NONE;
                }
                *numbers
                    .entry((kind, geoid))
                    .or_insert_with_key(|(kind, geoid)| registry.find_or_add(*kind, geoid))
            };
            let (cousub, place, concity) = (
                table.get(record, cousub),
                table.get(record, place),
                table.get(record, concity),
            );
            let belongs = Belongs {
                county: area(DivisionKind::County, &county, format!("{state}{county}")),
                cousub: area(
                    DivisionKind::CountySubdivision,
                    &cousub,
                    format!("{state}{county}{cousub}"),
                ),
                place: area(DivisionKind::Place, &place, format!("{state}{place}")),
                concity: area(
                    DivisionKind::ConsolidatedCity,
                    &concity,
                    format!("{state}{concity}"),
                ),
                districts: Vec::new(),
            };
            faces.insert(id, belongs);
        }
        Ok(Self(faces))
    }
}

/// What address features are read into.
pub struct Target<'build> {
    /// Sides so far.
    pub drafts: &'build mut Drafts,
    /// Divisions.
    pub registry: &'build mut Registry,
    /// Polygons, indexed.
    pub polygons: &'build Polygons,
    /// Position of the source in the manifest.
    pub source: u32,
    /// State FIPS, or 0.
    pub state: u8,
}

/// Reads a county's ADDRFEAT.
pub fn address_features(
    path: &Path,
    county: Option<&str>,
    faces: Option<&Faces>,
    target: &mut Target<'_>,
    report: &mut SourceReport,
) -> Result<(), BuildError> {
    let wrong = |message: String| BuildError::Source {
        path: path.to_owned(),
        message,
    };
    let layer = Layer::read(path, true)?;
    let table = Table::new(&layer.dbf).map_err(|message| wrong(format!("its .dbf {message}")))?;
    let columns = Columns::new(&table)
        .ok_or_else(|| wrong(format!("is no ADDRFEAT; its columns are {}", table.names())))?;
    let shapes = layer
        .shapes()
        .map_err(|message| wrong(format!("its .shp {message}")))?;
    if shapes.len() != table.len() {
        report.remark("another number of shapes than of records", || {
            format!("{}: {} and {}", path.display(), shapes.len(), table.len())
        });
    }
    let county_number = county
        .filter(|fips| super::manifest::is_geoid(fips, 5))
        .map(|fips| target.registry.find_or_add(DivisionKind::County, fips));
    for record in 0..table.len() {
        report.read += 1;
        let example = || {
            format!(
                "{} record {}",
                path.file_name().unwrap_or_default().to_string_lossy(),
                record + 1
            )
        };
        let line = shapes.get(record).and_then(layer::line);
        let Some(line) = line else {
            report.refuse("no line in degrees", example);
            continue;
        };
        let folded = Line::new(&table.get(record, columns.name));
        let tokens: Vec<&str> = (0..folded.len()).map(|at| folded.token(at)).collect();
        let Some(name) = StreetName::new(&tokens) else {
            report.refuse("no street name", example);
            continue;
        };
        let street = target.drafts.streets.number(name);
        let edge = table.get(record, columns.tlid).parse().unwrap_or(0);
        let mut used = false;
        for (hand, side) in [(Hand::Left, &columns.left), (Hand::Right, &columns.right)] {
            let value = |column: Option<Column>| table.get(record, column);
            let raw = RawSide {
                from: &value(side.from),
                to: &value(side.to),
                parity: &value(side.parity),
                zip: &value(side.zip),
                face: value(side.face).parse().unwrap_or(0),
            };
            if raw.from.is_empty() && raw.to.is_empty() {
                continue;
            }
            match add_side(
                &raw,
                hand,
                &line,
                street,
                edge,
                county_number,
                faces,
                target,
            ) {
                Ok(()) => used = true,
                Err(reason) => report.remark(&format!("sides left out: {reason}"), example),
            }
        }
        if used {
            report.used += 1;
        } else {
            report.refuse("no usable side", example);
        }
    }
    Ok(())
}

struct Columns {
    tlid: Option<Column>,
    name: Option<Column>,
    left: SideColumns,
    right: SideColumns,
}

struct SideColumns {
    from: Option<Column>,
    to: Option<Column>,
    parity: Option<Column>,
    zip: Option<Column>,
    face: Option<Column>,
}

impl Columns {
    fn new(table: &Table<'_>) -> Option<Self> {
        let column = |name: &str| table.column(&[name]);
        let side = |letter: &str| SideColumns {
            from: column(&format!("{letter}FROMHN")),
            to: column(&format!("{letter}TOHN")),
            parity: column(&format!("PARITY{letter}")),
            zip: column(&format!("ZIP{letter}")),
            face: column(&format!("TFID{letter}")),
        };
        let columns = Self {
            tlid: column("TLID"),
            name: column("FULLNAME"),
            left: side("L"),
            right: side("R"),
        };
        (columns.name.is_some() && columns.left.from.is_some() && columns.right.from.is_some())
            .then_some(columns)
    }
}

struct RawSide<'record> {
    from: &'record str,
    to: &'record str,
    parity: &'record str,
    zip: &'record str,
    face: u32,
}

#[expect(
    clippy::too_many_arguments,
    reason = "one side's facts; grouping them would name nothing"
)]
fn add_side(
    raw: &RawSide<'_>,
    hand: Hand,
    line: &[Spot],
    street: u32,
    edge: u32,
    county: Option<u32>,
    faces: Option<&Faces>,
    target: &mut Target<'_>,
) -> Result<(), &'static str> {
    let (from, to) = (
        HouseNumber::parse(raw.from).ok_or("a number that cannot be read")?,
        HouseNumber::parse(raw.to).ok_or("a number that cannot be read")?,
    );
    let (Some((affix, from)), Some((affix_to, to))) = (from.as_end(), to.as_end()) else {
        return Err("a number that cannot be read");
    };
    if affix != affix_to {
        return Err("ends of two different series of numbers");
    }
    let parity = match raw.parity {
        "O" => Parity::Odd,
        "E" => Parity::Even,
        _ => Parity::Both,
    };
    let known = faces.and_then(|faces| faces.0.get(&raw.face)).cloned();
    let place_is_known = known.is_some();
    let belongs = known.unwrap_or_else(|| Belongs {
        county: county.unwrap_or(NONE),
        ..Belongs::default()
    });
    let (belongs, split) = attribute::side(
        SideLine {
            line,
            hand: Some(hand),
            from,
            to,
        },
        belongs,
        place_is_known,
        target.polygons,
        target.registry,
    );
    let county_fips =
        (belongs.county != NONE).then(|| target.registry.get(belongs.county).geoid.clone());
    let state = county_fips
        .as_deref()
        .and_then(|fips| fips.get(..2))
        .and_then(|fips| fips.parse().ok())
        .filter(|state| *state != 0)
        .unwrap_or(target.state);
    let area = match (
        read_zip(raw.zip),
        county_fips.and_then(|fips| fips.parse::<u32>().ok()),
    ) {
        (Some((zip, _)), _) => zip,
        (None, Some(fips)) => COUNTY_AREA + fips,
        (None, None) => crate::pack::format::STATE_AREA + u32::from(state),
    };
    target.drafts.note_area(area, state, "");
    let side = Side {
        street,
        affix: target.drafts.affixes.number(affix.to_owned()),
        area,
        low: from.min(to),
        high: from.max(to),
        parity,
        known: Known::Range,
        belongs: target.drafts.belongs.number(belongs),
        edge,
        spot: along(line, 0.5, hand, OFFSET),
        is_near_border: false,
        split,
        source: target.source,
    };
    target.drafts.sides.push(side);
    Ok(())
}

/// The county in a TIGER file's name: `tl_2021_30059_addrfeat.shp`.
pub fn county_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    name.split('_')
        .nth(2)
        .filter(|part| super::manifest::is_geoid(part, 5))
        .map(str::to_owned)
}
