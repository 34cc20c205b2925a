//! A lattice: the streets of one patch, and the blocks between them.
//!
//! Nodes are shaken a little and some edges bend, so that nothing downstream may count on straight or square streets. Edges, blocks,
//! outlines and borders are all read from the same vertices.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::geometry::{Frame, Metres, Point};

/// Where a patch lies and how large it is, in metres and blocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground {
    pub(crate) corner: Metres,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) pitch: Metres,
    /// How far a node may stray; bends stray as far.
    pub(crate) stray: f64,
}

/// A patch's street lines.
#[derive(Debug)]
pub(crate) struct Lattice {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    nodes: Vec<Point>,
    east_bends: Vec<Option<Point>>,
    north_bends: Vec<Option<Point>>,
}

impl Lattice {
    pub(crate) fn new(frame: &Frame, ground: Ground, random: &mut ChaCha8Rng) -> Self {
        let (columns, rows) = (ground.columns, ground.rows);
        let mut lattice = Self {
            columns,
            rows,
            nodes: Vec::new(),
            east_bends: Vec::new(),
            north_bends: Vec::new(),
        };
        let stray = ground.stray;
        let mut shaken = |column: f64, row: f64| {
            let east =
                ground.corner.0 + column * ground.pitch.0 + random.random_range(-stray..=stray);
            let north =
                ground.corner.1 + row * ground.pitch.1 + random.random_range(-stray..=stray);
            (frame.point((east, north)), random.random_bool(0.2))
        };
        for row in 0..=rows {
            for column in 0..=columns {
                let (column, row) = (column as f64, row as f64);
                lattice.nodes.push(shaken(column, row).0);
                let (east, bends) = shaken(column + 0.5, row);
                lattice.east_bends.push(bends.then_some(east));
                let (north, bends) = shaken(column, row + 0.5);
                lattice.north_bends.push(bends.then_some(north));
            }
        }
        lattice
    }

    fn index(&self, column: usize, row: usize) -> usize {
        row * (self.columns + 1) + column
    }

    pub(crate) fn node(&self, column: usize, row: usize) -> Point {
        self.nodes[self.index(column, row)]
    }

    /// The edge from a node to the next one east.
    pub(crate) fn east(&self, column: usize, row: usize) -> Vec<Point> {
        let bend = self.east_bends[self.index(column, row)];
        [
            Some(self.node(column, row)),
            bend,
            Some(self.node(column + 1, row)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The edge from a node to the next one north.
    pub(crate) fn north(&self, column: usize, row: usize) -> Vec<Point> {
        let bend = self.north_bends[self.index(column, row)];
        [
            Some(self.node(column, row)),
            bend,
            Some(self.node(column, row + 1)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The street line along a row, from one column to another further east.
    pub(crate) fn walk_east(&self, from: usize, to: usize, row: usize) -> Vec<Point> {
        chain((from..to).map(|column| self.east(column, row)))
    }

    /// The street line along a column, from one row to another further north.
    pub(crate) fn walk_north(&self, column: usize, from: usize, to: usize) -> Vec<Point> {
        chain((from..to).map(|row| self.north(column, row)))
    }

    /// The closed ring around the blocks from one node to another north-east of it.
    pub(crate) fn outline(&self, from: (usize, usize), to: (usize, usize)) -> Vec<Point> {
        let mut top = self.walk_east(from.0, to.0, to.1);
        let mut west = self.walk_north(from.0, from.1, to.1);
        top.reverse();
        west.reverse();
        chain([
            self.walk_east(from.0, to.0, from.1),
            self.walk_north(to.0, from.1, to.1),
            top,
            west,
        ])
    }

    /// The ring around the whole patch.
    pub(crate) fn boundary(&self) -> Vec<Point> {
        self.outline((0, 0), (self.columns, self.rows))
    }

    /// The ring around one block.
    pub(crate) fn block(&self, column: usize, row: usize) -> Vec<Point> {
        self.outline((column, row), (column + 1, row + 1))
    }
}

/// Lines joined end to start, the shared point once.
pub(crate) fn chain(lines: impl IntoIterator<Item = Vec<Point>>) -> Vec<Point> {
    let mut joined: Vec<Point> = lines.into_iter().flatten().collect();
    joined.dedup();
    joined
}
