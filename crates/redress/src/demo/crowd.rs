//! A crowd that signs over HTTP and confirms by the mail that it gets, as people do.

use super::outbox;
use super::{http, setting::SLUG};
use crate::failure::Failure;
use crate::machine::{SystemClock, random};
use crate::output::Progress;
use anyhow::anyhow;
use futures_util::TryStreamExt;
use futures_util::stream::FuturesUnordered;
use rand::Rng;
use redress_model::clock::Clock;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many of the crowd sign at once.
const HANDS: usize = 8;

/// How often the mail is looked at.
const GLANCE: Duration = Duration::from_millis(100);

/// How long nobody may get any mail before the crowd gives up.
const PATIENCE: Duration = Duration::from_mins(1);

const FIRST: &[&str] = &[
    "Ana", "Ben", "Carla", "Dmitri", "Elena", "Farah", "Grace", "Hiroshi", "Imani", "José",
    "Katya", "Liam", "Mei", "Nadia", "Omar", "Priya", "Quinn", "Rosa", "Samuel", "Thu", "Uma",
    "Víctor", "Wanda", "Ximena", "Yusuf", "Zoë",
];
const LAST: &[&str] = &[
    "Adams",
    "Baptiste",
    "Castillo",
    "Dubois",
    "Eze",
    "Fischer",
    "Gutiérrez",
    "Hernandez",
    "Ito",
    "Johnson",
    "Kowalski",
    "Lopez",
    "Miller",
    "Nguyen",
    "O'Neil",
    "Patel",
    "Quispe",
    "Robinson",
    "Schmidt",
    "Torres",
    "Ueda",
    "Vasquez",
    "Williams",
    "Xu",
    "Young",
    "Zamora",
];
const COMMENTS: &[&str] = &[
    "My doorbell films the whole street, and nobody asked the street.",
    "I have lived here for thirty years and never needed a camera to know my neighbors.",
    "If the police want footage, they can knock and ask.",
    "Please put this on the agenda in public.",
];

/// Where a crowd signs.
pub struct Place {
    /// `127.0.0.1:8080`.
    pub address: String,
    /// The Maildir of all mail.
    pub outbox: PathBuf,
    /// Addresses with known answers.
    pub truth: PathBuf,
}

/// What a crowd did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// How many signed and were told that it is received.
    pub signed: usize,
    /// How many confirmed by their mail.
    pub confirmed: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Signers by the city in their address, the most first.
    pub cities: Vec<(String, usize)>,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "crowd: {} signed, {} confirmed in {:.1} s",
            self.signed, self.confirmed, self.seconds
        )?;
        for (city, count) in self.cities.iter().take(5) {
            write!(out, "\n  {city} {count}")?;
        }
        Ok(())
    }
}

struct Signer {
    email: String,
    city: String,
    body: String,
}

/// Lets `number` people sign and confirm.
pub async fn gather(place: &Place, number: usize, progress: &Progress) -> Result<Summary, Failure> {
    let began = SystemClock.now();
    let signers = people(&place.truth, number)?;
    let signed = AtomicUsize::new(0);
    let (signed_all, confirmed) = tokio::join!(
        sign_all(place, &signers, &signed),
        confirm_all(place, &signers, &signed, progress)
    );
    signed_all?;
    let confirmed = confirmed?;
    progress.end();
    let mut cities: BTreeMap<&str, usize> = BTreeMap::new();
    for signer in &signers {
        *cities.entry(&signer.city).or_default() += 1;
    }
    let mut cities: Vec<(String, usize)> = cities
        .into_iter()
        .map(|(city, count)| (city.to_owned(), count))
        .collect();
    cities.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(Summary {
        signed: signed.into_inner(),
        confirmed,
        seconds: (SystemClock.now() - began).as_seconds_f64(),
        cities,
    })
}

