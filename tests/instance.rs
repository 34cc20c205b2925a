//! An instance on a database file, and servers on it, as an operator runs them.
//!
//! What cannot be done here fails the test that called it.

use crate::civics::{Sample, table};
use crate::program::{done, executable};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// An instance on a database file, with an open petition.
#[derive(Debug)]
pub struct Instance {
    folder: TempDir,
    pack: PathBuf,
    /// Addresses of the county, each on one line.
    pub addresses: Vec<String>,
    // The pack lies in it.
    _sample: Option<Sample>,
}

/// A running server; killed when it is dropped.
#[derive(Debug)]
pub struct Server {
    /// The process.
    pub child: Child,
    /// Where it listens: `127.0.0.1:41234`.
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Instance {
    /// With the petition `no-deals` open.
    #[expect(
        clippy::new_without_default,
        reason = "it builds a county and makes a petition"
    )]
    pub fn new() -> Self {
        let sample = Sample::new("1");
        let known = table(&sample.truth).into_iter();
        let addresses = known
            .filter(|row| row["kind"] == "plain")
            .map(|row| row["address"].clone())
            .collect();
        let pack = sample.pack.clone();
        Self::open(pack, addresses, Some(sample), "none")
    }

    /// With the petition `no-deals` open, on another pack; its signatures are confirmed by mail.
    pub fn of(pack: &Path) -> Self {
        Self::open(pack.to_owned(), Vec::new(), None, "email")
    }

    /// With the petition `no-deals` open, on another pack; its signatures count at once.
    pub fn counting_at_once(pack: &Path) -> Self {
        Self::open(pack.to_owned(), Vec::new(), None, "none")
    }

    fn open(
        pack: PathBuf,
        addresses: Vec<String>,
        sample: Option<Sample>,
        confirmation: &str,
    ) -> Self {
        let instance = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            pack,
            addresses,
            _sample: sample,
        };
        done(instance.with(&[
            "petition",
            "create",
            "--slug",
            "no-deals",
            "--title",
            "Forbid them",
            "--confirmation",
            confirmation,
            "--open",
        ]));
        instance
    }

    /// Words of a command, with the database named.
    pub fn with(&self, words: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        all.extend([
            "--database".to_owned(),
            format!("sqlite:{}", self.path("redress.db").display()),
        ]);
        all
    }

    /// A path beside the database.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Serves it on a free port.
    pub fn serve(&self) -> Server {
        let pack = self.pack.display().to_string();
        let mut child = Command::new(executable())
            .args(self.with(&["serve", "--pack", &pack, "--listen", "127.0.0.1:0"]))
            .env("REDRESS_LIMITS__ENABLED", "false")
            .stdout(Stdio::piped())
            .spawn()
            .expect("it works");
        let mut lines = BufReader::new(child.stdout.take().expect("it works")).lines();
        let site = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("site http://").map(str::to_owned));
        let ready = lines.map_while(Result::ok).find(|line| line == "ready");
        assert!(ready.is_some(), "the server did not become ready");
        Server {
            child,
            address: site.expect("it works"),
        }
    }

    /// What the signer of a number sends.
    pub fn signature(&self, number: usize) -> Value {
        signer_at(number, &self.addresses[number % self.addresses.len()])
    }

    /// How many signatures count.
    pub fn count(&self) -> usize {
        let shown = done(self.with(&["petition", "show", "--petition", "no-deals", "--json"]));
        serde_json::from_str::<Value>(&shown).expect("it works")["count"]
            .as_u64()
            .expect("it works") as usize
    }
}

/// What the signer of a number sends, who lives at an address on one line.
pub fn signer_at(number: usize, address: &str) -> Value {
    let (street, last) = address.split_once(", ").expect("it works");
    let (city, state_zip) = last.split_once(", ").expect("it works");
    let (state, zip) = state_zip.split_once(' ').expect("it works");
    let (name, email) = (
        format!("Signer Number{number}"),
        format!("signer{number}@example.org"),
    );
    json!({"name": name, "email": email, "street": street, "city": city, "state": state, "zip": zip})
}

/// Posts a signature to `no-deals`; the status, or `None` when the server was gone before it
/// answered.
pub fn sign(address: &str, body: &Value) -> Option<u16> {
    post_json(
        &format!("http://{address}/api/v1/petitions/no-deals/signatures"),
        body,
    )
}

/// What a page says: status line, headers and body.
pub fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").expect("an address");
    let (address, path) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(address).expect("a server");
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .expect("it is sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it is answered");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Asks who answers for an address; the resolution, or `None` when it was not answered well.
pub fn look_up(server: &str, address: &str) -> Option<Value> {
    let mut stream = TcpStream::connect(server).ok()?;
    let body = json!({ "address": address }).to_string();
    let head = format!(
        "POST /api/v1/lookup HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let is_good = head.starts_with("HTTP/1.1 200");
    let found = serde_json::from_str(body).ok();
    found.filter(|_| is_good)
}

/// Posts JSON; the status, or `None` when the server was gone before it answered.
pub fn post_json(url: &str, body: &Value) -> Option<u16> {
    post(url, "application/json", &body.to_string())
}

/// Posts a form; the status, or `None` when the server was gone before it answered.
pub fn post_form(url: &str, body: &str) -> Option<u16> {
    post(url, "application/x-www-form-urlencoded", body)
}

fn post(url: &str, kind: &str, body: &str) -> Option<u16> {
    let rest = url.strip_prefix("http://")?;
    let (address, path) = rest.split_once('/')?;
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let head = format!(
        "POST /{path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}
