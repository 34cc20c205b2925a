//! Several packs as one map: one file for each state, or a nation and a newer city beside it.
//!
//! Which packs may hold an address is told by its ZIP and state; most addresses are asked of one pack alone. Where two packs answer,
//! the surer answer stands; where both are as sure and contradict each other, the answer is a question with the alternatives of both.

use crate::block::{self, Block};
use crate::officials::{Directory, Gatherer};
use crate::pack::format::Section;
use crate::pack::{Pack, PackError};
use crate::parse::{Input, Parsed};
use crate::resolve::Resolver;
use chrono::NaiveDate;
use redress_model::resolution::{Level, Reason, Resolution};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One or more open packs, in the order in which they were named.
#[derive(Debug, Clone)]
pub struct Packs {
    first: Arc<Pack>,
    others: Vec<Arc<Pack>>,
}

/// Fewest addresses that a thread is begun for.
const FEW: usize = 256;
/// Ending of a pack's file in a folder of packs.
const ENDING: &str = "pack";

impl Packs {
    /// Opens files, and of folders every `*.pack` in them, by name.
    pub fn open(paths: &[PathBuf]) -> Result<Self, PackError> {
        Self::opened(paths, &Pack::open)
    }

    /// The same, for a program that answers for long: packs that are not larger than `most` bytes are held in memory ([`Pack::hold`]).
    pub fn hold(paths: &[PathBuf], most: u64) -> Result<Self, PackError> {
        let is_small = |file: &Path| file.metadata().is_ok_and(|file| file.len() <= most);
        Self::opened(paths, &|file| {
            if is_small(file) {
                Pack::hold(file)
            } else {
                Pack::open(file)
            }
        })
    }

    fn opened(
        paths: &[PathBuf],
        open: &dyn Fn(&Path) -> Result<Pack, PackError>,
    ) -> Result<Self, PackError> {
        let mut packs = Vec::new();
        for file in Self::files(paths)? {
            packs.push(Arc::new(open(&file)?));
        }
        Self::of(packs).ok_or_else(|| PackError::Io {
            path: PathBuf::new(),
            source: nothing("no pack is named"),
        })
    }

    /// The files that some paths name: themselves, and of folders every `*.pack` in them, by name.
    pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, PackError> {
        let mut all = Vec::new();
        for path in paths {
            all.extend(files(path)?);
        }
        Ok(all)
    }

    /// Of packs that are open already; `None` of none.
    pub fn of(mut packs: Vec<Arc<Pack>>) -> Option<Self> {
        if packs.is_empty() {
            return None;
        }
        let first = packs.remove(0);
        Some(Self {
            first,
            others: packs,
        })
    }

    /// The packs.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Pack>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The id of what they hold together: one pack's own, or the ids of all, joined by `+`.
    pub fn id(&self) -> Arc<str> {
        if self.others.is_empty() {
            return Arc::clone(self.first.id());
        }
        let ids: Vec<&str> = self.all().map(|pack| pack.id().as_ref()).collect();
        ids.join("+").into()
    }

    /// The pack that an answer names; of an answer of several, the first that it names.
    pub fn that_answered(&self, resolution: &Resolution) -> &Pack {
        let named = |pack: &&Arc<Pack>| {
            resolution
                .pack
                .split('+')
                .any(|id| id == pack.id().as_ref())
        };
        self.all().find(named).unwrap_or(&self.first)
    }

    /// The officials of all packs; where two list the same seat the later pack's list is the later
    /// one.
    pub fn directory(&self) -> Result<Directory, PackError> {
        if self.others.is_empty() {
            return self.first.json(Section::Officials);
        }
        let mut gatherer = Gatherer::new();
        for pack in self.all() {
            gatherer.append(&pack.json(Section::Officials)?);
        }
        Ok(gatherer.finish())
    }

    /// Checks every section of the packs that are not larger than `most` bytes; the first damage that
    /// is found.
    pub fn verify(&self, most: usize) -> Result<(), PackError> {
        let mut small = self.all().filter(|pack| pack.file_length() <= most);
        small.try_for_each(|pack| pack.verify())
    }

    /// The packs that may hold an address: those that know its ZIP, else those of its state, else
    /// all.
    fn candidates(&self, parsed: &Parsed) -> Vec<&Pack> {
        let all = || self.all().map(AsRef::as_ref);
        if !self.others.is_empty() {
            let by_zip = |pack: &&Pack| parsed.zip.is_some_and(|zip| pack.area(zip).is_some());
            let by_state = |pack: &&Pack| parsed.state != 0 && pack.has_state(parsed.state);
            let mut found: Vec<&Pack> = all().filter(by_zip).collect();
            // A ZIP may span states, and be written wrongly: the state's own pack is asked too.
            for pack in all().filter(by_state) {
                if !found.iter().any(|known| std::ptr::eq(*known, pack)) {
                    found.push(pack);
                }
            }
            if !found.is_empty() {
                return found;
            }
        }
        all().collect()
    }

