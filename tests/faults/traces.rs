//! A journey through whole programs, after which nothing personal lies where it must not: in what they say, in public answers and
//! headers, in addresses, in the files of the database.

use crate::cluster::bytes_under;
use crate::crowd::{ask, press, read};
use crate::ground::{Engine, Ground, now};
use redress_storage::secrets::TokenPurpose;
use serde_json::json;

const NAME: &str = "Xanthippe Quillfeather";
const EMAIL: &str = "xanthippe.quillfeather@example.org";
const COMMENT: &str = "My own doorbell watches me";
const NOWHERE: &str = "98765 Zzyzxberg Crossing";

const PUBLIC: &[&str] = &[
    "/",
    "/p/no-deals",
    "/p/no-deals/places",
    "/p/no-deals/ledger",
    "/privacy",
    "/api/v1/petitions",
    "/api/v1/petitions/no-deals",
    "/api/v1/petitions/no-deals/count",
    "/api/v1/petitions/no-deals/history",
    "/api/v1/petitions/no-deals/places",
    "/api/v1/petitions/no-deals/places.csv",
    "/api/v1/petitions/no-deals/ledger",
    "/health/ready",
    "/health/live",
];

fn nothing_personal_is_left(engine: Engine) {
    let ground = Ground::with_petition(engine, "no-deals", "email");
    let server = ground.serve_with(&[("RUST_LOG", "trace")]);
    let address = server.address.clone();
    let (mut public, mut heads) = (String::new(), String::new());
    let home = ground.addresses[0].clone();
    let (street, last) = home.split_once(", ").unwrap();
    let (city, state_zip) = last.split_once(", ").unwrap();
    let (state, zip) = state_zip.split_once(' ').unwrap();
    let signer = |email: &str, street: &str| {
        json!({
            "name": NAME, "email": email, "street": street, "city": city, "state": state, "zip": zip,
            "comment": COMMENT, "share_comment": true,
        })
        .to_string()
    };
    let sign = "/api/v1/petitions/no-deals/signatures";
    let json = "application/json";
    for body in [
        signer(EMAIL, street),
        signer(&format!("lost.{EMAIL}"), NOWHERE),
    ] {
        let answer = ask(&address, "POST", sign, json, &body).unwrap();
        assert_eq!(answer.status, 202, "{}", answer.body);
        heads += &answer.head;
    }
    for (kind, body) in [
        (json, format!("{{\"email\": \"{EMAIL}\"")),
        (json, json!({"name": NAME, "email": [EMAIL]}).to_string()),
        ("text/plain", EMAIL.to_owned()),
    ] {
        let answer = ask(&address, "POST", sign, kind, &body).unwrap();
        assert!((400..500).contains(&answer.status), "{}", answer.status);
        heads += &answer.head;
        public += &answer.body;
    }
    let mails = ground.on_store(async |store| {
        let at = now();
        // They are left to the mailer below.
        store.mails.claim_mails(at, at, 10).await.unwrap()
    });
    assert_eq!(mails.len(), 2);
    let mut secrets: Vec<String> = Vec::new();
    for mail in &mails {
        let confirm = ground.token(TokenPurpose::Confirm, mail.signature_id.0);
        let receipt = ground.token(TokenPurpose::Receipt, mail.signature_id.0);
        let unsubscribe = ground.token(TokenPurpose::Unsubscribe, mail.signature_id.0);
        let confirmed = press(&address, &format!("/confirm/{confirm}")).unwrap();
        assert_eq!(confirmed.status, 200);
        heads += &confirmed.head;
        for path in [format!("/r/{receipt}"), format!("/desk/{receipt}")] {
            heads += &read(&address, &path).unwrap().head;
        }
        secrets.extend([confirm, receipt, unsubscribe]);
    }
    // What mails are queued from now on the mailer carries, and talks of.
    let third = signer(&format!("third.{EMAIL}"), street);
    assert_eq!(
        ask(&address, "POST", sign, json, &third).unwrap().status,
        202
    );
    let outbox = ground.path("outbox");
    let carried = ground.carried(&outbox.display().to_string());
    for path in PUBLIC {
        let answer = read(&address, path).unwrap();
        assert_eq!(answer.status, 200, "{path}");
        public += &answer.body;
        heads += &answer.head;
    }
    // Where it does not exist, it holds nothing.
    let metrics = read(&address, "/metrics").unwrap();
    public += &metrics.body;
    assert_eq!(ground.assert_sound("no-deals"), 2);
    let said = ground.said();
    drop(server);

    secrets.extend([NAME, EMAIL, COMMENT, NOWHERE, street, "quillfeather"].map(str::to_owned));
    let stored = ground.stored();
    assert!(
        finds(&stored, "no-deals"),
        "the files are those of the database"
    );
    assert!(
        finds(&bytes_under(&outbox), EMAIL),
        "the mailer wrote to somebody"
    );
    for secret in &secrets {
        for (place, text) in [
            ("what the server says", said.as_bytes()),
            ("what the mailer says", carried.as_bytes()),
            ("a public answer", public.as_bytes()),
            ("a header", heads.as_bytes()),
            ("the database", &stored),
        ] {
            assert!(!finds(text, secret), "{secret} stands in {place}");
        }
    }
    println!(
        "{engine:?}: {} secrets, in {} bytes of what was stored, said, answered: none",
        secrets.len(),
        stored.len() + said.len() + carried.len() + public.len() + heads.len()
    );
}

/// Whether a text stands in bytes, in whatever case.
fn finds(bytes: &[u8], text: &str) -> bool {
    let text = text.as_bytes();
    bytes
        .windows(text.len())
        .any(|window| window[0].eq_ignore_ascii_case(&text[0]) && window.eq_ignore_ascii_case(text))
}

#[test]
fn after_a_journey_nothing_personal_is_left_on_sqlite() {
    nothing_personal_is_left(Engine::Sqlite);
}

#[test]
fn after_a_journey_nothing_personal_is_left_on_postgresql() {
    nothing_personal_is_left(Engine::Postgres);
}
