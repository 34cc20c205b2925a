//! Organizations, accounts, memberships and sessions.

use crate::audit::Deed;
use crate::error::StorageResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::email::Email;
use redress_model::id::{AccountId, OrganizationId};
use redress_model::role::MemberRole;
use redress_model::slug::Slug;

/// The organization that every instance has.
pub const DEFAULT_ORGANIZATION: &str = "default";

/// Who runs petitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its word.
    pub slug: Slug,
    /// Its name.
    pub name: String,
}

/// An organizer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// To log in with; compared in lower case.
    pub email: Email,
    /// An Argon2 hash in PHC form, opaque here.
    pub password_hash: String,
    /// Since when nobody can log in with it.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What an account may do in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Where.
    pub organization: Organization,
    /// As what.
    pub role: MemberRole,
}

/// A login: the cookie's secret is stored only as its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the secret.
    pub secret_hash: [u8; 32],
    /// Whose.
    pub account_id: AccountId,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Accounts and what belongs to them.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Records an organization.
    async fn record_organization(
        &self,
        organization: &Organization,
        deed: &Deed,
    ) -> StorageResult<()>;
    /// By its slug. `default` exists once the schema is up.
    async fn find_organization(&self, slug: &Slug) -> StorageResult<Option<Organization>>;
    /// All of them, by slug.
    async fn list_organizations(&self) -> StorageResult<Vec<Organization>>;
    /// Records an account with its first membership.
    async fn record_account(
        &self,
        account: &Account,
        organization: OrganizationId,
        role: MemberRole,
        deed: &Deed,
    ) -> StorageResult<()>;
    /// By its e-mail, in any case.
    async fn find_account_by_email(&self, email: &Email) -> StorageResult<Option<Account>>;
    /// Accounts, the oldest first, after one, at most `limit`.
    async fn list_accounts(
        &self,
        after: Option<AccountId>,
        limit: u32,
    ) -> StorageResult<Vec<Account>>;
    /// What an account may do, by organization.
    async fn list_memberships(&self, account: AccountId) -> StorageResult<Vec<Membership>>;
    /// Gives an account a role in an organization, in the place of the one it had.
    async fn record_membership(
        &self,
        account: AccountId,
        organization: OrganizationId,
        role: MemberRole,
        deed: &Deed,
    ) -> StorageResult<()>;
    /// Sets a password and ends every session.
    async fn record_password(
        &self,
        account: AccountId,
        password_hash: &str,
        deed: &Deed,
    ) -> StorageResult<()>;
    /// Closes an account and ends every session.
    async fn disable_account(&self, account: AccountId, deed: &Deed) -> StorageResult<()>;
    /// Begins a session.
    async fn record_session(&self, session: &Session, deed: &Deed) -> StorageResult<()>;
    /// Whose session it is, unless it is over or the account is closed.
    async fn find_session(
        &self,
        secret_hash: &[u8; 32],
        at: DateTime<Utc>,
    ) -> StorageResult<Option<(Session, Account)>>;
    /// Ends a session; `false` when there was none.
    async fn end_session(&self, secret_hash: &[u8; 32]) -> StorageResult<bool>;
    /// Removes sessions that are over. Gives back how many.
    async fn end_expired_sessions(&self, at: DateTime<Utc>) -> StorageResult<u64>;
}
