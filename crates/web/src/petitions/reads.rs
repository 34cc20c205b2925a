//! One read of a petition for all who ask for it at once.
//!
//! Whoever comes while a read is under way waits for the next one, and shares it with all who came meanwhile: an answer is never older
//! than the question, and a rush at one petition costs the database few reads instead of one for each signer.

use redress_model::petition::Petition;
use redress_model::slug::Slug;
use redress_storage::{StorageError, StorageResult};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as Held, PoisonError};
use tokio::sync::Mutex;

/// What a read gave: the petition, if there is one.
pub(crate) type Read = Result<Option<Arc<Petition>>, Arc<StorageError>>;

/// The reads under way.
#[derive(Default)]
pub(crate) struct Reads(Held<HashMap<Slug, Arc<Line>>>);

/// Those who wait for one petition.
#[derive(Default)]
struct Line {
    /// How many reads have begun.
    begun: AtomicU64,
    /// The last read that has ended, with its number.
    ended: Mutex<(u64, Option<Read>)>,
}

impl Reads {
    /// The petition as it is now, or was since this was called; `read` is begun where nobody else's will do.
    pub(crate) async fn find(
        &self,
        slug: &Slug,
        read: impl Future<Output = StorageResult<Option<Petition>>>,
    ) -> Read {
        let place = Place::take(self, slug);
        let line = &place.line;
        let came = line.begun.load(Ordering::SeqCst);
        let mut ended = line.ended.lock().await;
        if let (number, Some(read)) = &*ended
            && *number > came
        {
            return read.clone();
        }
        // Whoever goes away in the middle leaves the next in line to read.
        let number = line.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let read = read
            .await
            .map(|petition| petition.map(Arc::new))
            .map_err(Arc::new);
        *ended = (number, Some(read.clone()));
        read
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, HashMap<Slug, Arc<Line>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in a line, given back when its holder has gone; the last one takes the line away.
struct Place<'reads> {
    reads: &'reads Reads,
    slug: &'reads Slug,
    line: Arc<Line>,
}

impl<'reads> Place<'reads> {
    fn take(reads: &'reads Reads, slug: &'reads Slug) -> Self {
        let line = Arc::clone(reads.lines().entry(slug.clone()).or_default());
        Self { reads, slug, line }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lines = self.reads.lines();
        // Given back while the lines are held: of two who go at once, one is the last.
        drop(std::mem::take(&mut self.line));
        if lines
            .get(self.slug)
            .is_some_and(|line| Arc::strong_count(line) == 1)
        {
            lines.remove(self.slug);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    /// A read that takes a while, counted.
    async fn slow(reads: &AtomicUsize) -> StorageResult<Option<Petition>> {
        reads.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(None)
    }

    #[tokio::test]
    async fn those_who_come_during_a_read_share_the_next() {
        let (reads, begun) = (Reads::default(), AtomicUsize::new(0));
        let slug = Slug::parse("trees").unwrap();
        let first = reads.find(&slug, slow(&begun));
        let rest = futures_util::future::join_all((0..50).map(|_| reads.find(&slug, slow(&begun))));
        let (first, rest) = tokio::join!(first, rest);
        assert!(first.unwrap().is_none() && rest.iter().all(Result::is_ok));
        assert_eq!(begun.load(Ordering::SeqCst), 2);
        assert!(reads.lines().is_empty());
        reads.find(&slug, slow(&begun)).await.unwrap();
        assert_eq!(begun.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn whoever_goes_away_leaves_the_next_to_read() {
        let (reads, begun) = (Reads::default(), AtomicUsize::new(0));
        let slug = Slug::parse("trees").unwrap();
        let gone = tokio::time::timeout(Duration::from_millis(1), reads.find(&slug, slow(&begun)));
        let (gone, stayed) = tokio::join!(gone, reads.find(&slug, slow(&begun)));
        assert!(gone.is_err() && stayed.is_ok());
        assert_eq!(begun.load(Ordering::SeqCst), 2);
        assert!(reads.lines().is_empty());
    }
}