    /// The whole answer for an address on a day.
    pub fn resolve(
        &self,
        input: &Input<'_>,
        directory: Option<&Directory>,
        on: NaiveDate,
    ) -> Resolution {
        let answer = |pack: &Pack| Resolver::new(pack, directory).resolve(input, on);
        if self.others.is_empty() {
            return answer(&self.first);
        }
        let candidates = self.candidates(&Parsed::new(input));
        let answers = candidates.into_iter().map(answer);
        answers
            .reduce(joined)
            .unwrap_or_else(|| answer(&self.first))
    }
}

impl Packs {
    /// The block of an address that they answered: what may be kept of it.
    pub fn block_of(&self, resolution: &Resolution) -> Option<Block> {
        block::of(self.that_answered(resolution), resolution)
    }

    /// The whole answers for many addresses on a day, in their order, by as many threads as there
    /// are cores.
    pub fn resolve_many(
        &self,
        inputs: &[Input<'_>],
        directory: Option<&Directory>,
        on: NaiveDate,
    ) -> Vec<Resolution> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = inputs.len().div_ceil(cores).max(FEW);
        let mut shares = inputs.chunks(share);
        let first = shares.next().unwrap_or(&[]);
        let answer = |inputs: &[Input<'_>]| {
            let mut answers = Vec::with_capacity(inputs.len());
            if self.others.is_empty() {
                let resolver = Resolver::new(&self.first, directory);
                resolver.resolve_many(inputs, on, |answer| answers.push(answer));
            } else {
                answers.extend(
                    inputs
                        .iter()
                        .map(|input| self.resolve(input, directory, on)),
                );
            }
            answers
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = shares.map(|share| scope.spawn(|| answer(share))).collect();
            let mut answers = answer(first);
            for other in others {
                match other.join() {
                    Ok(more) => answers.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            answers
        })
    }
}

fn nothing(what: &'static str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::NotFound, what)
}

fn files(path: &Path) -> Result<Vec<PathBuf>, PackError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let io = |source| PackError::Io {
        path: path.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(io)? {
        let file = entry.map_err(io)?.path();
        let is_hidden = file
            .file_name()
            .is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if !is_hidden && file.extension().is_some_and(|ending| ending == ENDING) {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(io(nothing(
            "the folder holds no *.pack; build one with `redress civics build`",
        )));
    }
    files.sort();
    Ok(files)
}

/// Two packs' answers as one.
fn joined(one: Resolution, other: Resolution) -> Resolution {
    let sureness = |answer: &Resolution| {
        let asks = match answer.level {
            Level::Exact | Level::ExactSplit | Level::Relaxed => 0,
            Level::Candidates => 1,
            Level::Street => 2,
            Level::Area => 3,
            Level::None => 4,
        };
        (asks, answer.penalty)
    };
    let (mine, theirs) = (sureness(&one), sureness(&other));
    let governments = |answer: &Resolution| {
        let mut all: Vec<String> = answer
            .governments
            .iter()
            .map(|government| government.geoid.clone())
            .collect();
        all.sort();
        (all, answer.district.clone())
    };
    let names_somebody =
        |answer: &Resolution| !answer.governments.is_empty() || !answer.alternatives.is_empty();
    if mine != theirs || !names_somebody(&one) || !names_somebody(&other) {
        let other_is_better = theirs < mine || !names_somebody(&one) && names_somebody(&other);
        return if other_is_better { other } else { one };
    }
    if governments(&one) == governments(&other) && one.alternatives == other.alternatives {
        return one;
    }
    contradicting(one, other)
}

/// What two answers have in common.
fn both<T: PartialEq>(one: &[Arc<T>], other: &[Arc<T>]) -> Arc<[Arc<T>]> {
    let common = one.iter().filter(|part| other.contains(part));
    common.map(Arc::clone).collect()
}

/// Both are as sure and say different things: nobody but the signer knows.
fn contradicting(one: Resolution, other: Resolution) -> Resolution {
    let mut question = one;
    let mut alternatives = std::mem::take(&mut question.alternatives);
    if alternatives.is_empty() {
        alternatives.extend(crate::resolve::as_alternative(&question));
    }
    let mut theirs = other.alternatives.clone();
    if theirs.is_empty() {
        theirs.extend(crate::resolve::as_alternative(&other));
    }
    for alternative in theirs {
        if !alternatives
            .iter()
            .any(|known| known.choice == alternative.choice)
        {
            alternatives.push(alternative);
        }
    }
    question.level = Level::Candidates;
    for reason in other.reasons.into_iter().chain([Reason::SeveralAnswers]) {
        if !question.reasons.contains(&reason) {
            question.reasons.push(reason);
        }
    }
    question.reasons.sort();
    if question.pack != other.pack {
        question.pack = format!("{}+{}", question.pack, other.pack).into();
    }
    if question.place != other.place {
        question.place = None;
    }
    if question.home != other.home {
        question.home = None;
    }
    question.district = None;
    question.governments = both(&question.governments, &other.governments);
    question.posts = both(&question.posts, &other.posts);
    question.alternatives = alternatives;
    question
}
