//! One conversation.

use crate::address::read_address;
use crate::connection::Stream;
use crate::error::MailerError;
use crate::mailer::Mailer;
use crate::receiving::Taken;
use redress_model::delivery::event::StrayReason;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long the other side may be silent (RFC 5321, section 4.5.3.2.7).
const PATIENCE: Duration = Duration::from_mins(5);
/// The longest line of a command, in bytes.
const LINE: usize = 2_000;
/// How many recipients one message has.
const RECIPIENTS: usize = 100;
/// After how many commands that are none the connection is closed.
const MISTAKES: u32 = 20;

pub(super) struct Session {
    mailer: Mailer,
    stream: BufReader<Box<dyn Stream>>,
    stop: watch::Receiver<bool>,
    is_greeted: bool,
    has_sender: bool,
    recipients: Vec<String>,
    mistakes: u32,
}

/// Whether the conversation goes on.
type GoesOn = io::Result<bool>;

impl Session {
    pub(super) fn new(
        mailer: Mailer,
        stream: Box<dyn Stream>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            mailer,
            stream: BufReader::new(stream),
            stop,
            is_greeted: false,
            has_sender: false,
            recipients: Vec::new(),
            mistakes: 0,
        }
    }

    /// Speaks until either side has enough. A client that hangs up is no failure of ours.
    pub(super) async fn run(mut self) {
        if let Err(error) = self.talk().await {
            tracing::debug!(error = %error, "a conversation broke off");
        }
    }

    async fn talk(&mut self) -> io::Result<()> {
        let greeting = format!("220 {} LMTP ready", self.mailer.domain());
        self.say(&greeting).await?;
        loop {
            let mut stop = self.stop.clone();
            let line = tokio::select! {
                line = line(&mut self.stream) => line?,
                _ = stop.wait_for(|is_stopping| *is_stopping) => None,
            };
            let Some(line) = line else {
                return self.say("421 4.3.2 goodbye").await;
            };
            if !self.obey(&line).await? {
                return Ok(());
            }
            if self.mistakes >= MISTAKES {
                return self.say("421 4.7.0 too many mistakes").await;
            }
        }
    }

    async fn obey(&mut self, line: &[u8]) -> GoesOn {
        let text = String::from_utf8_lossy(line).trim_end().to_owned();
        let verb = text
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let rest = text.get(verb.len()..).unwrap_or_default().trim();
        match verb.as_str() {
            "LHLO" => {
                self.forget();
                self.is_greeted = true;
                let domain = self.mailer.domain().to_owned();
                let most = self.mailer.settings().coming.max_bytes;
                self.say(&format!(
                    "250-{domain}\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 SIZE {most}"
                ))
                .await?;
            }
            // RFC 2033, section 4.1: they must not be taken.
            "HELO" | "EHLO" => self.refuse("500 5.5.1 this is LMTP: say LHLO").await?,
            "MAIL" => self.sender(rest).await?,
            "RCPT" => self.recipient(rest).await?,
            "DATA" => return self.message().await,
            "RSET" => {
                self.forget();
                self.say("250 2.0.0 forgotten").await?;
            }
            "NOOP" => self.say("250 2.0.0 nothing done").await?,
            "VRFY" => self.say("252 2.5.0 try it").await?,
            "QUIT" => {
                self.say("221 2.0.0 goodbye").await?;
                return Ok(false);
            }
            _ => self.refuse("500 5.5.1 no such command").await?,
        }
        Ok(true)
    }

    async fn sender(&mut self, rest: &str) -> io::Result<()> {
        let parameters = match rest.get(..5).map(str::to_ascii_uppercase).as_deref() {
            Some("FROM:") => rest[5..].trim(),
            _ => return self.refuse("501 5.5.4 MAIL FROM:<address>").await,
        };
        if !self.is_greeted || self.has_sender {
            return self.refuse("503 5.5.1 not now").await;
        }
        let most = self.mailer.settings().coming.max_bytes as u64;
        let size = parameters.split(' ').find_map(|word| {
            word.to_ascii_uppercase()
                .strip_prefix("SIZE=")?
                .parse::<u64>()
                .ok()
        });
        if size.is_some_and(|size| size > most) {
            return self.say("552 5.3.4 too long").await;
        }
        self.has_sender = true;
        self.say("250 2.1.0 go on").await
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<()> {
        let Some(address) = address_of(rest) else {
            return self.refuse("501 5.5.4 RCPT TO:<address>").await;
        };
        if !self.has_sender {
            return self.refuse("503 5.5.1 not now").await;
        }
        if self.recipients.len() >= RECIPIENTS {
            return self.say("452 4.5.3 too many recipients").await;
        }
        match self.judge(&address).await {
            Ok(None) => {
                self.recipients.push(address);
                self.say("250 2.1.5 known").await
            }
            Ok(Some(refusal)) => self.say(refusal).await,
            Err(error) => {
                tracing::warn!(error = %error, "storage is waited for");
                self.say("451 4.3.0 try again later").await
            }
        }
    }

    /// Why an address is not one of ours; `None` where it is.
    async fn judge(&self, address: &str) -> Result<Option<&'static str>, MailerError> {
        if read_address(self.mailer.vault().instance_key(), address).is_some() {
            return Ok(None);
        }
        let lower = address.to_ascii_lowercase();
        let Some((local, domain)) = lower.rsplit_once('@') else {
            return Ok(Some("550 5.1.3 no address"));
        };
        if domain != self.mailer.domain() {
            return Ok(Some("550 5.1.2 no domain of ours"));
        }
        if local.starts_with("bounce+") || local.starts_with("reply+") {
            self.mailer.stray(StrayReason::Forged).await?;
            return Ok(Some("550 5.1.1 no letter of ours"));
        }
        // What comes to our plain addresses may still name its letter by an id.
        Ok(None)
    }

    async fn message(&mut self) -> GoesOn {
        if self.recipients.is_empty() {
            self.refuse("503 5.5.1 nobody to give it to").await?;
            return Ok(true);
        }
        self.say("354 end with a dot").await?;
        let most = self.mailer.settings().coming.max_bytes;
        let mut stop = self.stop.clone();
        let bytes = tokio::select! {
            bytes = body(&mut self.stream, most) => bytes?,
            _ = stop.wait_for(|is_stopping| *is_stopping) => None,
        };
        let Some(bytes) = bytes else {
            // The connection ended within the message, or we end: nothing was taken.
            return Ok(false);
        };
        let recipients = std::mem::take(&mut self.recipients);
        self.forget();
        for recipient in recipients {
            let answer = match &bytes {
                Some(bytes) => self.take(bytes.clone(), recipient).await,
                None => "552 5.3.4 too long",
            };
            self.say(answer).await?;
        }
        Ok(true)
    }

    /// The answer to one recipient; a yes only when it is durable.
    async fn take(&self, bytes: Vec<u8>, recipient: String) -> &'static str {
        match self.mailer.receive(bytes, &[recipient]).await {
            Ok(Taken::Recorded { .. }) => "250 2.0.0 recorded",
            Ok(Taken::Repeated) => "250 2.0.0 known already",
            Ok(Taken::Stray(StrayReason::Unreadable)) => "554 5.6.0 nothing can be made of it",
            Ok(Taken::Stray(_)) => "550 5.1.1 about no letter of ours",
            Ok(Taken::Poisoned) => "554 5.6.0 it cannot be read",
            Err(error) => {
                tracing::warn!(error = %error, "a message waits");
                "451 4.3.0 try again later"
            }
        }
    }

    fn forget(&mut self) {
        self.has_sender = false;
        self.recipients.clear();
    }

    async fn refuse(&mut self, answer: &str) -> io::Result<()> {
        self.mistakes += 1;
        self.say(answer).await
    }

    async fn say(&mut self, answer: &str) -> io::Result<()> {
        let bytes = format!("{answer}\r\n");
        let written = async {
            self.stream.write_all(bytes.as_bytes()).await?;
            self.stream.flush().await
        };
        timeout(PATIENCE, written)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

/// The address of `TO:<address> PARAMETERS`.
fn address_of(rest: &str) -> Option<String> {
    let head = rest.get(..3)?;
    if !head.eq_ignore_ascii_case("TO:") {
        return None;
    }
    let rest = rest[3..].trim().strip_prefix('<')?;
    let (address, _) = rest.split_once('>')?;
    let is_plain =
        address.contains('@') && address.len() <= 320 && !address.contains(char::is_whitespace);
    is_plain.then(|| address.to_owned())
}

/// A line, with its end; `None` when the other side has hung up. A line that is too long is a mistake of the other side's.
async fn line(stream: &mut BufReader<Box<dyn Stream>>) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = async {
        loop {
            let held = stream.fill_buf().await?;
            if held.is_empty() {
                return Ok(None);
            }
            let end = held.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(held.len(), |end| end + 1);
            line.extend_from_slice(&held[..taken]);
            stream.consume(taken);
            if line.len() > LINE {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if end.is_some() {
                return Ok(Some(std::mem::take(&mut line)));
            }
        }
    };
    timeout(PATIENCE, read)
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// Where in a line a body stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// At its beginning.
    Start,
    /// After a dot at its beginning, which is never the message's.
    Dot,
    /// After such a dot and CR.
    DotReturn,
    /// Further on.
    Inside,
}

/// What comes before the line of a single dot, dots undone. The outer `None` is a connection that ended, the inner one a message
/// that is too long: it is read to its end and not kept. Only CR LF ends a line, so that no message ends where its sender's own
/// server saw none end.
async fn body(
    stream: &mut BufReader<Box<dyn Stream>>,
    most: usize,
) -> io::Result<Option<Option<Vec<u8>>>> {
    let mut bytes: Vec<u8> = Vec::new();
    let (mut at, mut last, mut is_long) = (At::Start, 0, false);
    loop {
        let held = timeout(PATIENCE, stream.fill_buf())
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        if held.is_empty() {
            return Ok(None);
        }
        let taken = held.len();
        for (place, &byte) in held.iter().enumerate() {
            match (at, byte) {
                (At::DotReturn, b'\n') => {
                    stream.consume(place + 1);
                    return Ok(Some((!is_long).then_some(bytes)));
                }
                (At::Start, b'.') => at = At::Dot,
                (At::Dot, b'\r') => at = At::DotReturn,
                _ => {
                    if at == At::DotReturn {
                        bytes.push(b'\r');
                    }
                    bytes.push(byte);
                    at = if last == b'\r' && byte == b'\n' {
                        At::Start
                    } else {
                        At::Inside
                    };
                }
            }
            last = byte;
        }
        stream.consume(taken);
        if is_long || bytes.len() > most {
            is_long = true;
            bytes.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn read(wire: &[u8], most: usize) -> Option<Option<Vec<u8>>> {
        let (mut client, server) = tokio::io::duplex(7);
        let mut stream: BufReader<Box<dyn Stream>> = BufReader::with_capacity(5, Box::new(server));
        let write = async {
            // A reader that has seen the end stops reading.
            let _ = client.write_all(wire).await;
            drop(client);
        };
        let (bytes, ()) = tokio::join!(
            async {
                let bytes = body(&mut stream, most).await.unwrap();
                drop(stream);
                bytes
            },
            write
        );
        bytes
    }

    #[tokio::test]
    async fn a_message_ends_at_the_dot_alone() {
        for (wire, expected) in [
            (&b".\r\n"[..], Some(Some(&b""[..]))),
            (b"a\r\n.\r\n", Some(Some(b"a\r\n"))),
            (b"a\n.\n\r\n.\r\n", Some(Some(b"a\n.\n\r\n"))),
            (b"a\r\n..b\r\n.\r\n", Some(Some(b"a\r\n.b\r\n"))),
            (b"a\r\n.\r.\r\n.\r\n", Some(Some(b"a\r\n\r.\r\n"))),
            (b"a\r\n.", None),
            (b"123456789\r\n.\r\n", Some(None)),
        ] {
            let bytes = read(wire, 8).await;
            let bytes = bytes.as_ref().map(|bytes| bytes.as_deref());
            assert_eq!(bytes, expected, "{}", wire.escape_ascii());
        }
    }

    #[test]
    fn an_address_stands_in_angle_brackets() {
        assert_eq!(
            address_of("TO:<a@x.example> X=1").as_deref(),
            Some("a@x.example")
        );
        for strange in [
            "TO:",
            "TO:<>",
            "TO:<a b@x>",
            "FROM:<a@x>",
            "",
            "é",
            "TO:<a@x",
        ] {
            assert_eq!(address_of(strange), None, "{strange}");
        }
    }

    proptest! {
        #[test]
        fn every_message_comes_through(lines in proptest::collection::vec("[^\r\n]{0,12}", 0..8)) {
            let text: String = lines.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect();
            let stuffed: String = lines
                .iter()
                .map(|line| if line.starts_with('.') { format!(".{line}\r\n") } else { format!("{line}\r\n") })
                .collect();
            let wire = format!("{stuffed}.\r\n");
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let bytes = runtime.block_on(read(wire.as_bytes(), 1_000));
            prop_assert_eq!(bytes, Some(Some(text.into_bytes())));
        }
    }
}
