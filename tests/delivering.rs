//! Letters at the command line: previewed, frozen, approved, sent to a real server, counted.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_mailer::testing::imap::{ImapServer, PASSWORD, USER};
use redress_tests::instance::{Instance, post_json, sign};
use redress_tests::program::{done, refused, run};
use redress_tests::relay::Relay;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt::Write;

/// An instance that some have signed, with a directory.
fn signed(signers: usize) -> Instance {
    let instance = Instance::new();
    let server = instance.serve();
    for number in 0..signers {
        let mut signer = instance.signature(number);
        if number == 0 {
            signer["comment"] = "Enough of it.".into();
            signer["share_comment"] = true.into();
        }
        assert_eq!(sign(&server.address, &signer), Some(202));
    }
    instance
}

fn delivery(instance: &Instance, words: &[&str]) -> String {
    done(instance.with(&[&["delivery"], words, &["--petition", "no-deals"]].concat()))
}

fn status(instance: &Instance) -> Value {
    serde_json::from_str(&delivery(instance, &["status", "--json"])).unwrap()
}

fn count(status: &Value, what: &str, state: &str) -> u64 {
    status[what][state]
        .as_u64()
        .unwrap_or_else(|| panic!("{what} {state} is missing in {status}"))
}

fn drain(instance: &Instance, relay: &Relay) -> Value {
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
        "--json",
    ];
    serde_json::from_str(&done(instance.with(&words))).unwrap()
}

