//! Real civic data, where a folder of it is at hand: `REDRESS_CIVIC_DATA=DIR tests/real-input`.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::civics::{Row, build, is_sure, resolve, rows, table, write};
use std::path::{Path, PathBuf};

/// Least share of right answers; an abstention counts as wrong.
const LEAST: f64 = 0.99;

/// A ring of corners, longitude first.
type Ring = Vec<(f64, f64)>;

struct Real {
    folder: PathBuf,
    scratch: tempfile::TempDir,
    pack: PathBuf,
}

/// The data and a pack of it; `None`, with a word, where there are none.
fn real() -> Option<Real> {
    let Some(folder) = std::env::var_os("REDRESS_CIVIC_DATA").map(PathBuf::from) else {
        eprintln!("skipped: REDRESS_CIVIC_DATA names no folder of civic data");
        return None;
    };
    let scratch = tempfile::tempdir().unwrap();
    let pack = scratch.path().join("real.pack");
    let report = build(&folder.join("sources.toml"), &pack);
    println!("{report}");
    Some(Real {
        folder,
        scratch,
        pack,
    })
}

impl Real {
    fn table(&self, path: &str) -> Vec<Row> {
        table(&self.folder.join(path))
    }

    fn zipped(&self, path: &str, delimiter: u8) -> Vec<Row> {
        let file = std::fs::File::open(self.folder.join(path)).unwrap();
        rows(
            csv::ReaderBuilder::new()
                .delimiter(delimiter)
                .from_reader(flate2::read::GzDecoder::new(file)),
        )
    }

    /// Resolves rows and holds the share of right answers; `right` judges one answer.
    fn judge<T>(
        &self,
        name: &str,
        header: &[&str],
        asked: &[(Vec<String>, T)],
        on: Option<&str>,
        right: impl Fn(&T, &Row) -> bool,
    ) {
        let (input, output) = (
            self.scratch.path().join("in.csv"),
            self.scratch.path().join("out.csv"),
        );
        write(&input, header, asked.iter().map(|(row, _)| row.clone()));
        let answers = resolve(&self.pack, &input, &output, on);
        assert_eq!(answers.len(), asked.len());
        let wrong: Vec<_> = asked
            .iter()
            .zip(&answers)
            .filter(|((_, known), answer)| !right(known, answer))
            .collect();
        let share = 1.0 - wrong.len() as f64 / asked.len() as f64;
        println!(
            "{name}: {} of {} right, {:.3} %",
            asked.len() - wrong.len(),
            asked.len(),
            share * 100.0
        );
        let shown: Vec<String> = wrong
            .iter()
            .take(5)
            .map(|((row, _), answer)| format!("{row:?} -> {answer:?}"))
            .collect();
        assert!(
            share >= LEAST,
            "{name}: {:.3} % right\n{}",
            share * 100.0,
            shown.join("\n")
        );
    }
}

#[test]
fn real_addresses_are_answered_right() {
    let Some(real) = real() else { return };
    aurora(&real);
    hamilton(&real);
    san_francisco(&real);
    autauga(&real);
    meagher(&real);
}

fn cells(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

fn aurora(real: &Real) {
    let asked: Vec<(Vec<String>, (bool, String))> = real
        .table("addresses/aurora_co_business_addresses.csv")
        .iter()
        .map(|row| {
            let is_in_city = row["in_city_2019"] == "1";
            let ward = if is_in_city {
                row["ward_computed"].clone()
            } else {
                String::new()
            };
            (
                cells(&[&row["address"], &row["city"], &row["state"], &row["zip"]]),
                (is_in_city, ward),
            )
        })
        .collect();
    real.judge(
        "Aurora, ward",
        &["address", "city", "state", "zip"],
        &asked,
        None,
        |(is_in_city, ward), answer| {
            is_sure(&answer["level"])
                && answer["district"] == *ward
                && (answer["place_geoid"] == "0804000") == *is_in_city
        },
    );
}

fn hamilton(real: &Real) {
    let asked: Vec<(Vec<String>, String)> = real
        .table("addresses/nad_hamilton_county_oh.csv")
        .iter()
        .map(|row| {
            (
                cells(&[
                    &format!("{} {}", row["number"], row["street"]),
                    &row["postal_city"],
                    &row["state"],
                    &row["zip"],
                ]),
                row["governed_by"].clone(),
            )
        })
        .collect();
    real.judge(
        "Hamilton County, municipality",
        &["street", "city", "state", "zip"],
        &asked,
        None,
        |governed_by, answer| {
            let is_right = if governed_by == "unincorporated" {
                answer["place_geoid"].is_empty()
            } else {
                answer["place_name"] == *governed_by
            };
            is_right && is_sure(&answer["level"])
        },
    );
}

fn san_francisco(real: &Real) {
    let mut asked: Vec<(Vec<String>, String)> = Vec::new();
    for row in real.zipped("addresses/sf_street_segments_2012map.csv.gz", b',') {
        let ends: Vec<u32> = [&row["lo"], &row["hi"]]
            .into_iter()
            .filter_map(|end| end.parse().ok())
            .collect();
        for number in ends {
            let agrees = match row["side"].as_str() {
                "O" => number % 2 == 1,
                "E" => number % 2 == 0,
                _ => true,
            };
            if agrees {
                let street = [
                    row["pre_dir"].as_str(),
                    &row["street"],
                    &row["type"],
                    &row["post_dir"],
                ]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" ");
                asked.push((
                    cells(&[&format!(
                        "{number} {street}, San Francisco, CA {}",
                        row["zip"]
                    )]),
                    row["district_2012"].clone(),
                ));
            }
        }
    }
    real.judge(
        "San Francisco, district on 2022-01-01",
        &["address"],
        &asked,
        Some("2022-01-01"),
        |district, answer| {
            is_sure(&answer["level"])
                && answer["place_geoid"] == "0667000"
                && answer["district"] == *district
        },
    );
    real.judge(
        "San Francisco, today",
        &["address"],
        &asked,
        None,
        |_, answer| {
            is_sure(&answer["level"])
                && answer["place_geoid"] == "0667000"
                && answer["district"].is_empty()
                && answer["reasons"].contains("district_map_expired")
        },
    );
}

