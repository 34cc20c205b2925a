//! Connecting to a database, and bringing its schema up.

use crate::errors::{from_migrate, from_sqlx};
use redress_storage::{StorageError, StorageResult, Store};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{PgConnection, Postgres as Engine, Transaction};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// How long anybody waits for a connection: while the server is away, whoever asks is told so within it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many processes count under numbers of their own before two share one: shares wait for each
/// other, and count as rightly.
const NODES: i64 = 64;

/// A connected database; cheap to clone.
#[derive(Clone)]
pub struct Postgres {
    pub(crate) pool: PgPool,
    node: Arc<OnceLock<i32>>,
}

impl Postgres {
    /// Connects, with at most so many connections. The schema is left as it is: see
    /// [`Postgres::migrate`].
    pub async fn connect(url: &str, connections: u32) -> StorageResult<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(connections.max(2))
            .acquire_timeout(PATIENCE)
            .connect(url)
            .await
            .map_err(from_sqlx)?;
        Ok(Self {
            pool,
            node: Arc::default(),
        })
    }

    /// Brings the schema up, under an advisory lock: of two processes one waits and then finds
    /// nothing to do.
    pub async fn migrate(&self) -> StorageResult<()> {
        MIGRATIONS.run(&self.pool).await.map_err(from_migrate)
    }

    /// How many migrations are missing. An error if the schema is another program's or a newer one's.
    pub async fn pending_migrations(&self) -> StorageResult<usize> {
        let has_table = sqlx::query("select 1 from pg_tables where tablename = '_sqlx_migrations'")
            .fetch_optional(&self.pool)
            .await
            .map_err(from_sqlx)?
            .is_some();
        if !has_table {
            return Ok(MIGRATIONS.iter().count());
        }
        let applied: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("select version, checksum from _sqlx_migrations order by version")
                .fetch_all(&self.pool)
                .await
                .map_err(from_sqlx)?;
        for (version, checksum) in &applied {
            match MIGRATIONS
                .iter()
                .find(|migration| migration.version == *version)
            {
                None => {
                    return Err(StorageError::Schema(format!(
                        "migration {version} is of a newer version"
                    )));
                }
                Some(known) if *known.checksum != **checksum => {
                    return Err(StorageError::Schema(format!(
                        "migration {version} is not this version's"
                    )));
                }
                Some(_) => {}
            }
        }
        Ok(MIGRATIONS.iter().count() - applied.len())
    }

    /// Every handle.
    pub fn store(&self) -> Store {
        let this = Arc::new(self.clone());
        Store {
            petitions: this.clone(),
            signatures: this.clone(),
            comments: this.clone(),
            paper: this.clone(),
            reresolutions: this.clone(),
            submission_keys: this.clone(),
            abuse: this.clone(),
            proofs: this.clone(),
            breakers: this.clone(),
            sweeps: this.clone(),
            tallies: this.clone(),
            mails: this.clone(),
            officials: this.clone(),
            batches: this.clone(),
            deliveries: this.clone(),
            events: this.clone(),
            forwards: this.clone(),
            hooks: this.clone(),
            responses: this.clone(),
            office_wishes: this.clone(),
            accounts: this.clone(),
            audit: this.clone(),
            settings: this.clone(),
            keys: this,
        }
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) async fn begin(&self) -> StorageResult<Transaction<'static, Engine>> {
        self.pool.begin().await.map_err(from_sqlx)
    }

    /// A transaction that sees one state of the database.
    pub(crate) async fn snapshot(&self) -> StorageResult<Transaction<'static, Engine>> {
        self.pool
            .begin_with("begin isolation level repeatable read read only")
            .await
            .map_err(from_sqlx)
    }

    /// The number under which this process counts, drawn from a sequence when it first does.
    pub(crate) async fn node(&self) -> StorageResult<i32> {
        if let Some(node) = self.node.get() {
            return Ok(*node);
        }
        let drawn = sqlx::query_scalar!(r#"select nextval('tally_node') as "node!""#)
            .fetch_one(&self.pool)
            .await
            .map_err(from_sqlx)?;
        let drawn = i32::try_from(drawn % NODES).unwrap_or_default();
        Ok(*self.node.get_or_init(|| drawn))
    }
}

/// What statements run on.
pub(crate) type Connection = PgConnection;
