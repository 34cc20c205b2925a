//! `redress civics` on the sample county, whose answers are known by construction.

use redress_tests::civics::{Sample, answer, is_sure, resolve, rows, table, write};
use redress_tests::program::{done, refused, run};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const ON: &str = "2026-11-21";

#[test]
fn the_sample_county_is_answered_as_it_was_built() {
    let sample = Sample::new("7");
    let truth = table(&sample.truth);
    let answers = resolve(
        &sample.pack,
        &sample.truth,
        &sample.path("out.csv"),
        Some(ON),
    );
    assert_eq!(truth.len(), answers.len());
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    for (known, given) in truth.iter().zip(&answers) {
        let address = &known["address"];
        if !is_sure(&given["level"]) {
            *asked.entry(&known["kind"]).or_default() += 1;
            assert!(
                given["reasons"].contains("border_within_band"),
                "{address} was not answered and not for a border: {given:?}"
            );
            continue;
        }
        assert_eq!(
            known["place_geoid"], given["place_geoid"],
            "the wrong government for {address}"
        );
        assert_eq!(
            known["district"], given["district"],
            "the wrong district for {address}"
        );
    }
    assert!(
        asked.keys().all(|kind| *kind == "split_near"),
        "only houses beside a border are asked about: {asked:?}"
    );
}

#[test]
fn the_same_seed_and_sources_give_the_same_pack() {
    let (one, other, another) = (Sample::new("3"), Sample::new("3"), Sample::new("4"));
    let bytes = |sample: &Sample| std::fs::read(&sample.pack).unwrap();
    assert!(
        bytes(&one) == bytes(&other),
        "two builds of the same sources differ"
    );
    assert!(
        bytes(&one) != bytes(&another),
        "two seeds give the same pack"
    );
}

#[test]
fn a_file_that_is_no_whole_pack_is_refused_with_the_mend() {
    let sample = Sample::new("1");
    let bytes = std::fs::read(&sample.pack).unwrap();
    let show = |name: &str, bytes: &[u8]| {
        let path = sample.path(name);
        std::fs::write(&path, bytes).unwrap();
        refused([
            Path::new("civics"),
            Path::new("resolve"),
            Path::new("--pack"),
            &path,
            Path::new("1 MAIN ST"),
        ])
    };
    assert!(show("cut.pack", &bytes[..bytes.len() - 7]).contains("cut short"));
    assert!(
        show("long.pack", &[bytes.clone(), vec![0]].concat()).contains("cut short or overlong")
    );
    assert!(
        show(
            "foreign.pack",
            b"PK\x03\x04 this is no pack, but long enough to be read"
        )
        .contains("is not a pack")
    );
    assert!(show("empty.pack", b"").contains("is not a pack"));
    let mut header = bytes.clone();
    header[40] ^= 1;
    assert!(show("header.pack", &header).contains("damaged in header"));
    let mut version = bytes.clone();
    version[8] = 99;
    assert!(show("version.pack", &version).contains("build it again"));
    let missing = sample.path("missing.pack");
    assert!(refused([Path::new("civics"), Path::new("show"), &missing]).contains("missing.pack"));
    let mut inside = bytes.clone();
    let middle = inside.len() / 2;
    inside[middle] ^= 0x40;
    let path = sample.path("inside.pack");
    std::fs::write(&path, &inside).unwrap();
    assert!(
        refused([
            Path::new("civics"),
            Path::new("show"),
            &path,
            Path::new("--verify")
        ])
        .contains("damaged in")
    );
}

#[test]
fn an_answer_has_the_published_shape_and_no_contact() {
    let sample = Sample::new("1");
    let plain = table(&sample.truth)
        .into_iter()
        .find(|row| row["kind"] == "plain" && !row["district"].is_empty())
        .unwrap();
    let answer = answer(&sample.pack, &plain["address"], ON);
    let keys: BTreeSet<&str> = answer
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let published = "level reasons penalty input address point border_distance place home county district governments posts alternatives pack directory on";
    assert_eq!(keys, published.split(' ').collect());
    let address: BTreeSet<&str> = answer["address"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        address,
        "number predir pretype name type postdir unit city state zip zip4"
            .split(' ')
            .collect()
    );
    assert_eq!(answer["place"]["geoid"], plain["place_geoid"].as_str());
    assert_eq!(answer["district"], plain["district"].as_str());
    assert_eq!(answer["on"], ON);
    let posts = answer["posts"].as_array().unwrap();
    let of = |role: &str| posts.iter().filter(|post| post["role"] == role).count();
    assert_eq!(of("mayor"), 1, "{posts:#?}");
    assert_eq!(of("clerk"), 1, "{posts:#?}");
    assert!(
        of("council_member") >= 3,
        "the ward's member and two at large: {posts:#?}"
    );
    assert!(
        posts
            .iter()
            .all(|post| post["district"].is_null() || post["district"] == answer["district"]),
        "another ward's member is named: {posts:#?}"
    );
    let keys: BTreeSet<&str> = posts[0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        "id role title district certain reasons vacant person"
            .split(' ')
            .collect()
    );
    assert!(
        !answer.to_string().contains(".example"),
        "a contact is in the answer"
    );
}

