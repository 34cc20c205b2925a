//! Sheets of paper at the command line.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::civics::{Row, Sample, answer, rows, table};
use redress_tests::instance::{Instance, sign, signer_at};
use redress_tests::program::{done, refused};
use serde_json::Value;
use std::path::Path;

struct Desk {
    instance: Instance,
    sample: Sample,
    known: Vec<Row>,
}

impl Desk {
    fn new() -> Self {
        let sample = Sample::new("1");
        let known = table(&sample.truth);
        let instance = Instance::counting_at_once(&sample.pack);
        Self {
            instance,
            sample,
            known,
        }
    }

    fn plain(&self, number: usize) -> &str {
        let mut plain = self.known.iter().filter(|row| row["kind"] == "plain");
        &plain.nth(number).unwrap()["address"]
    }

    /// An address that a border leaves open.
    fn open_one(&self) -> (String, String) {
        for row in &self.known {
            let found = answer(&self.sample.pack, &row["address"], "2026-11-21");
            if found["level"] == "candidates" && row["address"].matches(", ").count() == 2 {
                let choice = found["alternatives"][0]["choice"].as_str().unwrap();
                return (row["address"].clone(), choice.to_owned());
            }
        }
        panic!("the sample has no address at a border");
    }

    fn write(&self, name: &str, lines: &[String]) -> String {
        let path = self.instance.path(name);
        let header = "sheet,name,email,street,city,state,zip,choice";
        std::fs::write(&path, format!("{header}\n{}\n", lines.join("\n"))).unwrap();
        path.display().to_string()
    }

    fn words(&self, file: &str, more: &[&str]) -> Vec<String> {
        let pack = self.sample.pack.display().to_string();
        let words = [
            "petition",
            "import-paper",
            "--petition",
            "no-deals",
            "--pack",
            &pack,
            file,
        ];
        self.instance.with(&[&words[..], more].concat())
    }

    fn import(&self, file: &str, more: &[&str]) -> Vec<(String, String)> {
        let out = self.instance.path("verdicts.csv");
        let out_word = out.display().to_string();
        done(self.words(file, &[&["--out", out_word.as_str()], more].concat()));
        verdicts(&out)
    }
}

fn verdicts(path: &Path) -> Vec<(String, String)> {
    let all = rows(csv::Reader::from_path(path).unwrap());
    all.into_iter()
        .map(|row| (row["verdict"].clone(), row["code"].clone()))
        .collect()
}

fn line(sheet: &str, name: &str, email: &str, address: &str, choice: &str) -> String {
    let cells: Vec<&str> = address.splitn(3, ", ").collect();
    let (state, zip) = cells[2].split_once(' ').unwrap();
    format!(
        "{sheet},{name},{email},{},{},{state},{zip},{choice}",
        cells[0], cells[1]
    )
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(verdict, code): &(&str, &str)| ((*verdict).to_owned(), (*code).to_owned());
    expected.iter().map(owned).collect()
}

