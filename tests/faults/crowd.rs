//! People who sign, confirm and withdraw, and what they are told.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Somebody who signs.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub email: String,
    street: String,
    city: String,
    state: String,
    zip: String,
}

impl Person {
    /// Of a number, at an address on one line.
    pub fn living_at(number: usize, address: &str) -> Self {
        let (street, last) = address.split_once(", ").unwrap();
        let (city, state_zip) = last.split_once(", ").unwrap();
        let (state, zip) = state_zip.split_once(' ').unwrap();
        Self {
            name: format!("Signer Number{number}"),
            email: format!("signer{number}@example.org"),
            street: street.to_owned(),
            city: city.to_owned(),
            state: state.to_owned(),
            zip: zip.to_owned(),
        }
    }

    /// With another name and e-mail.
    pub fn called(&self, name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: email.into(),
            ..self.clone()
        }
    }

    /// With a ZIP code of one's own.
    pub fn in_zip(&self, zip: impl Into<String>) -> Self {
        Self {
            zip: zip.into(),
            ..self.clone()
        }
    }

    fn form(&self) -> Value {
        json!({
            "name": self.name, "email": self.email, "street": self.street, "city": self.city,
            "state": self.state, "zip": self.zip,
        })
    }

    /// Signs; `None` when the server was gone before it answered.
    pub fn sign(&self, server: &str, slug: &str) -> Option<Answer> {
        let path = format!("/api/v1/petitions/{slug}/signatures");
        ask(
            server,
            "POST",
            &path,
            "application/json",
            &self.form().to_string(),
        )
    }
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
    /// How long it took.
    pub took: Duration,
}

impl Answer {
    /// Whether it asks to come again, and says when.
    pub fn is_later(&self) -> bool {
        self.status == 503 && self.head.to_lowercase().contains("retry-after: ")
    }
}

/// Posts nothing but the address itself: a button.
pub fn press(server: &str, path: &str) -> Option<Answer> {
    ask(
        server,
        "POST",
        path,
        "application/x-www-form-urlencoded",
        "",
    )
}

/// Reads a page.
pub fn read(server: &str, path: &str) -> Option<Answer> {
    ask(server, "GET", path, "text/plain", "")
}

/// Sends a request; `None` when the server was gone before it answered whole.
pub fn ask(server: &str, method: &str, path: &str, kind: &str, body: &str) -> Option<Answer> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(server).ok()?;
    stream.set_read_timeout(Some(Duration::from_mins(2))).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {server}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        head: head.to_owned(),
        body: body.to_owned(),
        took: begun.elapsed(),
    })
}

/// How often what was answered; shared by those who ask.
#[derive(Debug, Default)]
pub struct Answers(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    by_status: BTreeMap<u16, usize>,
    unfit: Vec<String>,
    took: Vec<Duration>,
}

impl Answers {
    /// Notes an answer. One that is neither good nor a proper "come again" is remembered.
    pub fn note(&self, answer: &Answer) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *noted.by_status.entry(answer.status).or_default() += 1;
        noted.took.push(answer.took);
        if !matches!(answer.status, 200..=399) && !answer.is_later() {
            noted
                .unfit
                .push(format!("{}\n{}", answer.head, answer.body));
        }
    }

    /// How many had a status.
    pub fn of(&self, status: u16) -> usize {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.by_status.get(&status).copied().unwrap_or_default()
    }

    /// The time within which 99 of 100 were answered.
    pub fn p99(&self) -> Duration {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.took.sort_unstable();
        let last = noted.took.len().saturating_sub(1);
        noted.took.get(last * 99 / 100).copied().unwrap_or_default()
    }

    /// How long the slowest took.
    pub fn longest(&self) -> Duration {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.took.iter().max().copied().unwrap_or_default()
    }

    /// Insists that everybody was answered well or told when to come again; what was answered how often.
    pub fn assert_fit(&self) -> String {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(
            noted.unfit.is_empty(),
            "{} answers that nobody should see, such as {}",
            noted.unfit.len(),
            noted.unfit[0]
        );
        format!("{:?}", noted.by_status)
    }
}
