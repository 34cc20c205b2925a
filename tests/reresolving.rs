//! A new pack, and signatures that an older one resolved.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_model::slug::Slug;
use redress_storage::audit::{Actor, Deed};
use redress_storage::reresolutions::ReresolutionRequest;
use redress_storage_sqlite::Sqlite;
use redress_tests::civics::{Row, Sample, answer, build, quarter, rows, table};
use redress_tests::instance::{self, Instance, get, sign};
use redress_tests::program::done;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The sample's city with wards, its districts one and two called each other's name.
fn with_other_wards(sample: &Sample) -> PathBuf {
    let folder = sample.path("sample");
    for entry in std::fs::read_dir(folder.join("districts")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let named = |label: &str| format!("\"district\":\"{label}\"");
        assert!(
            text.contains(&named("1")) && text.contains(&named("2")),
            "{}",
            path.display()
        );
        let swapped = text
            .replace(&named("1"), "*")
            .replace(&named("2"), &named("1"))
            .replace('*', &named("2"));
        std::fs::write(&path, swapped).unwrap();
    }
    let pack = sample.path("other.pack");
    build(&folder.join("sources.toml"), &pack);
    pack
}

/// A signer who agrees that the address is kept, where the petition asks for it.
fn signer_at(number: usize, address: &str) -> Value {
    let mut signer = instance::signer_at(number, address);
    signer["keep_address"] = json!(true);
    signer
}

/// Lets the petition keep addresses, as its organizer may.
fn keep_addresses(instance: &Instance) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Sqlite::open(&instance.path("redress.db")).await.unwrap();
        let store = database.store();
        let slug = Slug::parse("no-deals").unwrap();
        let petition = store
            .petitions
            .find_petition_by_slug(&slug)
            .await
            .unwrap()
            .unwrap();
        let mut terms = petition.terms;
        terms.keeps_address = true;
        let deed = Deed {
            actor: Actor::CommandLine,
            action: "petition.edit",
            subject: slug.to_string(),
            details: Value::Null,
            at: petition.created_at,
        };
        store
            .petitions
            .record_terms(petition.id, &terms, &deed)
            .await
            .unwrap();
        database.close().await;
    });
}

fn districts(instance: &Instance) -> Vec<(String, String, usize)> {
    let words = [
        "export",
        "counts",
        "--petition",
        "no-deals",
        "--by",
        "district",
    ];
    let text = done(instance.with(&words));
    let all = rows(csv::Reader::from_reader(text.as_bytes()));
    let cells = |row: Row| {
        (
            row["geoid"].clone(),
            row["district"].clone(),
            row["count"].parse().unwrap(),
        )
    };
    all.into_iter()
        .map(cells)
        .filter(|(_, _, count)| *count > 0)
        .collect()
}

fn reresolve(instance: &Instance, pack: &Path, more: &[&str]) -> Value {
    let pack = pack.display().to_string();
    let words = ["civics", "reresolve", "--json", "--pack", &pack];
    let shown = done(instance.with(&[&words[..], more].concat()));
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["petitions"].as_array().unwrap().len(), 1);
    shown["petitions"][0]["report"].clone()
}

fn number(report: &Value, change: &str) -> u64 {
    report["changes"][change]["signatures"].as_u64().unwrap()
}

#[test]
fn another_district_map_is_reported_then_applied_once() {
    let sample = Sample::new("1");
    let old = sample.path("old.pack");
    std::fs::copy(&sample.pack, &old).unwrap();
    let known = table(&sample.truth);
    let city = &known
        .iter()
        .find(|row| row["kind"] == "plain" && row["district"] == "1")
        .unwrap()["place_geoid"];
    let of = |district: &str| {
        let rows = known.iter();
        rows.filter(|row| {
            row["kind"] == "plain" && row["place_geoid"] == *city && row["district"] == district
        })
        .map(|row| row["address"].clone())
        .take(3)
        .collect::<Vec<_>>()
    };
    let addresses = [of("1"), of("2")[..2].to_vec(), of("3")].concat();
    let new = with_other_wards(&sample);
    let instance = Instance::counting_at_once(&old);
    keep_addresses(&instance);
    let server = instance.serve();
    for (number, address) in addresses.iter().enumerate() {
        assert_eq!(
            sign(&server.address, &signer_at(number, address)),
            Some(202)
        );
    }
    let before = districts(&instance);
    let row = |district: &str, count| (city.clone(), district.to_owned(), count);
    assert_eq!(before, [row("1", 3), row("2", 2), row("3", 3)]);

    let report = reresolve(&instance, &new, &[]);
    assert_eq!(
        (
            number(&report, "other_district"),
            number(&report, "unchanged")
        ),
        (5, 3)
    );
    assert_eq!(report["moves"][0]["from"]["district"], "1");
    assert_eq!(report["moves"][0]["signatures"], 3);
    assert_eq!(
        districts(&instance),
        before,
        "nothing is changed without --apply"
    );

    // Beside the running server.
    let applied = reresolve(&instance, &new, &["--petition", "no-deals", "--apply"]);
    assert_eq!(applied, report, "what was reported is what is done");
    assert_eq!(
        districts(&instance),
        [row("1", 2), row("2", 3), row("3", 3)]
    );
    let again = reresolve(&instance, &new, &["--apply"]);
    assert_eq!(again["examined"], 0, "{again}");
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
    let page = get(&format!(
        "http://{}/api/v1/petitions/no-deals/count",
        server.address
    ));
    assert!(page.contains("\"count\":8"), "{page}");
}

