//! A resident of a town that is no place: counted there, and its board gets the letter.

use redress_tests::civics::{Sample, answer, resolve, rows, table, write};
use redress_tests::instance::{Instance, get, sign, signer_at};
use redress_tests::program::done;
use serde_json::Value;

const ON: &str = "2026-11-21";

fn addresses(sample: &Sample, kind: &str) -> Vec<String> {
    let known = table(&sample.truth).into_iter();
    known
        .filter(|row| row["kind"] == kind)
        .map(|row| row["address"].clone())
        .collect()
}

/// The home that a sample's addresses of a kind have in common.
fn home(sample: &Sample, kind: &str) -> Value {
    answer(&sample.pack, &addresses(sample, kind)[0], ON)["home"].clone()
}

#[test]
fn nobody_in_a_town_lives_outside_any_city() {
    let sample = Sample::of_towns("1");
    let asked = sample.path("asked.csv");
    let streets = addresses(&sample, "township");
    write(
        &asked,
        &["address"],
        streets.iter().map(|line| vec![line.clone()]),
    );
    let answers = resolve(&sample.pack, &asked, &sample.path("answers.csv"), Some(ON));
    assert!(answers.len() >= 50);
    for row in &answers {
        assert_eq!(row["level"], "exact", "{row:?}");
        assert_eq!(row["place_geoid"], "", "a town is no place: {row:?}");
        let town = row["governments"].split(';').next().unwrap();
        assert!(town.len() == 10 && town.starts_with("98"), "{row:?}");
        assert!(!row["reasons"].contains("outside_any_city"), "{row:?}");
    }
    let geoid = home(&sample, "township")["geoid"].clone();
    assert_eq!(geoid.as_str().unwrap().len(), 10);
    let said = done(
        ["civics", "resolve", "--on", ON, "--pack"]
            .map(Into::into)
            .into_iter()
            .chain([
                sample.pack.clone().into_os_string(),
                streets[0].clone().into(),
            ]),
    );
    assert!(!said.contains("outside any city"), "{said}");

    // A village in the town is the home of its people; the town is over them.
    let village = answer(&sample.pack, &addresses(&sample, "village")[0], ON);
    assert_eq!(village["home"], village["place"]);
    assert_eq!(village["governments"][1]["geoid"], geoid);
    let open = answer(&sample.pack, &addresses(&sample, "unincorporated")[0], ON);
    assert!(open["home"].is_null());
    assert!(open["reasons"].to_string().contains("outside_any_city"));
}

#[test]
fn a_township_of_the_plains_is_no_home() {
    let sample = Sample::new("1");
    let open = answer(&sample.pack, &addresses(&sample, "township")[0], ON);
    assert!(open["home"].is_null());
    assert!(open["reasons"].to_string().contains("outside_any_city"));
    assert_eq!(open["governments"][0]["kind"], "county_subdivision");
}

#[test]
fn a_town_is_counted_shown_exported_and_written_to() {
    let sample = Sample::of_towns("1");
    let town = home(&sample, "township");
    let (geoid, name) = (
        town["geoid"].as_str().unwrap(),
        town["name"].as_str().unwrap(),
    );
    let instance = Instance::counting_at_once(&sample.pack);
    let server = instance.serve();
    let signers = [
        &addresses(&sample, "township")[..3],
        &addresses(&sample, "village")[..2],
    ]
    .concat();
    for (number, address) in signers.iter().enumerate() {
        assert_eq!(
            sign(&server.address, &signer_at(number, address)),
            Some(202)
        );
    }

    let site = format!("http://{}", server.address);
    let csv = get(&format!("{site}/api/v1/petitions/no-deals/places.csv"));
    assert!(csv.contains(&format!("{geoid},{name},ZY,3,0,0,")), "{csv}");
    let page = get(&format!("{site}/p/no-deals/places/{geoid}"));
    assert!(page.contains(name) && page.contains("Trustee"), "{page}");
    let listed = get(&format!("{site}/p/no-deals/places"));
    assert!(
        listed.contains(&format!("/p/no-deals/places/{geoid}")),
        "{listed}"
    );

    for by in ["place", "district"] {
        let words = ["export", "counts", "--petition", "no-deals", "--by", by];
        let text = done(instance.with(&words));
        let exported = rows(csv::Reader::from_reader(text.as_bytes()));
        let row = exported.iter().find(|row| row["geoid"] == geoid).unwrap();
        assert_eq!((row["name"].as_str(), row["state"].as_str()), (name, "ZY"));
        assert_eq!((row["district"].as_str(), row["count"].as_str()), ("", "3"));
        let sum: usize = exported
            .iter()
            .map(|row| row["count"].parse::<usize>().unwrap())
            .sum();
        assert_eq!(sum, signers.len(), "{text}");
    }

    let out = instance.path("letters");
    let words = ["delivery", "preview", "--petition", "no-deals", "--out"];
    done(instance.with(&[&words[..], &[&out.display().to_string()]].concat()));
    let letters: Vec<String> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let to_board = letters
        .iter()
        .filter(|letter| letter.contains("To: ") && letter.contains("trustee"));
    assert!(
        to_board.count() >= 4,
        "the town's four trustees: {}",
        letters.len()
    );

    done(instance.with(&["delivery", "freeze", "--petition", "no-deals"]));
    let ledger = get(&format!("{site}/api/v1/petitions/no-deals/ledger"));
    assert!(
        ledger.contains(&format!("\"geoid\":\"{geoid}\"")),
        "{ledger}"
    );
    assert!(done(instance.with(&["doctor", "--recount"])).contains("nothing differs"));
}
