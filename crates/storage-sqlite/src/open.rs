//! Opening a database, and bringing its schema up.

use crate::errors::{from_migrate, from_sqlx};
use crate::key_file::KeyFile;
use redress_storage::{StorageError, StorageResult, Store};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite as Engine, SqliteConnection, Transaction};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// How long a writer waits for another process.
const BUSY: Duration = Duration::from_secs(30);

/// How many connections read.
const READERS: u32 = 4;

/// How much a process keeps in memory: pages of the writer and of each reader, in KiB with the sign that SQLite gives them, and how many pages its
/// log may have before they are copied into the database.
#[derive(Clone, Copy)]
struct Cached {
    writer: &'static str,
    reader: &'static str,
    log: &'static str,
}

const AMPLE: Cached = Cached {
    writer: "-65536",
    reader: "-65536",
    log: "16000",
};

const SPARING: Cached = Cached {
    writer: "-16384",
    reader: "-2048",
    log: "4000",
};

/// An open database; cheap to clone.
#[derive(Clone)]
pub struct Sqlite {
    pub(crate) writer: SqlitePool,
    pub(crate) reader: SqlitePool,
    path: Arc<PathBuf>,
}

impl Sqlite {
    /// Opens a database file, made if absent, for a process that serves many at once. The schema is left as it is: see [`Sqlite::migrate`].
    pub async fn open(path: &Path) -> StorageResult<Self> {
        Self::open_with(path, AMPLE).await
    }

    /// The same for a process that goes through what is stored once, such as a mailer: it keeps few pages in memory.
    pub async fn open_sparing(path: &Path) -> StorageResult<Self> {
        Self::open_with(path, SPARING).await
    }

    async fn open_with(path: &Path, cached: Cached) -> StorageResult<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .statement_cache_capacity(200)
            .pragma("wal_autocheckpoint", cached.log);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .acquire_timeout(BUSY)
            .connect_with(options.clone().pragma("cache_size", cached.writer))
            .await
            .map_err(from_sqlx)?;
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            // A file does not go away: asking it first costs a trip to another thread each time.
            .test_before_acquire(false)
            .acquire_timeout(BUSY)
            .connect_with(
                options
                    .pragma("cache_size", cached.reader)
                    .pragma("query_only", "on"),
            )
            .await
            .map_err(from_sqlx)?;
        Ok(Self {
            writer,
            reader,
            path: Arc::new(path.to_owned()),
        })
    }

    /// Brings the schema up. The whole of it is one `begin immediate`, so that of two processes one
    /// waits and then finds nothing to do.
    pub async fn migrate(&self) -> StorageResult<()> {
        if self.pending_migrations().await? == 0 {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        MIGRATIONS
            .run_direct(None, &mut *tx, false)
            .await
            .map_err(from_migrate)?;
        tx.commit().await.map_err(from_sqlx)
    }

    /// How many migrations are missing. An error if the schema is another program's or a newer one's.
    pub async fn pending_migrations(&self) -> StorageResult<usize> {
        let mut connection = self.writer.acquire().await.map_err(from_sqlx)?;
        let has_table = sqlx::query("select 1 from sqlite_master where name = '_sqlx_migrations'")
            .fetch_optional(&mut *connection)
            .await
            .map_err(from_sqlx)?
            .is_some();
        if !has_table {
            return Ok(MIGRATIONS.iter().count());
        }
        let applied: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("select version, checksum from _sqlx_migrations order by version")
                .fetch_all(&mut *connection)
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

    /// Every handle, with the key file beside the database.
    pub fn store(&self) -> Store {
        let mut keys = self.path.as_os_str().to_owned();
        keys.push(".keys");
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
            settings: this,
            keys: Arc::new(KeyFile::new(PathBuf::from(keys))),
        }
    }

    /// Writes what is in the log into the file and closes every connection.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    pub(crate) async fn begin(&self) -> StorageResult<Transaction<'static, Engine>> {
        let begun = self.writer.begin_with("begin immediate").await;
        // A write that finds no room ends its transaction inside SQLite, and sqlx counts it open for ever: that connection begins
        // nothing any more, and another takes its place.
        let begun = if let Err(sqlx::Error::InvalidSavePointStatement) = begun {
            let spoilt = self.writer.acquire().await.map_err(from_sqlx)?;
            spoilt.close().await.map_err(from_sqlx)?;
            self.writer.begin_with("begin immediate").await
        } else {
            begun
        };
        begun.map_err(from_sqlx)
    }

    /// A transaction that sees one state of the database.
    pub(crate) async fn snapshot(&self) -> StorageResult<Transaction<'static, Engine>> {
        self.reader.begin().await.map_err(from_sqlx)
    }
}

/// What statements run on.
pub(crate) type Connection = SqliteConnection;
