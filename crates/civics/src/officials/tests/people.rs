//! Names: one person under several spellings, and people of one name.

use super::{day, directory};
use crate::officials::person::Likeness::{Other, Same, Unclear};
use crate::officials::person::{Likeness, PersonName, compare};
use crate::officials::{
    Directory, Format, Layout, ListFile, ListReading, Missing, Post, Proposal, propose,
};

/// Two names, and whether they are one person's.
const PAIRS: &[(&str, &str, Likeness)] = &[
    // Accents, points, order, case, initials, a generation that one list leaves out.
    ("José Núñez", "Jose Nunez", Same),
    ("José Núñez", "NUÑEZ, JOSÉ", Same),
    ("José Núñez", "José A. Núñez Jr.", Same),
    ("Núñez Jr., José A.", "Jose A Nunez, Jr", Same),
    ("Nunez, Jose", "José A. Núñez Jr.", Same),
    ("Mary-Ann O’Neill", "Mary Ann ONeill", Same),
    ("Sean O'Brien", "Seán O’Brien", Same),
    ("Ana de la Cruz", "Ana Delacruz", Same),
    ("Ana De La Cruz", "DE LA CRUZ, ANA", Same),
    ("Hon. Ada Lane", "Ada Lane", Same),
    ("Dr. Ada B. Lane, PhD", "Ada Lane", Same),
    ("Robert \"Bob\" Lane", "Bob Lane", Same),
    ("William (Bill) Ng", "Bill Ng", Same),
    ("Maria Garcia-Lopez", "Maria Garcia Lopez", Same),
    ("Ana Maria Ruiz", "Ana M. Ruiz", Same),
    ("John Smith III", "John Smith 3rd", Same),
    ("Zoë  Peña", "ZOE PENA", Same),
    ("Łukasz Żak", "Lukasz Zak", Same),
    ("Søren Ørsted", "Soren Orsted", Same),
    ("Ngô Đình Khôi", "Ngo Dinh Khoi", Same),
    ("Şükrü Yıldız", "Sukru Yildiz", Same),
    // Other scripts: what is part of a letter stays, what may be left out goes.
    ("王小明", "王 小明", Same),
    ("王小明", "王小朋", Other),
    ("김민준", "김민준", Same),
    ("김민준", "김민수", Other),
    ("ガルシア・マリア", "ガルシア マリア", Same),
    ("ハラ ケン", "バラ ケン", Other),
    ("Γιώργος Παπαδόπουλος", "ΓΙΩΡΓΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ", Same),
    ("Алёна Зуева", "Алена Зуева", Same),
    ("Зуева, Алена", "Алёна Зуева", Same),
    ("Иван Петров", "Иван Петрова", Unclear),
    ("דָּוִד לֵוִי", "דוד לוי", Same),
    ("أحمد حسن", "احمد حسن", Same),
    ("مُحَمَّد علي", "محمد علي", Same),
    ("राम सिंह", "रोम सिंह", Other),
    ("राम सिंह", "राम सिंह", Same),
    ("สมชาย ใจดี", "สมชาย ใจดี", Same),
    // Brothers, fathers and daughters, and namesakes.
    ("John Smith Jr.", "John Smith Sr.", Other),
    ("John Smith II", "John Smith III", Other),
    ("John A. Smith", "John B. Smith", Other),
    ("John Adam Smith", "John Brian Smith", Other),
    ("John Smith", "Joan Smith", Other),
    ("John Smith", "John Smyth Baker", Other),
    ("Ana Ruiz", "Ana Diaz", Other),
    ("Ana Ruiz", "Bo Ruiz", Other),
    // Somebody has to look.
    ("Robert Lane", "Bob Lane", Unclear),
    ("J. Nunez", "José Núñez", Unclear),
    ("Ana Ruiz", "Ana Ruiz-Lopez", Unclear),
    ("Ana Garcia", "Ana Garcia Lopez", Unclear),
    ("J. Marcus Webb", "Marcus Webb", Unclear),
    ("Xiaoming Wang", "Wang Xiaoming", Unclear),
    ("Jürgen Müller", "Jürgen Mueller", Unclear),
    ("Catherine Petersen", "Catherine Peterson", Unclear),
    ("Katherine Lane", "Kathy Lane", Unclear),
    ("Lane", "Ada Lane", Unclear),
];