#[test]
fn a_house_beside_a_border_is_asked_about_with_what_is_certain() {
    let sample = Sample::new("1");
    let near = table(&sample.truth)
        .into_iter()
        .filter(|row| row["kind"] == "split_near")
        .find_map(|row| {
            let answer = answer(&sample.pack, &row["address"], ON);
            (answer["level"] == "candidates").then_some((row, answer))
        });
    let (row, answer) = near.unwrap();
    let offered: Vec<&str> = answer["alternatives"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|other| other["district"].as_str())
        .collect();
    assert!(
        offered.len() >= 2 && offered.contains(&row["district"].as_str()),
        "{offered:?} does not hold {}",
        row["district"]
    );
    assert_eq!(
        answer["place"]["geoid"],
        row["place_geoid"].as_str(),
        "the city is certain"
    );
    assert!(answer["district"].is_null());
    let posts = answer["posts"].as_array().unwrap();
    let certain = |district: bool| {
        posts
            .iter()
            .filter(|post| post["district"].is_null() != district)
            .all(|post| post["certain"] == !district)
    };
    assert!(certain(false), "posts at large are certain: {posts:#?}");
    assert!(certain(true), "ward members are not: {posts:#?}");
}

#[test]
fn vacancies_and_ended_terms_are_said() {
    let sample = Sample::new("1");
    let resolutions = sample.path("out.jsonl");
    done([
        Path::new("civics"),
        Path::new("resolve"),
        Path::new("--on"),
        Path::new(ON),
        Path::new("--pack"),
        &sample.pack,
        Path::new("--batch"),
        &sample.truth,
        Path::new("--out"),
        &resolutions,
    ]);
    let text = std::fs::read_to_string(&resolutions).unwrap();
    let posts: Vec<serde_json::Value> = text
        .lines()
        .flat_map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["posts"]
                .as_array()
                .unwrap()
                .clone()
        })
        .collect();
    let vacant: Vec<_> = posts.iter().filter(|post| post["vacant"] == true).collect();
    assert!(
        !vacant.is_empty()
            && vacant
                .iter()
                .all(|post| post["person"].is_null()
                    && post["reasons"].to_string().contains("vacant"))
    );
    assert!(
        posts
            .iter()
            .any(|post| post["reasons"].to_string().contains("term_ended")
                && post["person"]["term_end"] == "2023-12-31")
    );
}

#[test]
fn columns_of_a_batch_are_read_as_published() {
    let sample = Sample::new("1");
    let known = table(&sample.truth)
        .into_iter()
        .find(|row| row["kind"] == "plain")
        .unwrap();
    let (street, last) = known["address"].split_once(", ").unwrap();
    let (city, state_zip) = last.split_once(", ").unwrap();
    let (state, zip) = state_zip.split_once(' ').unwrap();
    let input = sample.path("in.csv");
    let text = |parts: [&str; 7]| parts.map(str::to_owned).to_vec();
    write(
        &input,
        &["address", "phone", "street", "city", "state", "zip", "unit"],
        [
            text([&known["address"], "555", "", "", "", "", ""]),
            text([
                "1 NOWHERE BLVD, X, ZZ 00000",
                "",
                street,
                city,
                state,
                zip,
                "apt 4b",
            ]),
            text([street, "", "", city, state, zip, ""]),
            text(["", "", "", "", "", "", ""]),
            text(["P.O. Box 12", "", "", city, state, zip, ""]),
            text(["=cmd|' /C calc'!A0\u{0}", "", "", "", "", "", ""]),
        ],
    );
    let answers = resolve(&sample.pack, &input, &sample.path("out.csv"), Some(ON));
    let header = std::fs::read_to_string(sample.path("out.csv")).unwrap();
    assert!(header.starts_with("id,level,reasons,number,street,unit,city,state,zip,place_geoid,place_name,county_fips,district,governments,lat,lon\n"));
    let ids: Vec<&str> = answers.iter().map(|row| row["id"].as_str()).collect();
    assert_eq!(
        ids,
        ["1", "2", "3", "4", "5", "6"],
        "absent ids are row numbers"
    );
    for row in &answers[..3] {
        assert_eq!(
            (&row["place_geoid"], &row["district"], row["level"].as_str()),
            (&known["place_geoid"], &known["district"], "exact")
        );
    }
    assert_eq!(answers[1]["unit"], "APT 4B");
    assert_eq!(
        (answers[3]["level"].as_str(), answers[3]["reasons"].as_str()),
        ("none", "unparsed")
    );
    assert_eq!(
        (answers[4]["level"].as_str(), answers[4]["reasons"].as_str()),
        ("none", "po_box")
    );
    assert_eq!(answers[5]["level"], "none");
}

