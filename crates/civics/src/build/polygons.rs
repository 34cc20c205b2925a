//! The polygons of a build, and which of them are where.

use crate::geometry::{Bounds, OwnedSlabs, Spot};
use rstar::{AABB, RTree, RTreeObject};
use std::collections::HashMap;
use std::sync::Arc;

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
///
/// While addresses are read, lists add maps without polygons to forks: see
/// [`super::registry::Registry`].
#[derive(Default)]
pub struct Polygons {
    base: Option<Arc<Self>>,
    shapes: Vec<Shape>,
    by_division: HashMap<u32, u32>,
    maps: Vec<Map>,
    tree: RTree<Entry>,
    maps_by_place: HashMap<u32, Vec<u32>>,
    maps_of_place: HashMap<u32, Vec<u32>>,
    is_indexed: bool,
}

impl Polygons {
    /// Polygons to whose maps more are added.
    pub fn fork(base: &Arc<Self>) -> Self {
        Self {
            base: Some(Arc::clone(base)),
            ..Self::default()
        }
    }

    /// Takes the maps that another fork of the same base has added, of places renumbered by
    /// `place`; the number here of each, in order.
    pub fn adopt(&mut self, fork: Self, place: impl Fn(u32) -> u32) -> Vec<u32> {
        fork.maps
            .into_iter()
            .map(|map| {
                self.map(Map {
                    place: place(map.place),
                    ..map
                })
            })
            .collect()
    }

    /// How many maps the base has; 0 without one.
    pub fn in_base(&self) -> u32 {
        self.base.as_ref().map_or(0, |base| base.maps.len() as u32)
    }

    /// The polygons themselves, which no fork has.
    fn drawn(&self) -> &Self {
        self.base.as_deref().unwrap_or(self)
    }

    /// A map by number.
    pub fn map_at(&self, number: u32) -> Map {
        match number.checked_sub(self.in_base()) {
            Some(own) => self.maps[own as usize],
            None => self.drawn().maps[number as usize],
        }
    }

    /// All district maps, by number.
    pub fn maps(&self) -> impl Iterator<Item = Map> {
        let of_base = self.base.iter().flat_map(|base| &base.maps);
        of_base.chain(&self.maps).copied()
    }

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

    /// The polygon of an area, if there is one.
    pub fn area_of(&self, division: u32) -> Option<&Shape> {
        let drawn = self.drawn();
        let number = drawn.by_division.get(&division)?;
        drawn.shapes.get(*number as usize)
    }

    /// The district maps that have polygons, in order.
    pub fn all_drawn_maps(&self) -> Vec<u32> {
        let mut maps: Vec<u32> = self
            .drawn()
            .maps_of_place
            .values()
            .flatten()
            .copied()
            .collect();
        maps.sort_unstable();
        maps
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
        let numbers = |polygons: &Self| {
            let of_place = polygons.maps_by_place.get(&map.place);
            of_place.cloned().unwrap_or_default()
        };
        let in_base = self.base.as_deref().map(numbers).unwrap_or_default();
        let known = in_base.into_iter().chain(numbers(self));
        if let Some(number) = known.into_iter().find(|number| self.map_at(*number) == map) {
            return number;
        }
        let number = self.in_base() + self.maps.len() as u32;
        self.maps_by_place
            .entry(map.place)
            .or_default()
            .push(number);
        self.maps.push(map);
        number
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
        let of_place = self.drawn().maps_of_place.get(&place);
        of_place.map_or(&[], Vec::as_slice)
    }

    /// The polygons whose box meets a box, in order.
    pub fn near(&self, bounds: Bounds) -> Vec<u32> {
        let drawn = self.drawn();
        debug_assert!(
            drawn.is_indexed,
            "polygons are searched after they are indexed"
        );
        let corners =
            AABB::from_corners([bounds.min.x, bounds.min.y], [bounds.max.x, bounds.max.y]);
        let mut found: Vec<u32> = drawn
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
        &self.drawn().shapes[number as usize]
    }

    /// All, by number.
    pub fn all(&self) -> &[Shape] {
        &self.drawn().shapes
    }
}
