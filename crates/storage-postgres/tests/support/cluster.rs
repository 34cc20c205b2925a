//! A PostgreSQL server for the tests: the one that `DATABASE_URL` names, or one that is started in a
//! temporary folder, listens on a socket there alone, and ends with the last test that uses it.
//!
//! PostgreSQL refuses to run as root: then the server runs as the user `postgres`.

use sqlx::postgres::PgPoolOptions;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A fresh database, as long as this lives.
pub struct Database {
    /// Where it is.
    pub url: String,
    /// The server on which it is; ends with the last database of a test run.
    _server: Option<Arc<Server>>,
}

/// Makes a fresh database.
pub async fn new_database() -> Database {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let (server, base) = if let Ok(url) = std::env::var("DATABASE_URL") {
        (None, url)
    } else {
        let server = shared_server();
        let url = format!(
            "postgres://redress@localhost/postgres?host={}",
            server.folder.path().display()
        );
        (Some(server), url)
    };
    let name = format!(
        "redress_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect(&base)
        .await
        .expect("PostgreSQL answers");
    // The name is made of digits.
    let statement = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(statement)
        .execute(&pool)
        .await
        .expect("a database is made");
    pool.close().await;
    let (start, options) = base
        .split_once('?')
        .map_or((base.as_str(), ""), |(start, options)| (start, options));
    let (server_part, _) = start.rsplit_once('/').expect("a URL with a database");
    Database {
        url: format!("{server_part}/{name}?{options}"),
        _server: server,
    }
}

struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
}

fn shared_server() -> Arc<Server> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = shared.upgrade() {
        return server;
    }
    let server = Arc::new(Server::start());
    *shared = Arc::downgrade(&server);
    server
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = Self {
            folder,
            programs: programs(),
        };
        if is_root() {
            let given = Command::new("chown")
                .arg("postgres")
                .arg(server.folder.path())
                .status();
            assert!(
                given.is_ok_and(|status| status.success()),
                "the user `postgres` is needed to run PostgreSQL as"
            );
        }
        server.run(
            "initdb",
            &["-U", "redress", "-A", "trust", "-E", "UTF8", "--no-sync"],
        );
        let options = format!(
            "-k {} -c listen_addresses='' -c max_connections=400 -c fsync=off -c shared_buffers=64MB",
            server.folder.path().display()
        );
        server.run(
            "pg_ctl",
            &["-w", "-l", &server.log(), "-o", &options, "start"],
        );
        server
    }

    fn log(&self) -> String {
        self.folder.path().join("log").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .args(arguments);
        let status = command
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "{program} failed"
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-m", "immediate", "-w", "stop"]);
    }
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout == b"0\n")
}

/// The newest installed server's programs.
fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&paths)
            .find(|folder| folder.join("initdb").exists())
            .unwrap_or_else(|| {
                panic!(
                    "PostgreSQL's initdb is needed in {}",
                    Path::new("/usr/lib/postgresql").display()
                )
            })
    })
}
