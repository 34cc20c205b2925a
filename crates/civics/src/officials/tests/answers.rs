//! One seat, several lists: who is answered on a day.

use super::{answers, day, directory, read};
use redress_model::official::Seat;
use redress_model::resolution::Reason;

const OLD_COUNCIL: &str =
    "place_geoid,role,title,district,at_large,name,term_start,term_end,as_of,email
9900100,council_member,Supervisor,1,0,Ada Old,2017-01-01,2021-01-01,2017,ada@bay.example
9900100,council_member,President,2,0,Bo Old,2015-01-08,2019-01-08,2017,bo@bay.example
";

const NEW_NAMES: &str = "place_geoid,role,title,district,at_large,name,term_start,term_end,as_of
9900100,council_member,Supervisor,1,0,Cy New,,,2026-07
9900100,council_member,Supervisor,2,0,Di New,,,2026-07
";

#[test]
fn a_later_list_of_names_is_answered_today_and_the_older_one_for_its_own_years() {
    let directory = directory(&[OLD_COUNCIL, NEW_NAMES]);
    let today = ["council_member/1: Cy New", "council_member/2: Di New"];
    assert_eq!(answers(&directory, "9900100", "2026-11-21"), today);
    let then = ["council_member/1: Ada Old", "council_member/2: Bo Old"];
    assert_eq!(answers(&directory, "9900100", "2018-06-01"), then);
    let names: Vec<&str> = directory.posts_of("9900100")[0]
        .history()
        .map(|holder| holder.name.as_str())
        .collect();
    assert_eq!(names, ["Ada Old", "Cy New"]);
}

#[test]
fn a_term_just_over_is_nearer_than_a_list_made_years_later() {
    let directory = directory(&[OLD_COUNCIL, NEW_NAMES]);
    assert_eq!(
        answers(&directory, "9900100", "2019-06-01")[1],
        "council_member/2: Bo Old term_ended"
    );
    assert_eq!(
        answers(&directory, "9900100", "2026-06-30")[1],
        "council_member/2: Di New"
    );
}

#[test]
fn the_order_of_files_does_not_make_an_old_list_new() {
    let directory = directory(&[NEW_NAMES, OLD_COUNCIL]);
    assert_eq!(
        answers(&directory, "9900100", "2026-11-21")[0],
        "council_member/1: Cy New"
    );
}