#[test]
fn bad_use_ends_with_2_and_says_the_mend() {
    let sample = Sample::new("1");
    let (headless, out) = (sample.path("headless.csv"), sample.path("out.csv"));
    std::fs::write(&headless, "name,phone\na,b\n").unwrap();
    let base = [
        Path::new("civics"),
        Path::new("resolve"),
        Path::new("--pack"),
        &sample.pack,
    ];
    let with = |more: &[&Path]| refused(base.iter().copied().chain(more.iter().copied()));
    assert!(
        with(&[Path::new("--batch"), &headless, Path::new("--out"), &out])
            .contains("address nor street")
    );
    assert!(
        with(&[
            Path::new("--batch"),
            &sample.path("absent.csv"),
            Path::new("--out"),
            &out
        ])
        .contains("absent.csv")
    );
    assert!(with(&[]).contains("Usage"));
    assert!(with(&[Path::new("--on"), Path::new("soon"), Path::new("1 MAIN ST")]).contains("--on"));
    assert_eq!(
        run(["civics", "sample", "--scale", "0", "--out"]
            .map(Into::into)
            .into_iter()
            .chain([sample.path("zero").into_os_string()]))
        .code,
        2
    );
}

#[test]
fn addresses_are_parsed_in_publication_28_form() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    write(
        &input,
        &["id", "address"],
        [
            [
                "a",
                "123 north main street apartment 4b, springfield, illinois 62701-1234",
            ],
            ["b", "PO Box 12, Aurora CO 80010"],
            ["c", "RR 2 Box 10, Ames IA"],
            ["d", "PSC 3 Box 12, APO AE 09012"],
            ["e", "Main St & 1st Ave, Aurora, CO"],
            ["f", "80010"],
            ["g", "\u{7528}\u{5ddd}"],
        ]
        .map(|row| row.map(str::to_owned).to_vec()),
    );
    done([
        Path::new("civics"),
        Path::new("parse"),
        Path::new("--batch"),
        &input,
        Path::new("--out"),
        &output,
    ]);
    let text = std::fs::read_to_string(&output).unwrap();
    assert!(text.starts_with("id,kind,number,predir,pretype,name,type,postdir,unit,city,state,zip,zip4\na,street,123,N,,MAIN,ST,,APT 4B,SPRINGFIELD,IL,62701,1234\n"), "{text}");
    let kinds: Vec<String> = rows(csv::Reader::from_reader(text.as_bytes()))
        .iter()
        .map(|row| row["kind"].clone())
        .collect();
    assert_eq!(
        kinds,
        [
            "street",
            "po_box",
            "rural_route",
            "military",
            "intersection",
            "area",
            "unparsed"
        ]
    );
}

#[test]
fn a_person_is_told_in_words() {
    let sample = Sample::new("1");
    let row = table(&sample.truth)
        .into_iter()
        .find(|row| row["kind"] == "unincorporated")
        .unwrap();
    let text = done([
        Path::new("civics"),
        Path::new("resolve"),
        Path::new("--pack"),
        &sample.pack,
        Path::new(&row["address"]),
    ]);
    assert!(
        text.contains("Mail: ")
            && text.contains("outside any city")
            && text.contains("How sure: exact"),
        "{text}"
    );
    let shown = done([
        Path::new("civics"),
        Path::new("show"),
        &sample.pack,
        Path::new("--verify"),
    ]);
    assert!(
        shown.contains("sample county")
            && shown.contains("range sides")
            && shown.contains("every section agrees"),
        "{shown}"
    );
}

#[test]
fn a_pack_that_cannot_be_written_is_a_failure_and_leaves_the_old_one() {
    let sample = Sample::new("1");
    let before = std::fs::read(&sample.pack).unwrap();
    let manifest = sample.path("sample").join("sources.toml");
    let nowhere = sample.path("absent").join("x.pack");
    let build = [
        Path::new("civics"),
        Path::new("build"),
        &manifest,
        Path::new("--out"),
    ];
    let ran = run(build.into_iter().chain([nowhere.as_path()]));
    assert!(ran.code == 1 && ran.err.contains("cannot write"), "{ran:?}");
    assert!(before == std::fs::read(&sample.pack).unwrap());
}

#[test]
fn a_pack_tells_the_streets_of_a_zip_by_how_they_begin() {
    let sample = Sample::new("1");
    let listed = |zip: &str, starting: &[&str]| {
        let pack = sample.pack.to_str().unwrap();
        let begun = ["civics", "show", pack, "--streets", zip];
        done(begun.iter().chain(starting))
    };
    let address = &table(&sample.truth)[0]["address"];
    let zip = address.rsplit(' ').next().unwrap();
    let all = listed(zip, &[]);
    let names: Vec<&str> = all.lines().collect();
    assert!(names.len() > 1 && names.is_sorted(), "{all}");
    let beginning = names[0][..1].to_lowercase();
    let some = listed(zip, &["--starting", &beginning]);
    let expected = |name: &&&str| name.to_lowercase().starts_with(&beginning);
    assert_eq!(
        some.lines().collect::<Vec<_>>(),
        names.iter().filter(expected).copied().collect::<Vec<_>>()
    );
    assert_eq!(listed("00000", &[]).trim(), "");
    let refused = refused([
        "civics",
        "show",
        sample.pack.to_str().unwrap(),
        "--streets",
        "123",
    ]);
    assert!(refused.contains("five digits"), "{refused}");
}
