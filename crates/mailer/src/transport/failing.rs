//! What the client of relays does when relays fail.

use crate::reply::class::Class;
use crate::settings::{MailerSettings, RelaySettings, Timeouts, TlsMode, TransportSettings};
use crate::testing::{Act, Judge, Manner, Moment, certificate};
use crate::transport::{Ending, Fence, NoFence, Outgoing, Transport};
use async_trait::async_trait;
use redress_model::delivery::AttemptStage;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub(super) const LETTER: &[u8] = b"Subject: Forbid it\r\n\r\n.\r\n..\r\nRespectfully.\r\n";

/// Short enough for tests, long enough for a busy machine.
const TIMEOUTS: Timeouts = Timeouts {
    connect: 2_000,
    command: 400,
    before_body: 3_000,
    body: 2_000,
    dot: 400,
};

#[derive(Default)]
pub(super) struct Counted {
    pub(super) asked: AtomicUsize,
    is_shut: bool,
}

#[async_trait]
impl Fence for Counted {
    async fn may_pass(&self) -> bool {
        self.asked.fetch_add(1, Ordering::SeqCst);
        !self.is_shut
    }
}

pub(super) fn letter(bytes: &[u8]) -> Outgoing<'_> {
    Outgoing {
        sender: "bounce+aa@petition.example",
        recipient: "mayor@city.example",
        bytes,
        envelope_id: Some("aa"),
    }
}

pub(super) async fn transport_to(
    judge: &Judge,
    change: impl FnOnce(&mut RelaySettings),
) -> Transport {
    let mut relay = RelaySettings {
        port: judge.port(),
        ..RelaySettings::default()
    };
    change(&mut relay);
    let settings = MailerSettings {
        transport: TransportSettings::Smtp(relay),
        timeouts: TIMEOUTS,
        ..MailerSettings::default()
    };
    Transport::open(&settings, "petition.example")
        .await
        .unwrap()
}

