//! What holds for every call: memory, budget, company.

use super::{Stage, all, census, json, panel, query};
use crate::local_server::{Answer, LocalServer};
use crate::parse::Input;
use crate::providers::{
    ProviderError, ProviderName, ProviderSettings, ProvidersSettings, Query, Workshop,
};
use redress_model::clock::FixedClock;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn other(number: u32) -> Query {
    let line = format!("{number} Fir Ln, Alder, ZZ 00501");
    Query::new(&Input::line(&line))
}

#[test]
fn what_was_answered_is_not_asked_again_for_a_day() {
    let stage = Stage::new(ProviderName::Census, |_| json(&census(&[&["9900100"]])));
    let first = stage.panel.ask(&query());
    let spelled_alike = Query::new(&Input::line("  12 OAK st., alder,  zz 00501"));
    assert_eq!(stage.panel.ask(&spelled_alike), first);
    assert_eq!(stage.asked(), 1);
    stage.clock.move_on(24 * 3600 - 1);
    stage.panel.ask(&query());
    assert_eq!(stage.asked(), 1);
    stage.clock.move_on(1);
    stage.panel.ask(&query());
    assert_eq!(stage.asked(), 2);
}

#[test]
fn memory_is_bounded_and_the_oldest_goes_first() {
    let stage = Stage::with(
        ProviderName::Census,
        &|settings| settings.cache_size = 2,
        |_| json(&census(&[])),
    );
    for number in [1, 2, 3] {
        stage.panel.ask(&other(number));
    }
    stage.panel.ask(&other(3));
    stage.panel.ask(&other(2));
    assert_eq!(stage.asked(), 3);
    stage.panel.ask(&other(1));
    assert_eq!(stage.asked(), 4);
}

#[test]
fn failures_are_not_remembered() {
    let stage = Stage::with(
        ProviderName::Census,
        &|settings| settings.retries = 0,
        |request| match request.earlier {
            0 => Answer::new(500, ""),
            _ => json(&census(&[])),
        },
    );
    assert_eq!(
        stage.panel.ask(&query())[0].divisions,
        Err(ProviderError::Failing(500))
    );
    assert_eq!(stage.panel.ask(&query())[0].divisions, Ok(vec![]));
}

#[test]
fn a_spent_budget_asks_nobody() {
    let stage = Stage::with(
        ProviderName::Census,
        &|settings| (settings.per_minute, settings.per_day) = (2, 3),
        |_| json(&census(&[])),
    );
    let answered = |number| stage.panel.ask(&other(number)).remove(0).divisions;
    assert!(answered(1).is_ok() && answered(2).is_ok());
    assert_eq!(answered(3), Err(ProviderError::BudgetSpent));
    assert!(answered(1).is_ok(), "what is remembered costs nothing");
    stage.clock.move_on(60);
    assert!(answered(3).is_ok());
    stage.clock.move_on(60);
    assert_eq!(answered(4), Err(ProviderError::BudgetSpent));
    assert_eq!(stage.asked(), 3);
}

#[test]
fn every_try_counts_against_the_budget() {
    let stage = Stage::with(
        ProviderName::Census,
        &|settings| (settings.per_minute, settings.retries) = (2, 5),
        |_| Answer::new(503, ""),
    );
    assert_eq!(
        stage.panel.ask(&query())[0].divisions,
        Err(ProviderError::BudgetSpent)
    );
    assert_eq!(stage.asked(), 2);
}

#[test]
fn several_are_asked_at_once_and_a_slow_one_delays_no_other() {
    let census_server = LocalServer::new(|_| {
        let mut answer = json(&census(&[]));
        answer.delay = Duration::from_secs(20);
        answer
    });
    let json_server = LocalServer::new(|_| json(&serde_json::json!({"found": []})));
    let settings = ProvidersSettings {
        enabled: vec![ProviderName::Census, ProviderName::Json],
        census: ProviderSettings {
            url: census_server.url(),
            deadline: 300,
            ..ProviderSettings::default()
        },
        ..all(
            ProviderName::Json,
            ProviderSettings {
                deadline: 20_000,
                url: format!("{}/{{address}}", json_server.url()),
                ..ProviderSettings::default()
            },
        )
    };
    let workshop = Workshop {
        clock: Arc::new(FixedClock("2026-03-01T12:00:00Z".parse().unwrap())),
        pause: Arc::new(|_| {}),
        variable: &|_| None,
    };
    let panel = panel(&settings, &workshop).unwrap();
    assert_eq!(panel.labels().len(), 2);
    let begun = Instant::now();
    let opinions = panel.ask(&query());
    assert!(begun.elapsed() < Duration::from_secs(15));
    assert_eq!(opinions[0].divisions, Err(ProviderError::Late));
    assert_eq!(opinions[1].divisions, Ok(vec![]));
}
