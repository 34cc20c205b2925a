//! A real mail server that keeps what it takes: Postfix's `smtp-sink`.
//!
//! What cannot be done here fails the test that called it.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Where Debian's package `postfix` puts it.
const SINK: &str = "/usr/sbin/smtp-sink";

/// A running sink; it ends when it is dropped.
#[derive(Debug)]
pub struct Relay {
    child: Child,
    folder: TempDir,
    /// Its port on 127.0.0.1.
    pub port: u16,
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Relay {
    /// Starts one on a free port; each message becomes a file.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        let mut command = Command::new(SINK);
        // It drops what root may do, and wants to be told to whom.
        if std::env::var("USER").is_ok_and(|user| user == "root") || is_root() {
            command.args(["-u", "root"]);
        }
        let child = command
            .current_dir(folder.path())
            .args(["-d", "message.%M.", &format!("127.0.0.1:{port}"), "64"])
            .stdout(Stdio::null())
            .spawn()
            .expect("smtp-sink starts: `tests/run` installs it");
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "smtp-sink does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self {
            child,
            folder,
            port,
        }
    }

    /// The messages that it took, each with the envelope lines that the sink puts before it.
    pub fn messages(&self) -> Vec<String> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(self.folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("a file").path())
            .collect();
        paths.sort();
        paths
            .iter()
            .map(|path| String::from_utf8_lossy(&read(path)).into_owned())
            .filter(|text| text.contains("X-Mail-Args:"))
            .collect()
    }
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("a message reads")
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|ran| ran.stdout.starts_with(b"0\n"))
}
