//! Posts of several members: seats, their numbers, and which list speaks.

use super::{answers, directory};

#[test]
fn rows_alike_in_one_list_are_seats_of_one_post() {
    let directory = directory(&["place_geoid,role,title,district,at_large,name,as_of
9900100,council_member,Trustee,,1,Di Four,2026
9900100,council_member,Trustee,,1,Ada One,2026
9900100,council_member,Trustee,,1,,2026
9900100,council_member,Alderman,1,0,Bo Ward,2026
9900100,council_member,Alderman,Ward 1,0,Cy Ward,2026
"
    .replace(",1,,2026", ",1,Vacant,2026")
    .as_str()]);
    let expected = [
        "council_member/1/1: Bo Ward",
        "council_member/1/2: Cy Ward",
        "council_member/at_large/1: Ada One",
        "council_member/at_large/2: Di Four",
        "council_member/at_large/3: nobody vacant",
    ];
    assert_eq!(answers(&directory, "9900100", "2026-06-01"), expected);
    let counts = directory.counts(super::day("2026-06-01"));
    assert_eq!(
        (
            counts.jurisdictions,
            counts.posts,
            counts.vacant,
            counts.without_email
        ),
        (1, 5, 1, 4)
    );
}

#[test]
fn whoever_stays_keeps_the_seat_and_whoever_comes_takes_a_free_one() {
    let old = "place_geoid,role,name,as_of
9900100,council_member,Ada,2022
9900100,council_member,Bo,2022
9900100,council_member,Cy,2022
";
    let new = "place_geoid,role,name,as_of
9900100,council_member,Aaron,2026
9900100,council_member,Cy,2026
9900100,council_member,Ada,2026
";
    let directory = directory(&[old, new]);
    let today = [
        "council_member/at_large/1: Ada",
        "council_member/at_large/2: Aaron",
        "council_member/at_large/3: Cy",
    ];
    assert_eq!(answers(&directory, "9900100", "2026-06-01"), today);
    let then = [
        "council_member/at_large/1: Ada",
        "council_member/at_large/2: Bo",
        "council_member/at_large/3: Cy",
    ];
    assert_eq!(answers(&directory, "9900100", "2024-06-01"), then);
}

#[test]
fn the_latest_list_decides_and_older_members_are_not_added() {
    let old = "place_geoid,role,name,term_end,as_of
9900100,council_member,Ada Old,2029-12-31,2022
9900100,council_member,Bo Old,2029-12-31,2022
9900100,council_member,Cy Old,2029-12-31,2022
";
    let new = "place_geoid,role,name,as_of
9900100,council_member,Ada Old,2026
9900100,council_member,Di New,2026
";
    let directory = directory(&[old, new]);
    let today = [
        "council_member/at_large/1: Ada Old",
        "council_member/at_large/2: Di New",
    ];
    assert_eq!(answers(&directory, "9900100", "2026-06-01"), today);
}

#[test]
fn members_who_left_are_not_named_unless_all_have() {
    let directory = directory(&["place_geoid,role,name,term_start,term_end,as_of
9900100,council_member,Ada Short,2020-01-01,2024-12-31,2023
9900100,council_member,Bo Long,2020-01-01,2026-12-31,2023
"]);
    let ids = |on| answers(&directory, "9900100", on);
    assert_eq!(
        ids("2024-12-31"),
        [
            "council_member/at_large/1: Ada Short",
            "council_member/at_large/2: Bo Long"
        ]
    );
    assert_eq!(ids("2025-01-01"), ["council_member/at_large/2: Bo Long"]);
    let ended = [
        "council_member/at_large/1: Ada Short term_ended",
        "council_member/at_large/2: Bo Long term_ended",
    ];
    assert_eq!(ids("2027-01-01"), ended);
}

#[test]
fn terms_that_follow_one_another_in_one_list_are_one_seat() {
    let directory = directory(&["place_geoid,role,district,name,term_start,term_end,as_of
9900100,council_member,5,Ada Former,2020-01-01,2024-01-01,2026
9900100,council_member,5,Bo Current,2024-01-01,2027-12-31,2026
9900100,council_member,6,Cy Former,,2023-12-31,2026
9900100,council_member,6,Di Current,,2027-12-31,2026
"]);
    let today = [
        "council_member/5: Bo Current",
        "council_member/6: Di Current",
    ];
    assert_eq!(answers(&directory, "9900100", "2026-06-01"), today);
    assert_eq!(
        answers(&directory, "9900100", "2022-06-01"),
        [
            "council_member/5: Ada Former",
            "council_member/6: Cy Former"
        ]
    );
}

#[test]
fn numbered_seats_at_large_are_posts_of_their_own() {
    let directory = directory(&["place_geoid,role,district,at_large,name
9900100,council_member,At Large Position 8,,Ada Eight
9900100,council_member,9,1,Bo Nine
9900100,council_member,,1,Cy Plain
"]);
    let expected = [
        "council_member/at_large: Cy Plain",
        "council_member/at_large/position_8: Ada Eight",
        "council_member/at_large/seat_9: Bo Nine",
    ];
    assert_eq!(answers(&directory, "9900100", "2026-06-01"), expected);
}
