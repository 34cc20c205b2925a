//! A county being laid out: patches of streets become edges with ranges and blocks become faces.

use std::collections::HashMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{
    county::State,
    county::{Area, Edge, Face, Parity, Range, Side},
    districts::DistrictMap,
    geometry::{Frame, Point},
    lattice::{Ground, Lattice},
    names::Names,
    places::{Codes, Place},
    roads::Roads,
    streets::{Block, Way},
};

/// The face that everything is laid on: the county outside every patch.
pub(crate) const BACKGROUND: usize = 0;

pub(crate) struct Survey {
    pub(crate) number: u32,
    pub(crate) state: State,
    pub(crate) frame: Frame,
    pub(crate) random: ChaCha8Rng,
    pub(crate) roads: Roads,
    pub(crate) names: Names,
    pub(crate) codes: Codes,
    pub(crate) outline: Vec<Point>,
    pub(crate) faces: Vec<Face>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) places: Vec<Place>,
    pub(crate) maps: Vec<DistrictMap>,
    /// Whether odd numbers lie on the left of an edge drawn eastward, northward.
    pub(crate) odd_left: [bool; 2],
}

/// A patch of streets to lay.
pub(crate) struct Patch<'a> {
    pub(crate) lattice: &'a Lattice,
    /// What each block is and its ZIP code.
    pub(crate) block: &'a dyn Fn(usize, usize) -> (Area, usize),
    /// The face around the patch and the ZIP code of the houses there.
    pub(crate) around: (usize, usize),
    /// The street along a line of the lattice, in one of its blocks.
    pub(crate) street: &'a dyn Fn(Way, usize, usize) -> Block,
}

impl Survey {
    pub(crate) fn lattice(&mut self, ground: Ground) -> Lattice {
        Lattice::new(&self.frame, ground, &mut self.random)
    }

    pub(crate) fn face(&mut self, area: Area, ring: Vec<Point>) -> usize {
        let tfid = 200_000_000 + self.number * 10_000 + self.faces.len() as u32;
        self.faces.push(Face {
            tfid,
            area,
            rings: vec![ring],
        });
        self.faces.len() - 1
    }

    /// Lays a patch, cutting its ground out of the face around it; answers with the faces of its blocks, by (column, row).
    pub(crate) fn lay(&mut self, patch: &Patch) -> HashMap<(usize, usize), usize> {
        let lattice = patch.lattice;
        self.faces[patch.around.0].rings.push(lattice.boundary());
        let mut faces = HashMap::new();
        for row in 0..lattice.rows {
            for column in 0..lattice.columns {
                let (area, _) = (patch.block)(column, row);
                faces.insert((column, row), self.face(area, lattice.block(column, row)));
            }
        }
        let land = |column: Option<usize>, row: Option<usize>| {
            let at = column.zip(row).and_then(|at| Some((at, *faces.get(&at)?)));
            at.map_or(patch.around, |((column, row), face)| {
                (face, (patch.block)(column, row).1)
            })
        };
        for row in 0..=lattice.rows {
            for column in 0..lattice.columns {
                let sides = [
                    land(Some(column), Some(row)),
                    land(Some(column), row.checked_sub(1)),
                ];
                self.edge(
                    Way::East,
                    lattice.east(column, row),
                    (patch.street)(Way::East, row, column),
                    sides,
                );
            }
        }
        for column in 0..=lattice.columns {
            for row in 0..lattice.rows {
                let sides = [
                    land(column.checked_sub(1), Some(row)),
                    land(Some(column), Some(row)),
                ];
                self.edge(
                    Way::North,
                    lattice.north(column, row),
                    (patch.street)(Way::North, column, row),
                    sides,
                );
            }
        }
        faces
    }

    /// One edge; `sides` are the face and ZIP code to the left and right.
    fn edge(&mut self, way: Way, mut line: Vec<Point>, block: Block, sides: [(usize, usize); 2]) {
        let odd_left = self.odd_left[usize::from(way == Way::North)];
        let mut ranges = [
            Some(self.range(
                &block,
                if odd_left { Parity::Odd } else { Parity::Even },
                sides[0].1,
            )),
            Some(self.range(
                &block,
                if odd_left { Parity::Even } else { Parity::Odd },
                sides[1].1,
            )),
        ];
        // Now and then only one side has houses; then, sometimes, of both parities.
        if self.random.random_bool(0.03) {
            let kept = usize::from(self.random.random_bool(0.5));
            ranges[1 - kept] = None;
            if self.random.random_bool(0.4) {
                ranges[kept] = Some(self.range(&block, Parity::Both, sides[kept].1));
            }
        }
        let [left, right] = ranges;
        let (mut left, mut right) = (
            Side {
                face: sides[0].0,
                range: left,
            },
            Side {
                face: sides[1].0,
                range: right,
            },
        );
        // Half of all lines are drawn against their numbers, as the Census has them.
        if self.random.random_bool(0.5) {
            line.reverse();
            std::mem::swap(&mut left, &mut right);
            for range in [&mut left.range, &mut right.range].into_iter().flatten() {
                std::mem::swap(&mut range.from, &mut range.to);
            }
        }
        let tlid = 600_000_000 + self.number * 10_000 + self.edges.len() as u32;
        self.edges.push(Edge {
            tlid,
            line,
            names: block.names,
            left,
            right,
        });
    }

    fn range(&mut self, block: &Block, parity: Parity, zip: usize) -> Range {
        let slack = block.span / 20;
        let early = 2 * self.random.random_range(0..=slack / 3);
        let late = if self.random.random_bool(0.5) {
            0
        } else {
            2 * self.random.random_range(0..=slack * 4)
        };
        let (first, last) = match parity {
            Parity::Odd | Parity::Both => (1, 1),
            Parity::Even if block.base == 0 => (2, 2),
            Parity::Even => (0, 2),
        };
        let from = block.base + first + early;
        let to = block.base + block.span - last - late;
        Range {
            prefix: block.prefix.clone(),
            width: block.width,
            from,
            to,
            parity,
            zip,
        }
    }
}
