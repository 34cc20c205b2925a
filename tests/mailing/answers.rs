//! What offices answer and wish, on the way from one mailbox to others.

use crate::stage::{Signer, Stage, holder, post, to};
use chrono::Duration;
use mail_parser::{Message, MessageParser};
use redress_mailer::Mailer;
use redress_mailer::receiving::Taken;
use redress_mailer::testing::{Act, Dot, Judge, Manner, Moment};
use redress_model::clock::Clock;
use redress_model::delivery::event::EventKind;
use redress_model::delivery::state::DeliveryState as State;
use redress_model::id::{PetitionId, ResponseId, SignatureId};
use redress_model::office_wish::{Closure, LetterPace, Whither};
use redress_model::official::Role;
use redress_model::response::{Position, ResponseState, ResponseText};
use redress_storage::deliveries::Delivery;
use redress_storage::office_wishes::{NewOfficeWish, Said};
use redress_storage::responses::NewResponse;
use redress_storage::secrets::{Token, TokenPurpose};
use redress_storage::signatures::Wishes;
use uuid::Uuid;

fn news() -> Wishes {
    Wishes {
        wants_updates: true,
        ..Wishes::default()
    }
}

/// A mayor and a clerk, and a mailer that reads what comes back to its own addresses.
async fn read_here(stage: &Stage, judge: &Judge) -> Mailer {
    let mayor = holder("Elena Ruiz", Some("mayor@city.example"));
    let clerk = holder("Ida Kent", Some("clerk@city.example"));
    stage
        .seat(vec![
            post("mayor", Role::Mayor, "Mayor", "", mayor),
            post("clerk", Role::Clerk, "City Clerk", "", clerk),
        ])
        .await;
    let directory = stage.folder.path().join("coming");
    for name in ["tmp", "new", "cur"] {
        std::fs::create_dir_all(directory.join(name)).unwrap();
    }
    stage
        .mailer_with(to(judge), |settings| {
            settings.coming.maildir = directory;
        })
        .await
}

/// One letter more to the mayor.
async fn send(stage: &mut Stage, mailer: &Mailer, petition: PetitionId) -> u64 {
    stage.crowd(petition, 1).await;
    mailer.drain_mails().await.unwrap();
    mailer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    mailer.drain_letters().await.unwrap().count(State::Accepted)
}

fn parsed(dot: &Dot) -> Message<'_> {
    MessageParser::default().parse(&dot.bytes).unwrap()
}

fn reply_to(dot: &Dot) -> String {
    let message = parsed(dot);
    let address = message.reply_to().unwrap().first().unwrap();
    address.address().unwrap().to_owned()
}

async fn mayors(stage: &Stage, petition: PetitionId) -> Delivery {
    let all = stage.deliveries(petition).await.into_iter();
    let mut all: Vec<_> = all.filter(|it| it.addressee.role == Role::Mayor).collect();
    all.pop().unwrap()
}

