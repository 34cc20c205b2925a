//! What is not known of the cities where people signed, filled in by somebody, and loaded back.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::civics::{Row, Sample, rows, table};
use redress_tests::instance::{Instance, sign, signer_at};
use redress_tests::program::done;
use serde_json::Value;

fn coverage(instance: &Instance, sample: &Sample, more: &[&str]) -> String {
    let pack = sample.pack.display().to_string();
    let words = [
        "civics",
        "coverage",
        "--petition",
        "no-deals",
        "--pack",
        &pack,
    ];
    done(instance.with(&[&words[..], more].concat()))
}

fn report(instance: &Instance, sample: &Sample) -> Value {
    serde_json::from_str(&coverage(instance, sample, &["--json"])).unwrap()
}

/// An instance where people of the city with wards and of the other one signed.
fn signed(sample: &Sample) -> (Instance, String) {
    let known = table(&sample.truth);
    let of = |kind: &str, number: usize| {
        let rows = known.iter().filter(|row| row["kind"] == kind);
        rows.take(number).cloned().collect::<Vec<Row>>()
    };
    let plain = of("plain", 6);
    let wards = plain[0]["place_geoid"].clone();
    let instance = Instance::counting_at_once(&sample.pack);
    let server = instance.serve();
    let signers = [plain, of("at_large_city", 2), of("unincorporated", 1)].concat();
    for (number, row) in signers.iter().enumerate() {
        assert_eq!(
            sign(&server.address, &signer_at(number, &row["address"])),
            Some(202)
        );
    }
    (instance, wards)
}

#[test]
fn what_helps_most_signatures_comes_first() {
    let sample = Sample::new("1");
    let (instance, wards) = signed(&sample);
    let report = report(&instance, &sample);
    assert_eq!(
        (
            &report["total"],
            &report["outside_any_city"],
            &report["not_located"]
        ),
        (&9.into(), &1.into(), &0.into())
    );
    let first = &report["places"][0];
    assert_eq!(
        (first["geoid"].as_str(), first["count"].as_u64()),
        (Some(wards.as_str()), Some(6))
    );
    let gaps = ["vacant", "term_ended", "not_listed", "bounced"].map(|gap| first[gap].clone());
    assert_eq!(gaps, [1.into(), 1.into(), Value::Null, 0.into()], "{first}");
    // Ward 2 has no address, and neither has the empty seat of ward 3.
    assert_eq!(first["no_email"], 2);
    assert_eq!(first["district_map"], "in_force");
    assert_eq!(first["source"], "sample");
    // Three of nine seats: mayor, six wards, two at large.
    assert_eq!(
        (&first["seats"], &first["help"]),
        (&9.into(), &2.into()),
        "{first}"
    );
    assert_eq!(report["places"][1]["help"], 0);

    let csv = coverage(&instance, &sample, &["--csv"]);
    let table = rows(csv::Reader::from_reader(csv.as_bytes()));
    assert_eq!(
        table
            .iter()
            .map(|row| row["count"].parse::<u64>().unwrap())
            .sum::<u64>(),
        9
    );
    let last = &table[table.len() - 2..];
    assert_eq!(
        [&last[0]["name"], &last[1]["name"]],
        ["outside any city", "not located"]
    );
    let later = coverage(&instance, &sample, &["--json", "--on", "2041-01-01"]);
    let later: Value = serde_json::from_str(&later).unwrap();
    assert!(
        later["places"][0]["term_ended"].as_u64().unwrap() >= 7,
        "{later}"
    );
    assert!(
        coverage(&instance, &sample, &["--all", "--csv"])
            .lines()
            .count()
            > csv.lines().count()
    );
    assert!(coverage(&instance, &sample, &[]).contains("\n1 place lacks something\n"));
}

#[test]
fn a_list_that_somebody_filled_in_closes_the_gaps() {
    let sample = Sample::new("1");
    let (instance, wards) = signed(&sample);
    let fill = instance.path("fill.csv");
    coverage(&instance, &sample, &["--fill", fill.to_str().unwrap()]);
    let open = table(&fill);
    let mut seats: Vec<&str> = open.iter().map(|row| row["district"].as_str()).collect();
    seats.sort_unstable();
    assert_eq!(seats, ["2", "3", "5"], "{open:?}");
    assert!(open.iter().all(|row| row["place_geoid"] == wards));

    // As it is, nothing changes: two rows name nobody, one says what is on file.
    let before = report(&instance, &sample);
    let imported = done(instance.with(&["officials", "import", fill.to_str().unwrap()]));
    assert!(
        imported.contains("2 refused, 0 seats changed"),
        "{imported}"
    );
    assert_eq!(report(&instance, &sample)["places"], before["places"]);

    let text = std::fs::read_to_string(&fill).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let mut writer = csv::Writer::from_path(&fill).unwrap();
    writer.write_record(&header).unwrap();
    for (number, row) in reader.records().enumerate() {
        let mut row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        if row[column("name")].is_empty() {
            row[column("name")] = format!("New Member{number}");
            row[column("term_start")] = "2026-01-01".to_owned();
            row[column("term_end")] = "2039-12-31".to_owned();
            row[column("source")] = "clerk".to_owned();
        }
        row[column("email")] = format!("ward-{number}@filled.example");
        writer.write_record(&row).unwrap();
    }
    writer.flush().unwrap();
    done(instance.with(&["officials", "import", fill.to_str().unwrap()]));
    let after = report(&instance, &sample);
    let place = after["places"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["geoid"] == wards.as_str())
        .unwrap();
    let gaps = ["help", "vacant", "term_ended", "no_email", "holder_unknown"]
        .map(|gap| place[gap].as_u64());
    assert_eq!(gaps, [Some(0); 5], "{place}");
    assert_eq!(
        (&after["open_places"], &after["fill_rows"]),
        (&0.into(), &0.into())
    );
}
