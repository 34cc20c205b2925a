//! Who asks: the account behind a session, with what it may do where.

use super::cookie;
use super::permission::Permission;
use super::refusal::Refusal;
use super::secret::Secret;
use super::way_back;
use crate::failure::Failure;
use crate::state::AppState;
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use redress_model::id::OrganizationId;
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use redress_model::slug::Slug;
use redress_storage::accounts::{Account, Membership};
use redress_storage::audit::{Actor, Deed};
use serde_json::Value;

/// Somebody who is logged in.
pub(crate) struct Visitor {
    /// Whose session it is.
    pub account: Account,
    /// Where they have a role.
    pub memberships: Vec<Membership>,
    /// The session's secret.
    pub secret: Secret,
}

impl Visitor {
    /// A petition of one of their organizations, with their role there. One of another organization is not there.
    pub(crate) async fn open(
        &self,
        state: &AppState,
        slug: &str,
        permission: Permission,
    ) -> Result<(Petition, MemberRole), Refusal> {
        let slug = Slug::parse(slug).map_err(|_| Failure::NotFound)?;
        let petitions = &state.store().petitions;
        let petition = petitions.find_petition_by_slug(&slug).await?;
        let petition = petition.ok_or(Failure::NotFound)?;
        let role = self.role_in(petition.organization_id);
        let role = role.ok_or(Failure::NotFound)?;
        if permission.is_given_to(role) {
            Ok((petition, role))
        } else {
            let role = Some(role);
            Err(Refusal::NotAllowed { permission, role })
        }
    }

    /// Their role in an organization.
    pub(crate) fn role_in(&self, organization: OrganizationId) -> Option<MemberRole> {
        let mut memberships = self.memberships.iter();
        memberships
            .find(|membership| membership.organization.id == organization)
            .map(|membership| membership.role)
    }

    /// The organizations in which they have a permission; refused when there is none.
    pub(crate) fn organizations_with(
        &self,
        permission: Permission,
    ) -> Result<Vec<&Membership>, Refusal> {
        let memberships = self.memberships.iter();
        let with: Vec<_> = memberships
            .filter(|membership| permission.is_given_to(membership.role))
            .collect();
        if with.is_empty() {
            let role = self.memberships.first().map(|membership| membership.role);
            return Err(Refusal::NotAllowed { permission, role });
        }
        Ok(with)
    }

    /// Whether they own an organization.
    pub(crate) fn is_owner(&self) -> bool {
        let mut memberships = self.memberships.iter();
        memberships.any(|membership| membership.role == MemberRole::Owner)
    }

    /// Something that they do, for the audit log; nothing personal in it.
    pub(crate) fn deed(
        &self,
        state: &AppState,
        action: &'static str,
        subject: &impl ToString,
        details: Value,
    ) -> Deed {
        Deed {
            actor: Actor::Account(self.account.id),
            action,
            subject: subject.to_string(),
            details,
            at: state.now(),
        }
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let secret = cookie::read(state, &parts.headers).ok_or_else(|| logged_out(parts))?;
        let accounts = &state.store().accounts;
        let found = accounts.find_session(&secret.hash(), state.now()).await?;
        let (_, account) = found.ok_or_else(|| logged_out(parts))?;
        let memberships = accounts.list_memberships(account.id).await?;
        Ok(Self {
            account,
            memberships,
            secret,
        })
    }
}

fn logged_out(parts: &Parts) -> Refusal {
    let path = parts.uri.path_and_query().map(PathAndQuery::as_str);
    let asked = path.filter(|path| parts.method == Method::GET && way_back::is_good(path));
    Refusal::LoggedOut {
        asked: asked.map(str::to_owned),
    }
}
