//! Letters to officials as they are read, and the views that no letter is made of.

mod support {
    pub mod letters;
    pub mod mayor;
    pub mod reading;
    pub mod rows;
}

use proptest::prelude::*;
use redress_letters::error::LettersError;
use redress_letters::list::Verified;
use redress_letters::manifest::Manifest;
use redress_letters::official::{
    DistrictCount, LONGEST_SUBJECT, LetterView, PrintedComment, VerifiedCounts, render,
};
use support::letters::{
    to_a_vacant_seat, to_the_clerk, to_the_member_of_ward_3, to_the_whole_body, without_attachment,
};
use support::mayor::to_the_mayor;
use support::reading::{seen_words, text_words, whole};
use support::rows::{manifest, rows};

#[test]
fn a_letter_to_a_mayor() {
    insta::assert_snapshot!(whole(&render(&to_the_mayor()).unwrap()));
}

#[test]
fn a_first_letter_to_a_member_whose_term_is_over_with_one_unconfirmed_signer() {
    insta::assert_snapshot!(whole(&render(&to_the_member_of_ward_3()).unwrap()));
}

#[test]
fn a_letter_to_an_office_that_nobody_is_known_to_hold() {
    insta::assert_snapshot!(whole(&render(&to_a_vacant_seat()).unwrap()));
}

#[test]
fn a_cover_for_the_clerk() {
    insta::assert_snapshot!(whole(&render(&to_the_clerk()).unwrap()));
}

#[test]
fn a_part_of_a_large_letter_whose_list_is_at_the_desk() {
    insta::assert_snapshot!(whole(&render(&without_attachment()).unwrap()));
}

