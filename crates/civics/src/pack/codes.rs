//! Small indexes over a pack's records, made in memory when they are first asked for: areas by their codes, split sides by their ranges.

use super::format::{COUNTY_AREA, STATE_AREA};
use super::section::{AreaRecord, SplitRecord};
use std::ops::Range;

/// How many ZIPs one step of the index holds.
const STEP: u32 = 100;

/// The codes of a pack's areas, with where those of each hundred ZIPs begin.
#[derive(Debug)]
pub(super) struct Codes {
    all: Vec<u32>,
    begins: Vec<u32>,
    /// States that some area is of, as bits.
    states: u128,
}

impl Codes {
    pub(super) fn new(areas: &[AreaRecord]) -> Self {
        let codes: Vec<u32> = areas.iter().map(|area| area.code).collect();
        let begins = (0..=COUNTY_AREA / STEP)
            .map(|step| codes.partition_point(|code| *code < step * STEP) as u32)
            .collect();
        let states = areas.iter().fold(0, |states, area| {
            let by_code = match area.code {
                COUNTY_AREA..STATE_AREA => (area.code - COUNTY_AREA) / 1000,
                STATE_AREA.. => area.code - STATE_AREA,
                _ => 0,
            };
            states | bit(area.state) | bit(by_code)
        });
        Self {
            all: codes,
            begins,
            states,
        }
    }

    /// Whether some area is of a state.
    pub(super) fn has_state(&self, state: u8) -> bool {
        self.states & bit(u32::from(state)) != 0
    }

    /// The position of an area.
    pub(super) fn find(&self, code: u32) -> Option<usize> {
        let step = (code / STEP) as usize;
        let (Some(from), Some(to)) = (self.begins.get(step), self.begins.get(step + 1)) else {
            return self.all.binary_search(&code).ok();
        };
        let (from, to) = (*from as usize, *to as usize);
        let within = self.all.get(from..to)?;
        within.binary_search(&code).ok().map(|at| from + at)
    }

    /// Whether some area's code lies in a run.
    pub(super) fn any_in(&self, codes: &Range<u32>) -> bool {
        let from = self.all.partition_point(|code| *code < codes.start);
        self.all.get(from).is_some_and(|code| *code < codes.end)
    }
}

/// How many ranges one step of the index of split sides holds.
const BLOCK: usize = 512;

/// Where the split sides of each block of ranges begin.
#[derive(Debug)]
pub(super) struct Blocks(Vec<u32>);

impl Blocks {
    /// Of so many ranges and the split ones among them, by their ranges.
    pub(super) fn new(ranges: usize, splits: &[SplitRecord]) -> Self {
        let mut begins = Vec::with_capacity(ranges / BLOCK + 2);
        for (at, split) in splits.iter().enumerate() {
            // Of a damaged pack they are in no order, and name ranges that are not there.
            let block = split.range as usize / BLOCK;
            while begins.len() <= block.min(ranges / BLOCK) {
                begins.push(at as u32);
            }
        }
        while begins.len() < ranges / BLOCK + 2 {
            begins.push(splits.len() as u32);
        }
        Self(begins)
    }

    /// Which of the split sides may be this range's.
    pub(super) fn around(&self, range: u32) -> Range<usize> {
        let block = range as usize / BLOCK;
        match (self.0.get(block), self.0.get(block + 1)) {
            (Some(from), Some(to)) => *from as usize..*to as usize,
            _ => 0..0,
        }
    }
}

/// FIPS codes have two digits; what has more is damaged.
fn bit(state: u32) -> u128 {
    1_u128.checked_shl(state).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytemuck::Zeroable;

    #[test]
    fn every_split_side_is_in_its_ranges_block() {
        let splits: Vec<SplitRecord> = [0, 3, 511, 512, 2000, 5120, 9999]
            .iter()
            .map(|range| SplitRecord {
                range: *range,
                ..SplitRecord::zeroed()
            })
            .collect();
        let blocks = Blocks::new(10_000, &splits);
        for range in 0..10_000 {
            let around = &splits[blocks.around(range)];
            let is_split = splits.iter().any(|split| split.range == range);
            assert_eq!(around.iter().any(|split| split.range == range), is_split);
        }
        assert_eq!(blocks.around(u32::MAX), 0..0);
        assert_eq!(Blocks::new(0, &[]).around(0), 0..0);
    }

    #[test]
    fn every_area_is_found_and_no_other() {
        let all = [501, 599, 600, 80_010, 80_011, 99_999, 108_001, 200_008];
        let areas: Vec<AreaRecord> = all
            .iter()
            .map(|code| AreaRecord {
                code: *code,
                ..AreaRecord::zeroed()
            })
            .collect();
        let codes = Codes::new(&areas);
        for (at, code) in all.iter().enumerate() {
            assert_eq!(codes.find(*code), Some(at));
        }
        for code in [0, 500, 502, 80_012, 100_000, 108_000, u32::MAX] {
            assert_eq!(codes.find(code), None, "{code}");
        }
        assert!(codes.has_state(8) && !codes.has_state(9) && !codes.has_state(255));
        assert!(codes.any_in(&(108_000..109_000)) && !codes.any_in(&(100_000..108_000)));
    }
}
