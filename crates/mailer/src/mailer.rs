//! The mailer in one hand.

use crate::address::domain_of;
use crate::dkim::{Rule, Signer};
use crate::engine::Writes;
use crate::error::MailerError;
use crate::servers::Resolver;
use crate::settings::{MailerSettings, TransportSettings};
use crate::transport::Transport;
use chrono::{DateTime, Utc};
use rand::CryptoRng;
use redress_model::clock::Clock;
use redress_model::id::BatchId;
use redress_storage::Store;
use redress_storage::deliveries::Claimed;
use redress_storage::secrets::{PetitionSecrets, SealedField, Vault};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

/// What the program hands in.
pub struct Parts {
    /// Storage.
    pub store: Store,
    /// Petitions' keys, and the instance's.
    pub vault: Arc<Vault>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Box<dyn CryptoRng + Send>,
    /// How it behaves.
    pub settings: MailerSettings,
    /// The base of all links, such as `https://petition.example`; that of the site.
    pub public_url: String,
}

/// Carries letters and mails, and freezes what is to be carried; cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    store: Store,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    random: Mutex<Box<dyn CryptoRng + Send>>,
    settings: MailerSettings,
    public_url: String,
    domain: String,
    signer: Option<Signer>,
    transport: Transport,
    lists: Mutex<OpenLists>,
    troubled: Mutex<BTreeSet<String>>,
    resolver: Option<Resolver>,
    groups: Mutex<Groups>,
    sessions: Semaphore,
    writes: Writes,
    room: Semaphore,
}

/// Which group of servers takes each domain's mail, and when the DNS was asked.
type Groups = HashMap<String, (String, DateTime<Utc>)>;

/// What the relay leaves of signatures and ids.
fn rule(settings: &MailerSettings) -> Rule {
    match &settings.transport {
        TransportSettings::Smtp(relay) => {
            let traits = relay.profile.traits();
            Rule {
                most: traits.most_signatures,
                keeps_ids: traits.keeps_ids,
            }
        }
        TransportSettings::Direct(_) | TransportSettings::Outbox { .. } => Rule::default(),
    }
}

/// How much of letters that are made ready is held, in KiB; a letter that is larger than that goes alone.
const MOST_READY: usize = 8 << 10;

/// How large a list is taken for that was not opened yet, in bytes.
const USUAL_LIST: usize = 256 << 10;

/// How much of opened lists is kept, in bytes; the last one is, whatever its size.
const MOST_OPEN: usize = 8 << 20;

/// The lists of the batches whose letters go now, opened, the last one at the end.
#[derive(Default)]
pub(crate) struct OpenLists(VecDeque<(BatchId, Arc<Vec<u8>>)>);

impl OpenLists {
    /// A batch's list.
    pub(crate) fn find(&self, batch: BatchId) -> Option<Arc<Vec<u8>>> {
        let found = self.0.iter().find(|(known, _)| *known == batch);
        found.map(|(_, bytes)| Arc::clone(bytes))
    }

    /// Keeps a list, and lets go of the oldest where it becomes too much.
    pub(crate) fn keep(&mut self, batch: BatchId, bytes: Arc<Vec<u8>>) {
        self.0.retain(|(known, _)| *known != batch);
        self.0.push_back((batch, bytes));
        let mut held: usize = self.0.iter().map(|(_, bytes)| bytes.len()).sum();
        while held > MOST_OPEN && self.0.len() > 1 {
            held -= self.0.pop_front().map_or(0, |(_, bytes)| bytes.len());
        }
    }
}

