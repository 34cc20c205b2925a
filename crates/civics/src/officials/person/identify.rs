//! Gives each row of a jurisdiction the id of its person.

use super::super::gather::Listing;
use super::compare::{Likeness, compare};
use super::name::PersonName;
use super::posts::{are_near, may_be_one};
use redress_model::official::Holder;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// The note under which another list's id of the same person is kept.
pub(in super::super) const OTHER_ID: &str = "other person_id";

/// Most people that a name is compared with.
const MOST_CANDIDATES: usize = 200;

/// Two people who may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The post in which the name stands.
    pub post: String,
    /// The name.
    pub name: String,
    /// Whose it may be: the name as it was listed before.
    pub may_be: String,
    /// The post in which that one was listed last.
    pub of_post: String,
}

impl Doubt {
    /// The doubt in words: `0804000/mayor: Bob Lane may be the same person as Robert Lane (0804000/mayor); left apart`.
    pub fn told(&self) -> String {
        let Self {
            post,
            name,
            may_be,
            of_post,
        } = self;
        format!("{post}: {name} may be the same person as {may_be} ({of_post}); left apart")
    }
}

/// Somebody who was met already.
struct Person {
    id: String,
    names: Vec<PersonName>,
    rows: Vec<usize>,
    /// Ids by which lists name the person.
    stated: Vec<String>,
}

/// People of one jurisdiction, and where to look for them.
#[derive(Default)]
struct People {
    known: Vec<Person>,
    by_id: HashMap<String, usize>,
    by_word: HashMap<String, Vec<usize>>,
}

/// Gives every holder an id. Rows that were kept before have theirs, then come those whose list names one, then the
/// rest, the older first. Returns who among the new ones may be somebody else.
pub(in super::super) fn identify(listings: &mut [Listing]) -> Vec<Doubt> {
    let mut by_place: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, listing) in listings.iter().enumerate() {
        if listing.holder().is_some() {
            by_place
                .entry(listing.row.geoid.clone())
                .or_default()
                .push(at);
        }
    }
    let mut doubts = Vec::new();
    for (geoid, rows) in by_place {
        let mut people = People::default();
        let told = doubts.len();
        let stage = |listing: &Listing| {
            let has_id = listing.holder().is_some_and(|it| it.person_id.is_some());
            match (has_id, listing.is_kept) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 3,
            }
        };
        let mut ordered = rows;
        ordered.sort_by_key(|at| (stage(&listings[*at]), *at));
        for at in ordered {
            for doubt in people.place(&geoid, listings, at) {
                if !doubts[told..].contains(&doubt) {
                    doubts.push(doubt);
                }
            }
        }
    }
    doubts
}

impl People {
    /// Finds or makes the person of a row.
    fn place(&mut self, geoid: &str, listings: &mut [Listing], at: usize) -> Vec<Doubt> {
        let Some(holder) = listings[at].holder() else {
            return Vec::new();
        };
        let name = PersonName::read(&holder.name);
        let others = holder.notes.iter().filter(|(note, _)| note == OTHER_ID);
        let stated: Vec<String> = holder
            .person_id
            .iter()
            .cloned()
            .chain(others.flat_map(|(_, ids)| ids.split("; ").map(str::to_owned)))
            .collect();
        if let Some(known) = stated.iter().find_map(|id| self.by_id.get(id)).copied() {
            self.join(known, listings, at, name, &stated);
            return Vec::new();
        }
        let mut doubts = Vec::new();
        if !listings[at].is_kept || stated.is_empty() {
            let (same, unclear) = self.alike(&name, &stated, listings, at);
            let known = self.listed_so(same.iter().chain(&unclear), listings, at);
            let only = match same.as_slice() {
                [only] => Some(*only),
                _ => None,
            };
            if let Some(known) = known.or(only) {
                self.join(known, listings, at, name, &stated);
                return Vec::new();
            }
            // A list that names its people by ids has said that this is another one.
            let asked = if stated.is_empty() { same } else { Vec::new() };
            doubts = asked
                .into_iter()
                .chain(unclear)
                .filter_map(|person| self.doubt(person, listings, at))
                .collect();
        }
        let id = match stated.first() {
            Some(id) => id.clone(),
            None => self.new_id(geoid, &name),
        };
        self.known.push(Person {
            id,
            names: Vec::new(),
            rows: Vec::new(),
            stated: Vec::new(),
        });
        self.join(self.known.len() - 1, listings, at, name, &stated);
        doubts
    }

    fn join(
        &mut self,
        person: usize,
        listings: &mut [Listing],
        at: usize,
        name: PersonName,
        stated: &[String],
    ) {
        let words = name.words.iter().cloned();
        for word in words.chain([name.words.concat(), name.family.clone()]) {
            let known = self.by_word.entry(word).or_default();
            if known.last() != Some(&person) {
                known.push(person);
            }
        }
        let found = &mut self.known[person];
        for id in stated.iter().chain([&found.id]) {
            self.by_id.insert(id.clone(), person);
        }
        for id in stated {
            if !found.stated.contains(id) {
                found.stated.push(id.clone());
            }
        }
        if !found.names.contains(&name) {
            found.names.push(name);
        }
        found.rows.push(at);
        if let Some(holder) = listings[at].holder_mut() {
            keep_other_id(holder, &found.id);
            holder.person_id = Some(found.id.clone());
        }
    }

