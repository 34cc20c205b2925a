//! What comes back into a mailbox that is read over IMAP.

use crate::returns::{Sent, run_until};
use redress_mailer::receiving::{Imap, PickedUp};
use redress_mailer::settings::{
    ComingSettings, ImapSettings, Password, TlsMode, TransportSettings,
};
use redress_mailer::testing::imap::{ImapServer, Mood, PASSWORD, USER};
use redress_mailer::{Mailer, MailerError};
use redress_model::delivery::event::StrayReason;
use redress_model::delivery::state::DeliveryState as State;
use redress_storage::settings::Settings;
use std::cell::Cell;
use std::collections::BTreeMap;
use tokio::sync::watch;

/// The longest message that is taken here.
const MOST: usize = 4_000;

const STRANGE: &str = "\n\nnothing";

fn coming(server: &ImapServer) -> ComingSettings {
    ComingSettings {
        max_bytes: MOST,
        imap: ImapSettings {
            host: "127.0.0.1".into(),
            port: server.port(),
            tls: TlsMode::None,
            user: USER.into(),
            password: Password::new(PASSWORD),
            poll_seconds: 1,
            ..ImapSettings::default()
        },
        ..ComingSettings::default()
    }
}

/// A letter that was sent, a mailbox, and a mailer that reads it.
struct Mailbox {
    sent: Sent,
    server: ImapServer,
    mailer: Mailer,
}

impl Mailbox {
    async fn new() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut ComingSettings)) -> Self {
        let sent = Sent::new().await;
        let server = ImapServer::open().unwrap();
        let outbox = TransportSettings::Outbox {
            directory: sent.stage.folder.path().join("outbox"),
        };
        let mailer = sent.stage.mailer_with(outbox, |settings| {
            settings.coming = coming(&server);
            change(&mut settings.coming);
        });
        let mailer = mailer.await;
        Self {
            sent,
            server,
            mailer,
        }
    }

    fn bounce(&self) -> String {
        Sent::bounce(&self.sent.bounce_address(), "5.1.1")
    }

    async fn read(&self) -> PickedUp {
        self.mailer.read_mailbox_once().await.unwrap()
    }

    fn settings(&self) -> &dyn Settings {
        self.sent.stage.store.settings.as_ref()
    }

    fn cursor_name(&self) -> String {
        format!("imap:127.0.0.1:{}:{USER}:INBOX", self.server.port())
    }

    async fn cursor(&self) -> Option<String> {
        let kept = self.settings().find_setting(&self.cursor_name()).await;
        kept.unwrap()
    }

    /// Nobody was marked, moved or deleted.
    fn assert_untouched(&self) {
        for command in self.server.ledger() {
            let is_harmless = ["LOGIN", "LOGOUT", "EXAMINE \"INBOX\""].contains(&command.as_str())
                || (command.starts_with("UID FETCH ") && !command.contains("BODY["));
            assert!(is_harmless, "{command}");
        }
    }
}

fn taken(recorded: u64, repeated: u64, unreadable: u64, aside: u64) -> PickedUp {
    let strays = (unreadable > 0).then_some((StrayReason::Unreadable, unreadable));
    PickedUp {
        recorded,
        repeated,
        strays: strays.into_iter().collect::<BTreeMap<_, _>>(),
        aside,
    }
}

