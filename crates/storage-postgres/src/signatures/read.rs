//! Reading signatures.

use crate::encoding::{fingerprint, location, word};
use crate::errors::from_sqlx;
use crate::open::Postgres;
use crate::paper::keys;
use chrono::{DateTime, Utc};
use redress_model::comment::CommentReview;
use redress_model::fingerprint::Fingerprint;
use redress_model::home::Home;
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::comments::Review;
use redress_storage::reresolutions::OutdatedFilter;
use redress_storage::signatures::{SealedFields, Signature, SignatureFilter, Wishes};
use uuid::Uuid;

#[expect(clippy::struct_excessive_bools, reason = "a row is as its table is")]
struct Row {
    id: Uuid,
    petition_id: Uuid,
    email_key: Vec<u8>,
    client_key: Option<Vec<u8>>,
    address_key: Option<Vec<u8>>,
    state: String,
    is_counted: bool,
    rejected_by: Option<String>,
    rejection: Option<String>,
    home: String,
    district: String,
    is_self_asserted: bool,
    governments_over: String,
    level: String,
    pack: String,
    origin: String,
    sheet: Option<String>,
    sealed_signer: Option<Vec<u8>>,
    sealed_address: Option<Vec<u8>>,
    sealed_comment: Option<Vec<u8>>,
    shares_comment: bool,
    lists_name: bool,
    wants_updates: bool,
    language: String,
    epoch: i32,
    wrong_codes: i32,
    number: Option<i64>,
    signed_at: DateTime<Utc>,
    confirm_by_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    frozen_at: Option<DateTime<Utc>>,
    comment_review: Option<String>,
    comment_reviewed_by: Option<String>,
    comment_reviewed_at: Option<DateTime<Utc>>,
}

/// Selects whole signatures; the rest of the statement follows.
macro_rules! rows {
    ($rest:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"select
              id,
              petition_id,
              email_key,
              client_key,
              address_key,
              state,
              is_counted,
              rejected_by,
              rejection,
              home,
              district,
              is_self_asserted,
              governments_over,
              level,
              pack,
              origin,
              sheet,
              sealed_signer,
              sealed_address,
              sealed_comment,
              shares_comment,
              lists_name,
              wants_updates,
              language,
              epoch,
              wrong_codes,
              number,
              signed_at,
              confirm_by_at,
              confirmed_at,
              ended_at,
              frozen_at,
              comment_review,
              comment_reviewed_by,
              comment_reviewed_at
            from signature "# + $rest
            $(, $argument)*
        )
    };
}

impl Row {
    fn read(self) -> StorageResult<Signature> {
        let rejection = match (&self.rejected_by, &self.rejection) {
            (Some(by), Some(reason)) => Some((word("rejecter", by)?, word("rejection", reason)?)),
            _ => None,
        };
        let sealed = self.sealed_signer.map(|signer| SealedFields {
            signer,
            address: self.sealed_address,
            comment: self.sealed_comment,
        });
        Ok(Signature {
            id: SignatureId(self.id),
            petition_id: PetitionId(self.petition_id),
            email_key: fingerprint(&self.email_key)?,
            client_key: self.client_key.as_deref().map(fingerprint).transpose()?,
            address_key: self.address_key.as_deref().map(fingerprint).transpose()?,
            state: word("signature state", &self.state)?,
            is_counted: self.is_counted,
            rejection,
            location: location(
                &self.home,
                &self.district,
                self.is_self_asserted,
                &self.governments_over,
            )?,
            level: self.level,
            pack: self.pack,
            origin: word("origin", &self.origin)?,
            sheet: self.sheet,
            sealed,
            wishes: Wishes {
                shares_comment: self.shares_comment,
                lists_name: self.lists_name,
                wants_updates: self.wants_updates,
            },
            review: Review::stored(
                self.comment_review.as_deref(),
                self.comment_reviewed_by,
                self.comment_reviewed_at,
            )?,
            language: self.language,
            epoch: self.epoch,
            wrong_codes: u32::try_from(self.wrong_codes).unwrap_or(u32::MAX),
            number: self.number,
            signed_at: self.signed_at,
            confirm_by_at: self.confirm_by_at,
            confirmed_at: self.confirmed_at,
            ended_at: self.ended_at,
            frozen_at: self.frozen_at,
        })
    }
}

