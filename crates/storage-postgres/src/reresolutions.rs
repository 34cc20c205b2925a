//! Stored signatures, resolved again by a new pack.

use crate::encoding::join_geoids;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use crate::signatures::{list_outdated, standings};
use crate::{audit, household, moves};
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

/// The columns of some answers, for one statement.
#[derive(Default)]
struct Columns {
    ids: Vec<Uuid>,
    from_packs: Vec<String>,
    homes: Vec<String>,
    districts: Vec<String>,
    are_self_asserted: Vec<bool>,
    governments_over: Vec<String>,
    levels: Vec<String>,
    packs: Vec<String>,
    drop_addresses: Vec<bool>,
    signers: Vec<Option<Vec<u8>>>,
    have_blocks: Vec<Option<bool>>,
}

impl Columns {
    fn of<'a>(chosen: impl Iterator<Item = &'a Reresolved>) -> Self {
        let mut columns = Self::default();
        for one in chosen {
            columns.ids.push(one.id.0);
            columns.from_packs.push(one.from_pack.clone());
            columns.homes.push(one.to.home.as_key().to_owned());
            columns.districts.push(one.to.district_key().to_owned());
            columns.are_self_asserted.push(one.to.is_self_asserted);
            let over = join_geoids(&one.to.governments_over);
            columns.governments_over.push(over);
            columns.levels.push(one.level.clone());
            columns.packs.push(one.pack.clone());
            columns.drop_addresses.push(one.drops_address);
            let seal = one.resealed.as_ref();
            columns.signers.push(seal.map(|seal| seal.signer.clone()));
            columns.have_blocks.push(seal.map(|seal| seal.has_block));
        }
        columns
    }

    /// Writes them; gives back whose pack was still the one that was read.
    async fn write(&self, connection: &mut Connection) -> StorageResult<Vec<SignatureId>> {
        let written = sqlx::query_scalar!(
            "update signature s
            set
              home = n.home,
              district = n.district,
              is_self_asserted = n.is_self_asserted,
              governments_over = n.governments_over,
              level = n.level,
              pack = n.pack,
              sealed_address = case when n.drops_address then null else s.sealed_address end,
              sealed_signer = coalesce(n.signer, s.sealed_signer),
              has_block = coalesce(n.has_block, s.has_block),
              -- Elsewhere it is in no batch yet; who comes back is still in the one that nobody has
              -- corrected.
              frozen_at = case
                when s.home = n.home then s.frozen_at
                else (
                  select b.frozen_at
                  from batch_member m
                  join batch b on b.id = m.batch_id
                  where m.petition_id = s.petition_id
                  and m.geoid = n.home
                  and m.signature_id = s.id
                  and not m.is_corrected
                )
              end
            from unnest(
              $1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[],
              $8::text[], $9::boolean[], $10::bytea[], $11::boolean[]
            ) as n (
              id, from_pack, home, district, is_self_asserted, governments_over, level, pack,
              drops_address, signer, has_block
            )
            where s.id = n.id
            and s.pack = n.from_pack
            and s.state <> 'erased'
            returning s.id",
            &self.ids,
            &self.from_packs,
            &self.homes,
            &self.districts,
            &self.are_self_asserted,
            &self.governments_over,
            &self.levels,
            &self.packs,
            &self.drop_addresses,
            &self.signers as &[Option<Vec<u8>>],
            &self.have_blocks as &[Option<bool>]
        )
        .fetch_all(connection)
        .await
        .map_err(from_sqlx)?;
        Ok(written.into_iter().map(SignatureId).collect())
    }
}

#[async_trait]
impl Reresolutions for Postgres {
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
        let node = self.node().await?;
        let ids: Vec<SignatureId> = again.iter().map(|one| one.id).collect();
        let mut tx = self.begin().await?;
        household::lock(&mut tx, &ids).await?;
        let standings = standings(&mut tx, ids).await?;
        let reresolving = Reresolving::new(again, &standings);
        let written = Columns::of(reresolving.chosen()).write(&mut tx).await?;
        let done: HashSet<SignatureId> = written.iter().copied().collect();
        moves::write(&mut tx, &reresolving.moves(&done, at), node).await?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(written)
    }

    async fn record_reresolution_report(
        &self,
        petition: PetitionId,
        report: &ReresolutionReport,
    ) -> StorageResult<()> {
        sqlx::query!(
            "insert into reresolution (petition_id, pack, report, made_at)
            values ($1, $2, $3, $4)
            on conflict (petition_id) do update
            set
              pack = excluded.pack,
              report = excluded.report,
              made_at = excluded.made_at",
            petition.0,
            report.pack,
            report.report,
            report.made_at
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }

    async fn find_reresolution_report(
        &self,
        petition: PetitionId,
    ) -> StorageResult<Option<ReresolutionReport>> {
        sqlx::query_as!(
            ReresolutionReport,
            "select pack, report, made_at
            from reresolution
            where petition_id = $1",
            petition.0
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(from_sqlx)
    }

    async fn request_reresolution(
        &self,
        request: &ReresolutionRequest,
        deed: &Deed,
    ) -> StorageResult<()> {
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into reresolution_request (petition_id, applies, pack, requested_at)
            values ($1, $2, $3, $4)
            on conflict (petition_id) do update
            set
              applies = excluded.applies,
              pack = excluded.pack,
              requested_at = excluded.requested_at",
            request.petition_id.0,
            request.applies,
            request.pack,
            request.requested_at
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn list_reresolution_requests(&self) -> StorageResult<Vec<ReresolutionRequest>> {
        let rows = sqlx::query!(
            "select petition_id, applies, pack, requested_at
            from reresolution_request
            order by requested_at, petition_id"
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        let requests = rows.into_iter().map(|row| ReresolutionRequest {
            petition_id: PetitionId(row.petition_id),
            applies: row.applies,
            pack: row.pack,
            requested_at: row.requested_at,
        });
        Ok(requests.collect())
    }

    async fn finish_reresolution_request(
        &self,
        request: &ReresolutionRequest,
    ) -> StorageResult<()> {
        sqlx::query!(
            "delete from reresolution_request
            where petition_id = $1
            and requested_at = $2",
            request.petition_id.0,
            request.requested_at
        )
        .execute(&self.pool)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }
}
