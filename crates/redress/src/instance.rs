//! An instance: its database, its schema brought up, its key.

use crate::config::Config;
use crate::failure::Failure;
use crate::machine::random;
use anyhow::anyhow;
use clap::Args;
use redress_storage::secrets::InstanceKey;
use redress_storage::secrets::Vault;
use redress_storage::{StorageError, Store};
use redress_storage_postgres::Postgres;
use redress_storage_sqlite::Sqlite;
use std::future::Future;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Connections to PostgreSQL that a command opens.
const CONNECTIONS: u32 = 4;

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text
            .strip_prefix("sqlite:")
            .map(|rest| rest.strip_prefix("//").unwrap_or(rest));
        match path {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            _ => Err("write sqlite:PATH or postgres://USER@HOST/NAME".to_owned()),
        }
    }
}

/// Arguments of every command that works on a database.
#[derive(Debug, Clone, Args)]
pub struct Database {
    #[arg(
        long = "database",
        value_name = "URL",
        help = "The database: sqlite:PATH or postgres://USER@HOST/NAME (default: database.url of the configuration)"
    )]
    url: Option<DatabaseUrl>,
    /// Refuse to work on a schema that is not up to date, instead of bringing it up
    #[arg(long)]
    no_migrate: bool,
}

/// Where the instance's key lies.
#[derive(Debug, Clone, Default, Args)]
pub struct KeyFile {
    /// The instance's key; by default beside the database file, made when absent
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// An open database.
pub struct Instance {
    /// Its handles.
    pub store: Store,
    opened: Opened,
    url: DatabaseUrl,
}

enum Opened {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Database {
    /// Opens the database and brings its schema up, or insists that it is.
    pub async fn open(&self, config: &Config) -> Result<Instance, Failure> {
        self.open_by(config, false).await
    }

    /// The same for a process that keeps little of it in memory.
    pub async fn open_sparing(&self, config: &Config) -> Result<Instance, Failure> {
        self.open_by(config, true).await
    }

    async fn open_by(&self, config: &Config, is_sparing: bool) -> Result<Instance, Failure> {
        let url = self.url(config)?;
        let cannot_open = |error| cannot_open(&url, error);
        let (opened, store) = match &url {
            DatabaseUrl::Sqlite(path) => {
                let folder = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty());
                if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                    return Err(Failure::input(anyhow!(
                        "{} is no folder: make it first",
                        folder.display()
                    )));
                }
                let database = if is_sparing {
                    Sqlite::open_sparing(path).await
                } else {
                    Sqlite::open(path).await
                };
                let database = database.map_err(cannot_open)?;
                self.bring_up(
                    &url,
                    database.pending_migrations().await,
                    database.migrate(),
                )
                .await?;
                let store = database.store();
                (Opened::Sqlite(database), store)
            }
            DatabaseUrl::Postgres(address) => {
                let database = Postgres::connect(address, CONNECTIONS)
                    .await
                    .map_err(cannot_open)?;
                self.bring_up(
                    &url,
                    database.pending_migrations().await,
                    database.migrate(),
                )
                .await?;
                let store = database.store();
                (Opened::Postgres(database), store)
            }
        };
        Ok(Instance { store, opened, url })
    }

    async fn bring_up(
        &self,
        url: &DatabaseUrl,
        pending: Result<usize, StorageError>,
        migrate: impl Future<Output = Result<(), StorageError>>,
    ) -> Result<(), Failure> {
        match pending.map_err(|error| cannot_open(url, error))? {
            0 => Ok(()),
            missing if self.no_migrate => Err(Failure::failed(anyhow!(
                "the schema lacks {missing} migrations; run `redress migrate --database URL`, or leave out --no-migrate"
            ))),
            _ => migrate.await.map_err(|error| cannot_open(url, error)),
        }
    }

    /// The flag's, else the configuration's.
    fn url(&self, config: &Config) -> Result<DatabaseUrl, Failure> {
        if let Some(url) = &self.url {
            return Ok(url.clone());
        }
        if config.database.url.is_empty() {
            return Err(Failure::input(anyhow!(
                "no database: name it with --database URL, or as database.url in the configuration"
            )));
        }
        config
            .database
            .url
            .parse()
            .map_err(|mend| Failure::input(anyhow!("database.url: {mend}")))
    }

    /// A database at a known place.
    pub fn at(url: DatabaseUrl) -> Self {
        Self {
            url: Some(url),
            no_migrate: false,
        }
    }
}

