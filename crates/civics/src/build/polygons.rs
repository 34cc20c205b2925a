//! The polygons of a build, and which of them are where.

use crate::geometry::{Bounds, OwnedSlabs, Spot};
use rstar::{AABB, RTree, RTreeObject};
use std::collections::HashMap;

/// A polygon of a division.
#[derive(Debug)]
pub struct Shape {
    /// Its division.
    pub division: u32,
    /// The district map it belongs to; `None` for places and other areas.
    pub map: Option<u32>,
    /// Its form.
    pub slabs: OwnedSlabs,
}

/// A district map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Map {
    /// The place.
    pub place: u32,
    /// When it is in force.
    pub period: redress_model::period::Period,
    /// Position of its source in the manifest.
    pub source: u32,
}

struct Entry {
    bounds: Bounds,
    number: u32,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[i32; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(
            [self.bounds.min.x, self.bounds.min.y],
            [self.bounds.max.x, self.bounds.max.y],
        )
    }
}

/// All polygons.
#[derive(Default)]
pub struct Polygons {
    shapes: Vec<Shape>,
    by_division: HashMap<u32, u32>,
    /// All district maps.
    pub maps: Vec<Map>,
    tree: RTree<Entry>,
    maps_by_place: HashMap<u32, Vec<u32>>,
    maps_of_place: HashMap<u32, Vec<u32>>,
    is_indexed: bool,
}

impl Polygons {
    /// Adds the polygon of an area. A later one of the same area replaces the earlier; whether it
    /// did.
    pub fn add_area(&mut self, division: u32, slabs: OwnedSlabs) -> bool {
        if let Some(number) = self.by_division.get(&division) {
            self.shapes[*number as usize].slabs = slabs;
            return true;
        }
        self.by_division.insert(division, self.shapes.len() as u32);
        self.shapes.push(Shape {
            division,
            map: None,
            slabs,
        });
        false
    }

    /// Adds a polygon of a district map.
    pub fn add_district(&mut self, division: u32, map: u32, slabs: OwnedSlabs) {
        self.shapes.push(Shape {
            division,
            map: Some(map),
            slabs,
        });
    }

    /// Adds a map, or finds the one of the same place and source.
    pub fn map(&mut self, map: Map) -> u32 {
        // A list may name a thousand places in a million rows.
        let of_place = self.maps_by_place.entry(map.place).or_default();
        let known = of_place
            .iter()
            .copied()
            .find(|number| self.maps[*number as usize] == map);
        known.unwrap_or_else(|| {
            let number = self.maps.len() as u32;
            of_place.push(number);
            self.maps.push(map);
            number
        })
    }

    /// Prepares the search; after this nothing may be added.
    pub fn index(&mut self) {
        let entries = self
            .shapes
            .iter()
            .enumerate()
            .map(|(number, shape)| Entry {
                bounds: shape.slabs.bounds,
                number: number as u32,
            })
            .collect();
        self.tree = RTree::bulk_load(entries);
        let drawn: std::collections::BTreeSet<u32> =
            self.shapes.iter().filter_map(|shape| shape.map).collect();
        for map in drawn {
            self.maps_of_place
                .entry(self.maps[map as usize].place)
                .or_default()
                .push(map);
        }
        self.is_indexed = true;
    }

    /// The district maps of a place that have polygons.
    pub fn drawn_maps(&self, place: u32) -> &[u32] {
        self.maps_of_place.get(&place).map_or(&[], Vec::as_slice)
    }

    /// The polygons whose box meets a box, in order.
    pub fn near(&self, bounds: Bounds) -> Vec<u32> {
        debug_assert!(
            self.is_indexed,
            "polygons are searched after they are indexed"
        );
        let corners =
            AABB::from_corners([bounds.min.x, bounds.min.y], [bounds.max.x, bounds.max.y]);
        let mut found: Vec<u32> = self
            .tree
            .locate_in_envelope_intersecting(&corners)
            .map(|entry| entry.number)
            .collect();
        found.sort_unstable();
        found
    }

    /// The polygons that contain a spot, in order.
    pub fn around(&self, spot: Spot) -> Vec<u32> {
        let mut found = self.near(Bounds {
            min: spot,
            max: spot,
        });
        found.retain(|number| self.get(*number).slabs.as_slabs().contains(spot));
        found
    }

    /// A polygon by number.
    pub fn get(&self, number: u32) -> &Shape {
        &self.shapes[number as usize]
    }

    /// All, by number.
    pub fn all(&self) -> &[Shape] {
        &self.shapes
    }
}
