//! What a connection to a mail server does when the server fails, or is another than it should be.

use super::account::{Account, Patience};
use super::session::{BATCH, Fetched, Session};
use super::trouble::MailboxTrouble;
use crate::connection::WireFailure;
use crate::settings::{ImapSettings, Password, TlsMode};
use crate::testing::certificate;
use crate::testing::imap::{ImapServer, Mood, PASSWORD, USER};
use std::time::Duration;

/// Long enough for a busy machine.
const PATIENCE: Patience = Patience {
    command: Duration::from_secs(10),
    message: Duration::from_secs(10),
};

fn account(server: &ImapServer, change: impl FnOnce(&mut ImapSettings)) -> Account {
    let mut settings = ImapSettings {
        host: "localhost".into(),
        port: server.port(),
        tls: TlsMode::None,
        user: USER.into(),
        password: Password::new(PASSWORD),
        ..ImapSettings::default()
    };
    change(&mut settings);
    Account {
        patience: PATIENCE,
        ..Account::open(&settings).unwrap()
    }
}

async fn session(server: &ImapServer) -> Session {
    let mut session = Session::open(&account(server, |_| ())).await.unwrap();
    session.examine("INBOX").await.unwrap();
    session
}

/// How opening a connection and its folder fails.
async fn trouble(account: &Account) -> MailboxTrouble {
    let opened = async {
        let mut session = Session::open(account).await?;
        session.examine(&account.settings.folder).await
    };
    opened.await.unwrap_err()
}

#[tokio::test]
async fn a_mailbox_is_read_encrypted_or_not_at_all() {
    let (config, file) = certificate();
    for (mode, is_from_the_start) in [(TlsMode::Starttls, false), (TlsMode::Tls, true)] {
        let server = ImapServer::open_with(Some(config.clone()), is_from_the_start).unwrap();
        server.deliver("Subject: a\r\n\r\nb\r\n");
        let ca_file = file.path().to_owned();
        let known = account(&server, |settings| {
            settings.tls = mode;
            settings.ca_file = ca_file;
        });
        let mut session = Session::open(&known).await.unwrap();
        let folder = session.examine("INBOX").await.unwrap();
        assert_eq!(session.highest(&folder, 0).await, Ok(1));
        session.leave().await;
        let had = server.ledger().len();

        let stranger = account(&server, |settings| settings.tls = mode);
        assert!(
            matches!(trouble(&stranger).await, MailboxTrouble::Wire(_)),
            "{mode:?}"
        );
        let more = server.ledger().split_off(had);
        assert!(!more.contains(&"LOGIN".to_owned()), "{more:?}");
    }
    // Who offers no encryption gets no password.
    let server = ImapServer::open().unwrap();
    let encrypted = account(&server, |settings| settings.tls = TlsMode::Starttls);
    assert_eq!(trouble(&encrypted).await, MailboxTrouble::NoEncryption);
    assert_eq!(server.ledger(), ["STARTTLS"]);
}