impl Mailer {
    /// A mailer that has not spoken to anybody yet. Fails when its transport cannot be set up, a key to sign with does not read or is
    /// another domain's, or the settings leave it without a session.
    pub async fn new(parts: Parts) -> Result<Self, MailerError> {
        if parts.settings.sessions == 0 {
            return Err(MailerError::Settings("a mailer needs at least one session"));
        }
        let public_url = parts.public_url.trim_end_matches('/').to_owned();
        let domain = match parts.settings.from_domain.as_str() {
            "" => domain_of(&public_url),
            set => set.to_ascii_lowercase(),
        };
        let signer = Signer::open(&parts.settings.dkim, &domain, rule(&parts.settings))?;
        let sessions = Semaphore::new(parts.settings.sessions.min(Semaphore::MAX_PERMITS));
        let is_direct = matches!(parts.settings.transport, TransportSettings::Direct(_));
        let resolver = if is_direct || parts.settings.dns.groups {
            Some(Resolver::open(&parts.settings.dns)?)
        } else {
            None
        };
        let transport = Transport::open(&parts.settings, &domain).await?;
        Ok(Self(Arc::new(Inner {
            store: parts.store,
            vault: parts.vault,
            clock: parts.clock,
            random: Mutex::new(parts.random),
            settings: parts.settings,
            public_url,
            domain,
            signer,
            transport,
            lists: Mutex::default(),
            troubled: Mutex::default(),
            resolver,
            groups: Mutex::default(),
            sessions,
            writes: Writes::default(),
            room: Semaphore::new(MOST_READY),
        })))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    pub(crate) fn random(&self) -> MutexGuard<'_, Box<dyn CryptoRng + Send>> {
        self.0.random.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seals something. The lock on chance ends here: two in one expression would wait for each other.
    pub(crate) fn seal(
        &self,
        secrets: &PetitionSecrets,
        field: SealedField,
        id: impl Into<Uuid>,
        text: &[u8],
    ) -> Vec<u8> {
        secrets.seal(field, id, text, self.random().as_mut())
    }

    /// Any number.
    pub(crate) fn chance(&self) -> u32 {
        let mut bytes = [0; 4];
        self.random().fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    /// A token for a lease.
    pub(crate) fn new_token(&self) -> Uuid {
        redress_model::id::new_uuid(self.clock(), self.random().as_mut())
    }

    pub(crate) fn settings(&self) -> &MailerSettings {
        &self.0.settings
    }

    pub(crate) fn public_url(&self) -> &str {
        &self.0.public_url
    }

    pub(crate) fn domain(&self) -> &str {
        &self.0.domain
    }

    /// Who signs what leaves; `None` where nothing is signed.
    pub(crate) fn signer(&self) -> Option<&Signer> {
        self.0.signer.as_ref()
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// Whom the servers of domains are asked of; `None` where nobody is.
    pub(crate) fn resolver(&self) -> Option<&Resolver> {
        self.0.resolver.as_ref()
    }

    /// Waits for a session with the relay, and holds it.
    pub(crate) async fn session(&self) -> Option<SemaphorePermit<'_>> {
        self.0.sessions.acquire().await.ok()
    }

    /// What waits to be written about letters.
    pub(crate) fn writes(&self) -> &Writes {
        &self.0.writes
    }

    /// Waits for the room that a letter takes once it is ready, and holds it.
    pub(crate) async fn room(&self, claimed: &Claimed) -> Option<SemaphorePermit<'_>> {
        let list = self.lists().find(claimed.delivery.batch_id);
        let list = list.map_or(USUAL_LIST, |bytes| bytes.len());
        // The text opened and written, and the list in base64.
        let bytes = claimed.sealed_letter.len() * 2 + list / 2 * 3;
        let room = (bytes >> 10).clamp(1, MOST_READY);
        let room = u32::try_from(room).unwrap_or(u32::MAX);
        self.0.room.acquire_many(room).await.ok()
    }

    /// What is known of domains' servers.
    pub(crate) fn groups(&self) -> MutexGuard<'_, Groups> {
        self.0.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The breakers that were not closed when this process last looked.
    pub(crate) fn troubled(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0
            .troubled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lists(&self) -> MutexGuard<'_, OpenLists> {
        self.0.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_kept_as_long_as_there_is_room_and_the_last_one_in_any_case() {
        let batch = |number| BatchId(Uuid::from_u128(number));
        let list = |size| Arc::new(vec![0; size]);
        let mut lists = OpenLists::default();
        for number in 1..=3 {
            lists.keep(batch(number), list(MOST_OPEN / 2));
        }
        assert!(lists.find(batch(1)).is_none());
        assert!(lists.find(batch(2)).is_some() && lists.find(batch(3)).is_some());
        lists.keep(batch(4), list(MOST_OPEN * 2));
        assert!(lists.find(batch(3)).is_none());
        assert_eq!(lists.find(batch(4)).map(|it| it.len()), Some(MOST_OPEN * 2));
    }
}
