//! A blocking connection that is spoken over in lines.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

trait Both: Read + Write {}
impl<T: Read + Write> Both for T {}

/// The server's end.
pub(super) struct Line {
    stream: BufReader<Box<dyn Both>>,
    plain: TcpStream,
    is_encrypted: bool,
}

impl Line {
    /// Over a connection that is not encrypted yet.
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        let plain = stream.try_clone()?;
        Ok(Self {
            stream: BufReader::new(Box::new(stream)),
            plain,
            is_encrypted: false,
        })
    }

    /// Encrypts what is said from now on; fails without a certificate.
    pub(super) fn encrypt(&mut self, config: Option<&Arc<ServerConfig>>) -> io::Result<()> {
        let config = config.ok_or(io::ErrorKind::Unsupported)?;
        let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        let stream = StreamOwned::new(connection, self.plain.try_clone()?);
        self.stream = BufReader::new(Box::new(stream));
        self.is_encrypted = true;
        Ok(())
    }

    /// Whether nobody else can listen.
    pub(super) fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// A line without its end; `None` when the other side has hung up.
    pub(super) fn read(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let length = self.stream.read_line(&mut line)?;
        Ok((length > 0).then(|| line.trim_end().to_owned()))
    }

    /// A line as it came, with its end; less when the other side has hung up.
    pub(super) fn read_bytes(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line)?;
        Ok(line)
    }

    /// Says something.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)?;
        self.stream.get_mut().flush()
    }
}