    /// Who is the same person, and who may be.
    fn alike(
        &self,
        name: &PersonName,
        stated: &[String],
        listings: &[Listing],
        at: usize,
    ) -> (Vec<usize>, Vec<usize>) {
        let mut candidates: Vec<usize> = Vec::new();
        let words = [name.words.concat(), name.family.clone()];
        for word in words.iter().chain(&name.words) {
            for person in self.by_word.get(word).into_iter().flatten() {
                if candidates.len() == MOST_CANDIDATES {
                    break;
                }
                if !candidates.contains(person) {
                    candidates.push(*person);
                }
            }
        }
        let (mut same, mut unclear) = (Vec::new(), Vec::new());
        for candidate in candidates {
            let person = &self.known[candidate];
            let is_named_apart = stated.iter().any(|id| {
                person
                    .stated
                    .iter()
                    .any(|other| scheme(id) == scheme(other))
            });
            if is_named_apart {
                continue;
            }
            match likeness(person, name, listings, at) {
                Likeness::Same => same.push(candidate),
                Likeness::Unclear => unclear.push(candidate),
                Likeness::Other => {}
            }
        }
        (same, unclear)
    }

    /// Who of several was listed under this very name in this very post: in the same list, which is read again, else
    /// in any, if that is one person alone.
    fn listed_so<'own>(
        &self,
        candidates: impl Iterator<Item = &'own usize>,
        listings: &[Listing],
        at: usize,
    ) -> Option<usize> {
        let new = &listings[at];
        let holder = new.holder()?;
        let is_so = |row: &&usize| {
            let other = &listings[**row];
            other.post == new.post && other.holder().is_some_and(|it| it.name == holder.name)
        };
        let is_again = |row: &usize| {
            let other = &listings[*row];
            let has_term = other.holder().is_some_and(|it| {
                (it.term_start, it.term_end) == (holder.term_start, holder.term_end)
            });
            has_term && other.is_kept && other.vintage.day == new.vintage.day
        };
        let is_taken = |row: &usize| listings[*row].vintage == new.vintage;
        let so: Vec<usize> = candidates
            .copied()
            .filter(|person| self.known[*person].rows.iter().any(|row| is_so(&row)))
            .collect();
        let rows = |person: &usize| self.known[*person].rows.iter().filter(is_so);
        let again = so
            .iter()
            .find(|person| rows(person).any(is_again) && !rows(person).any(is_taken));
        let free: Vec<&usize> = so
            .iter()
            .filter(|person| !rows(person).any(is_taken))
            .collect();
        let alone = match free.as_slice() {
            [alone] => Some(**alone),
            _ => None,
        };
        again.copied().or(alone)
    }

    fn doubt(&self, person: usize, listings: &[Listing], at: usize) -> Option<Doubt> {
        let last = *self.known[person].rows.last()?;
        Some(Doubt {
            post: listings[at].post.clone(),
            name: listings[at].holder()?.name.clone(),
            may_be: listings[last].holder()?.name.clone(),
            of_post: listings[last].post.clone(),
        })
    }

    fn new_id(&self, geoid: &str, name: &PersonName) -> String {
        let id = format!("{geoid}~{}", name.words.join("_"));
        let mut numbered = id.clone();
        for number in 2.. {
            if !self.by_id.contains_key(&numbered) {
                break;
            }
            numbered = format!("{id}~{number}");
        }
        numbered
    }
}

/// Keeps what a list calls a person who is known by another id.
fn keep_other_id(holder: &mut Holder, id: &str) {
    let Some(stated) = holder.person_id.take() else {
        return;
    };
    let is_noted = |notes: &[(String, String)]| {
        notes
            .iter()
            .any(|(note, text)| note == OTHER_ID && text.split("; ").any(|other| other == stated))
    };
    if stated != id && !is_made(&stated) && !is_noted(&holder.notes) {
        holder.notes.push((OTHER_ID.to_owned(), stated));
        holder.notes.sort();
    }
}

/// Whether an id was made here, from a jurisdiction and a name.
fn is_made(id: &str) -> bool {
    id.split_once('~').is_some_and(|(geoid, _)| {
        matches!(geoid.len(), 5 | 7 | 10) && geoid.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// Whose id it is: one list names one person by one id, and says nothing of another list's.
fn scheme(id: &str) -> &str {
    if is_made(id) {
        return "~";
    }
    id.split_once([':', '/']).map_or("", |(scheme, _)| scheme)
}

/// How likely a name in a row is a person's, by the name and by when and where that person sat.
fn likeness(person: &Person, name: &PersonName, listings: &[Listing], at: usize) -> Likeness {
    let by_name = person.names.iter().map(|known| compare(known, name)).max();
    let by_name = by_name.unwrap_or(Likeness::Other);
    if by_name == Likeness::Other {
        return Likeness::Other;
    }
    // `Ana Lane` is Ana M. Lane's name and Ana B. Lane's: nobody may differ from what is known of them.
    let differs = |known: &PersonName| compare(known, name) == Likeness::Other;
    if person.names.iter().any(differs) {
        return Likeness::Unclear;
    }
    let mut is_near = false;
    for row in &person.rows {
        let (one, other) = (&listings[at], &listings[*row]);
        if !may_be_one(one, other) {
            return by_name.min(Likeness::Unclear);
        }
        is_near |= are_near(one, other);
    }
    if is_near {
        by_name
    } else {
        by_name.min(Likeness::Unclear)
    }
}
