//! Wrapped petition keys in a text file beside the database: one line a petition, its id and the key
//! in hexadecimal. The file is small; it is read whole, and replaced whole under a lock.

use crate::encoding::hex;
use async_trait::async_trait;
use redress_model::id::PetitionId;
use redress_storage::keys::KeyStore;
use redress_storage::{StorageError, StorageResult};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

type Keys = BTreeMap<PetitionId, Vec<u8>>;

/// A file of keys, made with mode 0600 when the first is recorded.
#[derive(Debug, Clone)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// Keys in a file, which need not be there yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> StorageResult<T> + Send + 'static,
    ) -> StorageResult<T> {
        let path = self.path.clone();
        let done = tokio::task::spawn_blocking(move || work(&path)).await;
        done.map_err(|error| StorageError::Unavailable(Box::new(error)))?
    }
}

#[async_trait]
impl KeyStore for KeyFile {
    async fn record_key(&self, petition: PetitionId, wrapped: &[u8]) -> StorageResult<()> {
        let wrapped = wrapped.to_vec();
        self.run(move |path| {
            change(path, |keys| {
                keys.entry(petition).or_insert(wrapped);
            })
        })
        .await
    }

    async fn find_key(&self, petition: PetitionId) -> StorageResult<Option<Vec<u8>>> {
        self.run(move |path| Ok(read(path)?.remove(&petition)))
            .await
    }

    async fn list_keys(&self) -> StorageResult<Vec<(PetitionId, Vec<u8>)>> {
        self.run(|path| Ok(read(path)?.into_iter().collect())).await
    }

    async fn replace_keys(&self, keys: &[(PetitionId, Vec<u8>)]) -> StorageResult<()> {
        let replaced = keys.to_vec();
        self.run(move |path| {
            change(path, |keys| {
                for (petition, wrapped) in replaced {
                    // One that was destroyed meanwhile does not come back.
                    if let Some(key) = keys.get_mut(&petition) {
                        *key = wrapped;
                    }
                }
            })
        })
        .await
    }

    async fn destroy_key(&self, petition: PetitionId) -> StorageResult<bool> {
        self.run(move |path| change(path, |keys| keys.remove(&petition).is_some()))
            .await
    }
}

fn unavailable(error: std::io::Error) -> StorageError {
    StorageError::Unavailable(Box::new(error))
}

fn read(path: &Path) -> StorageResult<Keys> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Keys::new()),
        text => text.map_err(unavailable)?,
    };
    let mut keys = Keys::new();
    for (index, line) in text.lines().enumerate() {
        let key = line
            .split_once(' ')
            .and_then(|(id, key)| Some((id.parse().ok()?, bytes(key)?)));
        let (id, key) =
            key.ok_or_else(|| StorageError::unreadable("key file", format!("line {}", index + 1)))?;
        keys.insert(id, key);
    }
    Ok(keys)
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// Reads, changes and replaces the file under a lock that other processes respect. The new file is
/// synced before it takes the old one's name: a crash leaves one or the other.
fn change<T>(path: &Path, change: impl FnOnce(&mut Keys) -> T) -> StorageResult<T> {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let lock = private(&beside(".lock"), false).map_err(unavailable)?;
    lock.lock().map_err(unavailable)?;
    let mut keys = read(path)?;
    let changed = change(&mut keys);
    let next = beside(".next");
    let mut file = private(&next, true).map_err(unavailable)?;
    for (id, key) in &keys {
        writeln!(file, "{id} {}", hex(key)).map_err(unavailable)?;
    }
    file.sync_all().map_err(unavailable)?;
    fs::rename(&next, path).map_err(unavailable)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(unavailable)?;
    Ok(changed)
}

fn private(path: &Path, is_emptied: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(is_emptied);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
