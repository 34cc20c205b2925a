//! What was acknowledged survives `kill -9`: two processes write to one file, one is killed.
//!
//! The test starts its own executable again as the writers.

use redress_model::fingerprint::Fingerprint;
use redress_model::home::Location;
use redress_model::id::{OrganizationId, PetitionId, SignatureId};
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Confirmation, Petition, PetitionTerms};
use redress_model::signature::Origin;
use redress_model::slug::Slug;
use redress_storage::audit::{Actor, Deed};
use redress_storage::intake::{Intake, IntakeSettings};
use redress_storage::signatures::{NewSignature, SealedFields, Wishes};
use redress_storage_sqlite::Sqlite;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use tokio::task::JoinSet;
use uuid::Uuid;

const WRITER: &str = "REDRESS_TEST_WRITER";
const PETITION: PetitionId = PetitionId(Uuid::from_u128(7));

fn at() -> chrono::DateTime<chrono::Utc> {
    "2026-03-02T10:30:00Z".parse().expect("an instant")
}

async fn open(path: &Path) -> Sqlite {
    let sqlite = Sqlite::open(path).await.expect("opened");
    sqlite.migrate().await.expect("migrated");
    sqlite
}

/// Signs for ever with 20 callers, and says each id once it is acknowledged.
async fn write_for_ever(path: &Path, writer: u64) {
    let store = open(path).await.store();
    let (intake, worker) = Intake::new(store.signatures.clone(), IntakeSettings::default());
    let mut tasks = JoinSet::new();
    tasks.spawn(worker.run(std::future::pending()));
    for caller in 0..20_u64 {
        let intake = intake.clone();
        tasks.spawn(async move {
            for number in 0_u64.. {
                let id = SignatureId(Uuid::from_u64_pair(writer << 32 | caller, number));
                intake.sign(signature(id)).await.expect("saved");
                // One write, so that a line is whole or absent.
                std::io::stdout()
                    .write_all(format!("saved {id}\n").as_bytes())
                    .expect("heard");
            }
        });
    }
    tasks.join_all().await;
}

fn signature(id: SignatureId) -> NewSignature {
    let key = Fingerprint(*id.0.as_bytes());
    NewSignature {
        id,
        petition_id: PETITION,
        email_key: key,
        name_key: key,
        zip_key: key,
        content_key: key,
        address_key: None,
        client_key: None,
        arrival: redress_storage::signatures::Arrival::default(),
        sealed: SealedFields {
            signer: vec![1; 100],
            address: None,
            comment: None,
        },
        location: Location::unknown(),
        level: "none".into(),
        pack: String::new(),
        origin: Origin::Online,
        has_block: false,
        sheet: None,
        wishes: Wishes::default(),
        language: "en".into(),
        rejection: None,
        signed_at: at(),
    }
}

async fn record_petition(sqlite: &Sqlite) {
    let petition = Petition {
        id: PETITION,
        organization_id: OrganizationId(Uuid::from_u128(0x7000_8000_0000_0000_0001)),
        slug: Slug::parse("kill").expect("a slug"),
        state: PetitionState::Open,
        terms: PetitionTerms {
            confirmation: Confirmation::None,
            ..PetitionTerms::with_title("Kill")
        },
        created_at: at(),
        opened_at: None,
        closed_at: None,
    };
    let details = serde_json::Value::Null;
    let deed = Deed {
        actor: Actor::CommandLine,
        action: "petition.create",
        subject: "kill".into(),
        details,
        at: at(),
    };
    sqlite
        .store()
        .petitions
        .record_petition(&petition, &deed)
        .await
        .expect("recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_the_end_of_a_process_that_shares_the_file() {
    if let Ok(writer) = std::env::var(WRITER) {
        let (path, number) = writer.rsplit_once('#').expect("a path and a number");
        return write_for_ever(Path::new(path), number.parse().expect("a number")).await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("redress.sqlite");
    let sqlite = open(&path).await;
    record_petition(&sqlite).await;
    let start = |number: u64| {
        Command::new(std::env::current_exe().expect("this test"))
            .args([
                "--exact",
                "what_was_acknowledged_survives_the_end_of_a_process_that_shares_the_file",
                "--nocapture",
            ])
            .env(WRITER, format!("{}#{number}", path.display()))
            .stdout(Stdio::piped())
            .spawn()
            .expect("started")
    };

    let mut acknowledged: Vec<SignatureId> = Vec::new();
    for round in 0..3 {
        let mut writers = [start(2 * round + 1), start(2 * round + 2)];
        let readers: Vec<_> = writers
            .iter_mut()
            .map(|writer| {
                let lines = BufReader::new(writer.stdout.take().expect("piped")).lines();
                std::thread::spawn(move || {
                    let saved = |line: String| {
                        line.split_once("saved ")
                            .and_then(|(_, id)| id.parse().ok())
                    };
                    lines
                        .map_while(Result::ok)
                        .filter_map(saved)
                        .collect::<Vec<SignatureId>>()
                })
            })
            .collect();
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        for mut writer in writers {
            // SIGKILL.
            writer.kill().expect("killed");
            writer.wait().expect("ended");
        }
        for reader in readers {
            acknowledged.extend(reader.join().expect("read"));
        }
    }

    assert!(
        acknowledged.len() > 100,
        "{} were acknowledged",
        acknowledged.len()
    );
    let again = open(&path).await.store();
    for id in &acknowledged {
        assert!(
            again
                .signatures
                .find_signature(*id)
                .await
                .expect("read")
                .is_some(),
            "{id} is lost"
        );
    }
    assert_eq!(
        again.tallies.recount(PETITION).await.expect("recounted"),
        []
    );
    let counted = again
        .tallies
        .find_total(PETITION)
        .await
        .expect("counted")
        .tally
        .counted;
    assert!(counted >= i64::try_from(acknowledged.len()).expect("a number"));
}
