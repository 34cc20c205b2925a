//! Signers as a table: who asked is in the audit log, and each row says from which export it is.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_storage_sqlite::Sqlite;
use redress_tests::civics::rows;
use redress_tests::instance::{Instance, sign};
use redress_tests::program::{done, refused};
use serde_json::json;
use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;

fn deeds(instance: &Instance) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Sqlite::open(&instance.path("redress.db")).await.unwrap();
        let entries = database.store().audit.list_deeds(0, 100).await.unwrap();
        database.close().await;
        let exports = entries.into_iter();
        exports
            .filter(|deed| deed.action.contains("export.signers"))
            .map(|deed| deed.details)
            .collect()
    })
}

#[test]
fn signers_are_written_out_marked_and_the_audit_log_says_so() {
    let instance = Instance::new();
    let server = instance.serve();
    let mut odd = instance.signature(0);
    odd["comment"] = json!("=HYPERLINK(\"http://x.example\")");
    assert_eq!(sign(&server.address, &odd), Some(202));
    for number in 1..1_005 {
        assert_eq!(
            sign(&server.address, &instance.signature(number)),
            Some(202)
        );
    }
    let out = instance.path("signers.csv");
    let out_word = out.display().to_string();
    let words = [
        "export",
        "signers",
        "--petition",
        "no-deals",
        "--out",
        &out_word,
    ];
    let told = done(instance.with(&words));
    assert!(told.contains("1005 signers written"), "{told}");
    let mode = std::fs::metadata(&out).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let all = rows(csv::Reader::from_path(&out).unwrap());
    let names: HashSet<&str> = all.iter().map(|row| row["name"].as_str()).collect();
    assert_eq!((all.len(), names.len()), (1_005, 1_005));
    assert_eq!(all[0]["email"], "signer0@example.org");
    assert_eq!(
        all[0]["street"], "",
        "an address that is not kept is not there"
    );
    assert!(all[0]["comment"].starts_with("'="), "{}", all[0]["comment"]);
    let reviews = [0, 1].map(|row: usize| all[row]["comment_review"].as_str());
    assert_eq!(reviews, ["unseen", ""]);
    let marks: HashSet<&str> = all.iter().map(|row| row["export"].as_str()).collect();
    assert_eq!(marks.len(), 1);
    let deeds = deeds(&instance);
    let mark = marks.into_iter().next().unwrap();
    assert!(deeds.len() == 1 && deeds[0].contains(mark), "{deeds:?}");

    let none = done(instance.with(&[&words[..], &["--who", "withdrawn"]].concat()));
    assert!(none.contains("0 signers written"), "{none}");
    let error = refused(instance.with(&["export", "signers", "--petition", "nothing"]));
    assert!(error.contains("there is no petition nothing"), "{error}");
}
