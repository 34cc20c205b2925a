//! PostgreSQL passes the suite: a database of its own for each sentence, connected twice.

#[path = "support/cluster.rs"]
mod cluster;

use redress_model::id::SignatureId;
use redress_storage::conformance::Backend;
use redress_storage::conformance::scene::Running;
use redress_storage_postgres::Postgres;
use sqlx::PgPool;
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
    let run = Arc::new(move |statement: &'static str, id: SignatureId| {
        let url = url.clone();
        let running: Running = Box::pin(async move {
            let pool = PgPool::connect(&url).await.expect("a working database");
            let ran = sqlx::query(statement).bind(id.0).execute(&pool).await;
            let name = |error: sqlx::Error| {
                let error = error
                    .into_database_error()
                    .expect("the database's own error");
                error.constraint().unwrap_or_default().to_owned()
            };
            ran.map(|ran| ran.rows_affected()).map_err(name)
        });
        running
    });
    Backend {
        store: one.store(),
        other: other.store(),
        run,
        guard: Box::new(database),
    }
}

redress_storage::conformance_suite!(backend);
