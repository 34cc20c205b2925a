//! What comes back about letters, over every way in.

use crate::stage::{Stage, holder, post};
use chrono::Duration;
use redress_mailer::Mailer;
use redress_mailer::receiving::{Lmtp, Taken};
use redress_mailer::testing::{Dot, Judge, Manner};
use redress_model::contact_state::ContactState;
use redress_model::delivery::event::{EventKind, StrayReason, TaskKind};
use redress_model::delivery::state::DeliveryState as State;
use redress_model::id::PetitionId;
use redress_model::official::Role;
use redress_storage::deliveries::Delivery;
use redress_storage::events::AnswerFields;
use redress_storage::secrets::SealedField;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration as Pause;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// A letter to the mayor that a relay took, and the mailer that sent it.
pub struct Sent {
    pub stage: Stage,
    petition: PetitionId,
    mailer: Mailer,
    dot: Dot,
}

impl Sent {
    pub async fn new() -> Self {
        let mut stage = Stage::open().await;
        let mayor = holder("Elena Ruiz", Some("mayor@city.example"));
        let clerk = holder("Ida Kent", Some("clerk@city.example"));
        stage
            .seat(vec![
                post("mayor", Role::Mayor, "Mayor", "", mayor),
                post("clerk", Role::Clerk, "City Clerk", "", clerk),
            ])
            .await;
        let petition = stage.petition("forbid-it").await;
        stage.crowd(petition, 2).await;
        let judge = Judge::open(Manner::default()).unwrap();
        let mailer = stage.mailer(crate::stage::to(&judge)).await;
        mailer.freeze_all(petition).await.unwrap();
        stage.approve(petition).await;
        let carried = mailer.drain_letters().await.unwrap();
        assert_eq!(carried.count(State::Accepted), 1);
        let dot = judge.taken().remove(0);
        Self {
            stage,
            petition,
            mailer,
            dot,
        }
    }

    /// Where bounces of the letter go.
    pub fn bounce_address(&self) -> String {
        let from = self.dot.mail.split(['<', '>']).nth(1);
        from.unwrap().to_owned()
    }

    async fn letter(&self) -> Delivery {
        self.stage.deliveries(self.petition).await.remove(0)
    }

    pub async fn state(&self) -> State {
        self.letter().await.state
    }

    pub fn bounce(to: &str, status: &str) -> String {
        format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.city.example\r\nTo: {to}\r\nSubject: Undelivered\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nIt came back.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.city.example\r\n\r\n\
             Final-Recipient: rfc822; mayor@city.example\r\nAction: failed\r\nStatus: {status}\r\n\
             \r\n--b--\r\n"
        )
    }

    /// A folder with messages in it.
    fn maildir(&self, messages: &[(&str, &str)]) -> PathBuf {
        let directory = self.stage.folder.path().join("coming");
        for name in ["tmp", "new", "cur"] {
            std::fs::create_dir_all(directory.join(name)).unwrap();
        }
        for (name, text) in messages {
            std::fs::write(directory.join("new").join(name), text).unwrap();
        }
        directory
    }
}

/// Runs a mailer until something holds, for at most ten seconds.
pub async fn run_until(mailer: &Mailer, holds: impl AsyncFn() -> bool) {
    let (order, mut stopped) = watch::channel(false);
    let watching = async {
        for _ in 0..200 {
            if holds().await {
                break;
            }
            tokio::time::sleep(Pause::from_millis(50)).await;
        }
        order.send_replace(true);
    };
    let run = Box::pin(mailer.run(async {
        let _ = stopped.wait_for(|is_stopping| *is_stopping).await;
    }));
    let (ran, ()) = tokio::join!(run, watching);
    ran.unwrap();
}

