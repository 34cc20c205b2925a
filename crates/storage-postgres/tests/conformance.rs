//! PostgreSQL passes the suite: a database of its own for each sentence, connected twice.

#[path = "support/cluster.rs"]
mod cluster;

use redress_model::id::SignatureId;
use redress_storage::conformance::Backend;
use redress_storage_postgres::Postgres;
use std::pin::Pin;
use std::sync::Arc;

async fn backend() -> Backend {
    let database = cluster::new_database().await;
    let one = Postgres::connect(&database.url, 6)
        .await
        .expect("a working database");
    let other = Postgres::connect(&database.url, 6)
        .await
        .expect("a working database");
    // Two processes that start at once bring the schema up once.
    let (first, second) = tokio::join!(one.migrate(), other.migrate());
    first.expect("a working database");
    second.expect("a working database");
    assert_eq!(
        one.pending_migrations().await.expect("a working database"),
        0
    );
    let url = database.url.clone();
    let freeze = Arc::new(move |id: SignatureId| {
        let url = url.clone();
        let frozen = async move {
            let pool = sqlx::PgPool::connect(&url)
                .await
                .expect("a working database");
            let frozen = sqlx::query("update signature set frozen_at = now() where id = $1")
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
        guard: Box::new(database),
    }
}

redress_storage::conformance_suite!(backend);
