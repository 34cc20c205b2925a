//! One connection to a relay, step by step.

use super::dots::chunks;
use super::hello::Extensions;
use super::login::Mechanism;
use super::wire::Wire;
use crate::connection::{Credentials, Encryption, WireFailure, connect};
use crate::reply::Reply;
use crate::reply::class::Class;
use crate::settings::{RelaySettings, Timeouts, TlsMode};
use crate::transport::ceilings::SAID;
use crate::transport::{Ending, Fence, Outgoing};
use redress_model::delivery::AttemptStage as Stage;
use std::fmt::Write;
use std::time::Duration;
use tokio::time::Instant;

/// An open connection.
pub(in crate::transport) struct Session {
    wire: Wire,
    timeouts: Timeouts,
    extensions: Extensions,
    carried: u32,
    is_open: bool,
    /// Whether nobody else can listen.
    is_private: bool,
}

/// What a connection is opened with.
pub(in crate::transport) struct Opening<'a> {
    pub(in crate::transport) settings: &'a RelaySettings,
    pub(in crate::transport) timeouts: Timeouts,
    pub(in crate::transport) encryption: &'a Encryption,
    pub(in crate::transport) credentials: Option<&'a Credentials>,
}

impl Session {
    /// Connects and greets, encrypts and logs in if that was asked for. The `Err` is how the try ends.
    pub(in crate::transport) async fn open(
        opening: &Opening<'_>,
        until: Instant,
    ) -> Result<Self, Ending> {
        let (settings, timeouts) = (opening.settings, opening.timeouts);
        let connecting = soonest(until, timeouts.connect);
        let connected = connect(&settings.host, settings.port, connecting).await;
        let (mut stream, is_loopback) = connected.map_err(broken(Stage::Connect))?;
        if settings.tls == TlsMode::Tls {
            let wrapped = opening.encryption.wrap(stream, connecting).await;
            stream = wrapped.map_err(broken(Stage::Secure))?;
        }
        let mut session = Self {
            wire: Wire::new(stream),
            timeouts,
            extensions: Extensions::default(),
            carried: 0,
            is_open: true,
            is_private: is_loopback || settings.tls == TlsMode::Tls,
        };
        let greeting = session.wire.read(session.soon(until)).await;
        let greeting = greeting.map_err(broken(Stage::Greet))?;
        if !greeting.is_positive() {
            return Err(Ending::refused(Stage::Greet, greeting));
        }
        session.greet(&settings.hello, until).await?;
        let is_offered = session.extensions.has_starttls;
        if settings.tls == TlsMode::Starttls
            || (settings.tls == TlsMode::Opportunistic && is_offered)
        {
            session = session.secure(settings, opening.encryption, until).await?;
        }
        if let Some(credentials) = opening.credentials {
            session.log_in(credentials, until).await?;
        }
        Ok(session)
    }

    /// Says who we are. Nothing is said over a connection that others could listen to.
    async fn log_in(&mut self, credentials: &Credentials, until: Instant) -> Result<(), Ending> {
        let refused = |why| Err(Ending::refused_here(Stage::Secure, Class::OurFault, why));
        if !self.is_private {
            return refused("the password would go in clear to another machine");
        }
        let reply = match Mechanism::choose(self.extensions) {
            None => return refused("the relay offers no login that we know (PLAIN or LOGIN)"),
            Some(Mechanism::Plain) => {
                let line = format!("AUTH PLAIN {}", credentials.both());
                self.ask(Stage::Secure, &line, until).await?
            }
            Some(Mechanism::Login) => {
                let mut reply = self.ask(Stage::Secure, "AUTH LOGIN", until).await?;
                for word in credentials.one_by_one() {
                    if reply.code != 334 {
                        break;
                    }
                    reply = self.ask(Stage::Secure, &word, until).await?;
                }
                reply
            }
        };
        match reply.code {
            200..=299 => Ok(()),
            300..=399 => Err(broken(Stage::Secure)(WireFailure::Garbled)),
            // A login that passes later (454), or one that is wrong.
            _ => Err(Ending::refused(Stage::Secure, reply)),
        }
    }

    async fn greet(&mut self, hello: &str, until: Instant) -> Result<(), Ending> {
        let mut reply = self
            .ask(Stage::Greet, &format!("EHLO {hello}"), until)
            .await?;
        if matches!(reply.code, 500 | 502 | 504) {
            // A server from before 1995 knows HELO alone (RFC 5321, section 3.2).
            reply = self
                .ask(Stage::Greet, &format!("HELO {hello}"), until)
                .await?;
        }
        if !reply.is_positive() {
            return Err(Ending::refused(Stage::Greet, reply));
        }
        self.extensions = Extensions::read(&reply);
        Ok(())
    }

