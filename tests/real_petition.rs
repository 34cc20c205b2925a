//! A petition of real addresses from the first signature to the last letter, where a folder of civic
//! data is at hand: `REDRESS_CIVIC_DATA=DIR tests/real-input`.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use mail_parser::{MessageParser, MimeHeaders};
use redress_tests::civics::{Row, build, table};
use redress_tests::instance::{Instance, get, post_form, post_json};
use redress_tests::program::{done, run};
use redress_tests::relay::Relay;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const SIGNERS: usize = 5_000;
const CITY: &str = "0804000";

/// The city's addresses with the ward that each lies in.
fn addresses(folder: &Path) -> Vec<Row> {
    let all = table(&folder.join("addresses/aurora_co_business_addresses.csv"));
    let in_city = all.into_iter().filter(|row| row["in_city_2019"] == "1");
    in_city.take(SIGNERS).collect()
}

/// Names as the Census counts them: the first column, most frequent first.
fn names(folder: &Path, file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("names").join(file)).unwrap();
    text.lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(|name| format!("{}{}", &name[..1], name[1..].to_lowercase()))
        .take(500)
        .collect()
}

fn signer(number: usize, row: &Row, first: &[String], last: &[String]) -> Value {
    let name = format!(
        "{} {}",
        first[number % first.len()],
        last[number / 3 % last.len()]
    );
    json!({
        "name": name, "email": format!("signer{number}@example.org"), "street": row["address"],
        "city": row["city"], "state": row["state"], "zip": row["zip"], "list_name": !number.is_multiple_of(4),
    })
}

/// Signs over HTTP, eight at a time.
fn sign_all(url: &str, bodies: &[Value]) {
    std::thread::scope(|scope| {
        for hand in 0..8 {
            scope.spawn(move || {
                for body in bodies.iter().skip(hand).step_by(8) {
                    assert_eq!(post_json(url, body), Some(202), "{body}");
                }
            });
        }
    });
}