fn cannot_open(url: &DatabaseUrl, error: StorageError) -> Failure {
    let name = match url {
        DatabaseUrl::Sqlite(path) => path.display().to_string(),
        // A URL may hold a password.
        DatabaseUrl::Postgres(_) => "the PostgreSQL database".to_owned(),
    };
    let is_machine = matches!(error, StorageError::Full(_) | StorageError::Busy(_));
    let error = anyhow::Error::new(error).context(format!("cannot open {name}"));
    match url {
        _ if is_machine => Failure::failed(error),
        // An unreadable or foreign file is bad input; a full disk, or a server that is away, is a failure.
        DatabaseUrl::Sqlite(_) => Failure::input(error),
        DatabaseUrl::Postgres(_) => Failure::failed(error),
    }
}

impl Instance {
    /// The vault, with the instance's key: from the file named, the environment's, or the one
    /// beside a `SQLite` database, which is made when absent.
    pub fn vault(&self, key_file: &KeyFile, config: &Config) -> Result<Vault, Failure> {
        let path = self.key_path(key_file, config)?;
        let text =
            std::fs::read_to_string(&path).map_err(|error| Failure::unreadable(&path, &error))?;
        let key = InstanceKey::parse(&text).map_err(|error| {
            Failure::input(anyhow!(
                "{}: {error}; make one with `redress keys create FILE`",
                path.display()
            ))
        })?;
        let reread = move || InstanceKey::parse(&std::fs::read_to_string(&path).ok()?).ok();
        Ok(Vault::new(key, self.store.keys.clone()).rereading(reread))
    }

    /// Where the instance's key lies.
    pub fn key_path(&self, key_file: &KeyFile, config: &Config) -> Result<PathBuf, Failure> {
        let configured = Some(&config.secrets.key_file).filter(|file| !file.is_empty());
        let named = key_file
            .key_file
            .clone()
            .or_else(|| configured.map(PathBuf::from));
        match (named, &self.url) {
            (Some(path), _) => Ok(path),
            (None, DatabaseUrl::Sqlite(database)) => {
                let mut path = database.clone().into_os_string();
                path.push(".key");
                let path = PathBuf::from(path);
                create_key(&path)?;
                Ok(path)
            }
            (None, DatabaseUrl::Postgres(_)) => Err(Failure::input(anyhow!(
                "no instance key: make one with `redress keys create FILE`, then name it with --key-file or REDRESS_SECRETS__KEY_FILE"
            ))),
        }
    }

    /// Closes every connection.
    pub async fn close(self) {
        match self.opened {
            Opened::Sqlite(database) => database.close().await,
            Opened::Postgres(database) => database.close().await,
        }
    }
}

/// Writes a new instance key, for its owner's eyes alone; `false` when the file is there already.
pub fn create_key(path: &Path) -> Result<bool, Failure> {
    if path.exists() {
        return Ok(false);
    }
    let key = InstanceKey::generate(&mut random());
    // Linked into place: of two processes one wins.
    write_key(path, &key, |part| match std::fs::hard_link(part, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    })
}

/// Puts a ring of keys in the place of the one in a file.
pub fn replace_key(path: &Path, key: &InstanceKey) -> Result<(), Failure> {
    write_key(path, key, |part| std::fs::rename(part, path))
}

/// Keeps other processes from changing a key file, until it is dropped.
pub fn lock_key(path: &Path) -> Result<std::fs::File, Failure> {
    let mut lock = path.as_os_str().to_owned();
    lock.push(".lock");
    let lock = PathBuf::from(lock);
    let mut options = std::fs::OpenOptions::new();
    options.create(true).write(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(&lock);
    let held = opened.and_then(|file| file.lock().map(|()| file));
    held.map_err(|error| Failure::unwritable(&lock, &error))
}

/// Writes a key whole beside its place, synced, and puts it there: nobody ever reads half a key.
fn write_key<T>(
    path: &Path,
    key: &InstanceKey,
    put: impl FnOnce(&Path) -> std::io::Result<T>,
) -> Result<T, Failure> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(part);
    let write = || {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)?;
        file.write_all(key.to_text().as_bytes())?;
        file.sync_all()?;
        let done = put(&part)?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(done)
    };
    let written = write();
    // A left-over part is only untidy; the first error is the one to tell.
    let _ = std::fs::remove_file(&part);
    written.map_err(|error| Failure::unwritable(path, &error))
}

/// Runs a command's work to its end.
pub fn run<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::failed)?;
    runtime.block_on(work)
}
