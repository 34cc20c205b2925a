//! A mail server with one mailbox, spoken to over IMAP (RFC 3501), that keeps a ledger of what it was asked and fails on order.
//!
//! It is blocking and apart from the code it judges. It knows what a reader needs and refuses the rest; it does as servers do that
//! tell things unasked, and `n:*` is at least the last message.

use super::line::Line;
use super::listening::Listening;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_rustls::rustls::ServerConfig;

/// Who may log in.
pub const USER: &str = "answers@petition.example";

/// With this.
pub const PASSWORD: &str = "open \"sesame\"";

/// How it behaves from now on.
#[derive(Debug, Clone, Default)]
pub struct Mood {
    /// Whether it lets nobody in.
    pub refuses_logins: bool,
    /// After how many more messages it hangs up in the middle of one; then it is well again.
    pub hangs_up_after: Option<usize>,
    /// How long it says nothing before each answer.
    pub delay: Duration,
    /// What it says of every message's size, right or wrong.
    pub claimed_size: Option<usize>,
    /// The UID of a message that it does not give away.
    pub withheld: Option<u32>,
    /// Whether it leaves out what it may leave out.
    pub is_terse: bool,
}

/// The server. It ends when this is dropped.
pub struct ImapServer {
    listening: Listening,
    shared: Arc<Shared>,
}

struct Shared {
    tls: Option<Arc<ServerConfig>>,
    is_tls_from_the_start: bool,
    connections: AtomicUsize,
    state: Mutex<State>,
}

struct State {
    mood: Mood,
    validity: u32,
    next_uid: u32,
    messages: BTreeMap<u32, Vec<u8>>,
    ledger: Vec<String>,
    given: Vec<u32>,
}

impl ImapServer {
    /// Opens it on a free port of this machine, with an empty mailbox.
    pub fn open() -> io::Result<Self> {
        Self::open_with(None, false)
    }

    /// With a certificate: it offers STARTTLS, or is encrypted from the first byte.
    pub fn open_with(
        tls: Option<Arc<ServerConfig>>,
        is_tls_from_the_start: bool,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            tls,
            is_tls_from_the_start,
            connections: AtomicUsize::new(0),
            state: Mutex::new(State {
                mood: Mood::default(),
                validity: 1_700_000_000,
                next_uid: 1,
                messages: BTreeMap::new(),
                ledger: Vec::new(),
                given: Vec::new(),
            }),
        });
        let there = Arc::clone(&shared);
        let listening = Listening::open(move |stream| {
            there.connections.fetch_add(1, Ordering::SeqCst);
            // A client that hangs up is no failure of the server.
            if let Ok(line) = Line::new(stream) {
                let _ = Talk::new(line, &there).talk();
            }
        })?;
        Ok(Self { listening, shared })
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.listening.port()
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Puts a message into the mailbox; its UID.
    pub fn deliver(&self, message: impl AsRef<[u8]>) -> u32 {
        let mut state = self.shared.state();
        let uid = state.next_uid;
        state.messages.insert(uid, message.as_ref().to_vec());
        state.next_uid += 1;
        uid
    }

    /// Somebody else deletes a message.
    pub fn delete(&self, uid: u32) {
        self.shared.state().messages.remove(&uid);
    }

    /// The next message has this UID: those between were deleted long ago.
    pub fn skip_to(&self, uid: u32) {
        self.shared.state().next_uid = uid;
    }

    /// The mailbox is put back from elsewhere: the same messages, counted anew.
    pub fn count_anew(&self) {
        let mut state = self.shared.state();
        let messages = std::mem::take(&mut state.messages);
        state.messages = (1..).zip(messages.into_values()).collect();
        state.next_uid = state.messages.len() as u32 + 1;
        state.validity += 1;
    }

    /// What its mailbox counts by.
    pub fn validity(&self) -> u32 {
        self.shared.state().validity
    }

    /// Has it behave otherwise.
    pub fn set(&self, mood: Mood) {
        self.shared.state().mood = mood;
    }

    /// Every command in order, without tag and without what a login said.
    pub fn ledger(&self) -> Vec<String> {
        self.shared.state().ledger.clone()
    }

    /// The UIDs of the messages that were given away whole, in order.
    pub fn given(&self) -> Vec<u32> {
        self.shared.state().given.clone()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One conversation.
struct Talk<'a> {
    line: Line,
    shared: &'a Shared,
    is_known: bool,
    has_folder: bool,
}

impl<'a> Talk<'a> {
    fn new(line: Line, shared: &'a Shared) -> Self {
        Self {
            line,
            shared,
            is_known: false,
            has_folder: false,
        }
    }

