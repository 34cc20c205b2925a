//! Files of addresses, read by as many threads as there are cores and taken in the manifest's order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

/// How many results may wait for an earlier one, for each thread.
const AHEAD: usize = 2;

/// Reads jobs `0..count` and takes their results in order; what `take` answers with an error ends it.
///
/// What waits in memory is bounded: a thread does not begin a job that is far ahead of the last one taken.
pub fn run<T: Send, E: Send>(
    count: usize,
    read: &(impl Fn(usize) -> Result<T, E> + Sync),
    take: &mut impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = cores.min(count);
    if threads < 2 {
        return (0..count).try_for_each(|job| take(job, read(job)?));
    }
    let next = AtomicUsize::new(0);
    let taken = (Mutex::new(0_usize), Condvar::new());
    let may_begin = |job: usize| {
        let (count, changed) = &taken;
        let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
        while job >= count.saturating_add(threads * AHEAD) {
            count = changed.wait(count).unwrap_or_else(PoisonError::into_inner);
        }
    };
    let took = |upto: usize| {
        let (count, changed) = &taken;
        *count.lock().unwrap_or_else(PoisonError::into_inner) = upto;
        changed.notify_all();
    };
    let end = || {
        next.store(count, Ordering::Relaxed);
        took(usize::MAX);
    };
    std::thread::scope(|scope| {
        // However this ends, with an error or in a panic, nothing more is begun and nobody waits any longer.
        let _ended = AtEnd(&end, false);
        let (sender, results) = mpsc::channel();
        for _ in 0..threads {
            let (sender, next, may_begin, end) = (sender.clone(), &next, &may_begin, &end);
            scope.spawn(move || {
                // A job that panics is never taken: those that wait for it would wait for ever.
                let _ended = AtEnd(end, true);
                loop {
                    let job = next.fetch_add(1, Ordering::Relaxed);
                    if job >= count {
                        return;
                    }
                    may_begin(job);
                    if sender.send((job, read(job))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut first = 0;
        results.iter().try_for_each(|(job, result)| {
            waiting.insert(job, result);
            while let Some(result) = waiting.remove(&first) {
                take(first, result?)?;
                first += 1;
                took(first);
            }
            Ok(())
        })
    })
}

/// Does something when it is dropped: always, or only in a panic.
struct AtEnd<'run>(&'run dyn Fn(), bool);

impl Drop for AtEnd<'_> {
    fn drop(&mut self) {
        if !self.1 || std::thread::panicking() {
            (self.0)();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_taken_in_order_whoever_is_ready_first() {
        let mut seen = Vec::new();
        let read = |job: usize| {
            std::thread::sleep(std::time::Duration::from_millis((7 - job as u64 % 7) * 2));
            Ok::<usize, String>(job * 10)
        };
        let ended = run(40, &read, &mut |job, result| {
            seen.push((job, result));
            Ok(())
        });
        assert_eq!(ended, Ok(()));
        assert_eq!(seen, (0..40).map(|job| (job, job * 10)).collect::<Vec<_>>());
    }

    #[test]
    fn a_job_that_panics_ends_the_run_and_keeps_nobody_waiting() {
        let read = |job: usize| {
            assert!(job != 3, "job three");
            Ok::<(), String>(())
        };
        let ended = std::panic::catch_unwind(|| run(1_000, &read, &mut |_, ()| Ok(())));
        assert!(ended.is_err());
    }

    #[test]
    fn the_first_error_in_order_ends_it() {
        let mut taken = 0;
        let read = |job: usize| {
            if job == 5 || job == 4 {
                Err(job)
            } else {
                Ok(())
            }
        };
        let ended = run(1_000, &read, &mut |_, ()| {
            taken += 1;
            Ok(())
        });
        assert_eq!((ended, taken), (Err(4), 4));
    }
}
