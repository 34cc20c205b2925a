//! Proof of work while a petition is under attack: worked out by a program, or a mail in its place for who has no script.

use crate::console::office::{Organizer, behind};
use crate::stage::{Answer, Known, Stage};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use redress_model::abuse::proof::{COOL_DOWN, LEAST, ProofMode};
use redress_model::clock::Clock;
use redress_model::petition::state::PetitionState;
use redress_model::role::MemberRole::{Editor, Reviewer};
use redress_storage::mails::MailKind;
use redress_storage::secrets::TokenPurpose;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;

const ABUSE: &str = "/console/p/forbid-it/abuse";
const ASKS: &str = "data-challenge=";

impl Stage {
    /// A petition that asks for proof in a mode.
    pub async fn proving(mode: ProofMode) -> Self {
        let stage = Self::open().await;
        stage.set_proof("forbid-it", mode).await;
        stage
    }

    async fn set_proof(&self, slug: &str, mode: ProofMode) {
        let petition = self.found(slug).await.id;
        let deed = self.deed("abuse.proof", slug);
        let set = self.store.proofs.record_proof_mode(petition, mode, &deed);
        set.await.expect("set");
        // What was read before holds for two seconds.
        self.clock.pass(Duration::seconds(2));
    }

    /// A challenge of a petition, worked out.
    pub async fn proof(&self, slug: &str) -> String {
        let path = format!("/api/v1/petitions/{slug}/challenge");
        let answer = self.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
        solved(&answer.json())
    }

    /// So many people sign.
    async fn rush(&self, people: u64) {
        let known = self.known().await;
        for _ in 0..people {
            self.clock.pass(Duration::milliseconds(1));
            let email = format!("rush{}@example.org", self.clock.now().timestamp_millis());
            let fields = typed(&known, &email);
            let page = self.post_form("/p/forbid-it/sign", &fields).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        }
    }

    async fn sign_with(&self, number: u32, proof: &str) -> Answer {
        self.clock.pass(Duration::milliseconds(1));
        let mut signer = self.signer_called(number).await;
        signer["altcha"] = json!(proof);
        self.sign(&signer).await
    }
}

/// The published way: count up until the hash is met.
fn solved(challenge: &Value) -> String {
    let salt = challenge["salt"].as_str().expect("a salt");
    let asked = challenge["challenge"].as_str().expect("a challenge");
    let most = challenge["maxnumber"].as_u64().expect("a number");
    let number = (0..=most).find(|number| {
        let hash = Sha256::digest(format!("{salt}{number}").as_bytes());
        let mut text = String::new();
        for byte in hash {
            let _ = write!(text, "{byte:02x}");
        }
        text == asked
    });
    let solution = json!({
        "algorithm": challenge["algorithm"], "challenge": asked, "salt": salt,
        "number": number.expect("there is one"), "signature": challenge["signature"],
    });
    STANDARD.encode(solution.to_string())
}

fn refused(answer: &Answer) -> String {
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.text
    );
    let error = &answer.json()["errors"][0];
    assert_eq!(error["field"], "altcha");
    error["code"].as_str().expect("a code").to_owned()
}

fn typed<'a>(known: &'a Known, email: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("name", "Ana Ruiz"),
        ("email", email),
        ("street", &known.street),
        ("city", &known.city),
        ("state", &known.state),
        ("zip", &known.zip),
    ]
}

#[tokio::test]
async fn a_program_works_out_what_is_asked_and_each_proof_is_good_once() {
    let mut stage = Stage::proving(ProofMode::On).await;
    stage.petition("other", PetitionState::Open).await;
    assert_eq!(refused(&stage.sign_with(1, "").await), "proof_missing");
    assert_eq!(refused(&stage.sign_with(1, "e30=").await), "proof_wrong");
    let elsewhere = stage.proof("other").await;
    assert_eq!(
        refused(&stage.sign_with(1, &elsewhere).await),
        "proof_wrong"
    );
    let late = stage.proof("forbid-it").await;
    stage.clock.pass(Duration::minutes(10));
    assert_eq!(refused(&stage.sign_with(1, &late).await), "proof_expired");
    assert!(stage.signatures().await.is_empty(), "nothing was stored");

    let proof = stage.proof("forbid-it").await;
    let taken = stage.sign_with(1, &proof).await;
    assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.text);
    assert_eq!(refused(&stage.sign_with(2, &proof).await), "proof_spent");
    assert_eq!(stage.signatures().await.len(), 1);
}

