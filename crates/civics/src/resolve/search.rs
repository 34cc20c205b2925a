//! Finding the streets and ranges that an address may mean.
//!
//! The search begins with what was written and relaxes step by step. Each step costs; the
//! cheapest hits win, and where the cheapest disagree the signer is asked.

mod ground;
mod misspelled;

use super::reasons::Reasons;
use super::street::{self, Budget, Found, cost};
use crate::pack::{Pack, RangeView, StreetView, key_in_area};
use crate::parse::number::Reading;
use crate::parse::street::{Keys, MOST, Segment, Segments, key, segments_of};
use crate::parse::unit::before_bare;
use crate::parse::{Parsed, number::PLAIN};
use crate::words::ordinal;
use ground::{Ground, Step};
use redress_model::resolution::Reason;
use smallvec::SmallVec;
use std::ops::Range;

/// A range that may hold the address.
#[derive(Clone, Copy)]
pub struct Hit<'pack> {
    /// The street.
    pub street: StreetView<'pack>,
    /// The range.
    pub range: RangeView<'pack>,
    /// How the number was found.
    pub found: Found,
    /// What the relaxations cost.
    pub penalty: u32,
    /// Which they were.
    pub reasons: Reasons,
    /// The name is spelled as the source spells it.
    pub is_spelled_alike: bool,
    /// Number as it was read.
    pub number: u32,
}

/// A street that fits, though the number is not on it.
#[derive(Clone, Copy)]
pub struct NearMiss<'pack> {
    /// The street.
    pub street: StreetView<'pack>,
    /// What the relaxations cost.
    pub penalty: u32,
    /// Which they were.
    pub reasons: Reasons,
}

/// What a search found.
pub struct Search<'pack> {
    /// Ranges that hold the number.
    pub hits: SmallVec<[Hit<'pack>; 2]>,
    /// Streets that fit without it.
    pub misses: SmallVec<[NearMiss<'pack>; 2]>,
    /// The way to part street and city that was found, by position in what was prepared.
    pub split: Option<usize>,
    /// The ZIP's cities do not include the one written.
    pub zip_and_city_disagree: bool,
    /// What is left to be spent.
    pub budget: Budget,
    /// Room for the ranges of one street.
    found: SmallVec<[(Found, RangeView<'pack>); 4]>,
}

/// One way to part street and city, with its readings.
struct Split {
    tokens: Range<usize>,
    city: City,
    segments: Segments,
    keys: Keys,
    /// Where the ZIP is written: under which hashes the readings' names stand in it.
    hashes: SmallVec<[u64; MOST]>,
}

/// The city of a way to part street and city.
enum City {
    /// The parser's own, or none.
    Own,
    /// One that the index knows.
    Known(String),
    /// All of it is street.
    None,
}

impl Split {
    fn city<'split>(&'split self, parsed: &'split Parsed) -> Option<&'split str> {
        match &self.city {
            City::Own => parsed.city.as_deref(),
            City::Known(city) => Some(city),
            City::None => None,
        }
    }
}

/// What is to be looked for.
pub struct Prepared(SmallVec<[Split; 2]>);

impl Prepared {
    /// The ways to read an address.
    pub fn new(pack: &Pack, parsed: &Parsed) -> Self {
        Self(splits(pack, parsed))
    }

    /// The city of a way that was found, where the index parted it from the street.
    pub fn city_of(&self, split: usize) -> Option<&str> {
        match &self.0.get(split)?.city {
            City::Known(city) => Some(city),
            City::Own | City::None => None,
        }
    }

    /// Under which hashes the likeliest way's names stand in its ZIP.
    pub fn hashes(&self) -> impl Iterator<Item = u64> {
        let first = self.0.first();
        first
            .into_iter()
            .flat_map(|split| split.hashes.iter().copied())
    }
}

/// Most ways to part street, unit and city that are tried.
const MOST_SPLITS: usize = 6;
/// What makes a street of another ZIP another street.
const ANOTHER_STREET: [Reason; 4] = [
    Reason::DirectionalMissing,
    Reason::DirectionalExtra,
    Reason::TypeMissing,
    Reason::TypeDiffers,
];
/// Most ranges that may compete for one address; real ones are a handful.
const MOST_HITS: usize = 512;

/// Searches a pack.
pub fn search<'pack>(pack: &'pack Pack, parsed: &Parsed, prepared: &Prepared) -> Search<'pack> {
    let mut search = Search {
        hits: SmallVec::new(),
        misses: SmallVec::new(),
        split: None,
        zip_and_city_disagree: false,
        budget: Budget::new(),
        found: SmallVec::new(),
    };
    for (at, split) in prepared.0.iter().enumerate() {
        let before = search.hits.len();
        search_split(pack, parsed, split, &mut search);
        if search.budget.is_overrun() {
            break;
        }
        if search.hits.len() > before {
            search.split = Some(at);
            if search.hits[before..].iter().any(|hit| hit.penalty == 0) {
                break;
            }
        }
    }
    search
}

fn search_split<'pack>(
    pack: &'pack Pack,
    parsed: &Parsed,
    split: &Split,
    search: &mut Search<'pack>,
) {
    let tokens = parsed.line.tokens(split.tokens.clone());
    let ground = Ground::new(pack, parsed, split.city(parsed), search);
    let mut steps: SmallVec<[Step; 4]> = SmallVec::new();
    if let Some(first) = ground.first_step(search) {
        look(pack, parsed, &tokens, split, &first, search);
        // What was written to the letter ends the search, unless ZIP and city name two towns.
        let is_found = search.hits.iter().any(|hit| hit.penalty == 0);
        if search.budget.is_overrun() || is_found && !search.zip_and_city_disagree {
            return;
        }
        steps.push(first);
        ground.further_steps(search, &mut steps);
        for step in &steps[1..] {
            look(pack, parsed, &tokens, split, step, search);
            if search.budget.is_overrun() {
                return;
            }
        }
    }
    if search.hits.is_empty() {
        for step in steps.iter().take(2) {
            look_for_variants(pack, parsed, &tokens, &split.segments, step, search);
        }
    }
    if search.hits.is_empty() && search.misses.is_empty() {
        misspelled::look(pack, parsed, &tokens, &split.segments, &steps, search);
    }
}

