//! Clocks that step while people sign, and two servers that do not agree what o'clock it is.

use crate::crowd::{Answers, press, read};
use crate::ground::{Engine, Ground, now, turns};
use chrono::Duration as Time;
use redress_storage::mails::{Mail, MailKind};
use redress_storage::secrets::TokenPurpose;
use redress_tests::instance::Server;
use redress_tests::wall_clock::WallClock;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

/// Takes all mail out of the queue, by whichever clock it came in.
fn mails(ground: &Ground) -> Vec<Mail> {
    let at = now() + Time::days(60);
    ground.on_store(async |store| {
        let mut all = Vec::new();
        loop {
            let claimed = store.mails.claim_mails(at, at + Time::hours(1), 100).await;
            let mails = claimed.unwrap();
            if mails.is_empty() {
                return all;
            }
            let ids: Vec<_> = mails.iter().map(|mail| mail.id).collect();
            store.mails.finish_mails(&ids).await.unwrap();
            all.extend(mails);
        }
    })
}

/// Signs; the id of the signature, by its mail.
fn sign(ground: &Ground, server: &Server, number: usize) -> Option<Uuid> {
    let answer = ground
        .person(number)
        .sign(&server.address, "no-deals")
        .unwrap();
    assert_eq!(answer.status, 202, "{}\n{}", answer.head, answer.body);
    let mails = mails(ground);
    assert!(mails.len() <= 1 && mails.iter().all(|mail| mail.kind == MailKind::Confirm));
    mails.first().map(|mail| mail.signature_id.0)
}

/// Presses the button behind a mail's link; the status.
fn confirm(ground: &Ground, server: &Server, id: Uuid) -> u16 {
    let token = ground.token(TokenPurpose::Confirm, id);
    press(&server.address, &format!("/confirm/{token}"))
        .unwrap()
        .status
}

/// The hours of the public history sum to what counts.
fn assert_hours_sum(server: &Server, counted: usize) {
    let page = read(
        &server.address,
        "/api/v1/petitions/no-deals/history?by=hour",
    )
    .unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    let rows: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    let rows = rows["history"].as_array().expect("hours").iter();
    let sum: i64 = rows
        .map(|row| row["count"].as_i64().expect("a count"))
        .sum();
    assert_eq!(usize::try_from(sum).unwrap(), counted, "{}", page.body);
}

fn a_clock_that_steps(engine: Engine) {
    let ground = Ground::with_petition(engine, "no-deals", "email");
    let clock = WallClock::new(ground.path("clock"));
    let server = ground.serve_by(&clock);

    // Five mails a day, however the clock steps within it.
    let first = sign(&ground, &server, 0).expect("a mail");
    let mut sent = 1;
    for step in [
        "+1800", "-1800", "+0", "+3600", "-3600", "+600", "+0", "+60",
    ] {
        clock.set(step);
        sent += usize::from(sign(&ground, &server, 0).is_some());
    }
    assert_eq!(sent, 5, "mails to one address within a day");

    // A link holds over a step of a day, and over one back.
    let (second, third) = (sign(&ground, &server, 1), sign(&ground, &server, 2));
    clock.set("+1d");
    assert_eq!(confirm(&ground, &server, first), 200);
    let fourth = sign(&ground, &server, 3).expect("a mail");
    clock.set("-3600");
    assert_eq!(confirm(&ground, &server, second.expect("a mail")), 200);
    assert_eq!(confirm(&ground, &server, fourth), 200, "signed tomorrow");
    assert_eq!(
        confirm(&ground, &server, first),
        200,
        "a second click is harmless"
    );
    let fifth = sign(&ground, &server, 4).expect("a mail");
    assert_eq!(confirm(&ground, &server, fifth), 200);

    // And ends after its week.
    clock.set("+8d");
    assert_eq!(confirm(&ground, &server, third.expect("a mail")), 303);
    clock.set("+0");

    let counted = ground.assert_sound("no-deals");
    assert_eq!(counted, 4);
    assert_hours_sum(&server, counted);
    println!("{engine:?}: a clock stepped 13 times: {counted} count, {sent} mails a day");
}

fn two_clocks(engine: Engine) {
    let ground = Ground::with_petition(engine, "no-deals", "email");
    let clocks = [
        WallClock::new(ground.path("slow")),
        WallClock::new(ground.path("fast")),
    ];
    clocks[0].set("-600");
    clocks[1].set("+7200");
    let servers = clocks.each_ref().map(|clock| ground.serve_by(clock));
    let (people, next) = (turns(100, 3_000), AtomicUsize::new(0));
    let (signs, confirms) = (Answers::default(), Answers::default());
    std::thread::scope(|scope| {
        for writer in 0..16 {
            let (servers, next, signs, ground) = (&servers, &next, &signs, &ground);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    // Everybody signs twice, at both: one mailbox, one name.
                    if number >= 2 * people {
                        return;
                    }
                    let server = &servers[(writer + number) % 2].address;
                    signs.note(&ground.person(number / 2).sign(server, "no-deals").unwrap());
                }
            });
        }
    });
    assert_eq!(signs.of(202), 2 * people, "{}", signs.assert_fit());
    let left = Mutex::new(mails(&ground));
    std::thread::scope(|scope| {
        for server in &servers {
            scope.spawn(|| {
                loop {
                    let Some(mail) = left.lock().unwrap().pop() else {
                        return;
                    };
                    let token = ground.token(TokenPurpose::Confirm, mail.signature_id.0);
                    let path = format!("/confirm/{token}");
                    confirms.note(&press(&server.address, &path).unwrap());
                }
            });
        }
    });
    let counted = ground.assert_sound("no-deals");
    println!(
        "{engine:?}: two servers 130 minutes apart: {} submissions of {people} people, confirmations {}: {counted} count",
        2 * people,
        confirms.assert_fit()
    );
    assert_eq!(counted, people);
    for server in &servers {
        assert_hours_sum(server, counted);
    }
}

#[test]
fn a_clock_that_steps_ends_no_link_and_loses_no_count_on_sqlite() {
    a_clock_that_steps(Engine::Sqlite);
}

#[test]
fn a_clock_that_steps_ends_no_link_and_loses_no_count_on_postgresql() {
    a_clock_that_steps(Engine::Postgres);
}

#[test]
fn two_servers_that_disagree_on_the_time_count_everybody_once_on_sqlite() {
    two_clocks(Engine::Sqlite);
}

#[test]
fn two_servers_that_disagree_on_the_time_count_everybody_once_on_postgresql() {
    two_clocks(Engine::Postgres);
}