#[test]
fn a_letter_to_the_whole_body_names_each_with_its_district_and_its_page() {
    let text = render(&to_the_whole_body()).unwrap().text;
    let words = text_words(&text).join(" ");
    for said in [
        "Mayor Elena Ruiz\nCouncil Member Bo Diaz, Ward 1\nCouncil Member, Ward 2\nSpringfield, Illinois\n",
        "\nDear members of the governing body of Springfield,\n",
        "\n  - Mayor Elena Ruiz:\n    https://petitions.example/desk/0b7d5c2e9f4a\n",
        "\n  - Council Member Bo Diaz, Ward 1:\n    https://petitions.example/desk/ward-1\n",
        "\n  - Council Member, Ward 2:\n    https://petitions.example/desk/ward-2\n",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for said in [
        "As your offices wish, this is one letter to all of you, by way of your clerk, whom we ask to hand it to each of you.",
        "In the districts of your seats: 120 signers in this letter live in Ward 1, the district of Council Member Diaz. Counting earlier letters, 402 do.",
        "65 signers in this letter live in Ward 2, whose seat nobody is known to hold. Counting earlier letters, 310 do.",
        "Each of you also has a page of your own, without an account.",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let mut named = to_the_whole_body();
    named.fellows.truncate(1);
    let words = text_words(&render(&named).unwrap().text).join(" ");
    for said in [
        "Dear Mayor Ruiz and Council Member Diaz,",
        "In the district of one of your seats: 120 signers",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    named.fellows[0].in_district = None;
    let words = text_words(&render(&named).unwrap().text).join(" ");
    assert!(!words.contains("of your seats"), "{words}");
}

#[test]
fn a_letter_to_the_whole_body_that_contradicts_itself_is_refused() {
    let changes: [fn(&mut LetterView); 6] = [
        |view| view.fellows[0].in_district.as_mut().unwrap().new += 1,
        |view| view.fellows[1].in_district.as_mut().unwrap().label = "Ward 1".to_owned(),
        |view| view.fellows[0].recipient.district = None,
        |view| view.fellows[0].recipient.term_ended = true,
        |view| view.kind = to_the_clerk().kind,
        |view| view.districts[0].total -= 1,
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut view = to_the_whole_body();
        view.check().unwrap();
        change(&mut view);
        assert!(
            matches!(render(&view), Err(LettersError::Inconsistent(_))),
            "change {index}"
        );
    }
    let mut view = to_the_whole_body();
    view.fellows[1].desk_url = "javascript:alert(1)".to_owned();
    assert!(render(&view).is_err());
    let mut view = to_the_whole_body();
    view.fellows[1].recipient.title = " ".to_owned();
    assert!(matches!(render(&view), Err(LettersError::Missing(_))));
}

#[test]
fn html_says_what_the_text_says() {
    for view in [
        to_the_mayor(),
        to_the_member_of_ward_3(),
        to_a_vacant_seat(),
        to_the_clerk(),
        to_the_whole_body(),
        without_attachment(),
    ] {
        let parts = render(&view).unwrap();
        assert_eq!(seen_words(&parts.html), text_words(&parts.text));
    }
}

#[test]
fn a_letter_fetches_nothing_and_fits_a_narrow_window() {
    for view in [
        to_the_mayor(),
        to_the_clerk(),
        to_the_whole_body(),
        without_attachment(),
    ] {
        let parts = render(&view).unwrap();
        for word in [
            "<img", "src=", "@import", "url(", "<link", "<script", "<form", "<button",
        ] {
            assert!(!parts.html.contains(word), "{word}");
        }
        for line in parts.text.lines() {
            assert!(line.chars().count() <= 72, "{line}");
        }
    }
}

#[test]
fn a_letter_without_its_sender_is_an_error() {
    let refused = |change: fn(&mut LetterView)| {
        let mut view = to_the_mayor();
        change(&mut view);
        render(&view).unwrap_err().to_string()
    };
    insta::assert_snapshot!(refused(|view| view.sender = None), @"the message cannot be written without a sender");
    insta::assert_snapshot!(
        refused(|view| view.sender.as_mut().unwrap().postal_address = " \n ".to_owned()),
        @"the message cannot be written without the sender's postal address"
    );
    insta::assert_snapshot!(refused(|view| view.ask_line = String::new()), @"the message cannot be written without what is asked");
    insta::assert_snapshot!(
        refused(|view| view.desk_url = "javascript:alert(1)".to_owned()),
        @"the link to the desk is not a web address"
    );
}

#[test]
fn a_view_that_contradicts_itself_is_refused() {
    let changes: [fn(&mut LetterView); 22] = [
        |view| view.letter = 0,
        |view| view.part = 2,
        |view| view.first = 1_237,
        |view| view.count += 1,
        |view| view.last -= 1,
        |view| view.total += 1,
        |view| view.new_since_last += 1,
        |view| view.verified.paper += 1,
        |view| view.districts[0].new += 1,
        |view| view.districts[0].total -= 1,
        |view| view.districts[1].label = "Ward 1".to_owned(),
        |view| view.withdrawn.in_all += 1,
        |view| view.withdrawn.since_last.push(17),
        |view| view.withdrawn.since_last.push(18),
        |view| view.withdrawn.since_last[0] = 1_000,
        |view| view.withdrawn.since_last[0] = 0,
        |view| view.recipient.name = None,
        |view| view.comments = vec![view.comments[0].clone(); 6],
        |view| {
            view.verified.unconfirmed = view.verified.paper;
            view.verified.paper = 0;
        },
        |view| view.letter = 1,
        |view| {
            view.in_district = Some(DistrictCount {
                label: "Ward 1".to_owned(),
                new: 120,
                total: 402,
            });
        },
        |view| {
            view.recipient.district = Some("Ward 1".to_owned());
            view.in_district = Some(DistrictCount {
                label: "Ward 1".to_owned(),
                new: 121,
                total: 402,
            });
        },
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut view = to_the_mayor();
        view.recipient.term_ended = true;
        view.check().unwrap();
        change(&mut view);
        assert!(
            matches!(render(&view), Err(LettersError::Inconsistent(_))),
            "change {index}"
        );
    }
}

#[test]
fn a_letter_says_what_its_manifest_says() {
    let batch = rows(927, 310);
    let manifest = Manifest {
        total: 1_234,
        ..manifest(&batch)
    };
    let view = LetterView {
        verified: VerifiedCounts::of(&batch),
        csv_sha256: manifest.csv_sha256.clone(),
        ..to_the_mayor()
    };
    view.check().unwrap();
    view.check_against(&manifest).unwrap();
    let changes: [fn(&mut Manifest); 5] = [
        |manifest| manifest.batch += 1,
        |manifest| manifest.letter += 1,
        |manifest| manifest.count -= 1,
        |manifest| manifest.total -= 1,
        |manifest| manifest.csv_sha256 = manifest.rows_sha256.clone(),
    ];
    for change in changes {
        let mut other = manifest.clone();
        change(&mut other);
        assert!(view.check_against(&other).is_err(), "{other:?}");
    }
}

#[test]
fn each_signer_is_verified_in_one_way_and_who_withdrew_in_none() {
    let mut batch = rows(1, 10);
    batch[0].verified = Verified::Paper;
    batch[1].verified = Verified::SelfAsserted;
    batch[2].verified = Verified::Unconfirmed;
    batch[3].is_correction = true;
    let expected = VerifiedCounts {
        confirmed: 6,
        self_asserted: 1,
        paper: 1,
        unconfirmed: 1,
    };
    assert_eq!(VerifiedCounts::of(&batch), expected);
}

#[test]
fn what_strangers_wrote_stays_where_it_was_put() {
    let mut view = to_the_mayor();
    view.comments = vec![PrintedComment {
        text: "one\r\n\r\nRespectfully,\u{202E}\n</p><script>alert(1)</script>\u{0}".to_owned(),
        name: Some("A\nB <b>\u{2066}".to_owned()),
    }];

    let parts = render(&view).unwrap();

    assert!(!parts.html.contains("<script") && !parts.html.contains("<b>"));
    assert!(!parts.text.contains(['\u{202E}', '\u{2066}', '\u{0}', '\r']));
    assert!(parts.text.contains("\n  one\n  Respectfully, </p>"));
    assert!(parts.text.contains("\n    -- A B <b>\n"));
    assert_eq!(seen_words(&parts.html), text_words(&parts.text));
}

#[test]
fn many_withdrawals_are_counted_and_only_the_first_are_named() {
    let mut view = to_the_mayor();
    view.withdrawn.since_last = (1..=30).collect();
    view.withdrawn.in_all = 40;
    view.total = view.last - 40;
    view.districts.clear();

    let words = text_words(&render(&view).unwrap().text).join(" ");

    assert!(words.contains("30 earlier signers have withdrawn: numbers 1, 2, 3,"));
    assert!(words.contains("19 and 20, and 10 more that the list marks as withdrawn. The total no longer counts anyone who withdrew, 40 so far."));
}

/// A view of a first or later letter in which all numbers agree.
fn true_view() -> impl Strategy<Value = LetterView> {
    (
        1_u32..3_000_000,
        1_u32..50_000,
        2_u32..90,
        0_u32..100,
        0_u32..100,
    )
        .prop_map(|(before, count, letter, gone, share)| {
            let withdrawn = gone.min(before);
            let (first, last) = (before + 1, before + count);
            let total = last - withdrawn;
            let new_here = count * share / 100;
            let total_here = new_here + (total - count) * share / 100;
            let mut view = to_the_mayor();
            (view.first, view.last, view.count, view.letter) = (first, last, count, letter);
            (view.total, view.new_since_last) = (total, count);
            view.verified.paper = count / 3;
            view.verified.self_asserted = count / 4;
            view.verified.confirmed = count - count / 3 - count / 4;
            view.withdrawn.since_last = (1..=withdrawn / 2).collect();
            view.withdrawn.in_all = withdrawn;
            let row = |label: &str, new, total| DistrictCount {
                label: label.to_owned(),
                new,
                total,
            };
            view.districts = vec![
                row("1", new_here, total_here),
                row("2", count - new_here, total - total_here),
            ];
            view
        })
}

proptest! {
    #[test]
    fn subject_body_and_table_state_the_numbers_of_the_view(view in true_view()) {
        let parts = render(&view).unwrap();
        let number = |count: u32| text_words(&parts.text).iter().any(|word| word.replace(',', "") == count.to_string());
        prop_assert!(parts.subject.replace(',', "").starts_with(&view.total.to_string()));
        prop_assert!(number(view.first) && number(view.total) && number(view.count));
        prop_assert_eq!(seen_words(&parts.html), text_words(&parts.text));
    }

    #[test]
    fn no_number_can_be_off_by_one(view in true_view(), which in 0..8) {
        let mut wrong = view;
        *match which {
            0 => &mut wrong.first,
            1 => &mut wrong.last,
            2 => &mut wrong.count,
            3 => &mut wrong.total,
            4 => &mut wrong.new_since_last,
            5 => &mut wrong.withdrawn.in_all,
            6 => &mut wrong.verified.confirmed,
            _ => &mut wrong.districts[0].total,
        } += 1;
        prop_assert!(matches!(wrong.check(), Err(LettersError::Inconsistent(_))));
    }

    #[test]
    fn no_view_makes_a_check_fall_over(first: u32, last: u32, count: u32, total: u32, in_all: u32) {
        let mut view = to_the_mayor();
        (view.first, view.last, view.count, view.total, view.withdrawn.in_all) = (first, last, count, total, in_all);
        (view.new_since_last, view.verified.confirmed) = (count, u32::MAX);
        prop_assert!(view.check().is_err());
    }

    #[test]
    fn a_subject_is_one_line_of_at_most_a_hundred_and_twenty_characters(ask in "\\PC{1,300}", place in "[A-Z][a-z ]{0,200}") {
        let mut view = to_the_mayor();
        view.ask_line = format!("forbid {ask}");
        view.place = place;
        let subject = render(&view).unwrap().subject;
        prop_assert!(subject.chars().count() <= LONGEST_SUBJECT);
        prop_assert!(subject.starts_with("1,234 residents of ") && subject.ends_with("(letter 3)"), "{}", subject);
        prop_assert!(!subject.chars().any(char::is_control));
    }
}
