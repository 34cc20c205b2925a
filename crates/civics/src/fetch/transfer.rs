//! One file on its way here: try after try, until it is whole or there is no point.

use super::answer::{Verdict, judge};
use super::archive::{Depth, check, whole};
use super::part::{Part, Seen};
use super::{Absence, Event, FetchError, Outcome, Pause, Settings, Voice, Wanted, retry, shown};
use std::io::{ErrorKind, Read};
use std::path::PathBuf;
use std::time::Duration;
use ureq::http::Response;
use ureq::{Agent, Timeout};

/// How much is read at once, and told about.
const CHUNK: usize = 64 << 10;
/// How often a file may arrive whole and still be none. A second time may be a better one; more
/// would only burden the server.
const MOST_DAMAGED: u32 = 2;
/// How often a file may be asked for in all, however much each try brings.
const MOST_TRIES: u32 = 1000;

/// A file and everything that its way here needs.
pub struct Transfer<'fetch> {
    pub agent: &'fetch Agent,
    pub settings: &'fetch Settings,
    pub pause: Pause<'fetch>,
    pub address: String,
    pub wanted: &'fetch Wanted,
    pub target: PathBuf,
    pub voice: Voice<'fetch>,
}

/// How all tries ended.
enum Brought {
    /// The part is whole.
    Whole,
    /// There is no such file.
    Absent(u16),
}

/// How one try ended.
enum Try {
    /// Every byte that was promised is here.
    Full,
    /// There is no such file.
    Absent(u16),
    /// Another one may bring more.
    Again { why: String, wait: Option<Duration> },
}