/// The ways to part street and city: the index's first, the parser's last.
fn splits(pack: &Pack, parsed: &Parsed) -> SmallVec<[Split; 2]> {
    let made = |tokens: Range<usize>, city: City| {
        let names = parsed.line.tokens(tokens.clone());
        let words = parsed.line.words(tokens.clone());
        let keys = Keys::new(&names, &words);
        let segments = segments_of(&names, &words);
        let mut room = String::new();
        let mut hash = |zip: u32, segment: &Segment| {
            key_in_area(keys.of(&names, segment.name.clone(), &mut room), zip)
        };
        let mut hashes = SmallVec::new();
        if let Some(zip) = parsed.zip {
            for segment in &segments {
                hashes.push(hash(zip, segment));
            }
        }
        Split {
            tokens,
            city,
            segments,
            keys,
            hashes,
        }
    };
    let mut found: SmallVec<[Split; 2]> = SmallVec::new();
    if parsed.city_is_open {
        let state = parsed
            .zip
            .and_then(|zip| pack.area(zip))
            .map(|area| area.record.state as u8)
            .filter(|state| *state != 0)
            .unwrap_or(parsed.state);
        let first = parsed
            .open_end
            .saturating_sub(4)
            .max(parsed.street.start + 1);
        for at in first..parsed.open_end {
            let name = parsed.line.join(at, parsed.open_end);
            if pack.city(state, &name).is_some() {
                if let Some(end) = before_bare(&parsed.line, parsed.street.start..at) {
                    found.push(made(parsed.street.start..end, City::Known(name.clone())));
                }
                found.push(made(parsed.street.start..at, City::Known(name)));
            }
        }
    }
    let own = made(parsed.street.clone(), City::Own);
    if !found.iter().any(|split| split.tokens == own.tokens) {
        found.push(own);
    }
    // What was taken for a city may be the end of a name: `FIVEASH OAK`.
    if parsed.city_is_open && parsed.street.end < parsed.open_end {
        found.push(made(parsed.street.start..parsed.open_end, City::None));
    }
    // What looks like a unit may be the end of a name: `NFS RD 211`.
    if parsed.unit_end > parsed.open_end && !parsed.city_is_open {
        found.push(made(parsed.street.start..parsed.unit_end, City::Own));
    }
    found.truncate(MOST_SPLITS);
    found
}

fn look<'pack>(
    pack: &'pack Pack,
    parsed: &Parsed,
    tokens: &[&str],
    split: &Split,
    step: &Step,
    search: &mut Search<'pack>,
) {
    let mut room = String::new();
    let is_zip = |areas: &Range<u32>| areas.len() == 1 && Some(areas.start) == parsed.zip;
    let is_of_zip = matches!(step.areas.as_slice(), [areas] if is_zip(areas));
    for (at, segment) in split.segments.iter().enumerate() {
        let name = &tokens[segment.name.clone()];
        let key = split.keys.of(tokens, segment.name.clone(), &mut room);
        let hash = split.hashes.get(at).copied().filter(|_| is_of_zip);
        look_for(pack, parsed, segment, name, key, hash, step, search);
        if search.budget.is_overrun() {
            return;
        }
    }
}

