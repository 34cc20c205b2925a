//! Mails to signers.

use crate::stage::{Signer, Stage, to};
use chrono::Duration;
use mail_parser::MessageParser;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use redress_mailer::testing::{Act, Judge, Manner, Moment};
use redress_model::clock::Clock;
use redress_model::id::{PermitId, PetitionId};
use redress_storage::proofs::{NewPermit, PERMITTED};
use redress_storage::secrets::{SealedField, Token, TokenPurpose, confirmation_code};
use uuid::Uuid;

#[tokio::test]
async fn a_signer_gets_a_link_and_a_code_that_confirm() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    let id = stage.sign(petition, Signer::default()).await;
    let judge = Judge::open(Manner::default()).unwrap();

    let mailed = stage.mailer(to(&judge)).await.drain_mails().await.unwrap();

    assert_eq!((mailed.sent, mailed.deferred), (1, 0));
    let dot = &judge.taken()[0];
    assert!(dot.rcpt.starts_with("RCPT TO:<signer1@example.org>"));
    let message = MessageParser::default().parse(&dot.bytes).unwrap();
    let text = message.body_text(0).unwrap();
    let key = stage.vault.instance_key();
    let token = Token::issue(key, TokenPurpose::Confirm, id.0, 0);
    let code = confirmation_code(key, id.0, 0);
    assert!(
        text.contains(&format!("https://petition.example/confirm/{token}")),
        "{text}"
    );
    assert!(
        text.contains(&format!("{} {}", &code[..3], &code[3..])),
        "{text}"
    );
    assert!(!message.subject().unwrap().contains("partnerships"));
    assert_eq!(stage.store.mails.count_mails().await.unwrap(), 0);
}

#[tokio::test]
async fn who_signed_in_spanish_gets_mail_and_links_in_spanish() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    let signer = Signer {
        language: "es",
        ..Signer::default()
    };
    let id = stage.sign(petition, signer).await;
    let judge = Judge::open(Manner::default()).unwrap();

    stage.mailer(to(&judge)).await.drain_mails().await.unwrap();

    let dot = &judge.taken()[0];
    let message = MessageParser::default().parse(&dot.bytes).unwrap();
    let text = message.body_text(0).unwrap();
    assert_eq!(message.subject(), Some("Confirme su firma, por favor"));
    let key = stage.vault.instance_key();
    let token = Token::issue(key, TokenPurpose::Confirm, id.0, 0);
    let link = format!("https://petition.example/es/confirm/{token}");
    assert!(
        text.contains("Hola, Ana Ruiz:") && text.contains(&link),
        "{text}"
    );
}

#[tokio::test]
async fn who_has_confirmed_by_now_gets_no_mail() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 2).await;
    let judge = Judge::open(Manner::default()).unwrap();

    let mailed = stage.mailer(to(&judge)).await.drain_mails().await.unwrap();

    assert_eq!((mailed.unneeded, mailed.sent), (2, 0));
    assert!(judge.ledger().is_empty());
}

#[tokio::test]
async fn a_mail_that_failed_is_tried_again_and_one_to_nobody_is_dropped() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.sign(petition, Signer::default()).await;
    let manner = Manner::with_faults(|moment, nth| match (moment, nth) {
        (Moment::Dot, 0) => Act::TakeAndHangUp,
        (Moment::Recipient, 1) => Act::Say(450, "4.2.0 Greylisted".into()),
        (Moment::Recipient, 3) => Act::Say(550, "5.1.1 no such user".into()),
        _ => Act::Go,
    });
    let judge = Judge::open(manner).unwrap();
    let mailer = stage.mailer(to(&judge)).await;
    for _ in 0..2 {
        assert_eq!(mailer.drain_mails().await.unwrap().deferred, 1);
        stage.clock.wait(Duration::minutes(20));
    }
    assert_eq!(mailer.drain_mails().await.unwrap().sent, 1);
    stage
        .sign(
            petition,
            Signer {
                name: "Bo Tran",
                ..Signer::default()
            },
        )
        .await;

    assert_eq!(mailer.drain_mails().await.unwrap().dropped, 1);

    assert_eq!(judge.taken().len(), 2);
    assert_eq!(stage.store.mails.count_mails().await.unwrap(), 0);
}

#[tokio::test]
async fn an_order_to_stop_leaves_mails_to_whoever_comes_next() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    for _ in 0..5 {
        stage.sign(petition, Signer::default()).await;
    }
    let stalls = Manner::with_faults(|moment, _| match moment {
        Moment::Greeting => Act::Wait(std::time::Duration::from_secs(20)),
        _ => Act::Go,
    });
    let slow = Judge::open(stalls).unwrap();
    let slow_one = stage
        .mailer_with(to(&slow), |settings| settings.timeouts.command = 30_000)
        .await;
    let soon = tokio::time::sleep(std::time::Duration::from_millis(300));
    slow_one.run_mails(soon).await.unwrap();
    let judge = Judge::open(Manner::default()).unwrap();

    let mailed = stage.mailer(to(&judge)).await.drain_mails().await.unwrap();

    assert_eq!((mailed.sent, judge.taken().len()), (5, 5));
}

#[tokio::test]
async fn who_has_no_script_gets_a_link_that_lets_them_sign_while_it_is_good() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    let id = ask_permit(&stage, petition, 1).await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = stage.mailer(to(&judge)).await;

    assert_eq!(mailer.drain_mails().await.unwrap().sent, 1);

    let dot = &judge.taken()[0];
    assert!(dot.rcpt.starts_with("RCPT TO:<ana@example.org>"));
    let message = MessageParser::default().parse(&dot.bytes).unwrap();
    let text = message.body_text(0).unwrap();
    let token = Token::issue(stage.vault.instance_key(), TokenPurpose::Permit, id.0, 0);
    let link = format!("https://petition.example/es/permit/{token}");
    assert!(text.contains(&link), "{text}");
    assert_eq!(message.subject(), Some("Ya puede firmar"));
    assert!(!text.contains("unsubscribe"), "{text}");
    ask_permit(&stage, petition, 2).await;
    stage.clock.wait(PERMITTED);
    assert_eq!(mailer.drain_mails().await.unwrap().unneeded, 1);
}

async fn ask_permit(stage: &Stage, petition: PetitionId, number: u128) -> PermitId {
    let secrets = stage.vault.petition(petition).await.unwrap();
    let id = PermitId(Uuid::from_u128(number));
    let (email, random) = ("ana@example.org", &mut ChaCha20Rng::seed_from_u64(3));
    let permit = NewPermit {
        id,
        petition_id: petition,
        email_key: secrets.fingerprint("email", email),
        client_key: None,
        sealed_email: secrets.seal(SealedField::Permit, id, email.as_bytes(), random),
        language: "es".into(),
        asked_at: stage.clock.now(),
    };
    let kept = stage.store.proofs.request_permit(&permit, None).await;
    assert!(kept.unwrap());
    id
}