#[test]
fn spellings_of_one_name_are_told_from_two_names() {
    assert!(PAIRS.len() >= 40);
    let wrong: Vec<_> = PAIRS
        .iter()
        .filter_map(|(one, other, expected)| {
            let (first, second) = (PersonName::read(one), PersonName::read(other));
            let found = (compare(&first, &second), compare(&second, &first));
            (found != (*expected, *expected)).then_some((one, other, found))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const HEADER: &str = "place_geoid,role,district,name,term_start,term_end,email,as_of,person_id\n";

fn ids(directory: &Directory) -> Vec<(String, String)> {
    let posts = directory.jurisdictions().flat_map(|(_, it)| &it.posts);
    posts
        .flat_map(Post::history)
        .map(|holder| {
            let id = holder.person_id.clone().unwrap_or_default();
            (holder.name.clone(), id)
        })
        .collect()
}

/// How many people there are in rows of one government.
fn people(rows: &str) -> usize {
    let directory = directory(&[&format!("{HEADER}{rows}")]);
    let all: std::collections::BTreeSet<String> =
        ids(&directory).into_iter().map(|(_, id)| id).collect();
    all.len()
}

#[test]
fn one_person_keeps_one_id_and_one_seat_under_every_spelling() {
    let first = format!(
        "{HEADER}9900100,council_member,,José Núñez,,,,2022,\n9900100,council_member,,Bo Diaz,,,,2022,\n"
    );
    let later = format!(
        "{HEADER}9900100,council_member,,Aaron Abt,,,,2026,\n9900100,council_member,,\"Nunez, Jose A.\",,,,2026,\n"
    );
    let directory = directory(&[&first, &later]);
    let ids = ids(&directory);
    assert_eq!(
        (ids[0].0.as_str(), ids[3].0.as_str()),
        ("José Núñez", "Nunez, Jose A.")
    );
    assert_eq!(ids[0].1, "9900100~jose_nunez");
    assert_eq!(ids[3].1, ids[0].1);
    assert_eq!(
        super::answers(&directory, "9900100", "2026-06-01"),
        [
            "council_member/at_large/1: Aaron Abt",
            "council_member/at_large/2: Nunez, Jose A."
        ]
    );
}

#[test]
fn posts_held_at_once_tell_people_of_one_name_apart() {
    let wards = "9900100,council_member,1,John Smith,,,,2026,\n9900100,council_member,2,John Smith,,,,2026,\n";
    assert_eq!(people(wards), 2);
    let chosen =
        "9900100,mayor,,John Smith,,,,2026,\n9900100,council_member,2,John A. Smith,,,,2026,\n";
    assert_eq!(people(chosen), 1);
    let keeper = "9900100,clerk,,Ada Lane,,,,2026,\n9900100,mayor,,Ada Lane,,,,2026,\n";
    assert_eq!(people(keeper), 2);
    let moved = "9900100,council_member,1,Ada Lane,2018-01-01,2022-01-01,,2026,\n9900100,council_member,2,Ada Lane,2022-01-01,2026-12-31,,2026,\n";
    assert_eq!(people(moved), 1);
    let grandchild = "9900100,council_member,1,Ada Lane,1980-01-01,1984-01-01,,2026,\n9900100,mayor,,Ada Lane,2022-01-01,2026-12-31,,2026,\n";
    assert_eq!(people(grandchild), 2);
    let colleagues = "9900100,council_member,,John A. Smith,,,,2026,\n9900100,council_member,,John Smith,,,,2026,\n";
    assert_eq!(people(colleagues), 2);
    let elsewhere = "9900100,mayor,,Ada Lane,,,,2026,\n9900200,mayor,,Ada Lane,,,,2026,\n";
    assert_eq!(people(elsewhere), 2);
}

#[test]
fn the_lists_own_id_wins_over_every_spelling() {
    let married = "9900100,council_member,1,Ana Ruiz,,,,2022,ocd-person/1\n9900100,council_member,1,Ana Lopez,,,,2026,ocd-person/1\n";
    assert_eq!(people(married), 1);
    let twins = "9900100,council_member,1,Ana Ruiz,2018,2021,,2026,ocd-person/1\n9900100,council_member,1,Ana Ruiz,2022,2026,,2026,ocd-person/2\n";
    assert_eq!(people(twins), 2);
    let two_lists = "9900100,mayor,,Ana Ruiz,,,,2022,ocd-person/1\n9900100,mayor,,Ana Ruiz,,,,2026,cicero:7\n9900100,mayor,,A. Ruiz,,,,2027,cicero:7\n";
    assert_eq!(people(two_lists), 1);
}

fn proposed(before: &Directory, rows: &str) -> Proposal {
    let reading = ListReading {
        format: Some(Format::Csv),
        layout: Layout::default(),
        delimiter: None,
        division_geoid: &|_| None,
    };
    let file = ListFile {
        name: "list.csv".to_owned(),
        bytes: format!("{HEADER}{rows}").into_bytes(),
    };
    propose(before, &[file], &reading, Missing::Stay, day("2026-11-21")).unwrap()
}

#[test]
fn whoever_may_be_somebody_else_is_told_and_left_apart() {
    let before = proposed(
        &Directory::default(),
        "9900100,mayor,,Robert Lane,,,,2022,\n",
    )
    .after;
    let proposal = proposed(&before, "9900100,mayor,,Bob Lane,,,,2026,\n");
    let doubt = &proposal.doubts[0];
    assert_eq!(
        (
            doubt.name.as_str(),
            doubt.may_be.as_str(),
            doubt.post.as_str()
        ),
        ("Bob Lane", "Robert Lane", "9900100/mayor")
    );
    assert_eq!(ids(&proposal.after).len(), 2);
    assert_ne!(ids(&proposal.after)[0].1, ids(&proposal.after)[1].1);
    let again = proposed(&proposal.after, "9900100,mayor,,Bob Lane,,,,2026,\n");
    assert_eq!((again.changed(), again.doubts.len()), (0, 0));
}

#[test]
fn people_who_were_left_apart_are_found_again_by_the_next_list() {
    let rows = "9900100,council_member,,Ada Lane,,,,2026,\n9900100,officer,,Ada Lane,,,,2026,\n9900100,council_member,,Roy Webb,,,,2026,\n9900100,council_member,,Roy A. Webb,,,,2026,\n9900100,mayor,,Van Ng,,2023,,2026,\n9900100,mayor,,Van R. Ng,,2028,,2026,\n";
    let before = proposed(&Directory::default(), rows);
    assert_eq!(before.doubts.len(), 2, "{:?}", before.doubts);
    for again in [rows.to_owned(), rows.replace(",2026,\n", ",2026-09,\n")] {
        let again = proposed(&before.after, &again);
        assert_eq!((again.changes, again.doubts), (Vec::new(), Vec::new()));
    }
}

#[test]
fn an_id_once_given_stays_when_a_list_brings_its_own() {
    let before = proposed(&Directory::default(), "9900100,mayor,,Ana Ruiz,,,,2022,\n").after;
    let after = proposed(&before, "9900100,mayor,,Ana Ruiz,,,,2024,ocd-person/1\n").after;
    let last = proposed(&after, "9900100,mayor,,Ana Lopez,,,,2026,ocd-person/1\n");
    let ids: Vec<String> = ids(&last.after).into_iter().map(|(_, id)| id).collect();
    assert_eq!(
        ids,
        ["9900100~ana_ruiz", "9900100~ana_ruiz", "9900100~ana_ruiz"]
    );
    assert_eq!(
        last.changes[0].told(),
        "9900100/mayor: Ana Lopez, was written Ana Ruiz"
    );
}

#[test]
fn a_crowd_of_namesakes_is_read_in_reasonable_time() {
    let row = |number| format!("9900100,council_member,{number},John Smith{number},,,,2026,\n");
    let rows = (0..2_000).map(row).collect::<Vec<_>>().concat();
    let begun = std::time::Instant::now();
    assert_eq!(people(&rows), 2_000);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
