//! Determinism, size, completeness, and the faults of officials.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::reading::sample;
use crate::sample::{Plan, SampleError, truth, write};

#[test]
fn the_same_seed_gives_the_same_bytes_in_every_file() {
    let (first, again) = (sample(7, 2).bytes(), sample(7, 2).bytes());
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        again.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &first {
        assert!(again[path] == *bytes, "{} differs", path.display());
    }
}

#[test]
fn two_seeds_differ_in_names_numbers_and_lines() {
    let (one, other) = (sample(1, 1).bytes(), sample(2, 1).bytes());
    for name in [
        "tiger/tl_2026_99001_addrfeat.zip",
        "tiger/tl_2026_99_place.zip",
        "officials.csv",
        "zips.csv",
        "truth.csv",
    ] {
        let path = std::path::Path::new(name);
        assert_ne!(one[path], other[path], "{name}");
    }
}

#[test]
fn a_county_does_not_change_when_another_is_added() {
    let (one, two) = (sample(3, 1).bytes(), sample(3, 2).bytes());
    let path = std::path::Path::new("tiger/tl_2026_99001_addrfeat.zip");
    assert_eq!(one[path], two[path]);
}

#[test]
fn counts_grow_with_the_scale() {
    let (one, three) = (sample(4, 1).written, sample(4, 3).written);
    // The first county's small companions come on top of it.
    let each = (three.range_sides - one.range_sides) / 2;
    assert!((5_000..=7_000).contains(&each), "{each} sides a county");
    let each = (three.truths - one.truths) / 2;
    assert!((2_000..=3_000).contains(&each), "{each} truths a county");
    assert_eq!((one.counties, three.counties), (1, 3));
    assert!(
        three.range_sides > 2 * one.range_sides
            && three.posts > 3 * one.posts / 2
            && three.truths > 2 * one.truths
    );
}

#[test]
fn every_kind_of_truth_is_present() {
    for seed in 0..4 {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for mut row in sample(seed, 1).rows("truth.csv") {
            *counts.entry(row.remove("kind").unwrap()).or_default() += 1;
        }
        let names: Vec<_> = truth::kinds().collect();
        for kind in &names {
            assert!(
                counts.get(*kind).is_some_and(|count| *count >= 20),
                "seed {seed}: {kind} in {counts:?}"
            );
        }
        assert_eq!(counts.len(), names.len());
    }
}

#[test]
fn the_census_layers_name_every_government() {
    let sample = sample(5, 2);
    let status: BTreeMap<String, String> = [
        "tl_2026_99_place",
        "tl_2026_99_cousub",
        "tl_2026_99_concity",
        "tl_2026_97_place",
        "tl_2026_97_cousub",
        "tl_2026_96_place",
        "tl_2026_96_cousub",
    ]
    .into_iter()
    .flat_map(|stem| sample.layer(stem))
    .map(|(_, row)| {
        (
            row.get("GEOID").to_owned(),
            format!(
                "{} {} {}",
                row.get("LSAD"),
                row.get("CLASSFP"),
                row.get("FUNCSTAT")
            ),
        )
    })
    .collect();
    let kinds: HashSet<&str> = status.values().map(String::as_str).collect();
    for kind in [
        "25 C1 A", "57 U1 S", "47 C1 A", "44 T1 A", "22 Z5 S", "00 C3 A", "00 C8 F", "25 C7 A",
        "25 C7 F", "43 T1 A", "25 C5 A", "25 C5 F", "62 U1 S", "68 Z1 N",
    ] {
        assert!(kinds.contains(kind), "{kind} not in {kinds:?}");
    }
    assert_eq!(sample.layer("tl_2026_us_county").len(), 2 + 3);
    for row in sample
        .rows("officials.csv")
        .iter()
        .filter(|row| !row["place_geoid"].is_empty())
    {
        assert!(
            status[&row["place_geoid"]].ends_with('A'),
            "{}",
            row["jurisdiction"]
        );
    }
}

#[test]
fn names_of_places_are_used_once_in_a_state() {
    let sample = sample(6, 12);
    let mut seen = HashSet::new();
    for (_, row) in sample.layer("tl_2026_99_place") {
        assert!(
            seen.insert(row.get("NAME").to_owned()),
            "{}",
            row.get("NAME")
        );
    }
}

#[test]
fn officials_have_mail_only_in_the_reserved_domain() {
    for row in sample(8, 2).rows("officials.csv") {
        assert!(
            row["email"].is_empty() || row["email"].ends_with(".example"),
            "{}",
            row["email"]
        );
        assert!(row["email"].is_ascii());
    }
}

#[test]
fn officials_have_the_faults_of_real_lists() {
    let sample = sample(9, 1);
    let rows = sample.rows("officials.csv");
    let at = |row: &BTreeMap<String, String>| {
        [
            row["place_geoid"].clone(),
            row["division"].clone(),
            row["role"].clone(),
            row["district"].clone(),
        ]
    };
    let mut terms: HashMap<_, Vec<_>> = HashMap::new();
    for row in &rows {
        terms
            .entry(at(row))
            .or_default()
            .push(row["term_end"].clone());
    }
    assert!(
        rows.iter()
            .any(|row| row["vacant"] == "1" && row["name"].is_empty())
    );
    assert!(
        rows.iter()
            .any(|row| row["email"].is_empty() && row["vacant"] == "0")
    );
    assert!(
        terms.values().any(|ends| *ends == ["2023-12-31"]),
        "an ended term without a successor"
    );
    assert!(
        terms
            .values()
            .any(|ends| *ends == ["2023-12-31", "2039-12-31"]),
        "a former mayor still listed"
    );
    assert!(
        terms
            .values()
            .any(|ends| *ends == ["2039-12-31", "2039-12-31"]),
        "two members of one post"
    );
    let mayors: HashSet<_> = rows
        .iter()
        .filter(|row| row["role"] == "mayor")
        .map(|row| &row["email"])
        .collect();
    assert!(
        rows.iter()
            .any(|row| row["role"] == "council_member" && mayors.contains(&row["email"]))
    );
    assert_eq!(rows.len() as u64, sample.written.posts + 1);
}

#[test]
fn an_impossible_scale_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for scale in [0, crate::sample::MOST + 1] {
        let refused = write(folder.path(), Plan { seed: 1, scale }, &mut |_, _| ());
        assert!(matches!(refused, Err(SampleError::Scale { .. })));
    }
}

#[test]
fn a_smaller_sample_leaves_nothing_of_a_larger_one() {
    let folder = tempfile::tempdir().unwrap();
    for scale in [2, 1] {
        write(folder.path(), Plan { seed: 1, scale }, &mut |_, _| ()).unwrap();
    }
    assert!(!folder.path().join("tiger/tl_2026_99003_faces.zip").exists());
    assert!(folder.path().join("tiger/tl_2026_99001_faces.zip").exists());
}

#[test]
fn progress_is_told_for_each_county() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    write(
        folder.path(),
        Plan { seed: 1, scale: 2 },
        &mut |done, of| told.push((done, of)),
    )
    .unwrap();
    assert_eq!(told, [(0, 2), (1, 2), (2, 2)]);
}