    async fn secure(
        mut self,
        settings: &RelaySettings,
        encryption: &Encryption,
        until: Instant,
    ) -> Result<Self, Ending> {
        if !self.extensions.has_starttls {
            let why = "the relay offers no encryption, and the settings ask for it";
            return Err(Ending::refused_here(Stage::Secure, Class::OurFault, why));
        }
        let reply = self.ask(Stage::Secure, "STARTTLS", until).await?;
        if !reply.is_positive() {
            return Err(Ending::refused(Stage::Secure, reply));
        }
        let stream = self.wire.into_stream().map_err(broken(Stage::Secure))?;
        let handshake = soonest(until, self.timeouts.connect);
        let wrapped = encryption.wrap(stream, handshake).await;
        let stream = wrapped.map_err(broken(Stage::Secure))?;
        self.wire = Wire::new(stream);
        self.is_private |= settings.tls == TlsMode::Starttls;
        // What was said in clear does not count (RFC 3207, section 4.2).
        self.greet(&settings.hello, until).await?;
        Ok(self)
    }

    /// Carries one message: everything up to the fence by `until`, then the dot and its answer.
    pub(in crate::transport) async fn send(
        &mut self,
        message: &Outgoing<'_>,
        fence: &dyn Fence,
        until: Instant,
    ) -> Ending {
        let is_first = self.carried == 0;
        self.carried += 1;
        let announced = if self.extensions.has_pipelining {
            self.announce_at_once(message, is_first, until).await
        } else {
            self.announce(message, is_first, until).await
        };
        if let Err(ending) = announced {
            return ending;
        }
        if let Err(ending) = self.body(message.bytes).await {
            return ending;
        }
        if !fence.may_pass().await {
            // Without its dot a body is no message (RFC 5321, section 4.1.1.4); the connection must not be used again.
            self.is_open = false;
            return Ending::Fenced;
        }
        self.dot().await
    }

    /// RSET where another message went before, MAIL, RCPT and DATA, one after the other.
    async fn announce(
        &mut self,
        message: &Outgoing<'_>,
        is_first: bool,
        until: Instant,
    ) -> Result<(), Ending> {
        let mail = self.mail(message)?;
        if !is_first {
            let reply = self.ask(Stage::Sender, "RSET", until).await?;
            self.expect_reset(&reply)?;
        }
        let reply = self.ask(Stage::Sender, &mail, until).await?;
        self.expect(Stage::Sender, reply, 200)?;
        let reply = self
            .ask(Stage::Recipient, &self.rcpt(message), until)
            .await?;
        self.expect(Stage::Recipient, reply, 200)?;
        let reply = self.ask(Stage::Data, "DATA", until).await?;
        self.expect(Stage::Data, reply, 300)
    }

    /// The same in one go, as the server allows it (RFC 2920): answers come in order, and each decides what it would have decided alone. Where the
    /// body is asked for though an address was refused, the connection is left without a dot, so that nothing was sent.
    async fn announce_at_once(
        &mut self,
        message: &Outgoing<'_>,
        is_first: bool,
        until: Instant,
    ) -> Result<(), Ending> {
        let reset = if is_first { "" } else { "RSET\r\n" };
        let lines = format!(
            "{reset}{}\r\n{}\r\nDATA\r\n",
            self.mail(message)?,
            self.rcpt(message)
        );
        let soon = self.soon(until);
        if let Err(failure) = self.wire.write(lines.as_bytes(), soon).await {
            self.is_open = false;
            return Err(broken(Stage::Sender)(failure));
        }
        if !is_first {
            let reply = self.hear(Stage::Sender, until).await?;
            self.expect_reset(&reply)?;
        }
        for (stage, hundred, after) in [(Stage::Sender, 200, 2), (Stage::Recipient, 200, 1)] {
            let reply = self.hear(stage, until).await?;
            if let Err(ending) = self.expect(stage, reply, hundred) {
                self.hear_out(after).await;
                return Err(ending);
            }
        }
        let reply = self.hear(Stage::Data, until).await?;
        self.expect(Stage::Data, reply, 300)
    }

    /// The answers to what was said after a refusal. The connection goes on only if they are refusals too.
    async fn hear_out(&mut self, answers: usize) {
        let moment = Instant::now() + Duration::from_secs(5);
        for _ in 0..answers {
            if !self.is_open {
                return;
            }
            let is_refusal = |reply: &Reply| reply.code >= 400 && reply.code != 421;
            self.is_open = match self.wire.read(moment).await {
                // Some take a recipient after a sender that they refused.
                Ok(reply) => is_refusal(&reply) || reply.code / 100 == 2,
                Err(_) => false,
            };
        }
    }

    /// Only a connection that is ready for another message is used for one.
    fn expect_reset(&mut self, reply: &Reply) -> Result<(), Ending> {
        if reply.is_positive() {
            return Ok(());
        }
        self.is_open = false;
        Err(broken(Stage::Sender)(WireFailure::Garbled))
    }

    fn rcpt(&self, message: &Outgoing<'_>) -> String {
        let mut line = format!("RCPT TO:<{}>", message.recipient);
        if self.extensions.has_reports && message.envelope_id.is_some() {
            line.push_str(" NOTIFY=FAILURE,DELAY");
        }
        line
    }

