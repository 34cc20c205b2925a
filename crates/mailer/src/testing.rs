//! A relay that fails on order, and keeps a ledger of what it took: the judge of "never twice, never lost".
//!
//! It speaks plain blocking SMTP on a thread for each connection, apart from the code it judges. Each dot that arrives is written into the ledger
//! before it is answered.

mod talk;
pub mod verifier;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
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
        ];
        Self {
            extensions: extensions.map(str::to_owned).to_vec(),
            tls: None,
            is_tls_from_the_start: false,
            login: None,
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
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    manner: Manner,
    ledger: Mutex<Vec<Dot>>,
    counts: [AtomicUsize; 10],
    connections: AtomicUsize,
    is_over: AtomicBool,
}

impl Judge {
    /// Opens it on a free port of this machine.
    pub fn open(manner: Manner) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            manner,
            ledger: Mutex::default(),
            counts: Default::default(),
            connections: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let there = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if there.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&there);
                if let Ok(stream) = stream {
                    std::thread::spawn(move || serve(stream, &shared));
                }
            }
        });
        Ok(Self { address, shared })
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
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

impl Drop for Judge {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // The listener looks up only when somebody comes.
        let _ = TcpStream::connect(self.address);
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

fn serve(stream: TcpStream, shared: &Arc<Shared>) {
    let number = shared.connections.fetch_add(1, Ordering::SeqCst);
    let prepared = stream
        .set_nodelay(true)
        .and_then(|()| stream.set_read_timeout(Some(Duration::from_mins(1))));
    if prepared.is_ok() {
        // A client that hangs up is no failure of the relay.
        let _ = talk::talk(stream, shared, number);
    }
}
