//! Messages in the shapes of real servers and programs, each with what it is. Written for this; every address is reserved.
//!
//! A file `coming/NAME.eml` holds a message with places for what is ours: `{bounce}` and `{reply}` for sealed addresses, `{envid}` and
//! `{message_id}` for the letter's ids, `{forged}` for an address under another's seal.

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use redress_mailer::address::{base32, bounce_address, reply_address};
use redress_mailer::coming::matching::{Named, named};
use redress_mailer::coming::{Coming, What, read};
use redress_model::id::DeliveryId;
use redress_storage::secrets::InstanceKey;
use std::path::PathBuf;
use uuid::Uuid;

const DOMAIN: &str = "petition.example";
const MESSAGE_ID: &str = "<forbid-it.7.abcdefgh.letter.k3j4h5g6f7d2s2a3@petition.example>";
const LETTER: DeliveryId = DeliveryId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001));

/// Name, class, event, status of the fate that counts, and what names the letter.
const MESSAGES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "postfix_no_such_user",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    ("postfix_delayed", "report", "delayed", "4.4.1", "bounce"),
    ("postfix_expired", "report", "passing", "4.4.1", "bounce"),
    (
        "postfix_mailbox_full_by_envelope_id",
        "report",
        "passing",
        "5.2.2",
        "envelope",
    ),
    (
        "postfix_delivered",
        "report",
        "delivered",
        "2.1.5",
        "bounce",
    ),
    ("postfix_relayed", "report", "delivered", "2.0.0", "bounce"),
    (
        "postfix_headers_alone",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    (
        "postfix_mailbox_full",
        "report",
        "passing",
        "5.2.2",
        "bounce",
    ),
    (
        "postfix_refused_after_the_dot",
        "report",
        "rejected",
        "5.7.1",
        "bounce",
    ),
    (
        "postfix_given_up_while_put_off",
        "report",
        "passing",
        "4.3.2",
        "bounce",
    ),
    (
        "postfix_delayed_by_the_office",
        "report",
        "delayed",
        "4.3.2",
        "bounce",
    ),
    (
        "sendmail_user_unknown",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    ("sendmail_warning", "report", "delayed", "4.4.2", "bounce"),
    (
        "sendmail_message_id_alone",
        "report",
        "bad_address",
        "5.1.1",
        "message",
    ),
    (
        "office365_recipient_not_found",
        "report",
        "bad_address",
        "5.1.10",
        "bounce",
    ),
    (
        "office365_blocked_by_a_rule",
        "report",
        "rejected",
        "5.7.1",
        "bounce",
    ),
    ("exchange_quota", "report", "passing", "5.2.2", "bounce"),
    (
        "exchange_too_large",
        "report",
        "rejected",
        "5.2.3",
        "bounce",
    ),
    (
        "exchange_2003_in_words",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    (
        "office365_expanded_and_failed",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    (
        "gmail_no_such_user",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    ("gmail_delay", "report", "delayed", "4.4.1", "bounce"),
    ("gmail_over_quota", "report", "passing", "5.2.2", "bounce"),
    (
        "gmail_no_status_but_words",
        "report",
        "rejected",
        "5.0.0",
        "bounce",
    ),
    (
        "exim_with_report",
        "report",
        "bad_address",
        "5.0.0",
        "bounce",
    ),
    ("exim_in_words", "report", "bad_address", "5.1.1", "bounce"),
    (
        "exim_in_words_message_id_alone",
        "report",
        "bad_address",
        "",
        "message",
    ),
    ("exim_retry_timeout", "report", "passing", "", "bounce"),
    ("exim_warning", "report", "delayed", "", "bounce"),
    (
        "qmail_no_mailbox",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    (
        "qmail_remote_refusal",
        "report",
        "rejected",
        "5.7.1",
        "bounce",
    ),
    ("qmail_quota", "report", "passing", "5.2.2", "bounce"),
    ("mimecast_rejected", "report", "rejected", "5.0.0", "bounce"),
    (
        "mimecast_invalid_recipient",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    (
        "proofpoint_blocked",
        "report",
        "rejected",
        "5.2.0",
        "bounce",
    ),
    (
        "proofpoint_unknown_base64_report",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    (
        "complaint_of_a_provider",
        "complaint",
        "complaint",
        "",
        "bounce",
    ),
    (
        "complaint_with_headers_only",
        "complaint",
        "complaint",
        "",
        "bounce",
    ),
    (
        "auto_exchange_out_of_office",
        "auto_reply",
        "auto_reply",
        "",
        "reply",
    ),
    (
        "auto_gmail_vacation",
        "auto_reply",
        "auto_reply",
        "",
        "reply",
    ),
    (
        "auto_without_headers_in_spanish",
        "auto_reply",
        "auto_reply",
        "",
        "reply",
    ),
    (
        "auto_without_headers_in_german_encoded",
        "auto_reply",
        "auto_reply",
        "",
        "reply",
    ),
    (
        "auto_without_headers_in_french",
        "auto_reply",
        "auto_reply",
        "",
        "reply",
    ),
    (
        "auto_without_headers_in_chinese",
        "auto_reply",
        "auto_reply",
        "",
        "reply",
    ),
    (
        "auto_ticket_system",
        "auto_reply",
        "auto_reply",
        "",
        "reply",
    ),
    ("auto_null_sender", "auto_reply", "auto_reply", "", "bounce"),
    ("auto_read_receipt", "auto_reply", "auto_reply", "", "reply"),
    ("challenge_by_header", "challenge", "challenge", "", "reply"),
    (
        "challenge_by_subject",
        "challenge",
        "challenge",
        "",
        "reply",
    ),
    ("challenge_by_words", "challenge", "challenge", "", "reply"),
    ("reply_plain", "reply", "reply", "", "reply"),
    ("reply_outlook_html", "reply", "reply", "", "reply"),
    ("reply_in_spanish_latin1", "reply", "reply", "", "reply"),
    ("reply_by_message_id_alone", "reply", "reply", "", "message"),
    ("reply_below_the_quotation", "reply", "reply", "", "reply"),
    ("reply_that_quotes_a_bounce", "reply", "reply", "", "reply"),
    (
        "reply_that_speaks_of_automatic_replies",
        "reply",
        "reply",
        "",
        "reply",
    ),
    ("stranger_without_any_trace", "reply", "reply", "", "none"),
    ("forged_bounce", "report", "bad_address", "5.1.1", "forged"),
    ("forged_reply", "reply", "reply", "", "forged"),
    ("hostile_no_headers", "nothing", "", "", "none"),
    ("hostile_empty", "nothing", "", "", "none"),
    ("hostile_nul", "reply", "reply", "", "reply"),
    ("hostile_charset", "reply", "reply", "", "reply"),
    (
        "hostile_boundary_without_parts",
        "auto_reply",
        "auto_reply",
        "",
        "bounce",
    ),
    (
        "hostile_report_of_nobody",
        "auto_reply",
        "auto_reply",
        "",
        "bounce",
    ),
    (
        "hostile_cut_in_the_middle",
        "report",
        "bad_address",
        "5.1.1",
        "bounce",
    ),
    (
        "hostile_report_within_a_reply",
        "reply",
        "reply",
        "",
        "reply",
    ),
];

fn key() -> InstanceKey {
    InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(1))
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(from.as_bytes()) {
            out.extend_from_slice(to.as_bytes());
            at += from.len();
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

fn message(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/coming/{name}.eml"));
    let other = InstanceKey::generate(&mut ChaCha20Rng::seed_from_u64(2));
    let envelope = base32::write(LETTER.0.as_bytes());
    [
        ("{bounce}", bounce_address(&key(), LETTER, DOMAIN)),
        ("{reply}", reply_address(&key(), LETTER, DOMAIN)),
        ("{forged}", bounce_address(&other, LETTER, DOMAIN)),
        ("{envid}", envelope),
        ("{message_id}", MESSAGE_ID.to_owned()),
    ]
    .iter()
    .fold(
        std::fs::read(path).expect("a message of the corpus"),
        |bytes, (from, to)| replaced(&bytes, from, to),
    )
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    replaced(&replaced(bytes, "\r\n", "\n"), "\n", "\r\n")
}

fn class(what: &What) -> &'static str {
    match what {
        What::Report(_) => "report",
        What::Complaint(_) => "complaint",
        What::Challenge => "challenge",
        What::AutoReply => "auto_reply",
        What::Reply(_) => "reply",
        What::Nothing => "nothing",
    }
}

fn status(what: &What) -> String {
    let status = what.worst().and_then(|fate| fate.status);
    status.map_or_else(String::new, |(class, subject, detail)| {
        format!("{class}.{subject}.{detail}")
    })
}

fn token(coming: &Coming) -> &'static str {
    match named(&coming.traces, &key(), DOMAIN) {
        Named::Sealed(id) => {
            assert_eq!(id, LETTER);
            let reply = reply_address(&key(), LETTER, DOMAIN);
            let is_reply = coming.traces.addresses.contains(&reply);
            if is_reply { "reply" } else { "bounce" }
        }
        Named::Forged => "forged",
        Named::Ids { envelopes, .. } if envelopes.contains(&LETTER) => "envelope",
        Named::Ids { messages, .. } if messages.iter().any(|id| id == MESSAGE_ID) => "message",
        Named::Ids { .. } => "none",
    }
}

#[test]
fn every_message_is_what_it_is_and_names_its_letter() {
    assert!(MESSAGES.len() >= 40);
    let mut wrong = Vec::new();
    for &(name, class_, event, status_, token_) in MESSAGES {
        for bytes in [message(name), with_crlf(&message(name))] {
            let coming = read(&bytes, &[]);
            let event_found = coming.what.event().map_or("", |event| event.as_str());
            let found = (
                class(&coming.what),
                event_found,
                status(&coming.what),
                token(&coming),
            );
            let expected = (class_, event, status_.to_owned(), token_);
            if found != expected {
                wrong.push(format!("{name}: {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_message_of_the_folder_is_in_the_table() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/coming");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    let mut known: Vec<&str> = MESSAGES.iter().map(|(name, ..)| *name).collect();
    known.sort_unstable();
    assert_eq!(names, known);
}

#[test]
fn of_an_answer_only_its_own_words_are_kept() {
    for (name, from, text) in [
        (
            "reply_plain",
            ("Elena Ruiz", "mayor@city.example"),
            "Thank you for the letter. I support it, and will bring it to the council\non 16 March.",
        ),
        (
            "reply_outlook_html",
            ("Ben Okafor", "ward3@city.example"),
            "I don\u{2019}t agree: our police need it.",
        ),
        (
            "reply_in_spanish_latin1",
            ("Jos\u{e9} N\u{fa}\u{f1}ez", "concejal@ciudad.example"),
            "Estoy de acuerdo, lo llevar\u{e9} al pleno ma\u{f1}ana.",
        ),
        (
            "reply_below_the_quotation",
            ("", "mayor@city.example"),
            "Yes, we will.",
        ),
        ("hostile_nul", ("", "mayor@city.example"), "I am for it."),
    ] {
        let What::Reply(answer) = read(&message(name), &[]).what else {
            panic!("{name} is a person's");
        };
        assert_eq!(answer.text, text, "{name}");
        assert_eq!((answer.name.as_str(), answer.from.as_str()), from, "{name}");
    }
}

#[test]
fn a_message_cut_anywhere_is_still_read() {
    for (name, ..) in MESSAGES {
        let bytes = message(name);
        for at in (0..bytes.len()).step_by(7) {
            read(&bytes[..at], &[]);
        }
    }
}

#[test]
fn ten_megabytes_are_read_within_bounds() {
    let mut bytes = message("reply_plain");
    bytes.resize(10 << 20, b'a');
    let What::Reply(answer) = read(&bytes, &[]).what else {
        panic!("it is a person's");
    };
    assert!(answer.text.len() < 100);
    let mut header = b"From: mayor@city.example\nSubject: ".to_vec();
    header.resize(10 << 20, b'a');
    read(&header, &[]);
    let boundaries = "--b\n".repeat(2 << 20);
    let text = format!("Content-Type: multipart/mixed; boundary=b\n\n{boundaries}");
    read(text.as_bytes(), &[]);
}

#[test]
fn nesting_does_not_exhaust_the_stack() {
    for depth in [100, 100_000] {
        let messages = "Content-Type: message/rfc822\n\n".repeat(depth);
        assert_eq!(class(&read(messages.as_bytes(), &[]).what), "nothing");
        let parts = "Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(depth);
        read(parts.as_bytes(), &[]);
        let digests = "Content-Type: multipart/digest; boundary=b\n\n--b\n\n".repeat(depth);
        read(digests.as_bytes(), &[]);
    }
}

#[test]
fn the_envelope_is_believed_before_what_the_header_says() {
    let ours = bounce_address(&key(), LETTER, DOMAIN);
    let coming = read(&message("stranger_without_any_trace"), &[ours]);
    assert_eq!(named(&coming.traces, &key(), DOMAIN), Named::Sealed(LETTER));
}