    /// The MAIL command with what the server understands, or why the message cannot go to it.
    fn mail(&self, message: &Outgoing<'_>) -> Result<String, Ending> {
        let refused = |class, why: &str| Err(Ending::refused_here(Stage::Sender, class, why));
        if self.extensions.is_too_large(message.bytes.len()) {
            return refused(Class::TooLarge, SAID);
        }
        // Writing to a string does not fail.
        let mut line = format!("MAIL FROM:<{}>", message.sender);
        if self.extensions.size.is_some() {
            let _ = write!(line, " SIZE={}", message.bytes.len());
        }
        if !message.bytes.is_ascii() {
            if !self.extensions.has_eight_bits {
                return refused(
                    Class::OurFault,
                    "the message has eight bits and the server takes seven",
                );
            }
            line.push_str(" BODY=8BITMIME");
        }
        if !(message.sender.is_ascii() && message.recipient.is_ascii()) {
            if !self.extensions.has_utf8 {
                return refused(
                    Class::BadAddress,
                    "the server takes no addresses beyond ASCII",
                );
            }
            line.push_str(" SMTPUTF8");
        }
        if let Some(id) = message.envelope_id.filter(|_| self.extensions.has_reports) {
            let _ = write!(line, " RET=HDRS ENVID={id}");
        }
        Ok(line)
    }

    /// Writes the body without its dot.
    async fn body(&mut self, bytes: &[u8]) -> Result<(), Ending> {
        let until = Instant::now() + Duration::from_millis(self.timeouts.body);
        for chunk in chunks(bytes) {
            if let Err(failure) = self.wire.write(&chunk, until).await {
                self.is_open = false;
                return Err(self.early_word(failure).await);
            }
        }
        Ok(())
    }

    /// A server that hangs up during the body may have said why.
    async fn early_word(&mut self, failure: WireFailure) -> Ending {
        let moment = Instant::now() + Duration::from_secs(1);
        match self.wire.read(moment).await {
            Ok(reply) if reply.code >= 400 => Ending::refused(Stage::Dot, reply),
            _ => broken(Stage::Dot)(failure),
        }
    }

    /// The dot, and the wait for its answer. From the first byte on the message may arrive.
    async fn dot(&mut self) -> Ending {
        let until = Instant::now() + Duration::from_millis(self.timeouts.dot);
        match self.wire.ask(".", until).await {
            Ok(reply) if reply.is_positive() => Ending::Accepted(reply),
            Ok(reply) if reply.code >= 400 => {
                self.is_open = reply.code != 421;
                let mut ending = Ending::refused(Stage::Dot, reply);
                if let Ending::Refused { has_passed, .. } = &mut ending {
                    *has_passed = true;
                }
                ending
            }
            Ok(_) => self.silent(WireFailure::Garbled),
            Err(failure) => self.silent(failure),
        }
    }

    fn silent(&mut self, failure: WireFailure) -> Ending {
        self.is_open = false;
        Ending::Silent {
            failure: failure.to_string(),
        }
    }

    /// The largest message that the server says it takes, in bytes; `None` where it names no limit.
    pub(in crate::transport) fn largest(&self) -> Option<usize> {
        let limit = self.extensions.size.filter(|limit| *limit > 0)?;
        Some(usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// Whether another message may go over it.
    pub(in crate::transport) fn is_usable(&self, most: u32) -> bool {
        self.is_open && self.carried < most
    }

    /// Says goodbye; whether anybody hears it does not matter.
    pub(in crate::transport) async fn quit(mut self) {
        let soon = Instant::now() + Duration::from_secs(1);
        let _ = self.wire.ask("QUIT", soon).await;
    }

    async fn ask(&mut self, stage: Stage, line: &str, until: Instant) -> Result<Reply, Ending> {
        let until = self.soon(until);
        let answer = self.wire.ask(line, until).await;
        answer.map_err(|failure| {
            self.is_open = false;
            broken(stage)(failure)
        })
    }

    async fn hear(&mut self, stage: Stage, until: Instant) -> Result<Reply, Ending> {
        let until = self.soon(until);
        let answer = self.wire.read(until).await;
        answer.map_err(|failure| {
            self.is_open = false;
            broken(stage)(failure)
        })
    }

    /// Takes an answer of the hundred that is hoped for.
    fn expect(&mut self, stage: Stage, reply: Reply, hundred: u16) -> Result<(), Ending> {
        if reply.code / 100 == hundred / 100 {
            return Ok(());
        }
        if reply.code < 400 {
            // A server that is out of step could take the next answer for that of the dot.
            self.is_open = false;
            return Err(broken(stage)(WireFailure::Garbled));
        }
        self.is_open = reply.code != 421;
        Err(Ending::refused(stage, reply))
    }

    fn soon(&self, until: Instant) -> Instant {
        soonest(until, self.timeouts.command)
    }
}

fn soonest(until: Instant, millis: u64) -> Instant {
    until.min(Instant::now() + Duration::from_millis(millis))
}

fn broken(stage: Stage) -> impl Fn(WireFailure) -> Ending {
    move |failure| Ending::Broken {
        stage,
        failure: failure.to_string(),
    }
}
