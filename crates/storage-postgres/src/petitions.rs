//! Petitions.

use crate::audit;
use crate::encoding::{geoids, join_geoids, word};
use crate::errors::from_sqlx;
use crate::open::Postgres;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::email::Email;
use redress_model::id::{OrganizationId, PetitionId};
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Petition, PetitionTerms, Sender, Target};
use redress_model::slug::Slug;
use redress_storage::audit::Deed;
use redress_storage::petitions::Petitions;
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

struct PetitionRow {
    id: Uuid,
    organization_id: Uuid,
    slug: String,
    state: String,
    title: String,
    ask: String,
    targets: String,
    places: String,
    confirmation: String,
    threshold: i32,
    is_on_autopilot: bool,
    time_zone: String,
    sender_organization: Option<String>,
    sender_address: Option<String>,
    sender_email: Option<String>,
    retention_days: i32,
    keeps_address: bool,
    created_at: DateTime<Utc>,
    opened_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
}

/// Selects whole petitions; the rest of the statement follows.
macro_rules! petition_rows {
    ($rest:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            PetitionRow,
            r#"select
              id,
              organization_id,
              slug,
              state,
              title,
              ask,
              targets,
              places,
              confirmation,
              threshold,
              is_on_autopilot,
              time_zone,
              sender_organization,
              sender_address,
              sender_email,
              retention_days,
              keeps_address,
              created_at,
              opened_at,
              closed_at
            from petition "# + $rest
            $(, $argument)*
        )
    };
}

impl PetitionRow {
    fn read(self) -> StorageResult<Petition> {
        let sender = match (
            self.sender_organization,
            self.sender_address,
            self.sender_email,
        ) {
            (Some(organization), Some(postal_address), Some(email)) => Some(Sender {
                organization,
                postal_address,
                contact_email: Email::parse(&email)
                    .map_err(|error| StorageError::unreadable("sender e-mail", error))?,
            }),
            _ => None,
        };
        let targets = self
            .targets
            .split_whitespace()
            .map(|target| word("target", target));
        let number = |value: i32| StorageError::unreadable("number", value);
        Ok(Petition {
            id: PetitionId(self.id),
            organization_id: OrganizationId(self.organization_id),
            slug: word("slug", &self.slug)?,
            state: word("petition state", &self.state)?,
            terms: PetitionTerms {
                title: self.title,
                ask: self.ask,
                targets: targets.collect::<StorageResult<Vec<Target>>>()?,
                places: geoids(&self.places)?,
                confirmation: word("confirmation", &self.confirmation)?,
                threshold: u32::try_from(self.threshold).map_err(|_| number(self.threshold))?,
                is_on_autopilot: self.is_on_autopilot,
                time_zone: self.time_zone,
                sender,
                retention_days: u16::try_from(self.retention_days)
                    .map_err(|_| number(self.retention_days))?,
                keeps_address: self.keeps_address,
            },
            created_at: self.created_at,
            opened_at: self.opened_at,
            closed_at: self.closed_at,
        })
    }
}

