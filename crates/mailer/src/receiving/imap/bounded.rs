//! A connection that gives up where the other side says more than is taken.
//!
//! The library keeps an answer in memory until it is whole, and makes room for a literal as soon as its length is announced, up to
//! half a gibibyte. So the bytes pass here first: all of them count, and an announcement of more than is left is no further read.

use crate::connection::Stream;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection of which so many bytes are read until the next command.
pub(super) struct Bounded {
    stream: Box<dyn Stream>,
    left: u64,
    at: At,
}

/// Where in an answer the reading stands (RFC 3501, sections 4.3 and 7): it is made of lines, and a line that ends with a length in
/// braces is followed by so many bytes of anything, after which it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Somewhere in a line.
    Line,
    /// After a brace and the digits of a length.
    Length(u64),
    /// After the brace that closes it.
    Closed(u64),
    /// After the CR behind that.
    Return(u64),
    /// In a literal, of which so many bytes are to come.
    Literal(u64),
}

impl At {
    /// Before so many bytes of a literal.
    fn within(left: u64) -> Self {
        match left {
            0 => Self::Line,
            left => Self::Literal(left),
        }
    }
}

impl Bounded {
    pub(super) fn new(stream: Box<dyn Stream>, left: u64) -> Self {
        Self {
            stream,
            left,
            at: At::Line,
        }
    }

    /// How many bytes may come from now on.
    pub(super) fn allow(&mut self, bytes: u64) {
        self.left = bytes;
    }

    /// The connection, to be encrypted.
    pub(super) fn into_stream(self) -> Box<dyn Stream> {
        self.stream
    }

    /// Counts what was read. Fails where it is too much, or announces too much.
    fn count(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            if let At::Literal(left) = self.at {
                let taken = left.min(rest.len() as u64);
                rest = &rest[taken as usize..];
                self.spend(taken)?;
                self.at = At::within(left - taken);
                continue;
            }
            rest = after;
            self.spend(1)?;
            self.at = match (self.at, byte) {
                (_, b'{') => At::Length(0),
                (At::Length(length), b'0'..=b'9') => {
                    let digit = u64::from(byte - b'0');
                    At::Length(length.saturating_mul(10).saturating_add(digit))
                }
                (At::Length(length), b'}') => At::Closed(length),
                (At::Closed(length), b'\r') => At::Return(length),
                (At::Return(length), b'\n') if length > self.left => return Err(too_much()),
                (At::Return(length), b'\n') => At::within(length),
                _ => At::Line,
            };
        }
        Ok(())
    }

    fn spend(&mut self, bytes: u64) -> io::Result<()> {
        self.left = self.left.checked_sub(bytes).ok_or_else(too_much)?;
        Ok(())
    }
}

fn too_much() -> io::Error {
    io::ErrorKind::FileTooLarge.into()
}

impl fmt::Debug for Bounded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Bounded(..)")
    }
}

impl AsyncRead for Bounded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let counted = self.count(&buffer.filled()[before..]);
        if counted.is_err() {
            // Who fails has read nothing.
            buffer.set_filled(before);
        }
        Poll::Ready(counted)
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// What comes through when so much is allowed, in pieces of a few bytes.
    async fn read(wire: &[u8], left: u64, piece: usize) -> io::Result<Vec<u8>> {
        let (here, mut there) = tokio::io::duplex(piece);
        let mut bounded = Bounded::new(Box::new(here), left);
        let write = async {
            // A reader that has given up reads no further.
            let _ = there.write_all(wire).await;
            drop(there);
        };
        let read = async {
            let mut bytes = Vec::new();
            let ended = bounded.read_to_end(&mut bytes).await;
            drop(bounded);
            ended.map(|_| bytes)
        };
        tokio::join!(read, write).0
    }

    #[tokio::test]
    async fn an_announcement_of_too_much_is_no_further_read() {
        let wire = b"* 1 FETCH (UID 1 BODY[] {90}\r\n";
        for piece in [1, 7, 100] {
            let left = wire.len() as u64;
            assert!(read(wire, left + 90, piece).await.is_ok());
            let ended = read(wire, left + 89, piece).await;
            assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        }
        let vast = b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n";
        assert!(read(vast, 1 << 40, 9).await.is_err());
    }

    #[tokio::test]
    async fn a_length_within_a_literal_or_a_line_announces_nothing() {
        for wire in [
            &b"* 1 FETCH (BODY[] {9}\r\na {99}\r\nb)\r\n"[..],
            b"* 1 FETCH (BODY[] {0}\r\n)\r\n",
            b"* OK {99} bottles {99} \r\n* OK {x}\r\n* OK 99}\r\n",
        ] {
            let read = read(wire, wire.len() as u64, 3).await;
            assert_eq!(read.unwrap(), wire, "{}", wire.escape_ascii());
        }
    }

    #[tokio::test]
    async fn every_byte_counts_until_the_next_command() {
        assert!(read(b"* OK hello\r\n", 11, 4).await.is_err());
        let mut bounded = Bounded::new(Box::new(tokio::io::empty()), 1);
        bounded.allow(12);
        assert!(bounded.count(b"* OK hello\r\n").is_ok());
        assert!(bounded.count(b"*").is_err());
    }

    proptest! {
        #[test]
        fn no_more_comes_through_than_is_allowed(
            wire in proptest::collection::vec(prop_oneof![any::<u8>(), proptest::sample::select(b"{}19\r\n".to_vec())], 0..200),
            left in 0u64..200,
            piece in 1usize..50,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let through = runtime.block_on(read(&wire, left, piece));
            prop_assert!(through.is_err() || wire.len() as u64 <= left);
            let is_whole = through.is_ok_and(|through| through == wire);
            let has_brace = wire.contains(&b'{');
            prop_assert!(is_whole || wire.len() as u64 > left || has_brace);
        }
    }
}
