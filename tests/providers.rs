//! Second opinions at the command line, from a geocoder on this machine.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::civics::{Row, Sample, table};
use redress_tests::geocoder::{Geocoder, Says};
use redress_tests::program::{Ran, executable, refused, run};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const ON: &str = "2026-11-21";

/// An address in a ward, and a governing place that it does not lie in.
fn known(sample: &Sample) -> (Row, String) {
    let rows = table(&sample.truth);
    let known = rows
        .iter()
        .find(|row| row["kind"] == "plain" && !row["district"].is_empty())
        .unwrap();
    let other = rows
        .iter()
        .find(|row| !row["place_geoid"].is_empty() && row["place_geoid"] != known["place_geoid"])
        .unwrap();
    (known.clone(), other["place_geoid"].clone())
}

fn config(sample: &Sample, geocoder: &Geocoder, deadline: u32) -> String {
    let path = sample.path("redress.toml");
    let text = format!(
        "[civics.providers.census]\nurl = \"{}\"\ndeadline = {deadline}\nretries = 0\n",
        geocoder.url
    );
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn resolve(sample: &Sample, config: &str, address: &str, more: &[&str]) -> Ran {
    let pack = sample.pack.display().to_string();
    let base = [
        "--config", config, "civics", "resolve", "--on", ON, "--pack", &pack, address,
    ];
    run(base.iter().chain(more))
}

#[test]
fn an_opinion_that_agrees_is_said_and_changes_nothing() {
    let sample = Sample::new("1");
    let (row, _) = known(&sample);
    let geocoder = Geocoder::start(Says::Place(row["place_geoid"].clone()));
    let config = config(&sample, &geocoder, 20_000);
    let plain = resolve(&sample, &config, &row["address"], &["--json"]);
    assert!(geocoder.asked().is_empty(), "nobody is asked by default");
    let heard = resolve(
        &sample,
        &config,
        &row["address"],
        &["--json", "--provider", "census"],
    );
    let (plain, mut heard): (Value, Value) = (
        serde_json::from_str(&plain.out).unwrap(),
        serde_json::from_str(&heard.out).unwrap(),
    );
    let opinions = heard.as_object_mut().unwrap().remove("opinions").unwrap();
    assert_eq!(heard, plain);
    assert_eq!(opinions[0]["provider"], "census");
    assert_eq!(opinions[0]["said"], "agrees");
    assert_eq!(
        opinions[0]["matches"][0]["places"][0],
        row["place_geoid"].as_str()
    );
    assert_eq!(geocoder.asked().len(), 1);
    assert!(geocoder.asked()[0].contains("benchmark=Public_AR_Current"));
}

#[test]
fn an_opinion_that_differs_makes_a_question_of_the_answer() {
    let sample = Sample::new("1");
    let (row, other) = known(&sample);
    let geocoder = Geocoder::start(Says::Place(other));
    let config = config(&sample, &geocoder, 20_000);
    let ran = resolve(&sample, &config, &row["address"], &["--provider", "census"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.contains("It could be:")
            && ran.out.contains("provider_disagrees")
            && ran.out.contains("a second opinion differs")
            && ran.out.contains("Second opinion: census names"),
        "{}",
        ran.out
    );
}

#[test]
fn an_opinion_that_cannot_be_had_is_a_reason_and_no_failure() {
    let sample = Sample::new("1");
    let (row, _) = known(&sample);
    for (says, deadline, words) in [
        (Says::Page, 20_000, "sends a web page"),
        (Says::Nothing, 300, "did not answer in time"),
    ] {
        let geocoder = Geocoder::start(says);
        let config = config(&sample, &geocoder, deadline);
        let ran = resolve(&sample, &config, &row["address"], &["--provider", "census"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.out.contains(words)
                && ran.out.contains("provider_unavailable")
                && ran.out.contains("How sure: exact"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn a_provider_that_cannot_work_is_refused_by_name() {
    let sample = Sample::new("1");
    let pack = sample.pack.display().to_string();
    let said = |name: &str| {
        refused([
            "civics",
            "resolve",
            "--pack",
            &pack,
            "1 MAIN ST",
            "--provider",
            name,
        ])
    };
    let missing = said("google");
    assert!(
        missing.contains("civics.providers.google.key_file")
            && missing.contains("REDRESS_GOOGLE_KEY"),
        "{missing}"
    );
    assert!(said("json").contains("civics.providers.json.url"));
    assert!(said("pigeon").contains("census, google, cicero and json"));
}

#[test]
fn a_server_does_not_start_with_a_provider_that_cannot_work() {
    let sample = Sample::new("1");
    let database = format!("sqlite:{}", sample.path("redress.db").display());
    let serve = |enabled: &str| {
        let ran = Command::new(executable())
            .args(["serve", "--database", &database])
            .args([Path::new("--pack"), &sample.pack])
            .env("REDRESS_CIVICS__PROVIDERS__ENABLED", enabled)
            .env_remove("REDRESS_CICERO_KEY")
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(2), "{ran:?}");
        String::from_utf8_lossy(&ran.stderr).into_owned()
    };
    let unknown = serve("[pigeon]");
    assert!(
        unknown.contains("civics.providers.enabled") && unknown.contains("`census`"),
        "{unknown}"
    );
    let keyless = serve("[census, cicero]");
    assert!(
        keyless.contains("civics.providers.cicero.key_file")
            && keyless.contains("REDRESS_CICERO_KEY"),
        "{keyless}"
    );
}