/// People with addresses of the county; no two runs make the same.
fn people(truth: &Path, number: usize) -> Result<Vec<Signer>, Failure> {
    let mut rows =
        csv::Reader::from_path(truth).map_err(|error| Failure::failed(anyhow!(error)))?;
    let addresses: Vec<String> = rows
        .records()
        .filter_map(Result::ok)
        .filter_map(|row| row.get(1).map(str::to_owned))
        // Street, city, state and ZIP, as forms ask for them.
        .filter(|address| address.matches(", ").count() == 2)
        .collect();
    if addresses.is_empty() {
        return Err(Failure::failed(anyhow!(
            "{} has no address",
            truth.display()
        )));
    }
    let run = SystemClock.now().timestamp_millis();
    let pick = |words: &[&'static str]| words[random().next_u32() as usize % words.len()];
    let one = |at: usize| {
        let address = &addresses[random().next_u32() as usize % addresses.len()];
        let (first, last) = (pick(FIRST), pick(LAST));
        let email = format!("signer{at}.{run:x}@example.org");
        let (street, rest) = address.split_once(", ").unwrap_or((address, ""));
        let (city, state_zip) = rest.split_once(", ").unwrap_or((rest, ""));
        let (state, zip) = state_zip.split_once(' ').unwrap_or((state_zip, ""));
        let mut body = json!({
            "name": format!("{first} {last}"), "email": email, "street": street, "city": city,
            "state": state, "zip": zip, "list_name": !at.is_multiple_of(5),
        });
        if at.is_multiple_of(7) {
            body["comment"] = Value::from(pick(COMMENTS));
            body["share_comment"] = Value::from(true);
        }
        Signer {
            email,
            city: city.to_owned(),
            body: body.to_string(),
        }
    };
    Ok((0..number).map(one).collect())
}

async fn sign_all(place: &Place, signers: &[Signer], signed: &AtomicUsize) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    let hand = || async {
        while let Some(signer) = signers.get(next.fetch_add(1, Ordering::Relaxed)) {
            sign(place, signer).await?;
            signed.fetch_add(1, Ordering::Relaxed);
        }
        Ok::<(), Failure>(())
    };
    let mut hands: FuturesUnordered<_> = (0..HANDS).map(|_| hand()).collect();
    while hands.try_next().await?.is_some() {}
    Ok(())
}

/// Whoever is told to come back later comes back later.
async fn sign(place: &Place, signer: &Signer) -> Result<(), Failure> {
    let path = format!("/api/v1/petitions/{SLUG}/signatures");
    loop {
        let answer = http::post(&place.address, &path, "application/json", &signer.body)
            .await
            .map_err(Failure::failed)?;
        match answer.status {
            202 => return Ok(()),
            429 | 503 => {
                tokio::time::sleep(Duration::from_secs(answer.retry_after.unwrap_or(1))).await;
            }
            status => {
                return Err(Failure::failed(anyhow!(
                    "the site answered {status} to a signature"
                )));
            }
        }
    }
}

/// Reads the mail as it comes, and follows each link: the page first, then its button.
async fn confirm_all(
    place: &Place,
    signers: &[Signer],
    signed: &AtomicUsize,
    progress: &Progress,
) -> Result<usize, Failure> {
    let ours: HashSet<&str> = signers.iter().map(|signer| signer.email.as_str()).collect();
    let mut read = HashSet::new();
    let (mut confirmed, mut last_at) = (0, SystemClock.now());
    while confirmed < signers.len() {
        let before = confirmed;
        for path in unread(&place.outbox, &mut read)? {
            let mail = outbox::read_mail(&path).map_err(Failure::failed)?;
            let link = mail.links.iter().find(|link| link.contains("/confirm/"));
            if let Some(link) = link.filter(|_| ours.contains(mail.to.as_str())) {
                confirm(place, link).await?;
                confirmed += 1;
                progress.reach(confirmed as u64, signers.len() as u64, "confirmed");
            }
        }
        if confirmed > before || signed.load(Ordering::Relaxed) < signers.len() {
            last_at = SystemClock.now();
        } else if (SystemClock.now() - last_at).to_std().unwrap_or_default() > PATIENCE {
            break;
        }
        tokio::time::sleep(GLANCE).await;
    }
    Ok(confirmed)
}

fn unread(outbox: &Path, read: &mut HashSet<PathBuf>) -> Result<Vec<PathBuf>, Failure> {
    let new = outbox.join("new");
    let entries = std::fs::read_dir(&new).map_err(|error| Failure::unreadable(&new, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(Failure::failed)?.path();
        if read.insert(path.clone()) {
            paths.push(path);
        }
    }
    Ok(paths)
}

async fn confirm(place: &Place, link: &str) -> Result<(), Failure> {
    let path = link
        .find("/confirm/")
        .map_or(link, |at| link.split_at(at).1);
    loop {
        let page = http::get(&place.address, path).await;
        let page = page.map_err(Failure::failed)?;
        let answer = if page.status == 200 {
            let kind = "application/x-www-form-urlencoded";
            http::post(&place.address, path, kind, "")
                .await
                .map_err(Failure::failed)?
        } else {
            page
        };
        match answer.status {
            200 | 303 => return Ok(()),
            429 | 503 => {
                tokio::time::sleep(Duration::from_secs(answer.retry_after.unwrap_or(1))).await;
            }
            status => {
                return Err(Failure::failed(anyhow!(
                    "the site answered {status} to a confirmation"
                )));
            }
        }
    }
}
