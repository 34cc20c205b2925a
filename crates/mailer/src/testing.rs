//! A relay that fails on order, and keeps a ledger of what it took: the judge of "never twice, never lost".
//!
//! It speaks plain blocking SMTP on a thread for each connection, apart from the code it judges. Each dot that arrives is written into the ledger
//! before it is answered.

#[cfg(test)]
mod certificate;
mod dns;
pub mod imap;
mod line;
mod listening;
mod talk;
pub mod verifier;

#[cfg(test)]
pub(crate) use certificate::certificate;
pub use dns::{DnsAnswer, DnsStage};

use listening::Listening;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_rustls::rustls::ServerConfig;

/// Where in a session something may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// Before the greeting.
    Greeting,
    /// At EHLO.
    Hello,
    /// At STARTTLS.
    Secure,
    /// At MAIL.
    Sender,
    /// At RCPT.
    Recipient,
    /// At DATA.
    Data,
    /// While the body comes in.
    Body,
    /// At the dot.
    Dot,
    /// At RSET.
    Reset,
    /// At the end of a login.
    Login,
}

/// What the relay does at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// What a healthy one does.
    Go,
    /// Answers with a code and a text instead; a body is not taken.
    Say(u16, String),
    /// Takes the message and answers in words of its own; only at the dot.
    TakeAndSay(u16, String),
    /// Hangs up. At the dot: without having taken the message.
    HangUp,
    /// Takes the message and hangs up without a word; only at the dot.
    TakeAndHangUp,
    /// Says nothing for a while, then does what a healthy one does.
    Wait(Duration),
    /// Takes the message, says nothing for a while, then hangs up; only at the dot.
    TakeAndWait(Duration),
}

/// Decides at each moment; `nth` counts the moments of that kind from 0, over all connections.
pub type Faults = Arc<dyn Fn(Moment, usize) -> Act + Send + Sync>;

/// A message whose dot arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dot {
    /// The envelope's sender, with parameters, as it was said.
    pub mail: String,
    /// The envelope's recipient, with parameters, as it was said.
    pub rcpt: String,
    /// The message, dots undone.
    pub bytes: Vec<u8>,
    /// Whether the relay took it: it will arrive.
    pub is_taken: bool,
    /// Which connection it came over, from 0.
    pub connection: usize,
    /// Whether that was encrypted by then.
    pub is_encrypted: bool,
    /// Who had logged in.
    pub user: Option<String>,
}

/// How a relay presents itself.
#[derive(Clone)]
pub struct Manner {
    /// What it offers after EHLO, a line each.
    pub extensions: Vec<String>,
    /// Its certificate; offers STARTTLS too.
    pub tls: Option<Arc<ServerConfig>>,
    /// Whether it is encrypted from the first byte.
    pub is_tls_from_the_start: bool,
    /// User and password without whom it takes nothing, once there is one; which ways to log in it offers, its extensions say.
    pub login: Option<(String, String)>,
    /// Whether it asks for a body though it has agreed to nobody.
    pub asks_anyway: bool,
    /// What goes wrong.
    pub faults: Faults,
}

impl Default for Manner {
    fn default() -> Self {
        let extensions = [
            "SIZE 10485760",
            "8BITMIME",
            "SMTPUTF8",
            "DSN",
            "ENHANCEDSTATUSCODES",
            "PIPELINING",
        ];
        Self {
            extensions: extensions.map(str::to_owned).to_vec(),
            tls: None,
            is_tls_from_the_start: false,
            login: None,
            asks_anyway: false,
            faults: Arc::new(|_, _| Act::Go),
        }
    }
}

impl Manner {
    /// A relay that is healthy but for these faults.
    pub fn with_faults(faults: impl Fn(Moment, usize) -> Act + Send + Sync + 'static) -> Self {
        Self {
            faults: Arc::new(faults),
            ..Self::default()
        }
    }
}

/// The relay. It ends when this is dropped.
pub struct Judge {
    listening: Listening,
    shared: Arc<Shared>,
}

struct Shared {
    manner: Manner,
    ledger: Mutex<Vec<Dot>>,
    counts: [AtomicUsize; 10],
    connections: AtomicUsize,
}

impl Judge {
    /// Opens it on a free port of this machine.
    pub fn open(manner: Manner) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            manner,
            ledger: Mutex::default(),
            counts: Default::default(),
            connections: AtomicUsize::new(0),
        });
        let there = Arc::clone(&shared);
        let listening = Listening::open(move |stream| {
            let number = there.connections.fetch_add(1, Ordering::SeqCst);
            // A client that hangs up is no failure of the relay.
            let _ = talk::talk(stream, &there, number);
        })?;
        Ok(Self { listening, shared })
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.listening.port()
    }

    /// Every dot that arrived, in order.
    pub fn ledger(&self) -> Vec<Dot> {
        self.shared
            .ledger
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Those that were taken.
    pub fn taken(&self) -> Vec<Dot> {
        self.ledger()
            .into_iter()
            .filter(|dot| dot.is_taken)
            .collect()
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn act(&self, moment: Moment) -> Act {
        let nth = self.counts[moment as usize].fetch_add(1, Ordering::SeqCst);
        (self.manner.faults)(moment, nth)
    }

    fn record(&self, dot: Dot) {
        self.ledger
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(dot);
    }
}