#[test]
fn a_batch_goes_from_preview_to_the_offices_once() {
    let instance = signed(60);
    let relay = Relay::start();
    let out = instance.path("letters").display().to_string();

    let shown = delivery(&instance, &["preview", "--out", &out, "--json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let letters = shown["letters"].as_array().unwrap().clone();
    assert!(letters.len() > 3, "{shown}");
    for letter in &letters {
        let file = instance
            .path("letters")
            .join(letter["file"].as_str().unwrap());
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains("Subject:") && text.contains("text/csv"));
        assert!(!text.contains("Enough of it."), "nobody has passed it");
        assert!(
            text.contains("application/pdf"),
            "the letter as one page goes along"
        );
    }
    assert_eq!(shown["comments_waiting"], 1);
    let told = delivery(&instance, &["preview", "--out", &out]);
    assert!(told.contains("are in none of them: 1"), "{told}");
    assert_eq!(
        count(&status(&instance), "batches", "frozen"),
        0,
        "a preview freezes nothing"
    );

    let frozen = delivery(&instance, &["freeze"]);
    let numbers: Vec<u32> = frozen.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(delivery(&instance, &["freeze"]).trim(), "nothing to freeze");
    let now = status(&instance);
    assert_eq!(count(&now, "batches", "frozen"), numbers.len() as u64);
    let waiting = count(&now, "deliveries", "waiting");
    assert_eq!(
        waiting + count(&now, "deliveries", "no_contact"),
        letters.len() as u64
    );

    assert_eq!(
        drain(&instance, &relay)["letters"],
        serde_json::json!({}),
        "nothing leaves without approval"
    );
    delivery(&instance, &["approve", "--all"]);
    let drained = drain(&instance, &relay);
    assert_eq!(
        drained["letters"]["accepted"].as_u64(),
        Some(waiting),
        "{drained}"
    );
    drain(&instance, &relay);

    let messages = relay.messages();
    assert_eq!(messages.len() as u64, waiting);
    let ids: HashSet<&str> = messages
        .iter()
        .map(|text| {
            text.lines()
                .find(|line| line.starts_with("Message-ID:"))
                .unwrap()
        })
        .collect();
    assert_eq!(ids.len(), messages.len());
    let after = status(&instance);
    assert_eq!(count(&after, "deliveries", "accepted"), waiting);
    for state in ["queued", "leased", "data_sent", "uncertain"] {
        assert_eq!(count(&after, "deliveries", state), 0, "{after}");
    }
}

#[test]
fn a_letter_without_contact_goes_once_an_official_is_known() {
    let instance = signed(30);
    let relay = Relay::start();
    delivery(&instance, &["freeze"]);
    delivery(&instance, &["approve", "--all"]);
    drain(&instance, &relay);
    let before = status(&instance);
    let stuck = before["no_contact"].as_array().unwrap().clone();
    assert!(
        !stuck.is_empty(),
        "the sample has vacancies and missing addresses: {before}"
    );

    let mut list = "place_geoid,role,district,at_large,name,term_start,term_end,email\n".to_owned();
    for one in &stuck {
        let post = one["post"].as_str().unwrap();
        let mut parts = post.split('/');
        let (geoid, role) = (parts.next().unwrap(), parts.next().unwrap());
        let district = parts.next().unwrap_or_default();
        if district == "at_large" {
            continue;
        }
        let _ = writeln!(
            list,
            "{geoid},{role},{district},,Made Up {district},2020-01-01,2099-12-31,{role}{district}@office{geoid}.example"
        );
    }
    let path = instance.path("found.csv").display().to_string();
    std::fs::write(&path, list).unwrap();
    done(instance.with(&["officials", "import", &path]));
    delivery(&instance, &["approve", "--all"]);
    drain(&instance, &relay);
    let after = status(&instance);
    assert!(
        count(&after, "deliveries", "no_contact") < stuck.len() as u64,
        "{after}"
    );
    assert_eq!(
        count(&after, "deliveries", "accepted"),
        relay.messages().len() as u64
    );
}

#[test]
fn a_cancelled_batch_frees_its_signatures_for_the_next() {
    let instance = signed(20);
    let frozen = delivery(&instance, &["freeze"]);
    for number in frozen.lines() {
        delivery(&instance, &["cancel", "--batch", number]);
    }
    let said = refused(instance.with(&[
        "delivery",
        "approve",
        "--petition",
        "no-deals",
        "--batch",
        "1",
    ]));
    assert!(said.contains("cancelled"), "{said}");
    let again = delivery(&instance, &["freeze"]);
    assert_eq!(again.lines().count(), frozen.lines().count());
}

#[test]
fn a_relay_that_is_away_loses_nothing() {
    let instance = signed(10);
    delivery(&instance, &["freeze"]);
    delivery(&instance, &["approve", "--all"]);
    let waiting = count(&status(&instance), "deliveries", "queued");
    assert!(waiting > 0);
    let words = [
        "mailer",
        "--smtp-host",
        "127.0.0.1",
        "--smtp-port",
        "1",
        "--drain",
    ];
    let ran = run(instance.with(&words));
    assert_eq!(ran.code, 1, "{}", ran.err);
    let after = status(&instance);
    assert_eq!(
        count(&after, "deliveries", "queued") + count(&after, "deliveries", "deferred"),
        waiting
    );
}

#[test]
fn what_nobody_knows_is_refused_with_the_mend() {
    let instance = signed(1);
    let petition = ["--petition", "no-deals"];
    let said =
        refused(instance.with(&[&["delivery", "approve", "--batch", "9"], &petition[..]].concat()));
    assert!(said.contains("no batch 9"), "{said}");
    refused(instance.with(&[&["delivery", "approve"], &petition[..]].concat()));
    let listed = delivery(&instance, &["resolve-uncertain"]);
    assert_eq!(listed.trim(), "nothing is uncertain");
}

/// A petition of another threshold beside `no-deals`, signed by so many.
fn signed_with(instance: &Instance, signers: usize, words: &[&str]) {
    let create = [
        "petition",
        "create",
        "--slug",
        "other",
        "--title",
        "Forbid it all",
    ];
    let more = ["--confirmation", "none", "--open"];
    done(instance.with(&[&create[..], &more, words].concat()));
    let server = instance.serve();
    let url = format!(
        "http://{}/api/v1/petitions/other/signatures",
        server.address
    );
    for number in 0..signers {
        assert_eq!(post_json(&url, &instance.signature(number)), Some(202));
    }
}

fn status_of_other(instance: &Instance) -> Value {
    let words = ["delivery", "status", "--petition", "other", "--json"];
    serde_json::from_str(&done(instance.with(&words))).unwrap()
}

#[test]
fn a_threshold_freezes_by_itself_and_once_a_day_at_most() {
    let instance = Instance::new();
    signed_with(&instance, 20, &["--threshold", "21"]);
    done(instance.with(&["upkeep", "--once"]));
    assert_eq!(count(&status_of_other(&instance), "batches", "frozen"), 0);

    let server = instance.serve();
    let url = format!(
        "http://{}/api/v1/petitions/other/signatures",
        server.address
    );
    for number in 20..90 {
        assert_eq!(post_json(&url, &instance.signature(number)), Some(202));
    }
    done(instance.with(&["upkeep", "--once"]));
    let frozen = count(&status_of_other(&instance), "batches", "frozen");
    assert_eq!(frozen, 1, "every plain address lies in one city");
    for number in 90..150 {
        assert_eq!(post_json(&url, &instance.signature(number)), Some(202));
    }
    done(instance.with(&["upkeep", "--once"]));
    assert_eq!(
        count(&status_of_other(&instance), "batches", "frozen"),
        frozen
    );
}

#[test]
fn autopilot_sends_what_a_threshold_froze() {
    let instance = Instance::new();
    signed_with(&instance, 30, &["--threshold", "5", "--autopilot"]);
    done(instance.with(&["upkeep", "--once"]));
    let now = status_of_other(&instance);
    assert_eq!(count(&now, "batches", "approved"), 1, "{now}");
    let relay = Relay::start();
    drain(&instance, &relay);
    let sent = count(&status_of_other(&instance), "deliveries", "accepted");
    assert!(sent > 0 && sent == relay.messages().len() as u64);
}

#[test]
fn a_mailbox_is_read_once_from_where_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let database = format!("sqlite:{}", path("redress.db"));
    done(["migrate", "--database", &database]);
    let server = ImapServer::open().unwrap();
    server.deliver("From: a@city.example\r\nSubject: hello\r\n\r\nNo letter's answer.\r\n");
    std::fs::write(path("password"), PASSWORD).unwrap();
    let settings = format!(
        "[mailer.coming.imap]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nuser = \"{USER}\"\npassword_file = \"{}\"\n",
        server.port(),
        path("password")
    );
    std::fs::write(path("redress.toml"), settings).unwrap();
    let receive = ["delivery", "receive", "--imap", "--database", &database];

    let read = || -> Value {
        let config = path("redress.toml");
        let words = [&["--config", &config, "--json"], &receive[..]].concat();
        serde_json::from_str(&done(words)).unwrap()
    };

    assert_eq!(
        read(),
        json!({"recorded": 0, "repeated": 0, "strays": {"unmatched": 1}, "aside": 0})
    );
    assert_eq!(
        read(),
        json!({"recorded": 0, "repeated": 0, "strays": {}, "aside": 0})
    );
    assert_eq!(server.given(), [1]);
    let said = refused(receive);
    assert!(said.contains("mailer.coming.imap.host"), "{said}");
}
