//! Keys at the command line: rotated, and destroyed with their backups.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_model::slug::Slug;
use redress_storage::secrets::{InstanceKey, Vault};
use redress_storage::signatures::SignatureFilter;
use redress_storage_sqlite::Sqlite;
use redress_tests::instance::{Instance, sign};
use redress_tests::program::{done, executable, refused};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

/// The names of signers that a key file opens; `None` where the petition's key is gone.
fn names(instance: &Instance, key: &str) -> Option<Vec<String>> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Sqlite::open(&instance.path("redress.db")).await.unwrap();
        let store = database.store();
        let slug = Slug::parse("no-deals").unwrap();
        let petition = store.petitions.find_petition_by_slug(&slug).await;
        let petition = petition.unwrap().unwrap().id;
        let vault = Vault::new(InstanceKey::parse(key).unwrap(), store.keys.clone());
        let secrets = vault.petition(petition).await.ok()?;
        let filter = SignatureFilter::of(petition);
        let all = store.signatures.list_signatures(&filter, None, 100).await;
        let open = |row: redress_storage::signatures::Signature| {
            let sealed = row.sealed.unwrap().signer;
            secrets.open_signer(row.id, &sealed).unwrap().name
        };
        let names = all.unwrap().into_iter().map(open).collect();
        database.close().await;
        Some(names)
    })
}

fn ring(instance: &Instance) -> Vec<String> {
    let text = std::fs::read_to_string(instance.path("redress.db.key")).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_new_key_takes_over_beside_a_running_server_and_the_old_one_can_go() {
    let instance = Instance::new();
    let server = instance.serve();
    assert_eq!(sign(&server.address, &instance.signature(1)), Some(202));
    let before = ring(&instance);
    let shown = done(instance.with(&["keys", "rotate", "--json"]));
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        (shown["new_key"].as_bool(), shown["sealed"].as_u64()),
        (Some(true), Some(1))
    );
    let after = ring(&instance);
    assert_eq!((after.len(), &after[1]), (2, &before[0]));
    // The server knows the old ring alone.
    assert_eq!(sign(&server.address, &instance.signature(2)), Some(202));
    assert_eq!(names(&instance, &after[0]).unwrap().len(), 2);
    assert_eq!(
        names(&instance, &before[0]),
        None,
        "the old key opens nothing any more"
    );

    done(instance.with(&["keys", "rotate", "--forget-old"]));
    assert_eq!(ring(&instance), after[..1]);
    drop(server);
    let server = instance.serve();
    assert_eq!(sign(&server.address, &instance.signature(3)), Some(202));
    assert_eq!(instance.count(), 3);
}

#[test]
fn a_rotation_that_was_cut_short_is_finished_without_another_key() {
    let instance = Instance::new();
    let server = instance.serve();
    assert_eq!(sign(&server.address, &instance.signature(1)), Some(202));
    drop(server);
    // As a crash leaves it: the new key is on the ring, nothing is sealed with it yet.
    let old = ring(&instance).remove(0);
    let new = "7".repeat(64);
    std::fs::write(instance.path("redress.db.key"), format!("{new}\n{old}\n")).unwrap();
    let error = redress_tests::program::run(instance.with(&["keys", "rotate", "--forget-old"]));
    assert_eq!(error.code, 1, "what is still needed is not taken off");
    let shown = done(instance.with(&["keys", "rotate"]));
    assert!(
        shown.contains("the last rotation is finished; 1 "),
        "{shown}"
    );
    assert_eq!(ring(&instance), [new.clone(), old]);
    assert_eq!(names(&instance, &new).unwrap(), ["Signer Number1"]);
}

