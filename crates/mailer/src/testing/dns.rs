//! A DNS server that knows what it was told, on this machine.

use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, MX};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// What it says of a name. Of a name that it was not told of it says that there is none.
#[derive(Debug, Clone)]
pub enum DnsAnswer {
    /// These servers, with their preferences; the host `.` says that there are none.
    Mx(Vec<(u16, &'static str)>),
    /// This address.
    Address([u8; 4]),
    /// It failed.
    Fails,
    /// Nothing.
    Silent,
}

/// The server; it ends with this value.
pub struct DnsStage {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl DnsStage {
    /// Answers at a free port of the loopback address.
    ///
    /// # Panics
    ///
    /// When there is no free port.
    pub fn open(told: &[(&'static str, DnsAnswer)]) -> Self {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).expect("a free port");
        let wait = Duration::from_millis(50);
        socket.set_read_timeout(Some(wait)).expect("a timeout");
        let address = socket.local_addr().expect("an address");
        let (asked, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::default());
        let told: HashMap<&'static str, DnsAnswer> = told.iter().cloned().collect();
        let (counter, order) = (Arc::clone(&asked), Arc::clone(&is_over));
        let thread = std::thread::spawn(move || answer_all(&socket, &told, &counter, &order));
        Self {
            address,
            asked,
            is_over,
            thread: Some(thread),
        }
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many questions it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for DnsStage {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer_all(
    socket: &UdpSocket,
    told: &HashMap<&'static str, DnsAnswer>,
    asked: &AtomicUsize,
    is_over: &AtomicBool,
) {
    let mut buffer = [0; 1_500];
    while !is_over.load(Ordering::SeqCst) {
        let Ok((length, from)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        asked.fetch_add(1, Ordering::SeqCst);
        let answer = buffer.get(..length).and_then(|bytes| answer(bytes, told));
        if let Some(bytes) = answer {
            let _ = socket.send_to(&bytes, from);
        }
    }
}

fn answer(question: &[u8], told: &HashMap<&'static str, DnsAnswer>) -> Option<Vec<u8>> {
    let question = Message::from_vec(question).ok()?;
    let query = question.queries.first()?.clone();
    let name = query.name().to_lowercase().to_ascii();
    let known = told.get(name.trim_end_matches('.'));
    let mut answer = Message::response(question.metadata.id, OpCode::Query);
    answer.metadata.recursion_desired = true;
    answer.metadata.recursion_available = true;
    answer.add_query(query.clone());
    match known {
        None => answer.metadata.response_code = ResponseCode::NXDomain,
        Some(DnsAnswer::Fails) => answer.metadata.response_code = ResponseCode::ServFail,
        Some(DnsAnswer::Silent) => return None,
        Some(DnsAnswer::Mx(servers)) if query.query_type() == RecordType::MX => {
            for (preference, host) in servers {
                let mx = MX::new(*preference, Name::from_ascii(host).ok()?);
                answer.add_answer(Record::from_rdata(query.name().clone(), 60, RData::MX(mx)));
            }
        }
        Some(DnsAnswer::Address([a, b, c, d])) if query.query_type() == RecordType::A => {
            let address = RData::A(A::new(*a, *b, *c, *d));
            answer.add_answer(Record::from_rdata(query.name().clone(), 60, address));
        }
        Some(_) => {}
    }
    answer.to_vec().ok()
}
