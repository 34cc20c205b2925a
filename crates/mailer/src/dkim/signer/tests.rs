//! Signatures, compared with the RFC's and with what a server that checks them says.

use super::*;
use crate::testing::verifier::{tags_of, verify};
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tempfile::TempDir;

/// RFC 8463, appendix A: a message with a signature of each kind.
const EXAMPLE: &str = "\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n\
\x20d=football.example.com; i=@football.example.com;\r\n\
\x20q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n\
\x20subject : date : message-id : from : subject : date;\r\n\
\x20bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n\
\x20b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n\
\x20Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n\
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n\
\x20d=football.example.com; i=@football.example.com;\r\n\
\x20q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n\
\x20date : message-id : from : subject : date;\r\n\
\x20bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n\
\x20b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n\
\x20DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n\
\x20dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n\
From: Joe SixPack <joe@football.example.com>\r\n\
To: Suzie Q <suzie@shopping.example.net>\r\n\
Subject: Is dinner ready?\r\n\
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n\
Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\
\r\n\
Hi.\r\n\
\r\n\
We lost the game.  Are you hungry yet?\r\n\
\r\n\
Joe.\r\n";

/// Its ed25519 key: the first test of RFC 8032, section 7.1.
const SEED: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const ED25519: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
/// Its RSA key has 1,024 bits: enough to check, too few to sign with.
const RSA: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bd\
    OKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLz\
    BfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

const LETTER: &str = "From: Open Doors <letters@petition.example>\r\nTo: Elena Ruiz <mayor@city.example>\r\nSubject: Forbid it\r\n\
    Date: Wed, 4 Mar 2026 16:00:00 +0000\r\nMessage-ID: <1@petition.example>\r\nReply-To: hello@opendoors.example\r\n\
    List-Unsubscribe: <https://petition.example/desk/a>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\
    MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n.\r\nRespectfully.\r\n";

thread_local! {
    /// Keys take a while to make: one pair for each test.
    static KEYS: TempDir = make_keys();
}

fn make_keys() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut random = ChaCha20Rng::seed_from_u64(1);
    write(
        &folder.path().join("ed25519.pem"),
        &SigningKey::new_ed25519(&mut random).unwrap(),
        0o600,
    );
    write(
        &folder.path().join("rsa.pem"),
        &SigningKey::new_rsa(2_048).unwrap(),
        0o600,
    );
    folder
}

fn write(path: &Path, text: &str, mode: u32) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn key_file(name: &str) -> PathBuf {
    KEYS.with(|folder| folder.path().join(name))
}

fn settings() -> DkimSettings {
    DkimSettings {
        domain: String::new(),
        ed25519_selector: "a1".into(),
        ed25519_key_file: key_file("ed25519.pem"),
        rsa_selector: "r1".into(),
        rsa_key_file: key_file("rsa.pem"),
        mails: MailSignatures::default(),
    }
}

fn signer(rule: Rule) -> Signer {
    signer_by(&settings(), rule)
}

fn signer_by(settings: &DkimSettings, rule: Rule) -> Signer {
    let opened = Signer::open(settings, "petition.example", rule);
    opened.unwrap().unwrap()
}

fn said(settings: &DkimSettings, sender: &str) -> String {
    match Signer::open(settings, sender, Rule::default()) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    }
}

fn at() -> DateTime<Utc> {
    "2026-03-04T16:00:00Z".parse().unwrap()
}

fn public(name: &str) -> Vec<u8> {
    SigningKey::from_pem(&std::fs::read(key_file(name)).unwrap())
        .unwrap()
        .public_bytes()
}

fn signed(message: &str) -> Vec<u8> {
    let lines = signer(Rule::default())
        .sign_letter(message.as_bytes(), at())
        .unwrap();
    [lines.as_bytes(), message.as_bytes()].concat()
}

