//! The directory at the command line: lists in, what they change, what to look into, lists out;
//! and counts by the names that it knows.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::instance::{Instance, sign};
use redress_tests::program::{done, refused};
use serde_json::Value;
use std::time::{Duration, Instant};

/// An instance whose directory was filled by the first server.
fn served() -> Instance {
    let instance = Instance::new();
    drop(instance.serve());
    instance
}

fn json(instance: &Instance, words: &[&str]) -> Value {
    serde_json::from_str(&done(instance.with(&[words, &["--json"]].concat()))).unwrap()
}

fn write(instance: &Instance, name: &str, text: &str) -> String {
    let path = instance.path(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A seat whose holder is known and who is the only one in it.
fn mayor(instance: &Instance) -> (String, String) {
    let text = done(instance.with(&["officials", "export"]));
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (geoid, role, name) = (column("place_geoid"), column("role"), column("name"));
    rows.records()
        .map(Result::unwrap)
        .find(|row| &row[role] == "mayor" && !row[name].is_empty())
        .map(|row| (row[geoid].to_owned(), row[name].to_owned()))
        .unwrap()
}

#[test]
fn the_packs_officials_fill_an_empty_directory_and_no_other() {
    let instance = served();
    let first = json(&instance, &["officials", "check"]);
    assert!(first["counts"]["posts"].as_u64().unwrap() > 5, "{first}");
    let (geoid, name) = mayor(&instance);
    let list = write(
        &instance,
        "new.csv",
        &format!(
            "place_geoid,role,name,term_start,term_end,email\n{geoid},mayor,Ximena Quick,2020-01-01,2099-12-31,quick@city.example\n"
        ),
    );
    let shown = done(instance.with(&["officials", "import", &list]));
    assert!(
        shown.contains(&format!("{geoid}/mayor: ")) && shown.contains(" -> Ximena Quick"),
        "{shown}"
    );

    drop(instance.serve());
    let after = done(instance.with(&["officials", "export"]));
    assert!(after.contains("Ximena Quick"), "{after}");
    assert!(after.contains(&name), "history stays: {after}");
}

#[test]
fn what_an_import_would_change_is_shown_and_not_done() {
    let instance = served();
    let before = done(instance.with(&["officials", "export"]));
    let (geoid, _) = mayor(&instance);
    let list = write(
        &instance,
        "new.csv",
        &format!(
            "place_geoid,role,name,term_end\n{geoid},mayor,Ximena Quick,2099\n9999,mayor,Nobody Here,\n"
        ),
    );
    let told = json(&instance, &["officials", "import", &list, "--dry-run"]);
    assert_eq!(told["applied"], false);
    assert_eq!(told["changes"][0]["kind"], "holder");
    assert_eq!(told["notices"][0]["line"], 3);
    assert_eq!(done(instance.with(&["officials", "export"])), before);
}

#[test]
fn an_export_imported_elsewhere_is_the_same_directory() {
    let (one, other) = (served(), Instance::new());
    let list = write(&one, "all.csv", &done(one.with(&["officials", "export"])));
    done(other.with(&["officials", "import", &list, "--quiet"]));
    assert_eq!(
        done(other.with(&["officials", "export"])),
        done(one.with(&["officials", "export"]))
    );
}

#[test]
fn a_list_without_a_usable_row_is_refused_with_its_line() {
    let instance = Instance::new();
    let list = write(
        &instance,
        "bad.csv",
        "place_geoid,role,name\n804000,mayor,Ana Lopez\n",
    );
    let said = refused(instance.with(&["officials", "import", &list]));
    assert!(
        said.contains("line 2") && said.contains("0804000"),
        "{said}"
    );
    let said = refused(instance.with(&["officials", "import", "/nowhere/list.csv"]));
    assert!(said.contains("/nowhere/list.csv"), "{said}");
}

#[test]
fn counts_go_out_by_name_and_sum_to_the_total() {
    let instance = Instance::new();
    let server = instance.serve();
    for number in 0..40 {
        assert_eq!(
            sign(&server.address, &instance.signature(number)),
            Some(202)
        );
    }
    for by in ["place", "district"] {
        let text = done(instance.with(&["export", "counts", "--petition", "no-deals", "--by", by]));
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let header: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(
            header.join(","),
            "geoid,name,state,district,count,self_asserted,paper"
        );
        let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
        let sum: usize = rows
            .iter()
            .map(|row| row[4].parse::<usize>().unwrap())
            .sum();
        assert_eq!(sum, 40, "{text}");
        let named = rows.iter().filter(|row| !row[0].is_empty());
        assert!(named.clone().count() > 0);
        assert!(
            named
                .clone()
                .all(|row| !row[1].is_empty() && row[2].len() == 2),
            "{text}"
        );
        let last: Vec<&str> = rows[rows.len() - 2..].iter().map(|row| &row[1]).collect();
        assert_eq!(last, ["outside any city", "not located"]);
    }
    let out = instance.path("counts.xlsx").display().to_string();
    done(instance.with(&[
        "export",
        "counts",
        "--petition",
        "no-deals",
        "--format",
        "xlsx",
        "--out",
        &out,
    ]));
    assert!(std::fs::read(&out).unwrap().starts_with(b"PK"));
    refused(instance.with(&["export", "counts", "--petition", "nothing-here"]));
}

#[test]
fn a_server_answers_with_what_was_imported_without_a_restart() {
    let instance = Instance::new();
    let server = instance.serve();
    let (geoid, _) = mayor(&instance);
    let list = write(
        &instance,
        "new.csv",
        &format!("place_geoid,role,name,term_end\n{geoid},mayor,Ximena Quick,2099\n"),
    );
    done(instance.with(&["officials", "import", &list]));
    let address = format!("http://{}/p/no-deals/places/{geoid}", server.address);
    let until = Instant::now() + Duration::from_secs(20);
    while Instant::now() < until {
        if redress_tests::instance::get(&address).contains("Ximena Quick") {
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("the server still answers with the old mayor");
}
