//! SQLite passes the suite: a file in a folder of its own, opened twice.

use redress_model::id::SignatureId;
use redress_storage::conformance::Backend;
use redress_storage::conformance::scene::Running;
use redress_storage_sqlite::Sqlite;
use sqlx::SqlitePool;
use std::sync::Arc;

async fn backend() -> Backend {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("redress.sqlite");
    let (one, other) = (
        Sqlite::open(&path).await.expect("a working database"),
        Sqlite::open(&path).await.expect("a working database"),
    );
    // Two processes that start at once bring the schema up once.
    let (first, second) = tokio::join!(one.migrate(), other.migrate());
    first.expect("a working database");
    second.expect("a working database");
    assert_eq!(
        one.pending_migrations().await.expect("a working database"),
        0
    );
    let pool = SqlitePool::connect(&format!("sqlite://{}", path.display()))
        .await
        .expect("a working database");
    let run = Arc::new(move |statement: &'static str, id: SignatureId| {
        let pool = pool.clone();
        let running: Running = Box::pin(async move {
            let ran = sqlx::query(statement).bind(id.0).execute(&pool).await;
            // "CHECK constraint failed: NAME", or the text that a trigger raised.
            let name = |error: sqlx::Error| {
                let message = error
                    .into_database_error()
                    .expect("the database's own error")
                    .message()
                    .to_owned();
                message.rsplit(": ").next().unwrap_or_default().to_owned()
            };
            ran.map(|ran| ran.rows_affected()).map_err(name)
        });
        running
    });
    Backend {
        store: one.store(),
        other: other.store(),
        run,
        guard: Box::new(folder),
    }
}

redress_storage::conformance_suite!(backend);
