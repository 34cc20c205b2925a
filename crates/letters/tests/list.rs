//! The list of signers, its hashes, and what the desk says of a list that comes back.

mod support {
    pub mod rows;
}

use chrono::NaiveDate;
use proptest::prelude::*;
use redress_letters::list::hashes::{leaf, merkle_root, rows_sha256};
use redress_letters::list::verify::{Verification, verify, verify_with_leaves};
use redress_letters::list::{COLUMNS, ListRow, Verified, csv, line};
use redress_letters::manifest::Manifest;
use redress_reports::formula::is_formula;
use support::rows::{leaves, manifest, row, rows};

#[test]
fn a_list_is_a_header_and_a_line_for_each_signer() {
    let mut taken_back = row(2);
    taken_back.is_correction = true;
    taken_back.comment = Some("No longer mine to say".to_owned());
    let shown = [
        ListRow {
            name: Some("Ngô Thị Lan".to_owned()),
            comment: Some("They said \"soon\",\r\nin 2019.".to_owned()),
            ..row(925)
        },
        ListRow {
            name: None,
            verified: Verified::SelfAsserted,
            district: String::new(),
            ..row(926)
        },
        ListRow {
            name: Some("=HYPERLINK(\"https://a.example\")".to_owned()),
            comment: Some("\t\u{202E}＠SUM(1)".to_owned()),
            verified: Verified::Paper,
            ..row(927)
        },
        taken_back,
    ];

    let table = String::from_utf8(csv(&shown)).unwrap();

    insta::assert_snapshot!(table.replace("\r\n", "|\n"), @r#"
    number,name,city,zip,district,signed_on,verified,comment|
    925,Ngô Thị Lan,Springfield,62701,3,2026-02-14,confirmed,"They said ""soon"", in 2019."|
    926,name withheld,Springfield,62701,,2026-02-14,self_asserted,|
    927,"'=HYPERLINK(""https://a.example"")",Springfield,62701,3,2026-02-14,paper,'＠SUM(1)|
    2,name withheld,Springfield,62701,3,2026-02-14,withdrawn,|
    "#);
}

#[test]
fn the_manifest_is_published_with_these_members() {
    let batch = rows(925, 3);
    let text = serde_json::to_string_pretty(&manifest(&batch)).unwrap();
    insta::assert_snapshot!(text);
    assert_eq!(
        serde_json::from_str::<Manifest>(&text).unwrap(),
        manifest(&batch)
    );
}

#[test]
fn a_row_keeps_through_json_as_storage_seals_it() {
    let row = row(7);
    let text = serde_json::to_string(&row).unwrap();
    assert_eq!(serde_json::from_str::<ListRow>(&text).unwrap(), row);
}

#[test]
fn a_list_saved_again_by_a_spreadsheet_is_unchanged() {
    let batch = rows(10, 4);
    let saved = String::from_utf8(csv(&batch))
        .unwrap()
        .replace("\r\n", "\n");
    let quoted = saved.replace("Springfield", "\"Springfield\"");
    for list in [
        saved.clone(),
        quoted,
        format!("\u{FEFF}{saved}"),
        saved.trim_end().to_owned(),
    ] {
        assert_eq!(
            verify(list.as_bytes(), &manifest(&batch)),
            Verification::Unchanged
        );
    }
}

#[test]
fn what_is_no_list_of_this_batch_is_not_ours() {
    let batch = rows(10, 4);
    let other_columns = b"number,name\r\n10,Ana\r\n".to_vec();
    let another_batch = csv(&rows(100, 4));
    let header_alone = csv(&[]);
    let no_text = vec![0xFF, 0x00, b'\n', 0xFE];
    for list in [
        Vec::new(),
        other_columns,
        another_batch,
        header_alone,
        no_text,
    ] {
        assert_eq!(verify(&list, &manifest(&batch)), Verification::NotOurs);
        let found = verify_with_leaves(&list, &manifest(&batch), &leaves(&batch));
        assert_eq!(found, Verification::NotOurs);
    }
}

#[test]
fn a_row_left_out_and_one_put_in_are_named() {
    let batch = rows(10, 4);
    let mut list = batch.clone();
    list.remove(1);
    list.push(row(77));
    let expected = Verification::RowsChanged {
        missing: vec![11],
        added: vec![77],
    };
    assert_eq!(verify(&csv(&list), &manifest(&batch)), expected);
    let with_leaves = verify_with_leaves(&csv(&list), &manifest(&batch), &leaves(&batch));
    assert_eq!(with_leaves, expected);
}

#[test]
fn an_altered_row_is_found_and_with_leaves_it_is_named() {
    let batch = rows(10, 4);
    let mut list = batch.clone();
    list[2].name = Some("Somebody Else".to_owned());
    let named = |numbers: &[u32]| Verification::RowsChanged {
        missing: numbers.to_vec(),
        added: numbers.to_vec(),
    };
    assert_eq!(verify(&csv(&list), &manifest(&batch)), named(&[]));
    let with_leaves = verify_with_leaves(&csv(&list), &manifest(&batch), &leaves(&batch));
    assert_eq!(with_leaves, named(&[12]));
}

#[test]
fn rows_in_another_order_and_a_lost_correction_are_a_change() {
    let mut batch = rows(10, 4);
    batch.push(ListRow {
        is_correction: true,
        ..row(3)
    });
    let manifest = manifest(&batch);
    assert_eq!(manifest.count, 4);
    assert_eq!(verify(&csv(&batch), &manifest), Verification::Unchanged);
    let mut moved = batch.clone();
    moved.swap(0, 1);
    let nothing_named = Verification::RowsChanged {
        missing: vec![],
        added: vec![],
    };
    for list in [moved, batch[..4].to_vec()] {
        assert_eq!(verify(&csv(&list), &manifest), nothing_named);
        let with_leaves = verify_with_leaves(&csv(&list), &manifest, &leaves(&batch));
        assert_eq!(with_leaves, nothing_named);
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,30}", "[=+@,\"'\t\r\n \u{202E}＝－a-]{0,12}"]
}

fn any_row() -> impl Strategy<Value = ListRow> {
    (
        1_u32..2_000_000,
        proptest::option::of(any_text()),
        any_text(),
        "[0-9]{5}",
        any_text(),
        0_i32..9_000,
        proptest::option::of(any_text()),
        any::<bool>(),
    )
        .prop_map(
            |(number, name, city, zip, district, day, comment, is_correction)| ListRow {
                number,
                name,
                city,
                zip,
                district,
                signed_on: NaiveDate::from_num_days_from_ce_opt(735_000 + day).expect("a day"),
                verified: Verified::Confirmed,
                comment,
                is_correction,
            },
        )
}

proptest! {
    #[test]
    fn any_row_is_one_line_of_eight_cells_of_which_none_is_a_formula(row in any_row()) {
        let line = line(&row);
        let is_hidden = |character: char| character.is_control() || character == '\u{202E}';
        prop_assert!(!line.chars().any(is_hidden));
        let table = csv(std::slice::from_ref(&row));
        let mut reader = csv::Reader::from_reader(table.as_slice());
        prop_assert!(reader.headers().unwrap().iter().eq(COLUMNS));
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), 1);
        prop_assert_eq!(records[0].len(), 8);
        prop_assert_eq!(&records[0][0], row.number.to_string());
        prop_assert_eq!(&records[0][5], row.signed_on.to_string());
        prop_assert!(!records[0].iter().any(is_formula));
    }

    #[test]
    fn names_cities_and_comments_come_back_as_they_were(names in proptest::collection::vec("[A-Za-z\"',éж李][A-Za-z\"', éж李]{0,20}", 1..20)) {
        let rows: Vec<_> = (1..).zip(&names).map(|(number, name)| ListRow {
            name: Some(name.clone()),
            comment: Some(name.clone()),
            ..row(number)
        }).collect();
        let table = csv(&rows);
        let mut reader = csv::Reader::from_reader(table.as_slice());
        for (record, name) in reader.records().map(Result::unwrap).zip(&names) {
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(&record[1], &name);
            prop_assert_eq!(&record[7], &name);
        }
    }

    #[test]
    fn a_change_to_any_row_changes_the_root(count in 1_u32..20, which: prop::sample::Index, column in 0..7) {
        let batch = rows(1, count);
        let mut changed = batch.clone();
        let row = which.get_mut(&mut changed);
        match column {
            0 => row.number += 1_000,
            1 => row.name = None,
            2 => row.city.push('x'),
            3 => row.zip = "62702".to_owned(),
            4 => row.district.push('1'),
            5 => row.verified = Verified::Paper,
            _ => row.comment = Some("x".to_owned()),
        }
        prop_assert_ne!(merkle_root(&leaves(&batch)), merkle_root(&leaves(&changed)));
        prop_assert_ne!(rows_sha256(&leaves(&batch)), rows_sha256(&leaves(&changed)));
        prop_assert_ne!(verify(&csv(&changed), &manifest(&batch)), Verification::Unchanged);
    }

    #[test]
    fn a_row_more_or_less_changes_the_root(count in 1_u32..40) {
        let more = leaves(&rows(1, count + 1));
        prop_assert_ne!(merkle_root(&more), merkle_root(&more[..count as usize]));
        prop_assert_eq!(leaf(&row(1)), more[0]);
    }

    #[test]
    fn any_delivered_list_verifies(rows in proptest::collection::vec(any_row(), 1..12)) {
        let mut rows = rows;
        (1..).zip(&mut rows).for_each(|(number, row): (u32, _)| { row.number = number; row.is_correction = false; });
        prop_assert_eq!(verify(&csv(&rows), &manifest(&rows)), Verification::Unchanged);
        let table = String::from_utf8(csv(&rows)).unwrap();
        prop_assert_eq!(verify(table.replace("\r\n", "\n").as_bytes(), &manifest(&rows)), Verification::Unchanged);
    }
}
