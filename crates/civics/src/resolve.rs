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

mod ahead;
mod book;
mod dress;
mod outcome;
mod present;
mod reasons;
pub(crate) mod search;
mod settle;
mod street;

use crate::officials::Directory;
use crate::pack::Pack;
use crate::parse::{Input, Parsed};
use ahead::{TOGETHER, look_ahead};
use book::Book;
use chrono::NaiveDate;
use reasons::Reasons;
use redress_model::address::AddressKind;
use redress_model::resolution::{Level, Reason, Resolution};
use search::Prepared;
use settle::{Ground, Settled};
use std::sync::Arc;

pub(crate) use book::Books;
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
        let book = self.book(on);
        let ground = self.ground(&book, on);
        let parsed = Parsed::new(input);
        let prepared = Prepared::new(self.pack, &parsed);
        ground.answer(input, parsed, &prepared)
    }

    /// The whole answers for many addresses on a day, in their order: the same as one by one, and
    /// sooner, because what they read is fetched for several together, and because each step is taken for several before the next: the
    /// code of one step fits into the nearest memory, that of all steps does not.
    pub fn resolve_many(
        &self,
        inputs: &[Input<'_>],
        on: NaiveDate,
        mut take: impl FnMut(Resolution),
    ) {
        let book = self.book(on);
        let ground = self.ground(&book, on);
        let mut parsed: Vec<Parsed> = Vec::with_capacity(TOGETHER);
        let mut prepared: Vec<Prepared> = Vec::with_capacity(TOGETHER);
        let mut settled: Vec<Settling<'_>> = Vec::with_capacity(TOGETHER);
        for inputs in inputs.chunks(TOGETHER) {
            parsed.extend(inputs.iter().map(Parsed::new));
            let ways = parsed.iter().map(|parsed| Prepared::new(self.pack, parsed));
            prepared.extend(ways);
            look_ahead(self.pack, &book, &prepared);
            let found = parsed.iter().zip(&prepared);
            settled.extend(found.map(|(parsed, prepared)| settle_parsed(ground, parsed, prepared)));
            prepared.clear();
            let found = parsed.drain(..).zip(settled.drain(..));
            for (input, (parsed, settled)) in inputs.iter().zip(found) {
                take(ground.dressed(input, parsed, settled));
            }
        }
    }

    /// The answer without its dress: what a benchmark of the look-up itself measures.
    pub fn level(&self, input: &Input<'_>, on: NaiveDate) -> Level {
        let parsed = Parsed::new(input);
        let book = self.book(on);
        let prepared = Prepared::new(self.pack, &parsed);
        settle_parsed(self.ground(&book, on), &parsed, &prepared)
            .map_or_else(|(level, _)| level, |(settled, _)| settled.level)
    }

    fn book(&self, on: NaiveDate) -> Arc<Book> {
        self.pack.books().of(self.pack, self.directory, on)
    }

    fn ground<'answer>(&self, book: &'answer Book, on: NaiveDate) -> Ground<'answer>
    where
        'pack: 'answer,
    {
        Ground {
            pack: self.pack,
            directory: self.directory,
            book,
            on,
        }
    }
}

impl Ground<'_> {
    fn answer(self, input: &Input<'_>, parsed: Parsed, prepared: &Prepared) -> Resolution {
        let settled = settle_parsed(self, &parsed, prepared);
        self.dressed(input, parsed, settled)
    }

    #[inline(never)]
    fn dressed(self, input: &Input<'_>, parsed: Parsed, settled: Settling<'_>) -> Resolution {
        match settled {
            Ok((settled, city)) => present::present(self, input, parsed, city, &settled),
            Err((level, reasons)) => {
                let (address, on) = (parsed.address(), self.on);
                let mut resolution = present::empty(self.pack, self.directory, input, address, on);
                resolution.level = level;
                resolution.reasons = reasons.list();
                resolution
            }
        }
    }
}

/// What is settled, with the city that was parted from the street; else how unsure, and why.
type Settling<'answer> = Result<(Settled<'answer>, Option<String>), (Level, Reasons)>;

#[inline(never)]
fn settle_parsed<'answer>(
    ground: Ground<'answer>,
    parsed: &Parsed,
    prepared: &Prepared,
) -> Settling<'answer> {
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
    let mut search = search::search(ground.pack, parsed, prepared);
    if search.budget.is_overrun() {
        return refused(Reason::PackDamaged);
    }
    let city = search.split.and_then(|split| prepared.city_of(split));
    let city = city.map(str::to_owned);
    if let Some(settled) = settle::settle(ground, &mut search, parsed.number.is_some()) {
        return Ok((settled, city));
    }
    let is_placed = parsed.zip.is_some() || parsed.city.is_some();
    let mut reasons = Reasons::one(Reason::StreetNotFound);
    if parsed.zip.is_none() {
        reasons = reasons.and(Reason::ZipMissing);
    }
    Err((if is_placed { Level::Area } else { Level::None }, reasons))
}
