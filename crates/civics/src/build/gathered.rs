//! What all readers have found, under one numbering.

use super::draft::{Belongs, Drafts, Numbered, StreetName};
use super::polygons::Polygons;
use super::registry::Registry;
use super::sides::{Sides, bucket};
use crate::geometry::Bounds;
use crate::geometry::Spot;
use crate::pack::section::{DistrictEntry, OVERLAPPING};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Everything that goes into a pack.
pub struct Gathered {
    /// Streets' names.
    pub streets: Numbered<StreetName>,
    /// What stands around house numbers.
    pub affixes: Numbered<String>,
    /// What sides belong to.
    pub belongs: Numbered<Belongs>,
    /// The sides.
    pub sides: Sides,
    /// Postal cities: state, folded name, area code.
    pub cities: BTreeSet<(u8, String, u32)>,
    /// What is known of areas: state and centre.
    pub areas: BTreeMap<u32, (u8, Option<Spot>)>,
    /// The box of the points of each area.
    pub boxes: HashMap<u32, Bounds>,
    /// How many sides there are.
    pub count: u64,
    buckets: Vec<u8>,
}

impl Gathered {
    /// With what tables of areas have told, for a pack at `out`.
    pub fn new(drafts: Drafts, out: &Path) -> Self {
        Self {
            streets: Numbered::default(),
            affixes: Numbered::default(),
            belongs: Numbered::default(),
            sides: Sides::new(out.to_owned()),
            cities: drafts.cities,
            areas: drafts.areas,
            boxes: HashMap::new(),
            count: 0,
            buckets: Vec::new(),
        }
    }

    /// Takes what one reader has found; its divisions and maps are those of forks, which
    /// `registry` and `polygons` adopt.
    pub fn take(
        &mut self,
        drafts: Drafts,
        found: (Registry, Polygons),
        registry: &mut Registry,
        polygons: &mut Polygons,
    ) -> std::io::Result<()> {
        let (divisions, maps) = (registry.in_base(), polygons.in_base());
        let numbers = registry.adopt(found.0);
        let division = |number: u32| renumbered(number, divisions, &numbers);
        let map_numbers = polygons.adopt(found.1, division);
        let belongs: Vec<u32> = drafts
            .belongs
            .all()
            .iter()
            .map(|belongs| {
                let districts = belongs.districts.iter().map(|entry| DistrictEntry {
                    map: renumbered(entry.map, maps, &map_numbers),
                    division: division(entry.division),
                });
                self.belongs.number(Belongs {
                    county: division(belongs.county),
                    cousub: division(belongs.cousub),
                    place: division(belongs.place),
                    concity: division(belongs.concity),
                    districts: districts.collect(),
                })
            })
            .collect();
        let streets: Vec<u32> = drafts
            .streets
            .into_values()
            .map(|name| self.street(name))
            .collect();
        let affixes: Vec<u32> = drafts
            .affixes
            .into_values()
            .map(|affix| self.affixes.number(affix))
            .collect();
        for (area, (state, centre)) in drafts.areas {
            let known = self.areas.entry(area).or_insert((state, centre));
            if known.0 == 0 {
                known.0 = state;
            }
            known.1 = known.1.or(centre);
        }
        self.cities.extend(drafts.cities);
        for mut side in drafts.sides {
            side.street = streets[side.street as usize];
            side.affix = affixes[side.affix as usize];
            side.belongs = belongs[side.belongs as usize];
            if let Some(spot) = side.spot {
                self.boxes
                    .entry(side.area)
                    .and_modify(|known| known.take(spot))
                    .or_insert(Bounds {
                        min: spot,
                        max: spot,
                    });
            }
            self.count += 1;
            self.sides.push(self.buckets[side.street as usize], side)?;
        }
        Ok(())
    }

    fn street(&mut self, name: StreetName) -> u32 {
        let of = bucket(&name.key);
        let number = self.streets.number(name);
        if number as usize == self.buckets.len() {
            self.buckets.push(of);
        }
        number
    }
}

/// A number of a fork as it is after adoption; numbers of the base and those that stand for no
/// division stay.
fn renumbered(number: u32, base: u32, adopted: &[u32]) -> u32 {
    if number >= OVERLAPPING || number < base {
        return number;
    }
    adopted[(number - base) as usize]
}
