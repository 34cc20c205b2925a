//! Appending a batch of signatures, column by column.

use crate::encoding::join_geoids;
use crate::errors::from_sqlx;
use crate::open::Connection;
use chrono::{DateTime, Utc};
use redress_model::comment::CommentReview;
use redress_model::petition::LINK_LIFETIME;
use redress_storage::StorageResult;
use redress_storage::plan::SignatureRow;
use uuid::Uuid;

/// The columns of the rows.
#[derive(Default)]
struct Columns {
    id: Vec<Uuid>,
    petition_id: Vec<Uuid>,
    email_key: Vec<Vec<u8>>,
    name_key: Vec<Vec<u8>>,
    zip_key: Vec<Vec<u8>>,
    content_key: Vec<Vec<u8>>,
    address_key: Vec<Option<Vec<u8>>>,
    client_key: Vec<Option<Vec<u8>>>,
    state: Vec<String>,
    is_counted: Vec<bool>,
    rejected_by: Vec<Option<String>>,
    rejection: Vec<Option<String>>,
    home: Vec<String>,
    district: Vec<String>,
    is_self_asserted: Vec<bool>,
    governments_over: Vec<String>,
    level: Vec<String>,
    pack: Vec<String>,
    origin: Vec<String>,
    sheet: Vec<Option<String>>,
    sealed_signer: Vec<Vec<u8>>,
    sealed_address: Vec<Option<Vec<u8>>>,
    sealed_comment: Vec<Option<Vec<u8>>>,
    shares_comment: Vec<bool>,
    lists_name: Vec<bool>,
    wants_updates: Vec<bool>,
    language: Vec<String>,
    number: Vec<Option<i64>>,
    signed_at: Vec<DateTime<Utc>>,
    confirm_by_at: Vec<DateTime<Utc>>,
    confirmed_at: Vec<Option<DateTime<Utc>>>,
    has_block: Vec<bool>,
    comment_review: Vec<Option<String>>,
}

impl Columns {
    fn push(&mut self, row: &SignatureRow<'_>) {
        let (new, is_counted) = (row.new, row.number.is_some());
        self.id.push(new.id.0);
        self.petition_id.push(new.petition_id.0);
        self.email_key.push(new.email_key.as_bytes().to_vec());
        self.name_key.push(new.name_key.as_bytes().to_vec());
        self.zip_key.push(new.zip_key.as_bytes().to_vec());
        self.content_key.push(new.content_key.as_bytes().to_vec());
        self.address_key
            .push(new.address_key.map(|key| key.0.to_vec()));
        self.client_key
            .push(new.client_key.map(|key| key.0.to_vec()));
        self.state.push(row.state.as_str().to_owned());
        self.is_counted.push(is_counted);
        self.rejected_by
            .push(row.rejection.map(|(by, _)| by.as_str().to_owned()));
        self.rejection
            .push(row.rejection.map(|(_, reason)| reason.as_str().to_owned()));
        self.home.push(new.location.home.as_key().to_owned());
        self.district.push(new.location.district_key().to_owned());
        self.is_self_asserted.push(new.location.is_self_asserted);
        self.governments_over
            .push(join_geoids(&new.location.governments_over));
        self.level.push(new.level.clone());
        self.pack.push(new.pack.clone());
        self.origin.push(new.origin.as_str().to_owned());
        self.sheet.push(new.sheet.clone());
        self.sealed_signer.push(new.sealed.signer.clone());
        self.sealed_address.push(new.sealed.address.clone());
        self.sealed_comment.push(new.sealed.comment.clone());
        self.shares_comment.push(new.wishes.shares_comment);
        self.lists_name.push(new.wishes.lists_name);
        self.wants_updates.push(new.wishes.wants_updates);
        self.language.push(new.language.clone());
        self.number.push(row.number);
        self.signed_at.push(new.signed_at);
        self.confirm_by_at.push(new.signed_at + LINK_LIFETIME);
        self.confirmed_at.push(is_counted.then_some(new.signed_at));
        self.has_block.push(new.has_block);
        let comment = new.sealed.comment.as_ref();
        self.comment_review
            .push(comment.map(|_| CommentReview::Unseen.as_str().to_owned()));
    }
}

pub(super) async fn insert(
    connection: &mut Connection,
    rows: &[SignatureRow<'_>],
) -> StorageResult<()> {
    let mut columns = Columns::default();
    for row in rows {
        columns.push(row);
    }
    sqlx::query!(
        "insert into signature (
          id, petition_id, email_key, name_key, zip_key, content_key, address_key,
          client_key, state, is_counted, rejected_by, rejection, home, district,
          is_self_asserted, governments_over, level, pack, origin, sheet, sealed_signer,
          sealed_address, sealed_comment, shares_comment, lists_name, wants_updates,
          language, number, signed_at, confirm_by_at, confirmed_at, has_block,
          comment_review
        )
        select *
        from unnest(
          $1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[],
          $7::bytea[], $8::bytea[], $9::text[], $10::boolean[], $11::text[], $12::text[],
          $13::text[], $14::text[], $15::boolean[], $16::text[], $17::text[], $18::text[],
          $19::text[], $20::text[], $21::bytea[], $22::bytea[], $23::bytea[],
          $24::boolean[], $25::boolean[], $26::boolean[], $27::text[], $28::bigint[],
          $29::timestamptz[], $30::timestamptz[], $31::timestamptz[],
          $32::boolean[], $33::text[]
        )",
        &columns.id,
        &columns.petition_id,
        &columns.email_key,
        &columns.name_key,
        &columns.zip_key,
        &columns.content_key,
        &columns.address_key as &[Option<Vec<u8>>],
        &columns.client_key as &[Option<Vec<u8>>],
        &columns.state,
        &columns.is_counted,
        &columns.rejected_by as &[Option<String>],
        &columns.rejection as &[Option<String>],
        &columns.home,
        &columns.district,
        &columns.is_self_asserted,
        &columns.governments_over,
        &columns.level,
        &columns.pack,
        &columns.origin,
        &columns.sheet as &[Option<String>],
        &columns.sealed_signer,
        &columns.sealed_address as &[Option<Vec<u8>>],
        &columns.sealed_comment as &[Option<Vec<u8>>],
        &columns.shares_comment,
        &columns.lists_name,
        &columns.wants_updates,
        &columns.language,
        &columns.number as &[Option<i64>],
        &columns.signed_at,
        &columns.confirm_by_at,
        &columns.confirmed_at as &[Option<DateTime<Utc>>],
        &columns.has_block,
        &columns.comment_review as &[Option<String>]
    )
    .execute(connection)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}
