//! Counts by place and by district: which rows, in which order, and that they sum to the total.

#[path = "support/county.rs"]
mod county;

use proptest::prelude::*;
use redress_model::home::{District, Home};
use redress_model::tally::{DistrictTally, HomeTally, Tally};
use redress_reports::counts::{self, CountRow};
use std::collections::BTreeSet;

#[test]
fn places_come_by_geoid_and_the_two_rows_without_one_come_last() {
    assert_eq!(
        listed(&county::by_place()),
        [
            "0804000 - 11",
            "0845970 - 3",
            "0899999 - 1",
            "outside - 4",
            "unlocated - 2"
        ]
    );
}

#[test]
fn districts_come_as_people_count_and_those_without_one_last_in_their_place() {
    assert_eq!(
        listed(&county::by_district()),
        [
            "0804000 2 6",
            "0804000 10 4",
            "0804000 - 1",
            "0845970 10 2",
            "0845970 C 1",
            "0899999 - 1",
            "outside - 4",
            "unlocated - 2"
        ]
    );
}

#[test]
fn rows_by_place_and_by_district_sum_to_the_same_total() {
    let total = Tally {
        counted: 21,
        self_asserted: 3,
        paper: 7,
    };
    assert_eq!(sum_of(&county::by_place()), total);
    assert_eq!(sum_of(&county::by_district()), total);
}

#[test]
fn a_petition_that_nobody_signed_says_so_in_two_rows() {
    let rows = counts::by_place([], |_| None);
    assert_eq!(listed(&rows), ["outside - 0", "unlocated - 0"]);
}

#[test]
fn a_place_that_nobody_knows_keeps_its_count() {
    let rows = county::by_place();
    let unknown = rows.iter().find(|row| row.home == county::home("0899999"));
    let unknown = unknown.unwrap();
    assert_eq!((unknown.name(), unknown.tally.counted), (None, 1));
}

#[test]
fn each_place_is_looked_up_once_however_many_districts_it_has() {
    let mut asked = Vec::new();
    let tallies = ["1", "2", "3"].map(|label| DistrictTally {
        home: county::home("0804000"),
        district: District::parse(label).ok(),
        tally: Tally::one(false, false),
    });
    counts::by_district(tallies, |geoid| {
        asked.push(geoid.to_string());
        None
    });
    assert_eq!(asked, ["0804000"]);
}

#[test]
fn a_district_outside_any_city_adds_to_the_one_row_of_those() {
    let tallies = ["", "3"].map(|label| DistrictTally {
        home: Home::OutsideAnyCity,
        district: District::parse(label).ok(),
        tally: Tally::one(false, false),
    });
    let rows = counts::by_district(tallies, |_| None);
    assert_eq!(listed(&rows), ["outside - 2", "unlocated - 0"]);
}

proptest! {
    #[test]
    fn whatever_the_tallies_the_rows_sum_to_their_total(tallies in prop::collection::vec(any_tally(), 0..40)) {
        let total = sum(tallies.iter().map(|tally| tally.tally));
        let homes = tallies.iter().map(|tally| HomeTally {
            home: tally.home.clone(),
            tally: tally.tally,
            over: 0,
        });
        let by_place = counts::by_place(homes, |_| None);
        let by_district = counts::by_district(tallies, |_| None);

        for rows in [&by_place, &by_district] {
            prop_assert_eq!(sum_of(rows), total);
            let rows_of: BTreeSet<_> = rows.iter().map(|row| (&row.home, &row.district)).collect();
            prop_assert_eq!(rows_of.len(), rows.len(), "two rows for the same");
            prop_assert!(rows.is_sorted_by_key(|row| &row.home));
        }
    }

    #[test]
    fn the_order_of_the_tallies_makes_no_difference(tallies in prop::collection::vec(any_tally(), 0..40)) {
        let mut reversed = tallies.clone();
        reversed.reverse();
        prop_assert_eq!(
            counts::by_district(tallies, |_| None),
            counts::by_district(reversed, |_| None)
        );
    }
}

fn any_tally() -> impl Strategy<Value = DistrictTally> {
    let home = prop_oneof![
        3 => "[0-9]{5}|080[0-9]{4}|[0-9]{10}",
        1 => Just("outside".to_owned()),
        1 => Just("unlocated".to_owned()),
    ];
    let counted = 0..1_000_000i64;
    (home, "[0-9A-C]{0,3}", counted, 0..=100i64, 0..=100i64).prop_map(
        |(key, label, counted, asserted, paper)| DistrictTally {
            home: county::home(&key),
            district: District::parse(&label).ok(),
            tally: Tally {
                counted,
                self_asserted: counted * asserted / 100,
                paper: counted * paper / 100,
            },
        },
    )
}

fn sum_of(rows: &[CountRow]) -> Tally {
    sum(rows.iter().map(|row| row.tally))
}

fn sum(tallies: impl Iterator<Item = Tally>) -> Tally {
    tallies.fold(Tally::default(), |mut sum, tally| {
        sum += tally;
        sum
    })
}

/// Rows as `home district count`.
fn listed(rows: &[CountRow]) -> Vec<String> {
    let line = |row: &CountRow| {
        let district = row.district.as_ref().map_or("-", District::as_str);
        format!("{} {district} {}", row.home.as_key(), row.tally.counted)
    };
    rows.iter().map(line).collect()
}