#[tokio::test]
async fn a_petition_that_asks_for_none_takes_signatures_without() {
    let stage = Stage::proving(ProofMode::Off).await;
    let page = stage.get("/p/forbid-it").await.text;
    assert!(!page.contains(ASKS));
    assert_eq!(stage.sign_with(1, "").await.status, StatusCode::ACCEPTED);
    assert_eq!(
        stage.sign_with(2, "nonsense").await.status,
        StatusCode::ACCEPTED
    );
}

#[tokio::test]
async fn a_form_carries_the_proof_that_its_script_worked_out() {
    let stage = Stage::proving(ProofMode::On).await;
    let page = stage.get("/p/forbid-it").await;
    assert!(page.text.contains(ASKS) && page.text.contains("name=\"altcha\""));
    let script = behind(&page.text, "<script src=\"/assets/proof").to_owned();
    let script = stage.get(&format!("/assets/proof{script}")).await;
    assert_eq!(script.status, StatusCode::OK);
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'self'")
    );

    let known = stage.known().await;
    let mut fields = typed(&known, "ana@example.org");
    let page = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("Nothing was saved yet"), "{}", page.text);
    assert!(
        page.text.contains("value=\"Ana Ruiz\""),
        "what was typed stays"
    );
    let proof = stage.proof("forbid-it").await;
    fields.push(("altcha", &proof));
    let page = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(stage.mails().await.len(), 1);

    // One proof is not as many signatures as there are e-mails.
    let handle = behind(&page.text, "name=\"handle\" value=\"").to_owned();
    let fields = [("handle", handle.as_str()), ("email", "ben@example.org")];
    let page = stage.post_form("/confirm/email", &fields).await;
    assert_eq!(page.header("location"), "/p/forbid-it?note=again");
    assert_eq!(stage.signatures().await.len(), 1);
}

#[tokio::test]
async fn without_script_a_mail_brings_the_form_back_and_lets_one_signature_in() {
    let stage = Stage::proving(ProofMode::On).await;
    let known = stage.known().await;
    let mut fields = typed(&known, "ana@example.org");
    let page = stage.post_form("/p/forbid-it/permit", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("We sent a mail to ana@example.org"));
    assert!(page.text.contains(&known.street), "what was typed stays");
    let pass = behind(&page.text, "name=\"permit\" value=\"").to_owned();
    fields.push(("permit", &pass));
    let early = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("first open the mail"), "{}", early.text);

    let mails = stage.mails().await;
    assert_eq!(mails.len(), 1, "waiting sends no second");
    assert_eq!(mails[0].kind, MailKind::Permit);
    let token = stage.token(&mails[0], TokenPurpose::Permit);
    let link = format!("/permit/{token}");
    assert!(stage.get(&link).await.text.contains("Go on to the form"));
    let early = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(
        early.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a visit lets nobody in"
    );
    let form = stage.post_form(&link, &[]).await;
    assert!(form.text.contains("value=\"ana@example.org\""));
    assert_eq!(behind(&form.text, "name=\"permit\" value=\""), pass);
    assert!(stage.signatures().await.is_empty());

    let page = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    stage.clock.pass(Duration::milliseconds(1));
    let mut again = typed(&known, "ben@example.org");
    again.push(("permit", &pass));
    let page = stage.post_form("/p/forbid-it/sign", &again).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    assert_eq!(stage.signatures().await.len(), 1);
}

