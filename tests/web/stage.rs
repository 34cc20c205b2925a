//! What every journey begins with: a database, the sample county, a petition, and the web before them.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use chrono::{DateTime, Duration, Utc};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use redress_civics::officials::Directory;
use redress_civics::packs::Packs;
use redress_civics::providers::Panel;
use redress_civics::sample::{self, Plan};
use redress_model::clock::{Clock, FixedClock};
use redress_model::id::PetitionId;
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Petition, PetitionTerms};
use redress_model::slug::Slug;
use redress_storage::Store;
use redress_storage::audit::{Actor, Deed};
use redress_storage::intake::{Intake, IntakeSettings, IntakeWorker};
use redress_storage::mails::Mail;
use redress_storage::secrets::{InstanceKey, Token, TokenPurpose, Vault, confirmation_code};
use redress_storage::tallies::Difference;
use redress_storage_sqlite::Sqlite;
use redress_tests::civics::table;
use redress_web::{AppState, Civics, Pace, Parts, router};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tempfile::TempDir;
use tower::ServiceExt;

/// The sample county, built once.
struct County {
    folder: TempDir,
    pack: PathBuf,
}

fn county() -> &'static County {
    static BUILT: OnceLock<County> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let plan = Plan { seed: 1, scale: 1 };
        sample::write(folder.path(), plan, &mut |_, _| {}).expect("the sample is written");
        let pack = folder.path().join("sample.pack");
        let manifest = folder.path().join("sources.toml");
        redress_civics::build::build(&manifest, &pack, &mut |_| {}).expect("the pack is built");
        County { folder, pack }
    })
}

/// An address whose answer is known.
#[derive(Clone)]
pub struct Known {
    pub street: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    pub geoid: String,
    pub district: String,
}

/// A clock that is moved by hand.
pub struct HandClock(Mutex<DateTime<Utc>>);

impl HandClock {
    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += time;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The web before a fresh database.
pub struct Stage {
    router: Router,
    /// What workers beside the router hold.
    pub state: AppState,
    pub store: Store,
    pub key: InstanceKey,
    /// When it began.
    pub at: DateTime<Utc>,
    pub clock: Arc<HandClock>,
    pub random: ChaCha20Rng,
    pub vault: Arc<Vault>,
    folder: TempDir,
    database: Sqlite,
}

/// The one proxy whose word is believed.
pub const PROXY: &str = "10.0.0.1";

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    async fn of(router: Router, request: Request<Body>) -> Self {
        let response = router.oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 1 << 20).await;
        let bytes: Vec<u8> = bytes.expect("a body").into();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self {
            status,
            headers,
            text,
            bytes,
        }
    }

    /// Its body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("the answer is JSON")
    }

    /// One of its headers, empty if absent.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("a header in ASCII"))
    }
}

/// Another server.
pub struct Beside {
    router: Router,
    /// Of a server whose intake nobody empties: as long as it is there the queue is open.
    worker: Option<IntakeWorker>,
}

impl Beside {
    /// Reads a page.
    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::builder()
            .uri(path)
            .header("host", "petition.example");
        let request = request.body(Body::empty()).expect("a request");
        Answer::of(self.router.clone(), request).await
    }

    /// Posts JSON.
    pub async fn post_json(&self, path: &str, body: &Value, language: &str) -> Answer {
        let request = Request::post(path)
            .header("host", "petition.example")
            .header("accept-language", language)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        Answer::of(self.router.clone(), request.expect("a request")).await
    }

    /// Its intake takes nothing more in, and nothing is written of what waits.
    pub fn close(&mut self) {
        self.worker = None;
    }
}

impl Stage {
    /// An open petition called `forbid-it`.
    pub async fn open() -> Self {
        let mut stage = Self::empty().await;
        stage.petition("forbid-it", PetitionState::Open).await;
        stage
    }

    /// No petition yet.
    pub async fn empty() -> Self {
        Self::with_directory(|_| {}).await
    }

    /// No petition yet, and other officials than the sample's.
    pub async fn with_directory(change: impl FnOnce(&mut Value)) -> Self {
        Self::made(change, None, redress_web::HookKeys::default()).await
    }

    /// An open petition, and providers that are asked for second opinions.
    pub async fn advised(panel: Panel) -> Self {
        let mut stage = Self::made(|_| {}, Some(panel), redress_web::HookKeys::default()).await;
        stage.petition("forbid-it", PetitionState::Open).await;
        stage
    }

    /// An open petition, and providers of mail whose calls are believed.
    pub async fn told_by(hook_keys: redress_web::HookKeys) -> Self {
        let mut stage = Self::made(|_| {}, None, hook_keys).await;
        stage.petition("forbid-it", PetitionState::Open).await;
        stage
    }