#[test]
fn whose_address_is_not_kept_follows_a_redrawn_map_by_the_block_or_becomes_a_question() {
    let sample = Sample::new("1");
    let known = table(&sample.truth);
    let is_plain = |row: &&Row| row["kind"] == "plain" && !row["district"].is_empty();
    let first = known.iter().find(is_plain).unwrap();
    let city = &first["place_geoid"];
    let homes: Vec<&Row> = known
        .iter()
        .filter(is_plain)
        .filter(|row| row["place_geoid"] == *city)
        .take(12)
        .collect();
    let (old, on) = (sample.path("old.pack"), "2026-11-21");
    std::fs::copy(&sample.pack, &old).unwrap();
    let instance = Instance::counting_at_once(&old);
    let server = instance.serve();
    for (number, home) in homes.iter().enumerate() {
        let signer = instance::signer_at(number, &home["address"]);
        assert_eq!(sign(&server.address, &signer), Some(202));
    }
    let spot = &answer(&old, &first["address"], on)["point"];
    let (lon, lat) = (spot["lon"].as_f64().unwrap(), spot["lat"].as_f64().unwrap());
    quarter(&sample.path("sample"), city, lon, lat);
    let new = sample.path("quarters.pack");
    build(&sample.path("sample").join("sources.toml"), &new);

    let report = reresolve(&instance, &new, &[]);
    assert_eq!(
        report["examined"], 12,
        "no address is kept, every block is: {report}"
    );
    assert_eq!(
        number(&report, "other_place") + number(&report, "needs_a_look"),
        0,
        "{report}"
    );
    assert!(number(&report, "became_uncertain") >= 1, "{report}");
    assert!(number(&report, "other_district") >= 1, "{report}");
    let applied = reresolve(&instance, &new, &["--apply"]);
    assert_eq!(applied, report, "what was reported is what is done");

    // No district counts more than those who live there: who is not told apart is counted in the city alone.
    let counted = districts(&instance);
    let total: usize = counted.iter().map(|(_, _, count)| count).sum();
    assert_eq!(total, 12, "{counted:?}");
    for (geoid, district, count) in &counted {
        assert_eq!(geoid, city, "{counted:?}");
        let lives_there =
            |home: &&&Row| answer(&new, &home["address"], on)["district"] == **district;
        if !district.is_empty() {
            assert!(
                *count <= homes.iter().filter(lives_there).count(),
                "{counted:?}"
            );
        }
    }
    assert_eq!(reresolve(&instance, &new, &["--apply"])["examined"], 0);
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
}

#[test]
fn a_map_that_does_not_know_the_block_leaves_the_signature_where_it_is() {
    let sample = Sample::new("1");
    let other = Sample::new("7");
    let known = table(&sample.truth);
    let address = &known.iter().find(|row| row["kind"] == "plain").unwrap()["address"];
    let instance = Instance::counting_at_once(&sample.pack);
    let server = instance.serve();
    assert_eq!(sign(&server.address, &signer_at(1, address)), Some(202));
    let before = districts(&instance);
    for _ in 0..2 {
        let report = reresolve(&instance, &other.pack, &["--apply"]);
        assert_eq!(number(&report, "needs_a_look"), 1, "{report}");
        assert_eq!(districts(&instance), before);
    }
    // The next map that knows it is asked as if nothing had been.
    let report = reresolve(&instance, &sample.pack, &[]);
    assert_eq!(report["examined"], 0, "it is of this pack: {report}");
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
}

#[test]
fn a_map_without_the_street_takes_the_place_away_only_on_approval() {
    let sample = Sample::new("1");
    let other = Sample::new("7");
    let known = table(&sample.truth);
    let address = &known.iter().find(|row| row["kind"] == "plain").unwrap()["address"];
    let instance = Instance::counting_at_once(&sample.pack);
    keep_addresses(&instance);
    let server = instance.serve();
    assert_eq!(sign(&server.address, &signer_at(1, address)), Some(202));
    let report = reresolve(&instance, &other.pack, &["--apply"]);
    let lost = number(&report, "no_longer_located") + number(&report, "became_uncertain");
    assert_eq!((lost, instance.count()), (1, 1), "{report}");
    // The address is kept, so the old pack brings it back.
    let report = reresolve(&instance, &sample.pack, &["--apply"]);
    assert_eq!(number(&report, "filled_in"), 1, "{report}");
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
}