fn names(directory: &Path, folder: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_bounce_in_a_maildir_moves_its_letter_and_asks_for_the_clerk() {
    let sent = Sent::new().await;
    let bounce = Sent::bounce(&sent.bounce_address(), "5.1.1");
    let directory = sent.maildir(&[("1.a", &bounce), ("2.b", &bounce), ("3.c", "\n\nnothing")]);

    let picked = sent.mailer.pick_up_once(&directory).await.unwrap();

    assert_eq!((picked.recorded, picked.repeated, picked.aside), (1, 1, 0));
    assert_eq!(picked.strays.get(&StrayReason::Unreadable), Some(&1));
    assert_eq!(sent.state().await, State::BouncedHard);
    assert_eq!(names(&directory, "new"), [""; 0]);
    assert_eq!(names(&directory, "cur"), ["1.a:2,S", "2.b:2,S", "3.c:2,S"]);
    let officials = &sent.stage.store.officials;
    let named = ["mayor@city.example".to_owned()];
    let known = officials.list_named_contacts(&named);
    assert_eq!(known.await.unwrap()[0].state, ContactState::Bounced);
    let events = &sent.stage.store.events;
    let tasks = events
        .list_tasks(sent.petition, true, None, 10)
        .await
        .unwrap();
    assert_eq!(tasks[0].kind, TaskKind::Bounced);
    let clerk = tasks[0].fallback_post_id.as_deref().unwrap();
    assert!(clerk.ends_with("/clerk"), "{clerk}");

    // The mover was killed before the rename: the message lies there again.
    std::fs::rename(directory.join("cur/1.a:2,S"), directory.join("new/1.a")).unwrap();
    let picked = sent.mailer.pick_up_once(&directory).await.unwrap();
    assert_eq!((picked.recorded, picked.repeated), (0, 1));
}

#[tokio::test]
async fn what_is_poisoned_goes_aside_and_blocks_nobody() {
    let sent = Sent::new().await;
    let bounce = Sent::bounce(&sent.bounce_address(), "5.2.2");
    let long = "a".repeat((10 << 20) + 1);
    let directory = sent.maildir(&[("1.long", &long), ("3.bounce", &bounce)]);
    std::fs::create_dir(directory.join("new/2.folder")).unwrap();

    let picked = sent.mailer.pick_up_once(&directory).await.unwrap();

    assert_eq!((picked.recorded, picked.aside), (1, 2));
    assert_eq!(sent.state().await, State::BouncedSoft);
    assert_eq!(names(&directory, "aside"), ["1.long", "2.folder"]);
}

#[tokio::test]
async fn a_bad_seal_changes_nothing_and_is_counted() {
    let sent = Sent::new().await;
    let real = sent.bounce_address();
    let id = sent.letter().await.id;
    // The last letter of the seal is another.
    let (local, domain) = real.split_once('@').unwrap();
    let (seal, last) = local.split_at(local.len() - 2);
    let other = if last.starts_with('a') { "b" } else { "a" };
    let forged = format!("{seal}{other}{}@{domain}", &last[1..]);
    let message_id = sent.letter().await.envelope.unwrap().message_id;
    let bounce = format!(
        "References: {message_id}\r\n{}",
        Sent::bounce(&forged, "5.1.1")
    );

    let taken = sent.mailer.receive(bounce.into_bytes(), &[]).await.unwrap();

    assert_eq!(taken, Taken::Stray(StrayReason::Forged));
    assert_eq!(sent.state().await, State::Accepted);
    let events = &sent.stage.store.events;
    assert_eq!(events.list_events(id).await.unwrap(), []);
    let since = "2026-01-01".parse().unwrap();
    assert_eq!(
        events.count_strays(since).await.unwrap(),
        [(StrayReason::Forged, 1)]
    );
    // Nor does the official's address alone.
    let bounce = Sent::bounce("mail@petition.example", "5.1.1");
    let taken = sent.mailer.receive(bounce.into_bytes(), &[]).await.unwrap();
    assert_eq!(taken, Taken::Stray(StrayReason::Unmatched));
    assert_eq!(sent.state().await, State::Accepted);
}

#[tokio::test]
async fn a_persons_answer_is_sealed_and_matched_by_the_letters_id() {
    let sent = Sent::new().await;
    let message_id = sent.letter().await.envelope.unwrap().message_id;
    let answer = format!(
        "From: Elena Ruiz <mayor@city.example>\r\nTo: hello@opendoors.example\r\nSubject: Re: yours\r\n\
         In-Reply-To: {message_id}\r\n\r\nI am for it.\r\n\r\nOn Monday, Open Doors wrote:\r\n> Please.\r\n"
    );

    let taken = sent.mailer.receive(answer.into_bytes(), &[]).await.unwrap();

    let Taken::Recorded {
        delivery,
        kind,
        state,
    } = taken
    else {
        panic!("{taken:?}");
    };
    assert_eq!((kind, state), (EventKind::Reply, State::Accepted));
    let event = sent
        .stage
        .store
        .events
        .list_events(delivery)
        .await
        .unwrap()
        .remove(0);
    let sealed = event.sealed_answer.unwrap();
    let bytes = sealed.windows(9).any(|window| window == b"am for it");
    assert!(!bytes, "it is sealed");
    let secrets = sent.stage.vault.petition(sent.petition).await.unwrap();
    let opened = secrets
        .open(SealedField::Answer, event.id, &sealed)
        .unwrap();
    let opened: AnswerFields = serde_json::from_slice(&opened).unwrap();
    assert_eq!(
        (opened.text.as_str(), opened.name.as_str()),
        ("I am for it.", "Elena Ruiz")
    );
}

#[tokio::test]
async fn a_full_mailbox_gets_the_same_bytes_six_hours_later() {
    let sent = Sent::new().await;
    let bounce = Sent::bounce(&sent.bounce_address(), "5.2.2");
    sent.mailer.receive(bounce.into_bytes(), &[]).await.unwrap();
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = sent.stage.mailer(crate::stage::to(&judge)).await;
    mailer.drain_letters().await.unwrap();
    assert_eq!(judge.taken(), []);

    sent.stage.clock.wait(Duration::hours(6));
    mailer.drain_letters().await.unwrap();

    assert_eq!(judge.taken()[0].bytes, sent.dot.bytes);
    assert_eq!(sent.state().await, State::Accepted);
    sent.stage.clock.wait(Duration::hours(72));
    mailer.drain_letters().await.unwrap();
    assert_eq!(sent.state().await, State::PresumedDelivered);
}

/// Says lines, and gives back the answers' first three digits; of `LHLO` the last line counts.
pub async fn speak(address: SocketAddr, lines: &[String], answers: usize) -> Vec<String> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read).lines();
    for line in lines {
        write.write_all(line.as_bytes()).await.unwrap();
        write.write_all(b"\r\n").await.unwrap();
    }
    let mut codes = Vec::new();
    while codes.len() < answers {
        let line = tokio::time::timeout(Pause::from_secs(20), read.next_line());
        let line = line.await.unwrap().unwrap().unwrap();
        if line.as_bytes().get(3) != Some(&b'-') {
            codes.push(line[..3].to_owned());
        }
    }
    codes
}

