//! Shapes of a shapefile, read from its bytes.
//!
//! Only what a map of governments needs: the corners of lines and polygons. Every count is checked
//! against the length of its record before it is believed, and a broken file is refused as a
//! whole. (The library's reader repeats its error for ever at a broken record.) Layout: ESRI
//! Shapefile Technical Description, July 1998.

/// Corners in degrees (x, y).
pub type Ring = Vec<(f64, f64)>;

/// The shape of one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Lines.
    Lines(Vec<Ring>),
    /// Rings of polygons, in the file's order.
    Polygon(Vec<Ring>),
    /// Nothing, or something else.
    Other,
}

/// Bytes before the first record.
const HEADER: usize = 100;
/// Bytes of a shape before its parts: type, box, two counts.
const BEFORE_PARTS: usize = 44;

/// Reads all shapes, in order; says where the file is broken.
pub fn read(bytes: &[u8]) -> Result<Vec<Shape>, String> {
    if bytes.len() < HEADER || big(bytes, 0) != Some(9994) {
        return Err("is no shapefile".into());
    }
    let mut shapes = Vec::new();
    let mut at = HEADER;
    while at < bytes.len() {
        let number = shapes.len() + 1;
        // The length is in words of two bytes.
        let content = big(bytes, at + 4)
            .and_then(|words| usize::try_from(words).ok())
            .filter(|words| *words >= 2)
            .and_then(|words| bytes.get(at + 8..(at + 8).checked_add(words * 2)?))
            .ok_or_else(|| format!("is cut short or broken at record {number}"))?;
        shapes.push(shape(content).map_err(|what| format!("{what} at record {number}"))?);
        at += 8 + content.len();
    }
    Ok(shapes)
}

fn shape(content: &[u8]) -> Result<Shape, &'static str> {
    // Heights and measures follow the corners and are left alone.
    match little(content, 0) {
        Some(3 | 13 | 23) => rings(content).map(Shape::Lines),
        Some(5 | 15 | 25) => rings(content).map(Shape::Polygon),
        _ => Ok(Shape::Other),
    }
}

fn rings(content: &[u8]) -> Result<Vec<Ring>, &'static str> {
    let count = |at: usize| little(content, at).and_then(|count| usize::try_from(count).ok());
    let (Some(parts), Some(points)) = (count(36), count(40)) else {
        return Err("has impossible counts");
    };
    let corners = BEFORE_PARTS + parts * 4;
    if corners + points * 16 > content.len() {
        return Err("has impossible counts");
    }
    let starts: Option<Vec<usize>> = (0..parts)
        .map(|part| count(BEFORE_PARTS + part * 4))
        .collect();
    let mut starts = starts.ok_or("has parts out of order")?;
    starts.push(points);
    if !starts.is_sorted() {
        return Err("has parts out of order");
    }
    let corner = |number: usize| {
        let at = corners + number * 16;
        (double(content, at), double(content, at + 8))
    };
    Ok(starts
        .windows(2)
        .map(|ends| (ends[0]..ends[1]).map(corner).collect())
        .collect())
}

fn big(bytes: &[u8], at: usize) -> Option<i32> {
    let four = bytes.get(at..at + 4)?;
    Some(i32::from_be_bytes(four.try_into().ok()?))
}

fn little(bytes: &[u8], at: usize) -> Option<i32> {
    let four = bytes.get(at..at + 4)?;
    Some(i32::from_le_bytes(four.try_into().ok()?))
}

/// A coordinate; no number where there is none, which no position has.
fn double(bytes: &[u8], at: usize) -> f64 {
    bytes
        .get(at..at + 8)
        .and_then(|eight| eight.try_into().ok())
        .map_or(f64::NAN, f64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with one record of a type, counts, starts and corners.
    fn file(kind: i32, parts: i32, points: i32, starts: &[i32], corners: &[f64]) -> Vec<u8> {
        let mut content = kind.to_le_bytes().to_vec();
        content.extend([0; 32]);
        content.extend(parts.to_le_bytes());
        content.extend(points.to_le_bytes());
        content.extend(starts.iter().flat_map(|start| start.to_le_bytes()));
        content.extend(corners.iter().flat_map(|corner| corner.to_le_bytes()));
        let mut bytes = 9994_i32.to_be_bytes().to_vec();
        bytes.resize(HEADER, 0);
        bytes.extend(1_i32.to_be_bytes());
        bytes.extend((content.len() as i32 / 2).to_be_bytes());
        bytes.extend(content);
        bytes
    }

    #[test]
    fn lines_and_polygons_are_read_with_their_parts() {
        let corners = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
        let read_one = |kind| {
            read(&file(kind, 2, 3, &[0, 1], &corners))
                .unwrap()
                .remove(0)
        };
        let rings = vec![vec![(0.0, 1.0)], vec![(2.0, 3.0), (4.0, 5.0)]];
        assert_eq!(read_one(3), Shape::Lines(rings.clone()));
        assert_eq!(read_one(5), Shape::Polygon(rings));
        assert_eq!(read_one(1), Shape::Other);
    }

    #[test]
    fn counts_that_no_file_holds_are_refused_with_the_record() {
        for (parts, points, starts) in [
            (i32::MAX, 1, vec![0]),
            (1, i32::MAX, vec![0]),
            (-1, 1, vec![0]),
            (1, -1, vec![0]),
            (2, 1, vec![1, 0]),
            (1, 1, vec![7]),
            (1, 1, vec![-7]),
        ] {
            let error = read(&file(5, parts, points, &starts, &[0.0, 0.0])).unwrap_err();
            assert!(error.ends_with("at record 1"), "{error}");
        }
    }

    #[test]
    fn a_file_cut_within_a_record_is_refused() {
        let whole = file(5, 1, 2, &[0], &[0.0; 4]);
        assert_eq!(read(&whole[..HEADER]), Ok(Vec::new()));
        for length in (0..whole.len()).filter(|length| *length != HEADER) {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
    }
}