#[test]
fn the_example_of_the_rfc_is_signed_with_the_same_bytes() {
    let (all, _) = fields(EXAMPLE.as_bytes()).unwrap();
    let own = all[0];
    let text = std::str::from_utf8(own.value).unwrap();
    let at = text.rfind("b=").unwrap() + 2;
    let unsigned = Field {
        value: &own.value[..at],
        ..own
    };
    let names = "from : to : subject : date : message-id : from : subject : date";
    let input = hash_input(&all, names.split(':'), &unsigned);
    let seed = STANDARD.decode(SEED).unwrap();
    // PKCS#8 around the seed (RFC 8410, section 7).
    let head = [
        0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
    ];
    let key =
        SigningKey::from_pem(crate::dkim::pem(&[&head[..], &seed].concat()).as_bytes()).unwrap();
    assert_eq!(STANDARD.encode(key.public_bytes()), ED25519);
    let expected: String = text[at..].split_whitespace().collect();
    assert_eq!(STANDARD.encode(key.sign(&input).unwrap()), expected);
}

#[test]
fn both_signatures_of_the_rfcs_example_verify_and_a_changed_byte_ends_that() {
    let keys = [ED25519, RSA].map(|key| STANDARD.decode(key).unwrap());
    for (nth, key) in keys.iter().enumerate() {
        assert_eq!(verify(EXAMPLE.as_bytes(), nth, key), Ok(()));
        let changed = EXAMPLE.replace("dinner", "Dinner");
        assert_eq!(
            verify(changed.as_bytes(), nth, key),
            Err("the signature is wrong")
        );
        let changed = EXAMPLE.replace("Joe.\r\n", "Joe!\r\n");
        assert_eq!(
            verify(changed.as_bytes(), nth, key),
            Err("the body is another")
        );
    }
}

#[test]
fn a_letter_has_both_signatures_and_they_say_what_they_cover() {
    let message = signed(LETTER);
    for (nth, name, algorithm, selector) in [
        (0, "rsa.pem", "rsa-sha256", "r1"),
        (1, "ed25519.pem", "ed25519-sha256", "a1"),
    ] {
        assert_eq!(verify(&message, nth, &public(name)), Ok(()), "{name}");
        let tags = tags_of(&message, nth).unwrap();
        assert_eq!(
            (tags["a"].as_str(), tags["s"].as_str()),
            (algorithm, selector)
        );
        assert_eq!(
            (tags["d"].as_str(), tags["c"].as_str()),
            ("petition.example", "relaxed/simple")
        );
        assert_eq!(tags["t"], at().timestamp().to_string());
        assert_eq!(
            tags["h"],
            "From:From:To:To:Subject:Subject:Date:Date:Reply-To:Message-ID:List-Unsubscribe:List-Unsubscribe-Post:MIME-Version:Content-Type"
        );
    }
    let lines = String::from_utf8(message).unwrap();
    assert!(lines.split("\r\n").all(|line| line.len() <= 78), "{lines}");
}

#[test]
fn the_same_letter_has_the_same_signatures() {
    assert_eq!(signed(LETTER), signed(LETTER));
    let later =
        signer(Rule::default()).sign_letter(LETTER.as_bytes(), at() + chrono::Duration::seconds(1));
    assert!(!signed(LETTER).starts_with(later.unwrap().as_bytes()));
}

#[test]
fn another_header_of_a_name_that_is_signed_breaks_the_signature() {
    for added in [
        "From: a@b.example\r\n",
        "To: a@b.example\r\n",
        "Subject: a\r\n",
        "Date: a\r\n",
    ] {
        let message = [added.as_bytes(), &signed(LETTER)].concat();
        assert_eq!(
            verify(&message, 0, &public("rsa.pem")),
            Err("the signature is wrong"),
            "{added}"
        );
    }
    let message = [
        b"Received: by relay.example\r\n".as_slice(),
        &signed(LETTER),
    ]
    .concat();
    assert_eq!(verify(&message, 0, &public("rsa.pem")), Ok(()));
}

