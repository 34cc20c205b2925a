//! Files with faults: what is refused, what is mended, and where it stands.

use super::{answers, day, read};
use crate::officials::{Gatherer, Layout, Notice, NoticeKind, OfficialsError};
use rstest::rstest;

const HEADER: &str =
    "place_geoid,division,role,title,district,at_large,name,term_start,term_end,vacant,email,as_of";

#[rstest]
#[case::unknown_role("9900100,,king,,,,Ada Lane,,,,,", "`king` is no role")]
#[case::no_role(
    "9900100,,,,,,Ada Lane,,,,,",
    "write mayor, council_member, clerk or officer"
)]
#[case::short_geoid("990,,mayor,,,,Ada Lane,,,,,", "`990` is no GEOID")]
#[case::lost_zero("804000,,mayor,,,,Ada Lane,,,,,", "write 0804000")]
#[case::letters("99O0100,,mayor,,,,Ada Lane,,,,,", "is no GEOID")]
#[case::nowhere(",,mayor,,,,Ada Lane,,,,,", "neither place_geoid nor division")]
#[case::unknown_division(
    ",ocd-division/country:us/state:zz/place:nil,mayor,,,,Ada Lane,,,,,",
    "is not known"
)]
#[case::bad_day(
    "9900100,,mayor,,,,Ada Lane,1/20/2025,,,,",
    "`1/20/2025` in term_start is no date"
)]
#[case::bad_age("9900100,,mayor,,,,Ada Lane,,,,,soon", "`soon` in as_of is no date")]
#[case::backwards(
    "9900100,,mayor,,,,Ada Lane,2026-01-01,2025-01-01,,,",
    "before it begins"
)]
#[case::nobody("9900100,,mayor,,,,,,,0,,", "there is no name")]
#[case::both("9900100,,mayor,,,,Ada Lane,,,1,,", "vacant and held by Ada Lane")]
#[case::maybe_vacant("9900100,,mayor,,,,Ada Lane,,,perhaps,,", "`perhaps` in vacant")]
#[case::maybe_at_large("9900100,,mayor,,,perhaps,Ada Lane,,,,,", "`perhaps` in at_large")]
#[case::an_address("9900100,,mayor,,,,Email: mayor@bay.example,,,,,", "is no name")]
#[case::control("9900100,,mayor,,,,Ada\0Lane,,,,,", "control character")]
#[case::line_break("9900100,,mayor,,,,\"Ada\nLane\",,,,,", "line break")]
#[case::turned_text("9900100,,mayor,,,,Ada\u{202e}Lane,,,,,", "control character")]
#[case::too_few("9900100,,mayor,,,,Ada Lane", "7 fields where the header has 12")]
#[case::too_many(
    "9900100,,mayor,,,,Lane, Ada,,,,,",
    "13 fields where the header has 12"
)]
fn a_bad_row_is_refused_and_the_others_load(#[case] row: &str, #[case] reason: &str) {
    let good = "9900100,,mayor,,,,Bo Good,,,,,";
    let (directory, notices) = read(&[&format!("{HEADER}\n{row}\n{good}\n")]);
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert_eq!((notices[0].line, notices[0].kind), (2, NoticeKind::Refused));
    assert!(notices[0].text.contains(reason), "{}", notices[0].text);
    assert_eq!(
        answers(&directory, "9900100", "2026-01-01"),
        ["mayor: Bo Good"]
    );
}

#[test]
fn a_very_long_field_is_refused() {
    let (directory, notices) = read(&[&format!(
        "{HEADER}\n9900100,,mayor,,,,{},,,,,\n",
        "x".repeat(1001)
    )]);
    assert!(
        notices[0].text.contains("`name` is 1001 bytes long"),
        "{notices:?}"
    );
    assert_eq!(directory.jurisdictions().count(), 0);
}

#[test]
fn a_row_in_another_encoding_costs_that_row_alone() {
    let text =
        b"place_geoid,role,name\n9900100,mayor,Jos\xe9 Lane\n9900200,mayor,Jos\xc3\xa9 Lane\n";
    let mut notices = Vec::new();
    let mut gatherer = Gatherer::new();
    let taken = gatherer.read_csv(
        &text[..],
        "a.csv",
        &Layout::default(),
        &|_| None,
        &mut |notice| notices.push(notice),
    );
    assert_eq!(taken.unwrap(), 1);
    assert_eq!(notices[0].line, 2);
    assert!(notices[0].text.contains("not UTF-8"), "{notices:?}");
    assert_eq!(
        answers(&gatherer.finish(), "9900200", "2026-01-01"),
        ["mayor: José Lane"]
    );
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let text = "\u{feff}place_geoid,role,name,notes\r\n\r\n9900100,mayor,Ada,x\r\n1,mayor,Bo,x\r\n,,,\r\n9900100,king,Cy,x\r\n9900100,mayor,,\"a\r\nb\"\r\n9900100,mayor,,x";
    let (_, notices) = read(&[text]);
    let lines: Vec<u64> = notices.iter().map(|notice| notice.line).collect();
    assert_eq!(lines, [4, 6, 7, 9], "{notices:?}");
}

