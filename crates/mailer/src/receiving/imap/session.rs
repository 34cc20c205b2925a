//! One connection to a mail server, and what is asked over it.
//!
//! The library writes the commands and reads the answers; what an answer means is read here. Its own methods take a connection that
//! ended for an answer that ended, and a NO to FETCH for a mailbox without messages, by either of which messages could be passed over.

use super::account::{Account, Patience};
use super::bounded::Bounded;
use super::trouble::MailboxTrouble;
use crate::connection::{WireFailure, connect};
use crate::settings::TlsMode;
use async_imap::Client;
use async_imap::error::Error as Said;
use async_imap::imap_proto::{
    AttributeValue, MailboxDatum, Outcome, Response, ResponseCode, Status,
};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// How many messages are listed at a time.
pub(super) const BATCH: u32 = 500;

/// What an answer may hold besides what was asked for, in bytes.
const SLACK: u64 = 64 << 10;

/// The longest line of a list, in bytes, with what servers add on their own.
const LINE: u64 = 256;

/// A connection over which somebody has logged in.
pub(super) struct Session {
    library: async_imap::Session<Bounded>,
    patience: Patience,
}

/// What was said when a folder was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Folder {
    /// As long as it stays the same, a UID is one message's.
    pub(super) validity: u32,
    messages: u32,
    next_uid: Option<u32>,
}

/// Messages by UID, with their sizes where the server knows them.
pub(super) type Listed = BTreeMap<u32, Option<u32>>;

/// What became of a message that was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fetched {
    /// Here it is.
    Message(Vec<u8>),
    /// It is longer than is taken, and longer than the server had said.
    TooLong,
    /// Somebody has deleted it since it was listed.
    Gone,
}

/// What is asked.
struct Question<'a> {
    /// The command's first words, for what is said about a refusal.
    verb: &'static str,
    /// What it is asked for.
    rest: &'a str,
    /// How many bytes the answer may have.
    most: u64,
    /// How long it may take.
    patience: Duration,
}

impl Session {
    /// Connects, encrypts if that was asked for, and logs in.
    pub(super) async fn open(account: &Account) -> Result<Self, MailboxTrouble> {
        let (settings, patience) = (&account.settings, account.patience);
        let until = Instant::now() + patience.command;
        let (mut stream, is_loopback) = connect(&settings.host, settings.port, until).await?;
        if settings.tls == TlsMode::None && !is_loopback {
            // The name of this machine can lead elsewhere.
            return Err(MailboxTrouble::InClear);
        }
        if settings.tls == TlsMode::Tls {
            stream = account.encryption.wrap(stream, until).await?;
        }
        let mut client = Client::new(Bounded::new(stream, SLACK));
        greet(&mut client, until).await?;
        if settings.tls == TlsMode::Starttls {
            client = secure(client, account, until).await?;
        }
        let credentials = &account.credentials;
        let login = client.login(credentials.user(), credentials.password());
        match timeout(patience.command, login).await {
            Err(_) => Err(WireFailure::TimedOut.into()),
            Ok(Ok(library)) => Ok(Self { library, patience }),
            Ok(Err((Said::No(_) | Said::Bad(_) | Said::Validate(_), _))) => {
                Err(MailboxTrouble::LoginRefused)
            }
            Ok(Err((error, _))) => Err(error.into()),
        }
    }

    /// Opens a folder to be read and nothing else.
    pub(super) async fn examine(&mut self, name: &str) -> Result<Folder, MailboxTrouble> {
        let (mut validity, mut messages, mut next_uid) = (None, 0, None);
        let name = quoted(name);
        let question = self.command("EXAMINE", &name, 0);
        self.ask(&question, |answer| match answer {
            Response::MailboxData(MailboxDatum::Exists(count)) => messages = *count,
            Response::Data {
                status: Status::Ok,
                outcome: Outcome {
                    code: Some(code), ..
                },
            } => match code {
                ResponseCode::UidValidity(told) => validity = Some(*told),
                ResponseCode::UidNext(told) => next_uid = Some(*told),
                _ => {}
            },
            _ => {}
        })
        .await?;
        Ok(Folder {
            // A server without UIDs, of which there are none any more.
            validity: validity.ok_or(WireFailure::Garbled)?,
            messages,
            next_uid,
        })
    }

    /// The largest UID of a folder; 0 where there is nothing after `after`.
    pub(super) async fn highest(
        &mut self,
        folder: &Folder,
        after: u32,
    ) -> Result<u32, MailboxTrouble> {
        let is_read = |next: u32| next <= after.saturating_add(1);
        if folder.messages == 0 || folder.next_uid.is_some_and(is_read) {
            return Ok(0);
        }
        let mut highest = 0;
        let question = self.command("UID FETCH", "* (UID)", 0);
        self.ask(&question, |answer| {
            if let Some((uid, _)) = message(answer) {
                highest = highest.max(uid);
            }
        })
        .await?;
        Ok(highest)
    }

