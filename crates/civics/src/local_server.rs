//! A web server on this machine that answers as a test tells it to, faults included.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// With its query.
    pub path: String,
    /// Names in lower case.
    pub head: Vec<(String, String)>,
    /// How many came for the same path before it.
    pub earlier: usize,
}

impl Request {
    /// A field of its head.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.head
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// An answer, which need not keep what it promises.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Fields besides the length.
    pub head: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Vec<u8>,
    /// The length that is promised; without it the end of the connection ends the body.
    pub promised: Option<usize>,
    /// How long the connection stays open and silent after the body.
    pub silence: Duration,
    /// How long nothing is sent at first.
    pub delay: Duration,
}

impl Answer {
    /// An answer that keeps its word.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self {
            status,
            head: Vec::new(),
            promised: Some(body.len()),
            body,
            silence: Duration::ZERO,
            delay: Duration::ZERO,
        }
    }

    /// With a field of its head.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.head.push((name, value.into()));
        self
    }

    /// Breaks off after so many bytes of the body.
    pub fn cut(mut self, at: usize) -> Self {
        self.body.truncate(at);
        self
    }

    /// Promises another length.
    pub fn promising(mut self, length: usize) -> Self {
        self.promised = Some(length);
        self
    }
}

/// A running server; it stops when it is dropped.
pub struct LocalServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
}

impl LocalServer {
    /// Starts one.
    pub fn new(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            is_over: Arc::default(),
        };
        let (requests, is_over) = (server.requests.clone(), server.is_over.clone());
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (requests, answer) = (requests.clone(), answer.clone());
                std::thread::spawn(move || {
                    let _ = stream.and_then(|stream| serve(&stream, &requests, &*answer));
                });
            }
        });
        server
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// One request of one connection, which is closed then.
fn serve(
    mut stream: &TcpStream,
    requests: &Mutex<Vec<Request>>,
    answer: &dyn Fn(&Request) -> Answer,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut request = Request {
        path: first.split(' ').nth(1).unwrap_or_default().to_owned(),
        ..Request::default()
    };
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        request
            .head
            .push((name.to_lowercase(), value.trim().to_owned()));
    }
    {
        let mut requests = requests.lock().unwrap();
        let same = |earlier: &&Request| earlier.path == request.path;
        request.earlier = requests.iter().filter(same).count();
        requests.push(request.clone());
    }
    let answer = answer(&request);
    std::thread::sleep(answer.delay);
    let field = |(name, value): &(&str, String)| format!("{name}: {value}\r\n");
    let fields: Vec<String> = answer.head.iter().map(field).collect();
    let length = answer.promised.map_or_else(String::new, |promised| {
        format!("Content-Length: {promised}\r\n")
    });
    let head = format!(
        "HTTP/1.1 {} Said\r\nConnection: close\r\n{}{length}\r\n",
        answer.status,
        fields.concat()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&answer.body)?;
    stream.flush()?;
    std::thread::sleep(answer.silence);
    Ok(())
}