#[test]
fn each_line_has_its_verdict_first_and_a_file_imported_twice_adds_nothing() {
    let desk = Desk::new();
    let server = desk.instance.serve();
    let online = signer_at(7, desk.plain(2));
    assert_eq!(sign(&server.address, &online), Some(202));
    let (open, choice) = desk.open_one();
    let long = "x".repeat(10_240);
    let file = desk.write(
        "lines.csv",
        &[
            line("A1", "Ana Quick", "ana@example.org", desk.plain(0), ""),
            line("A1", "Ben Low", "", desk.plain(1), ""),
            line("A1", "BEN LOW", "", desk.plain(1), ""),
            line(
                "A1",
                "Signer Number7",
                "signer7@example.org",
                desk.plain(2),
                "",
            ),
            line("A1", "Signer Number7", "", desk.plain(2), ""),
            line(
                "A1",
                "Signer Number7",
                "other@example.org",
                desk.plain(2),
                "",
            ),
            line("A2", "Cy Open", "", &open, ""),
            line("A2", "Di Open", "", &open, &choice),
            line("A2", "=HYPERLINK(1)", "", desk.plain(3), ""),
            line("A2", &long, "", desk.plain(3), ""),
            line("A2", "Ed Far", "not an e-mail", desk.plain(3), ""),
            line("A2", "Fay Low", "ana@example.org", desk.plain(0), ""),
            line("A2", "Gus Low", "ana@example.org", desk.plain(0), ""),
        ],
    );
    let expected = pairs(&[
        ("counted", ""),
        ("counted", ""),
        ("repeated", "already_signed"),
        ("repeated", "already_signed"),
        ("repeated", "same_name_and_address"),
        ("counted", "same_person"),
        ("asks", "border"),
        ("counted", ""),
        ("refused", "name_leading_sign"),
        ("refused", "cell_too_long"),
        ("refused", "email_domain"),
        ("counted", ""),
        ("refused", "household_full"),
    ]);
    assert_eq!(desk.import(&file, &[]), expected);
    assert_eq!(desk.instance.count(), 1, "a dry run counts nothing");
    // Beside the running server.
    assert_eq!(
        desk.import(&file, &["--apply"]),
        expected,
        "as it was foretold"
    );
    assert_eq!(desk.instance.count(), 7);
    let again = desk.import(&file, &["--apply"]);
    assert!(
        again
            .iter()
            .all(|(verdict, _)| verdict == "repeated" || verdict == "refused"),
        "{again:?}"
    );
    assert_eq!(desk.instance.count(), 7);
    let counts = done(
        desk.instance
            .with(&["export", "counts", "--petition", "no-deals"]),
    );
    let all = rows(csv::Reader::from_reader(counts.as_bytes()));
    let paper: usize = all
        .iter()
        .map(|row| row["paper"].parse::<usize>().unwrap())
        .sum();
    let chosen: usize = all
        .iter()
        .map(|row| row["self_asserted"].parse::<usize>().unwrap())
        .sum();
    assert_eq!((paper, chosen), (6, 1));
    assert!(done(desk.instance.with(&["doctor", "--recount"])).contains("nothing differs"));
}

#[test]
fn verdicts_name_rows_and_sheets_and_no_people() {
    let desk = Desk::new();
    let address = desk.plain(0).to_owned();
    let file = desk.write(
        "lines.csv",
        &[
            line("Box 3/12", "Ana Quick", "ana@example.org", &address, ""),
            line("Box 3/12", "Ana Quick", "ana@example.org", &address, ""),
            line(
                "Box 3/12",
                "Zoe http://x.example",
                "zoe@",
                &address,
                "nonsense",
            ),
        ],
    );
    let shown = done(desk.words(&file, &["--json"]));
    let told = done(desk.words(&file, &[]));
    let street = address.split(", ").next().unwrap();
    for secret in ["Ana", "Quick", "ana@", "Zoe", "zoe@", "nonsense", street] {
        assert!(
            !shown.contains(secret) && !told.contains(secret),
            "{secret}: {told}"
        );
    }
    let report: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(report["lines"][1]["sheet"], "Box 3/12 line 2");
    assert_eq!(report["verdicts"]["counted"], 1);
    assert!(told.contains("row 3 (Box 3/12 line 2): repeated"), "{told}");
    assert!(
        told.contains("nothing is counted yet: --apply counts it"),
        "{told}"
    );
}

#[test]
fn a_file_that_is_none_is_refused_with_the_mend() {
    let desk = Desk::new();
    let path = desk.instance.path("lines.csv");
    let file = path.display().to_string();
    for (bytes, why) in [
        (&b"PK\x03\x04\0\0\0"[..], "save it as \"CSV UTF-8\""),
        (b"name,phone\n", "unknown column \"phone\""),
        (
            b"name,street,city,state,zip\na,b,c,d,e\n",
            "add a column sheet",
        ),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let error = refused(desk.words(&file, &[]));
        assert!(
            error.contains(why) && error.contains("lines.csv"),
            "{error}"
        );
    }
}
