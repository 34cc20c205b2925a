//! The side of a block: what may be kept of an address once it is resolved, and asked about again.
//!
//! A block is written in the words of the street, not in the ids of one pack, so that another pack reads it. It never names one house:
//! the records of a street's side are laid together, in the order of their numbers, until each group has some tens of possible numbers, and
//! every house of a group has the same block. So whoever has the pack and the block knows no more than the group. A street too short
//! for one group has no block.
//!
//! Another pack is asked about the houses that it knows of the block: its answer stands only where all of them agree.

mod asking;
mod side;

use crate::pack::{Pack, StreetView};
use crate::parse::number::{PAIR, PLAIN};
use crate::parse::{Input, Parsed, five_digits};
use crate::resolve::search::{self, Prepared};
use crate::words::{directional, highway, street_type};
use redress_model::resolution::{Level, Resolution};
use serde::{Deserialize, Serialize};
use side::Side;

/// Which numbers of a street are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parity {
    /// The odd side.
    Odd,
    /// The even side.
    Even,
    /// Both sides: of a street too short for a group on each.
    Both,
}

impl Parity {
    /// Whether a number is on this side.
    pub fn has(self, number: u32) -> bool {
        match self {
            Self::Odd => number % 2 == 1,
            Self::Even => number.is_multiple_of(2),
            Self::Both => true,
        }
    }
}

/// Some tens of houses on one side of a street: sealed with a signature in place of its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The lowest number.
    pub first: u32,
    /// The highest number.
    pub last: u32,
    /// Which of the numbers between.
    pub parity: Parity,
    /// What stands around the digits of its numbers, as in [`crate::parse::number::HouseNumber`]: `*` for plain ones.
    pub affix: String,
    /// The street, as the pack spells it: `N MAIN ST`.
    pub street: String,
    /// The mail's city, as the signer wrote it, folded.
    pub city: String,
    /// Two letters.
    pub state: String,
    /// Five digits.
    pub zip: String,
}

impl Block {
    /// How many numbers it may have; some tens at least.
    pub fn possible_numbers(&self) -> u32 {
        let both = self.last.saturating_sub(self.first).saturating_add(1);
        match self.parity {
            Parity::Both => both,
            Parity::Odd | Parity::Even => both.div_ceil(2),
        }
    }

    /// Whether a number of its series is one of its own.
    pub fn has(&self, number: u32) -> bool {
        self.parity.has(number) && (self.first..=self.last).contains(&number)
    }

    /// The street line of one of its numbers.
    fn line(&self, number: u32) -> String {
        let written = if self.affix.starts_with(PAIR) {
            let digits = format!("{}-{:02}", number / 10_000, number % 10_000);
            self.affix.replacen(PAIR, &digits, 1)
        } else {
            self.affix.replacen(PLAIN, &number.to_string(), 1)
        };
        format!("{written} {}", self.street)
    }

    /// The address of a street line of it.
    fn input<'text>(&'text self, line: &'text str) -> Input<'text> {
        Input {
            street: line,
            unit: "",
            city: &self.city,
            state: &self.state,
            zip: &self.zip,
        }
    }
}

/// The block of an address that a pack answered; `None` where no single street was found, or none that has some tens of houses.
///
/// It looks the street up once more: this is not on the way of an answer.
pub(crate) fn of(pack: &Pack, resolution: &Resolution) -> Option<Block> {
    if !resolution.level.attributes_district() && resolution.level != Level::Candidates {
        return None;
    }
    let address = &resolution.address;
    let line = format!("{} {}", address.number.as_deref()?, address.street_line()?);
    let input = Input {
        street: &line,
        unit: "",
        city: address.city.as_deref().unwrap_or_default(),
        state: address.state.as_deref().unwrap_or_default(),
        zip: address.zip.as_deref().unwrap_or_default(),
    };
    let parsed = Parsed::new(&input);
    let search = search::search(pack, &parsed, &Prepared::new(pack, &parsed));
    let cheapest = search.hits.iter().map(|hit| hit.penalty).min()?;
    let cheap = || search.hits.iter().filter(|hit| hit.penalty == cheapest);
    let first = cheap().next()?;
    let street = line_of(&first.street);
    let area = first.street.record.area;
    // Of two streets that hold the number nobody knows which it is.
    if !cheap().all(|hit| line_of(&hit.street) == street && hit.street.record.area == area) {
        return None;
    }
    let hit = cheap()
        .find(|hit| hit.street.affix() == PLAIN)
        .unwrap_or(first);
    let side = Side::of(pack, &hit.street, hit.number)?;
    Some(Block {
        first: side.first,
        last: side.last,
        parity: side.parity,
        affix: hit.street.affix().to_owned(),
        street,
        city: address.city.clone().unwrap_or_default(),
        state: address.state.clone().unwrap_or_default().into_owned(),
        zip: address.zip.clone().unwrap_or_default(),
    })
}

/// A street without a number, as an answer spells it.
fn line_of(street: &StreetView<'_>) -> String {
    let [predir, pretype, kind, postdir] = street.parts();
    let parts = [
        directional::standard(predir),
        highway::standard(pretype),
        street.display(),
        street_type::standard(kind),
        directional::standard(postdir),
    ];
    let written = parts.into_iter().filter(|part| !part.is_empty());
    written.collect::<Vec<_>>().join(" ")
}

/// Whether a street stands under the block's ZIP, or under none.
fn is_under(street: &StreetView<'_>, block: &Block) -> bool {
    let area = street.record.area;
    area >= crate::pack::format::COUNTY_AREA || five_digits(area) == block.zip
}
