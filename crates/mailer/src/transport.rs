//! How a message leaves: to a relay over SMTP, to the recipient's own servers, or into a Maildir on this machine.
//!
//! Whatever the way, a message passes a [`Fence`] at the last moment at which it can still be held back, and the ending says on
//! which side of that moment the try ended: before it nothing can have arrived.

mod ceilings;
mod direct;
#[cfg(test)]
mod failing;
mod outbox;
#[cfg(test)]
mod profiled;
mod smtp;

pub use direct::Direct;
pub use outbox::Outbox;
pub use smtp::Relay;

use crate::error::MailerError;
use crate::reply::Reply;
use crate::reply::class::{Class, classify};
use crate::servers::Resolver;
use crate::settings::{MailerSettings, TransportSettings};
use async_trait::async_trait;
use ceilings::Ceilings;
use redress_model::delivery::AttemptStage;
use std::sync::Arc;

/// A message and its envelope.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Where bounces go.
    pub sender: &'a str,
    /// To whom.
    pub recipient: &'a str,
    /// The message as it goes over the wire, before dots are doubled: lines end in CRLF, the last one too.
    pub bytes: &'a [u8],
    /// The envelope's id for reports of delivery (RFC 3461), in letters and digits; `None` asks for no reports.
    pub envelope_id: Option<&'a str>,
}

impl Outgoing<'_> {
    /// The recipient's domain, in lower case.
    fn domain(&self) -> String {
        let (_, domain) = self
            .recipient
            .rsplit_once('@')
            .unwrap_or(("", self.recipient));
        domain.to_ascii_lowercase()
    }
}

/// Asked once, after the body and before the dot.
#[async_trait]
pub trait Fence: Send + Sync {
    /// Whether the dot may leave. What makes it so is durable when this answers yes.
    async fn may_pass(&self) -> bool;
}

/// A fence for what may be sent twice.
#[derive(Debug, Clone, Copy)]
pub struct NoFence;

#[async_trait]
impl Fence for NoFence {
    async fn may_pass(&self) -> bool {
        true
    }
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The other side said yes to the dot.
    Accepted(Reply),
    /// It said no, or we knew that it would.
    Refused {
        /// How far the try came; [`AttemptStage::Dot`] after the fence alone where `has_passed`.
        stage: AttemptStage,
        /// What was said.
        reply: Reply,
        /// What that means.
        class: Class,
        /// Whether the fence had been passed.
        has_passed: bool,
    },
    /// The connection failed before the fence: nothing can have arrived.
    Broken {
        /// How far it came.
        stage: AttemptStage,
        /// What failed, in words without anything personal.
        failure: String,
    },
    /// The fence held it back, and the connection was dropped.
    Fenced,
    /// The fence was passed, and no answer came: it may have arrived.
    Silent {
        /// What failed, in words without anything personal.
        failure: String,
    },
}

impl Ending {
    fn refused(stage: AttemptStage, reply: Reply) -> Self {
        let class = classify(stage, &reply);
        Self::Refused {
            stage,
            reply,
            class,
            has_passed: false,
        }
    }

    pub(crate) fn refused_here(stage: AttemptStage, class: Class, why: &str) -> Self {
        let reply = Reply::ours(why);
        Self::Refused {
            stage,
            reply,
            class,
            has_passed: false,
        }
    }
}

/// The way that was chosen, and how large a message may be that takes it.
pub struct Transport {
    way: Way,
    ceilings: Arc<Ceilings>,
}

enum Way {
    /// To a relay.
    Relay(Box<Relay>),
    /// To the servers of each recipient.
    Direct(Box<Direct>),
    /// Into a Maildir.
    Outbox(Outbox),
}

