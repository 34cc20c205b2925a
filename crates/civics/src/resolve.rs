//! From an address to its governments, district and posts, with how sure and why.
//!
//! ```text
//! parse -> search (relaxing step by step) -> outcome of each hit on the day -> settle -> present
//! ```
//!
//! The levels are those of [`redress_model::resolution::Level`]. An answer is `exact` when
//! nothing was relaxed and nothing measured, `exact_split` when a position was measured and is
//! clear of every border, `relaxed` when one answer survived a relaxation. Whatever remains in
//! doubt is `candidates`, with the alternatives to ask about; the certain parts go ahead.

mod outcome;
mod present;
mod reasons;
mod search;
mod settle;
mod street;

use crate::officials::Directory;
use crate::pack::Pack;
use crate::parse::{Input, Parsed};
use chrono::NaiveDate;
use reasons::Reasons;
use redress_model::address::AddressKind;
use redress_model::resolution::{Level, Reason, Resolution};
use settle::Settled;

pub use outcome::BAND;
pub(crate) use present::{as_alternative, choice};

/// Answers addresses from a pack and a directory of officials.
#[derive(Clone, Copy)]
pub struct Resolver<'pack> {
    pack: &'pack Pack,
    directory: Option<&'pack Directory>,
}

impl<'pack> Resolver<'pack> {
    /// A resolver; without a directory no posts are named.
    pub fn new(pack: &'pack Pack, directory: Option<&'pack Directory>) -> Self {
        Self { pack, directory }
    }

    /// The whole answer for an address on a day.
    pub fn resolve(&self, input: &Input<'_>, on: NaiveDate) -> Resolution {
        let parsed = Parsed::new(input);
        match self.settle(&parsed, on) {
            Ok((settled, city)) => {
                present::present(self.pack, self.directory, input, parsed, city, &settled, on)
            }
            Err((level, reasons)) => {
                let address = parsed.address();
                let mut resolution = present::empty(self.pack, self.directory, input, address, on);
                resolution.level = level;
                resolution.reasons = reasons.list();
                resolution
            }
        }
    }

    /// The answer without its dress: what a benchmark of the look-up itself measures.
    pub fn level(&self, input: &Input<'_>, on: NaiveDate) -> Level {
        let parsed = Parsed::new(input);
        self.settle(&parsed, on)
            .map_or_else(|(level, _)| level, |(settled, _)| settled.level)
    }

    fn settle(
        &self,
        parsed: &Parsed,
        on: NaiveDate,
    ) -> Result<(Settled<'pack>, Option<String>), (Level, Reasons)> {
        let refused = |reason: Reason| Err((Level::None, Reasons::one(reason)));
        match parsed.kind {
            AddressKind::PoBox => return refused(Reason::PoBox),
            AddressKind::RuralRoute => return refused(Reason::RuralRoute),
            AddressKind::Military => return refused(Reason::Military),
            AddressKind::Unparsed => return refused(Reason::Unparsed),
            AddressKind::Intersection => return refused(Reason::Intersection),
            AddressKind::Area => return Err((Level::Area, Reasons::one(Reason::StreetMissing))),
            AddressKind::Street => {}
        }
        let mut search = search::search(self.pack, parsed);
        if search.budget.is_overrun() {
            return refused(Reason::PackDamaged);
        }
        let city = search.city.clone().or_else(|| parsed.city.clone());
        if let Some(settled) = settle::settle(self.pack, &mut search, parsed.number.is_some(), on) {
            return Ok((settled, city));
        }
        let is_placed = parsed.zip.is_some() || parsed.city.is_some();
        let mut reasons = Reasons::one(Reason::StreetNotFound);
        if parsed.zip.is_none() {
            reasons = reasons.and(Reason::ZipMissing);
        }
        Err((if is_placed { Level::Area } else { Level::None }, reasons))
    }
}
