//! Passwords, hashed and checked away from the threads that answer, two at a time: each takes 19 MiB and tens of
//! milliseconds, so that a rush of logins must not eat the machine.

mod hashing;

use crate::failure::Failure;
use hashing::Memory;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Hashes made at once.
const AT_ONCE: usize = 2;
/// Requests that may wait for one; the next is told to come back.
const WAITING: usize = 64;
/// Least characters of a password, as at the command line.
const LEAST: usize = 12;
/// Most bytes.
const MOST: usize = 1024;

/// Checked where there is no account, so that it takes as long: of a password that nobody knows.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IG9mIG91cnM$3CZLPpFXhm0Ol2Aae1jcTfZ1BBjY1mcFPlW0VfTgFKI";

/// The place where passwords are checked.
pub(crate) struct Passwords {
    running: Arc<Semaphore>,
    waiting: Semaphore,
    free: Arc<Mutex<Vec<Memory>>>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Semaphore::new(WAITING),
            free: Arc::default(),
        }
    }
}

impl Passwords {
    /// Whether a password is the one of a hash. Without a hash it is never right, after as long a time.
    pub(crate) async fn is_right(
        &self,
        password: &str,
        hash: Option<&str>,
    ) -> Result<bool, Failure> {
        let is_known = hash.is_some();
        let (password, hash) = (password.to_owned(), hash.unwrap_or(NOBODY).to_owned());
        let matches = self
            .apart(move |memory| memory.is_right(&password, &hash))
            .await?;
        let matches = matches.unwrap_or_else(|error| {
            tracing::error!(error = %error, "a stored password hash cannot be read");
            false
        });
        Ok(matches && is_known)
    }

    /// The hash to store, in PHC form.
    pub(crate) async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, Failure> {
        let password = password.to_owned();
        let hash = self.apart(move |memory| memory.hash(&password, &salt));
        hash.await?.map_err(|error| {
            tracing::error!(error = %error, "a password cannot be hashed");
            Failure::Broken
        })
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let _place = self.waiting.try_acquire().map_err(|_| Failure::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        let turn = running.map_err(|_| Failure::Broken)?;
        let free = Arc::clone(&self.free);
        let done = tokio::task::spawn_blocking(move || {
            let free = || free.lock().unwrap_or_else(PoisonError::into_inner);
            let mut memory = free().pop().unwrap_or_default();
            let done = work(&mut memory);
            free().push(memory);
            // The turn came along: a client that leaves does not make room for a third hash.
            drop(turn);
            done
        });
        done.await.map_err(|_| Failure::Broken)
    }
}

/// Why a text cannot be a password; `None` when it can.
pub(crate) fn complaint(password: &str) -> Option<&'static str> {
    if password.chars().count() < LEAST {
        Some("a password has 12 characters or more")
    } else if password.len() > MOST {
        Some("a password has at most 1,024 bytes")
    } else if password.chars().any(char::is_control) {
        Some("a password has no control characters")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_account_takes_as_much_work_as_a_known_one() {
        let mut memory = Memory::default();
        let hash = memory.hash("correct horse battery", b"some salt of ours");
        let known = hash.expect("it is hashed");
        let cost = |text: &str| text.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(cost(&known), cost(NOBODY));
        assert_eq!(known.len(), NOBODY.len());
        assert_eq!(memory.is_right("correct horse battery", NOBODY), Ok(false));
    }

    #[test]
    fn a_password_is_long_and_on_one_line() {
        assert_eq!(complaint("correct horse battery"), None);
        for bad in ["short", "with\na break inside", &"a".repeat(1_025)] {
            assert!(complaint(bad).is_some(), "{bad}");
        }
    }
}