pub(super) async fn find(postgres: &Postgres, id: SignatureId) -> StorageResult<Option<Signature>> {
    let row = rows!("where id = $1", id.0)
        .fetch_optional(&postgres.pool)
        .await
        .map_err(from_sqlx)?;
    row.map(Row::read).transpose()
}

pub(super) async fn list(
    postgres: &Postgres,
    filter: &SignatureFilter,
    after: Option<SignatureId>,
    limit: u32,
) -> StorageResult<Vec<Signature>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let state = filter
        .state
        .map(redress_model::signature::state::SignatureState::as_str);
    let home = filter.home.as_ref().map(Home::as_key);
    let client_key = filter.client_key.as_ref().map(Fingerprint::as_bytes);
    let address_key = filter.address_key.as_ref().map(Fingerprint::as_bytes);
    let email_key = filter.email_key.as_ref().map(Fingerprint::as_bytes);
    let until = filter.until.map(|id| id.0);
    let rows = rows!(
        "where petition_id = $1
        and id > $2
        and ($3::text is null or state = $3)
        and ($4::text is null or home = $4)
        and ($5::bytea is null or client_key = $5)
        and ($6::bytea is null or address_key = $6)
        and ($7::bytea is null or email_key = $7)
        and ($8::uuid is null or id <= $8)
        order by id
        limit $9",
        filter.petition_id.0,
        after,
        state,
        home,
        client_key,
        address_key,
        email_key,
        until,
        i64::from(limit)
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(Row::read).collect()
}

/// Signatures that keep their address or their block and were resolved by another pack than those named.
pub(crate) async fn list_outdated(
    postgres: &Postgres,
    filter: &OutdatedFilter,
    after: Option<SignatureId>,
    limit: u32,
) -> StorageResult<Vec<Signature>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let rows = rows!(
        "where petition_id = $1
        and (sealed_address is not null or has_block)
        and state <> 'erased'
        and pack <> all($2)
        and (not $3 or (home = 'unlocated' and level in ('area', 'none')))
        and id > $4
        order by id
        limit $5",
        filter.petition_id.0,
        &filter.packs,
        filter.is_unmatched,
        after,
        i64::from(limit)
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(Row::read).collect()
}

/// Confirmed signatures of a jurisdiction that are in no batch of it, oldest first.
pub(crate) async fn list_unbatched(
    postgres: &Postgres,
    petition: PetitionId,
    home: &str,
    after: Option<SignatureId>,
    limit: u32,
) -> StorageResult<Vec<Signature>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let rows = rows!(
        "where petition_id = $1
        and home = $2
        and state = 'confirmed'
        and frozen_at is null
        and id > $3
        order by id
        limit $4",
        petition.0,
        home,
        after,
        i64::from(limit)
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(Row::read).collect()
}

/// Comments whose signers agreed to show them, of confirmed signatures, by where their review stands, oldest first.
pub(crate) async fn list_comments(
    postgres: &Postgres,
    petition: PetitionId,
    review: CommentReview,
    after: Option<SignatureId>,
    limit: u32,
) -> StorageResult<Vec<Signature>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let rows = rows!(
        "where petition_id = $1
        and comment_review = $2
        and shares_comment
        and state = 'confirmed'
        and id > $3
        order by id
        limit $4",
        petition.0,
        review.as_str(),
        after,
        i64::from(limit)
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    rows.into_iter().map(Row::read).collect()
}

/// Persons at their addresses who signed under several e-mails, each with how many.
pub(super) async fn list_several_mailboxes(
    postgres: &Postgres,
    petition: PetitionId,
    address_keys: &[Fingerprint],
) -> StorageResult<Vec<(Fingerprint, u32)>> {
    let rows = sqlx::query!(
        r#"select
          address_key as "address_key!",
          count(distinct email_key) as "mailboxes!"
        from signature
        where petition_id = $1
        and address_key = any($2)
        group by address_key
        having count(distinct email_key) > 1"#,
        petition.0,
        &keys(address_keys)
    )
    .fetch_all(&postgres.pool)
    .await
    .map_err(from_sqlx)?;
    let rows = rows.into_iter();
    rows.map(|row| {
        let mailboxes = u32::try_from(row.mailboxes).unwrap_or(u32::MAX);
        Ok((fingerprint(&row.address_key)?, mailboxes))
    })
    .collect()
}