/// Confirms by the links in the mail that went to a folder.
fn confirm_all(instance: &Instance, address: &str) {
    let outbox = instance.path("outbox");
    let ran = Command::new(redress_tests::program::executable())
        .args(instance.with(&["mailer", "--drain", "--json"]))
        .env("REDRESS_MAILER__TRANSPORT", "outbox")
        .env("REDRESS_MAILER__OUTBOX__FOLDER", &outbox)
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let mails: Vec<PathBuf> = std::fs::read_dir(outbox.join("new"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(mails.len(), SIGNERS);
    std::thread::scope(|scope| {
        for hand in 0..8 {
            let mails = &mails;
            scope.spawn(move || {
                for path in mails.iter().skip(hand).step_by(8) {
                    let bytes = std::fs::read(path).unwrap();
                    let message = MessageParser::default().parse(&bytes).unwrap();
                    let text = message.body_text(0).unwrap();
                    let at = text.find("/confirm/").unwrap();
                    let link = text[at..].split_whitespace().next().unwrap();
                    let status = post_form(&format!("http://{address}{link}"), "");
                    assert!(matches!(status, Some(200 | 303)), "{status:?}");
                }
            });
        }
    });
}

fn body(url: &str) -> String {
    let answer = get(url);
    assert!(answer.starts_with("HTTP/1.1 200"), "{url}: {answer}");
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn json_of(url: &str) -> Value {
    serde_json::from_str(&body(url)).unwrap()
}

fn status(instance: &Instance) -> Value {
    let words = ["delivery", "status", "--petition", "no-deals", "--json"];
    serde_json::from_str(&done(instance.with(&words))).unwrap()
}

fn drain(instance: &Instance, relay: &Relay) {
    let port = relay.port.to_string();
    let words = [
        "mailer",
        "--smtp-host",
        "127.0.0.1",
        "--smtp-port",
        &port,
        "--smtp-tls",
        "none",
        "--drain",
    ];
    let ran = run(instance.with(&words));
    assert_eq!(ran.code, 0, "{}", ran.err);
}

/// Mayor and six wards, made up, in office, with addresses that lead nowhere.
fn made_up(instance: &Instance) -> String {
    let mut list = format!(
        "place_geoid,role,title,district,name,term_start,term_end,email\n{CITY},mayor,Mayor,,Made Up Mayor,2023-11-01,2099-11-01,mayor@aurora.example\n"
    );
    for ward in 1..=6 {
        let _ = write!(
            list,
            "{CITY},council_member,Council Member,{ward},Made Up Member{ward},2023-11-01,2099-11-01,ward{ward}@aurora.example\n"
        );
    }
    let path = instance.path("made_up.csv");
    std::fs::write(&path, list).unwrap();
    path.display().to_string()
}

#[test]
fn five_thousand_real_addresses_become_seven_letters() {
    let Some(folder) = std::env::var_os("REDRESS_CIVIC_DATA").map(PathBuf::from) else {
        eprintln!("skipped: REDRESS_CIVIC_DATA names no folder of civic data");
        return;
    };
    let scratch = tempfile::tempdir().unwrap();
    let pack = scratch.path().join("real.pack");
    build(&folder.join("sources.toml"), &pack);
    let instance = Instance::of(&pack);
    let server = instance.serve();
    let api = format!("http://{}/api/v1/petitions/no-deals", server.address);
    let rows = addresses(&folder);
    assert_eq!(rows.len(), SIGNERS);
    let (first, last) = (
        names(&folder, "dist.female.first.txt"),
        names(&folder, "dist.all.last.txt"),
    );
    let bodies: Vec<Value> = rows
        .iter()
        .enumerate()
        .map(|(number, row)| signer(number, row, &first, &last))
        .collect();

    sign_all(&format!("{api}/signatures"), &bodies);
    assert_eq!(json_of(&format!("{api}/count"))["count"], 0);
    confirm_all(&instance, &server.address);
    assert_eq!(json_of(&format!("{api}/count"))["count"], SIGNERS);

    let mut wards: BTreeMap<String, u64> = BTreeMap::new();
    for row in &rows {
        *wards.entry(row["ward_computed"].clone()).or_default() += 1;
    }
    let export = [
        "export",
        "counts",
        "--petition",
        "no-deals",
        "--by",
        "district",
    ];
    let text = done(instance.with(&export));
    let mut exported = csv::Reader::from_reader(text.as_bytes());
    for row in exported.records().map(Result::unwrap) {
        if !row[0].is_empty() {
            assert_eq!(&row[0], CITY);
            let count: u64 = row[4].parse().unwrap();
            assert_eq!(wards.get(&row[3]), Some(&count), "ward {}: {text}", &row[3]);
        }
    }
    println!("counted by ward: {wards:?}");

    nobody_can_be_written_to(&instance);
    let new = made_up(&instance);
    done(instance.with(&["officials", "import", &new, "--quiet"]));
    done(instance.with(&["delivery", "approve", "--petition", "no-deals", "--all"]));
    let relay = Relay::start();
    drain(&instance, &relay);
    drain(&instance, &relay);
    let letters = relay.messages();
    assert_eq!(letters.len(), 7, "mayor and six wards");
    assert_eq!(status(&instance)["deliveries"]["accepted"], 7);

    let manifest = json_of(&format!("{api}/batches/1/manifest"));
    assert_eq!(
        (&manifest["count"], &manifest["total"], &manifest["geoid"]),
        (&json!(SIGNERS), &json!(SIGNERS), &json!(CITY))
    );
    let page = body(&format!(
        "http://{}/p/no-deals/places/{CITY}",
        server.address
    ));
    assert!(page.contains("5,000"), "the city's page says 5,000");
    for letter in &letters {
        agree(letter, &wards);
    }
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
    println!(
        "{SIGNERS} signed, confirmed and counted; 7 letters, each with the same {SIGNERS} lines"
    );
}

/// As the data stand: the ward members have no contact, the mayor's term has ended.
fn nobody_can_be_written_to(instance: &Instance) {
    let out = instance.path("letters").display().to_string();
    let petition = ["--petition", "no-deals"];
    let preview = ["delivery", "preview", "--out", &out];
    let shown = done(instance.with(&[&preview[..], &petition].concat()));
    assert!(
        shown.contains("the term has ended and no successor is known"),
        "{shown}"
    );
    assert!(shown.contains("no e-mail address is known"), "{shown}");
    assert!(shown.contains("0 of them can be sent"), "{shown}");
    done(instance.with(&[&["delivery", "freeze"], &petition[..]].concat()));
    done(instance.with(&[&["delivery", "approve", "--all"], &petition[..]].concat()));
    let relay = Relay::start();
    drain(instance, &relay);
    assert_eq!(relay.messages().len(), 0, "nothing is sent");
    let now = status(instance);
    assert_eq!(now["deliveries"]["no_contact"], 7, "{now}");
    let reasons: Vec<&str> = now["no_contact"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reason"].as_str().unwrap())
        .collect();
    assert_eq!(
        (
            reasons.iter().filter(|it| **it == "term_ended").count(),
            reasons.iter().filter(|it| **it == "no_email").count()
        ),
        (1, 6)
    );
    println!("as the data stand: {}", now["no_contact"]);
}

/// What a letter says, and what is attached to it.
fn agree(letter: &str, wards: &BTreeMap<String, u64>) {
    let message = MessageParser::default().parse(letter.as_bytes()).unwrap();
    let text = message.body_text(0).unwrap();
    assert!(text.contains("5,000"), "{text}");
    let list = message
        .attachments()
        .find(|part| {
            part.attachment_name()
                .is_some_and(|name| name.starts_with("signers-"))
        })
        .unwrap();
    let mut rows = csv::Reader::from_reader(list.contents());
    let mut listed: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows.records().map(Result::unwrap) {
        *listed.entry(row[4].to_owned()).or_default() += 1;
    }
    assert_eq!(&listed, wards);
    let to = message.to().unwrap().first().unwrap().address().unwrap();
    if let Some(ward) = to
        .strip_prefix("ward")
        .and_then(|rest| rest.split('@').next())
    {
        let count = grouped(wards[ward]);
        assert!(text.contains(&count), "ward {ward} has {count}: {text}");
    }
}

fn grouped(number: u64) -> String {
    if number < 1_000 {
        number.to_string()
    } else {
        format!("{},{:03}", number / 1_000, number % 1_000)
    }
}
