//! LMTP (RFC 2033), for a server on the same machine that hands over what comes to our addresses.
//!
//! It listens on a loopback address or a Unix socket and nowhere else: LMTP has no queue and trusts who speaks. Each recipient gets
//! an answer of its own after the dot, and "250" only after the commit; a connection that breaks before has taken nothing, and what
//! is handed over twice is recorded once.

mod session;

use crate::connection::Stream;
use crate::error::MailerError;
use crate::mailer::Mailer;
use session::Session;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// How many sessions there are at once; who comes later waits.
const SESSIONS: usize = 16;

/// A listener.
#[derive(Debug)]
pub struct Lmtp {
    listener: Listener,
}

#[derive(Debug)]
enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, PathBuf),
}

impl Lmtp {
    /// Listens at `127.0.0.1:2400`, `[::1]:2400` or `unix:/PATH`. Port 0 takes a free one.
    pub async fn open(place: &str) -> Result<Self, MailerError> {
        let listener = if let Some(path) = place.strip_prefix("unix:") {
            unix(Path::new(path)).await
        } else {
            let address: SocketAddr = place.parse().map_err(|_| {
                MailerError::Settings("mailer.coming.lmtp is neither ADDRESS:PORT nor unix:/PATH")
            })?;
            if !address.ip().is_loopback() {
                return Err(MailerError::Settings(
                    "mailer.coming.lmtp listens on this machine alone: a loopback address or a unix socket",
                ));
            }
            TcpListener::bind(address).await.map(Listener::Tcp)
        };
        let listener = listener.map_err(|error| MailerError::Receiving {
            what: "LMTP cannot be listened to",
            error,
        })?;
        Ok(Self { listener })
    }

    /// Where it listens; `None` for a Unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.listener {
            Listener::Tcp(listener) => listener.local_addr().ok(),
            Listener::Unix(..) => None,
        }
    }

    /// Speaks with whoever comes until the order to stop; then a message whose dot has come is finished, and the rest is cut off.
    pub async fn serve(
        &self,
        mailer: &Mailer,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), MailerError> {
        let mut sessions = JoinSet::new();
        while !*stop.borrow() {
            let stream = tokio::select! {
                accepted = self.accept(), if sessions.len() < SESSIONS => accepted,
                Some(_) = sessions.join_next() => continue,
                _ = stop.wait_for(|is_stopping| *is_stopping) => break,
            };
            match stream {
                Ok(stream) => {
                    let session = Session::new(mailer.clone(), stream, stop.clone());
                    sessions.spawn(session.run());
                }
                Err(error) => {
                    // Too many open files, say: it passes.
                    tracing::warn!(error = %error, "a connection cannot be taken");
                    sleep(Duration::from_millis(200)).await;
                }
            }
        }
        while sessions.join_next().await.is_some() {}
        Ok(())
    }

    async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match &self.listener {
            Listener::Tcp(listener) => Box::new(listener.accept().await?.0),
            Listener::Unix(listener, _) => Box::new(listener.accept().await?.0),
        })
    }
}

impl Drop for Lmtp {
    fn drop(&mut self) {
        if let Listener::Unix(_, path) = &self.listener {
            // What is left is taken over by the next.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Takes the place of a socket that a dead process left, and of nothing else.
async fn unix(path: &Path) -> io::Result<Listener> {
    use std::os::unix::fs::FileTypeExt;
    match tokio::fs::symlink_metadata(path).await {
        Ok(about) if about.file_type().is_socket() => {
            if tokio::net::UnixStream::connect(path).await.is_ok() {
                return Err(io::ErrorKind::AddrInUse.into());
            }
            tokio::fs::remove_file(path).await?;
        }
        Ok(_) => return Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => {}
    }
    Ok(Listener::Unix(UnixListener::bind(path)?, path.to_owned()))
}