fn words(targets: &[Target]) -> String {
    targets
        .iter()
        .map(|target| target.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

#[async_trait]
impl Petitions for Postgres {
    async fn record_petition(&self, petition: &Petition, deed: &Deed) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let terms = &petition.terms;
        let threshold = i32::try_from(terms.threshold).unwrap_or(i32::MAX);
        let (slug, state, confirmation) = (
            petition.slug.as_str(),
            petition.state.as_str(),
            terms.confirmation.as_str(),
        );
        let (targets, places) = (words(&terms.targets), join_geoids(&terms.places));
        let sender = terms.sender.as_ref();
        let (organization, address) = (
            sender.map(|sender| &sender.organization),
            sender.map(|sender| &sender.postal_address),
        );
        let email = sender.map(|sender| sender.contact_email.as_str());
        let created_at = petition.created_at;
        let (opened_at, closed_at) = (petition.opened_at, petition.closed_at);
        sqlx::query!(
            "insert into petition (
              id, organization_id, slug, state, title, ask, targets, places, confirmation, threshold,
              is_on_autopilot, time_zone, sender_organization, sender_address, sender_email,
              retention_days, keeps_address, created_at, opened_at, closed_at
            )
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
            petition.id.0,
            petition.organization_id.0,
            slug,
            state,
            terms.title,
            terms.ask,
            targets,
            places,
            confirmation,
            threshold,
            terms.is_on_autopilot,
            terms.time_zone,
            organization,
            address,
            email,
            i32::from(terms.retention_days),
            terms.keeps_address,
            created_at,
            opened_at,
            closed_at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn find_petition_by_slug(&self, slug: &Slug) -> StorageResult<Option<Petition>> {
        let slug = slug.as_str();
        let row = petition_rows!("where slug = $1", slug)
            .fetch_optional(&self.pool)
            .await
            .map_err(from_sqlx)?;
        row.map(PetitionRow::read).transpose()
    }

    async fn find_petition(&self, id: PetitionId) -> StorageResult<Option<Petition>> {
        let row = petition_rows!("where id = $1", id.0)
            .fetch_optional(&self.pool)
            .await
            .map_err(from_sqlx)?;
        row.map(PetitionRow::read).transpose()
    }

    async fn list_petitions(
        &self,
        organization: Option<OrganizationId>,
        states: &[PetitionState],
        after: Option<PetitionId>,
        limit: u32,
    ) -> StorageResult<Vec<Petition>> {
        let organization = organization.map(|id| id.0);
        let states: Vec<String> = states
            .iter()
            .map(|state| state.as_str().to_owned())
            .collect();
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = petition_rows!(
            "where id > $1
            and ($2::uuid is null or organization_id = $2)
            and (cardinality($3::text[]) = 0 or state = any($3))
            order by id
            limit $4",
            after,
            organization,
            &states,
            i64::from(limit)
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(PetitionRow::read).collect()
    }

    async fn record_terms(
        &self,
        id: PetitionId,
        terms: &PetitionTerms,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let (targets, places) = (words(&terms.targets), join_geoids(&terms.places));
        let confirmation = terms.confirmation.as_str();
        let threshold = i32::try_from(terms.threshold).unwrap_or(i32::MAX);
        let sender = terms.sender.as_ref();
        let (organization, address) = (
            sender.map(|sender| &sender.organization),
            sender.map(|sender| &sender.postal_address),
        );
        let email = sender.map(|sender| sender.contact_email.as_str());
        let changed = sqlx::query!(
            "update petition
            set
              title = $2, ask = $3, targets = $4, places = $5, confirmation = $6, threshold = $7,
              is_on_autopilot = $8, time_zone = $9, sender_organization = $10, sender_address = $11,
              sender_email = $12, retention_days = $13, keeps_address = $14
            where id = $1",
            id.0,
            terms.title,
            terms.ask,
            targets,
            places,
            confirmation,
            threshold,
            terms.is_on_autopilot,
            terms.time_zone,
            organization,
            address,
            email,
            i32::from(terms.retention_days),
            terms.keeps_address
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if changed.rows_affected() == 0 {
            return Err(StorageError::Missing("petition"));
        }
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn change_petition_state(
        &self,
        id: PetitionId,
        from: PetitionState,
        to: PetitionState,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let (from, to, at) = (from.as_str(), to.as_str(), (deed.at));
        let changed = sqlx::query!(
            "update petition
            set
              state = $3,
              opened_at = case when $3 = 'open' then coalesce(opened_at, $4) else opened_at end,
              closed_at = case when $3 = 'closed' then $4 else closed_at end
            where id = $1
            and state = $2",
            id.0,
            from,
            to,
            at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if changed.rows_affected() == 0 {
            let exists = sqlx::query!("select slug from petition where id = $1", id.0)
                .fetch_optional(&mut *tx)
                .await
                .map_err(from_sqlx)?;
            return Err(exists.map_or(StorageError::Missing("petition"), |_| {
                StorageError::Stale("petition")
            }));
        }
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }
}
