//! Lists in other formats than our table.

use super::{answers, day};
use crate::officials::{
    Directory, Format, Gatherer, Layout, ListFile, ListReading, Notice, NoticeKind, OfficialsError,
    Taken,
};
use rstest::rstest;

/// What was read.
struct Read {
    directory: Directory,
    notices: Vec<Notice>,
    taken: Taken,
}

fn try_read(files: &[(&str, &str)], format: Option<Format>) -> Result<Read, OfficialsError> {
    let known = |id: &str| {
        Some(
            match id {
                "ocd-division/country:us/state:zz/place:bay" => "9900100",
                "ocd-division/country:us/state:zz/county:shore" => "99001",
                _ => return None,
            }
            .to_owned(),
        )
    };
    let reading = ListReading {
        format,
        layout: Layout {
            defaults: [("as_of".to_owned(), "2026-06-01".to_owned())].into(),
            ..Layout::default()
        },
        delimiter: None,
        division_geoid: &known,
    };
    let files: Vec<ListFile> = files
        .iter()
        .map(|(name, text)| ListFile {
            name: (*name).to_owned(),
            bytes: text.as_bytes().to_vec(),
        })
        .collect();
    let (mut gatherer, mut notices) = (Gatherer::new(), Vec::new());
    let taken = gatherer.read_list(&files, &reading, &mut |notice| notices.push(notice))?;
    Ok(Read {
        directory: gatherer.finish(),
        notices,
        taken,
    })
}

fn read(files: &[(&str, &str)]) -> Read {
    try_read(files, None).unwrap()
}

const ADA: &str = "id: ocd-person/0a
name: Ada Lane
given_name: Ada
family_name: Lane
party:
- name: Independent
roles:
- type: mayor
  jurisdiction: ocd-jurisdiction/country:us/state:zz/place:bay/government
  start_date: 2024-01-01
  end_date: '2027-12-31'
offices:
- classification: primary
  address: 1 Main Street;Bay, ZZ 00001
  voice: 555-0100
  email: mayor@bay.example
links:
- url: https://bay.example/mayor
- url: https://bay.example/write
  note: contact form
sources:
- url: https://bay.example
other_names:
- name: Ada L. Lane
";

const BO: &str = "id: ocd-person/0b
name: Bo Diaz
roles:
- type: council
  jurisdiction: ocd-jurisdiction/country:us/state:zz/place:bay/government
  district: Ward 3
  start_date: 2022-01-01
- type: lower
  jurisdiction: ocd-jurisdiction/country:us/state:zz/government
  district: '12'
email: bo@bay.example
death_date: 2026-02-03
";

#[test]
fn a_folder_of_people_is_one_list_with_history_and_contacts() {
    let cy = BO
        .replace("0b", "0c")
        .replace("Bo Diaz", "Cy Ng")
        .replace("Ward 3", "At-Large")
        .replace("death_date: 2026-02-03\n", "");
    let di = cy.replace("0c", "0d").replace("Cy Ng", "Di Roe");
    let read = read(&[
        ("ada.yml", ADA),
        ("bo.yml", BO),
        ("cy.yml", &cy),
        ("di.yaml", &di),
    ]);
    assert_eq!(read.notices, []);
    assert_eq!((read.taken.rows, read.taken.passed_over), (4, 3));
    let directory = &read.directory;
    assert_eq!(
        answers(directory, "9900100", "2026-06-01"),
        [
            "mayor: Ada Lane",
            "council_member/3: Bo Diaz term_ended",
            "council_member/at_large/1: Cy Ng",
            "council_member/at_large/2: Di Roe",
        ]
    );
    let mayor = directory.posts_of("9900100")[0].holders_on(day("2026-06-01"))[0];
    assert_eq!(mayor.person_id.as_deref(), Some("ocd-person/0a"));
    assert_eq!(mayor.party.as_deref(), Some("Independent"));
    assert_eq!(mayor.term_end, Some(day("2027-12-31")));
    let contact = &mayor.contact;
    assert_eq!(contact.email.as_deref(), Some("mayor@bay.example"));
    assert_eq!(
        contact.web_form.as_deref(),
        Some("https://bay.example/write")
    );
    assert_eq!(
        contact.office_address.as_deref(),
        Some("1 Main Street;Bay, ZZ 00001")
    );
    assert_eq!(mayor.source.as_deref(), Some("https://bay.example"));
    assert!(
        mayor
            .notes
            .contains(&("phone".to_owned(), "555-0100".to_owned()))
    );
}

#[test]
fn a_person_of_an_unknown_place_is_refused_with_file_and_line() {
    let nowhere = ADA.replace("place:bay", "place:nowhere");
    let read = read(&[
        ("ada.yml", ADA),
        ("x.yml", &format!("# somebody\n{nowhere}")),
    ]);
    assert_eq!(read.notices.len(), 1);
    let notice = &read.notices[0];
    assert_eq!(
        (notice.kind, notice.place().as_str()),
        (NoticeKind::Refused, "x.yml roles[0] line 2")
    );
    assert!(
        notice.text.contains("place:nowhere` is not known"),
        "{}",
        notice.text
    );
    assert_eq!(read.taken.rows, 1);
}

