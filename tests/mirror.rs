//! A mirror of the Census Bureau's tree on this machine, made of the sample county.
//!
//! What cannot be done here fails the test that called it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A running mirror; it ends with the test.
#[derive(Debug)]
pub struct Mirror {
    /// Where the tree begins.
    pub base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// How the mirror treats a file besides sending it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Sends it.
    Good,
    /// Breaks off in the middle of each file the first time.
    BreaksOff,
    /// Sends the first half of each file and then nothing more.
    Stalls,
}

impl Mirror {
    /// Serves the layers of a folder at the Census Bureau's paths.
    pub fn start(folder: &Path, mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!(
            "http://{}/geo/tiger",
            listener.local_addr().expect("a port")
        );
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (folder, noted) = (folder.to_owned(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, noted) = (folder.clone(), noted.clone());
                std::thread::spawn(move || {
                    // A client that has gone away is no fault of the mirror's.
                    let _ = answer(&stream, &folder, &noted, mood);
                });
            }
        });
        Self { base, asked }
    }

    /// What was asked for, each with its range, and forgotten now.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no test failed in between"))
    }
}

fn answer(
    mut stream: &TcpStream,
    folder: &Path,
    noted: &Mutex<Vec<String>>,
    mood: Mood,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut from = 0;
    for line in lines {
        let line = line?.to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(range) = line.strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().unwrap_or(0);
        }
    }
    noted
        .lock()
        .expect("no test failed in between")
        .push(if from > 0 {
            format!("{path} from {from}")
        } else {
            path.clone()
        });
    let Some(bytes) = file(folder, &path).and_then(|file| std::fs::read(file).ok()) else {
        return stream.write_all(
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
    };
    let (total, rest) = (bytes.len(), &bytes[from..]);
    let (status, range) = if from > 0 {
        (
            "206 Partial Content",
            format!("Content-Range: bytes {from}-{}/{total}\r\n", total - 1),
        )
    } else {
        ("200 OK", String::new())
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nETag: \"{total}\"\r\n{range}Connection: close\r\n\r\n",
        rest.len()
    )?;
    match mood {
        Mood::BreaksOff if from == 0 => stream.write_all(&rest[..rest.len() / 2]),
        Mood::Stalls => {
            stream.write_all(&rest[..rest.len() / 2])?;
            stream.flush()?;
            std::thread::sleep(Duration::from_mins(1));
            Ok(())
        }
        _ => stream.write_all(rest),
    }
}

/// `/geo/tiger/TIGER2026/PLACE/tl_2026_99_place.zip`, where folder and layer agree with the name.
fn file(folder: &Path, path: &str) -> Option<PathBuf> {
    let parts: Vec<&str> = path.strip_prefix("/geo/tiger/")?.split('/').collect();
    let [year, layer, name] = parts.as_slice() else {
        return None;
    };
    let named: Vec<&str> = name.strip_suffix(".zip")?.split('_').collect();
    let ["tl", vintage, _, kind] = named.as_slice() else {
        return None;
    };
    (*year == format!("TIGER{vintage}") && *layer == kind.to_uppercase()).then(|| folder.join(name))
}
