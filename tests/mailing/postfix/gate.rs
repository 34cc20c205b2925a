//! Whom Postfix asks before it takes a letter (its `SMTPD_POLICY_README`): a greylist, and the rules of an office.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// What lets a letter through.
pub const PASS: &str = "DUNNO";

/// Where a letter stands when it is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    /// Our relay was told whom it is for.
    Relay,
    /// The office's server was told whom it is for.
    Office,
    /// The office's server has read it.
    Letter,
}

impl Door {
    /// By the word that `main.cf` and `master.cf` give.
    fn parse(text: &str) -> Self {
        match text {
            "relay" => Self::Relay,
            "office" => Self::Office,
            "letter" => Self::Letter,
            other => panic!("Postfix asks at a door named {other:?}"),
        }
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asked {
    /// Where.
    pub door: Door,
    /// For whom the letter is.
    pub recipient: String,
    /// How often that was asked before.
    pub nth: usize,
}

/// What is answered: a reply with its codes, or [`PASS`].
type Rule = Box<dyn Fn(&Asked) -> &'static str + Send + Sync>;

/// The gate. It closes when this is dropped.
pub struct Gate {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    rule: Rule,
    asked: Mutex<HashMap<(Door, String), usize>>,
    is_over: AtomicBool,
}

impl Gate {
    /// Opens it on a free port of this machine.
    pub fn open(rule: impl Fn(&Asked) -> &'static str + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            rule: Box::new(rule),
            asked: Mutex::default(),
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
                    // A server that hangs up is no failure of the gate.
                    std::thread::spawn(move || shared.serve(stream).ok());
                }
            }
        });
        Self { address, shared }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How often it was asked about a recipient at a door.
    pub fn asked(&self, door: Door, recipient: &str) -> usize {
        let asked = self.shared.asked.lock().unwrap();
        let times = asked.get(&(door, recipient.to_owned()));
        times.copied().unwrap_or_default()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // The listener looks up only when somebody comes.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    /// Questions are lines of `name=value` up to an empty one, many over one connection.
    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut answers = stream.try_clone()?;
        let mut said: HashMap<String, String> = HashMap::new();
        for line in BufReader::new(stream).lines() {
            let line = line?;
            if let Some((name, value)) = line.split_once('=') {
                said.insert(name.to_owned(), value.to_owned());
            } else if line.is_empty() {
                let answer = format!("action={}\n\n", self.answer(&said));
                answers.write_all(answer.as_bytes())?;
                said.clear();
            }
        }
        Ok(())
    }

    fn answer(&self, said: &HashMap<String, String>) -> &'static str {
        let door = Door::parse(&said["policy_context"]);
        let recipient = said["recipient"].clone();
        let nth = {
            let mut asked = self.asked.lock().unwrap();
            let times = asked.entry((door, recipient.clone())).or_default();
            *times += 1;
            *times - 1
        };
        (self.rule)(&Asked {
            door,
            recipient,
            nth,
        })
    }
}