async fn send_to(manner: Manner, bytes: &[u8], fence: &dyn Fence) -> (Ending, Judge) {
    let judge = Judge::open(manner).unwrap();
    let transport = transport_to(&judge, |_| ()).await;
    let ending = transport.send(&letter(bytes), fence).await;
    (ending, judge)
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written_with_all_that_the_relay_understands() {
    let fence = Counted::default();
    let (ending, judge) = send_to(Manner::default(), LETTER, &fence).await;
    let Ending::Accepted(reply) = ending else {
        panic!("{ending:?}")
    };
    assert_eq!(reply.queue_id().as_deref(), Some("4JUDGE0001"));
    let ledger = judge.ledger();
    assert_eq!((ledger.len(), ledger[0].bytes.as_slice()), (1, LETTER));
    let mail = format!(
        "MAIL FROM:<bounce+aa@petition.example> SIZE={} RET=HDRS ENVID=aa",
        LETTER.len()
    );
    assert_eq!(ledger[0].mail, mail);
    assert_eq!(
        ledger[0].rcpt,
        "RCPT TO:<mayor@city.example> NOTIFY=FAILURE,DELAY"
    );
    assert_eq!(fence.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_plain_relay_is_asked_for_nothing_that_it_does_not_offer() {
    let manner = Manner {
        extensions: Vec::new(),
        ..Manner::default()
    };
    let (ending, judge) = send_to(manner, LETTER, &NoFence).await;
    assert!(matches!(ending, Ending::Accepted(_)));
    assert_eq!(
        judge.ledger()[0].mail,
        "MAIL FROM:<bounce+aa@petition.example>"
    );
    assert_eq!(judge.ledger()[0].rcpt, "RCPT TO:<mayor@city.example>");
}

#[tokio::test]
async fn a_fence_that_is_shut_lets_no_dot_pass() {
    let fence = Counted {
        is_shut: true,
        ..Counted::default()
    };
    let (ending, judge) = send_to(Manner::default(), LETTER, &fence).await;
    assert_eq!(ending, Ending::Fenced);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(judge.ledger().is_empty());
}

#[tokio::test]
async fn a_failure_before_the_dot_is_never_taken_for_silence_and_asks_no_fence() {
    for (moment, is_in_one_go) in [
        (Moment::Greeting, true),
        (Moment::Hello, true),
        (Moment::Sender, true),
        (Moment::Sender, false),
        (Moment::Recipient, true),
        (Moment::Recipient, false),
        (Moment::Data, true),
        (Moment::Data, false),
    ] {
        for act in [
            Act::HangUp,
            Act::Wait(Duration::from_secs(3)),
            Act::Say(451, "4.3.0 later".into()),
        ] {
            let fence = Counted::default();
            let ordered = act.clone();
            let mut manner = Manner::with_faults(move |at, _| {
                if at == moment {
                    ordered.clone()
                } else {
                    Act::Go
                }
            });
            if !is_in_one_go {
                manner.extensions.retain(|word| word != "PIPELINING");
            }
            let (ending, judge) = send_to(manner, LETTER, &fence).await;
            let is_right = match act {
                Act::Say(..) => matches!(
                    ending,
                    Ending::Refused {
                        class: Class::DomainTrouble,
                        has_passed: false,
                        ..
                    }
                ),
                _ => matches!(ending, Ending::Broken { .. }),
            };
            assert!(is_right, "{moment:?} {act:?}: {ending:?}");
            assert_eq!(
                (fence.asked.load(Ordering::SeqCst), judge.ledger().len()),
                (0, 0)
            );
        }
    }
}

#[tokio::test]
async fn what_was_said_in_one_go_is_heard_to_its_end_and_the_connection_goes_on() {
    for (moment, text) in [
        (Moment::Sender, "5.7.1 no"),
        (Moment::Recipient, "5.1.1 nobody"),
        (Moment::Data, "5.7.1 no"),
    ] {
        let manner = Manner::with_faults(move |at, nth| {
            if at == moment && nth == 0 {
                Act::Say(550, text.into())
            } else {
                Act::Go
            }
        });
        let judge = Judge::open(manner).unwrap();
        let transport = transport_to(&judge, |_| ()).await;
        let refused = transport.send(&letter(LETTER), &NoFence).await;
        assert!(
            matches!(&refused, Ending::Refused { reply, has_passed: false, .. } if reply.text == text),
            "{moment:?}: {refused:?}"
        );
        let next = transport.send(&letter(LETTER), &NoFence).await;
        assert!(matches!(next, Ending::Accepted(_)), "{moment:?}: {next:?}");
        assert_eq!((judge.taken().len(), judge.connections()), (1, 1));
    }
}

#[tokio::test]
async fn a_server_that_asks_for_a_body_for_nobody_gets_no_dot() {
    let manner = Manner {
        asks_anyway: true,
        ..Manner::with_faults(|at, nth| {
            if at == Moment::Recipient && nth == 0 {
                Act::Say(550, "5.1.1 nobody".into())
            } else {
                Act::Go
            }
        })
    };
    let judge = Judge::open(manner).unwrap();
    let transport = transport_to(&judge, |_| ()).await;
    let fence = Counted::default();
    let refused = transport.send(&letter(LETTER), &fence).await;
    assert!(
        matches!(
            refused,
            Ending::Refused {
                class: Class::BadAddress,
                ..
            }
        ),
        "{refused:?}"
    );
    assert_eq!(fence.asked.load(Ordering::SeqCst), 0);
    let next = transport.send(&letter(LETTER), &NoFence).await;
    assert!(matches!(next, Ending::Accepted(_)));
    assert_eq!((judge.ledger().len(), judge.connections()), (1, 2));
}

#[tokio::test]
async fn a_relay_that_hangs_up_during_the_body_leaves_it_unsent() {
    let manner = Manner::with_faults(|at, _| {
        if at == Moment::Body {
            Act::HangUp
        } else {
            Act::Go
        }
    });
    let large = [
        b"Subject: a\r\n\r\n".as_slice(),
        &b"0123456789\r\n".repeat(500_000),
    ]
    .concat();
    let fence = Counted::default();
    let (ending, judge) = send_to(manner, &large, &fence).await;
    assert!(
        matches!(
            ending,
            Ending::Broken {
                stage: AttemptStage::Dot,
                ..
            }
        ),
        "{ending:?}"
    );
    assert_eq!(
        (fence.asked.load(Ordering::SeqCst), judge.ledger().len()),
        (0, 0)
    );
}

#[tokio::test]
async fn silence_after_the_dot_is_silence_whether_it_was_taken_or_not() {
    for act in [
        Act::HangUp,
        Act::TakeAndHangUp,
        Act::Wait(Duration::from_secs(2)),
        Act::TakeAndWait(Duration::from_secs(2)),
        Act::Say(354, "again".into()),
    ] {
        let ordered = act.clone();
        let manner = Manner::with_faults(move |at, _| {
            if at == Moment::Dot {
                ordered.clone()
            } else {
                Act::Go
            }
        });
        let (ending, judge) = send_to(manner, LETTER, &NoFence).await;
        assert!(
            matches!(ending, Ending::Silent { .. }),
            "{act:?}: {ending:?}"
        );
        assert_eq!(judge.ledger().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_to_the_dot_is_an_answer() {
    for (code, text, class) in [
        (451, "4.7.1 later", Class::Greylist),
        (421, "4.3.2 closing", Class::DomainTrouble),
        (550, "5.7.1 blocked", Class::Blocked),
        (552, "5.3.4 too big", Class::TooLarge),
    ] {
        let manner = Manner::with_faults(move |at, _| {
            if at == Moment::Dot {
                Act::Say(code, text.into())
            } else {
                Act::Go
            }
        });
        let (ending, _) = send_to(manner, LETTER, &NoFence).await;
        assert!(
            matches!(&ending, Ending::Refused { class: found, has_passed: true, .. } if *found == class),
            "{ending:?}"
        );
    }
}

#[tokio::test]
async fn what_is_over_the_announced_size_is_not_even_offered() {
    let manner = Manner {
        extensions: vec!["SIZE 10".into()],
        ..Manner::default()
    };
    let (ending, judge) = send_to(manner, LETTER, &NoFence).await;
    assert!(matches!(
        ending,
        Ending::Refused {
            class: Class::TooLarge,
            has_passed: false,
            ..
        }
    ));
    assert!(judge.ledger().is_empty());
}

#[tokio::test]
async fn eight_bits_go_only_where_they_are_taken() {
    let eight = "Subject: a\r\n\r\nä\r\n".as_bytes();
    let (ending, judge) = send_to(Manner::default(), eight, &NoFence).await;
    assert!(matches!(ending, Ending::Accepted(_)));
    assert!(judge.ledger()[0].mail.contains(" BODY=8BITMIME"));
    let manner = Manner {
        extensions: Vec::new(),
        ..Manner::default()
    };
    let (ending, _) = send_to(manner, eight, &NoFence).await;
    assert!(matches!(
        ending,
        Ending::Refused {
            class: Class::OurFault,
            ..
        }
    ));
}

#[tokio::test]
async fn one_connection_carries_many_messages_up_to_its_cap() {
    let judge = Judge::open(Manner::default()).unwrap();
    let transport = transport_to(&judge, |relay| relay.messages_per_connection = 4).await;
    for _ in 0..10 {
        assert!(matches!(
            transport.send(&letter(LETTER), &NoFence).await,
            Ending::Accepted(_)
        ));
    }
    transport.rest().await;
    assert_eq!((judge.taken().len(), judge.connections()), (10, 3));
}

#[tokio::test]
async fn a_connection_that_the_relay_closed_meanwhile_costs_nothing() {
    for (at, act) in [
        (Moment::Reset, Act::HangUp),
        (Moment::Sender, Act::HangUp),
        (
            Moment::Sender,
            Act::Say(421, "4.4.2 too many messages".into()),
        ),
    ] {
        let manner = Manner::with_faults(move |moment, nth| {
            let is_now = moment == at && nth == usize::from(at == Moment::Sender);
            if is_now { act.clone() } else { Act::Go }
        });
        let judge = Judge::open(manner).unwrap();
        let transport = transport_to(&judge, |_| ()).await;
        for _ in 0..2 {
            assert!(matches!(
                transport.send(&letter(LETTER), &NoFence).await,
                Ending::Accepted(_)
            ));
        }
        assert_eq!((judge.taken().len(), judge.connections()), (2, 2), "{at:?}");
    }
}

#[tokio::test]
async fn a_letter_goes_encrypted_or_not_at_all() {
    let (config, file) = certificate();
    for (mode, is_tls_from_the_start) in [(TlsMode::Starttls, false), (TlsMode::Tls, true)] {
        let manner = Manner {
            tls: Some(Arc::clone(&config)),
            is_tls_from_the_start,
            ..Manner::default()
        };
        let judge = Judge::open(manner).unwrap();
        let ca_file = file.path().to_owned();
        let transport = transport_to(&judge, |relay| {
            relay.tls = mode;
            relay.host = "localhost".into();
            relay.ca_file = ca_file;
        })
        .await;
        let ending = transport.send(&letter(LETTER), &NoFence).await;
        assert!(
            matches!(ending, Ending::Accepted(_)),
            "{mode:?}: {ending:?}"
        );
        assert!(judge.ledger()[0].is_encrypted);

        let stranger = transport_to(&judge, |relay| {
            relay.tls = mode;
            relay.host = "localhost".into();
        })
        .await;
        let ending = stranger.send(&letter(LETTER), &NoFence).await;
        assert!(
            matches!(
                ending,
                Ending::Broken {
                    stage: AttemptStage::Secure,
                    ..
                }
            ),
            "{ending:?}"
        );
        assert_eq!(judge.ledger().len(), 1);
    }
}

#[tokio::test]
async fn a_relay_without_encryption_gets_nothing_when_it_is_asked_for() {
    let judge = Judge::open(Manner::default()).unwrap();
    let transport = transport_to(&judge, |relay| {
        relay.tls = TlsMode::Starttls;
        relay.host = "localhost".into();
    })
    .await;
    let ending = transport.send(&letter(LETTER), &NoFence).await;
    assert!(matches!(
        ending,
        Ending::Refused {
            stage: AttemptStage::Secure,
            class: Class::OurFault,
            ..
        }
    ));
}