    async fn made(
        change: impl FnOnce(&mut Value),
        panel: Option<Panel>,
        hook_keys: redress_web::HookKeys,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = "2026-03-02T10:30:00Z".parse().expect("an instant");
        let mut random = ChaCha20Rng::seed_from_u64(7);
        let database = Sqlite::open(&folder.path().join("web.db"))
            .await
            .expect("the database opens");
        database.migrate().await.expect("the schema comes up");
        let store = database.store();
        let key = InstanceKey::generate(&mut random);
        let vault = Arc::new(Vault::new(key.clone(), store.keys.clone()));
        let (intake, worker) = Intake::new(store.signatures.clone(), IntakeSettings::default());
        #[expect(clippy::disallowed_methods, reason = "a test has no life cycle")]
        tokio::spawn(worker.run(std::future::pending()));
        let packs = Packs::open(&[county().pack.clone()]).expect("the pack opens");
        let directory = packs.directory().expect("the directory reads");
        let mut officials = serde_json::to_value(&directory).expect("the directory is JSON");
        change(&mut officials);
        let directory: Directory = serde_json::from_value(officials).expect("a directory");
        let clock = Arc::new(HandClock(Mutex::new(at)));
        let state = AppState::new(Parts {
            store: store.clone(),
            intake,
            vault: vault.clone(),
            civics: Civics::new(packs, directory).with_providers(panel),
            clock: clock.clone(),
            random: Box::new(ChaCha20Rng::seed_from_u64(8)),
            public_url: "https://petition.example".into(),
            node: "test".into(),
            has_limits: true,
            pace: Pace::default(),
            proxies: vec![PROXY.parse().expect("an address")],
            hook_keys,
            hook_pace: Pace {
                a_second: 5,
                burst: 100,
            },
        });
        Self {
            router: router(state.clone()),
            state,
            store,
            key,
            at,
            clock,
            random,
            vault,
            folder,
            database,
        }
    }

    /// Another server before the same database.
    pub fn beside(&self) -> Beside {
        let (intake, worker) =
            Intake::new(self.store.signatures.clone(), IntakeSettings::default());
        #[expect(clippy::disallowed_methods, reason = "a test has no life cycle")]
        tokio::spawn(worker.run(std::future::pending()));
        self.server(intake, None)
    }

    /// Another server, in whose queue is room for one signature, and nobody writes it.
    pub fn crowded(&self) -> Beside {
        let settings = IntakeSettings {
            capacity: 1,
            ..IntakeSettings::default()
        };
        let (intake, worker) = Intake::new(self.store.signatures.clone(), settings);
        self.server(intake, Some(worker))
    }

    fn server(&self, intake: Intake, worker: Option<IntakeWorker>) -> Beside {
        let packs = Packs::open(&[county().pack.clone()]).expect("the pack opens");
        let directory = packs.directory().expect("the directory reads");
        let router = router(AppState::new(Parts {
            store: self.store.clone(),
            intake,
            vault: self.vault.clone(),
            civics: Civics::new(packs, directory),
            clock: self.clock.clone(),
            random: Box::new(ChaCha20Rng::seed_from_u64(9)),
            public_url: "https://petition.example".into(),
            node: "beside".into(),
            has_limits: true,
            pace: Pace::default(),
            proxies: Vec::new(),
            hook_keys: redress_web::HookKeys::default(),
            hook_pace: Pace::default(),
        }));
        Beside { router, worker }
    }

    /// Records a petition in a state.
    pub async fn petition(&mut self, slug: &str, state: PetitionState) {
        self.petition_of("default", slug, state).await;
    }

    /// Records a petition of an organization.
    pub async fn petition_of(&mut self, organization: &str, slug: &str, state: PetitionState) {
        let id = PetitionId::new(&FixedClock(self.at), &mut self.random);
        let created = self.vault.create(id, &mut self.random).await;
        created.expect("its key is made");
        let word = Slug::parse(organization).expect("a slug");
        let organization = self.store.accounts.find_organization(&word).await;
        let organization = organization.expect("found").expect("there");
        let petition = Petition {
            id,
            organization_id: organization.id,
            slug: Slug::parse(slug).expect("a slug"),
            state,
            terms: PetitionTerms {
                ask: "We ask our city to forbid it.\n\nIt is a bad idea.".into(),
                ..PetitionTerms::with_title("Forbid <it>")
            },
            created_at: self.at,
            opened_at: None,
            closed_at: None,
        };
        let deed = Deed {
            actor: Actor::CommandLine,
            action: "petition.create",
            subject: slug.into(),
            details: Value::Null,
            at: self.at,
        };
        let recorded = self.store.petitions.record_petition(&petition, &deed).await;
        recorded.expect("the petition is recorded");
    }

