//! All of storage in one hand.

use crate::abuse::Abuse;
use crate::accounts::Accounts;
use crate::audit::Audit;
use crate::batches::Batches;
use crate::breakers::Breakers;
use crate::comments::Comments;
use crate::deliveries::Deliveries;
use crate::events::Events;
use crate::forwards::Forwards;
use crate::hooks::Hooks;
use crate::keys::KeyStore;
use crate::mails::Mails;
use crate::office_wishes::OfficeWishes;
use crate::officials::Officials;
use crate::paper::Paper;
use crate::petitions::Petitions;
use crate::proofs::Proofs;
use crate::reresolutions::Reresolutions;
use crate::responses::Responses;
use crate::settings::Settings;
use crate::signatures::Signatures;
use crate::submission_keys::SubmissionKeys;
use crate::sweeps::Sweeps;
use crate::tallies::Tallies;
use std::sync::Arc;

/// One handle for each aggregate; cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// Petitions.
    pub petitions: Arc<dyn Petitions>,
    /// Signatures and households.
    pub signatures: Arc<dyn Signatures>,
    /// Comments and their review.
    pub comments: Arc<dyn Comments>,
    /// Lines of paper, looked up before they are saved.
    pub paper: Arc<dyn Paper>,
    /// Signatures that a new pack resolves again.
    pub reresolutions: Arc<dyn Reresolutions>,
    /// What programs sent under a key of their own.
    pub submission_keys: Arc<dyn SubmissionKeys>,
    /// Rules against abuse, and what came of late.
    pub abuse: Arc<dyn Abuse>,
    /// Proof of work, and permits in its place.
    pub proofs: Arc<dyn Proofs>,
    /// Sweeps over a petition's signatures.
    pub sweeps: Arc<dyn Sweeps>,
    /// Stored counts.
    pub tallies: Arc<dyn Tallies>,
    /// Mail to signers that waits to be sent.
    pub mails: Arc<dyn Mails>,
    /// Governments, posts and people.
    pub officials: Arc<dyn Officials>,
    /// What was frozen.
    pub batches: Arc<dyn Batches>,
    /// Servers that get no letters for a while.
    pub breakers: Arc<dyn Breakers>,
    /// Letters on their way.
    pub deliveries: Arc<dyn Deliveries>,
    /// What came back about them, and what is to be done.
    pub events: Arc<dyn Events>,
    /// Answers that go on to organizers.
    pub forwards: Arc<dyn Forwards>,
    /// What providers tell over the web.
    pub hooks: Arc<dyn Hooks>,
    /// What offices say.
    pub responses: Arc<dyn Responses>,
    /// What offices wish.
    pub office_wishes: Arc<dyn OfficeWishes>,
    /// Organizations, accounts, sessions.
    pub accounts: Arc<dyn Accounts>,
    /// What was done by whom.
    pub audit: Arc<dyn Audit>,
    /// What the instance knows about itself.
    pub settings: Arc<dyn Settings>,
    /// The petitions' wrapped keys.
    pub keys: Arc<dyn KeyStore>,
}
