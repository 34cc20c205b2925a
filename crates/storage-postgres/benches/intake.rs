//! Signatures a second through the intake into PostgreSQL, as durable as the server is set to be.
//!
//! `DATABASE_URL=postgres://... cargo bench -p redress-storage-postgres -- [SIGNATURES] [CALLERS]`,
//! with an empty database.

use redress_storage::conformance::load;
use redress_storage_postgres::Postgres;

#[tokio::main]
async fn main() {
    let numbers: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let Ok(url) = std::env::var("DATABASE_URL") else {
        println!("skipped: DATABASE_URL names no empty database");
        return;
    };
    let postgres = Postgres::connect(&url, 8).await.expect("connected");
    postgres.migrate().await.expect("migrated");
    let (count, callers) = (numbers.first().copied(), numbers.get(1).copied());
    load::run(
        &postgres.store(),
        count.unwrap_or(200_000),
        callers.unwrap_or(512),
    )
    .await;
}
