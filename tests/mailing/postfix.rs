//! Letters through a real mail server: a Postfix that lets in, puts off, refuses, and sends back what it had taken.

mod database;
mod gate;
mod instance;
mod running;

use crate::signing::list;
use crate::stage::{Stage, holder, post};
use database::{Database, Engine};
use gate::{Asked, Door, PASS};
use instance::{Postfix, Returns, messages};
use mail_parser::{MessageParser, MimeHeaders};
use redress_mailer::receiving::Lmtp;
use redress_mailer::settings::{RelaySettings, Timeouts, TransportSettings};
use redress_model::contact_state::ContactState;
use redress_model::delivery::event::{EventKind, TaskKind};
use redress_model::delivery::state::DeliveryState as State;
use redress_model::directory::Post;
use redress_model::id::PetitionId;
use redress_model::official::Role;
use redress_storage::deliveries::Delivery;
use running::Running;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// Who gets a letter; the mayor first, then the wards in their order.
const ADDRESSES: [&str; 10] = [
    "mayor@city.example",
    "ward1@city.example",
    "ward2@city.example",
    "ward3@city.example",
    "ward4@city.example",
    "gone@office.example",
    "full@office.example",
    "blocked@office.example",
    "slow@office.example",
    "council@silent.example",
];

/// Where letters stand within seconds, and what was heard of each by then.
const FIRST: [(&str, State, &[EventKind]); 10] = [
    ("mayor@city.example", State::Accepted, &[]),
    ("ward1@city.example", State::Accepted, &[]),
    ("ward2@city.example", State::Deferred, &[]),
    ("ward3@city.example", State::Deferred, &[]),
    ("ward4@city.example", State::Refused, &[]),
    (
        "gone@office.example",
        State::BouncedHard,
        &[EventKind::BadAddress],
    ),
    (
        "full@office.example",
        State::BouncedSoft,
        &[EventKind::Passing],
    ),
    (
        "blocked@office.example",
        State::BouncedHard,
        &[EventKind::Rejected],
    ),
    (
        "slow@office.example",
        State::Accepted,
        &[EventKind::Delayed],
    ),
    (
        "council@silent.example",
        State::Accepted,
        &[EventKind::Delayed],
    ),
];

/// What headers servers put before a message on its way.
const TRACES: [&str; 4] = [
    "Return-Path:",
    "X-Original-To:",
    "Delivered-To:",
    "Received:",
];

/// What the doors let through. Of `ward4` the relay itself knows nothing.
fn rule(asked: &Asked, is_open: &AtomicBool) -> &'static str {
    match (asked.door, asked.recipient.as_str()) {
        (Door::Relay, "ward2@city.example" | "ward3@city.example") if asked.nth == 0 => {
            "451 4.7.1 Greylisted, please come back in five minutes"
        }
        (Door::Office, "gone@office.example") => "550 5.1.1 User unknown",
        (Door::Office, "full@office.example") if asked.nth == 0 => "552 5.2.2 Mailbox full",
        (Door::Office, "slow@office.example") if !is_open.load(Ordering::SeqCst) => {
            "450 4.3.2 Try again later"
        }
        (Door::Letter, "blocked@office.example") => "554 5.7.1 Blocked by the rules of this office",
        _ => PASS,
    }
}

/// The mayor, a member for each ward, and the clerk, whom no letter goes to.
fn council(addresses: &[&str]) -> Vec<Post> {
    let mut posts = vec![post(
        "clerk",
        Role::Clerk,
        "City Clerk",
        "",
        holder("Ida Kent", Some("clerk@city.example")),
    )];
    for (ward, &email) in addresses.iter().enumerate() {
        posts.push(if ward == 0 {
            let mayor = holder("Elena Ruiz", Some(email));
            post("mayor", Role::Mayor, "Mayor", "", mayor)
        } else {
            let (id, title) = (
                format!("ward/{ward}"),
                format!("Council Member, Ward {ward}"),
            );
            let member = holder(&format!("Bo Diaz {ward}"), Some(email));
            post(&id, Role::CouncilMember, &title, &ward.to_string(), member)
        });
    }
    posts
}

/// Letters that may leave, and the Postfix through which they do.
struct Story {
    database: Database,
    petition: PetitionId,
    postfix: Postfix,
}

