//! What answers have in common, kept: thousands of signers live in one district, and are told of the same governments and posts.
//!
//! A book is for one day and one directory. Its pages are the pack's sets of divisions; one that no border crosses says the same of every
//! house on it. What pages have in common is kept once: most answers come from few lines of memory.

use super::dress::Dress;
use super::outcome::{self, District, Governments, Outcome};
use super::reasons::Reasons;
use crate::officials::Directory;
use crate::pack::Pack;
use crate::pack::section::{DivisionSet, NONE, OVERLAPPING, SPLIT};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

/// Books that are kept: two days while the date changes over the zones, and one that somebody asks for.
const MOST_BOOKS: usize = 3;

/// The books of a pack.
#[derive(Debug, Default)]
pub(crate) struct Books(RwLock<Vec<Arc<Book>>>);

impl Books {
    /// The book of a day.
    pub(super) fn of(
        &self,
        pack: &Pack,
        directory: Option<&Directory>,
        on: NaiveDate,
    ) -> Arc<Book> {
        let version = directory.map(Directory::version);
        let is_it = |book: &&Arc<Book>| book.on == on && book.directory == version;
        // Whoever panicked while holding the lock left whole books behind.
        let books = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(book) = books.iter().find(is_it) {
            return Arc::clone(book);
        }
        drop(books);
        let mut books = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(book) = books.iter().find(is_it) {
            return Arc::clone(book);
        }
        if books.len() == MOST_BOOKS {
            books.remove(0);
        }
        let book = Arc::new(Book {
            on,
            directory: version,
            pages: pack.sets().iter().map(|_| OnceLock::new()).collect(),
            written: Mutex::default(),
            dresses: Mutex::default(),
        });
        books.push(Arc::clone(&book));
        book
    }
}

/// What every house of a set has in common.
#[derive(Debug)]
pub(super) struct Page {
    /// What the set says.
    pub(super) outcome: Outcome,
    /// How people read it.
    pub(super) dress: Dress,
}

/// What is known of a set: `None` where a border crosses it or it is damaged, so that each house is looked at.
type Known = Option<Arc<Page>>;

/// Governments and the district within the first, or [`NONE`].
type Dressed = (Governments, u32);

/// What tells pages apart: how they are dressed, their map's source and their reasons.
type Written = (Dressed, u32, Reasons);

/// What answers of one day have in common.
#[derive(Debug)]
pub(super) struct Book {
    on: NaiveDate,
    directory: Option<Arc<str>>,
    pages: Box<[OnceLock<Known>]>,
    written: Mutex<HashMap<Written, Arc<Page>>>,
    dresses: Mutex<HashMap<Dressed, Arc<Dress>>>,
}

impl Book {
    /// What every house of a set has in common; `None` where houses differ.
    pub(super) fn page(
        &self,
        pack: &Pack,
        directory: Option<&Directory>,
        number: u32,
    ) -> Option<&Page> {
        let page = self.pages.get(number as usize)?;
        page.get_or_init(|| self.read(pack, directory, number))
            .as_deref()
    }

    /// Whether a set has been looked at: a read that brings it near.
    pub(super) fn holds(&self, number: u32) -> bool {
        let page = self.pages.get(number as usize);
        page.is_some_and(|page| page.get().is_some())
    }

    /// The governments of a page that is there: a read that brings it near.
    pub(super) fn kept(&self, number: u32) -> Option<(Reasons, u32)> {
        let page = self.pages.get(number as usize)?.get()?.as_deref()?;
        Some((page.outcome.reasons, page.dress.district))
    }

    fn read(&self, pack: &Pack, directory: Option<&Directory>, number: u32) -> Known {
        let set = pack.sets().get(number as usize)?;
        if is_crossed(pack, set) || !outcome::is_sound(pack, set) {
            return None;
        }
        let outcome = outcome::plainly(pack, set, self.on);
        let (governments, district) = (outcome.governments[0], outcome.district.number());
        let source = match outcome.district {
            District::Known { source, .. } => source,
            _ => NONE,
        };
        let key = ((governments, district), source, outcome.reasons);
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        // Two pages with one key may differ in why there is no district: the reasons tell that too.
        if let Some(known) = written.get(&key).filter(|known| known.outcome == outcome) {
            return Some(Arc::clone(known));
        }
        let dress = Dress::new(pack, directory, governments, district, self.on);
        let page = Arc::new(Page { outcome, dress });
        written.insert(key, Arc::clone(&page));
        Some(page)
    }

    /// The dress of some governments and a district.
    pub(super) fn dress(
        &self,
        pack: &Pack,
        directory: Option<&Directory>,
        dressed: Dressed,
    ) -> Arc<Dress> {
        let mut known = self.dresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(dress) = known.get(&dressed) {
            return Arc::clone(dress);
        }
        let (governments, district) = dressed;
        let made = Arc::new(Dress::new(pack, directory, governments, district, self.on));
        known.insert(dressed, Arc::clone(&made));
        made
    }
}

/// Whether houses of the set may differ.
fn is_crossed(pack: &Pack, set: &DivisionSet) -> bool {
    set.place == SPLIT
        || pack
            .districts_of(set)
            .iter()
            .any(|entry| matches!(entry.division, SPLIT | OVERLAPPING))
}

impl District {
    /// The division of a district that is known, else [`NONE`].
    pub(super) fn number(&self) -> u32 {
        match self {
            Self::Known { division, .. } => *division,
            _ => NONE,
        }
    }
}
