//! Where a story's letters are kept: in SQLite's file, or on a PostgreSQL server of the test's own.

#[expect(
    dead_code,
    reason = "what provokes faults stops the server and reads its files; here it only runs"
)]
#[path = "../../faults/cluster.rs"]
mod cluster;

use crate::stage::{Stage, geoid};
use cluster::Cluster;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use redress_storage::secrets::{InstanceKey, Vault};
use redress_storage_postgres::Postgres;
use std::sync::Arc;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database with a city in it, for a test and for the programs that it starts.
pub struct Database {
    pub stage: Stage,
    /// Ends after everybody who is connected to it.
    cluster: Option<Cluster>,
}

impl Database {
    /// A fresh one.
    pub async fn open(engine: Engine) -> Self {
        let mut stage = Stage::open().await;
        if engine == Engine::Sqlite {
            return Self {
                stage,
                cluster: None,
            };
        }
        let cluster = Cluster::start();
        let database = Postgres::connect(&cluster.url(), 4).await.unwrap();
        database.migrate().await.unwrap();
        let (place, officials) = (geoid(), stage.store.officials.clone());
        let city = [officials.find_government(&place).await.unwrap().unwrap()];
        stage.store = database.store();
        let officials = &stage.store.officials;
        officials.record_governments(&city).await.unwrap();
        let key = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(8));
        stage.vault = Arc::new(Vault::new(key, stage.store.keys.clone()));
        Self {
            stage,
            cluster: Some(cluster),
        }
    }

    /// Its address, as programs take it.
    pub fn url(&self) -> String {
        let file = || {
            let path = self.stage.folder.path().join("mailing.db");
            format!("sqlite:{}", path.display())
        };
        self.cluster.as_ref().map_or_else(file, Cluster::url)
    }
}