#[test]
fn a_relay_that_takes_one_signature_and_writes_ids_anew_gets_one_that_survives_it() {
    let rule = Rule {
        most: 1,
        keeps_ids: false,
    };
    let lines = signer(rule).sign_letter(LETTER.as_bytes(), at()).unwrap();
    let message = format!("{lines}{LETTER}");
    let rewritten = message
        .replace("<1@petition.example>", "<0100019@relay.example>")
        .replace("Date: Wed, 4 Mar", "Date: Thu, 5 Mar");
    assert_eq!(verify(rewritten.as_bytes(), 0, &public("rsa.pem")), Ok(()));
    assert_eq!(
        verify(rewritten.as_bytes(), 1, &public("rsa.pem")),
        Err("no signature")
    );
    let none = Rule { most: 0, ..rule };
    assert_eq!(
        signer(none).sign_letter(LETTER.as_bytes(), at()).unwrap(),
        ""
    );
}

#[test]
fn a_mail_to_a_signer_has_the_cheap_signature_alone() {
    let lines = signer(Rule::default())
        .sign_mail(LETTER.as_bytes(), at())
        .unwrap();
    let message = format!("{lines}{LETTER}");
    assert_eq!(
        verify(message.as_bytes(), 0, &public("ed25519.pem")),
        Ok(())
    );
    assert_eq!(tags_of(message.as_bytes(), 1), None);
}

#[test]
fn a_mail_to_a_signer_has_the_signatures_that_are_asked_for_and_that_the_relay_lets_through() {
    use MailSignatures::{Both, Ed25519, Rsa};
    let table: [(MailSignatures, usize, &[&str]); 7] = [
        (Ed25519, 2, &["ed25519"]),
        (Ed25519, 1, &["ed25519"]),
        (Rsa, 2, &["rsa"]),
        (Both, 2, &["rsa", "ed25519"]),
        // The one that every server knows.
        (Both, 1, &["rsa"]),
        (Rsa, 0, &[]),
        (Both, 0, &[]),
    ];
    for (mails, most, kinds) in table {
        let settings = DkimSettings {
            mails,
            ..settings()
        };
        let rule = Rule {
            most,
            ..Rule::default()
        };
        let lines = signer_by(&settings, rule).sign_mail(LETTER.as_bytes(), at());
        let message = format!("{}{LETTER}", lines.unwrap());
        for (nth, kind) in kinds.iter().enumerate() {
            let key = public(&format!("{kind}.pem"));
            let verified = verify(message.as_bytes(), nth, &key);
            assert_eq!(verified, Ok(()), "{mails:?} of {most}");
        }
        assert_eq!(tags_of(message.as_bytes(), kinds.len()), None, "{mails:?}");
    }
}

#[test]
fn mails_with_the_cheap_signature_have_the_other_where_there_is_no_such_key() {
    let alone = DkimSettings {
        ed25519_selector: String::new(),
        ed25519_key_file: PathBuf::new(),
        ..settings()
    };
    let lines = signer_by(&alone, Rule::default()).sign_mail(LETTER.as_bytes(), at());
    let message = format!("{}{LETTER}", lines.unwrap());
    let key = public("rsa.pem");
    assert_eq!(verify(message.as_bytes(), 0, &key), Ok(()));
}

#[test]
fn mails_that_are_to_carry_a_signature_without_a_key_are_refused_with_their_mend() {
    use MailSignatures::{Both, Rsa};
    let without = |kind: &str, mails| {
        let mut settings = DkimSettings {
            mails,
            ..settings()
        };
        if kind == "rsa" {
            settings.rsa_selector.clear();
            settings.rsa_key_file = PathBuf::new();
        } else {
            settings.ed25519_selector.clear();
            settings.ed25519_key_file = PathBuf::new();
        }
        said(&settings, "petition.example")
    };
    for (kind, mails) in [("rsa", Rsa), ("rsa", Both), ("ed25519", Both)] {
        let told = without(kind, mails);
        let mend = format!("set mailer.dkim.{kind}_selector");
        assert!(told.contains(&mend), "{mails:?}: {told}");
    }
    let unsigned = DkimSettings {
        mails: Rsa,
        ..DkimSettings::default()
    };
    assert!(said(&unsigned, "petition.example").contains("no RSA key"));
}