/// Takes the streets of a name in the areas of a step; the hash is that of its key in the only one.
#[expect(clippy::too_many_arguments, reason = "one look's facts")]
fn look_for<'pack>(
    pack: &'pack Pack,
    parsed: &Parsed,
    segment: &Segment,
    name: &[&str],
    key: &str,
    hash: Option<u64>,
    step: &Step,
    search: &mut Search<'pack>,
) {
    let mut named = None;
    for areas in &step.areas {
        // One area's streets are found at once; those of a run of areas among all of the name.
        let streets = if areas.len() == 1 {
            let hash = hash.unwrap_or_else(|| key_in_area(key, areas.start));
            pack.streets_at(hash, key, areas.start, |street| street.is_spelled(name))
        } else {
            let named: &Range<u32> = named.get_or_insert_with(|| pack.streets_named(key));
            pack.streets_in_areas(named.clone(), areas.clone())
        };
        for street in streets.filter_map(|number| pack.street(number)) {
            take(
                pack,
                parsed,
                segment,
                &street,
                name,
                step.penalty,
                step.reasons,
                search,
            );
            if search.budget.is_overrun() {
                return;
            }
        }
    }
}

/// `5` for `5TH` and the other way round.
fn look_for_variants<'pack>(
    pack: &'pack Pack,
    parsed: &Parsed,
    tokens: &[&str],
    segments: &[Segment],
    step: &Step,
    search: &mut Search<'pack>,
) {
    for segment in segments {
        let [token] = &tokens[segment.name.clone()] else {
            continue;
        };
        let digits = token.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let Ok(number) = digits.parse::<u32>() else {
            continue;
        };
        let other = match &token[digits.len()..] {
            "" => format!("{number}{}", ordinal::suffix(number)),
            "ST" | "ND" | "RD" | "TH" => number.to_string(),
            _ => continue,
        };
        let relaxed = Step {
            areas: step.areas.clone(),
            penalty: step.penalty + cost::VARIANT,
            reasons: step.reasons.and(Reason::NameVariant),
        };
        let mut text = String::new();
        key(&[other.as_str()], &mut text);
        look_for(
            pack,
            parsed,
            segment,
            &[other.as_str()],
            &text,
            None,
            &relaxed,
            search,
        );
        if search.budget.is_overrun() {
            return;
        }
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one comparison's facts; grouping them would name nothing"
)]
fn take<'pack>(
    pack: &'pack Pack,
    parsed: &Parsed,
    segment: &Segment,
    street: &StreetView<'pack>,
    name: &[&str],
    penalty: u32,
    reasons: Reasons,
    search: &mut Search<'pack>,
) {
    if search.hits.len() >= MOST_HITS {
        search.budget.overrun();
    }
    if !search.budget.spend(Budget::STREET) {
        return;
    }
    let Some((cost, why)) = street::compare(segment, street.parts()) else {
        return;
    };
    // `HAVANA ST` in one ZIP and `S HAVANA ST` in another are two streets: of two things that differ neither proves the other.
    if reasons.has(Reason::ZipDiffers) && ANOTHER_STREET.iter().any(|differs| why.has(*differs)) {
        return;
    }
    let (penalty, reasons) = (penalty + cost, reasons.with(why));
    let mut found = std::mem::take(&mut search.found);
    if let Some(number) = &parsed.number {
        let readings = number.readings.iter();
        for reading in readings.filter(|reading| street.has_affix(&reading.affix)) {
            street::find_number(pack, street, reading, &mut search.budget, &mut found);
            for (how, range) in found.drain(..) {
                push(street, range, how, reading, penalty, reasons, name, search);
            }
        }
    }
    search.found = found;
    if parsed.number.is_none() || street.has_affix(PLAIN) {
        search.misses.push(NearMiss {
            street: *street,
            penalty,
            reasons,
        });
    }
}

#[expect(clippy::too_many_arguments, reason = "one hit's facts")]
fn push<'pack>(
    street: &StreetView<'pack>,
    range: RangeView<'pack>,
    found: Found,
    reading: &Reading,
    penalty: u32,
    reasons: Reasons,
    name: &[&str],
    search: &mut Search<'pack>,
) {
    let mut hit = Hit {
        street: *street,
        range,
        found,
        penalty,
        reasons,
        is_spelled_alike: street.is_spelled(name),
        number: reading.value,
    };
    if reading.is_shortened {
        hit.reasons.add(Reason::NumberSuffixIgnored);
    }
    match found {
        Found::OtherSide => {
            hit.penalty += cost::PARITY;
            hit.reasons.add(Reason::ParityMismatch);
        }
        Found::Between => hit.reasons.add(Reason::BetweenKnownNumbers),
        Found::Point | Found::Range => {}
    }
    search.hits.push(hit);
}