impl Story {
    /// Frozen, with a way in for what comes back, and approved.
    async fn new(engine: Engine, postfix: Postfix, addresses: &[&str]) -> Self {
        let mut database = Database::open(engine).await;
        let stage = &mut database.stage;
        stage.seat(council(addresses)).await;
        let petition = stage.petition("forbid-it").await;
        stage.crowd(petition, 3).await;
        let directory = stage.folder.path().join("outbox");
        let freezer = stage
            .mailer_with(TransportSettings::Outbox { directory }, |settings| {
                settings.coming.maildir = postfix.coming();
            })
            .await;
        freezer.freeze_all(petition).await.unwrap();
        stage.approve(petition).await;
        Self {
            database,
            petition,
            postfix,
        }
    }

    fn stage(&self) -> &Stage {
        &self.database.stage
    }

    async fn letter(&self, email: &str) -> Delivery {
        let mut all = self.stage().deliveries(self.petition).await.into_iter();
        all.find(|letter| letter.addressee.email.as_deref() == Some(email))
            .unwrap()
    }

    /// What was heard of a letter, in order.
    async fn heard(&self, email: &str) -> Vec<EventKind> {
        let id = self.letter(email).await.id;
        let events = self.stage().store.events.list_events(id).await.unwrap();
        events.iter().map(|event| event.kind).collect()
    }

