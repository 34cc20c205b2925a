//! SQLite passes the suite: a file in a folder of its own, opened twice.

use redress_model::id::SignatureId;
use redress_storage::conformance::Backend;
use redress_storage_sqlite::Sqlite;
use std::pin::Pin;
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
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}", path.display()))
        .await
        .expect("a working database");
    let freeze = Arc::new(move |id: SignatureId| {
        let pool = pool.clone();
        let frozen = async move {
            let frozen = sqlx::query("update signature set frozen_at = 1 where id = ?1")
                .bind(id.0)
                .execute(&pool)
                .await;
            assert_eq!(frozen.expect("a working database").rows_affected(), 1);
        };
        Box::pin(frozen) as Pin<Box<dyn Future<Output = ()> + Send>>
    });
    Backend {
        store: one.store(),
        other: other.store(),
        freeze,
        guard: Box::new(folder),
    }
}

redress_storage::conformance_suite!(backend);