#[test]
fn a_malformed_address_is_dropped_and_the_official_stays() {
    let text = "place_geoid,role,name,email,url\n9900100,mayor,Ada Lane,mayor@bay-.example,javascript:alert(1)\n";
    let (directory, notices) = read(&[text]);
    let kinds: Vec<_> = notices
        .iter()
        .map(|notice| (notice.line, notice.kind))
        .collect();
    assert_eq!(kinds, [(2, NoticeKind::Remark), (2, NoticeKind::Remark)]);
    assert!(
        notices[0]
            .text
            .contains("`mayor@bay-.example` in email was left out")
    );
    let holder = directory.posts_of("9900100")[0].holders_on(day("2026-01-01"))[0].clone();
    assert_eq!(
        (
            holder.name.as_str(),
            &holder.contact.email,
            &holder.contact.url
        ),
        ("Ada Lane", &None, &None)
    );
}

#[test]
fn headers_differ_in_case_and_what_is_not_ours_is_a_note() {
    let text = " Place GEOID ,ROLE,Name,Pronouns,Time-Zone\n9900100,Council Member, Ada Lane ,she,America/Denver\n";
    let (directory, notices) = read(&[text]);
    assert_eq!(notices, []);
    let holder = directory.posts_of("9900100")[0]
        .history()
        .next()
        .unwrap()
        .clone();
    assert_eq!(
        (holder.name.as_str(), holder.notes),
        ("Ada Lane", vec![("Pronouns".into(), "she".into())])
    );
    let zone = directory
        .jurisdiction("9900100")
        .unwrap()
        .time_zone
        .as_deref();
    assert_eq!(zone, Some("America/Denver"));
}

fn read_with(text: &str, layout: &Layout) -> (Result<u64, OfficialsError>, Gatherer, Vec<Notice>) {
    let (mut gatherer, mut notices) = (Gatherer::new(), Vec::new());
    let known = |division: &str| {
        (division == "ocd-division/country:us/state:zz/place:bay").then(|| "9900100".to_owned())
    };
    let result = gatherer.read_csv(text.as_bytes(), "list.csv", layout, &known, &mut |notice| {
        notices.push(notice);
    });
    (result, gatherer, notices)
}

fn pairs(pairs: &[(&str, &str)]) -> std::collections::BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(ours, theirs)| ((*ours).to_owned(), (*theirs).to_owned()))
        .collect()
}

#[test]
fn a_layout_names_the_columns_and_fills_the_blanks() {
    let layout = Layout {
        columns: pairs(&[
            ("name", "Inhaber"),
            ("district", "Bezirk"),
            ("role", "Rolle"),
        ]),
        defaults: pairs(&[
            ("place_geoid", "9900100"),
            ("role", "council_member"),
            ("as_of", "2026"),
        ]),
        delimiter: b';',
    };
    let text = "Inhaber;Bezirk;Rolle;email\nAda Lane;2;;ada@bay.example\nBo Lane;;mayor;\n";
    let (result, gatherer, notices) = read_with(text, &layout);
    assert_eq!((result.unwrap(), notices), (2, vec![]));
    let directory = gatherer.finish();
    assert_eq!(
        answers(&directory, "9900100", "2026-06-01"),
        ["mayor: Bo Lane", "council_member/2: Ada Lane"]
    );
    let holder = directory.posts_of("9900100")[1].history().next().unwrap();
    assert_eq!(
        (
            &holder.contact.email,
            holder.notes.len(),
            holder.as_of.as_deref()
        ),
        (&None, 0, Some("2026"))
    );
}

#[test]
fn a_division_names_the_place_and_the_district() {
    let text = "division,role,name
ocd-division/country:us/state:zz/place:bay,mayor,Ada
ocd-division/country:us/state:zz/place:bay/ward:a,council_member,Bo
ocd-division/country:us/state:zz/place:bay/council_district:03,council_member,Cy
";
    let (result, gatherer, notices) = read_with(text, &Layout::default());
    assert_eq!((result.unwrap(), notices), (3, vec![]));
    let expected = ["mayor: Ada", "council_member/3: Cy", "council_member/A: Bo"];
    assert_eq!(
        answers(&gatherer.finish(), "9900100", "2026-01-01"),
        expected
    );
}

#[rstest]
#[case(
    "name,place_geoid\nAda,9900100\n",
    Layout::default(),
    "list.csv has no column `role`; it has name, place_geoid"
)]
#[case(
    "name,role\nAda,mayor\n",
    Layout::default(),
    "has no column `place_geoid` or `division`; it has name, role"
)]
#[case("", Layout::default(), "has no column `role`; it has none")]
#[case("role,division\n", Layout { columns: pairs(&[("role", "Rolle")]), ..Layout::default() }, "has no column `Rolle`; it has role, division")]
#[case("role,division\n", Layout { defaults: pairs(&[("rolle", "mayor")]), ..Layout::default() }, "`rolle` in the source of list.csv is no column")]
fn a_file_without_a_needed_column_is_an_error_that_says_what_it_has(
    #[case] text: &str,
    #[case] layout: Layout,
    #[case] message: &str,
) {
    let error = read_with(text, &layout).0.unwrap_err().to_string();
    assert!(error.contains(message), "{error}");
}
