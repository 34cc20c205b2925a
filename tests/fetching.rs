//! `redress civics fetch` from a mirror on this machine: fetched, built, and asked.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::civics::{Sample, answer, build, table};
use redress_tests::mirror::{Mirror, Mood};
use redress_tests::program::{Ran, executable, run};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ON: &str = "2026-11-21";

fn fetch(mirror: &Mirror, out: &Path, more: &[&str]) -> Ran {
    let out = out.to_string_lossy();
    let mut arguments = vec!["civics", "fetch", "--out", &out];
    for (name, value) in [("--year", "2026"), ("--base-url", &mirror.base)] {
        if !more.contains(&name) {
            arguments.extend([name, value]);
        }
    }
    run(arguments.iter().chain(more))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn all_end_in(folder: &Path, ending: &str) -> bool {
    let names = names(folder);
    let is_so = |name: &String| Path::new(name).extension().is_some_and(|end| end == ending);
    names.iter().all(is_so)
}

#[test]
fn what_is_fetched_builds_and_answers_as_the_original_does() {
    let sample = Sample::new("1");
    let mirror = Mirror::start(&sample.path("sample").join("tiger"), Mood::BreaksOff);
    let out = sample.path("fetched").join("tiger");
    let ran = fetch(&mirror, &out, &["--state", "ZZ,ZX,ZW"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        names(&out),
        names(&sample.path("sample").join("tiger")),
        "the folder holds what the mirror has"
    );
    for name in names(&out) {
        assert!(
            std::fs::read(out.join(&name)).unwrap()
                == std::fs::read(sample.path("sample").join("tiger").join(&name)).unwrap(),
            "{name} differs"
        );
    }
    assert!(
        mirror.asked().iter().any(|path| path.contains(" from ")),
        "nothing was gone on with"
    );

    let manifest = sample.path("fetched").join("sources.toml");
    let next = format!("redress civics build {}", manifest.display());
    assert!(ran.out.contains(&next), "{}", ran.out);
    let pack = sample.path("fetched.pack");
    build(&manifest, &pack);
    let known = table(&sample.truth)
        .into_iter()
        .find(|row| row["kind"] == "plain" && !row["place_geoid"].is_empty())
        .unwrap();
    let given = answer(&pack, &known["address"], ON);
    assert_eq!(given["level"], "exact", "{given}");
    assert_eq!(given["place"]["geoid"], known["place_geoid"].as_str());
}

#[test]
fn a_second_fetch_asks_for_nothing_that_is_there() {
    let sample = Sample::new("1");
    let mirror = Mirror::start(&sample.path("sample").join("tiger"), Mood::Good);
    let out = sample.path("fetched").join("tiger");
    let more = ["--state", "Sample State", "--county", "001", "--json"];
    let first: serde_json::Value = serde_json::from_str(&fetch(&mirror, &out, &more).out).unwrap();
    assert_eq!(
        (first["year"].clone(), first["failed"].clone()),
        (2026.into(), 0.into())
    );
    assert_eq!(first["manifest"]["written"], true);
    let outcomes = |summary: &serde_json::Value, outcome: &str| {
        let files = summary["files"].as_array().unwrap().iter();
        files.filter(|file| file["outcome"] == outcome).count()
    };
    assert_eq!(outcomes(&first, "fetched"), mirror.asked().len());
    let second: serde_json::Value = serde_json::from_str(&fetch(&mirror, &out, &more).out).unwrap();
    assert_eq!(
        outcomes(&second, "already_there"),
        outcomes(&first, "fetched")
    );
    assert_eq!(second["manifest"]["written"], false);
    assert_eq!(mirror.asked(), [""; 0]);
    // A file that lost its end is fetched again, and no other.
    let cut = out.join("tl_2026_99_place.zip");
    let bytes = std::fs::read(&cut).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(fetch(&mirror, &out, &more).code, 0);
    assert_eq!(
        mirror.asked(),
        ["/geo/tiger/TIGER2026/PLACE/tl_2026_99_place.zip"]
    );
    assert!(std::fs::read(&cut).unwrap() == bytes);
}

#[test]
fn wrong_use_ends_with_2_and_says_the_mend() {
    let sample = Sample::new("1");
    let mirror = Mirror::start(&sample.path("sample").join("tiger"), Mood::Good);
    let out = sample.path("fetched").join("tiger");
    let said = |more: &[&str]| {
        let ran = fetch(&mirror, &out, more);
        assert_eq!(ran.code, 2, "{more:?}: {ran:?}");
        ran.err
    };
    assert!(said(&["--state", "Atlantis"]).contains("USPS code such as CO"));
    assert!(said(&[]).contains("--state"));
    assert!(said(&["--state", "ZZ", "--base-url", "mirror.example"]).contains("https://"));
    assert!(said(&["--state", "ZZ", "--at-once", "9"]).contains("--at-once"));
    assert_eq!(
        mirror.asked(),
        [""; 0],
        "nothing is fetched before that is known"
    );
    let unknown = said(&["--state", "ZZ", "--county", "Nowhere"]);
    assert!(
        unknown.contains("Nowhere") && unknown.contains("99001"),
        "{unknown}"
    );
    assert!(
        said(&["--state", "ZZ", "--year", "2025"]).contains("another year"),
        "a folder of two years"
    );
}

#[test]
fn a_file_that_fails_is_named_and_ends_with_1() {
    let sample = Sample::new("1");
    let tiger = sample.path("sample").join("tiger");
    std::fs::remove_file(tiger.join("tl_2026_99001_faces.zip")).unwrap();
    std::fs::write(
        tiger.join("tl_2026_99_place.zip"),
        "<html>maintenance</html>",
    )
    .unwrap();
    let mirror = Mirror::start(&tiger, Mood::Good);
    let out = sample.path("fetched").join("tiger");
    let ran = fetch(&mirror, &out, &["--state", "ZZ"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.err.contains("tl_2026_99001_faces.zip")
            && ran.err.contains("(404)")
            && ran.err.contains("renumbered"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("is a web page"), "{}", ran.err);
    assert!(
        names(&out).contains(&"tl_2026_99001_addrfeat.zip".to_owned()),
        "the others are here"
    );
    assert!(!ran.out.contains("build it"), "{}", ran.out);
    let early = fetch(
        &Mirror::start(&sample.path("nothing"), Mood::Good),
        &sample.path("other"),
        &["--state", "ZZ", "--json"],
    );
    assert_eq!(early.code, 1);
    let summary: serde_json::Value = serde_json::from_str(&early.out).unwrap();
    assert_eq!(summary["failed"], 1);
    assert!(
        summary["files"][0]["reason"]
            .to_string()
            .contains("TIGER/Line of 2026"),
        "{summary}"
    );
}

#[test]
fn an_interrupted_fetch_leaves_parts_alone_and_is_gone_on_with() {
    let sample = Sample::new("1");
    let tiger = sample.path("sample").join("tiger");
    let stalling = Mirror::start(&tiger, Mood::Stalls);
    let out = sample.path("fetched").join("tiger");
    let mut child = Command::new(executable())
        .args(["civics", "fetch", "--state", "ZZ", "--year", "2026"])
        .args(["--base-url", &stalling.base, "--out"])
        .arg(&out)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let part = out.join("tl_2026_us_county.zip.part");
    let until = Instant::now() + Duration::from_secs(30);
    while std::fs::metadata(&part).map_or(0, |part| part.len()) == 0 {
        assert!(Instant::now() < until, "nothing came");
        std::thread::sleep(Duration::from_millis(10));
    }
    // As Ctrl-C does.
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert!(!child.wait().unwrap().success());
    assert!(all_end_in(&out, "part"), "{:?}", names(&out));
    let good = Mirror::start(&tiger, Mood::Good);
    let ran = fetch(&good, &out, &["--state", "ZZ"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(all_end_in(&out, "zip"));
}
