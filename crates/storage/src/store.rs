//! All of storage in one hand.

use crate::accounts::Accounts;
use crate::audit::Audit;
use crate::keys::KeyStore;
use crate::mails::Mails;
use crate::petitions::Petitions;
use crate::settings::Settings;
use crate::signatures::Signatures;
use crate::tallies::Tallies;
use std::sync::Arc;

/// One handle for each aggregate; cheap to clone. `Officials`, `Batches` and `Deliveries` join
/// when they come.
#[derive(Clone)]
pub struct Store {
    /// Petitions.
    pub petitions: Arc<dyn Petitions>,
    /// Signatures and households.
    pub signatures: Arc<dyn Signatures>,
    /// Stored counts.
    pub tallies: Arc<dyn Tallies>,
    /// Mail to signers that waits to be sent.
    pub mails: Arc<dyn Mails>,
    /// Organizations, accounts, sessions.
    pub accounts: Arc<dyn Accounts>,
    /// What was done by whom.
    pub audit: Arc<dyn Audit>,
    /// What the instance knows about itself.
    pub settings: Arc<dyn Settings>,
    /// The petitions' wrapped keys.
    pub keys: Arc<dyn KeyStore>,
}
