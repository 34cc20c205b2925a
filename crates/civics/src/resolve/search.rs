//! Finding the streets and ranges that an address may mean.
//!
//! The search begins with what was written and relaxes step by step. Each step costs; the
//! cheapest hits win, and where the cheapest disagree the signer is asked.

use super::reasons::Reasons;
use super::street::{self, Budget, Found, cost};
use crate::pack::format::{COUNTY_AREA, STATE_AREA};
use crate::pack::section::{AreaRecord, CityRecord};
use crate::pack::spelling::Damaged;
use crate::pack::{Pack, RangeView, StreetView};
use crate::parse::number::Reading;
use crate::parse::street::{Segment, display, key, segments_of};
use crate::parse::unit::before_bare;
use crate::parse::{Parsed, number::PLAIN};
use crate::words::{Word, ordinal, sound};
use redress_model::resolution::Reason;
use smallvec::{SmallVec, smallvec};
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
    pub hits: Vec<Hit<'pack>>,
    /// Streets that fit without it.
    pub misses: Vec<NearMiss<'pack>>,
    /// The city, where the index parted it from the street.
    pub city: Option<String>,
    /// The ZIP's cities do not include the one written.
    pub zip_and_city_disagree: bool,
    /// What is left to be spent.
    pub budget: Budget,
    /// Room for the ranges of one street.
    found: Vec<(Found, RangeView<'pack>)>,
}

/// One way to part street and city, with its readings.
struct Split {
    tokens: Range<usize>,
    city: Option<String>,
    segments: Vec<Segment>,
}

/// Runs of area codes.
type Areas = SmallVec<[Range<u32>; 2]>;

/// Areas to look in, with what looking there costs.
struct Step {
    areas: Areas,
    penalty: u32,
    reasons: Reasons,
}

/// Most ways to part street, unit and city that are tried.
const MOST_SPLITS: usize = 6;
/// Most ranges that may compete for one address; real ones are a handful.
const MOST_HITS: usize = 512;
/// Most areas of a city in which a name may be misspelled.
const MOST_AREAS: usize = 64;
/// Most names of one area that are compared by sound; the largest ZIPs have some thousands.
const MOST_NAMES: usize = 20_000;

/// Searches a pack.
pub fn search<'pack>(pack: &'pack Pack, parsed: &Parsed) -> Search<'pack> {
    let mut search = Search {
        hits: Vec::new(),
        misses: Vec::new(),
        city: None,
        zip_and_city_disagree: false,
        budget: Budget::new(),
        found: Vec::new(),
    };
    for split in splits(pack, parsed) {
        let before = search.hits.len();
        search_split(pack, parsed, &split, &mut search);
        if search.budget.is_overrun() {
            break;
        }
        if search.hits.len() > before {
            search.city.clone_from(&split.city);
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
    let tokens: Vec<&str> = split
        .tokens
        .clone()
        .map(|at| parsed.line.token(at))
        .collect();
    let ground = Ground::new(pack, parsed, split.city.as_deref(), search);
    let mut steps: SmallVec<[Step; 4]> = ground.first_step(search).into_iter().collect();
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        look(pack, parsed, &tokens, &split.segments, step, search);
        if search.budget.is_overrun() {
            return;
        }
        // What was written to the letter ends the search, unless ZIP and city name two towns.
        if at == 0 {
            let is_found = search.hits.iter().any(|hit| hit.penalty == 0);
            if is_found && !search.zip_and_city_disagree {
                return;
            }
            ground.further_steps(search, &mut steps);
        }
        at += 1;
    }
    if search.hits.is_empty() {
        for step in steps.iter().take(2) {
            look_for_variants(pack, parsed, &tokens, &split.segments, step, search);
        }
    }
    if search.hits.is_empty() && search.misses.is_empty() {
        look_for_misspellings(pack, parsed, &tokens, &split.segments, &steps, search);
    }
}

/// The ways to part street and city: the index's first, the parser's last.
fn splits(pack: &Pack, parsed: &Parsed) -> Vec<Split> {
    let made = |tokens: Range<usize>, city: Option<String>| {
        let names: SmallVec<[&str; 8]> = tokens.clone().map(|at| parsed.line.token(at)).collect();
        let words: SmallVec<[Word; 8]> = tokens.clone().map(|at| parsed.line.word(at)).collect();
        Split {
            tokens,
            city,
            segments: segments_of(&names, &words),
        }
    };
    let mut found = Vec::new();
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
                    found.push(made(parsed.street.start..end, Some(name.clone())));
                }
                found.push(made(parsed.street.start..at, Some(name)));
            }
        }
    }
    let own = made(parsed.street.clone(), parsed.city.clone());
    if !found.iter().any(|split| split.tokens == own.tokens) {
        found.push(own);
    }
    // What was taken for a city may be the end of a name: `FIVEASH OAK`.
    if parsed.city_is_open && parsed.street.end < parsed.open_end {
        found.push(made(parsed.street.start..parsed.open_end, None));
    }
    // What looks like a unit may be the end of a name: `NFS RD 211`.
    if parsed.unit_end > parsed.open_end && !parsed.city_is_open {
        found.push(made(
            parsed.street.start..parsed.unit_end,
            parsed.city.clone(),
        ));
    }
    found.truncate(MOST_SPLITS);
    found
}