    /// Sends a request.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "petition.example")
            .header("content-type", kind)
            .body(body.into())
            .expect("a request");
        self.ask(request).await
    }

    /// Sends a request as it is.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        Answer::of(self.router.clone(), request).await
    }

    /// Reads a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "text/plain", "").await
    }

    /// Posts JSON.
    pub async fn post_json(&self, path: &str, body: &Value) -> Answer {
        let body = body.to_string();
        self.send(Method::POST, path, "application/json", body)
            .await
    }

    /// Posts a form.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::new();
        for (name, value) in fields {
            let bytes = value.bytes().map(|byte| format!("%{byte:02x}"));
            let _ = write!(body, "{name}={}&", bytes.collect::<String>());
        }
        let kind = "application/x-www-form-urlencoded";
        self.send(Method::POST, path, kind, body).await
    }

    /// The database goes away.
    pub async fn lose_database(&self) {
        self.database.close().await;
    }

    /// All bytes that lie in the database's folder: its file, its log, its keys.
    pub fn stored(&self) -> Vec<u8> {
        let entries = std::fs::read_dir(self.folder.path()).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths
            .flat_map(|path| std::fs::read(path).expect("a file"))
            .collect()
    }

    /// Where the answers known by construction lie.
    pub fn truth() -> PathBuf {
        county().folder.path().join("truth.csv")
    }

    /// An address that lies in a district beyond doubt.
    pub async fn known(&self) -> Known {
        for row in table(&Self::truth()) {
            let address = &row["address"];
            let parts: Vec<&str> = address.split(", ").collect();
            if row["district"].is_empty() || parts.len() != 3 {
                continue;
            }
            let asked = json!({ "address": address });
            let answer = self.post_json("/api/v1/lookup", &asked).await.json();
            if answer["level"] == "exact" {
                let (state, zip) = parts[2].split_once(' ').expect("a state and a ZIP");
                return Known {
                    street: parts[0].into(),
                    city: parts[1].into(),
                    state: state.into(),
                    zip: zip.into(),
                    geoid: row["place_geoid"].clone(),
                    district: row["district"].clone(),
                };
            }
        }
        panic!("the sample has no address with a district");
    }

    /// What somebody signs with.
    pub async fn signer(&self, name: &str, email: &str) -> Value {
        let known = self.known().await;
        json!({
            "name": name, "email": email, "street": known.street, "city": known.city,
            "state": known.state, "zip": known.zip,
        })
    }

    /// Signs `forbid-it` as a program does.
    pub async fn sign(&self, signer: &Value) -> Answer {
        self.post_json("/api/v1/petitions/forbid-it/signatures", signer)
            .await
    }

    /// Takes all mail out of the queue.
    pub async fn mails(&self) -> Vec<Mail> {
        let at = self.clock.now();
        let later = at + Duration::minutes(10);
        let mails = self.store.mails.claim_mails(at, later, 100).await;
        let mails = mails.expect("mail is claimed");
        let ids: Vec<_> = mails.iter().map(|mail| mail.id).collect();
        self.store.mails.finish_mails(&ids).await.expect("finished");
        mails
    }

    /// The secret part of a link in a mail.
    pub fn token(&self, mail: &Mail, purpose: TokenPurpose) -> String {
        Token::issue(&self.key, purpose, mail.signature_id.0, 0).to_string()
    }

    /// The code of a mail.
    pub fn code(&self, mail: &Mail) -> String {
        confirmation_code(&self.key, mail.signature_id.0, 0)
    }

    /// The count that programs read.
    pub async fn count(&self) -> i64 {
        let answer = self.get("/api/v1/petitions/forbid-it/count").await;
        answer.json()["count"].as_i64().expect("a count")
    }

    /// Where stored counts differ from the rows.
    pub async fn recount(&self) -> Vec<Difference> {
        let slug = Slug::parse("forbid-it").expect("a slug");
        let found = self.store.petitions.find_petition_by_slug(&slug).await;
        let id = found.expect("asked").expect("there").id;
        let counted = self.store.tallies.recount(id).await;
        counted.expect("recounted")
    }

    /// Signs and confirms; the mail that did it.
    pub async fn sign_and_confirm(&self, name: &str, email: &str) -> Mail {
        let signer = self.signer(name, email).await;
        assert_eq!(self.sign(&signer).await.status, StatusCode::ACCEPTED);
        let mail = self.mails().await.remove(0);
        let token = self.token(&mail, TokenPurpose::Confirm);
        let answer = self.post_form(&format!("/confirm/{token}"), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        mail
    }
}