#[tokio::test]
async fn each_failure_has_its_name_and_no_word_of_the_servers() {
    let server = ImapServer::open().unwrap();
    let wrong = account(&server, |settings| {
        settings.password = Password::new("wrong");
    });
    assert_eq!(trouble(&wrong).await, MailboxTrouble::LoginRefused);
    let broken = account(&server, |settings| {
        settings.password = Password::new("a\nb");
    });
    assert_eq!(trouble(&broken).await, MailboxTrouble::LoginRefused);
    let elsewhere = account(&server, |settings| settings.folder = "Answers".into());
    let said = trouble(&elsewhere).await;
    assert_eq!(said, MailboxTrouble::Refused("EXAMINE"));
    assert_eq!(said.to_string(), "the server says no to EXAMINE");
    let port = server.port();
    drop(server);
    let other = ImapServer::open().unwrap();
    let nobody = account(&other, |settings| settings.port = port);
    assert!(matches!(
        trouble(&nobody).await,
        MailboxTrouble::Wire(WireFailure::Failed(_) | WireFailure::Closed)
    ));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left() {
    let server = ImapServer::open().unwrap();
    server.set(Mood {
        delay: Duration::from_secs(2),
        ..Mood::default()
    });
    let mut account = account(&server, |_| ());
    account.patience.command = Duration::from_millis(200);
    assert_eq!(
        trouble(&account).await,
        MailboxTrouble::Wire(WireFailure::TimedOut)
    );
}

#[tokio::test]
async fn a_connection_that_ends_is_no_end_of_an_answer() {
    let server = ImapServer::open().unwrap();
    let uid = server.deliver("Subject: a\r\n\r\nb\r\n");
    server.set(Mood {
        hangs_up_after: Some(0),
        ..Mood::default()
    });
    let mut first = session(&server).await;
    let ended = first.fetch(uid, 1_000).await;
    assert_eq!(ended, Err(MailboxTrouble::Wire(WireFailure::Closed)));

    let mut second = session(&server).await;
    let fetched = second.fetch(uid, 1_000).await;
    let message = b"Subject: a\r\n\r\nb\r\n".to_vec();
    assert_eq!(fetched, Ok(Fetched::Message(message)));
}

#[tokio::test]
async fn what_cannot_be_had_is_told_apart() {
    let server = ImapServer::open().unwrap();
    let (short, long, vast, gone, held) = (
        server.deliver("a"),
        server.deliver("a".repeat(1_001)),
        server.deliver("a".repeat(1 << 20)),
        server.deliver("a"),
        server.deliver("a"),
    );
    server.delete(gone);
    server.set(Mood {
        withheld: Some(held),
        ..Mood::default()
    });
    let mut session = session(&server).await;
    for (uid, expected) in [
        (short, Ok(Fetched::Message(b"a".to_vec()))),
        (long, Ok(Fetched::TooLong)),
        (gone, Ok(Fetched::Gone)),
        (held, Err(MailboxTrouble::Refused("UID FETCH"))),
        // The connection is cut off before it comes.
        (vast, Err(MailboxTrouble::TooMuch)),
    ] {
        assert_eq!(session.fetch(uid, 1_000).await, expected, "{uid}");
    }
    assert!(server.given().starts_with(&[short, long]));
}

#[tokio::test]
async fn a_list_has_the_first_of_many_and_nothing_beyond_what_was_asked_for() {
    let server = ImapServer::open().unwrap();
    for _ in 0..BATCH + 100 {
        server.deliver("abc");
    }
    server.skip_to(4_000_000_000);
    let last = server.deliver("abcd");
    let mut session = session(&server).await;

    let listed = session.list(1, last - 1).await.unwrap();

    let uids: Vec<u32> = listed.keys().copied().collect();
    assert_eq!(uids, (1..=BATCH).collect::<Vec<_>>());
    assert!(listed.values().all(|size| *size == Some(3)));
    let listed = session.list(last - 1, last).await.unwrap();
    assert_eq!(listed.into_iter().collect::<Vec<_>>(), [(last, Some(4))]);
    assert!(session.list(1_000, 2_000).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_highest_uid_is_known_whether_the_server_tells_the_next_or_not() {
    let server = ImapServer::open().unwrap();
    let mut first = session(&server).await;
    let empty = first.examine("INBOX").await.unwrap();
    assert_eq!(first.highest(&empty, 0).await, Ok(0));
    server.skip_to(7);
    server.deliver("a");
    for is_terse in [false, true] {
        server.set(Mood {
            is_terse,
            ..Mood::default()
        });
        let mut session = session(&server).await;
        let folder = session.examine("INBOX").await.unwrap();
        assert_eq!(session.highest(&folder, 0).await, Ok(7));
        // Who is told the next UID need not ask.
        let asked = server.ledger().len();
        let highest = session.highest(&folder, 7).await;
        assert_eq!(highest, Ok(if is_terse { 7 } else { 0 }));
        assert_eq!(server.ledger().len() - asked, usize::from(is_terse));
    }
}
