//! Connections to other servers: opened, encrypted, logged in to, each step under its deadline.

mod credentials;
mod encryption;

pub(crate) use credentials::{Credentials, Login};
pub(crate) use encryption::Encryption;

use std::io;
use std::net::IpAddr;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

/// A connection, encrypted or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// What can go wrong on the way; nothing of what was said stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WireFailure {
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
    /// The other side hung up.
    #[error("the server hung up")]
    Closed,
    /// What came is no answer.
    #[error("what the server said is no answer")]
    Garbled,
    /// The system said so.
    #[error("{0}")]
    Failed(io::ErrorKind),
}

impl From<io::Error> for WireFailure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Closed,
            kind => Self::Failed(kind),
        }
    }
}

/// What a step on the wire gives back.
pub(crate) type WireResult<T> = Result<T, WireFailure>;

/// Connects, and tells whether that is to this machine.
pub(crate) async fn connect(
    host: &str,
    port: u16,
    until: Instant,
) -> WireResult<(Box<dyn Stream>, bool)> {
    let stream = timeout_at(until, TcpStream::connect((host, port)))
        .await
        .map_err(|_| WireFailure::TimedOut)??;
    // A small last segment, such as SMTP's dot, would otherwise wait for the acknowledgement of what went before.
    stream.set_nodelay(true)?;
    let is_loopback = stream.peer_addr()?.ip().is_loopback();
    Ok((Box::new(stream), is_loopback))
}

/// Whether a host is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
