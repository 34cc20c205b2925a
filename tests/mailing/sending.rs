//! Letters on their way to servers.

use crate::stage::{Stage, holder, post, to};
use chrono::Duration;
use mail_parser::{MessageParser, MimeHeaders};
use redress_mailer::settings::{OfficeHours, Pace, RelaySettings, TransportSettings};
use redress_mailer::testing::{Act, Judge, Manner, Moment};
use redress_model::clock::Clock;
use redress_model::delivery::state::DeliveryState as State;
use redress_model::official::Role;
use sha2::{Digest, Sha256};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tokio::sync::Notify;

async fn approved(stage: &mut Stage) -> redress_model::id::PetitionId {
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 2).await;
    let (freezer, _) = stage.outbox().await;
    freezer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    petition
}

/// Leaves the mayor alone.
async fn one_letter(stage: &mut Stage) -> redress_model::id::PetitionId {
    stage
        .seat(vec![post(
            "mayor",
            Role::Mayor,
            "Mayor",
            "",
            holder("Elena Ruiz", Some("mayor@city.example")),
        )])
        .await;
    approved(stage).await
}

#[tokio::test]
async fn nothing_leaves_without_approval() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 2).await;
    let (mailer, new) = stage.outbox().await;
    mailer.freeze_all(petition).await.unwrap();

    mailer.drain().await.unwrap();

    let letters = std::fs::read_dir(new).unwrap().filter(|file| {
        let path = file.as_ref().unwrap().path();
        std::fs::read_to_string(path)
            .unwrap()
            .contains("mayor@city.example")
    });
    assert_eq!(letters.count(), 0);
}

#[tokio::test]
async fn an_outbox_holds_every_letter_as_it_is_on_record() {
    let mut stage = Stage::open().await;
    let petition = approved(&mut stage).await;
    let (mailer, new) = stage.outbox().await;

    let carried = mailer.drain_letters().await.unwrap();

    assert_eq!((carried.count(State::Accepted), carried.untried), (2, 0));
    assert_eq!(
        stage.states(petition).await,
        [State::Accepted, State::Accepted, State::NoContact]
    );
    let hashes: Vec<[u8; 32]> = std::fs::read_dir(new)
        .unwrap()
        .map(|file| {
            let file = std::fs::read(file.unwrap().path()).unwrap();
            let body = file.splitn(3, |byte| *byte == b'\n').nth(2).unwrap();
            let message = MessageParser::default().parse(body).unwrap();
            assert_eq!(
                message.header_raw("Auto-Submitted").unwrap().trim(),
                "auto-generated"
            );
            assert_eq!(message.header_raw("List-Unsubscribe"), None);
            assert_eq!(
                message.reply_to().unwrap().first().unwrap().address(),
                Some("hello@opendoors.example"),
                "answers go to people"
            );
            assert!(message.attachment(0).unwrap().attachment_name().is_some());
            Sha256::digest(body).into()
        })
        .collect();
    for delivery in stage.deliveries(petition).await {
        if let Some(envelope) = delivery.envelope {
            assert!(hashes.contains(&envelope.sha256));
        }
    }
}

#[tokio::test]
async fn silence_after_the_dot_is_uncertain_and_never_sent_again_by_itself() {
    for act in [Act::TakeAndHangUp, Act::HangUp] {
        let mut stage = Stage::open().await;
        let petition = one_letter(&mut stage).await;
        let manner = Manner::with_faults(move |moment, _| {
            if moment == Moment::Dot {
                act.clone()
            } else {
                Act::Go
            }
        });
        let judge = Judge::open(manner).unwrap();
        let mailer = stage.mailer(to(&judge)).await;

        for _ in 0..6 {
            mailer.drain_letters().await.unwrap();
            stage.clock.wait(Duration::hours(30));
        }

        assert_eq!(stage.states(petition).await, [State::Uncertain]);
        assert_eq!(judge.ledger().len(), 1);
    }
}

#[tokio::test]
async fn an_uncertain_letter_goes_again_with_the_same_bytes_when_a_person_says_so() {
    let mut stage = Stage::open().await;
    let petition = one_letter(&mut stage).await;
    let manner = Manner::with_faults(|moment, nth| {
        if moment == Moment::Dot && nth == 0 {
            Act::TakeAndHangUp
        } else {
            Act::Go
        }
    });
    let judge = Judge::open(manner).unwrap();
    stage
        .mailer(to(&judge))
        .await
        .drain_letters()
        .await
        .unwrap();
    let id = stage.deliveries(petition).await[0].id;
    let deed = stage.deed("delivery.resend");
    let decided = stage.store.deliveries.decide_delivery(
        id,
        State::Uncertain,
        State::Queued,
        Some("asked"),
        &deed,
    );
    decided.await.unwrap();
    stage.clock.wait(Duration::days(1));

    // Another mailer, with another address by now.
    let mailer = stage
        .mailer_with(to(&judge), |settings| {
            settings.from_domain = "elsewhere.example".into();
        })
        .await;
    mailer.drain_letters().await.unwrap();

    assert_eq!(stage.states(petition).await, [State::Accepted]);
    let ledger = judge.ledger();
    assert_eq!(ledger.len(), 2);
    assert!(ledger[0].bytes == ledger[1].bytes && ledger[0].mail == ledger[1].mail);
}