/// What is known of where to look.
struct Ground<'search> {
    pack: &'search Pack,
    zip: Option<u32>,
    state: u8,
    is_state_written: bool,
    city: Option<&'search str>,
    /// The ZIP has the city, as far as is known.
    zip_has_city: bool,
}

impl<'search> Ground<'search> {
    fn new(
        pack: &'search Pack,
        parsed: &'search Parsed,
        city: Option<&'search str>,
        search: &mut Search<'_>,
    ) -> Self {
        let area = parsed.zip.and_then(|zip| pack.area(zip));
        let state = match (parsed.state, &area) {
            (0, Some(area)) => area.record.state as u8,
            (state, _) => state,
        };
        let zip_has_city = city.is_none_or(|city| {
            area.is_none_or(|area| {
                area.record.city_count == 0
                    || area.cities().any(|known| pack.is_text(known.name, city))
            })
        });
        let ground = Self {
            pack,
            zip: parsed.zip,
            state,
            is_state_written: parsed.state != 0,
            city,
            zip_has_city,
        };
        search.zip_and_city_disagree |=
            parsed.zip.is_some() && !zip_has_city && ground.known_city().is_some();
        ground
    }

    fn known_city(&self) -> Option<&'search CityRecord> {
        self.city.and_then(|city| self.pack.city(self.state, city))
    }

    /// The ZIP as it is written; else the city's, else the state.
    fn first_step(&self, search: &Search<'_>) -> Option<Step> {
        let Some(zip) = self.zip else {
            return self.city_step().or_else(|| self.state_step());
        };
        Some(Step {
            areas: smallvec![one(zip)],
            penalty: if search.zip_and_city_disagree {
                cost::CITY
            } else {
                0
            },
            reasons: if self.zip_has_city {
                Reasons::default()
            } else {
                Reasons::one(Reason::ZipCityDisagree)
            },
        })
    }

    /// Where else to look, in the order of what it costs.
    fn further_steps(&self, search: &Search<'_>, steps: &mut SmallVec<[Step; 4]>) {
        let Self { pack, state, .. } = *self;
        let known_city = self.known_city();
        let zipless = zipless_areas(pack, state);
        let without_zip = |areas| Step {
            areas,
            penalty: 1,
            reasons: Reasons::one(Reason::ZipNotInSource),
        };
        if let Some(zip) = self.zip {
            if let Some(city) = known_city {
                let reasons = Reasons::one(Reason::ZipDiffers);
                let (penalty, reasons) = if search.zip_and_city_disagree {
                    (cost::CITY, reasons.and(Reason::ZipCityDisagree))
                } else {
                    (cost::ZIP, reasons)
                };
                let codes = pack.areas_of(city).iter().copied();
                steps.push(Step {
                    areas: codes.filter(|code| *code != zip).map(one).collect(),
                    penalty,
                    reasons,
                });
            }
            steps.push(without_zip(zipless));
            let near = zip / 100 * 100;
            steps.push(Step {
                areas: smallvec![near..zip, zip + 1..near + 100],
                penalty: cost::NEAR_ZIP,
                reasons: Reasons::one(Reason::ZipDiffers),
            });
        } else if self.city_step().is_some() {
            steps.push(without_zip(zipless));
        }
    }

    /// Without a ZIP: the ZIPs of the city.
    fn city_step(&self) -> Option<Step> {
        let city = self.known_city()?;
        let codes = self.pack.areas_of(city).iter().copied();
        let mut areas: Areas = codes.map(one).collect();
        areas.sort_by_key(|area| area.start);
        Some(Step {
            areas,
            penalty: 0,
            reasons: Reasons::one(Reason::ZipMissing),
        })
    }

    /// Without a ZIP and a known city: the whole state, if one is written.
    fn state_step(&self) -> Option<Step> {
        if !self.is_state_written {
            return None;
        }
        let mut areas = zipless_areas(self.pack, self.state);
        let of_state =
            |area: &&AreaRecord| area.state == u32::from(self.state) && area.code < COUNTY_AREA;
        areas.extend(
            self.pack
                .areas()
                .iter()
                .filter(of_state)
                .map(|area| one(area.code)),
        );
        Some(Step {
            areas,
            penalty: cost::STATE_ONLY,
            reasons: Reasons::one(Reason::ZipMissing),
        })
    }
}

