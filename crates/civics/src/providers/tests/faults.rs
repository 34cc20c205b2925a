//! What goes wrong is a reason, and names neither address nor key.

use super::{KEY, Stage, all, census, json, panel, query};
use crate::local_server::{Answer, LocalServer};
use crate::providers::{
    ProviderError, ProviderName, ProviderSettings, SettingsError, Workshop, settings::Pointers,
};
use redress_model::clock::FixedClock;
use serde_json::json as value;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn error(stage: &Stage) -> ProviderError {
    stage.panel.ask(&query()).remove(0).divisions.unwrap_err()
}

#[test]
fn a_page_in_the_place_of_json_is_noticed_and_asked_about_again() {
    let stage = Stage::new(ProviderName::Census, |request| match request.earlier {
        0 => Answer::new(200, "<html><title>Down for maintenance</title></html>"),
        _ => json(&census(&[&["9900100"]])),
    });
    assert!(stage.panel.ask(&query())[0].divisions.is_ok());
    let always = Stage::new(ProviderName::Census, |_| Answer::new(200, "\n<html>"));
    assert_eq!(error(&always), ProviderError::Page);
    assert_eq!(always.asked(), 2, "as often as retries say");
}

#[test]
fn a_server_that_fails_once_is_asked_again() {
    let stage = Stage::new(ProviderName::Google, |request| match request.earlier {
        0 => Answer::new(500, ""),
        _ => json(&value!({"divisions": {}})),
    });
    assert_eq!(stage.panel.ask(&query())[0].divisions, Ok(vec![]));
    assert_eq!(*stage.waits.lock().unwrap(), [Duration::from_millis(100)]);
}

#[test]
fn nobody_is_waited_for_beyond_the_deadline() {
    let slow = |settings: &mut ProviderSettings| settings.deadline = 200;
    let stage = Stage::with(ProviderName::Census, &slow, |_| {
        let mut answer = json(&census(&[]));
        answer.delay = Duration::from_secs(20);
        answer
    });
    let begun = Instant::now();
    assert_eq!(error(&stage), ProviderError::Late);
    assert!(begun.elapsed() < Duration::from_secs(15));
    assert_eq!(stage.asked(), 1, "what is late is not asked again");
    // A body that drips in is late too.
    let stage = Stage::with(ProviderName::Census, &slow, |_| {
        let mut answer = Answer::new(200, "{").promising(100);
        answer.silence = Duration::from_secs(20);
        answer
    });
    assert_eq!(error(&stage), ProviderError::Late);
}

#[test]
fn json_of_another_shape_is_said() {
    for name in ProviderName::ALL {
        let stage = Stage::new(name, |_| json(&value!({"hello": []})));
        assert!(matches!(error(&stage), ProviderError::Shape(_)), "{name:?}");
        assert_eq!(stage.asked(), 1, "{name:?} was asked again to no purpose");
        let stage = Stage::new(name, |_| Answer::new(200, "{\"cut\": "));
        assert_eq!(error(&stage), ProviderError::NotJson, "{name:?}");
    }
}

#[test]
fn an_address_does_not_follow_a_redirect() {
    let stranger = LocalServer::new(|_| json(&census(&[])));
    let there = format!("{}/api", stranger.url());
    let stage = Stage::new(ProviderName::Census, move |_| {
        Answer::new(302, "").with("Location", there.clone())
    });
    assert_eq!(error(&stage), ProviderError::Moved(302));
    assert_eq!(stranger.requests().len(), 0);
}

#[test]
fn no_message_names_address_or_key() {
    for status in [301, 400, 401, 403, 500] {
        let stage = Stage::new(ProviderName::Google, move |request| {
            Answer::new(status, request.path.clone())
        });
        let error = error(&stage);
        let said = format!("{error} {error:?}");
        assert!(
            !said.contains(KEY) && !said.contains("Oak") && !said.contains("address="),
            "{said}"
        );
    }
}

#[test]
fn a_server_that_is_not_there_is_unreachable() {
    let nowhere = LocalServer::new(|_| Answer::new(200, "")).url();
    let stage = Stage::with(
        ProviderName::Census,
        &|settings| settings.url = format!("{nowhere}/api"),
        |_| Answer::new(200, ""),
    );
    assert_eq!(error(&stage), ProviderError::Unreachable);
}

fn set_up(
    name: ProviderName,
    change: &dyn Fn(&mut ProviderSettings),
    variable: Option<&str>,
) -> Result<(), SettingsError> {
    let mut settings = ProviderSettings {
        url: "https://geo.example/?q={address}&k={key}".into(),
        ..ProviderSettings::default()
    };
    if name != ProviderName::Json {
        settings.url = "https://geo.example/api".into();
    }
    change(&mut settings);
    let workshop = Workshop {
        clock: Arc::new(FixedClock("2026-03-01T12:00:00Z".parse().unwrap())),
        pause: Arc::new(|_| {}),
        variable: &|asked| {
            assert_eq!(asked, name.key_variable());
            variable.map(str::to_owned)
        },
    };
    panel(&all(name, settings), &workshop).map(|_| ())
}

#[test]
fn a_missing_key_is_said_with_where_it_may_lie() {
    for name in [
        ProviderName::Google,
        ProviderName::Cicero,
        ProviderName::Json,
    ] {
        let said = set_up(name, &|_| {}, None).unwrap_err().to_string();
        assert!(
            said.contains("key_file") && said.contains(name.key_variable()),
            "{said}"
        );
        assert!(set_up(name, &|_| {}, Some(KEY)).is_ok(), "{name:?}");
        let said = set_up(name, &|_| {}, Some("two words"))
            .unwrap_err()
            .to_string();
        assert!(!said.contains("two words"), "{said}");
    }
    assert!(set_up(ProviderName::Census, &|_| {}, None).is_ok());
}

#[test]
fn a_key_is_read_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("google.key").display().to_string();
    let with_file = |settings: &mut ProviderSettings| settings.key_file.clone_from(&path);
    let said = set_up(ProviderName::Google, &with_file, None)
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("google.key_file") && said.contains(&path),
        "{said}"
    );
    std::fs::write(&path, format!("{KEY}\n")).unwrap();
    assert!(set_up(ProviderName::Google, &with_file, None).is_ok());
}

#[test]
fn settings_that_cannot_work_are_refused_by_name() {
    let wrong = |change: &dyn Fn(&mut ProviderSettings)| {
        set_up(ProviderName::Json, change, Some(KEY))
            .unwrap_err()
            .to_string()
    };
    assert!(wrong(&|settings| settings.url.clear()).contains("civics.providers.json.url"));
    assert!(
        wrong(&|settings| settings.url = "http://geo.example/{address}".into())
            .contains("https://")
    );
    assert!(wrong(&|settings| settings.deadline = 0).contains("json.deadline"));
    assert!(wrong(&|settings| settings.per_day = 0).contains("json.per_day"));
    let mut settings = all(
        ProviderName::Json,
        ProviderSettings {
            url: "https://geo.example/{address}".into(),
            ..ProviderSettings::default()
        },
    );
    let workshop = Workshop {
        clock: Arc::new(FixedClock("2026-03-01T12:00:00Z".parse().unwrap())),
        pause: Arc::new(|_| {}),
        variable: &|_| None,
    };
    settings.pointers.district = "ward".into();
    let said = panel(&settings, &workshop).err().unwrap().to_string();
    assert!(
        said.contains("pointers.district") && said.contains("\"ward\""),
        "{said}"
    );
    settings.pointers = Pointers::default();
    let said = panel(&settings, &workshop).err().unwrap().to_string();
    assert!(said.contains("place_geoid"), "{said}");
}