    /// Waits until a letter stands where it should, and no more and no less was heard of it.
    async fn becomes(&self, mailer: &Running, email: &str, state: State, heard: &[EventKind]) {
        let until = Instant::now() + PATIENCE;
        loop {
            let letter = self.letter(email).await;
            let found = self.heard(email).await;
            if letter.state == state && found == heard {
                return;
            }
            assert!(
                Instant::now() < until,
                "the letter to {email} is {:?} after {:?} and {found:?}, not {state:?} after {heard:?}\nthe mailer said: {}\nPostfix said: {}",
                letter.state,
                letter.reply,
                mailer.said(),
                self.postfix.said()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a letter lies in its mailbox.
    async fn arrives(&self, email: &str) {
        let until = Instant::now() + PATIENCE;
        while self
            .postfix
            .delivered()
            .get(email)
            .is_none_or(Vec::is_empty)
        {
            assert!(
                Instant::now() < until,
                "nothing arrives for {email}: {}",
                self.postfix.said()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What is known of an address.
    async fn contact(&self, email: &str) -> ContactState {
        let named = [email.to_owned()];
        let listed = self.stage().store.officials.list_named_contacts(&named);
        let records = listed.await.unwrap();
        records
            .first()
            .map_or(ContactState::Unchecked, |record| record.state)
    }

    /// Open tasks, each with the address that its letter went to.
    async fn tasks(&self) -> Vec<(TaskKind, String)> {
        let events = &self.stage().store.events;
        let open = events.list_tasks(self.petition, true, None, 100).await;
        let letters = self.stage().deliveries(self.petition).await;
        let mut tasks = Vec::new();
        for task in open.unwrap() {
            let of = |letter: &&Delivery| letter.id == task.delivery_id;
            let email = letters.iter().find(of).unwrap().addressee.email.clone();
            let clerk = task.fallback_post_id.unwrap();
            assert!(clerk.ends_with("/clerk"), "{clerk}");
            tasks.push((task.kind, email.unwrap()));
        }
        tasks.sort_by(|one, other| one.1.cmp(&other.1));
        tasks
    }

    /// Puts what was taken from the Maildir back into it, as when the mailer was killed before the rename, and waits until it is
    /// taken once more.
    async fn comes_again(&self, mailer: &Running) {
        let (new, cur) = (
            self.postfix.coming().join("new"),
            self.postfix.coming().join("cur"),
        );
        let taken: Vec<String> = std::fs::read_dir(&cur)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert!(!taken.is_empty(), "something came back");
        for name in taken {
            let base = name.split(':').next().unwrap();
            std::fs::rename(cur.join(&name), new.join(base)).unwrap();
        }
        let until = Instant::now() + PATIENCE;
        while std::fs::read_dir(&new).unwrap().count() > 0 {
            assert!(
                Instant::now() < until,
                "what came again stays where it is: {}",
                mailer.said()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Each letter that is called accepted lies in its mailbox once, as it was sent, and nothing lies in any other.
    async fn assert_delivered(&self, addresses: &[&str]) {
        let delivered = self.postfix.delivered();
        let found: Vec<&str> = delivered.keys().map(String::as_str).collect();
        assert_eq!(found, addresses, "the mailboxes that anything lies in");
        let rows = list(self.stage(), self.petition).await;
        for (email, found) in &delivered {
            assert_eq!(found.len(), 1, "{email} has one letter");
            let letter = self.letter(email).await;
            assert_eq!(letter.state, State::Accepted, "{email}");
            let envelope = letter.envelope.unwrap();
            let sent = as_sent(&found[0]);
            let digest: [u8; 32] = Sha256::digest(&sent).into();
            let text = String::from_utf8_lossy(&sent);
            assert!(digest == envelope.sha256, "{email} got other bytes: {text}");
            let message = MessageParser::default().parse(&sent).unwrap();
            let id = envelope.message_id.trim_matches(['<', '>']);
            assert_eq!(message.message_id(), Some(id), "{email}");
            let kind = message.content_type().unwrap();
            assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("mixed")));
            let attached = message.attachment(0).unwrap().contents();
            assert!(attached == rows.as_bytes(), "{email} got another list");
        }
    }

    /// What came back are reports with headers of the letter at most: nothing of what it carries.
    async fn assert_nothing_returned(&self, reports: usize) {
        let rows = list(self.stage(), self.petition).await;
        let rows: Vec<&str> = rows.lines().skip(1).collect();
        assert_eq!(rows.len(), 3, "a row for each signer");
        let letter = as_sent(&self.postfix.delivered()["mayor@city.example"][0]);
        let letter = String::from_utf8(letter).unwrap();
        let carried: Vec<&str> = letter.lines().filter(|line| is_attached(line)).collect();
        assert!(carried.len() > 10, "lines of attachments in {letter}");
        let found = messages(&self.postfix.coming());
        assert_eq!(found.len(), reports, "reports that came back");
        for report in found {
            let report = String::from_utf8(report).unwrap();
            assert!(
                report.contains("Content-Type: text/rfc822-headers")
                    && !report.contains("Content-Type: message/rfc822"),
                "it brings more back than headers: {report}"
            );
            assert!(
                !rows
                    .iter()
                    .chain(&carried)
                    .any(|line| report.contains(line)),
                "it brings the list back: {report}"
            );
        }
    }
}

/// A message as it was sent: without what servers put before it, with the line ends of the wire.
fn as_sent(stored: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(stored).unwrap();
    let is_trace = |line: &&str| {
        let is_named = TRACES.iter().any(|name| line.starts_with(name));
        is_named || line.starts_with([' ', '\t'])
    };
    let lines = text.split_inclusive('\n').skip_while(is_trace);
    let lines = lines.map(|line| line.replace('\n', "\r\n"));
    lines.collect::<String>().into_bytes()
}

/// Whether a line is of an attachment, in base64.
fn is_attached(line: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    line.len() >= 60 && line.bytes().all(is_digit)
}

/// Whatever the server does with it. Reports come into a Maildir.
async fn each_letter_says_what_became_of_it(engine: Engine) {
    let is_open = Arc::new(AtomicBool::new(false));
    let there = Arc::clone(&is_open);
    let postfix = Postfix::start(Returns::Maildir, move |asked| rule(asked, &there));
    let story = Story::new(engine, postfix, &ADDRESSES).await;
    let began = "2026-03-04 17:00:00";
    let mailer = Running::start(&story.database, &story.postfix, began).await;

    for (email, state, heard) in FIRST {
        story.becomes(&mailer, email, state, heard).await;
    }
    let (code, text) = story.letter("ward2@city.example").await.reply.unwrap();
    assert_eq!(code, 451);
    assert!(
        text.starts_with("4.7.1 ") && text.contains("Greylisted"),
        "{text}"
    );
    for (email, is_failing) in [
        ("ward1@city.example", false),
        ("gone@office.example", true),
        ("ward4@city.example", true),
        ("full@office.example", false),
        ("blocked@office.example", false),
        ("council@silent.example", false),
    ] {
        let contact = story.contact(email).await;
        assert_eq!(contact.is_failing(), is_failing, "{email} is {contact:?}");
    }
    let tasks = [
        (TaskKind::Rejected, "blocked@office.example".to_owned()),
        (TaskKind::Bounced, "gone@office.example".to_owned()),
        (TaskKind::Bounced, "ward4@city.example".to_owned()),
    ];
    assert_eq!(story.tasks().await, tasks);

    // The same reports once more change nothing.
    story.comes_again(&mailer).await;
    for (email, state, heard) in FIRST {
        assert_eq!(story.letter(email).await.state, state, "{email}");
        assert_eq!(story.heard(email).await, heard, "{email}");
    }
    assert_eq!(story.tasks().await, tasks);

    // Ten minutes later the greylist lets in who comes again.
    mailer.wait_until("2026-03-04 17:10:00");
    for email in ["ward2@city.example", "ward3@city.example"] {
        story.becomes(&mailer, email, State::Accepted, &[]).await;
        assert_eq!(story.postfix.asked(Door::Relay, email), 2, "{email}");
    }

    // The slow office takes its letter, of which nothing more is heard; at night the full one has room for the same bytes.
    is_open.store(true, Ordering::SeqCst);
    story.arrives("slow@office.example").await;
    mailer.wait_until("2026-03-05 01:30:00");
    let passing = [EventKind::Passing];
    story
        .becomes(&mailer, "full@office.example", State::Accepted, &passing)
        .await;
    story.arrives("full@office.example").await;

    // Days later the relay gives up on who never answered.
    story.postfix.give_up();
    let late = [EventKind::Delayed, EventKind::Passing];
    story
        .becomes(&mailer, "council@silent.example", State::BouncedSoft, &late)
        .await;
    mailer.end();
    story
        .assert_delivered(&[
            "full@office.example",
            "mayor@city.example",
            "slow@office.example",
            "ward1@city.example",
            "ward2@city.example",
            "ward3@city.example",
        ])
        .await;
    story.assert_nothing_returned(6).await;
    let refused = story.contact("ward4@city.example").await;
    assert_eq!(
        refused,
        ContactState::Refused,
        "whom its relay does not know"
    );
}

/// Over LMTP.
async fn what_comes_back_is_handed_over(engine: Engine) {
    let lmtp = Lmtp::open("127.0.0.1:0").await.unwrap();
    let returns = Returns::Lmtp(lmtp.address().unwrap());
    let postfix = Postfix::start(returns, |asked| rule(asked, &AtomicBool::new(false)));
    let story = Story::new(engine, postfix, &["gone@office.example"]).await;
    let relay = RelaySettings {
        port: story.postfix.port,
        ..RelaySettings::default()
    };
    let mailer = story
        .stage()
        .mailer_with(TransportSettings::Smtp(relay), |settings| {
            settings.timeouts = Timeouts::default();
        })
        .await;

    let carried = mailer.drain_letters().await.unwrap();
    assert_eq!(carried.count(State::Accepted), 1);
    let (order, stopped) = watch::channel(false);
    let watching = async {
        let until = Instant::now() + PATIENCE;
        while story.heard("gone@office.example").await.is_empty() && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        order.send_replace(true);
    };
    let (served, ()) = tokio::join!(lmtp.serve(&mailer, stopped), watching);

    served.unwrap();
    let said = story.postfix.said();
    let heard = story.heard("gone@office.example").await;
    assert_eq!(heard, [EventKind::BadAddress], "Postfix said: {said}");
    let state = story.letter("gone@office.example").await.state;
    assert_eq!(state, State::BouncedHard);
}

#[tokio::test]
async fn a_real_server_lets_in_puts_off_refuses_and_sends_back_on_sqlite() {
    Box::pin(each_letter_says_what_became_of_it(Engine::Sqlite)).await;
}

#[tokio::test]
async fn a_real_server_lets_in_puts_off_refuses_and_sends_back_on_postgresql() {
    Box::pin(each_letter_says_what_became_of_it(Engine::Postgres)).await;
}

#[tokio::test]
async fn a_real_server_hands_what_comes_back_over_by_lmtp_too_on_sqlite() {
    Box::pin(what_comes_back_is_handed_over(Engine::Sqlite)).await;
}

#[tokio::test]
async fn a_real_server_hands_what_comes_back_over_by_lmtp_too_on_postgresql() {
    Box::pin(what_comes_back_is_handed_over(Engine::Postgres)).await;
}
