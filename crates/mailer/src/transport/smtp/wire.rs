//! Lines to a server and answers from it, each under its deadline.

use crate::connection::{Stream, WireFailure, WireResult};
use crate::reply::Reply;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::time::{Instant, timeout_at};

/// The longest line of an answer that is read, in bytes (RFC 5321 allows 512).
const LONGEST_LINE: u64 = 4_096;

/// The most lines of one answer.
const MOST_LINES: usize = 128;

/// A connection that speaks in lines.
pub(super) struct Wire {
    stream: BufReader<Box<dyn Stream>>,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            stream: BufReader::new(stream),
        }
    }

    /// Gives the connection back for encryption; fails when the other side has said more than it was asked, which would be read
    /// as if it had come encrypted.
    pub(super) fn into_stream(self) -> WireResult<Box<dyn Stream>> {
        if self.stream.buffer().is_empty() {
            Ok(self.stream.into_inner())
        } else {
            Err(WireFailure::Garbled)
        }
    }

    /// Says a line and reads the answer.
    pub(super) async fn ask(&mut self, line: &str, until: Instant) -> WireResult<Reply> {
        self.write(format!("{line}\r\n").as_bytes(), until).await?;
        self.read(until).await
    }

    /// Writes bytes, and sees them off.
    pub(super) async fn write(&mut self, bytes: &[u8], until: Instant) -> WireResult<()> {
        let write = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout_at(until, write)
            .await
            .map_err(|_| WireFailure::TimedOut)??;
        Ok(())
    }

    /// Reads one answer, all its lines.
    pub(super) async fn read(&mut self, until: Instant) -> WireResult<Reply> {
        timeout_at(until, self.read_lines())
            .await
            .map_err(|_| WireFailure::TimedOut)?
    }

    async fn read_lines(&mut self) -> WireResult<Reply> {
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            (&mut self.stream)
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut line)
                .await?;
            if line.is_empty() {
                return Err(WireFailure::Closed);
            }
            let (code, is_last, text) = read_line(&line).ok_or(WireFailure::Garbled)?;
            lines.push(text);
            if is_last {
                return Ok(Reply::new(code, &lines.join("\n")));
            }
            if lines.len() == MOST_LINES {
                return Err(WireFailure::Garbled);
            }
        }
    }
}

/// Code, whether it is the last line, text.
fn read_line(line: &[u8]) -> Option<(u16, bool, String)> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (code, rest) = line.split_at_checked(3)?;
    let code = std::str::from_utf8(code).ok()?.parse().ok()?;
    let is_last = match rest.first() {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    let text = String::from_utf8_lossy(rest.get(1..).unwrap_or_default());
    let text = text.chars().filter(|letter| !letter.is_control()).collect();
    (200..600).contains(&code).then_some((code, is_last, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    async fn read(said: &[u8]) -> WireResult<Reply> {
        let (here, mut there) = tokio::io::duplex(1 << 20);
        there.write_all(said).await.unwrap();
        drop(there);
        Wire::new(Box::new(here))
            .read(Instant::now() + Duration::from_secs(5))
            .await
    }

    #[tokio::test]
    async fn an_answer_of_several_lines_is_one_answer() {
        let reply = read(b"250-mx.city.example\r\n250-SIZE 1000\r\n250 DSN\r\n")
            .await
            .unwrap();
        assert_eq!(
            (reply.code, reply.text.as_str()),
            (250, "mx.city.example\nSIZE 1000\nDSN")
        );
        assert_eq!(read(b"354\r\n").await.unwrap().code, 354);
        assert_eq!(read(b"250-a\r\n").await, Err(WireFailure::Closed));
        assert_eq!(read(b"HTTP/1.1 400\r\n").await, Err(WireFailure::Garbled));
    }

    #[tokio::test]
    async fn a_server_that_never_ends_an_answer_is_left() {
        let endless = "250-more\r\n".repeat(10_000);
        assert_eq!(read(endless.as_bytes()).await, Err(WireFailure::Garbled));
        assert_eq!(read(&vec![b'2'; 100_000]).await, Err(WireFailure::Garbled));
    }

    proptest! {
        #[test]
        fn no_bytes_of_a_server_are_too_strange(said in proptest::collection::vec(any::<u8>(), 0..400)) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let answer = runtime.block_on(read(&said));
            prop_assert!(answer.is_err() || answer.is_ok_and(|reply| (200..600).contains(&reply.code)));
        }
    }
}
