//! A geocoder on this machine that answers in the Census Bureau's shape.
//!
//! What cannot be done here fails the test that called it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A running geocoder; it ends with the test.
#[derive(Debug)]
pub struct Geocoder {
    /// Where it is asked.
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// How it answers, whatever it is asked.
#[derive(Debug, Clone)]
pub enum Says {
    /// The municipality of this GEOID.
    Place(String),
    /// A web page that says it is down.
    Page,
    /// Nothing for a long time.
    Nothing,
}

impl Geocoder {
    /// Starts one.
    pub fn start(says: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!(
            "http://{}/onelineaddress",
            listener.local_addr().expect("a port")
        );
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (says, noted) = (says.clone(), noted.clone());
                std::thread::spawn(move || {
                    // A client that has gone away is no fault of the geocoder's.
                    let _ = answer(&stream, &says, &noted);
                });
            }
        });
        Self { url, asked }
    }

    /// What was asked, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .expect("no test failed in between")
            .clone()
    }
}

fn answer(mut stream: &TcpStream, says: &Says, noted: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    noted.lock().expect("no test failed in between").push(first);
    let body = match says {
        Says::Place(geoid) => serde_json::json!({"result": {"addressMatches": [{
            "matchedAddress": "12 OAK ST, ALDER, ZZ, 00501",
            "coordinates": {"x": -149.5, "y": 30.25},
            "geographies": {
                "Incorporated Places": [{"GEOID": geoid, "NAME": "Alder city"}],
                "Counties": [{"GEOID": "99001", "NAME": "Sample County"}]
            }
        }]}})
        .to_string(),
        Says::Page => "<html><body>Down for maintenance</body></html>".to_owned(),
        Says::Nothing => {
            std::thread::sleep(Duration::from_mins(1));
            return Ok(());
        }
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
