//! Appending a batch of signatures, many rows a statement.
//!
//! Each statement is a message to the connection's thread and an answer back, which cost as much as the row itself: so rows go by the
//! widest statement that they fill. These alone are not checked while compiling, since their text is as long as they are wide.

use crate::encoding::{join_geoids, micros};
use crate::errors::from_sqlx;
use crate::open::Connection;
use redress_model::comment::CommentReview;
use redress_model::fingerprint::Fingerprint;
use redress_model::petition::LINK_LIFETIME;
use redress_storage::StorageResult;
use redress_storage::plan::SignatureRow;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Sqlite as Engine};
use std::sync::{Arc, LazyLock};

/// In the order of [`bind`].
const COLUMNS: [&str; 33] = [
    "id",
    "petition_id",
    "email_key",
    "name_key",
    "zip_key",
    "content_key",
    "address_key",
    "client_key",
    "state",
    "is_counted",
    "rejected_by",
    "rejection",
    "home",
    "district",
    "is_self_asserted",
    "governments_over",
    "level",
    "pack",
    "origin",
    "sheet",
    "sealed_signer",
    "sealed_address",
    "sealed_comment",
    "shares_comment",
    "lists_name",
    "wants_updates",
    "language",
    "number",
    "signed_at",
    "confirm_by_at",
    "confirmed_at",
    "has_block",
    "comment_review",
];

/// How many rows a statement takes, the most first; each is prepared once.
static STATEMENTS: LazyLock<[(usize, Arc<str>); 3]> =
    LazyLock::new(|| [32, 8, 1].map(|rows| (rows, statement(rows))));

fn statement(rows: usize) -> Arc<str> {
    // Without numbers: SQLite looks for each numbered parameter among all of them.
    let row = format!("({})", ["?"; COLUMNS.len()].join(", "));
    let rows = vec![row; rows].join(", ");
    let columns = COLUMNS.join(", ");
    format!("insert into signature ({columns}) values {rows}").into()
}

pub(super) async fn insert(
    connection: &mut Connection,
    mut rows: &[SignatureRow<'_>],
) -> StorageResult<()> {
    for (width, statement) in STATEMENTS.iter() {
        while let Some((now, later)) = rows.split_at_checked(*width) {
            let query = sqlx::query(AssertSqlSafe(Arc::clone(statement)));
            now.iter()
                .fold(query, bind)
                .execute(&mut *connection)
                .await
                .map_err(from_sqlx)?;
            rows = later;
        }
    }
    Ok(())
}

type Inserting<'q> = Query<'q, Engine, SqliteArguments>;

fn bind<'q>(query: Inserting<'q>, row: &SignatureRow<'_>) -> Inserting<'q> {
    let (new, is_counted) = (row.new, row.number.is_some());
    let key = |key: &Fingerprint| key.as_bytes().to_vec();
    let signed_at = micros(new.signed_at);
    let comment = new.sealed.comment.as_ref();
    let review = comment.map(|_| CommentReview::Unseen.as_str());
    query
        .bind(new.id.0)
        .bind(new.petition_id.0)
        .bind(key(&new.email_key))
        .bind(key(&new.name_key))
        .bind(key(&new.zip_key))
        .bind(key(&new.content_key))
        .bind(new.address_key.as_ref().map(key))
        .bind(new.client_key.as_ref().map(key))
        .bind(row.state.as_str())
        .bind(is_counted)
        .bind(row.rejection.map(|(by, _)| by.as_str()))
        .bind(row.rejection.map(|(_, reason)| reason.as_str()))
        .bind(new.location.home.as_key().to_owned())
        .bind(new.location.district_key().to_owned())
        .bind(new.location.is_self_asserted)
        .bind(join_geoids(&new.location.governments_over))
        .bind(new.level.clone())
        .bind(new.pack.clone())
        .bind(new.origin.as_str())
        .bind(new.sheet.clone())
        .bind(new.sealed.signer.clone())
        .bind(new.sealed.address.clone())
        .bind(new.sealed.comment.clone())
        .bind(new.wishes.shares_comment)
        .bind(new.wishes.lists_name)
        .bind(new.wishes.wants_updates)
        .bind(new.language.clone())
        .bind(row.number)
        .bind(signed_at)
        .bind(micros(new.signed_at + LINK_LIFETIME))
        .bind(is_counted.then_some(signed_at))
        .bind(new.has_block)
        .bind(review)
}