/// The active places of a file of polygons that contain a spot, by the even-odd rule: an oracle
/// that shares no code with the product.
fn oracle(path: &Path) -> impl Fn(f64, f64) -> String + use<> {
    let whole: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let mut places: Vec<(String, Vec<Ring>)> = Vec::new();
    for feature in whole["features"].as_array().unwrap() {
        if feature["properties"]["funcstat"] != "A" {
            continue;
        }
        let coordinates = &feature["geometry"]["coordinates"];
        let polygons = if feature["geometry"]["type"] == "Polygon" {
            vec![coordinates.clone()]
        } else {
            coordinates.as_array().unwrap().clone()
        };
        let rings = polygons
            .iter()
            .flat_map(|polygon| polygon.as_array().unwrap().clone())
            .map(|ring| {
                ring.as_array()
                    .unwrap()
                    .iter()
                    .map(|corner| (number(&corner[0]), number(&corner[1])))
                    .collect()
            })
            .collect();
        places.push((
            feature["properties"]["geoid"].as_str().unwrap().to_owned(),
            rings,
        ));
    }
    move |x, y| {
        let is_inside = |rings: &Vec<Ring>| {
            rings
                .iter()
                .flat_map(|ring| ring.windows(2))
                .filter(|edge| {
                    (edge[0].1 > y) != (edge[1].1 > y)
                        && x < (edge[1].0 - edge[0].0) * (y - edge[0].1) / (edge[1].1 - edge[0].1)
                            + edge[0].0
                })
                .count()
                % 2
                == 1
        };
        places
            .iter()
            .find(|(_, rings)| is_inside(rings))
            .map(|(geoid, _)| geoid.clone())
            .unwrap_or_default()
    }
}

fn autauga(real: &Real) {
    let place_at = oracle(
        &real
            .folder
            .join("boundaries/places_near_al_autauga.geojson"),
    );
    let mut asked: Vec<(Vec<String>, [String; 2])> = Vec::new();
    for row in real.zipped("tiger/tiger_ranges_01001_autauga_al.csv.gz", b';') {
        let line: Vec<(f64, f64)> = row["geometry"]
            .trim_start_matches("LINESTRING(")
            .trim_end_matches(')')
            .split(',')
            .map(|corner| {
                corner
                    .trim()
                    .split_once(' ')
                    .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
                    .unwrap()
            })
            .collect();
        let middle = line
            .windows(2)
            .nth((line.len() - 1) / 2)
            .map(|step| {
                (
                    f64::midpoint(step[0].0, step[1].0),
                    f64::midpoint(step[0].1, step[1].1),
                )
            })
            .unwrap();
        for (number, end) in [(&row["from"], line[0]), (&row["to"], line[line.len() - 1])] {
            // A range that ends at the border: the house or the block's middle, both are right.
            let known = [place_at(end.0, end.1), place_at(middle.0, middle.1)];
            asked.push((
                cells(&[
                    &format!("{number} {}", row["street"]),
                    "AL",
                    &row["postcode"],
                ]),
                known,
            ));
        }
    }
    real.judge(
        "Autauga County, municipality",
        &["street", "state", "zip"],
        &asked,
        None,
        |known, answer| is_sure(&answer["level"]) && known.contains(&answer["place_geoid"]),
    );
}

/// The records of the shapefile's table, read by hand.
fn meagher(real: &Real) {
    let bytes = std::fs::read(real.folder.join("tiger/tl_2021_30059_addrfeat.dbf")).unwrap();
    let two = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let (header, size) = (two(8), two(10));
    let mut fields: Vec<(String, usize, usize)> = Vec::new();
    let mut start = 1;
    for field in bytes[32..header - 1].chunks(32) {
        let name = String::from_utf8_lossy(&field[..11])
            .trim_end_matches('\0')
            .to_owned();
        fields.push((name, start, usize::from(field[16])));
        start += usize::from(field[16]);
    }
    let mut asked: Vec<(Vec<String>, ())> = Vec::new();
    for record in bytes[header..].chunks_exact(size) {
        let get = |name: &str| {
            let (_, start, width) = fields.iter().find(|(known, ..)| known == name).unwrap();
            String::from_utf8_lossy(&record[*start..start + width])
                .trim()
                .to_owned()
        };
        for (side, end) in [
            ("L", "FROMHN"),
            ("L", "TOHN"),
            ("R", "FROMHN"),
            ("R", "TOHN"),
        ] {
            let number = get(&format!("{side}{end}"));
            if !number.is_empty() {
                asked.push((
                    cells(&[
                        &format!("{number} {}", get("FULLNAME")),
                        "MT",
                        &get(&format!("ZIP{side}")),
                    ]),
                    (),
                ));
            }
        }
    }
    real.judge(
        "Meagher County, White Sulphur Springs or outside any city",
        &["street", "state", "zip"],
        &asked,
        None,
        |(), answer| {
            is_sure(&answer["level"])
                && (answer["place_geoid"] == "3080050" || answer["place_geoid"].is_empty())
        },
    );
}