fn one(area: u32) -> Range<u32> {
    area..area.saturating_add(1)
}

/// The areas of a state's streets whose source has no ZIP.
fn zipless_areas(pack: &Pack, state: u8) -> Areas {
    if state == 0 {
        return Areas::new();
    }
    let state = u32::from(state);
    [
        COUNTY_AREA + state * 1000..COUNTY_AREA + (state + 1) * 1000,
        STATE_AREA + state..STATE_AREA + state + 1,
    ]
    .into_iter()
    .filter(|areas| {
        let from = pack.areas().partition_point(|area| area.code < areas.start);
        pack.areas()
            .get(from)
            .is_some_and(|area| area.code < areas.end)
    })
    .collect()
}

fn look<'pack>(
    pack: &'pack Pack,
    parsed: &Parsed,
    tokens: &[&str],
    segments: &[Segment],
    step: &Step,
    search: &mut Search<'pack>,
) {
    let mut text = String::with_capacity(32);
    for segment in segments {
        let name = &tokens[segment.name.clone()];
        look_for(pack, parsed, segment, name, step, &mut text, search);
        if search.budget.is_overrun() {
            return;
        }
    }
}

/// Takes the streets of a name in the areas of a step; `text` is room for its key.
fn look_for<'pack>(
    pack: &'pack Pack,
    parsed: &Parsed,
    segment: &Segment,
    name: &[&str],
    step: &Step,
    text: &mut String,
    search: &mut Search<'pack>,
) {
    key(name, text);
    let named = pack.streets_named(text);
    if named.is_empty() {
        return;
    }
    for areas in &step.areas {
        for street in pack
            .streets_in_areas(named.clone(), areas.clone())
            .filter_map(|number| pack.street(number))
        {
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
        look_for(
            pack,
            parsed,
            segment,
            &[other.as_str()],
            &relaxed,
            &mut text,
            search,
        );
        if search.budget.is_overrun() {
            return;
        }
    }
}

/// One letter wrong, among the streets of the areas; else another spelling of the same sound.
fn look_for_misspellings<'pack>(
    pack: &'pack Pack,
    parsed: &Parsed,
    tokens: &[&str],
    segments: &[Segment],
    steps: &[Step],
    search: &mut Search<'pack>,
) {
    let mut text = String::new();
    for how in [Misspelling::Letter, Misspelling::Sound] {
        for step in steps.iter().take(2) {
            // A run of areas may be a whole state: a misspelling there proves nothing.
            let areas = step.areas.iter().filter(|areas| areas.len() == 1);
            for area in areas.map(|areas| areas.start).take(MOST_AREAS) {
                for segment in segments {
                    let spelled = display(&tokens[segment.name.clone()]);
                    let Ok(names) = how.names(pack, area, &spelled) else {
                        search.budget.overrun();
                        return;
                    };
                    for theirs in names {
                        let relaxed = Step {
                            areas: smallvec![one(area)],
                            penalty: step.penalty + how.cost(),
                            reasons: step.reasons.and(how.reason()),
                        };
                        let name: Vec<&str> = theirs.split(' ').collect();
                        look_for(pack, parsed, segment, &name, &relaxed, &mut text, search);
                        if search.budget.is_overrun() {
                            return;
                        }
                    }
                }
            }
        }
        if !search.hits.is_empty() || !search.misses.is_empty() {
            return;
        }
    }
}

/// How a name may be misspelled.
#[derive(Debug, Clone, Copy)]
enum Misspelling {
    /// One letter, or two swapped.
    Letter,
    /// As it sounds.
    Sound,
}

impl Misspelling {
    fn cost(self) -> u32 {
        match self {
            Self::Letter => cost::SPELLING,
            Self::Sound => cost::SOUND,
        }
    }

    fn reason(self) -> Reason {
        match self {
            Self::Letter => Reason::Spelling,
            Self::Sound => Reason::SoundsAlike,
        }
    }

    /// The area's names that the name may be meant for; names with digits are never misspelled ones.
    fn names(self, pack: &Pack, area: u32, spelled: &str) -> Result<Vec<String>, Damaged> {
        let has_digit = |name: &str| name.bytes().any(|byte| byte.is_ascii_digit());
        if spelled.len() < 4 || has_digit(spelled) {
            return Ok(Vec::new());
        }
        let mut names = match self {
            Self::Letter => pack.list_names_near(area, spelled)?,
            Self::Sound => {
                let Some(sound) = sound::of(spelled) else {
                    return Ok(Vec::new());
                };
                let mut names = pack.list_names_starting(area, "", MOST_NAMES)?;
                names.retain(|name| {
                    name.len().abs_diff(spelled.len()) <= 3
                        && sound::of(name).as_ref() == Some(&sound)
                });
                names
            }
        };
        names.retain(|name| name != spelled && !has_digit(name));
        Ok(names)
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