#[test]
fn a_server_fills_in_what_its_new_pack_finds() {
    let small = Sample::new("1");
    let large = Sample::of_counties("1", "2");
    let all = table(&large.truth);
    let is_unknown = |row: &&Row| {
        let found = answer(&small.pack, &row["address"], "2026-11-21");
        found["level"] == "area" || found["level"] == "none"
    };
    let far = all
        .iter()
        .filter(|row| row["id"].starts_with("99003") && row["kind"] == "plain")
        .find(is_unknown)
        .unwrap();
    let known = table(&small.truth);
    let near = &known.iter().find(|row| row["kind"] == "plain").unwrap()["address"];
    let live = small.path("live.pack");
    std::fs::copy(&small.pack, &live).unwrap();
    let instance = Instance::counting_at_once(&live);
    let server = instance.serve();
    for (number, address) in [near, &far["address"]].into_iter().enumerate() {
        assert_eq!(
            sign(&server.address, &signer_at(number, address)),
            Some(202)
        );
    }
    let unlocated = |instance: &Instance| {
        let words = ["export", "counts", "--petition", "no-deals"];
        let text = done(instance.with(&words));
        text.lines()
            .any(|line| line.starts_with(",not located,,,1,"))
    };
    assert!(unlocated(&instance), "no street of that county is known");

    let beside = small.path("beside.pack");
    std::fs::copy(&large.pack, &beside).unwrap();
    std::fs::rename(&beside, &live).unwrap();
    let began = Instant::now();
    while unlocated(&instance) {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "it was not filled in"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    let found = (far["place_geoid"].clone(), far["district"].clone(), 1);
    assert!(
        districts(&instance).contains(&found),
        "{:?}",
        districts(&instance)
    );
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
    let report = reresolve(&instance, &live, &[]);
    assert_eq!(
        (&report["examined"], number(&report, "unchanged")),
        (&json!(1), 1),
        "the one that was located before is asked about by its block, and stays: {report}"
    );
}

/// Approves what the server says of its pack, as the console does; `None` while it has not said it of this one.
fn approve(instance: &Instance, pack: &str) -> Option<u64> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Sqlite::open(&instance.path("redress.db")).await.unwrap();
        let store = database.store();
        let slug = Slug::parse("no-deals").unwrap();
        let petition = store
            .petitions
            .find_petition_by_slug(&slug)
            .await
            .unwrap()
            .unwrap();
        let storage = &store.reresolutions;
        let report = storage.find_reresolution_report(petition.id).await.unwrap();
        let report = report.filter(|report| report.pack == pack)?;
        let told: Value = serde_json::from_str(&report.report).unwrap();
        let deed = Deed {
            actor: Actor::CommandLine,
            action: "petition.reresolve",
            subject: slug.to_string(),
            details: Value::Null,
            at: petition.created_at,
        };
        let request = ReresolutionRequest {
            petition_id: petition.id,
            applies: true,
            pack: report.pack,
            requested_at: petition.created_at,
        };
        storage.request_reresolution(&request, &deed).await.unwrap();
        database.close().await;
        Some(number(&told, "other_district"))
    })
}

#[test]
fn a_server_changes_what_was_approved_of_its_own_pack() {
    let sample = Sample::new("1");
    let live = sample.path("live.pack");
    std::fs::copy(&sample.pack, &live).unwrap();
    let known = table(&sample.truth);
    let is_first = |row: &&Row| row["kind"] == "plain" && row["district"] == "1";
    let one = known.iter().find(is_first).unwrap();
    let instance = Instance::counting_at_once(&live);
    keep_addresses(&instance);
    let server = instance.serve();
    assert_eq!(
        sign(&server.address, &signer_at(1, &one["address"])),
        Some(202)
    );
    let new = with_other_wards(&sample);
    let id = answer(&new, &one["address"], "2026-11-21")["pack"]
        .as_str()
        .unwrap()
        .to_owned();
    std::fs::rename(&new, &live).unwrap();

    let (began, mut told) = (Instant::now(), None);
    while told.is_none() {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "nothing was reported"
        );
        std::thread::sleep(Duration::from_millis(200));
        told = approve(&instance, &id);
    }
    assert_eq!(told, Some(1));
    let moved = [(one["place_geoid"].clone(), "2".to_owned(), 1)];
    while districts(&instance) != moved {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "{:?}",
            districts(&instance)
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
}