#[tokio::test]
async fn lmtp_answers_each_recipient_after_the_commit() {
    let sent = Sent::new().await;
    let lmtp = Lmtp::open("127.0.0.1:0").await.unwrap();
    let address = lmtp.address().unwrap();
    let (order, stopped) = watch::channel(false);
    let ours = sent.bounce_address();
    let forged = ours.replacen("bounce", "reply", 1);
    let say = |text: &str| text.to_owned();
    let speaking = async {
        let mut lines = vec![
            say("EHLO mx"),
            say("MAIL FROM:<>"),
            say("LHLO mx"),
            say("RCPT TO:<a@b.example>"),
            say("MAIL FROM:<> SIZE=99999999"),
            say("MAIL FROM:<>"),
            format!("RCPT TO:<{forged}>"),
            say("RCPT TO:<someone@elsewhere.example>"),
            format!("RCPT TO:<{ours}>"),
            format!("RCPT TO:<{ours}>"),
            say("RCPT TO:<mail@petition.example>"),
            say("DATA"),
        ];
        lines.push(Sent::bounce("mail@petition.example", "5.1.1"));
        lines.push(say("."));
        lines.push(say("QUIT"));
        let codes = speak(address, &lines, 17).await;
        assert_eq!(
            codes,
            [
                "220", "500", "503", "250", "503", "552", "250", "550", "550", "250", "250", "250",
                "354", // Recorded, known already, of no letter, goodbye.
                "250", "250", "550", "221",
            ]
        );
        order.send_replace(true);
    };
    let (served, ()) = tokio::join!(lmtp.serve(&sent.mailer, stopped), speaking);
    served.unwrap();
    assert_eq!(sent.state().await, State::BouncedHard);
    let events = &sent.stage.store.events;
    let since = "2026-01-01".parse().unwrap();
    assert_eq!(
        events.count_strays(since).await.unwrap(),
        [(StrayReason::Forged, 1), (StrayReason::Unmatched, 1)]
    );
}

#[tokio::test]
async fn lmtp_takes_nothing_from_a_connection_that_breaks_before_the_dot() {
    let sent = Sent::new().await;
    let lmtp = Lmtp::open("127.0.0.1:0").await.unwrap();
    let address = lmtp.address().unwrap();
    let (order, stopped) = watch::channel(false);
    let speaking = async {
        let lines = [
            "LHLO mx".to_owned(),
            "MAIL FROM:<>".to_owned(),
            format!("RCPT TO:<{}>", sent.bounce_address()),
            "DATA".to_owned(),
            Sent::bounce(&sent.bounce_address(), "5.1.1"),
        ];
        speak(address, &lines, 5).await;
        order.send_replace(true);
    };
    let (served, ()) = tokio::join!(lmtp.serve(&sent.mailer, stopped), speaking);
    served.unwrap();
    assert_eq!(sent.state().await, State::Accepted);
}

#[tokio::test]
async fn lmtp_listens_on_this_machine_alone() {
    for place in ["0.0.0.0:0", "192.0.2.1:2400", "[::]:0", "everywhere", ""] {
        assert!(Lmtp::open(place).await.is_err(), "{place}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp");
    let place = format!("unix:{}", path.display());
    let first = Lmtp::open(&place).await.unwrap();
    assert!(Lmtp::open(&place).await.is_err(), "somebody listens there");
    drop(first);
    std::fs::write(&path, "a file").unwrap();
    assert!(Lmtp::open(&place).await.is_err(), "a file is no socket");
    assert!(path.exists());
}

#[tokio::test]
async fn a_running_mailer_takes_in_over_both_ways() {
    let sent = Sent::new().await;
    let bounce = Sent::bounce(&sent.bounce_address(), "5.1.1");
    let directory = sent.maildir(&[("1.a", &bounce)]);
    let socket = sent.stage.folder.path().join("lmtp");
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = sent
        .stage
        .mailer_with(crate::stage::to(&judge), |settings| {
            settings.coming.maildir.clone_from(&directory);
            settings.coming.lmtp = format!("unix:{}", socket.display());
        })
        .await;
    run_until(&mailer, async || {
        sent.state().await == State::BouncedHard && socket.exists()
    })
    .await;
    assert_eq!(sent.state().await, State::BouncedHard);
    assert!(!socket.exists(), "the socket is cleared away");
}