impl Transfer<'_> {
    /// Brings the file here.
    pub fn run(&self) -> Result<Outcome, FetchError> {
        if let Some(bytes) = self.already_there() {
            return Ok(Outcome::AlreadyThere { bytes });
        }
        let mut part = Part::open(&self.target, &|| {
            self.voice.say(Event::Waiting {
                file: self.voice.file,
                wait: None,
                why: "is being fetched by another process".to_owned(),
            });
        })?;
        // The other process may have brought it.
        if let Some(bytes) = self.already_there() {
            part.discard();
            return Ok(Outcome::AlreadyThere { bytes });
        }
        match self.bring(&mut part) {
            Ok(Brought::Whole) => {
                let (bytes, resumed_from) = (part.length(), part.resumed_from());
                part.finish(&self.target)?;
                Ok(Outcome::Fetched {
                    bytes,
                    resumed_from,
                })
            }
            Ok(Brought::Absent(status)) => {
                part.discard();
                match &self.wanted.absence {
                    Absence::Normal => Ok(Outcome::Absent),
                    Absence::Failure(meaning) => Err(FetchError::Absent {
                        address: shown(&self.address),
                        status,
                        meaning: meaning.clone(),
                    }),
                }
            }
            Err(error) => {
                if part.length() == 0 || matches!(error, FetchError::Damaged { .. }) {
                    part.discard();
                }
                Err(error)
            }
        }
    }

    /// Tries until the part is whole or there is no point.
    fn bring(&self, part: &mut Part) -> Result<Brought, FetchError> {
        let (mut fruitless, mut damaged) = (0, 0);
        for _ in 0..MOST_TRIES {
            let before = part.length();
            match self.try_once(part)? {
                Try::Absent(status) => return Ok(Brought::Absent(status)),
                Try::Full => {
                    let Err(said) = check(part.file(), Depth::Everything) else {
                        return Ok(Brought::Whole);
                    };
                    // Made of two tries it may be two halves of different files, which is no fault of either.
                    damaged += u32::from(part.resumed_from() == 0 && before == 0);
                    if damaged >= MOST_DAMAGED {
                        return Err(FetchError::Damaged {
                            address: shown(&self.address),
                            said: format!("{said}; try again later, or another base address"),
                        });
                    }
                    part.begin_anew(Seen::default())?;
                    self.wait(damaged.max(1), None, said);
                }
                Try::Again { why, wait } => {
                    // What brings new bytes may go on for as long as it likes.
                    fruitless = if part.length() > before {
                        1
                    } else {
                        fruitless + 1
                    };
                    if fruitless > self.settings.retries {
                        return Err(FetchError::GivenUp {
                            address: shown(&self.address),
                            said: why,
                            tries: fruitless,
                        });
                    }
                    self.wait(fruitless, wait, why);
                }
            }
        }
        Err(FetchError::GivenUp {
            address: shown(&self.address),
            said: "does not come to an end".to_owned(),
            tries: MOST_TRIES,
        })
    }

    fn already_there(&self) -> Option<u64> {
        let depth = if self.settings.verify {
            Depth::Everything
        } else {
            Depth::Directory
        };
        whole(&self.target, depth)
    }

    fn wait(&self, tries: u32, asked: Option<Duration>, why: String) {
        let wait = asked
            .unwrap_or_else(|| retry::backoff(tries))
            .min(self.settings.most_wait);
        self.voice.say(Event::Waiting {
            file: self.voice.file,
            wait: Some(wait),
            why,
        });
        (self.pause)(wait);
    }

    /// Asks once, for the rest where some of the same file is here.
    fn try_once(&self, part: &mut Part) -> Result<Try, FetchError> {
        let before = part
            .seen()
            .filter(|seen| seen.address == self.address)
            .cloned();
        let validator = before.as_ref().and_then(Seen::validator);
        let have = if validator.is_some() {
            part.length()
        } else {
            0
        };
        let mut request = self.agent.get(&self.address);
        if let Some(validator) = validator {
            request = request
                .header("range", format!("bytes={have}-"))
                .header("if-range", validator);
        }
        let response = match request.call() {
            Ok(response) => response,
            Err(error) => return self.broken(&error),
        };
        let (status, head) = (response.status(), response.headers());
        let total = match judge(status, head, &self.address, have, before.as_ref()) {
            Verdict::Whole { seen } => {
                let total = seen.total;
                self.bounded(total.unwrap_or(0))?;
                part.begin_anew(seen)?;
                total
            }
            Verdict::Rest { total } => {
                self.bounded(total)?;
                Some(total)
            }
            Verdict::Complete => return Ok(Try::Full),
            Verdict::Restart { why } => {
                part.begin_anew(Seen::default())?;
                return Ok(Try::Again { why, wait: None });
            }
            Verdict::Absent => return Ok(Try::Absent(status.as_u16())),
            Verdict::Again { why, wait } => return Ok(Try::Again { why, wait }),
            Verdict::Refused { why } => {
                return Err(FetchError::Refused {
                    address: shown(&self.address),
                    said: why,
                });
            }
        };
        self.receive(part, response, total)
    }

    /// Reads a body into the part.
    fn receive(
        &self,
        part: &mut Part,
        response: Response<ureq::Body>,
        total: Option<u64>,
    ) -> Result<Try, FetchError> {
        let file = self.voice.file;
        self.voice.say(Event::Started {
            file,
            from: part.length(),
            of: total,
        });
        let mut body = response.into_body().into_reader();
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match body.read(&mut chunk) {
                Ok(read) => read,
                Err(error) => return self.broken(&ureq::Error::from(error)),
            };
            if read == 0 {
                break;
            }
            let now = part.length() + read as u64;
            self.bounded(now)?;
            if total.is_some_and(|total| now > total) {
                part.begin_anew(Seen::default())?;
                return Ok(Try::Again {
                    why: "sends more bytes than it promised".to_owned(),
                    wait: None,
                });
            }
            part.append(&chunk[..read])?;
            self.voice.say(Event::Received { file, now });
        }
        match total {
            Some(total) if part.length() < total => Ok(Try::Again {
                why: format!("broke off after {} of {total} bytes", part.length()),
                wait: None,
            }),
            _ => Ok(Try::Full),
        }
    }

    fn bounded(&self, bytes: u64) -> Result<(), FetchError> {
        if bytes > self.settings.most_bytes {
            return Err(FetchError::TooLarge {
                address: shown(&self.address),
                most: self.settings.most_bytes,
            });
        }
        Ok(())
    }

    /// What a fault of the connection means.
    fn broken(&self, error: &ureq::Error) -> Result<Try, FetchError> {
        let refused = |said: &str| {
            Err(FetchError::Refused {
                address: shown(&self.address),
                said: said.to_owned(),
            })
        };
        let why = match error {
            ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
                "cannot be reached in time".to_owned()
            }
            ureq::Error::Timeout(_) => format!(
                "was silent for {} seconds",
                self.settings.idle.as_secs_f32()
            ),
            ureq::Error::HostNotFound => "has a host that is not known".to_owned(),
            ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
                format!("cannot be reached ({error})")
            }
            ureq::Error::Io(error) => format!("broke off ({error})"),
            ureq::Error::TooManyRedirects => {
                return refused("leads from one address to the next without end");
            }
            ureq::Error::RequireHttpsOnly(_) => {
                return refused(
                    "leads to an address that is not encrypted; give the new base address",
                );
            }
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
                return refused(&format!("cannot be spoken to in private ({error})"));
            }
            // Other errors may quote the address, which may hold a password.
            ureq::Error::Protocol(_) => "does not answer as a web server does".to_owned(),
            _ => "cannot be reached".to_owned(),
        };
        Ok(Try::Again { why, wait: None })
    }
}
