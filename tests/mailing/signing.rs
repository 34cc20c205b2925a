//! Signatures on letters and mails, as servers see them.

use crate::stage::{Signer, Stage, holder, post, to};
use rand_chacha::rand_core::SeedableRng;
use redress_letters::parts::MessageParts;
use redress_mailer::dkim::{DkimSettings, Record, SigningKey};
use redress_mailer::testing::verifier::{tags_of, verify};
use redress_mailer::testing::{Act, Judge, Manner, Moment};
use redress_model::comment::CommentReview;
use redress_model::delivery::state::DeliveryState as State;
use redress_model::id::PetitionId;
use redress_model::official::Role;
use redress_storage::secrets::SealedField;
use redress_storage::signatures::Wishes;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names and words that letters have to carry unharmed.
const PEOPLE: [(&str, &str); 5] = [
    ("Ana Ruiz", ".\nFrom here on we are filmed."),
    (
        "Ngô Thị Lan",
        "Tôi không đồng ý; =3D \"cameras\", they said.",
    ),
    ("Bo \"the dot\" O'Hare", "=SUM(A1:A9), or so\tthey count us"),
    ("李小龍", "我們不同意。 👩\u{200d}🌾"),
    ("Zoë Brontë-Smythe", "A word and then   three blanks."),
];

/// A pair of keys, and the settings that name them.
fn keys(folder: &Path, selector: &str) -> DkimSettings {
    let mut random = rand_chacha::ChaCha20Rng::from_seed([7; 32]);
    let write = |kind: &str, pem: String| -> PathBuf {
        let path = folder.join(format!("{selector}-{kind}.pem"));
        std::fs::write(&path, pem).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    };
    DkimSettings {
        domain: String::new(),
        ed25519_selector: format!("{selector}-ed25519"),
        ed25519_key_file: write("ed25519", SigningKey::new_ed25519(&mut random).unwrap()),
        rsa_selector: format!("{selector}-rsa"),
        rsa_key_file: write("rsa", SigningKey::new_rsa(2_048).unwrap()),
        ..DkimSettings::default()
    }
}

fn key(path: &Path) -> SigningKey {
    SigningKey::from_pem(&std::fs::read(path).unwrap()).unwrap()
}

/// As many letters as there are seats, about people with unusual names, frozen and approved.
async fn letters_to(stage: &mut Stage, seats: usize) -> PetitionId {
    let council = (1..=seats).map(|seat| {
        let (id, title) = (
            format!("ward/{seat}"),
            format!("Council Member, Ward {seat}"),
        );
        let email = format!("ward{seat}@office{}.example", seat % 16);
        let name = ["Elena Ruiz", "Søren Ångström", "D'Arcy \"Bo\" Fox"][seat % 3];
        let district = seat.to_string();
        post(
            &id,
            Role::CouncilMember,
            &title,
            &district,
            holder(name, Some(&email)),
        )
    });
    stage.seat(council.collect()).await;
    let petition = stage.petition("forbid-it").await;
    for (name, comment) in PEOPLE {
        let signer = Signer {
            name,
            comment: Some(comment),
            wishes: Wishes {
                shares_comment: true,
                lists_name: true,
                ..Wishes::default()
            },
            ..Signer::default()
        };
        let id = stage.sign(petition, signer).await;
        stage.confirm(id).await;
        stage.review(petition, &[id], CommentReview::Passed).await;
    }
    let (freezer, _) = stage.outbox().await;
    freezer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    petition
}

/// What letters were frozen with, by the address they went to.
async fn frozen_parts(stage: &Stage, petition: PetitionId) -> Vec<(String, MessageParts)> {
    let secrets = stage.vault.petition(petition).await.unwrap();
    let mut all = Vec::new();
    for delivery in stage.deliveries(petition).await {
        let sealed = stage.store.deliveries.find_letter(delivery.id).await;
        let opened = secrets.open(SealedField::Letter, delivery.id, &sealed.unwrap().unwrap());
        let parts = serde_json::from_slice(&opened.unwrap()).unwrap();
        all.push((delivery.addressee.email.unwrap(), parts));
    }
    all
}

/// The list that goes with a petition's first batch, as its letters carry it.
pub async fn list(stage: &Stage, petition: PetitionId) -> String {
    let secrets = stage.vault.petition(petition).await.unwrap();
    let batch = stage.batches(petition).await[0].id;
    let parts = stage.store.batches.find_batch_parts(batch).await.unwrap();
    let sealed = parts.unwrap().sealed_csv.unwrap();
    String::from_utf8(secrets.open(SealedField::List, batch, &sealed).unwrap()).unwrap()
}

/// The Python that has dkimpy; installed when it is missing.
fn python() -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("mailing/dkim");
    let prepared = Command::new(script).arg("--prepare").output().unwrap();
    let said = String::from_utf8_lossy(&prepared.stderr).into_owned();
    assert!(prepared.status.success(), "dkimpy is not to be had: {said}");
    PathBuf::from(String::from_utf8(prepared.stdout).unwrap().trim())
}