#[test]
fn of_two_mayors_in_one_list_the_one_whose_term_covers_the_day_sits() {
    let directory = directory(&["place_geoid,role,name,term_end,as_of
9900100,mayor,Ada Next,2026-12-31,2026-08-05
9900100,mayor,Bo Before,2024-12-31,2026-08-05
"]);
    assert_eq!(
        answers(&directory, "9900100", "2026-08-05"),
        ["mayor: Ada Next"]
    );
    assert_eq!(
        answers(&directory, "9900100", "2023-06-01"),
        ["mayor: Bo Before"]
    );
    assert_eq!(
        answers(&directory, "9900100", "2027-01-01"),
        ["mayor: Ada Next term_ended"]
    );
}

#[test]
fn a_known_term_counts_more_than_an_unknown_one() {
    let directory = directory(&["place_geoid,role,name,term_start,term_end,as_of
9900100,mayor,Ada Known,2024-01-01,2027-12-31,2024
9900100,mayor,Bo Unknown,,,2026
"]);
    assert_eq!(
        answers(&directory, "9900100", "2026-08-05"),
        ["mayor: Ada Known"]
    );
    assert_eq!(
        answers(&directory, "9900100", "2028-01-01"),
        ["mayor: Bo Unknown"]
    );
}

#[test]
fn nobody_is_named_before_their_term_begins() {
    let directory = directory(&["place_geoid,role,name,term_start,term_end,as_of
9900100,mayor,Ada Now,2022-01-01,2026-12-31,2026
9900100,mayor,Bo Elect,2027-01-01,2030-12-31,2026
9900200,mayor,Cy Elect,2027-01-01,2030-12-31,2026
"]);
    assert_eq!(
        answers(&directory, "9900100", "2026-12-31"),
        ["mayor: Ada Now"]
    );
    assert_eq!(
        answers(&directory, "9900100", "2027-01-01"),
        ["mayor: Bo Elect"]
    );
    assert_eq!(
        answers(&directory, "9900200", "2026-12-31"),
        ["mayor: nobody holder_unknown"]
    );
    assert!(!directory.posts_of("9900200")[0].answers(day("2026-12-31"))[0].vacant);
}

#[test]
fn a_vacancy_is_never_filled_with_the_former_holder() {
    let before = "place_geoid,role,district,name,vacant,term_start,term_end,as_of
9900100,council_member,3,Ada Left,,2022-01-01,2029-12-31,2024
9900100,council_member,4,Bo Left,,,2025-12-31,2026
9900100,council_member,4,,1,,,2026
";
    let after = "place_geoid,role,district,name,vacant,term_start,as_of
9900100,council_member,3,VACANT,,,2026-07
";
    let filled = "place_geoid,role,district,name,term_start,as_of
9900100,council_member,3,Cy Elected,2026-10-01,2026-07
";
    let empty = directory(&[before, after]);
    let expected = [
        "council_member/3: nobody vacant",
        "council_member/4: nobody vacant",
    ];
    assert_eq!(answers(&empty, "9900100", "2026-08-01"), expected);
    assert_eq!(
        answers(&empty, "9900100", "2025-01-01")[0],
        "council_member/3: Ada Left"
    );
    let answer = &empty.posts_of("9900100")[0].answers(day("2026-08-01"))[0];
    assert!(answer.vacant && answer.person.is_none() && answer.certain);
    let successor = directory(&[before, after, filled]);
    assert_eq!(
        answers(&successor, "9900100", "2026-09-30")[0],
        "council_member/3: nobody vacant"
    );
    assert_eq!(
        answers(&successor, "9900100", "2026-10-01")[0],
        "council_member/3: Cy Elected"
    );
}

#[test]
fn a_blank_seat_is_at_large_unless_a_colleague_has_a_district() {
    let directory = directory(&["place_geoid,role,title,district,name
9900100,council_member,Trustee,,Ada Whole
9900200,council_member,Alderman,Ward 1,Bo Ward
9900200,council_member,Alderman,,Cy Unsaid
9900200,council_member,Alderman,At-Large,Di Whole
9900200,council_member,Alderman At Large,,Ed Whole
9900200,mayor,President,,Flo Mayor
9900200,officer,Village Clerk,,Gus Clerk
"]);
    assert_eq!(directory.posts_of("9900100")[0].seat, Seat::AtLarge);
    assert!(!directory.has_district_seats("9900100"));
    assert!(directory.has_district_seats("9900200"));
    let expected = [
        "mayor: Flo Mayor",
        "council_member/1: Bo Ward",
        "council_member/at_large/1: Di Whole",
        "council_member/at_large/2: Ed Whole",
        "council_member/unknown: Cy Unsaid seat_unknown",
        "clerk: Gus Clerk",
    ];
    assert_eq!(answers(&directory, "9900200", "2026-01-01"), expected);
    let unknown = &directory.posts_of("9900200")[3].answers(day("2026-01-01"))[0];
    assert_eq!(
        (unknown.certain, unknown.reasons.as_slice()),
        (false, &[Reason::SeatUnknown][..])
    );
}

#[test]
fn a_clerk_keeps_the_record_and_a_deputy_does_not() {
    let directory = directory(&["place_geoid,role,title,name
9900100,officer,Town Clerk/Treasurer,Ada Clerk
9900100,officer,Deputy Clerk,Bo Deputy
9900100,officer,Treasurer,Cy Money
"]);
    let expected = [
        "clerk: Ada Clerk",
        "officer/deputy_clerk: Bo Deputy",
        "officer/treasurer: Cy Money",
    ];
    assert_eq!(answers(&directory, "9900100", "2026-01-01"), expected);
}

#[test]
fn a_mayor_chosen_by_the_council_is_one_person_with_two_titles() {
    let directory = directory(&["place_geoid,role,name,email
9900100,mayor,Ada Both,ada@bay.example
9900100,council_member,Ada Both,ada@bay.example
9900100,council_member,Bo Member,
"]);
    let expected = [
        "mayor: Ada Both",
        "council_member/at_large/1: Ada Both",
        "council_member/at_large/2: Bo Member",
    ];
    assert_eq!(answers(&directory, "9900100", "2026-01-01"), expected);
}

#[test]
fn whom_the_council_has_chosen_is_one_incumbent_with_both_titles() {
    let directory = directory(&["place_geoid,role,title,name,term_end,vacant
9900100,mayor,,Ada Both,,
9900100,council_member,Alderman,\"Both, Ada M.\",,
9900100,council_member,Alderman,Bo Member,,
9900100,clerk,,Cy Gone,2020,
9900100,officer,Treasurer,,,1
"]);
    let jurisdiction = directory.jurisdiction("9900100").unwrap();
    let incumbents = jurisdiction.incumbents(day("2026-01-01"));
    let told: Vec<_> = incumbents
        .iter()
        .map(|it| {
            (
                it.holder().unwrap().name.as_str(),
                it.titles().join(" and "),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Ada Both", "Mayor and Alderman".to_owned()),
            ("Bo Member", "Alderman".to_owned())
        ]
    );
}

#[test]
fn an_answer_carries_no_contact_and_a_sitting_does() {
    let directory = directory(&[OLD_COUNCIL]);
    let answer = directory.posts_of("9900100")[0]
        .answers(day("2018-01-01"))
        .remove(0);
    assert!(!serde_json::to_string(&answer).unwrap().contains('@'));
    let sitting = directory
        .find_sitting(&answer.id, day("2018-01-01"))
        .unwrap();
    assert_eq!(
        sitting.contact().unwrap().email.as_deref(),
        Some("ada@bay.example")
    );
    assert_eq!(
        directory.find_sitting("9900100/mayor", day("2018-01-01")),
        None
    );
}

#[test]
fn the_later_file_supersedes_the_same_person_of_the_same_day() {
    let first = "place_geoid,role,name,as_of,email\n9900100,mayor,Zoë  Peña,2026,old@bay.example\n";
    let later = "place_geoid,role,name,as_of,email\n9900100,mayor,Zoe Pena,2026,new@bay.example\n";
    let directory = directory(&[first, later]);
    assert_eq!(directory.superseded(), 1);
    let post = &directory.posts_of("9900100")[0];
    assert_eq!(post.tenures.len(), 1);
    assert_eq!(
        post.holders_on(day("2026-01-01"))[0]
            .contact
            .email
            .as_deref(),
        Some("new@bay.example")
    );
}

#[test]
fn two_terms_of_one_person_in_one_file_are_both_kept() {
    let text = "place_geoid,role,name,term_end,as_of
9900100,mayor,Ada Twice,2028-01-01,2026-08-05
9900100,mayor,Ada Twice,2023-11-07,2026-08-05
9900100,mayor,Ada Twice,2023-11-07,2026-08-05
";
    let directory = directory(&[text]);
    assert_eq!(
        (
            directory.posts_of("9900100")[0].tenures.len(),
            directory.superseded()
        ),
        (2, 1)
    );
    assert_eq!(
        answers(&directory, "9900100", "2026-08-05"),
        ["mayor: Ada Twice"]
    );
}

#[test]
fn the_same_lists_give_the_same_version_and_other_lists_another() {
    let one = directory(&[OLD_COUNCIL, NEW_NAMES]);
    let (again, _) = read(&[OLD_COUNCIL, NEW_NAMES]);
    assert_eq!(one.version(), again.version());
    assert_eq!(one.version().len(), 12);
    assert_ne!(one.version(), directory(&[OLD_COUNCIL]).version());
    let json = serde_json::to_string(&one).unwrap();
    let back: super::Directory = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (back.version(), serde_json::to_string(&back).unwrap()),
        (one.version(), json)
    );
    assert_eq!(back, one);
}