#[test]
fn a_destroyed_key_is_gone_from_the_store_and_its_backups_and_the_counts_stay() {
    let instance = Instance::new();
    let server = instance.serve();
    assert_eq!(sign(&server.address, &instance.signature(1)), Some(202));
    drop(server);
    let key = ring(&instance).remove(0);
    let store = instance.path("redress.db.keys");
    let backup = instance.path("backup.keys");
    std::fs::copy(&store, &backup).unwrap();
    let config = instance.path("redress.toml");
    let named = |path: &std::path::Path| {
        std::fs::write(&config, format!("[secrets]\nkey_backups = [{path:?}]\n")).unwrap();
    };
    let config_word = config.display().to_string();
    let words = [
        "keys",
        "destroy",
        "--petition",
        "no-deals",
        "--config",
        &config_word,
    ];

    named(&backup);
    let error = refused(instance.with(&[&words[..], &["--yes"]].concat()));
    assert!(error.contains("close it first"), "{error}");
    done(instance.with(&["petition", "close", "--petition", "no-deals"]));
    named(&instance.path("missing.keys"));
    let error = refused(instance.with(&[&words[..], &["--yes"]].concat()));
    assert!(error.contains("nothing was destroyed"), "{error}");
    named(&backup);
    assert_eq!(typed(&instance, &words, "another\n"), 2);
    assert!(
        names(&instance, &key).is_some(),
        "nothing is destroyed by a mistyped word"
    );

    assert_eq!(typed(&instance, &words, "no-deals\n"), 0);
    assert_eq!(names(&instance, &key), None);
    std::fs::copy(&backup, &store).unwrap();
    assert_eq!(
        names(&instance, &key),
        None,
        "the backup brings nothing back"
    );
    assert_eq!(instance.count(), 1);
    let shown = done(instance.with(&["petition", "show", "--petition", "no-deals", "--json"]));
    assert!(shown.contains("archived"), "{shown}");
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
    // A second time is harmless.
    done(instance.with(&[&words[..], &["--yes"]].concat()));
}

fn typed(instance: &Instance, words: &[&str], text: &str) -> i32 {
    let mut child = Command::new(executable())
        .args(instance.with(words))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    child.wait().unwrap().code().unwrap()
}

#[test]
fn keys_that_sign_mail_are_made_once_and_their_records_told_again() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    let make = [
        "keys",
        "dkim",
        "--domain",
        "petition.example",
        "--selector",
        "r1",
        "--out",
        &out,
    ];

    let told = done(make);

    assert!(
        told.contains("r1-ed25519._domainkey.petition.example. IN TXT ( \"v=DKIM1; k=ed25519; p=")
    );
    assert!(told.contains("r1-rsa._domainkey.petition.example. IN TXT ( \"v=DKIM1; k=rsa; p="));
    assert!(told.contains("[mailer.dkim]") && told.contains("rsa_selector = \"r1-rsa\""));
    let strings = told.split('"').skip(1).step_by(2);
    assert!(strings.into_iter().all(|string| string.len() <= 255));
    let files = ["ed25519", "rsa"].map(|kind| {
        folder
            .path()
            .join(format!("r1-{kind}._domainkey.petition.example.pem"))
    });
    for file in &files {
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(
            !told.contains(
                std::fs::read_to_string(file)
                    .unwrap()
                    .lines()
                    .nth(1)
                    .unwrap()
            )
        );
    }
    let shown = done([
        "keys",
        "dkim",
        "--show",
        &files[0].display().to_string(),
        &files[1].display().to_string(),
    ]);
    assert!(told.starts_with(shown.trim_end()), "{shown}");
    assert!(refused(make).contains("never written over"));
}

#[test]
fn a_signature_by_another_domain_stops_the_mailer_with_its_mend() {
    let instance = Instance::new();
    let out = instance.path("dkim").display().to_string();
    done([
        "keys",
        "dkim",
        "--domain",
        "petition.example",
        "--selector",
        "r1",
        "--out",
        &out,
    ]);
    let start = |from: &str| {
        let file = |kind: &str| format!("{out}/r1-{kind}._domainkey.petition.example.pem");
        Command::new(executable())
            .args(["mailer", "--drain", "--database"])
            .arg(format!("sqlite:{}", instance.path("redress.db").display()))
            .env("REDRESS_MAILER__FROM_DOMAIN", from)
            .env("REDRESS_MAILER__DKIM__DOMAIN", "petition.example")
            .env("REDRESS_MAILER__DKIM__RSA_SELECTOR", "r1-rsa")
            .env("REDRESS_MAILER__DKIM__RSA_KEY_FILE", file("rsa"))
            .output()
            .unwrap()
    };

    let stopped = start("elsewhere.example");

    let said = String::from_utf8(stopped.stderr).unwrap();
    assert_eq!(stopped.status.code(), Some(2), "{said}");
    assert!(
        said.contains("mailer.dkim.domain") && said.contains("mailer.from_domain"),
        "{said}"
    );
    assert_eq!(start("mail.petition.example").status.code(), Some(0));
}
