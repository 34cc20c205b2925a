//! Governments, posts, people.

use crate::audit;
use crate::errors::from_sqlx;
use crate::open::{Connection, Postgres};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use redress_model::contact_state::ContactRecord;
use redress_model::directory::{Directory, Jurisdiction};
use redress_model::geoid::Geoid;
use redress_storage::StorageResult;
use redress_storage::audit::Deed;
use redress_storage::officials::{Government, Listed, Officials};
use redress_storage::rows::officials::{
    ContactColumns, DirectoryRows, GovernmentColumns, JurisdictionColumns, PostColumns,
    TenureColumns,
};
use std::collections::BTreeMap;

/// Instants as this database has them.
type ContactRow = ContactColumns<DateTime<Utc>>;

fn geoids(geoids: &[Geoid]) -> Vec<String> {
    geoids
        .iter()
        .map(|geoid| geoid.as_str().to_owned())
        .collect()
}

/// The rows of one government, or of all.
async fn rows(connection: &mut Connection, geoid: Option<&str>) -> StorageResult<DirectoryRows> {
    let jurisdictions = sqlx::query_as!(
        JurisdictionColumns,
        "select geoid, name, state, time_zone
        from jurisdiction
        where $1::text is null
        or geoid = $1
        order by geoid",
        geoid
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let posts = sqlx::query_as!(
        PostColumns,
        "select id, geoid, place, role, title, seat, district, seats
        from post
        where $1::text is null
        or geoid = $1
        order by geoid, place",
        geoid
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let tenures = sqlx::query_as!(
        TenureColumns,
        r#"select
          post_id, number, seat, title, stated, listed_on::text as "listed_on", list, person, party,
          term_start::text as "term_start", term_end::text as "term_end", as_of, source, email, web_form, office_address, url, notes, person_id,
          checked_on::text as "checked_on"
        from tenure
        where $1::text is null
        or post_id in (select id from post where geoid = $1)
        order by post_id, number"#,
        geoid
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    Ok(DirectoryRows {
        jurisdictions,
        posts,
        tenures,
    })
}

async fn forget(connection: &mut Connection, geoids: &[String]) -> StorageResult<()> {
    sqlx::query!(
        "delete from tenure
        where post_id in (
          select id
          from post
          where geoid = any($1)
        )",
        geoids
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    sqlx::query!("delete from post where geoid = any($1)", geoids)
        .execute(&mut *connection)
        .await
        .map_err(from_sqlx)?;
    sqlx::query!("delete from jurisdiction where geoid = any($1)", geoids)
        .execute(connection)
        .await
        .map_err(from_sqlx)?;
    Ok(())
}

async fn write(connection: &mut Connection, rows: &DirectoryRows) -> StorageResult<()> {
    let jurisdictions = DirectoryRows::json(&rows.jurisdictions);
    sqlx::query!(
        "insert into jurisdiction (geoid, name, state, time_zone)
        select geoid, name, state, time_zone
        from json_populate_recordset(null::jurisdiction, $1::text::json)",
        jurisdictions
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let posts = DirectoryRows::json(&rows.posts);
    sqlx::query!(
        "insert into post (id, geoid, place, role, title, seat, district, seats)
        select id, geoid, place, role, title, seat, district, seats
        from json_populate_recordset(null::post, $1::text::json)",
        posts
    )
    .execute(&mut *connection)
    .await
    .map_err(from_sqlx)?;
    let tenures = DirectoryRows::json(&rows.tenures);
    sqlx::query!(
        "insert into tenure (
          post_id, number, seat, title, stated, listed_on, list, person, party, term_start, term_end,
          as_of, source, email, web_form, office_address, url, notes, person_id, checked_on
        )
        select
          post_id, number, seat, title, stated, listed_on, list, person, party, term_start, term_end,
          as_of, source, email, web_form, office_address, url, notes, person_id, checked_on
        from json_populate_recordset(null::tenure, $1::text::json)",
        tenures
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}

#[async_trait]
impl Officials for Postgres {
    async fn record_governments(&self, governments: &[Government]) -> StorageResult<()> {
        let rows: Vec<GovernmentColumns> = governments.iter().map(GovernmentColumns::of).collect();
        let rows = DirectoryRows::json(&rows);
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into government (geoid, name, state, ocd_id, latitude, longitude)
            select geoid, name, state, ocd_id, latitude, longitude
            from json_populate_recordset(null::government, $1::text::json)
            on conflict (geoid) do update
            set
              name = excluded.name,
              state = excluded.state,
              ocd_id = excluded.ocd_id,
              latitude = excluded.latitude,
              longitude = excluded.longitude",
            rows
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn find_government(&self, geoid: &Geoid) -> StorageResult<Option<Government>> {
        let found = self
            .list_named_governments(std::slice::from_ref(geoid))
            .await?;
        Ok(found.into_iter().next())
    }

    async fn list_governments(
        &self,
        after: Option<&Geoid>,
        limit: u32,
    ) -> StorageResult<Vec<Government>> {
        let (after, limit) = (after.map_or("", Geoid::as_str), i64::from(limit));
        let rows = sqlx::query_as!(
            GovernmentColumns,
            "select geoid, name, state, ocd_id, latitude, longitude
            from government
            where geoid > $1
            order by geoid
            limit $2",
            after,
            limit
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(GovernmentColumns::read).collect()
    }

    async fn list_named_governments(&self, named: &[Geoid]) -> StorageResult<Vec<Government>> {
        let named = geoids(named);
        let rows = sqlx::query_as!(
            GovernmentColumns,
            "select geoid, name, state, ocd_id, latitude, longitude
            from government
            where geoid = any($1)
            order by geoid",
            &named
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(GovernmentColumns::read).collect()
    }

    async fn record_directory(&self, listed: &[Listed], deed: &Deed) -> StorageResult<()> {
        let geoids: Vec<String> = listed.iter().map(|it| it.geoid.clone()).collect();
        let mut tx = self.begin().await?;
        forget(&mut tx, &geoids).await?;
        write(&mut tx, &DirectoryRows::of(listed)).await?;
        sqlx::query!("update directory_revision set revision = revision + 1")
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        audit::append(&mut tx, deed).await?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn load_directory(&self) -> StorageResult<Directory> {
        let mut tx = self.snapshot().await?;
        rows(&mut tx, None).await?.directory()
    }

    async fn find_jurisdiction(&self, geoid: &Geoid) -> StorageResult<Option<Jurisdiction>> {
        let mut tx = self.snapshot().await?;
        let rows = rows(&mut tx, Some(geoid.as_str())).await?;
        Ok(rows.directory()?.jurisdiction(geoid.as_str()).cloned())
    }

    async fn record_contacts(&self, contacts: &[ContactRecord]) -> StorageResult<()> {
        // One statement must not write a row twice; of two words on one address the later counts.
        let mut latest: BTreeMap<String, &ContactRecord> = BTreeMap::new();
        for contact in contacts {
            let known = latest
                .entry(contact.address.to_lowercase())
                .or_insert(contact);
            if contact.since_at >= known.since_at {
                *known = contact;
            }
        }
        let addresses: Vec<String> = latest.keys().cloned().collect();
        let states: Vec<String> = latest
            .values()
            .map(|it| it.state.as_str().to_owned())
            .collect();
        let notes: Vec<Option<String>> = latest.values().map(|it| it.note.clone()).collect();
        let since: Vec<DateTime<Utc>> = latest.values().map(|it| it.since_at).collect();
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into contact (address, state, note, since_at)
            select address, state, note, since_at
            from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
              as rows (address, state, note, since_at)
            on conflict (address) do update
            set
              state = excluded.state,
              note = excluded.note,
              since_at = excluded.since_at
            where excluded.since_at >= contact.since_at",
            &addresses,
            &states,
            &notes as &[Option<String>],
            &since
        )
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)
    }

    async fn list_contacts(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> StorageResult<Vec<ContactRecord>> {
        let (after, limit) = (after.unwrap_or_default(), i64::from(limit));
        let rows = sqlx::query_as!(
            ContactRow,
            r#"select address, state, note, since_at
            from contact
            where address collate "C" > $1
            order by address collate "C"
            limit $2"#,
            after,
            limit
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(ContactRow::read).collect()
    }

    async fn list_named_contacts(&self, addresses: &[String]) -> StorageResult<Vec<ContactRecord>> {
        let rows = sqlx::query_as!(
            ContactRow,
            r#"select address, state, note, since_at
            from contact
            where address = any($1)
            order by address collate "C""#,
            addresses
        )
        .fetch_all(&self.pool)
        .await
        .map_err(from_sqlx)?;
        rows.into_iter().map(ContactRow::read).collect()
    }

    async fn find_directory_revision(&self) -> StorageResult<i64> {
        sqlx::query_scalar!("select revision from directory_revision")
            .fetch_one(&self.pool)
            .await
            .map_err(from_sqlx)
    }
}
