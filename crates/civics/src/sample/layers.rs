//! One zipped shapefile: shapes, their index, the table, the projection and the code page, named as the Census names them.

use std::{
    fs::File,
    io::{BufWriter, Cursor, Write},
    path::{Path, PathBuf},
};

use shapefile::{Point as Vertex, Polygon, PolygonRing, Polyline, ShapeWriter, record::EsriShape};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{
    SampleError,
    dbf::{Column, Table},
    geometry::Point,
};

const PROJECTION: &str = "GEOGCS[\"GCS_North_American_1983\",DATUM[\"D_North_American_1983\",SPHEROID[\"GRS_1980\",6378137,298.257222101]],\
PRIMEM[\"Greenwich\",0],UNIT[\"Degree\",0.017453292519943295]]";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Line,
    /// An outer ring, then holes.
    Area,
}

/// A layer being filled, held until it is saved.
#[derive(Debug)]
pub(crate) struct Layer {
    shape: Shape,
    parts: Vec<Vec<Vec<Point>>>,
    table: Table,
}

impl Layer {
    pub(crate) fn new(shape: Shape, columns: &'static [Column]) -> Self {
        Self {
            shape,
            parts: Vec::new(),
            table: Table::new(columns),
        }
    }

    pub(crate) fn push(&mut self, parts: Vec<Vec<Point>>, values: &[&str]) {
        self.parts.push(parts);
        self.table.push(values);
    }

    /// Writes `{stem}.zip` into the folder.
    pub(crate) fn save(&self, folder: &Path, stem: &str) -> Result<PathBuf, SampleError> {
        let path = folder.join(format!("{stem}.zip"));
        let (shapes, index) = self.shapes().map_err(|source| SampleError::Shape {
            path: path.clone(),
            source,
        })?;
        let io = |source| SampleError::Io {
            path: path.clone(),
            source,
        };
        let zip = |source| SampleError::Zip {
            path: path.clone(),
            source,
        };
        let mut archive = ZipWriter::new(BufWriter::new(File::create(&path).map_err(io)?));
        // The default date is 1980-01-01, the archive format's first; a fixed one keeps the bytes the same.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let table = self.table.bytes();
        let members: [(&str, &[u8]); 5] = [
            ("cpg", b"UTF-8"),
            ("dbf", &table),
            ("prj", PROJECTION.as_bytes()),
            ("shp", &shapes),
            ("shx", &index),
        ];
        for (extension, bytes) in members {
            archive
                .start_file(format!("{stem}.{extension}"), options)
                .map_err(zip)?;
            archive.write_all(bytes).map_err(io)?;
        }
        archive.finish().map_err(zip)?.flush().map_err(io)?;
        Ok(path)
    }

    fn shapes(&self) -> Result<(Vec<u8>, Vec<u8>), shapefile::Error> {
        match self.shape {
            Shape::Line => written(self.parts.iter().map(|parts| {
                Polyline::with_parts(parts.iter().map(|part| vertices(part)).collect())
            })),
            Shape::Area => written(self.parts.iter().map(|rings| {
                let (outer, holes) = rings.split_at(1);
                let outer = outer.iter().map(|ring| PolygonRing::Outer(vertices(ring)));
                let holes = holes.iter().map(|ring| PolygonRing::Inner(vertices(ring)));
                Polygon::with_rings(outer.chain(holes).collect())
            })),
        }
    }
}

fn vertices(points: &[Point]) -> Vec<Vertex> {
    let degrees = points.iter().map(|point| point.degrees());
    degrees.map(|(lon, lat)| Vertex::new(lon, lat)).collect()
}

fn written<S: EsriShape>(
    shapes: impl Iterator<Item = S>,
) -> Result<(Vec<u8>, Vec<u8>), shapefile::Error> {
    let (mut main, mut index) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
    let mut writer = ShapeWriter::with_shx(&mut main, &mut index);
    for shape in shapes {
        writer.write_shape(&shape)?;
    }
    writer.finalize()?;
    drop(writer);
    Ok((main.into_inner(), index.into_inner()))
}