impl Transport {
    /// Opens the way that the settings name; `domain` is that of our addresses. A relay is not spoken to yet. Fails when a
    /// certificate file does not read, the Maildir cannot be made, or a ceiling is set for what is no domain.
    pub async fn open(settings: &MailerSettings, domain: &str) -> Result<Self, MailerError> {
        let ceilings = Arc::new(Ceilings::new(settings)?);
        let way = match &settings.transport {
            TransportSettings::Smtp(relay) => Way::Relay(Box::new(Relay::new(
                relay.clone(),
                settings.timeouts,
                domain,
            )?)),
            TransportSettings::Direct(direct) => Way::Direct(Box::new(Direct::new(
                direct.clone(),
                settings.timeouts,
                domain,
                Resolver::open(&settings.dns)?,
                Arc::clone(&ceilings),
            )?)),
            TransportSettings::Outbox { directory } => Way::Outbox(Outbox::open(directory).await?),
        };
        Ok(Self { way, ceilings })
    }

    /// Carries one message. What is too large for its domain is refused before anybody is spoken to.
    pub async fn send(&self, message: &Outgoing<'_>, fence: &dyn Fence) -> Ending {
        if let Some(why) = unfit(message) {
            return Ending::refused_here(AttemptStage::Data, Class::OurFault, why);
        }
        let length = message.bytes.len();
        if let Some(why) = self.ceilings.refusal(&message.domain(), length) {
            return Ending::refused_here(AttemptStage::Sender, Class::TooLarge, why);
        }
        match &self.way {
            Way::Relay(relay) => relay.send(message, fence).await,
            Way::Direct(direct) => direct.send(message, fence).await,
            Way::Outbox(outbox) => outbox.send(message, fence).await,
        }
    }

    /// Whether the recipients' servers are spoken to without a relay.
    pub(crate) fn is_direct(&self) -> bool {
        matches!(self.way, Way::Direct(_))
    }

    /// Closes connections that are kept open for the next message.
    pub async fn rest(&self) {
        match &self.way {
            Way::Relay(relay) => relay.rest().await,
            Way::Direct(direct) => direct.rest().await,
            Way::Outbox(_) => {}
        }
    }
}

/// Why a message must not go over a wire. Bytes are never mended here: their hash is on record.
fn unfit(message: &Outgoing<'_>) -> Option<&'static str> {
    let is_plain = |address: &str| {
        let strange =
            |letter: char| letter.is_control() || letter.is_whitespace() || "<>".contains(letter);
        !address.contains(strange)
    };
    if !is_plain(message.recipient) || !message.recipient.contains('@') {
        return Some("the recipient is no address");
    }
    if !is_plain(message.sender) {
        return Some("the sender is no address");
    }
    (!has_whole_lines(message.bytes)).then_some("a line of the message does not end in cr lf")
}

/// Whether carriage returns and line feeds come in pairs alone, and the last line is ended.
fn has_whole_lines(bytes: &[u8]) -> bool {
    let mut open = None;
    for at in memchr::memchr2_iter(b'\r', b'\n', bytes) {
        if bytes[at] == b'\r' {
            if open.replace(at).is_some() {
                return false;
            }
        } else if open.take().is_none_or(|open| open + 1 != at) {
            return false;
        }
    }
    open.is_none() && bytes.ends_with(b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bare_line_feed_or_an_address_with_a_break_never_leaves() {
        for bytes in [
            &b"a\nb\r\n"[..],
            b"a\rb\r\n",
            b"a",
            b"",
            b"a\r\n\n",
            b"\n\r\n",
            b"a\r",
        ] {
            assert!(!has_whole_lines(bytes), "{bytes:?}");
        }
        assert!(has_whole_lines(b"a: b\r\n\r\n.\r\n"));
        let message = |recipient| Outgoing {
            sender: "",
            recipient,
            bytes: b"\r\n",
            envelope_id: None,
        };
        assert!(unfit(&message("a@city.example> NOTIFY=NEVER")).is_some());
        assert!(unfit(&message("a@city.example\r\nDATA")).is_some());
        assert!(unfit(&message("a@city.example")).is_none());
    }

    proptest! {
        #[test]
        fn lines_that_are_joined_by_crlf_are_whole(lines in proptest::collection::vec("[^\r\n]{0,20}", 1..20)) {
            let text = lines.join("\r\n") + "\r\n";
            prop_assert!(has_whole_lines(text.as_bytes()));
        }
    }
}