#[test]
fn a_wrong_key_is_refused_with_its_mend() {
    let off = Signer::open(
        &DkimSettings::default(),
        "petition.example",
        Rule::default(),
    );
    assert!(off.unwrap().is_none());
    let half = DkimSettings {
        rsa_selector: String::new(),
        ..settings()
    };
    assert!(said(&half, "petition.example").contains("set both, or none"));
    let swapped = DkimSettings {
        rsa_key_file: key_file("ed25519.pem"),
        ..settings()
    };
    assert!(said(&swapped, "petition.example").contains("is no RSA key"));
    let missing = DkimSettings {
        rsa_key_file: key_file("none.pem"),
        ..settings()
    };
    assert!(said(&missing, "petition.example").contains("none.pem cannot be read"));
    let open = key_file("open.pem");
    write(
        &open,
        &std::fs::read_to_string(key_file("rsa.pem")).unwrap(),
        0o644,
    );
    let open = DkimSettings {
        rsa_key_file: open,
        ..settings()
    };
    assert!(said(&open, "petition.example").contains("chmod 600"));
    let one = DkimSettings {
        rsa_selector: "a1".into(),
        ..settings()
    };
    assert!(said(&one, "petition.example").contains("selector"));
    let none = DkimSettings {
        domain: "petition.example".into(),
        ..DkimSettings::default()
    };
    assert!(said(&none, "petition.example").contains("no key"));
    let strange = DkimSettings {
        rsa_selector: "a b".into(),
        ..settings()
    };
    assert!(said(&strange, "petition.example").contains("rsa_selector"));
}

#[test]
fn a_domain_that_is_not_above_the_senders_is_refused() {
    let with = |domain: &str| DkimSettings {
        domain: domain.into(),
        ..settings()
    };
    for domain in [
        "petition.example",
        "mail.petition.example",
        "Petition.Example",
    ] {
        let opened = Signer::open(&with("petition.example"), domain, Rule::default());
        assert!(opened.is_ok(), "{domain}");
    }
    for domain in ["other.example", "apetition.example", "example"] {
        assert!(
            said(&with("petition.example"), domain).contains("mailer.from_domain"),
            "{domain}"
        );
    }
    assert!(said(&with("example"), "petition.example").contains("no name"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_letter_changed_by_a_byte_does_not_verify(at in 0_usize..2_000, bit in 0_u8..7) {
        let message = signed(LETTER);
        let start = message.len() - LETTER.len();
        let at = start + at % LETTER.len();
        let mut changed = message.clone();
        changed[at] ^= 1 << bit;
        // Case and blanks of a header's name and folds are what `relaxed` forgives, and headers that nobody signs may change.
        let is_forgiven = forgiven(&message, &changed);
        for (nth, name) in [(0, "rsa.pem"), (1, "ed25519.pem")] {
            prop_assert_eq!(verify(&changed, nth, &public(name)).is_ok(), is_forgiven);
        }
    }

    #[test]
    fn any_body_verifies(body in "(\\PC|\r\n|\\.|\t){0,80}", tail in "(\r\n){0,4}") {
        let message = format!("From: a@b.example\r\n\r\n{body}{tail}");
        let message = signed(&message);
        prop_assert_eq!(verify(&message, 0, &public("rsa.pem")), Ok(()));
        prop_assert_eq!(verify(&message, 1, &public("ed25519.pem")), Ok(()));
    }
}

/// Whether two messages are the same to whoever reads headers `relaxed`, and the body as it is.
fn forgiven(one: &[u8], other: &[u8]) -> bool {
    let read = |message: &[u8]| {
        let (all, body) = fields(message)?;
        let head: Vec<Vec<u8>> = all.iter().map(Field::relaxed).collect();
        Some((head, BodyHash::of(&message[body..])))
    };
    read(one) == read(other)
}