#[tokio::test]
async fn other_peoples_software_verifies_and_reads_every_letter() {
    let seats = std::env::var("REDRESS_SIGNED_LETTERS").map_or(12, |count| count.parse().unwrap());
    let mut stage = Stage::open().await;
    let petition = letters_to(&mut stage, seats).await;
    let dkim = keys(stage.folder.path(), "r1");
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = stage
        .mailer_with(to(&judge), |settings| settings.dkim = dkim.clone())
        .await;

    let carried = mailer.drain_letters().await.unwrap();

    assert_eq!(carried.count(State::Accepted), seats as u64);
    let folder = stage.folder.path().join("letters");
    std::fs::create_dir(&folder).unwrap();
    let mut letters: Vec<Value> = Vec::new();
    let taken = judge.taken();
    for (recipient, parts) in frozen_parts(&stage, petition).await {
        let dot = taken
            .iter()
            .find(|dot| dot.rcpt.contains(&format!("<{recipient}>")))
            .unwrap();
        let file = format!("{recipient}.eml");
        std::fs::write(folder.join(&file), &dot.bytes).unwrap();
        letters.push(
            json!({"file": file, "subject": parts.subject, "text": parts.text, "html": parts.html}),
        );
    }
    let record = |selector: &str, path: &Path| {
        let record = Record::of(&key(path), selector, "petition.example");
        (record.name, Value::from(record.value))
    };
    let records = serde_json::Map::from_iter([
        record(&dkim.ed25519_selector, &dkim.ed25519_key_file),
        record(&dkim.rsa_selector, &dkim.rsa_key_file),
    ]);
    let truth =
        json!({"records": records, "csv": list(&stage, petition).await, "letters": letters});
    std::fs::write(folder.join("truth.json"), truth.to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("mailing/read_letters.py");
    let read = Command::new(python())
        .arg(script)
        .arg(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&read.stdout).into_owned();
    println!("{said}");
    assert!(
        read.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&read.stderr)
    );
}

#[tokio::test]
async fn a_key_that_is_changed_between_two_tries_changes_no_byte() {
    let mut stage = Stage::open().await;
    let petition = letters_to(&mut stage, 1).await;
    let judge = Judge::open(Manner::with_faults(|moment, nth| {
        if moment == Moment::Dot && nth == 0 {
            Act::Say(451, "4.7.1 later".into())
        } else {
            Act::Go
        }
    }))
    .unwrap();
    let first = keys(stage.folder.path(), "first");
    for dkim in [
        first.clone(),
        keys(stage.folder.path(), "second"),
        DkimSettings::default(),
    ] {
        let mailer = stage
            .mailer_with(to(&judge), |settings| settings.dkim = dkim)
            .await;
        mailer.drain_letters().await.unwrap();
        stage.clock.wait(chrono::Duration::minutes(10));
    }

    assert_eq!(stage.states(petition).await, [State::Accepted]);
    let ledger = judge.ledger();
    assert_eq!(ledger.len(), 2);
    assert_eq!(ledger[0].bytes, ledger[1].bytes);
    assert_eq!(tags_of(&ledger[1].bytes, 0).unwrap()["s"], "first-rsa");
    let public = key(&first.ed25519_key_file).public_bytes();
    assert_eq!(verify(&ledger[1].bytes, 1, &public), Ok(()));
}

#[tokio::test]
async fn a_letter_that_first_left_unsigned_stays_so_when_a_key_comes() {
    let mut stage = Stage::open().await;
    let petition = letters_to(&mut stage, 1).await;
    let judge = Judge::open(Manner::with_faults(|moment, nth| {
        if moment == Moment::Recipient && nth == 0 {
            Act::Say(450, "4.2.0 greylisted".into())
        } else {
            Act::Go
        }
    }))
    .unwrap();
    for dkim in [DkimSettings::default(), keys(stage.folder.path(), "late")] {
        let mailer = stage
            .mailer_with(to(&judge), |settings| settings.dkim = dkim)
            .await;
        mailer.drain_letters().await.unwrap();
        stage.clock.wait(chrono::Duration::minutes(10));
    }

    assert_eq!(stage.states(petition).await, [State::Accepted]);
    assert_eq!(tags_of(&judge.ledger()[0].bytes, 0), None);
}

#[tokio::test]
async fn a_mail_to_a_signer_is_signed_with_ed25519_alone() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.sign(petition, Signer::default()).await;
    let dkim = keys(stage.folder.path(), "m1");
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = stage
        .mailer_with(to(&judge), |settings| settings.dkim = dkim.clone())
        .await;

    let drained = mailer.drain_mails().await.unwrap();

    assert_eq!(drained.sent, 1);
    let mail = &judge.taken()[0].bytes;
    assert_eq!(
        verify(mail, 0, &key(&dkim.ed25519_key_file).public_bytes()),
        Ok(())
    );
    assert_eq!(tags_of(mail, 1), None);
    let names = &tags_of(mail, 0).unwrap()["h"];
    assert!(
        names.contains(":List-Unsubscribe:List-Unsubscribe-Post:"),
        "{names}"
    );
}
