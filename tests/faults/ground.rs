//! What every fault is provoked on: a database of either kind, an instance on it, servers before it, and what is told of them afterwards.

use crate::cluster::Cluster;
use crate::crowd::Person;
use chrono::{DateTime, Utc};
use redress_model::clock::Clock;
use redress_storage::Store;
use redress_storage::secrets::{InstanceKey, Token, TokenPurpose};
use redress_storage_postgres::Postgres;
use redress_storage_sqlite::Sqlite;
use redress_tests::civics::{Row, Sample, table};
use redress_tests::instance::Server;
use redress_tests::program::{done, executable};
use redress_tests::wall_clock::WallClock;
use std::collections::HashMap;
use std::fs::{OpenOptions, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// As much as the suite has time for, or as much as was promised: `REDRESS_FAULTS=long`.
pub fn turns(in_the_suite: usize, long: usize) -> usize {
    let is_long = std::env::var("REDRESS_FAULTS").is_ok_and(|form| form == "long");
    if is_long { long } else { in_the_suite }
}

/// An instance on a database.
pub struct Ground {
    pub engine: Engine,
    /// Where SQLite's file and the instance's key lie.
    place: PathBuf,
    pub cluster: Option<Cluster>,
    pub addresses: Vec<String>,
    sample: Sample,
    folder: TempDir,
    runtime: Runtime,
}

/// The machine's clock.
struct Now;

impl Clock for Now {
    #[expect(clippy::disallowed_methods, reason = "servers of their own live by it")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// What o'clock it is.
pub fn now() -> DateTime<Utc> {
    Now.now()
}

impl Ground {
    /// An instance without a petition.
    pub fn new(engine: Engine) -> Self {
        Self::made(engine, None)
    }

    /// An instance whose SQLite file lies in a folder.
    pub fn within(place: &Path) -> Self {
        Self::made(Engine::Sqlite, Some(place))
    }

    fn made(engine: Engine, place: Option<&Path>) -> Self {
        let sample = Sample::new("1");
        let known = table(&sample.truth).into_iter();
        let addresses = known
            .filter(|row| row["kind"] == "plain")
            .map(|row| row["address"].clone())
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let ground = Self {
            engine,
            place: place.unwrap_or(folder.path()).to_owned(),
            cluster: (engine == Engine::Postgres).then(Cluster::start),
            addresses,
            sample,
            folder,
            runtime: Runtime::new().unwrap(),
        };
        let key = ground.key_file();
        done([Path::new("keys"), Path::new("create"), &key]);
        ground
    }

    /// With an open petition.
    pub fn with_petition(engine: Engine, slug: &str, confirmation: &str) -> Self {
        let ground = Self::new(engine);
        ground.petition(slug, confirmation);
        ground
    }

    /// Opens a petition.
    pub fn petition(&self, slug: &str, confirmation: &str) {
        let words = [
            "petition",
            "create",
            "--slug",
            slug,
            "--title",
            "Forbid them",
            "--open",
        ];
        self.done(&[&words[..], &["--confirmation", confirmation]].concat());
    }

    /// Where the instance's key lies.
    pub fn key_file(&self) -> PathBuf {
        self.place.join("instance.key")
    }

    fn url(&self) -> String {
        let file = || format!("sqlite:{}", self.place.join("redress.db").display());
        self.cluster.as_ref().map_or_else(file, Cluster::url)
    }

    /// A path for files of a test.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command on the database.
    pub fn with(&self, words: &[&str]) -> Command {
        self.with_program(executable(), words)
    }

    fn with_program(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(words)
            .args(["--database", &self.url()])
            .env("REDRESS_SECRETS__KEY_FILE", self.key_file());
        command
    }

    /// Runs a command that ends well; what it says.
    pub fn done(&self, words: &[&str]) -> String {
        let (code, said) = self.tried(words);
        assert_eq!(code, 0, "{words:?}: {said}");
        said
    }

    /// Runs a command; its exit code, and what it says.
    pub fn tried(&self, words: &[&str]) -> (i32, String) {
        let ran = self.with(words).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&ran.stdout), text(&ran.stderr));
        assert!(!err.contains("panicked"), "the program panicked: {err}");
        let code = ran.status.code().unwrap_or(-1);
        (code, if code == 0 { out } else { err })
    }

    /// A server on a free port.
    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// A server on a free port, with words in its environment.
    pub fn serve_with(&self, environment: &[(&str, &str)]) -> Server {
        self.started(executable(), environment)
    }

    /// A server that lives by a clock of its own.
    pub fn serve_by(&self, clock: &WallClock) -> Server {
        let environment = clock.environment();
        let words = environment
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        self.serve_with(&words)
    }

    /// A server that a signal does not end.
    pub fn serve_ignoring(&self, signal: &str) -> Server {
        let shell = self.path("ignoring");
        let program = executable().display();
        let text = format!("#!/bin/sh\ntrap '' {signal}\nexec {program} \"$@\"\n");
        std::fs::write(&shell, text).unwrap();
        std::fs::set_permissions(&shell, Permissions::from_mode(0o755)).unwrap();
        self.started(&shell, &[])
    }

    fn started(&self, program: &Path, environment: &[(&str, &str)]) -> Server {
        let pack = self.sample.pack.display().to_string();
        let said = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.path("said"));
        let mut child = self
            .with_program(
                program,
                &["serve", "--pack", &pack, "--listen", "127.0.0.1:0"],
            )
            .env("REDRESS_LIMITS__ENABLED", "false")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(said.unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = None;
        for line in lines.by_ref().map_while(Result::ok) {
            if let Some(site) = line.strip_prefix("site http://") {
                address = Some(site.to_owned());
            }
            if line == "ready" {
                let address = address.unwrap();
                return Server { child, address };
            }
        }
        child.kill().and_then(|()| child.wait()).unwrap();
        panic!("the server did not become ready: {}", self.said());
    }

    /// What servers complained of.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.path("said")).unwrap_or_default()
    }

    /// Who signs under a number.
    pub fn person(&self, number: usize) -> Person {
        Person::living_at(number, &self.addresses[number % self.addresses.len()])
    }

    /// Runs work on the database, beside the servers.
    pub fn on_store<T>(&self, work: impl AsyncFnOnce(Store) -> T) -> T {
        self.runtime.block_on(async {
            match self.engine {
                Engine::Sqlite => {
                    let path = self.place.join("redress.db");
                    let database = Sqlite::open(&path).await.unwrap();
                    let done = work(database.store()).await;
                    database.close().await;
                    done
                }
                Engine::Postgres => {
                    let database = Postgres::connect(&self.url(), 2).await.unwrap();
                    let done = work(database.store()).await;
                    database.close().await;
                    done
                }
            }
        })
    }

    /// The secret part of a link.
    pub fn token(&self, purpose: TokenPurpose, id: Uuid) -> String {
        let text = std::fs::read_to_string(self.key_file()).unwrap();
        let key = InstanceKey::parse(&text).unwrap();
        Token::issue(&key, purpose, id, 0).to_string()
    }

    /// Runs the mailer into a folder until its queue is empty; whatever it says.
    pub fn carried(&self, outbox: &str) -> String {
        let ran = self
            .with(&["mailer", "--drain"])
            .env("RUST_LOG", "trace")
            .env("REDRESS_MAILER__TRANSPORT", "outbox")
            .env("REDRESS_MAILER__OUTBOX__FOLDER", outbox)
            .output()
            .unwrap();
        let said = [ran.stdout, ran.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(ran.status.success(), "{said}");
        said
    }

    /// Every byte of the files of the database.
    pub fn stored(&self) -> Vec<u8> {
        self.cluster.as_ref().map_or_else(
            || {
                let names = ["redress.db", "redress.db-wal", "redress.db.keys"];
                let files = names.iter().map(|name| self.place.join(name));
                files
                    .flat_map(|file| std::fs::read(file).unwrap_or_default())
                    .collect()
            },
            Cluster::stored,
        )
    }

    /// A petition's signers in a state.
    pub fn listed(&self, slug: &str, who: &str) -> Vec<Row> {
        let listed = self.done(&[
            "export",
            "signers",
            "--petition",
            slug,
            "--who",
            who,
            "--quiet",
        ]);
        let mut rows = csv::Reader::from_reader(listed.as_bytes());
        rows.deserialize().map(Result::unwrap).collect()
    }

    /// How many signatures count.
    pub fn count(&self, slug: &str) -> usize {
        let shown = self.done(&["petition", "show", "--petition", slug, "--json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        usize::try_from(shown["count"].as_u64().unwrap()).unwrap()
    }

    /// Insists on what holds at every instant: stored counts are those of the rows, no mailbox counts thrice or twice under one name
    /// or in two places, and no server panicked. How many count.
    pub fn assert_sound(&self, slug: &str) -> usize {
        let recounted = self.done(&["doctor", "--recount"]);
        assert!(recounted.contains("nothing differs"), "{recounted}");
        let confirmed = self.listed(slug, "confirmed");
        assert_eq!(confirmed.len(), self.count(slug), "counted and listed");
        let mut mailboxes: HashMap<String, Vec<&Row>> = HashMap::new();
        for row in &confirmed {
            mailboxes
                .entry(mailbox(&row["email"]))
                .or_default()
                .push(row);
        }
        for (mailbox, people) in mailboxes {
            assert!(people.len() <= 2, "{mailbox} counts {} times", people.len());
            if let [one, other] = people[..] {
                assert_ne!(one["name"], other["name"], "{mailbox} counts twice");
                assert_eq!(one["zip"], other["zip"], "{mailbox} lives in two places");
            }
        }
        let said = self.said();
        assert!(!said.contains("panicked"), "a server panicked: {said}");
        confirmed.len()
    }
}

/// Under which mailbox an e-mail of these tests is one person's: what the program is checked against.
fn mailbox(email: &str) -> String {
    let email = email.to_lowercase();
    let (local, domain) = email.split_once('@').unwrap();
    if domain.starts_with("gmail.") || domain.starts_with("googlemail.") {
        let local = local.split('+').next().unwrap_or_default();
        return format!("{} of Gmail", local.replace('.', ""));
    }
    email
}
