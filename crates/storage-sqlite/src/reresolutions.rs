//! Stored signatures, resolved again by a new pack.

use crate::encoding::{instant, join_geoids, micros};
use crate::errors::from_sqlx;
use crate::open::{Connection, Sqlite};
use crate::signatures::{list_outdated, standings};
use crate::{audit, moves};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::id::{PetitionId, SignatureId};
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::plan::Reresolving;
use redress_storage::reresolutions::{
    OutdatedFilter, ReresolutionReport, ReresolutionRequest, Reresolutions, Reresolved,
};
use redress_storage::signatures::Signature;
use std::collections::HashSet;
use uuid::Uuid;

/// Writes one answer; `false` when another pack was faster.
async fn write(connection: &mut Connection, one: &Reresolved) -> StorageResult<bool> {
    let (home, district) = (one.to.home.as_key(), one.to.district_key());
    let governments_over = join_geoids(&one.to.governments_over);
    let signer = one.resealed.as_ref().map(|seal| seal.signer.as_slice());
    let has_block = one.resealed.as_ref().map(|seal| seal.has_block);
    let written = sqlx::query!(
        "update signature
        set
          home = ?2,
          district = ?3,
          is_self_asserted = ?4,
          governments_over = ?5,
          level = ?6,
          pack = ?7,
          sealed_address = case when ?8 then null else sealed_address end,
          sealed_signer = coalesce(?10, sealed_signer),
          has_block = coalesce(?11, has_block),
          -- Elsewhere it is in no batch yet; who comes back is still in the one that nobody has
          -- corrected.
          frozen_at = case
            when home = ?2 then frozen_at
            else (
              select b.frozen_at
              from batch_member m
              join batch b on b.id = m.batch_id
              where m.petition_id = signature.petition_id
              and m.geoid = ?2
              and m.signature_id = signature.id
              and not m.is_corrected
            )
          end
        where id = ?1
        and pack = ?9
        and state <> 'erased'",
        one.id.0,
        home,
        district,
        one.to.is_self_asserted,
        governments_over,
        one.level,
        one.pack,
        one.drops_address,
        one.from_pack,
        signer,
        has_block
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(written.rows_affected() > 0)
}

#[async_trait]
impl Reresolutions for Sqlite {
    async fn list_outdated(
        &self,
        filter: &OutdatedFilter,
        after: Option<SignatureId>,
        limit: u32,
    ) -> StorageResult<Vec<Signature>> {
        list_outdated(self, filter, after, limit).await
    }

    async fn record_resolutions(
        &self,
        again: &[Reresolved],
        at: DateTime<Utc>,
    ) -> StorageResult<Vec<SignatureId>> {
        let mut tx = self.begin().await?;
        let standings = standings(&mut tx, again.iter().map(|one| one.id)).await?;
        let reresolving = Reresolving::new(again, &standings);
        let mut written = Vec::new();
        for one in reresolving.chosen() {
            if write(&mut tx, one).await? {
                written.push(one.id);
            }
        }
        let done: HashSet<SignatureId> = written.iter().copied().collect();
        moves::write(&mut tx, &reresolving.moves(&done, at)).await?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(written)
    }

    async fn record_reresolution_report(
        &self,
        petition: PetitionId,
        report: &ReresolutionReport,
    ) -> StorageResult<()> {
        let made_at = micros(report.made_at);
        sqlx::query!(
            "insert into reresolution (petition_id, pack, report, made_at)
            values (?1, ?2, ?3, ?4)
            on conflict (petition_id) do update
            set
              pack = excluded.pack,
              report = excluded.report,
              made_at = excluded.made_at",
            petition.0,
            report.pack,
            report.report,
            made_at
        )
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn find_reresolution_report(
        &self,
        petition: PetitionId,
    ) -> StorageResult<Option<ReresolutionReport>> {
        let row = sqlx::query!(
            "select pack, report, made_at
            from reresolution
            where petition_id = ?1",
            petition.0
        )
        .fetch_optional(&self.reader)
        .await
        .map_err(from_sqlx)?;
        row.map(|row| {
            Ok(ReresolutionReport {
                pack: row.pack,
                report: row.report,
                made_at: instant(row.made_at)?,
            })
        })
        .transpose()
    }

    async fn request_reresolution(
        &self,
        request: &ReresolutionRequest,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        let requested_at = micros(request.requested_at);
        sqlx::query!(
            "insert into reresolution_request (petition_id, applies, pack, requested_at)
            values (?1, ?2, ?3, ?4)
            on conflict (petition_id) do update
            set
              applies = excluded.applies,
              pack = excluded.pack,
              requested_at = excluded.requested_at",
            request.petition_id.0,
            request.applies,
            request.pack,
            requested_at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn list_reresolution_requests(&self) -> StorageResult<Vec<ReresolutionRequest>> {
        let rows = sqlx::query!(
            r#"select
              petition_id as "petition_id: Uuid",
              applies as "applies: bool",
              pack,
              requested_at
            from reresolution_request
            order by requested_at, petition_id"#
        )
        .fetch_all(&self.reader)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter()
            .map(|row| {
                Ok(ReresolutionRequest {
                    petition_id: PetitionId(row.petition_id),
                    applies: row.applies,
                    pack: row.pack,
                    requested_at: instant(row.requested_at)?,
                })
            })
            .collect()
    }

    async fn finish_reresolution_request(
        &self,
        request: &ReresolutionRequest,
    ) -> StorageResult<()> {
        let requested_at = micros(request.requested_at);
        sqlx::query!(
            "delete from reresolution_request
            where petition_id = ?1
            and requested_at = ?2",
            request.petition_id.0,
            requested_at
        )
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }
}
