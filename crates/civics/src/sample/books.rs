//! Every file of a sample while it is being written: a county is entered in all of them and then forgotten.

use std::{
    fs,
    io::BufWriter,
    path::{Path, PathBuf},
};

use csv::Writer;

use super::{
    Plan, SampleError, Written,
    county::{County, CountyClass, STATES, State, TERRITORY, TOWNS},
    manifest, officials, tiger, truth,
};

/// A CSV file and where it is.
struct Sheet {
    path: PathBuf,
    writer: Writer<BufWriter<fs::File>>,
}

impl Sheet {
    /// A sheet with that header; without one when the rows bring their own.
    fn open(directory: &Path, name: &str, header: &[&str]) -> Result<Self, SampleError> {
        let path = directory.join(name);
        let file = fs::File::create(&path).map_err(|source| SampleError::Io {
            path: path.clone(),
            source,
        })?;
        let mut sheet = Self {
            path,
            writer: Writer::from_writer(BufWriter::new(file)),
        };
        if !header.is_empty() {
            sheet.row(header)?;
        }
        Ok(sheet)
    }

    fn row(&mut self, row: &[&str]) -> Result<(), SampleError> {
        self.writer
            .write_record(row)
            .map_err(|source| SampleError::Csv {
                path: self.path.clone(),
                source,
            })
    }

    fn close(mut self) -> Result<PathBuf, SampleError> {
        self.writer.flush().map_err(|source| SampleError::Io {
            path: self.path.clone(),
            source,
        })?;
        Ok(self.path)
    }
}

pub(crate) struct Books {
    directory: PathBuf,
    tiger: PathBuf,
    shared: tiger::Shared,
    officials: Sheet,
    zips: Sheet,
    truth: Sheet,
    /// The answers of the day before the wards were drawn anew, where they differ from today's.
    truth_before: Sheet,
    /// District maps.
    maps: Vec<manifest::Map>,
    written: Written,
}

impl Books {
    pub(crate) fn open(directory: &Path) -> Result<Self, SampleError> {
        let tiger = directory.join("tiger");
        for folder in [&tiger, &directory.join("districts")] {
            fs::create_dir_all(folder).map_err(|source| SampleError::Io {
                path: folder.clone(),
                source,
            })?;
        }
        forget_earlier(&tiger)?;
        Ok(Self {
            directory: directory.to_owned(),
            tiger,
            shared: tiger::Shared::new(),
            officials: Sheet::open(directory, "officials.csv", &[])?,
            zips: Sheet::open(
                directory,
                "zips.csv",
                &[
                    "zip",
                    "city",
                    "state",
                    "county",
                    "county_fips3",
                    "lat",
                    "lon",
                ],
            )?,
            truth: Sheet::open(
                directory,
                "truth.csv",
                &["id", "address", "place_geoid", "district", "kind"],
            )?,
            truth_before: Sheet::open(
                directory,
                "truth_before_2024.csv",
                &["id", "address", "place_geoid", "district", "kind"],
            )?,
            maps: Vec::new(),
            written: Written::default(),
        })
    }

    pub(crate) fn enter(&mut self, plan: Plan, county: &County) -> Result<(), SampleError> {
        self.shared.enter(county);
        self.written.files.extend(tiger::save(county, &self.tiger)?);
        for map in &county.maps {
            let before = if map.valid_to.is_some() {
                ".before"
            } else {
                ""
            };
            let name = format!("districts/{}{before}.geojson", map.geoid);
            self.save(self.directory.join(&name), &map.geojson())?;
            self.maps.push(manifest::Map {
                path: name,
                geoid: map.geoid.clone(),
                valid_from: map.valid_from,
                valid_to: map.valid_to,
            });
        }
        for official in officials::list(plan, county) {
            let error = |source| SampleError::Csv {
                path: self.officials.path.clone(),
                source,
            };
            self.officials.writer.serialize(&official).map_err(error)?;
            self.written.posts += u64::from(!official.former);
        }
        self.enter_zips(county)?;
        for (index, truth) in truth::list(plan, county).into_iter().enumerate() {
            let id = format!("{}{}-{:05}", county.state.fips, county.code, index + 1);
            self.truth.row(&[
                &id,
                &truth.address,
                &truth.place_geoid,
                &truth.district,
                truth.kind,
            ])?;
            if let Some(before) = &truth.district_before {
                self.truth_before.row(&[
                    &id,
                    &truth.address,
                    &truth.place_geoid,
                    before,
                    truth.kind,
                ])?;
            }
            self.written.truths += 1;
        }
        self.written.counties += u32::from(county.class == CountyClass::COUNTY);
        self.written.range_sides += county.range_sides();
        Ok(())
    }

    fn enter_zips(&mut self, county: &County) -> Result<(), SampleError> {
        let (state, name) = (county.state.usps, &county.names.county);
        for zip in &county.zips {
            let (lon, lat) = zip.middle.degrees();
            for city in &zip.names {
                self.zips.row(&[
                    &zip.code,
                    city,
                    state,
                    name,
                    &county.code,
                    &lat.to_string(),
                    &lon.to_string(),
                ])?;
            }
        }
        Ok(())
    }

    pub(crate) fn close(mut self) -> Result<Written, SampleError> {
        let shared = self.shared.save(&self.tiger)?;
        self.written.files.extend(shared);
        let sources = manifest::text(&self.maps);
        self.save(self.directory.join("sources.toml"), &sources)?;
        for sheet in [self.officials, self.zips, self.truth, self.truth_before] {
            self.written.files.push(sheet.close()?);
        }
        Ok(self.written)
    }

    fn save(&mut self, path: PathBuf, text: &str) -> Result<(), SampleError> {
        fs::write(&path, text).map_err(|source| SampleError::Io {
            path: path.clone(),
            source,
        })?;
        self.written.files.push(path);
        Ok(())
    }
}

/// Removes the layers of an earlier, larger sample: a pack takes in whatever lies in the folder. Only the fictional states' files are
/// touched.
fn forget_earlier(tiger: &Path) -> Result<(), SampleError> {
    let io = |source| SampleError::Io {
        path: tiger.to_owned(),
        source,
    };
    for entry in fs::read_dir(tiger).map_err(io)? {
        let entry = entry.map_err(io)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = |state: &State| {
            name.starts_with(&format!("tl_2026_{}", state.fips)) && name.ends_with(".zip")
        };
        if STATES.iter().chain([&TOWNS, &TERRITORY]).any(ours) {
            let path = entry.path();
            fs::remove_file(&path).map_err(|source| SampleError::Io { path, source })?;
        }
    }
    Ok(())
}
