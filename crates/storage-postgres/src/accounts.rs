//! Organizations, accounts, memberships and sessions.

use crate::audit;
use crate::encoding::word;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::email::Email;
use redress_model::id::{AccountId, OrganizationId};
use redress_model::role::MemberRole;
use redress_model::slug::Slug;
use redress_storage::accounts::{Account, Accounts, Membership, Organization, Session};
use redress_storage::audit::Deed;
use redress_storage::{StorageError, StorageResult};
use uuid::Uuid;

struct AccountRow {
    id: Uuid,
    email: String,
    password_hash: String,
    disabled_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl AccountRow {
    fn read(self) -> StorageResult<Account> {
        Ok(Account {
            id: AccountId(self.id),
            email: Email::parse(&self.email)
                .map_err(|error| StorageError::unreadable("account e-mail", error))?,
            password_hash: self.password_hash,
            disabled_at: self.disabled_at,
            created_at: self.created_at,
        })
    }
}

fn organization(id: Uuid, slug: &str, name: String) -> StorageResult<Organization> {
    Ok(Organization {
        id: OrganizationId(id),
        slug: word("slug", slug)?,
        name,
    })
}

async fn upsert_membership(
    connection: &mut Connection,
    account: AccountId,
    organization: OrganizationId,
    role: MemberRole,
) -> StorageResult<()> {
    let role = role.as_str();
    sqlx::query!(
        "insert into membership (account_id, organization_id, role)
        values ($1, $2, $3)
        on conflict (account_id, organization_id) do update
        set role = excluded.role",
        account.0,
        organization.0,
        role
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

async fn end_sessions_of(connection: &mut Connection, account: AccountId) -> StorageResult<()> {
    sqlx::query!("delete from session where account_id = $1", account.0)
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

#[async_trait]
impl Accounts for Postgres {
    async fn record_organization(
        &self,
        organization: &Organization,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let slug = organization.slug.as_str();
        sqlx::query!(
            "insert into organization (id, slug, name)
            values ($1, $2, $3)",
            organization.id.0,
            slug,
            organization.name
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn find_organization(&self, slug: &Slug) -> StorageResult<Option<Organization>> {
        let slug = slug.as_str();
        let row = sqlx::query!(
            r#"select id, slug, name
            from organization
            where slug = $1"#,
            slug
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        row.map(|row| organization(row.id, &row.slug, row.name))
            .transpose()
    }

    async fn list_organizations(&self) -> StorageResult<Vec<Organization>> {
        let rows = sqlx::query!(
            r#"select id, slug, name
            from organization
            order by slug"#
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| organization(row.id, &row.slug, row.name))
            .collect()
    }

    async fn record_account(
        &self,
        account: &Account,
        organization: OrganizationId,
        role: MemberRole,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let (email, key) = (
            account.email.as_str(),
            account.email.as_str().to_lowercase(),
        );
        let (disabled_at, created_at) = (account.disabled_at, (account.created_at));
        sqlx::query!(
            "insert into account (id, email, email_key, password_hash, disabled_at, created_at)
            values ($1, $2, $3, $4, $5, $6)",
            account.id.0,
            email,
            key,
            account.password_hash,
            disabled_at,
            created_at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        upsert_membership(&mut tx, account.id, organization, role).await?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn find_account_by_email(&self, email: &Email) -> StorageResult<Option<Account>> {
        let key = email.as_str().to_lowercase();
        let row = sqlx::query_as!(
            AccountRow,
            r#"select id, email, password_hash, disabled_at, created_at
            from account
            where email_key = $1"#,
            key
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        row.map(AccountRow::read).transpose()
    }

    async fn list_accounts(
        &self,
        after: Option<AccountId>,
        limit: u32,
    ) -> StorageResult<Vec<Account>> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = sqlx::query_as!(
            AccountRow,
            r#"select id, email, password_hash, disabled_at, created_at
            from account
            where id > $1
            order by id
            limit $2"#,
            after,
            i64::from(limit)
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(AccountRow::read).collect()
    }

    async fn list_memberships(&self, account: AccountId) -> StorageResult<Vec<Membership>> {
        let rows = sqlx::query!(
            r#"select o.id, o.slug, o.name, m.role
            from membership m
            join organization o on o.id = m.organization_id
            where m.account_id = $1
            order by o.slug"#,
            account.0
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| {
                let organization = organization(row.id, &row.slug, row.name)?;
                Ok(Membership {
                    organization,
                    role: word("role", &row.role)?,
                })
            })
            .collect()
    }

    async fn record_membership(
        &self,
        account: AccountId,
        organization: OrganizationId,
        role: MemberRole,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        upsert_membership(&mut tx, account, organization, role).await?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn record_password(
        &self,
        account: AccountId,
        password_hash: &str,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let changed = sqlx::query!(
            "update account set password_hash = $2 where id = $1",
            account.0,
            password_hash
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if changed.rows_affected() == 0 {
            return Err(StorageError::Missing("account"));
        }
        end_sessions_of(&mut tx, account).await?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn disable_account(&self, account: AccountId, deed: &Deed) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let at = deed.at;
        let changed = sqlx::query!(
            "update account
            set disabled_at = coalesce(disabled_at, $2)
            where id = $1",
            account.0,
            at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if changed.rows_affected() == 0 {
            return Err(StorageError::Missing("account"));
        }
        end_sessions_of(&mut tx, account).await?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn record_session(&self, session: &Session, deed: &Deed) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let hash = session.secret_hash.as_slice();
        let (created_at, expires_at) = ((session.created_at), (session.expires_at));
        sqlx::query!(
            "insert into session (secret_hash, account_id, created_at, expires_at)
            values ($1, $2, $3, $4)",
            hash,
            session.account_id.0,
            created_at,
            expires_at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn find_session(
        &self,
        secret_hash: &[u8; 32],
        at: DateTime<Utc>,
    ) -> StorageResult<Option<(Session, Account)>> {
        let (hash, at) = (secret_hash.as_slice(), (at));
        let row = sqlx::query!(
            r#"select
              s.created_at as session_created_at,
              s.expires_at,
              a.id,
              a.email,
              a.password_hash,
              a.created_at
            from session s
            join account a on a.id = s.account_id
            where s.secret_hash = $1
            and s.expires_at > $2
            and a.disabled_at is null"#,
            hash,
            at
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)?;
        let Some(row) = row else { return Ok(None) };
        let session = Session {
            secret_hash: *secret_hash,
            account_id: AccountId(row.id),
            created_at: row.session_created_at,
            expires_at: row.expires_at,
        };
        let account = AccountRow {
            id: row.id,
            email: row.email,
            password_hash: row.password_hash,
            disabled_at: None,
            created_at: row.created_at,
        };
        Ok(Some((session, account.read()?)))
    }

    async fn end_session(&self, secret_hash: &[u8; 32]) -> StorageResult<bool> {
        let hash = secret_hash.as_slice();
        let ended = sqlx::query!("delete from session where secret_hash = $1", hash)
            .execute(&self.pool)
            .await
            .map_err(from_sqlx)?;
        Ok(ended.rows_affected() > 0)
    }

    async fn end_expired_sessions(&self, at: DateTime<Utc>) -> StorageResult<u64> {
        let ended = sqlx::query!("delete from session where expires_at <= $1", at)
            .execute(&self.pool)
            .await
            .map_err(from_sqlx)?;
        Ok(ended.rows_affected())
    }
}
