//! Requests to our own site, as a signer's browser makes them: one connection each, plain HTTP/1.1.

use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer: its status, and after how many seconds to try again where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// 202, 303, 429 ...
    pub status: u16,
    /// Of `Retry-After`.
    pub retry_after: Option<u64>,
}

/// Posts a body. `address` is `127.0.0.1:8080`; no `Origin`: this is a program.
pub async fn post(address: &str, path: &str, kind: &str, body: &str) -> io::Result<Answer> {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    ask(address, &request).await
}

/// Gets a page.
pub async fn get(address: &str, path: &str) -> io::Result<Answer> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    ask(address, &request).await
}

async fn ask(address: &str, request: &str) -> io::Result<Answer> {
    let asking = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        read(&answer).ok_or_else(|| io::Error::other("the site gave no HTTP answer"))
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn read(answer: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(answer);
    let (head, _) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let retry_after = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))
        .and_then(|(_, seconds)| seconds.trim().parse().ok());
    Some(Answer {
        status,
        retry_after,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_patience_are_read_from_the_head() {
        let answer = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 3\r\n\r\nRetry-After: 9";
        let (status, retry_after) = (429, Some(3));
        assert_eq!(
            read(answer),
            Some(Answer {
                status,
                retry_after
            })
        );
        assert_eq!(read(b"nonsense"), None);
    }
}
