//! What the client of relays does by their profile: logins, encryption, sizes.

use super::failing::{Counted, LETTER, letter, transport_to};
use crate::reply::class::Class;
use crate::settings::{
    MailerSettings, Password, Profile, RelaySettings, TlsMode, TransportSettings,
};
use crate::testing::{Act, Judge, Manner, Moment, certificate};
use crate::transport::{Ending, NoFence, Outgoing, Transport};
use redress_model::delivery::AttemptStage;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A relay that wants a login, in one of two ways.
fn with_login(mechanisms: &str) -> Manner {
    Manner {
        extensions: vec![format!("AUTH {mechanisms}")],
        login: Some(("open-doors".into(), "open sesame".into())),
        ..Manner::default()
    }
}

fn log_in(relay: &mut RelaySettings, password: &str) {
    relay.user = "open-doors".into();
    relay.password = Password::new(password);
}

#[tokio::test]
async fn a_login_is_given_in_either_way_and_once_a_connection() {
    for mechanisms in ["PLAIN", "LOGIN", "GSSAPI LOGIN PLAIN"] {
        let judge = Judge::open(with_login(mechanisms)).unwrap();
        let transport = transport_to(&judge, |relay| log_in(relay, "open sesame")).await;
        for _ in 0..3 {
            let ending = transport.send(&letter(LETTER), &NoFence).await;
            assert!(
                matches!(ending, Ending::Accepted(_)),
                "{mechanisms}: {ending:?}"
            );
        }
        let users: Vec<_> = judge.taken().into_iter().map(|dot| dot.user).collect();
        assert_eq!(users, vec![Some("open-doors".to_owned()); 3]);
        assert_eq!(judge.connections(), 1);
    }
}

#[tokio::test]
async fn a_refused_login_is_our_fault_and_nothing_is_offered() {
    for (manner, password) in [
        (with_login("PLAIN"), "wrong"),
        (with_login("LOGIN"), "wrong"),
        (with_login("CRAM-MD5"), "open sesame"),
        (
            Manner {
                extensions: Vec::new(),
                ..with_login("")
            },
            "open sesame",
        ),
    ] {
        let judge = Judge::open(manner).unwrap();
        let transport = transport_to(&judge, |relay| log_in(relay, password)).await;
        let fence = Counted::default();
        let ending = transport.send(&letter(LETTER), &fence).await;
        assert!(
            matches!(
                ending,
                Ending::Refused {
                    stage: AttemptStage::Secure,
                    class: Class::OurFault,
                    has_passed: false,
                    ..
                }
            ),
            "{ending:?}"
        );
        assert_eq!(
            (judge.ledger().len(), fence.asked.load(Ordering::SeqCst)),
            (0, 0)
        );
        assert!(!format!("{ending:?}").contains(password));
    }
}

#[tokio::test]
async fn a_relay_that_cannot_look_up_logins_now_is_in_trouble_and_not_wrong() {
    let manner = Manner {
        faults: Arc::new(|moment, _| {
            if moment == Moment::Login {
                Act::Say(454, "4.7.0 Temporary authentication failure".into())
            } else {
                Act::Go
            }
        }),
        ..with_login("PLAIN")
    };
    let judge = Judge::open(manner).unwrap();
    let transport = transport_to(&judge, |relay| log_in(relay, "open sesame")).await;
    let ending = transport.send(&letter(LETTER), &NoFence).await;
    assert!(
        matches!(
            ending,
            Ending::Refused {
                class: Class::DomainTrouble,
                ..
            }
        ),
        "{ending:?}"
    );
}

