//! The directory at the command line: lists in, what they change, what to look into, lists out;
//! and counts by the names that it knows.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::civics::{Sample, answer, table};
use redress_tests::instance::{Instance, sign};
use redress_tests::program::{done, refused, run};
use serde_json::Value;
use std::io::Write;
use std::time::{Duration, Instant};
use tempfile::TempDir;

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

/// A database that knows the sample county, and a city of it with its OCD id.
struct Known {
    folder: TempDir,
    geoid: String,
    division: String,
}

impl Known {
    fn new() -> Self {
        let sample = Sample::new("1");
        let place = table(&sample.truth)
            .into_iter()
            .filter(|row| row["kind"] == "plain" && !row["place_geoid"].is_empty())
            .map(|row| answer(&sample.pack, &row["address"], "2026-06-01")["place"].clone())
            .find(|place| place["ocd_id"].is_string())
            .unwrap();
        let known = Self {
            folder: tempfile::tempdir().unwrap(),
            geoid: place["geoid"].as_str().unwrap().to_owned(),
            division: place["ocd_id"].as_str().unwrap().to_owned(),
        };
        done(known.import(&[&sample.pack.display().to_string()]));
        known
    }

    /// A command on this database.
    fn with(&self, words: &[&str]) -> Vec<String> {
        let database = format!("sqlite:{}", self.folder.path().join("known.db").display());
        let all = [words, &["--database", &database]].concat();
        all.into_iter().map(str::to_owned).collect()
    }

    fn import(&self, words: &[&str]) -> Vec<String> {
        self.with(&[&["officials", "import"], words].concat())
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A person of the city, as Open States writes one.
    fn person(&self, id: &str, name: &str, kind: &str, district: &str) -> String {
        let jurisdiction = self.division.replace("ocd-division", "ocd-jurisdiction");
        format!(
            "id: ocd-person/{id}\nname: {name}\nroles:\n- type: {kind}\n  jurisdiction: {jurisdiction}/government\n  district: '{district}'\n  end_date: 2099-12-31\nemail: {id}@city.example\n"
        )
    }
}

#[test]
fn a_folder_of_people_is_taken_once_and_changes_nothing_the_second_time() {
    let known = Known::new();
    let folder = known.path("people");
    std::fs::create_dir_all(known.folder.path().join("people/council")).unwrap();
    let write = |name: &str, text: &str| {
        std::fs::write(known.folder.path().join("people").join(name), text).unwrap();
    };
    write("a.yml", &known.person("a", "Ximena Quick", "mayor", ""));
    write(
        "council/b.yml",
        &known.person("b", "Bo Quill", "council", "Ward 1"),
    );
    write(
        "council/c.yml",
        &known.person("c", "Cy Quince", "council", "Ward 2"),
    );
    write("bad.yml", "name: [");
    let shown = run(known.import(&[&folder, "--ends-missing"]));
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.err.contains("bad.yml: refused"), "{}", shown.err);
    let shown = shown.out;
    assert!(shown.contains("-> Ximena Quick"), "{shown}");
    assert!(shown.contains("3 rows taken, 1 refused"), "{shown}");
    let again = done(known.import(&[&folder, "--ends-missing", "--json"]));
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["changed"], 0, "{again}");
    let check = done(known.with(&["officials", "check", "--place", &known.geoid, "--json"]));
    let check: Value = serde_json::from_str(&check).unwrap();
    assert_eq!(check["counts"]["jurisdictions"], 1);
    let told = done(known.with(&[
        "officials",
        "export",
        "--on",
        "2098-01-01",
        "--format",
        "json",
    ]));
    let rows: Vec<Value> = serde_json::from_str(&told).unwrap();
    let mayor = rows
        .iter()
        .find(|row| row["name"] == "Ximena Quick")
        .unwrap();
    assert_eq!(mayor["person_id"], "ocd-person/a");
}

#[test]
fn packed_people_are_read_as_if_they_were_not() {
    let known = Known::new();
    let path = known.folder.path().join("a.yml.gz");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed
        .write_all(known.person("a", "Ximena Quick", "mayor", "").as_bytes())
        .unwrap();
    std::fs::write(&path, packed.finish().unwrap()).unwrap();
    let shown = done(known.import(&[&path.display().to_string(), "--dry-run"]));
    assert!(shown.contains("-> Ximena Quick"), "{shown}");
    let pattern = known.path("*.yml.gz");
    let shown = done(known.import(&[&pattern, "--dry-run"]));
    assert!(shown.contains("1 seats would change"), "{shown}");
}

#[test]
fn what_is_made_to_harm_is_refused_with_a_reason() {
    let known = Known::new();
    for (name, text, reason) in [
        (
            "bomb.yml",
            "a: &a [x]\nb: &b [*a, *a]\n".to_owned(),
            "anchors",
        ),
        ("deep.json", "[".repeat(200_000), "deeper than"),
        (
            "twice.json",
            r#"{"persons": [], "persons": []}"#.to_owned(),
            "twice",
        ),
        ("wide.csv", "a,".repeat(10_000), "columns"),
        ("empty.csv", String::new(), "has no column"),
        ("page.json", "<html>".to_owned(), "JSON"),
    ] {
        let path = known.path(name);
        std::fs::write(&path, text).unwrap();
        let said = refused(known.import(&[&path]));
        assert!(
            said.contains(name) && said.contains(reason),
            "{name}: {said}"
        );
    }
    let path = known.path("odd.json");
    std::fs::write(&path, b"{\"a\": \"\xff\"}").unwrap();
    refused(known.import(&[&path]));
    refused(known.import(&[&path, "--format", "xml"]));
    refused(known.with(&["officials", "check", "--place", "0000000"]));
}

#[test]
fn an_export_read_again_changes_nothing_where_it_was_made() {
    let instance = served();
    let list = write(
        &instance,
        "all.csv",
        &done(instance.with(&["officials", "export"])),
    );
    let again = json(&instance, &["officials", "import", &list]);
    assert_eq!(
        (&again["changed"], &again["changes"]),
        (&Value::from(0), &Value::Array(Vec::new()))
    );
    let told = done(instance.with(&["officials", "export"]));
    assert_eq!(told, std::fs::read_to_string(&list).unwrap());
}