    /// The first messages of some, [`BATCH`] at the most. Never asks for `n:*`, which is the last message even where `n` is larger.
    pub(super) async fn list(&mut self, first: u32, last: u32) -> Result<Listed, MailboxTrouble> {
        let mut listed = Listed::new();
        let range = format!("{first}:{last} (UID RFC822.SIZE)");
        let lines = u64::from(last.saturating_sub(first)) + 1;
        let question = self.command("UID FETCH", &range, lines.saturating_mul(LINE));
        self.ask(&question, |answer| {
            let Some((uid, values)) = message(answer) else {
                return;
            };
            if !(first..=last).contains(&uid) {
                return;
            }
            let size = values.iter().find_map(|value| match value {
                AttributeValue::Rfc822Size(size) => Some(*size),
                _ => None,
            });
            let known = listed.entry(uid).or_default();
            *known = size.or(*known);
            if listed.len() > BATCH as usize {
                listed.pop_last();
            }
        })
        .await?;
        Ok(listed)
    }

    /// One message, if it has no more than so many bytes. It stays as it was: PEEK does not mark it as read.
    pub(super) async fn fetch(&mut self, uid: u32, most: usize) -> Result<Fetched, MailboxTrouble> {
        let mut fetched = Fetched::Gone;
        let what = format!("{uid} (UID BODY.PEEK[])");
        let question = Question {
            patience: self.patience.message,
            ..self.command("UID FETCH", &what, most as u64)
        };
        self.ask(&question, |answer| {
            let Some((_, values)) = message(answer).filter(|(other, _)| *other == uid) else {
                return;
            };
            let body = values.iter().find_map(|value| match value {
                AttributeValue::BodySection {
                    section: None,
                    data,
                    ..
                } => Some(data.as_deref().unwrap_or_default()),
                _ => None,
            });
            match body {
                Some(body) if body.len() > most => fetched = Fetched::TooLong,
                Some(body) => fetched = Fetched::Message(body.to_vec()),
                // What else is known of it, such as flags, some servers tell unasked.
                None => {}
            }
        })
        .await?;
        Ok(fetched)
    }

    /// Says goodbye; whether anybody hears it does not matter.
    pub(super) async fn leave(mut self) {
        let _ = timeout(Duration::from_secs(1), self.library.logout()).await;
    }

    fn command<'a>(&self, verb: &'static str, rest: &'a str, most: u64) -> Question<'a> {
        Question {
            verb,
            rest,
            most,
            patience: self.patience.command,
        }
    }

    /// Asks, and hands on each answer before the one that ends it.
    async fn ask(
        &mut self,
        question: &Question<'_>,
        each: impl FnMut(&Response<'_>),
    ) -> Result<(), MailboxTrouble> {
        self.library
            .get_mut()
            .allow(question.most.saturating_add(SLACK));
        timeout(question.patience, self.talk(question, each))
            .await
            .map_err(|_| WireFailure::TimedOut)?
    }

    async fn talk(
        &mut self,
        question: &Question<'_>,
        mut each: impl FnMut(&Response<'_>),
    ) -> Result<(), MailboxTrouble> {
        let line = format!("{} {}", question.verb, question.rest);
        let id = self.library.run_command(line).await?;
        loop {
            let answer = self.library.read_response().await?;
            let answer = answer.ok_or(WireFailure::Closed)?;
            match answer.parsed() {
                Response::Done { tag, status, .. } if *tag == id => {
                    return match status {
                        Status::Ok => Ok(()),
                        _ => Err(MailboxTrouble::Refused(question.verb)),
                    };
                }
                Response::Data {
                    status: Status::Bye,
                    ..
                } => return Err(WireFailure::Closed.into()),
                other => each(other),
            }
        }
    }
}

/// Hears the greeting.
async fn greet(client: &mut Client<Bounded>, until: Instant) -> Result<(), MailboxTrouble> {
    let greeting = timeout_at(until, client.read_response())
        .await
        .map_err(|_| WireFailure::TimedOut)??;
    match greeting.ok_or(WireFailure::Closed)?.parsed() {
        Response::Data {
            status: Status::Ok, ..
        } => Ok(()),
        _ => Err(MailboxTrouble::Refused("a conversation")),
    }
}

/// Encrypts an open connection. What was said in clear does not count: what the library has read of it goes with it.
async fn secure(
    mut client: Client<Bounded>,
    account: &Account,
    until: Instant,
) -> Result<Client<Bounded>, MailboxTrouble> {
    let asked = client.run_command_and_check_ok("STARTTLS", None);
    let asked = timeout_at(until, asked)
        .await
        .map_err(|_| WireFailure::TimedOut)?;
    match asked {
        Ok(()) => {}
        Err(Said::No(_) | Said::Bad(_)) => return Err(MailboxTrouble::NoEncryption),
        Err(error) => return Err(error.into()),
    }
    let stream = client.into_inner().into_stream();
    let stream = account.encryption.wrap(stream, until).await?;
    Ok(Client::new(Bounded::new(stream, SLACK)))
}

/// UID and values of an answer about a message. What servers tell unasked, such as a flag that somebody has set, can be without a UID.
fn message<'a, 'b>(answer: &'a Response<'b>) -> Option<(u32, &'a [AttributeValue<'b>])> {
    let Response::Fetch(_, values) = answer else {
        return None;
    };
    let uid = values.iter().find_map(|value| match value {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })?;
    Some((uid, values.as_slice()))
}

/// A name as a quoted string.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