#[tokio::test]
async fn a_bounce_in_a_mailbox_moves_its_letter_and_nothing_in_the_mailbox() {
    let mailbox = Mailbox::new().await;
    let bounce = mailbox.bounce();
    for message in [STRANGE, bounce.as_str(), bounce.as_str()] {
        mailbox.server.deliver(message);
    }

    assert_eq!(mailbox.read().await, taken(1, 1, 1, 0));

    assert_eq!(mailbox.sent.state().await, State::BouncedHard);
    assert_eq!(mailbox.server.given(), [1, 2, 3]);
    let kept = format!("{} 3", mailbox.server.validity());
    assert_eq!(mailbox.cursor().await, Some(kept));
    mailbox.assert_untouched();

    // What was taken is not fetched again, and what is new is.
    assert_eq!(mailbox.read().await, PickedUp::default());
    mailbox.server.deliver(STRANGE);
    assert_eq!(mailbox.read().await, taken(0, 0, 1, 0));
    assert_eq!(mailbox.server.given(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn whoever_is_killed_before_the_cursor_moves_takes_a_message_again_without_harm() {
    let mailbox = Mailbox::new().await;
    mailbox.server.deliver(mailbox.bounce());
    mailbox.read().await;
    let before = format!("{} 0", mailbox.server.validity());
    let settings = mailbox.settings();
    settings
        .record_setting(&mailbox.cursor_name(), &before)
        .await
        .unwrap();

    assert_eq!(mailbox.read().await, taken(0, 1, 0, 0));

    assert_eq!(mailbox.server.given(), [1, 1]);
    assert_eq!(mailbox.read().await, PickedUp::default());
}

#[tokio::test]
async fn a_mailbox_that_counts_anew_is_read_from_its_beginning() {
    let mailbox = Mailbox::new().await;
    mailbox.server.deliver(STRANGE);
    mailbox.server.skip_to(9_000);
    mailbox.server.deliver(mailbox.bounce());
    assert_eq!(mailbox.read().await, taken(1, 0, 1, 0));
    mailbox.server.count_anew();
    mailbox.server.deliver(STRANGE);

    assert_eq!(mailbox.read().await, taken(0, 1, 2, 0));

    assert_eq!(mailbox.server.given(), [1, 9_000, 1, 2, 3]);
    let kept = format!("{} 3", mailbox.server.validity());
    assert_eq!(mailbox.cursor().await, Some(kept));
    assert_eq!(mailbox.sent.state().await, State::BouncedHard);
}

#[tokio::test]
async fn what_is_too_long_is_never_fetched_and_blocks_nobody() {
    let mailbox = Mailbox::new().await;
    mailbox.server.deliver("a".repeat(MOST + 1));
    mailbox.server.deliver(mailbox.bounce());

    assert_eq!(mailbox.read().await, taken(1, 0, 0, 1));

    assert_eq!(mailbox.server.given(), [2]);
    let ledger = mailbox.server.ledger();
    assert!(!ledger.contains(&"UID FETCH 1 (UID BODY.PEEK[])".to_owned()));
    assert_eq!(mailbox.read().await, PickedUp::default());
}

#[tokio::test]
async fn a_server_that_is_wrong_about_sizes_is_cut_off_and_the_rest_is_read() {
    let mailbox = Mailbox::new().await;
    mailbox.server.set(Mood {
        claimed_size: Some(10),
        ..Mood::default()
    });
    // A little too long, and by far.
    mailbox.server.deliver("a".repeat(MOST + 1));
    mailbox.server.deliver("a".repeat(1 << 20));
    mailbox.server.deliver(mailbox.bounce());

    assert_eq!(mailbox.read().await, taken(1, 0, 0, 2));

    assert_eq!(mailbox.server.connections(), 2);
    assert_eq!(mailbox.sent.state().await, State::BouncedHard);
}

#[tokio::test]
async fn a_connection_that_breaks_is_taken_up_at_the_message_where_it_broke() {
    let mailbox = Mailbox::new().await;
    let bounce = mailbox.bounce();
    for message in [STRANGE, bounce.as_str(), STRANGE] {
        mailbox.server.deliver(message);
    }
    mailbox.server.set(Mood {
        hangs_up_after: Some(1),
        ..Mood::default()
    });

    let broken = mailbox.mailer.read_mailbox_once().await.unwrap_err();

    assert!(matches!(broken, MailerError::Mailbox(_)), "{broken}");
    assert_eq!(mailbox.server.given(), [1]);
    assert_eq!(mailbox.sent.state().await, State::Accepted);
    assert_eq!(mailbox.read().await, taken(1, 0, 1, 0));
    assert_eq!(mailbox.server.given(), [1, 2, 3]);
}

#[tokio::test]
async fn a_message_that_cannot_be_had_is_passed_over_after_some_looks() {
    let mailbox = Mailbox::new().await;
    mailbox.server.deliver(STRANGE);
    mailbox.server.deliver(mailbox.bounce());
    mailbox.server.set(Mood {
        withheld: Some(1),
        ..Mood::default()
    });
    let mut imap = Imap::open(&coming(&mailbox.server)).unwrap().unwrap();
    let (_order, stop) = watch::channel(false);

    let mut failures = 0;
    let picked = loop {
        match mailbox.mailer.read_mailbox(&mut imap, &stop).await {
            Ok(picked) => break picked,
            Err(error) => assert!(matches!(error, MailerError::Mailbox(_)), "{error}"),
        }
        failures += 1;
    };

    assert_eq!((failures, picked), (4, taken(1, 0, 0, 1)));
    assert_eq!(mailbox.server.given(), [2]);
}

#[tokio::test]
async fn what_somebody_deletes_meanwhile_is_not_missed() {
    let mailbox = Mailbox::new().await;
    let first = mailbox.server.deliver(STRANGE);
    mailbox.server.deliver(mailbox.bounce());
    mailbox.server.delete(first);

    assert_eq!(mailbox.read().await, taken(1, 0, 0, 0));

    mailbox.server.delete(2);
    assert_eq!(mailbox.read().await, PickedUp::default());
}

#[tokio::test]
async fn after_the_order_to_stop_nothing_more_is_fetched() {
    let mailbox = Mailbox::new().await;
    mailbox.server.deliver(mailbox.bounce());
    let mut imap = Imap::open(&coming(&mailbox.server)).unwrap().unwrap();
    let (_order, stop) = watch::channel(true);

    let picked = mailbox.mailer.read_mailbox(&mut imap, &stop).await.unwrap();

    assert_eq!(picked, PickedUp::default());
    assert_eq!(mailbox.server.given(), [0; 0]);
}

#[tokio::test]
async fn a_running_mailer_reads_what_comes_later_over_the_same_connection() {
    let mailbox = Mailbox::new().await;
    mailbox.server.deliver(STRANGE);

    let is_delivered = Cell::new(false);
    run_until(&mailbox.mailer, async || {
        if mailbox.server.given() == [1] && !is_delivered.replace(true) {
            mailbox.server.deliver(mailbox.bounce());
        }
        mailbox.sent.state().await == State::BouncedHard
    })
    .await;

    assert_eq!(mailbox.sent.state().await, State::BouncedHard);
    assert_eq!(mailbox.server.connections(), 1);
    mailbox.assert_untouched();
}

#[tokio::test]
async fn a_refused_login_leaves_the_other_ways_in_and_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let maildir = folder.path().join("coming");
    let mailbox = Mailbox::with(|coming| coming.maildir.clone_from(&maildir)).await;
    std::fs::create_dir_all(maildir.join("new")).unwrap();
    std::fs::write(maildir.join("new/1.a"), mailbox.bounce()).unwrap();
    mailbox.server.deliver(STRANGE);
    mailbox.server.set(Mood {
        refuses_logins: true,
        ..Mood::default()
    });

    run_until(&mailbox.mailer, async || {
        let is_bounced = mailbox.sent.state().await == State::BouncedHard;
        if is_bounced && mailbox.server.connections() > 0 {
            mailbox.server.set(Mood::default());
        }
        is_bounced && mailbox.server.given() == [1]
    })
    .await;

    assert_eq!(mailbox.sent.state().await, State::BouncedHard);
    assert_eq!(mailbox.server.given(), [1]);
    assert!(mailbox.server.connections() > 1);
}

#[tokio::test]
async fn without_a_mailbox_there_is_none_to_read() {
    let mailbox = Mailbox::with(|coming| coming.imap.host.clear()).await;
    let error = mailbox.mailer.read_mailbox_once().await.unwrap_err();
    let said = error.to_string();
    assert!(said.contains("mailer.coming.imap.host"), "{said}");
    assert_eq!(mailbox.server.connections(), 0);
}
