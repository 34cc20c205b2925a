//! Comments and their review.

use crate::audit;
use crate::encoding::{json_ids, micros};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
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
    ids: impl IntoIterator<Item = SignatureId>,
) -> StorageResult<Vec<SignatureId>> {
    let ids = json_ids(ids.into_iter().map(|id| id.0));
    let shown = sqlx::query_scalar!(
        r#"select id as "id: Uuid"
        from signature
        where id in (select unhex(value) from json_each(?1))
        and comment_review = 'passed'
        and shares_comment"#,
        ids
    )
    .fetch_all(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(shown.into_iter().map(SignatureId).collect())
}

#[async_trait]
impl Comments for Sqlite {
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
        let review = review.as_str();
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!: i64"
            from signature
            where petition_id = ?1
            and comment_review = ?2
            and shares_comment
            and state = 'confirmed'"#,
            petition.0,
            review
        )
        .fetch_one(&self.reader)
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
        let ids = json_ids(ids.iter().map(|id| id.0));
        let is_decided = review != CommentReview::Unseen;
        let by = is_decided.then(|| deed.actor.to_string());
        let at = is_decided.then(|| micros(deed.at));
        let review = review.as_str();
        let mut tx = self.begin().await?;
        let mut changed = sqlx::query_scalar!(
            r#"update signature
            set comment_review = ?3, comment_reviewed_by = ?4, comment_reviewed_at = ?5
            where id in (select unhex(value) from json_each(?1))
            and petition_id = ?2
            and comment_review <> ?3
            returning id as "id: Uuid""#,
            ids,
            petition.0,
            review,
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
        let mut connection = self.reader.acquire().await.map_err(from_sqlx)?;
        list_shown(&mut connection, ids.iter().copied()).await
    }
}
