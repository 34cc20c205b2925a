//! What a new list would change, before anything is changed.

use super::{answers, day};
use crate::officials::{
    Change, ChangeKind, Directory, Layout, ListFile, ListReading, Missing, Post, Proposal, propose,
    write_csv,
};

fn proposed(before: &Directory, list: &str, missing: Missing) -> Proposal {
    let reading = ListReading {
        format: None,
        layout: Layout {
            defaults: [("as_of".to_owned(), "2026-11-21".to_owned())].into(),
            ..Layout::default()
        },
        delimiter: None,
        division_geoid: &|_| None,
    };
    let file = ListFile {
        name: "list.csv".to_owned(),
        bytes: list.as_bytes().to_vec(),
    };
    propose(before, &[file], &reading, missing, day("2026-11-25")).unwrap()
}

const COUNCIL: &str = "place_geoid,role,district,name,vacant,term_end,email,as_of
9900100,mayor,,Ada Lane,,2027,ada@bay.example,2025
9900100,council_member,1,Bo Diaz,,2027,bo@bay.example,2025
9900100,council_member,2,Cy Ng,,2027,cy@bay.example,2025
9900100,council_member,3,,1,,,2025
9900100,council_member,at large,Di Roe,,,,2025
9900100,council_member,at large,Ed Sun,,,,2025
";

const NEW: &str = "place_geoid,role,district,name,term_end,email,as_of
9900100,council_member,1,Bo Diaz,2027,diaz@bay.example,2026-07
9900100,council_member,3,Flo Gil,2029,,2026-07
9900100,council_member,at large,Di Roe,,,2026-07
";

fn told(proposal: &Proposal) -> Vec<String> {
    proposal.changes.iter().map(Change::told).collect()
}

#[test]
fn a_list_that_is_read_again_changes_nothing() {
    let first = proposed(&Directory::default(), COUNCIL, Missing::Stay);
    assert_eq!(first.changed(), 6);
    let again = proposed(&first.after, COUNCIL, Missing::Stay);
    assert_eq!((again.changes.len(), again.taken.rows), (0, 6));
    assert_eq!(again.after, first.after);
    let undated = COUNCIL.replace(",2025\n", ",\n");
    let once = proposed(&Directory::default(), &undated, Missing::Stay).after;
    assert_eq!(proposed(&once, &undated, Missing::Stay).after, once);
}

#[test]
fn an_export_that_is_read_again_changes_nothing_here_and_elsewhere() {
    let one = proposed(&Directory::default(), COUNCIL, Missing::Stay).after;
    let two = proposed(&one, NEW, Missing::End(None)).after;
    let mut text = Vec::new();
    write_csv(&two, None, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let here = proposed(&two, &text, Missing::Stay);
    assert_eq!((here.changes.len(), &here.after), (0, &two));
    assert_eq!(
        proposed(&Directory::default(), &text, Missing::Stay).after,
        two
    );
}

#[test]
fn a_seat_that_the_new_list_leaves_out_is_shown_and_stays() {
    let before = proposed(&Directory::default(), COUNCIL, Missing::Stay).after;
    let proposal = proposed(&before, NEW, Missing::Stay);
    assert_eq!(
        told(&proposal),
        [
            "9900100/council_member/1: Bo Diaz, reached another way",
            "9900100/council_member/2: not in the new list, stays with Cy Ng",
            "9900100/council_member/3: vacant -> Flo Gil",
            "9900100/council_member/at_large/2: not in the new list, was Ed Sun; the history stays",
        ]
    );
    assert_eq!(proposal.changed(), 3);
    assert!(
        answers(&proposal.after, "9900100", "2026-11-25")
            .contains(&"council_member/2: Cy Ng".to_owned())
    );
    let names: Vec<&str> = proposal
        .after
        .posts_of("9900100")
        .iter()
        .flat_map(Post::history)
        .map(|it| it.name.as_str())
        .collect();
    assert!(names.contains(&"Ed Sun"), "{names:?}");
}

#[test]
fn whom_the_list_leaves_out_can_be_said_to_have_left() {
    let before = proposed(&Directory::default(), COUNCIL, Missing::Stay).after;
    for (missing, end) in [
        (Missing::End(None), "2026-07-01"),
        (Missing::End(Some(day("2026-09-30"))), "2026-09-30"),
    ] {
        let proposal = proposed(&before, NEW, missing);
        let change = proposal
            .changes
            .iter()
            .find(|change| change.post == "9900100/council_member/2")
            .unwrap();
        assert_eq!(change.kind, ChangeKind::Term);
        let after = &proposal.after;
        assert!(
            answers(after, "9900100", "2026-11-25")
                .contains(&"council_member/2: Cy Ng term_ended".to_owned())
        );
        assert!(
            answers(after, "9900100", "2026-06-30").contains(&"council_member/2: Cy Ng".to_owned())
        );
        let sitting = after
            .find_sitting("9900100/council_member/2", day("2026-11-25"))
            .unwrap();
        assert_eq!(sitting.holder().unwrap().term_end, Some(day(end)));
        let again = proposed(after, NEW, missing);
        assert_eq!((again.changed(), &again.after), (0, after));
    }
}

#[test]
fn a_later_list_may_take_a_term_back() {
    let left = "place_geoid,role,district,name,term_end,as_of\n9900100,council_member,2,Cy Ng,2026-02-01,2026-07\n";
    let before = proposed(&Directory::default(), COUNCIL, Missing::Stay).after;
    let after = proposed(&before, left, Missing::Stay).after;
    let seat = |on| answers(&after, "9900100", on)[2].clone();
    assert_eq!(seat("2026-11-25"), "council_member/2: Cy Ng term_ended");
    assert_eq!(seat("2026-01-31"), "council_member/2: Cy Ng");
}