#[tokio::test]
async fn a_login_goes_over_the_encrypted_way_alone_where_one_is_asked_for() {
    let (config, file) = certificate();
    let manner = Manner {
        tls: Some(config),
        ..with_login("PLAIN")
    };
    let judge = Judge::open(manner).unwrap();
    let ca_file = file.path().to_owned();
    let transport = transport_to(&judge, |relay| {
        log_in(relay, "open sesame");
        relay.tls = TlsMode::Starttls;
        relay.host = "localhost".into();
        relay.ca_file = ca_file;
    })
    .await;
    let ending = transport.send(&letter(LETTER), &NoFence).await;
    assert!(matches!(ending, Ending::Accepted(_)), "{ending:?}");
    let dot = &judge.ledger()[0];
    assert!(dot.is_encrypted && dot.user.is_some());
}

#[tokio::test]
async fn opportunistic_encryption_is_taken_where_it_is_offered_and_missed_where_not() {
    let (config, _file) = certificate();
    for (tls, is_encrypted) in [(Some(config), true), (None, false)] {
        let judge = Judge::open(Manner {
            tls,
            ..Manner::default()
        })
        .unwrap();
        let transport = transport_to(&judge, |relay| relay.tls = TlsMode::Opportunistic).await;
        let ending = transport.send(&letter(LETTER), &NoFence).await;
        assert!(matches!(ending, Ending::Accepted(_)), "{ending:?}");
        assert_eq!(judge.ledger()[0].is_encrypted, is_encrypted);
    }
}

#[tokio::test]
async fn what_is_over_a_profiles_size_is_not_even_offered() {
    let judge = Judge::open(Manner::default()).unwrap();
    let transport = transport_to(&judge, |relay| relay.largest = LETTER.len() - 1).await;
    let ending = transport.send(&letter(LETTER), &NoFence).await;
    assert!(matches!(
        ending,
        Ending::Refused {
            class: Class::TooLarge,
            ..
        }
    ));
    assert_eq!(judge.connections(), 0);
    assert_eq!(Profile::Ses.traits().largest, Some(41_943_040));
}

#[tokio::test]
async fn what_is_over_the_ceiling_of_its_domain_is_not_even_offered() {
    let judge = Judge::open(Manner::default()).unwrap();
    let settings = MailerSettings {
        transport: TransportSettings::Smtp(RelaySettings {
            port: judge.port(),
            ..RelaySettings::default()
        }),
        ceiling: LETTER.len() - 1,
        ceilings: [("town.example".to_owned(), LETTER.len())].into(),
        ..MailerSettings::default()
    };
    let transport = Transport::open(&settings, "petition.example");
    let transport = transport.await.unwrap();
    let fence = Counted::default();
    let ending = transport.send(&letter(LETTER), &fence).await;
    assert!(
        matches!(
            ending,
            Ending::Refused {
                stage: AttemptStage::Sender,
                class: Class::TooLarge,
                has_passed: false,
                ..
            }
        ),
        "{ending:?}"
    );
    assert_eq!(
        (judge.connections(), fence.asked.load(Ordering::SeqCst)),
        (0, 0)
    );
    let elsewhere = Outgoing {
        recipient: "mayor@Town.example",
        ..letter(LETTER)
    };
    let ending = transport.send(&elsewhere, &NoFence).await;
    assert!(matches!(ending, Ending::Accepted(_)), "{ending:?}");
}

#[tokio::test]
async fn a_service_on_another_machine_gets_nothing_in_clear() {
    let settings = |host: &str, tls| MailerSettings {
        transport: TransportSettings::Smtp(RelaySettings {
            host: host.into(),
            profile: Profile::Ses,
            tls,
            ..RelaySettings::default()
        }),
        ..MailerSettings::default()
    };
    for (host, tls, is_taken) in [
        ("relay.example", TlsMode::None, false),
        ("relay.example", TlsMode::Opportunistic, false),
        ("relay.example", TlsMode::Starttls, true),
        ("localhost", TlsMode::None, true),
    ] {
        let opened = Transport::open(&settings(host, tls), "petition.example").await;
        assert_eq!(opened.is_ok(), is_taken, "{host} {tls:?}");
    }
}
