//! `redress mailer` at work on a story's database, by a clock that the test turns.

use super::database::Database;
use super::instance::Postfix;
use redress_storage::settings::PUBLIC_URL;
use redress_tests::program::executable;
use redress_tests::wall_clock::WallClock;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to end.
const PATIENCE: Duration = Duration::from_mins(2);

/// The process; killed when it is dropped.
pub struct Running {
    child: Child,
    clock: WallClock,
    said: PathBuf,
}

impl Running {
    /// Starts it at a time, with a Postfix before it and that one's Maildir behind it.
    pub async fn start(database: &Database, postfix: &Postfix, time: &str) -> Self {
        let stage = &database.stage;
        let settings = &stage.store.settings;
        let url = settings.record_setting(PUBLIC_URL, "https://petition.example");
        url.await.unwrap();
        let here = stage.folder.path();
        let key = here.join("instance.key");
        std::fs::write(&key, stage.vault.instance_key().to_text()).unwrap();
        let clock = WallClock::new(here.join("clock"));
        let said = here.join("said");
        let out = File::create(&said).unwrap();
        clock.set(&at(time));
        let child = Command::new(executable())
            .arg("mailer")
            .arg("--database")
            .arg(database.url())
            .arg("--key-file")
            .arg(&key)
            .args(["--smtp-host", "127.0.0.1", "--smtp-tls", "none"])
            .args(["--smtp-port", &postfix.port.to_string()])
            .envs(clock.environment())
            .env("TZ", "UTC")
            .env("REDRESS_MAILER__COMING__MAILDIR", postfix.coming())
            .env("REDRESS_MAILER__OFFICE_HOURS__ENABLED", "false")
            .env("REDRESS_MAILER__PACE__ONE_LETTER_A_DAY", "false")
            .env("REDRESS_MAILER__POLL_SECONDS", "1")
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out)
            .spawn()
            .unwrap();
        Self { child, clock, said }
    }

    /// Time goes on to then, while it runs.
    pub fn wait_until(&self, time: &str) {
        self.clock.set(&at(time));
    }

    /// Tells it to stop, and insists that it ends well.
    pub fn end(mut self) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.is_ok_and(|ran| ran.success()));
        let until = Instant::now() + PATIENCE;
        let ended = loop {
            if let Some(ended) = self.child.try_wait().unwrap() {
                break ended;
            }
            let said = self.said();
            assert!(Instant::now() < until, "the mailer does not end: {said}");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(ended.success(), "the mailer ended badly: {}", self.said());
    }

    /// What it said so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As the clock's file has it: the time at which the program began.
fn at(time: &str) -> String {
    format!("@{time}")
}
