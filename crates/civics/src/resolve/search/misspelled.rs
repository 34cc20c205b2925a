//! Names that are not spelled as any source spells them.

use super::super::street::cost;
use super::ground::{Step, one};
use super::{Search, look_for};
use crate::pack::Pack;
use crate::pack::spelling::Damaged;
use crate::parse::Parsed;
use crate::parse::street::{Segment, display, key};
use crate::words::sound;
use redress_model::resolution::Reason;
use smallvec::smallvec;

/// Most areas of a city in which a name may be misspelled.
const MOST_AREAS: usize = 64;
/// Most names of one area that are compared by sound; the largest ZIPs have some thousands.
const MOST_NAMES: usize = 20_000;

/// One letter wrong, among the streets of the areas; else another spelling of the same sound.
pub(super) fn look<'pack>(
    pack: &'pack Pack,
    parsed: &Parsed,
    tokens: &[&str],
    segments: &[Segment],
    steps: &[Step],
    search: &mut Search<'pack>,
) {
    let mut text = String::new();
    for how in [Misspelling::Letter, Misspelling::Sound] {
        // Where the ZIP differs too, nothing is left that could prove a name.
        let as_written = |step: &&Step| !step.reasons.has(Reason::ZipDiffers);
        for step in steps.iter().take(2).filter(as_written) {
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
                        key(&name, &mut text);
                        look_for(pack, parsed, segment, &name, &text, None, &relaxed, search);
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