#[tokio::test]
async fn whoever_lost_the_lease_writes_no_dot() {
    let mut stage = Stage::open().await;
    let petition = one_letter(&mut stage).await;
    let clock = stage.clock.clone();
    let manner = Manner::with_faults(move |moment, nth| {
        if moment == Moment::Data && nth == 0 {
            clock.wait(Duration::hours(2));
        }
        Act::Go
    });
    let judge = Judge::open(manner).unwrap();
    let mailer = stage.mailer(to(&judge)).await;

    let carried = mailer.drain_letters().await.unwrap();

    assert_eq!((carried.returned, carried.count(State::Accepted)), (1, 1));
    assert_eq!((judge.ledger().len(), judge.connections()), (1, 2));
    assert_eq!(stage.states(petition).await, [State::Accepted]);
}

#[tokio::test]
async fn a_refusal_a_deferral_and_a_block_stand_where_they_belong() {
    for (code, text, state) in [
        (550, "5.1.1 User unknown", State::Refused),
        (451, "4.7.1 Greylisted", State::Deferred),
        (554, "5.7.1 blocked", State::Held),
        (552, "5.2.2 over quota", State::Deferred),
    ] {
        let mut stage = Stage::open().await;
        let petition = one_letter(&mut stage).await;
        let said = (code, text);
        let manner = Manner::with_faults(move |moment, _| match moment {
            Moment::Recipient => Act::Say(said.0, said.1.into()),
            _ => Act::Go,
        });
        let judge = Judge::open(manner).unwrap();

        stage
            .mailer(to(&judge))
            .await
            .drain_letters()
            .await
            .unwrap();

        let delivery = &stage.deliveries(petition).await[0];
        assert_eq!(
            (delivery.state, delivery.reply.clone()),
            (state, Some((code, text.to_owned())))
        );
        assert_eq!(
            stage
                .store
                .deliveries
                .list_attempts(delivery.id)
                .await
                .unwrap()
                .len(),
            1
        );
        assert_eq!(
            delivery.state == State::Deferred,
            delivery.due_at > stage.clock.now()
        );
    }
}

#[tokio::test]
async fn a_deferred_letter_goes_when_its_time_has_come() {
    let mut stage = Stage::open().await;
    let petition = one_letter(&mut stage).await;
    let manner = Manner::with_faults(|moment, nth| {
        if moment == Moment::Dot && nth == 0 {
            Act::Say(451, "4.7.1 later".into())
        } else {
            Act::Go
        }
    });
    let judge = Judge::open(manner).unwrap();
    let mailer = stage.mailer(to(&judge)).await;
    mailer.drain_letters().await.unwrap();
    mailer.drain_letters().await.unwrap();
    assert_eq!(judge.ledger().len(), 1);
    stage.clock.wait(Duration::minutes(8));

    mailer.drain_letters().await.unwrap();

    assert_eq!(stage.states(petition).await, [State::Accepted]);
    let ledger = judge.ledger();
    assert!(ledger.len() == 2 && ledger[0].bytes == ledger[1].bytes);
}

#[tokio::test]
async fn a_relay_that_is_away_leaves_letters_deferred_and_says_so() {
    let mut stage = Stage::open().await;
    let petition = approved(&mut stage).await;
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let relay = RelaySettings {
        port,
        ..RelaySettings::default()
    };
    let mailer = stage.mailer(TransportSettings::Smtp(relay)).await;

    let carried = mailer.drain_letters().await.unwrap();

    assert_eq!((carried.count(State::Deferred), carried.untried), (2, 2));
    assert_eq!(stage.states(petition).await[0], State::Deferred);
}

#[tokio::test]
async fn one_poisoned_petition_keeps_no_other_letter_waiting() {
    let mut stage = Stage::open().await;
    let bad = stage.petition("bad").await;
    let good = stage.petition("good").await;
    stage.crowd(bad, 1).await;
    stage.crowd(good, 1).await;
    let (mailer, _) = stage.outbox().await;
    for petition in [bad, good] {
        mailer.freeze_all(petition).await.unwrap();
        stage.approve(petition).await;
    }
    stage.vault.destroy(bad).await.unwrap();

    let carried = mailer.drain_letters().await.unwrap();

    assert_eq!(
        (carried.count(State::Held), carried.count(State::Accepted)),
        (2, 2)
    );
    assert_eq!(stage.states(good).await[0], State::Accepted);
    let held = &stage.deliveries(bad).await[0];
    assert_eq!(held.reply, Some((0, "the letter does not open".to_owned())));
}

