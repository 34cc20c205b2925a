//! Comments and their review.

use crate::audit;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use crate::signatures;
use async_trait::async_trait;
use redress_model::comment::CommentReview;
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::comments::Comments;
use redress_storage::signatures::Signature;
use uuid::Uuid;

/// Of some signatures, those whose comment may be shown.
pub(crate) async fn list_shown(
    connection: &mut Connection,
    ids: &[SignatureId],
) -> StorageResult<Vec<SignatureId>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let shown = sqlx::query_scalar!(
        "select id
        from signature
        where id = any($1)
        and comment_review = 'passed'
        and shares_comment",
        &ids
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(shown.into_iter().map(SignatureId).collect())
}

#[async_trait]
impl Comments for Postgres {
    async fn list_comments(
        &self,
        petition: PetitionId,
        review: CommentReview,
        after: Option<SignatureId>,
        limit: u32,
    ) -> StorageResult<Vec<Signature>> {
        signatures::list_comments(self, petition, review, after, limit).await
    }

    async fn count_comments(
        &self,
        petition: PetitionId,
        review: CommentReview,
    ) -> StorageResult<u64> {
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!"
            from signature
            where petition_id = $1
            and comment_review = $2
            and shares_comment
            and state = 'confirmed'"#,
            petition.0,
            review.as_str()
        )
        .fetch_one(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn review_comments(
        &self,
        petition: PetitionId,
        ids: &[SignatureId],
        review: CommentReview,
        deed: &Deed,
    ) -> StorageResult<Vec<SignatureId>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let is_decided = review != CommentReview::Unseen;
        let by = is_decided.then(|| deed.actor.to_string());
        let at = is_decided.then_some(deed.at);
        let mut tx = self.begin().await?;
        // One order everywhere: whoever changes several signatures at once locks them by id.
        sqlx::query!(
            "select id
            from signature
            where id = any($1)
            order by id
            for update",
            &ids
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        let mut changed = sqlx::query_scalar!(
            "update signature
            set comment_review = $3, comment_reviewed_by = $4, comment_reviewed_at = $5
            where id = any($1)
            and petition_id = $2
            and comment_review <> $3
            returning id",
            &ids,
            petition.0,
            review.as_str(),
            by,
            at
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        if !changed.is_empty() {
            audit::append(&mut tx, deed).await?;
        }
        tx.commit().await.map_err(from_sqlx)?;
        changed.sort_unstable();
        Ok(changed.into_iter().map(SignatureId).collect())
    }

    async fn list_shown(&self, ids: &[SignatureId]) -> StorageResult<Vec<SignatureId>> {
        let mut connection = self.pool.acquire().await.map_err(from_sqlx)?;
        list_shown(&mut connection, ids).await
    }
}