    fn talk(mut self) -> io::Result<()> {
        if self.shared.is_tls_from_the_start {
            self.line.encrypt(self.shared.tls.as_ref())?;
        }
        self.say("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready")?;
        while let Some(line) = self.line.read()? {
            let (tag, command) = line.split_once(' ').unwrap_or((line.as_str(), ""));
            let verb = command.split(' ').next().unwrap_or_default();
            let heard = if verb == "LOGIN" { verb } else { command };
            self.shared.state().ledger.push(heard.to_owned());
            let ended = match verb {
                "STARTTLS" if self.shared.tls.is_some() => {
                    self.say(&format!("{tag} OK begin"))?;
                    self.line.encrypt(self.shared.tls.as_ref())?;
                    continue;
                }
                "LOGIN" => self.log_in(command),
                "EXAMINE" if self.is_known => self.examine(command)?,
                "UID" if self.has_folder => self.give(command)?,
                "LOGOUT" => {
                    self.say("* BYE goodbye")?;
                    return self.say(&format!("{tag} OK gone"));
                }
                _ => "BAD what is that",
            };
            self.say(&format!("{tag} {ended}"))?;
        }
        Ok(())
    }

    fn log_in(&mut self, command: &str) -> &'static str {
        let password = PASSWORD.replace('"', "\\\"");
        let is_right = command == format!("LOGIN \"{USER}\" \"{password}\"");
        self.is_known = is_right && !self.shared.state().mood.refuses_logins;
        if self.is_known {
            "OK [CAPABILITY IMAP4rev1] hello"
        } else {
            "NO [AUTHENTICATIONFAILED] no"
        }
    }

    fn examine(&mut self, command: &str) -> io::Result<&'static str> {
        self.has_folder = command == "EXAMINE \"INBOX\"";
        if !self.has_folder {
            return Ok("NO [NONEXISTENT] no such folder");
        }
        let told = {
            let state = self.shared.state();
            let mut told = format!(
                "* {} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen \\Deleted)\r\n* OK [UIDVALIDITY {}] counted\r\n",
                state.messages.len(),
                state.validity
            );
            if !state.mood.is_terse {
                // Writing to a string does not fail.
                let _ = write!(told, "* OK [UIDNEXT {}] next\r\n", state.next_uid);
            }
            told
        };
        self.line.write(told.as_bytes())?;
        Ok("OK [READ-ONLY] open")
    }

    /// `UID FETCH SET (ITEMS)`.
    fn give(&mut self, command: &str) -> io::Result<&'static str> {
        let mut words = command.splitn(4, ' ').skip(1);
        let (Some("FETCH"), Some(set), Some(items)) = (words.next(), words.next(), words.next())
        else {
            return Ok("BAD what is that");
        };
        let (asked, mood) = {
            let state = self.shared.state();
            let asked: Vec<_> = (1..)
                .zip(&state.messages)
                .filter(|(_, (uid, _))| is_in(**uid, set, &state.messages))
                .map(|(number, (uid, bytes))| (number, *uid, bytes.clone()))
                .collect();
            (asked, state.mood.clone())
        };
        let has_body = items.contains("BODY");
        if has_body {
            // Another client has marked a message.
            self.say("* 1 FETCH (FLAGS (\\Seen))\r\n* 9 EXISTS")?;
        }
        for (number, uid, bytes) in asked {
            if has_body {
                if mood.withheld == Some(uid) {
                    return Ok("NO [SERVERBUG] it cannot be converted");
                }
                self.give_body(number, uid, &bytes)?;
            } else {
                let size = mood.claimed_size.unwrap_or(bytes.len());
                let line = if items.contains("RFC822.SIZE") {
                    format!("* {number} FETCH (UID {uid} RFC822.SIZE {size} FLAGS ())")
                } else {
                    format!("* {number} FETCH (UID {uid})")
                };
                self.line.write(format!("{line}\r\n").as_bytes())?;
            }
        }
        Ok("OK given")
    }

    fn give_body(&mut self, number: usize, uid: u32, bytes: &[u8]) -> io::Result<()> {
        let head = format!("* {number} FETCH (UID {uid} BODY[] {{{}}}\r\n", bytes.len());
        self.line.write(head.as_bytes())?;
        let hangs_up = {
            let mut state = self.shared.state();
            let left = state.mood.hangs_up_after;
            state.mood.hangs_up_after = left.and_then(|left| left.checked_sub(1));
            left == Some(0)
        };
        if hangs_up {
            self.line.write(&bytes[..bytes.len() / 2])?;
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        self.line.write(bytes)?;
        self.line.write(b")\r\n")?;
        self.shared.state().given.push(uid);
        Ok(())
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        let delay = self.shared.state().mood.delay;
        std::thread::sleep(delay);
        self.line.write(format!("{text}\r\n").as_bytes())
    }
}

/// Whether a UID is of a set: `7`, `*`, `3:7` or `3:*`.
fn is_in(uid: u32, set: &str, messages: &BTreeMap<u32, Vec<u8>>) -> bool {
    let last = messages.last_key_value().map_or(0, |(uid, _)| *uid);
    let number = |text: &str| match text {
        "*" => Some(last),
        text => text.parse().ok(),
    };
    let (from, to) = set.split_once(':').unwrap_or((set, set));
    let (Some(from), Some(to)) = (number(from), number(to)) else {
        return false;
    };
    (from.min(to)..=from.max(to)).contains(&uid)
}