#[tokio::test]
async fn letters_wait_for_office_hours_and_for_another_day() {
    let mut stage = Stage::open().await;
    let first = approved(&mut stage).await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = stage
        .mailer_with(to(&judge), |settings| {
            settings.office_hours = OfficeHours::default();
            settings.pace = Pace {
                one_letter_a_day: true,
                ..Pace::default()
            };
        })
        .await;
    mailer
        .run_letters(tokio::time::sleep(std::time::Duration::from_millis(1_500)))
        .await
        .unwrap();
    assert_eq!(stage.states(first).await[0], State::Accepted);
    let second = stage.petition("another").await;
    stage.crowd(second, 1).await;
    mailer.freeze_all(second).await.unwrap();
    stage.approve(second).await;

    mailer
        .run_letters(tokio::time::sleep(std::time::Duration::from_millis(1_500)))
        .await
        .unwrap();

    let waiting = &stage.deliveries(second).await[0];
    assert_eq!(waiting.state, State::Deferred);
    // The petition is of Chicago; the office opens at eight in Colorado.
    assert_eq!(waiting.due_at.to_rfc3339(), "2026-03-05T15:00:00+00:00");
    assert_eq!(waiting.attempts, 0, "waiting is no try");
    assert_eq!(judge.taken().len(), 2);
}

#[tokio::test]
async fn an_order_to_stop_puts_back_what_has_not_left_and_awaits_what_has() {
    let mut stage = Stage::open().await;
    let posts = (0..12)
        .map(|seat| {
            let email = format!("member@ward{seat}.example");
            post(
                &format!("seat/{seat}"),
                Role::CouncilMember,
                "Council Member",
                "",
                holder("Bo Diaz", Some(&email)),
            )
        })
        .collect();
    stage.seat(posts).await;
    let petition = approved(&mut stage).await;
    let reached = Arc::new(Notify::new());
    let there = Arc::clone(&reached);
    let manner = Manner::with_faults(move |moment, _| match moment {
        Moment::Dot => {
            there.notify_one();
            Act::Wait(std::time::Duration::from_millis(150))
        }
        _ => Act::Go,
    });
    let judge = Judge::open(manner).unwrap();
    let mailer = stage.mailer(to(&judge)).await;

    mailer
        .run_letters(async { reached.notified().await })
        .await
        .unwrap();

    let states = stage.states(petition).await;
    let count = |state| states.iter().filter(|known| **known == state).count();
    assert_eq!(count(State::Accepted), judge.taken().len());
    assert_eq!(
        count(State::Accepted) + count(State::Queued),
        12,
        "{states:?}"
    );
    assert!(count(State::Accepted) >= 1 && count(State::Queued) >= 1);
}

/// Postfix's own test server, where it is installed.
#[tokio::test]
async fn a_real_server_takes_every_letter() {
    const SINK: &str = "/usr/sbin/smtp-sink";
    if !std::path::Path::new(SINK).exists() {
        eprintln!("smtp-sink is not installed");
        return;
    }
    let mut stage = Stage::open().await;
    let petition = approved(&mut stage).await;
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let dump = stage.folder.path().join("sink");
    let who = Command::new("id").arg("-un").output().unwrap();
    let user = String::from_utf8(who.stdout).unwrap();
    // Started by root it wants to be told whom to become; the dump belongs to whoever runs the test.
    let mut sink = Command::new(SINK)
        .args(["-u", user.trim()])
        .arg("-D")
        .arg(&dump)
        .arg(format!("127.0.0.1:{port}"))
        .arg("10")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let relay = RelaySettings {
        port,
        ..RelaySettings::default()
    };
    let mailer = stage
        .mailer_with(TransportSettings::Smtp(relay), |settings| {
            settings.timeouts.dot = 5_000;
        })
        .await;

    let carried = mailer.drain_letters().await.unwrap();

    sink.kill().unwrap();
    sink.wait().unwrap();
    assert_eq!(carried.count(State::Accepted), 2, "{carried:?}");
    let dumped = std::fs::read_to_string(&dump).unwrap();
    for delivery in stage.deliveries(petition).await {
        if let Some(envelope) = delivery.envelope {
            assert_eq!(
                dumped
                    .matches(&format!("Message-ID: {}", envelope.message_id))
                    .count(),
                1,
                "{dumped}"
            );
        }
    }
}