fn answer(to: &str, head: &str) -> Vec<u8> {
    format!(
        "From: Elena Ruiz <mayor@city.example>\r\nTo: {to}\r\nSubject: Re: yours\r\n{head}\r\n\
         I am for it.\r\n\r\nOn Monday, Open Doors wrote:\r\n> Please.\r\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_letter_is_answered_to_its_own_address_where_answers_are_read_and_to_people_elsewhere() {
    let mut stage = Stage::open().await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = read_here(&stage, &judge).await;
    let petition = stage.petition("forbid-it").await;
    assert_eq!(send(&mut stage, &mailer, petition).await, 1);
    let sealed = reply_to(&judge.taken()[0]);
    assert!(
        sealed.starts_with("reply+") && sealed.ends_with("@petition.example"),
        "{sealed}"
    );
    let message = parsed(&judge.taken()[0]).subject().map(str::to_owned);
    assert!(message.is_some());

    let plain = stage.mailer(to(&judge)).await;
    stage.clock.wait(Duration::days(1));
    assert_eq!(send(&mut stage, &plain, petition).await, 1);
    assert_eq!(reply_to(&judge.taken()[1]), "hello@opendoors.example");
}

#[tokio::test]
async fn a_persons_answer_goes_on_to_the_organization_once() {
    let mut stage = Stage::open().await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = read_here(&stage, &judge).await;
    let petition = stage.petition("forbid-it").await;
    send(&mut stage, &mailer, petition).await;
    let sealed = reply_to(&judge.taken()[0]);
    let letter = mayors(&stage, petition).await;

    for _ in 0..2 {
        // No id of ours is named: the address alone says to which letter it answers.
        let taken = mailer.receive(answer(&sealed, ""), &[]).await.unwrap();
        let is_the_letters = match taken {
            Taken::Recorded { delivery, kind, .. } => {
                (delivery, kind) == (letter.id, EventKind::Reply)
            }
            other => other == Taken::Repeated,
        };
        assert!(is_the_letters, "{taken:?}");
    }
    for _ in 0..2 {
        mailer.drain_mails().await.unwrap();
    }

    let taken = judge.taken();
    assert_eq!(taken.len(), 2);
    let forwarded = parsed(&taken[1]);
    assert!(
        taken[1]
            .rcpt
            .starts_with("RCPT TO:<hello@opendoors.example>")
    );
    assert_eq!(reply_to(&taken[1]), "mayor@city.example");
    let from = forwarded.from().unwrap().first().unwrap();
    assert_eq!(from.address(), Some("mail@petition.example"));
    assert_eq!(
        forwarded.subject(),
        Some("Answer of Mayor Elena Ruiz, Springfield city: Re: yours")
    );
    let head = String::from_utf8_lossy(&taken[1].bytes).into_owned();
    assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
    let text = forwarded.body_text(0).unwrap();
    let page = format!(
        "https://petition.example/console/p/forbid-it/letters/1/{}",
        letter.id
    );
    assert!(
        text.contains("  I am for it.") && text.contains(&page),
        "{text}"
    );
    assert!(!text.contains("Please."), "{text}");

    // Should it come back to us, it is no person's answer, and goes nowhere.
    let looped = mailer.receive(taken[1].bytes.clone(), std::slice::from_ref(&sealed));
    let looped = looped.await.unwrap();
    assert!(
        matches!(
            looped,
            Taken::Recorded {
                kind: EventKind::AutoReply,
                ..
            }
        ),
        "{looped:?}"
    );
    mailer.drain_mails().await.unwrap();
    assert_eq!(judge.taken().len(), 2);
}

#[tokio::test]
async fn neither_an_absence_notice_nor_a_bounce_goes_on() {
    let mut stage = Stage::open().await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = read_here(&stage, &judge).await;
    let petition = stage.petition("forbid-it").await;
    send(&mut stage, &mailer, petition).await;
    let sealed = reply_to(&judge.taken()[0]);
    for head in [
        "Auto-Submitted: auto-replied\r\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
    ] {
        mailer.receive(answer(&sealed, head), &[]).await.unwrap();
    }
    mailer.drain_mails().await.unwrap();
    assert_eq!(judge.taken().len(), 1);
    assert_eq!(stage.store.forwards.count_forwards().await.unwrap(), 0);
}

#[tokio::test]
async fn an_answer_whose_forwarding_got_no_answer_is_not_sent_again() {
    let mut stage = Stage::open().await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = read_here(&stage, &judge).await;
    let petition = stage.petition("forbid-it").await;
    send(&mut stage, &mailer, petition).await;
    let sealed = reply_to(&judge.taken()[0]);
    mailer.receive(answer(&sealed, ""), &[]).await.unwrap();

    let silent = Judge::open(Manner::with_faults(|moment, _| match moment {
        Moment::Dot => Act::TakeAndHangUp,
        _ => Act::Go,
    }))
    .unwrap();
    let sent = stage.mailer(to(&silent)).await.drain_mails().await.unwrap();
    assert_eq!((sent.sent, sent.dropped), (0, 1));
    stage.clock.wait(Duration::days(1));
    mailer.drain_mails().await.unwrap();
    assert_eq!(judge.taken().len(), 1);
}

/// What an office said, published.
async fn publish(stage: &Stage, letter: &Delivery, text: &str) -> ResponseId {
    let new = NewResponse {
        id: ResponseId(Uuid::from_u128(text.len() as u128)),
        delivery_id: letter.id,
        event_id: None,
        position: Position::UnderStudy,
        text: ResponseText::parse(text).unwrap(),
        responded_at: stage.clock.now(),
    };
    let responses = &stage.store.responses;
    responses.record_response(&new).await.unwrap();
    let step = (ResponseState::Waiting, ResponseState::Published);
    let deed = stage.deed("response.publish");
    responses
        .decide_response(letter.petition_id, new.id, step, &deed)
        .await
        .unwrap();
    new.id
}

#[tokio::test]
async fn signers_who_wish_for_news_are_told_in_their_language_with_a_way_out() {
    let mut stage = Stage::open().await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = read_here(&stage, &judge).await;
    let petition = stage.petition("forbid-it").await;
    let mut ids: Vec<SignatureId> = Vec::new();
    for (language, wishes) in [
        ("en", news()),
        ("es", news()),
        ("en", Wishes::default()),
        ("en", news()),
    ] {
        let signer = Signer {
            wishes,
            language,
            ..Signer::default()
        };
        let id = stage.sign(petition, signer).await;
        stage.confirm(id).await;
        ids.push(id);
    }
    send(&mut stage, &mailer, petition).await;
    let letter = mayors(&stage, petition).await;
    publish(&stage, &letter, "We will <i>study</i> it.").await;
    // One changes their mind between the press of the button and the mail.
    stage
        .store
        .responses
        .tell_signers(stage.clock.now(), 100)
        .await
        .unwrap();
    let signatures = &stage.store.signatures;
    signatures
        .record_wishes(ids[3], Wishes::default())
        .await
        .unwrap();

    let sent = mailer.drain_mails().await.unwrap();

    assert_eq!((sent.sent, sent.unneeded), (2, 1));
    let taken = judge.taken();
    let told: Vec<&Dot> = taken[1..].iter().collect();
    let key = stage.vault.instance_key();
    for (at, subject, words, base) in [
        (
            0,
            "An official has answered you",
            "is still studying the matter",
            "",
        ),
        (1, "Un funcionario le ha respondido", "", "/es"),
    ] {
        let to = format!("<signer{}@example.org>", at + 1);
        let dot = told.iter().find(|dot| dot.rcpt.contains(&to)).unwrap();
        let message = parsed(dot);
        assert_eq!(message.subject(), Some(subject));
        let text = message.body_text(0).unwrap();
        assert!(
            text.contains("We will <i>study</i> it.") && text.contains(words),
            "{text}"
        );
        let link = |word: &str, purpose| {
            let secret = Token::issue(key, purpose, ids[at].0, 0);
            format!("https://petition.example{base}/{word}/{secret}")
        };
        assert!(text.contains(&link("r", TokenPurpose::Receipt)), "{text}");
        let bytes = String::from_utf8_lossy(&dot.bytes).replace("\r\n ", "");
        assert!(bytes.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
        let leave = link("unsubscribe", TokenPurpose::Unsubscribe);
        assert!(text.contains(&leave), "{text}");
    }
    // Told is told.
    let again = mailer.drain_mails().await.unwrap();
    assert_eq!(again.sent, 0);
}

fn ways(pace: LetterPace, whither: Whither) -> Said {
    Said::Ways { pace, whither }
}

/// What the mayor's office says by the link of its letter.
async fn wish(stage: &Stage, letter: &Delivery, said: Said) {
    let new = NewOfficeWish {
        id: Uuid::from_u128(7),
        delivery_id: letter.id,
        said,
        at: stage.clock.now(),
    };
    let wishes = &stage.store.office_wishes;
    wishes.record_office_wish(&new).await.unwrap();
}

#[tokio::test]
async fn an_office_that_wishes_so_gets_one_letter_a_week() {
    let mut stage = Stage::open().await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = read_here(&stage, &judge).await;
    let petition = stage.petition("forbid-it").await;
    assert_eq!(send(&mut stage, &mailer, petition).await, 1);
    let letter = mayors(&stage, petition).await;
    wish(&stage, &letter, ways(LetterPace::Weekly, Whither::Own)).await;

    stage.clock.wait(Duration::days(3));
    assert_eq!(send(&mut stage, &mailer, petition).await, 0);
    let next = mayors(&stage, petition).await;
    assert_eq!((next.state, next.attempts), (State::Deferred, 0));
    let last_at = letter.accepted_at.unwrap();
    assert_eq!(next.due_at, last_at + Duration::days(7));
    stage.clock.wait(Duration::days(4));
    mailer.drain_letters().await.unwrap();
    assert_eq!(mayors(&stage, petition).await.state, State::Accepted);
    assert_eq!(judge.taken().len(), 2);
}

#[tokio::test]
async fn a_wish_that_comes_while_a_letter_is_with_a_mailer_stops_it_at_the_next_claim() {
    let mut stage = Stage::open().await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = read_here(&stage, &judge).await;
    let petition = stage.petition("forbid-it").await;
    send(&mut stage, &mailer, petition).await;
    let first = mayors(&stage, petition).await;
    stage.crowd(petition, 1).await;
    mailer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    // Another mailer has it, and dies.
    let (at, token) = (stage.clock.now(), Uuid::from_u128(1));
    let deliveries = &stage.store.deliveries;
    let until_at = at + Duration::minutes(1);
    let heed = redress_storage::breakers::Heed::All;
    let claimed = deliveries
        .claim_deliveries(at, until_at, token, 10, heed.into())
        .await
        .unwrap();
    assert_eq!(claimed.len(), 1);
    wish(&stage, &first, Said::Closure(Some(Closure::Stopped))).await;
    stage.clock.wait(Duration::minutes(2));

    let carried = mailer.drain_letters().await.unwrap();

    assert_eq!(carried.count(State::Suppressed), 1);
    assert_eq!(mayors(&stage, petition).await.state, State::Suppressed);
    assert_eq!(judge.taken().len(), 1);
}

#[tokio::test]
async fn the_clerk_gets_the_letters_of_an_office_that_wishes_so() {
    let mut stage = Stage::open().await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = read_here(&stage, &judge).await;
    let petition = stage.petition("forbid-it").await;
    send(&mut stage, &mailer, petition).await;
    let letter = mayors(&stage, petition).await;
    wish(
        &stage,
        &letter,
        ways(LetterPace::AtThreshold, Whither::Clerk),
    )
    .await;
    stage.clock.wait(Duration::days(1));
    assert_eq!(send(&mut stage, &mailer, petition).await, 1);
    let dot = judge.taken().remove(1);
    assert!(dot.rcpt.starts_with("RCPT TO:<clerk@city.example>"));
    let message = parsed(&dot);
    let to = message.to().unwrap().first().unwrap();
    assert_eq!(to.name(), Some("City Clerk, for Elena Ruiz"));
    let text = message.body_text(0).unwrap();
    assert!(text.contains("Mayor Ruiz"), "{text}");
}
