//! A private Postfix: settings, queue and processes of its own, on loopback, none of them the machine's.
//!
//! It is our relay and the offices' servers in one; `main.cf` and `master.cf` beside this say how. It starts as root alone, because
//! its parts become other users.

use super::gate::{Asked, Door, Gate};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, Permissions};
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

/// Where Debian's package `postfix` puts its commands.
const COMMANDS: &str = "/usr/sbin";

/// Whose mailboxes are: `nobody`, as `main.cf` has it.
const NOBODY: u32 = 65_534;

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(90);

/// How what comes back is handed over.
#[derive(Debug, Clone, Copy)]
pub enum Returns {
    /// Into a Maildir.
    Maildir,
    /// Over LMTP, to an address of this machine.
    Lmtp(SocketAddr),
}

/// A running Postfix; it ends when it is dropped, with everything that it started.
pub struct Postfix {
    master: Child,
    gate: Gate,
    folder: TempDir,
    /// Where our relay listens on 127.0.0.1.
    pub port: u16,
}

impl Postfix {
    /// Starts one. The rule says what is let through its doors.
    pub fn start(
        returns: Returns,
        rule: impl Fn(&Asked) -> &'static str + Send + Sync + 'static,
    ) -> Self {
        assert!(
            is_root(),
            "Postfix starts as root alone: run this test as root, in a container for example"
        );
        assert!(
            Path::new(COMMANDS).join("postfix").exists(),
            "Postfix is not installed: `tests/run` does that"
        );
        let folder = tempfile::tempdir().unwrap();
        let gate = Gate::open(rule);
        let (port, office_port) = free_ports();
        let own = [
            format!("here = {}", folder.path().display()),
            format!("office_port = {office_port}"),
            format!("gate_port = {}", gate.port()),
            match returns {
                Returns::Maildir => "returns = virtual:".to_owned(),
                Returns::Lmtp(address) => format!("returns = lmtp:inet:{address}"),
            },
        ];
        let master_cf = include_str!("master.cf")
            .replace("RELAY_PORT", &port.to_string())
            .replace("OFFICE_PORT", &office_port.to_string());
        lay_out(folder.path());
        let etc = folder.path().join("etc");
        let main_cf = format!("{}\n{}", own.join("\n"), include_str!("main.cf"));
        std::fs::write(etc.join("main.cf"), main_cf).unwrap();
        std::fs::write(etc.join("master.cf"), master_cf).unwrap();
        settle(&etc);
        // Makes the queue's folders, each with its owner, and completes the settings.
        run("postfix", &etc, &["check"]);
        settle(&etc);
        let said = File::create(folder.path().join("said")).unwrap();
        // In the foreground, and at the head of a session of its own.
        let master = Command::new(programs().join("master"))
            .arg("-c")
            .arg(&etc)
            .arg("-s")
            .stdin(Stdio::null())
            .stdout(said.try_clone().unwrap())
            .stderr(said)
            .spawn()
            .unwrap();
        let mut postfix = Self {
            master,
            gate,
            folder,
            port,
        };
        postfix.await_it();
        postfix
    }

    fn await_it(&mut self) {
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let is_running = self.master.try_wait().unwrap().is_none();
            assert!(
                is_running && Instant::now() < until,
                "Postfix does not listen: {}",
                self.said()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The Maildir into which what comes back is put.
    pub fn coming(&self) -> PathBuf {
        self.folder.path().join("mail/coming")
    }

    /// What lies in the offices' mailboxes, by address.
    pub fn delivered(&self) -> BTreeMap<String, Vec<Vec<u8>>> {
        let mail = std::fs::read_dir(self.folder.path().join("mail")).unwrap();
        let mailboxes = mail.map(|entry| entry.unwrap().path());
        mailboxes
            .filter(|path| !path.ends_with("coming"))
            .map(|path| {
                let address = path.file_name().unwrap().to_str().unwrap().to_owned();
                (address, messages(&path))
            })
            .collect()
    }

    /// How often it asked about a recipient at a door.
    pub fn asked(&self, door: Door, recipient: &str) -> usize {
        self.gate.asked(door, recipient)
    }

    /// From now on what cannot be delivered at once comes back, as after five days.
    pub fn give_up(&self) {
        let etc = self.folder.path().join("etc");
        let mut main_cf = OpenOptions::new()
            .append(true)
            .open(etc.join("main.cf"))
            .unwrap();
        let lines = "maximal_queue_lifetime = 0\nbounce_queue_lifetime = 0\n";
        main_cf.write_all(lines.as_bytes()).unwrap();
        settle(&etc);
        run("postfix", &etc, &["reload"]);
    }

    /// The end of its log, and what it said besides.
    pub fn said(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.folder.path().join(name));
        let (log, said) = (
            read("log").unwrap_or_default(),
            read("said").unwrap_or_default(),
        );
        let lines: Vec<&str> = log.lines().chain(said.lines()).collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // All that it started is one group of processes; nothing in its queue is anybody's.
        let group = format!("-{}", self.master.id());
        let _ = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.master.kill();
        let _ = self.master.wait();
    }
}

/// The messages of a Maildir, oldest first.
pub fn messages(maildir: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = ["new", "cur"]
        .iter()
        .flat_map(|name| std::fs::read_dir(maildir.join(name)).into_iter().flatten())
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// Two ports that nobody has: both are held until both are known.
fn free_ports() -> (u16, u16) {
    let free = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (one, other) = (free(), free());
    let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
    (port(&one), port(&other))
}

/// The folders, each its owner's.
fn lay_out(here: &Path) {
    // Parts of Postfix that are not root's pass through it.
    std::fs::set_permissions(here, Permissions::from_mode(0o755)).unwrap();
    for name in ["etc", "queue", "data", "mail"] {
        std::fs::create_dir(here.join(name)).unwrap();
    }
    let given = Command::new("chown")
        .arg("postfix")
        .arg(here.join("data"))
        .status();
    assert!(
        given.is_ok_and(|status| status.success()),
        "the user `postfix` is needed to run Postfix as"
    );
    // The mailer would make the Maildir as root's, and nobody could deliver into it.
    let mail = here.join("mail");
    chown(&mail, Some(NOBODY), Some(NOBODY)).unwrap();
    for name in ["coming", "coming/tmp", "coming/new", "coming/cur"] {
        std::fs::create_dir(mail.join(name)).unwrap();
        chown(mail.join(name), Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

/// Makes settings look old: each of Postfix's programs waits until a file that was just written is two seconds old.
fn settle(etc: &Path) {
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365);
    let file = OpenOptions::new().append(true).open(etc.join("main.cf"));
    file.unwrap().set_modified(long_ago).unwrap();
}

fn run(command: &str, etc: &Path, words: &[&str]) {
    let ran = Command::new(Path::new(COMMANDS).join(command))
        .arg("-c")
        .arg(etc)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{command} {words:?}: {said}");
}

/// Where the parts of Postfix lie.
fn programs() -> PathBuf {
    let told = Command::new(Path::new(COMMANDS).join("postconf"))
        .args(["-d", "-h", "daemon_directory"])
        .output()
        .unwrap();
    PathBuf::from(String::from_utf8(told.stdout).unwrap().trim())
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|ran| ran.stdout == b"0\n")
}
