//! Letters without a relay: to the servers that the DNS names.

use crate::stage::{Stage, holder, post};
use redress_mailer::Mailer;
use redress_mailer::settings::{DirectSettings, DnsSettings, TransportSettings};
use redress_mailer::testing::{Act, DnsAnswer, DnsStage, Judge, Manner, Moment};
use redress_model::delivery::state::DeliveryState as State;
use redress_model::id::PetitionId;
use redress_model::official::Role;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Approved letters to somebody at each of some domains.
async fn letters_to(stage: &mut Stage, domains: &[&str]) -> PetitionId {
    let council = domains.iter().enumerate().map(|(seat, domain)| {
        let (id, email) = (format!("ward/{seat}"), format!("ward{seat}@{domain}"));
        let title = format!("Council Member, Ward {seat}");
        let name = format!("Bo Diaz {}", ["A", "B", "C", "D", "E", "F"][seat]);
        let who = holder(&name, Some(&email));
        post(&id, Role::CouncilMember, &title, &seat.to_string(), who)
    });
    stage.seat(council.collect()).await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 2).await;
    let (freezer, _) = stage.outbox().await;
    freezer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    petition
}

async fn direct(stage: &Stage, judge: &Judge, dns: &DnsStage, allow_private: bool) -> Mailer {
    let settings = DirectSettings {
        port: judge.port(),
        allow_private,
        ..DirectSettings::default()
    };
    stage
        .mailer_with(TransportSettings::Direct(settings), |settings| {
            settings.dns = DnsSettings {
                servers: vec![dns.address().to_string()],
                ..DnsSettings::default()
            };
        })
        .await
}

const HERE: DnsAnswer = DnsAnswer::Address([127, 0, 0, 1]);
const NOBODY: DnsAnswer = DnsAnswer::Address([127, 0, 0, 2]);

fn mx(host: &'static str) -> DnsAnswer {
    DnsAnswer::Mx(vec![(10, host)])
}

#[tokio::test]
async fn each_letter_goes_to_the_first_server_of_its_domain_that_lets_us_in() {
    let mut stage = Stage::open().await;
    let domains = ["city.example", "own.example", "town.example"];
    let petition = letters_to(&mut stage, &domains).await;
    let dns = DnsStage::open(&[
        (
            "city.example",
            DnsAnswer::Mx(vec![(20, "mx2.city.example"), (10, "mx1.city.example")]),
        ),
        ("mx1.city.example", NOBODY),
        ("mx2.city.example", HERE),
        ("own.example", HERE),
        ("town.example", mx("mx.provider.example")),
        ("mx.provider.example", HERE),
    ]);
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = direct(&stage, &judge, &dns, true).await;
    let drained = mailer.drain_letters().await.unwrap();
    assert_eq!(drained.count(State::Accepted), 3, "{drained:?}");
    let mut to: Vec<String> = judge.ledger().into_iter().map(|it| it.rcpt).collect();
    to.sort();
    assert_eq!(
        to,
        [0, 1, 2].map(|seat| format!(
            "RCPT TO:<ward{seat}@{}> NOTIFY=FAILURE,DELAY",
            domains[seat]
        ))
    );
    assert_eq!(stage.states(petition).await, [State::Accepted; 3]);
}

#[tokio::test]
async fn what_the_dns_says_of_a_domain_is_as_good_as_a_servers_word_and_its_silence_is_not() {
    let mut stage = Stage::open().await;
    let domains = ["gone.example", "none.example", "busy.example"];
    let petition = letters_to(&mut stage, &domains).await;
    let dns = DnsStage::open(&[
        ("none.example", DnsAnswer::Mx(vec![(0, ".")])),
        ("busy.example", DnsAnswer::Fails),
    ]);
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = direct(&stage, &judge, &dns, true).await;
    mailer.drain_letters().await.unwrap();
    assert_eq!(
        stage.states(petition).await,
        [State::Refused, State::Refused, State::Deferred]
    );
    assert_eq!(judge.connections(), 0);
}

#[tokio::test]
async fn nobody_points_us_at_our_own_house() {
    let mut stage = Stage::open().await;
    let petition = letters_to(&mut stage, &["city.example"]).await;
    let dns = DnsStage::open(&[
        ("city.example", mx("mx.city.example")),
        ("mx.city.example", HERE),
    ]);
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = direct(&stage, &judge, &dns, false).await;
    mailer.drain_letters().await.unwrap();
    assert_eq!(stage.states(petition).await, [State::Deferred]);
    assert_eq!(judge.connections(), 0);
}

#[tokio::test]
async fn the_trouble_of_one_provider_rests_all_of_its_cities_and_no_other() {
    let mut stage = Stage::open().await;
    let domains = ["city.example", "town.example", "village.example"];
    letters_to(&mut stage, &domains).await;
    let dns = DnsStage::open(&[
        ("city.example", mx("city.mail.provider.example")),
        ("town.example", mx("town.mail.provider.example")),
        ("village.example", mx("mx.village.example")),
        ("city.mail.provider.example", HERE),
        ("town.mail.provider.example", HERE),
        ("mx.village.example", HERE),
    ]);
    let judge = Judge::open(Manner::with_faults(|moment, _| {
        if moment == Moment::Greeting {
            Act::Say(421, "4.3.2 closing".into())
        } else {
            Act::Go
        }
    }))
    .unwrap();
    let mailer = direct(&stage, &judge, &dns, true).await;
    let moment = tokio::time::sleep(std::time::Duration::from_secs(3));
    mailer.run_letters(moment).await.unwrap();
    let breakers = stage.store.breakers.list_breakers().await.unwrap();
    let names: Vec<&str> = breakers.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["mx:provider.example", "village.example"]);
    let asked = dns.asked();
    mailer.drain_letters().await.unwrap();
    assert!(dns.asked() <= asked + 6, "the DNS is asked once an hour");
}

#[tokio::test]
async fn a_provider_gets_no_more_at_once_than_it_may() {
    let mut stage = Stage::open().await;
    let domains = [
        "a.example",
        "b.example",
        "c.example",
        "d.example",
        "e.example",
    ];
    let petition = letters_to(&mut stage, &domains).await;
    let provider = ("mx.provider.example", HERE);
    let mut told: Vec<_> = domains
        .iter()
        .map(|domain| (*domain, mx("mx.provider.example")))
        .collect();
    told.push(provider);
    let dns = DnsStage::open(&told);
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (inside, highest) = (Arc::clone(&now), Arc::clone(&most));
    let judge = Judge::open(Manner::with_faults(move |moment, _| {
        match moment {
            Moment::Sender => {
                let count = inside.fetch_add(1, Ordering::SeqCst) + 1;
                highest.fetch_max(count, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            Moment::Dot => {
                inside.fetch_sub(1, Ordering::SeqCst);
            }
            _ => {}
        }
        Act::Go
    }))
    .unwrap();
    let settings = DirectSettings {
        port: judge.port(),
        allow_private: true,
        ..DirectSettings::default()
    };
    let mailer = stage
        .mailer_with(TransportSettings::Direct(settings), |settings| {
            settings.dns.servers = vec![dns.address().to_string()];
            settings.pace.at_once = 2;
            settings.sessions = 5;
        })
        .await;
    mailer.drain_letters().await.unwrap();
    assert_eq!(stage.states(petition).await, [State::Accepted; 5]);
    assert_eq!(most.load(Ordering::SeqCst), 2);
}
