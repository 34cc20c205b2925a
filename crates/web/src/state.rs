//! What every handler may reach.

use crate::abuse::{DaySalts, Guards};
use crate::civics::Civics;
use crate::console::{Passwords, Throttle};
use crate::hooks::{HookKeys, Strikes};
use crate::layers::flood::{Limits, Pace};
use crate::pack_health::{PackCheck, PackHealth};
use crate::petitions::Reads;
use crate::proof::{Unreturned, Watches};
use arc_swap::ArcSwap;
use chrono::{DateTime, NaiveDate, Utc};
use rand::CryptoRng;
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_civics::packs::Packs;
use redress_model::clock::Clock;
use redress_storage::Store;
use redress_storage::intake::Intake;
use redress_storage::secrets::Vault;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the program hands in.
pub struct Parts {
    /// Storage.
    pub store: Store,
    /// The way in; its worker is run by the caller.
    pub intake: Intake,
    /// Petitions' keys, and the instance's.
    pub vault: Arc<Vault>,
    /// Map and officials.
    pub civics: Civics,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Box<dyn CryptoRng + Send>,
    /// The base of all links, such as `https://petition.example`, without a slash at its end.
    pub public_url: String,
    /// The node's name, before each request id.
    pub node: String,
    /// Whether limits hold.
    pub has_limits: bool,
    /// How much one client may do on this node.
    pub pace: Pace,
    /// Proxies whose word on the client's address is believed.
    pub proxies: Vec<IpAddr>,
    /// What calls of providers of mail are checked with.
    pub hook_keys: HookKeys,
    /// How many of these that are not signed one client may make on this node.
    pub hook_pace: Pace,
}

/// What every handler holds; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    store: Store,
    intake: Intake,
    vault: Arc<Vault>,
    civics: ArcSwap<Civics>,
    pack_health: PackHealth,
    clock: Arc<dyn Clock>,
    random: Mutex<Box<dyn CryptoRng + Send>>,
    petition_reads: Reads,
    guards: Guards,
    salts: DaySalts,
    watches: Watches,
    unreturned: Unreturned,
    public_url: String,
    node: String,
    limits: Option<Limits>,
    logins: Option<Throttle>,
    passwords: Passwords,
    proxies: Vec<IpAddr>,
    hook_keys: HookKeys,
    strikes: Option<Strikes>,
}

impl AppState {
    /// The state of one process.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            store: parts.store,
            intake: parts.intake,
            vault: parts.vault,
            civics: ArcSwap::from_pointee(parts.civics),
            pack_health: PackHealth::default(),
            clock: parts.clock,
            random: Mutex::new(parts.random),
            petition_reads: Reads::default(),
            guards: Guards::default(),
            salts: DaySalts::default(),
            watches: Watches::default(),
            unreturned: Unreturned::default(),
            public_url: parts.public_url.trim_end_matches('/').to_owned(),
            node: parts.node,
            limits: parts.has_limits.then(|| Limits::new(parts.pace)),
            logins: parts.has_limits.then(Throttle::default),
            passwords: Passwords::default(),
            proxies: parts.proxies,
            hook_keys: parts.hook_keys,
            strikes: parts.has_limits.then(|| Strikes::new(parts.hook_pace)),
        }))
    }

    /// Puts another map or other officials in the place of those in use; requests on their way
    /// finish with the old ones.
    pub fn replace_civics(&self, civics: Civics) {
        self.0.civics.store(Arc::new(civics));
    }

    /// Puts other officials in the place of those in use.
    pub fn replace_directory(&self, directory: Directory) {
        let civics = self.0.civics.load().with_directory(directory);
        self.replace_civics(civics);
    }

    /// Puts verified packs in the place of those in use; the officials stay.
    pub fn replace_packs(&self, packs: Packs) {
        for pack in packs.all() {
            self.record_pack_check(pack.id(), PackCheck::Sound);
        }
        let civics = self.0.civics.load().with_packs(packs);
        self.replace_civics(civics);
        self.accept_pack();
    }

    /// Keeps what reading a whole pack came to.
    pub fn record_pack_check(&self, id: &str, check: PackCheck) {
        self.0.pack_health.record(id, check);
    }

    /// The file at a pack's place is no good: an older one stays in use.
    pub fn refuse_pack(&self) {
        self.0.pack_health.set_refused(true);
    }

    /// The file at a pack's place is the one in use.
    pub fn accept_pack(&self) {
        self.0.pack_health.set_refused(false);
    }

    /// The packs in use, by id.
    pub fn pack_ids(&self) -> Vec<String> {
        self.civics().pack_ids()
    }

    /// The packs in use.
    pub fn packs(&self) -> Vec<Arc<Pack>> {
        self.civics().packs()
    }

    pub(crate) fn pack_health(&self) -> &PackHealth {
        &self.0.pack_health
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn intake(&self) -> &Intake {
        &self.0.intake
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// Map and officials in use: what has it keeps it, whatever is swapped.
    pub fn civics(&self) -> Arc<Civics> {
        self.0.civics.load_full()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    pub(crate) fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    pub(crate) fn random(&self) -> MutexGuard<'_, Box<dyn CryptoRng + Send>> {
        self.0.random.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn unreturned(&self) -> &Unreturned {
        &self.0.unreturned
    }

    pub(crate) fn petition_reads(&self) -> &Reads {
        &self.0.petition_reads
    }

    pub(crate) fn guards(&self) -> &Guards {
        &self.0.guards
    }

    pub(crate) fn salts(&self) -> &DaySalts {
        &self.0.salts
    }

    pub(crate) fn watches(&self) -> &Watches {
        &self.0.watches
    }

    pub(crate) fn public_url(&self) -> &str {
        &self.0.public_url
    }

    pub(crate) fn node(&self) -> &str {
        &self.0.node
    }

    pub(crate) fn limits(&self) -> Option<&Limits> {
        self.0.limits.as_ref()
    }

    pub(crate) fn logins(&self) -> Option<&Throttle> {
        self.0.logins.as_ref()
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(crate) fn hook_keys(&self) -> &HookKeys {
        &self.0.hook_keys
    }

    pub(crate) fn strikes(&self) -> Option<&Strikes> {
        self.0.strikes.as_ref()
    }

    pub(crate) fn proxies(&self) -> &[IpAddr] {
        &self.0.proxies
    }
}