#[tokio::test]
async fn a_link_for_another_purpose_or_of_yesterday_lets_nobody_in() {
    let mut stage = Stage::proving(ProofMode::On).await;
    stage.petition("other", PetitionState::Open).await;
    stage.set_proof("other", ProofMode::On).await;
    let known = stage.known().await;
    let mut fields = typed(&known, "ana@example.org");
    let page = stage.post_form("/p/forbid-it/permit", &fields).await;
    let pass = behind(&page.text, "name=\"permit\" value=\"").to_owned();
    let mail = stage.mails().await.remove(0);
    for purpose in [TokenPurpose::Pass, TokenPurpose::Confirm] {
        let token = stage.token(&mail, purpose);
        let answer = stage.post_form(&format!("/permit/{token}"), &[]).await;
        assert_eq!(answer.header("location"), "/?note=permit");
    }
    let link = format!("/permit/{}", stage.token(&mail, TokenPurpose::Permit));
    assert_eq!(stage.post_form(&link, &[]).await.status, StatusCode::OK);
    fields.push(("permit", &pass));
    let page = stage.post_form("/p/other/sign", &fields).await;
    assert_eq!(
        page.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "another petition"
    );
    stage.clock.pass(Duration::hours(24));
    let page = stage.post_form("/p/forbid-it/sign", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "too late");
    assert_eq!(stage.get(&link).await.header("location"), "/?note=permit");
}

#[tokio::test]
async fn the_page_never_tells_whether_an_email_is_known_or_was_mailed() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    stage.set_proof("forbid-it", ProofMode::On).await;
    let mut lengths = Vec::new();
    for _ in 0..7 {
        for email in ["ana@example.org", "new@example.org"] {
            stage.clock.pass(Duration::milliseconds(1));
            let fields = typed(&known, email);
            let page = stage.post_form("/p/forbid-it/permit", &fields).await;
            assert_eq!(page.status, StatusCode::OK);
            lengths.push(page.text.len());
        }
    }
    assert!(
        lengths.iter().all(|length| *length == lengths[0]),
        "{lengths:?}"
    );
    // Five a day; one of Ana's was about her signature.
    assert_eq!(stage.mails().await.len(), 4 + 5);
}

#[tokio::test]
async fn a_rush_switches_it_on_for_every_server_until_it_is_over() {
    let stage = Stage::open().await;
    let other = stage.beside();
    stage.rush(LEAST - 1).await;
    stage.clock.pass(Duration::seconds(16));
    assert!(!stage.get("/p/forbid-it").await.text.contains(ASKS));
    stage.rush(1).await;
    stage.clock.pass(Duration::seconds(16));
    assert!(stage.get("/p/forbid-it").await.text.contains(ASKS));
    let page = other.get("/p/forbid-it").await.text;
    assert!(page.contains(ASKS), "the other server asks too");
    assert_eq!(refused(&stage.sign_with(1, "").await), "proof_missing");

    stage.clock.pass(COOL_DOWN - Duration::minutes(1));
    assert!(
        other.get("/p/forbid-it").await.text.contains(ASKS),
        "it cools down"
    );
    stage.clock.pass(Duration::minutes(12));
    assert!(!other.get("/p/forbid-it").await.text.contains(ASKS), "over");
    assert!(!stage.get("/p/forbid-it").await.text.contains(ASKS), "over");
}

async fn choose(stage: &Stage, organizer: &Organizer, mode: &str) -> Answer {
    let path = format!("{ABUSE}/proof");
    stage.submit(organizer, &path, &[("mode", mode)]).await
}

#[tokio::test]
async fn editors_switch_it_by_hand() {
    let mut stage = Stage::open().await;
    let ed = stage.organizer(Editor).await;
    let page = stage.visit(&ed, ABUSE).await.text;
    assert!(page.contains("It is not asked for now."), "{page}");
    assert_eq!(
        choose(&stage, &ed, "on").await.status,
        StatusCode::SEE_OTHER
    );
    assert!(
        stage
            .visit(&ed, ABUSE)
            .await
            .text
            .contains("It is asked for now")
    );
    assert_eq!(refused(&stage.sign_with(1, "").await), "proof_missing");
    assert_eq!(
        choose(&stage, &ed, "off").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(stage.sign_with(1, "").await.status, StatusCode::ACCEPTED);
    assert_eq!(
        choose(&stage, &ed, "never").await.status,
        StatusCode::BAD_REQUEST
    );
    let rita = stage.organizer(Reviewer).await;
    assert_eq!(
        choose(&stage, &rita, "on").await.status,
        StatusCode::FORBIDDEN
    );
}