const POPOLO: &str = r#"{
  "persons": [
    {"id": "p1", "name": "Ada Lane", "contact_details": [{"type": "email", "value": "ada@bay.example"}, {"type": "voice", "value": "555"}]},
    {"id": "p2", "name": "Bo Diaz", "email": "bo@bay.example", "links": [{"url": "https://bay.example/bo"}]},
    {"id": "p3", "name": "Cy Ng"},
    {"id": "p4", "name": "Di Roe"}
  ],
  "organizations": [
    {"id": "council", "name": "Bay City Council", "classification": "legislature", "division_id": "ocd-division/country:us/state:zz/place:bay"},
    {"id": "mayor", "name": "Mayor of Bay", "classification": "executive", "jurisdiction_id": "ocd-jurisdiction/country:us/state:zz/place:bay/government"},
    {"id": "house", "name": "House", "classification": "legislature", "division_id": "ocd-division/country:us/state:zz"},
    {"id": "green", "name": "Greens", "classification": "party"}
  ],
  "posts": [
    {"id": "w3", "label": "Ward 3", "role": "Alderman", "organization_id": "council", "area_id": "a3"},
    {"id": "al", "label": "At-Large", "organization_id": "council"}
  ],
  "areas": [{"id": "a3", "name": "Ward 3", "classification": "ward", "identifiers": [{"scheme": "ocd", "identifier": "ocd-division/country:us/state:zz/place:bay/ward:3"}]}],
  "memberships": [
    {"person_id": "p1", "organization_id": "mayor", "role": "Mayor", "start_date": "2024-01-01", "end_date": "2027-12-31"},
    {"person_id": "p2", "organization_id": "council", "post_id": "w3"},
    {"person_id": "p3", "organization_id": "council", "post_id": "al", "role": "member"},
    {"person_id": "p4", "organization_id": "house", "role": "member"},
    {"person_id": "p9", "organization_id": "council", "role": "member"},
    {"person_id": "p4", "organization_id": "nothing", "role": "member"},
    {"person_id": "p2", "organization_id": "green"}
  ]
}"#;

#[test]
fn a_popolo_document_is_read_by_what_refers_to_what() {
    let read = read(&[("bay.json", POPOLO)]);
    assert_eq!((read.taken.rows, read.taken.passed_over), (3, 1));
    let refused: Vec<String> = read.notices.iter().map(Notice::place).collect();
    assert_eq!(refused, ["memberships[4]", "memberships[5]"]);
    assert_eq!(
        answers(&read.directory, "9900100", "2026-06-01"),
        [
            "mayor: Ada Lane",
            "council_member/3: Bo Diaz",
            "council_member/at_large: Cy Ng"
        ]
    );
    let bo = &read.directory.posts_of("9900100")[1];
    assert_eq!(bo.title, "Alderman");
    let bo = bo.holders_on(day("2026-06-01"))[0];
    assert_eq!(
        (bo.party.as_deref(), bo.contact.url.as_deref()),
        (Some("Greens"), Some("https://bay.example/bo"))
    );
}

#[test]
fn the_same_comes_as_lists_in_files_of_their_own_and_within_persons() {
    let whole: serde_json::Value = serde_json::from_str(POPOLO).unwrap();
    let lists: Vec<(String, String)> =
        ["persons", "organizations", "posts", "areas", "memberships"]
            .map(|key| (format!("{key}.json"), whole[key].to_string()))
            .to_vec();
    let files: Vec<(&str, &str)> = lists
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let apart = read(&files);
    assert_eq!(apart.directory, read(&[("bay.json", POPOLO)]).directory);
    let within = r#"[{"_type": "person", "id": "p1", "name": "Ada Lane", "memberships": [
        {"role": "Mayor", "organization": {"name": "Bay", "classification": "executive"},
         "post": {"label": "Mayor", "division_id": "ocd-division/country:us/state:zz/place:bay"}}]}]"#;
    let within = read(&[("people.json", within)]);
    assert_eq!(
        answers(&within.directory, "9900100", "2026-06-01"),
        ["mayor: Ada Lane"]
    );
}

fn cicero(official: &str) -> String {
    format!(
        r#"{{"response": {{"errors": [], "results": {{"candidates": [{{"officials": [{official}]}}]}}}}}}"#
    )
}

