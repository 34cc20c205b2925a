//! Signatures a second through the intake into SQLite, `synchronous=FULL`.
//!
//! `cargo bench -p redress-storage-sqlite -- [SIGNATURES] [CALLERS]`

use redress_storage::conformance::load;
use redress_storage_sqlite::Sqlite;

#[tokio::main]
async fn main() {
    let numbers: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    // Beside the sources, not in a temporary folder that may lie in memory.
    let folder = tempfile::tempdir_in(".").expect("a folder");
    let sqlite = Sqlite::open(&folder.path().join("bench.sqlite"))
        .await
        .expect("opened");
    sqlite.migrate().await.expect("migrated");
    let (count, callers) = (numbers.first().copied(), numbers.get(1).copied());
    load::run(
        &sqlite.store(),
        count.unwrap_or(200_000),
        callers.unwrap_or(512),
    )
    .await;
}
