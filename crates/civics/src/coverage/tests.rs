//! Seats that lack something, and the list that is filled in.

use super::{Government, Lack, SeatCoverage, list_seats, write_fill};
use crate::officials::{Directory, Gatherer, Layout};
use chrono::NaiveDate;
use redress_model::official::Role;
use std::collections::BTreeSet;

const CITY: &str = "9900100";
const ROLES: [Role; 2] = [Role::Mayor, Role::CouncilMember];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A list, after what was known before.
fn read(before: &Directory, list: &str) -> Directory {
    let mut gatherer = Gatherer::resume(before);
    gatherer
        .read_csv(
            list.as_bytes(),
            "list",
            &Layout::default(),
            &|_| None,
            &mut |_| {},
        )
        .unwrap();
    gatherer.finish()
}

fn list(rows: &str) -> Directory {
    let header = "place_geoid,role,district,at_large,name,term_start,term_end,vacant,email,as_of\n";
    read(&Directory::default(), &format!("{header}{rows}"))
}

fn seats<'a>(directory: &'a Directory, labels: &[&str]) -> Vec<SeatCoverage<'a>> {
    let labels = labels.iter().map(|label| (*label).to_owned()).collect();
    let bounced = BTreeSet::from(["9900100/mayor".to_owned()]);
    list_seats(
        directory,
        CITY,
        &ROLES,
        &labels,
        &bounced,
        day("2026-03-01"),
    )
}

fn fill(directory: &Directory, labels: &[&str]) -> String {
    let seats = seats(directory, labels);
    let government = Government {
        geoid: CITY,
        name: "Alder city",
        state: "ZZ",
        jurisdiction: directory.jurisdiction(CITY),
        seats: &seats,
    };
    let mut text = Vec::new();
    write_fill([government], &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_body_that_no_list_names_is_asked_for_seat_by_seat() {
    let nothing = Directory::default();
    let open = seats(&nothing, &["1", "2"]);
    let asked: Vec<_> = open
        .iter()
        .map(|seat| (seat.role, seat.district.as_deref()))
        .collect();
    let member = Role::CouncilMember;
    assert_eq!(
        asked,
        [
            (Role::Mayor, None),
            (member, Some("1")),
            (member, Some("2"))
        ]
    );
    assert_eq!(fill(&nothing, &["1", "2"]).lines().count(), 4);
    assert_eq!(seats(&nothing, &[]).len(), 2);
}

#[test]
fn a_council_at_large_is_asked_for_no_district() {
    let directory = list(
        "9900100,mayor,,,Ada,2024,2030,,ada@alder.example,2026\n9900100,council_member,,1,Bo,2024,2030,,bo@alder.example,2026\n",
    );
    assert_eq!(seats(&directory, &["1", "2"]).len(), 2);
}

#[test]
fn each_seat_says_what_it_lacks() {
    let directory = list(
        "9900100,mayor,,,Ada,2024,2026-04-30,,ada@alder.example,2026
9900100,council_member,1,,Bo,2020,2024,,bo@alder.example,2026
9900100,council_member,2,,,,,1,,2026
9900100,council_member,3,,Cy,2024,2030,,,2026
9900100,council_member,4,,Di,2024,2026-04-30,,di@alder.example,2026
",
    );
    let told: Vec<_> = seats(&directory, &["1", "2", "3", "4", "5"])
        .into_iter()
        .map(|seat| {
            (
                seat.district.clone().unwrap_or_default(),
                seat.has_gap(),
                seat.lacks,
            )
        })
        .collect();
    let row = |district: &str, gap, lacks: &[Lack]| {
        (district.to_owned(), gap, lacks.iter().copied().collect())
    };
    assert_eq!(
        told,
        [
            row("", true, &[Lack::TermEnding, Lack::Bounced]),
            row("1", true, &[Lack::TermEnded]),
            row("2", true, &[Lack::Vacant, Lack::NoEmail]),
            row("3", true, &[Lack::NoEmail]),
            row("4", false, &[Lack::TermEnding]),
            row("5", true, &[Lack::NotListed]),
        ]
    );
}

#[test]
fn an_unfilled_list_changes_nobody_and_one_of_several_brings_the_others() {
    let directory = list(
        "9900100,mayor,,,Ada,2024,2030,,ada@alder.example,2026-01
9900100,council_member,,1,Bo,2024,2030,,,2026-01
9900100,council_member,,1,Cy,2024,2030,,cy@alder.example,2026-01
9900100,council_member,,1,Di,2020,2024,,di@alder.example,2026-01
",
    );
    let text = fill(&directory, &[]);
    let again = read(&directory, &text);
    let people = |directory: &Directory| {
        let posts = directory.posts_of(CITY).iter();
        let sittings = posts.flat_map(|post| post.sittings(day("2026-03-01")));
        let names = sittings.filter_map(|sitting| {
            let holder = sitting.holder()?;
            Some((holder.name.clone(), holder.contact.email.clone()))
        });
        names.collect::<BTreeSet<_>>()
    };
    assert_eq!(people(&again), people(&directory), "{text}");
    let filled = text.replace(
        "Bo,,2024-01-01,2030-12-31,,",
        "Bo,,2024-01-01,2030-12-31,,bo@alder.example",
    );
    assert_ne!(filled, text, "{text}");
    let done = read(&directory, &filled);
    assert_eq!(people(&done).len(), people(&directory).len());
    let open = seats(&done, &[]);
    assert!(open.iter().all(|seat| !seat.lacks.contains(&Lack::NoEmail)));
}