const CICERO: &str = r#"
 {"id": 71, "first_name": "Robert", "preferred_name": "Bob", "last_name": "Diaz", "middle_initial": "A", "name_suffix": "Jr.",
  "party": "", "email_addresses": ["bob@bay.example", "office@bay.example"], "urls": ["https://bay.example/bob"],
  "addresses": [{"address_1": "1 Main St", "address_2": "", "city": "Bay", "state": "ZZ", "postal_code": "00001", "phone_1": "555"}],
  "web_form_url": "https://bay.example/form", "current_term_start_date": "2023-01-01 00:00:00", "term_end_date": "2026-12-31 00:00:00",
  "last_update_date": "2026-05-04T10:00:00",
  "office": {"title": "Council Member", "district": {"district_type": "LOCAL", "district_id": "3", "label": "Ward 3", "state": "ZZ",
    "ocd_id": "ocd-division/country:us/state:zz/place:bay/ward:3"}}},
 {"id": 72, "first_name": "Ada", "last_name": "Lane", "office": {"title": "Mayor", "district": {"district_type": "LOCAL_EXEC",
    "district_id": "BAY", "ocd_id": "ocd-division/country:us/state:zz/place:bay"}}},
 {"id": 73, "first_name": "Cy", "last_name": "Ng", "office": {"title": "Council Member", "district": {"district_type": "LOCAL",
    "district_id": "AT LARGE", "ocd_id": "ocd-division/country:us/state:zz/place:bay"}}},
 {"id": 74, "first_name": "Di", "last_name": "Roe", "office": {"title": "Senator", "district": {"district_type": "STATE_UPPER"}}}"#;

#[test]
fn an_answer_of_cicero_names_its_local_officials() {
    let read = read(&[("answer", &cicero(CICERO))]);
    assert_eq!(read.notices, []);
    assert_eq!((read.taken.rows, read.taken.passed_over), (3, 1));
    assert_eq!(
        answers(&read.directory, "9900100", "2026-06-01"),
        [
            "mayor: Ada Lane",
            "council_member/3: Bob Diaz Jr.",
            "council_member/at_large: Cy Ng"
        ]
    );
    let bob = read.directory.posts_of("9900100")[1].holders_on(day("2026-06-01"))[0];
    assert_eq!(bob.person_id.as_deref(), Some("cicero:71"));
    assert_eq!(
        (bob.term_start, bob.term_end),
        (Some(day("2023-01-01")), Some(day("2026-12-31")))
    );
    assert_eq!(bob.contact.checked_on, Some(day("2026-05-04")));
    assert_eq!(
        bob.contact.office_address.as_deref(),
        Some("1 Main St; Bay, ZZ 00001")
    );
    assert!(
        bob.notes
            .contains(&("other email".to_owned(), "office@bay.example".to_owned()))
    );
}

#[test]
fn a_bad_entry_is_refused_with_its_path_and_the_others_load() {
    let bad = r#", {"id": 75, "first_name": "Ed", "last_name": "X", "office": {"title": "Mayor", "district": {"district_type": "LOCAL_EXEC"}}}"#;
    let read = read(&[("a.json", &cicero(&format!("{CICERO}{bad}")))]);
    assert_eq!(read.taken.rows, 3);
    assert_eq!(
        read.notices[0].place(),
        "response.results.candidates[0].officials[4]"
    );
    assert!(
        read.notices[0].text.contains("`ocd_id`"),
        "{}",
        read.notices[0].text
    );
}

#[rstest]
#[case::bomb("x.yml", "a: &a [1]\nb: *a\n", "line 1: anchors")]
#[case::twice(
    "x.json",
    r#"{"persons": [], "persons": []}"#,
    "the key `persons` stands twice"
)]
#[case::no_memberships("x.json", r#"{"persons": [{"name": "Ada"}]}"#, "it has no memberships")]
#[case::an_error(
    "x.json",
    r#"{"response": {"errors": ["no such key"], "results": {}}}"#,
    "no such key"
)]
#[case::no_json("x.json", "<html>", "cannot be read as JSON")]
#[case::wide("x.csv", &"a,".repeat(10_000), "has 10001 columns")]
#[case::header_twice("x.csv", "place_geoid,role,name,Role\n", "the column `role` twice")]
fn what_is_no_list_is_an_error_that_says_why(
    #[case] name: &str,
    #[case] text: &str,
    #[case] reason: &str,
) {
    let error = try_read(&[(name, text)], None).err().unwrap().to_string();
    assert!(error.contains(name) && error.contains(reason), "{error}");
}

#[test]
fn one_broken_file_of_many_costs_that_file() {
    let read = read(&[("a.yml", ADA), ("b.yml", "name: [")]);
    assert_eq!((read.taken.rows, read.notices.len()), (1, 1));
    assert_eq!(read.notices[0].place(), "b.yml");
}

#[rstest]
#[case("a.csv", "{", Format::Csv)]
#[case("a.yaml", "", Format::OpenStates)]
#[case("a", "---\nname: Ada\n", Format::OpenStates)]
#[case("a", "\u{feff} {\"response\": {\"results\": {}}}", Format::Cicero)]
#[case("a.json", "{\"memberships\": [], \"response\": 1}", Format::Popolo)]
#[case("a", "[]", Format::Popolo)]
#[case("a", "place_geoid,role,name\n", Format::Csv)]
fn a_format_is_told_by_the_name_and_then_by_the_content(
    #[case] name: &str,
    #[case] text: &str,
    #[case] expected: Format,
) {
    assert_eq!(Format::guess(name, text.as_bytes()), expected);
}
