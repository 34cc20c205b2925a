//! A PostgreSQL server of a test's own, which can be stopped and started under whoever uses it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A running server; it ends when it is dropped.
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

/// How a server is stopped.
#[derive(Debug, Clone, Copy)]
pub enum Stop {
    /// Sessions are cut off, what is committed is written.
    Fast,
    /// As by a crash: the log is read again at the start.
    Immediate,
}

impl Cluster {
    /// A fresh one, reached over TCP as a server elsewhere is.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let cluster = Self {
            folder,
            programs: programs(),
            port,
        };
        if is_root() {
            let given = Command::new("chown")
                .arg("postgres")
                .arg(cluster.folder.path())
                .status();
            assert!(
                given.is_ok_and(|status| status.success()),
                "the user `postgres` is needed to run PostgreSQL as"
            );
        }
        cluster.run(
            "initdb",
            &["-U", "redress", "-A", "trust", "-E", "UTF8", "--no-sync"],
        );
        cluster.start_again();
        cluster
    }

    /// Where its database is.
    pub fn url(&self) -> String {
        format!("postgres://redress@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops it.
    pub fn stop(&self, how: Stop) {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        self.run("pg_ctl", &["-m", mode, "-w", "stop"]);
    }

    /// Starts it where it was stopped.
    pub fn start_again(&self) {
        let folder = self.folder.path().display();
        let options = format!(
            "-p {} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c shared_buffers=64MB",
            self.port
        );
        let log = format!("{folder}/log");
        self.run("pg_ctl", &["-w", "-l", &log, "-o", &options, "start"]);
    }

    /// Writes what it holds in memory, and gives every byte of its files.
    pub fn stored(&self) -> Vec<u8> {
        self.stop(Stop::Fast);
        let bytes = bytes_under(self.folder.path());
        self.start_again();
        bytes
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
        let status = command
            .arg("-D")
            .arg(self.folder.path().join("pages"))
            .args(arguments)
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

impl Drop for Cluster {
    fn drop(&mut self) {
        // A test that fails while it is stopped fails for its own reason.
        let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            self.stop(Stop::Immediate);
        }));
        drop(stopped);
    }
}

/// Every byte of the files in a folder and below.
pub fn bytes_under(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                bytes.extend(std::fs::read(path).unwrap());
            }
        }
    }
    bytes
}

/// Whether the tests run as the machine's first user.
pub fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout == b"0\n")
}

/// The newest installed server's programs.
fn programs() -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql");
    let mut found: Vec<PathBuf> = installed
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    found.sort();
    let paths = std::env::var_os("PATH").unwrap_or_default();
    found.pop().unwrap_or_else(|| {
        std::env::split_paths(&paths)
            .find(|folder| folder.join("initdb").exists())
            .expect("PostgreSQL's initdb: `tests/run` installs it")
    })
}
