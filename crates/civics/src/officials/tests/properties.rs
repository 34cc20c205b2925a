//! What holds for any lists and any day.

use super::{Gatherer, Layout};
use crate::officials::{Notice, Post, write_csv};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use std::collections::BTreeSet;

const HEADER: &str =
    "place_geoid,role,title,district,at_large,name,vacant,term_start,term_end,as_of\n";

/// A row of few words, so that keys, people and days meet.
fn row() -> impl Strategy<Value = (String, &'static str, &'static str)> {
    let geoid = prop::sample::select(vec!["9900100", "9900200", "99001"]);
    let role = prop::sample::select(vec![
        "mayor",
        "council_member",
        "council_member",
        "officer",
        "clerk",
    ]);
    let title = prop::sample::select(vec!["", "Clerk", "Treasurer"]);
    let district = prop::sample::select(vec!["", "", "1", "Ward 2", "at large", "at large 2"]);
    let at_large = prop::sample::select(vec!["", "0", "1"]);
    let name = prop::sample::select(vec!["Ada", "Bo", "Cy", "Di", "Ed", "", "Vacant"]);
    let vacant = prop::sample::select(vec!["", "0", "1"]);
    let date = || {
        prop::sample::select(vec![
            "",
            "",
            "2019",
            "2021-06",
            "2022-03-04",
            "2024",
            "2026-06-30",
        ])
    };
    (geoid, role, title, district, at_large, name, vacant, (date(), date(), date())).prop_map(
        |(geoid, role, title, district, at_large, name, vacant, (start, end, as_of))| {
            let text = format!("{geoid},{role},{title},{district},{at_large},{name},{vacant},{start},{end},{as_of}\n");
            (text, geoid, name)
        },
    )
}

fn days() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2018, 1, 1).unwrap();
    (0_u64..3_650).prop_map(move |after| first.checked_add_days(Days::new(after)).unwrap())
}

proptest! {
    #[test]
    fn nobody_is_lost_from_history_or_named_before_their_term(
        files in prop::collection::vec(prop::collection::vec(row(), 0..12), 1..4),
        on in prop::collection::vec(days(), 1..6),
    ) {
        let mut gatherer = Gatherer::new();
        let mut named = BTreeSet::new();
        for file in &files {
            let text: String = std::iter::once(HEADER).chain(file.iter().map(|(row, _, _)| row.as_str())).collect();
            let mut refused = BTreeSet::new();
            let mut report = |notice: Notice| { refused.insert(notice.line); };
            gatherer.read_csv(text.as_bytes(), "list.csv", &Layout::default(), &|_| None, &mut report).unwrap();
            let kept = (2..).zip(file).filter(|(line, _)| !refused.contains(line));
            named.extend(kept.filter(|(_, (_, _, name))| !matches!(*name, "" | "Vacant")).map(|(_, (_, geoid, name))| (*geoid, *name)));
        }
        let directory = gatherer.finish();
        for (geoid, name) in named {
            let mut history = directory.posts_of(geoid).iter().flat_map(Post::history);
            prop_assert!(history.any(|holder| holder.name == name), "{} of {} is lost", name, geoid);
        }
        for on in on {
            let mut ids = BTreeSet::new();
            for post in directory.jurisdictions().flat_map(|(_, jurisdiction)| &jurisdiction.posts) {
                let sittings = post.sittings(on);
                prop_assert!(post.seats > 1 || sittings.len() == 1);
                for sitting in sittings {
                    let holder = sitting.holder();
                    prop_assert!(holder.is_none_or(|holder| !holder.term_is_ahead(on)));
                    prop_assert_eq!(sitting.has_ended, holder.is_some_and(|holder| holder.term_has_ended(on)));
                    let answer = sitting.answer();
                    prop_assert!(ids.insert(answer.id.clone()), "{} twice", answer.id);
                    prop_assert!(!(answer.vacant && answer.person.is_some()));
                    let found = directory.find_sitting(&answer.id, on);
                    prop_assert_eq!(found, Some(sitting));
                }
            }
            prop_assert_eq!(directory.counts(on).posts, ids.len() as u64);
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_fall(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text: Vec<u8> = HEADER.bytes().chain(bytes).collect();
        let mut lines = Vec::new();
        let mut gatherer = Gatherer::new();
        gatherer.read_csv(&text[..], "list.csv", &Layout::default(), &|_| None, &mut |notice| lines.push(notice.line)).unwrap();
        prop_assert!(lines.is_sorted() && lines.first().is_none_or(|line| *line > 1));
        gatherer.finish().version();
    }
}

proptest! {
    #[test]
    fn a_directory_is_taken_up_again_where_it_was(
        files in prop::collection::vec(prop::collection::vec(row(), 0..12), 1..4),
    ) {
        let mut gatherer = Gatherer::new();
        let read = |gatherer: &mut Gatherer, rows: &[(String, &str, &str)]| {
            let text: String = std::iter::once(HEADER).chain(rows.iter().map(|(row, _, _)| row.as_str())).collect();
            gatherer.read_csv(text.as_bytes(), "list", &Layout::default(), &|_| None, &mut |_| {}).unwrap();
        };
        for file in &files {
            read(&mut gatherer, file);
        }
        let directory = gatherer.finish();
        let again = Gatherer::resume(&directory);
        prop_assert_eq!(again.finish(), directory);
    }
}

proptest! {
    #[test]
    fn an_export_that_is_read_again_is_the_same_directory(
        files in prop::collection::vec(prop::collection::vec((row(), "['=+@ -]{0,2}\\PC{0,6}"), 0..12), 1..4),
    ) {
        let mut gatherer = Gatherer::new();
        let read = |gatherer: &mut Gatherer, text: &[u8]| {
            gatherer.read_csv(text, "list", &Layout::default(), &|_| None, &mut |_| {}).unwrap();
        };
        for file in &files {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            let header: Vec<&str> = HEADER.trim().split(',').chain(["=remark"]).collect();
            writer.write_record(header).unwrap();
            for ((row, _, _), note) in file {
                writer.write_record(row.trim().split(',').chain([note.as_str()])).unwrap();
            }
            read(&mut gatherer, &writer.into_inner().unwrap());
        }
        let directory = gatherer.finish();
        let mut text = Vec::new();
        write_csv(&directory, None, &mut text).unwrap();
        let mut elsewhere = Gatherer::new();
        read(&mut elsewhere, &text);
        prop_assert_eq!(&elsewhere.finish(), &directory, "{}", String::from_utf8_lossy(&text));
        let mut here = Gatherer::resume(&directory);
        read(&mut here, &text);
        prop_assert_eq!(here.finish(), directory);
    }
}
