//! The list as pages, read back.

use crate::support::{NAMES, ROOT, SHA256, list, pages, row, text};
use redress_sheets::language::Language;
use redress_sheets::list::{PrintedList, PrintedRow, Signer, pdf};

#[test]
fn a_list_names_its_letter_its_hash_and_its_pages_and_loses_no_row() {
    let rows: Vec<PrintedRow> = (1..=200)
        .map(|number| row(number, &format!("Signer Of Row {number}"), None))
        .collect();
    let pdf = pdf(&list(), &rows).unwrap();
    let (count, size) = pages(&pdf);
    assert!(
        (4..=6).contains(&count) && size.contains("letter"),
        "{count} {size}"
    );
    let said = text(&pdf);
    let by_page: Vec<&str> = said
        .split('\u{c}')
        .filter(|page| !page.is_empty())
        .collect();
    assert_eq!(by_page.len(), count);
    for (number, page) in (1..).zip(&by_page) {
        assert!(
            page.contains(&format!("page {number} of {count}")),
            "{page}"
        );
        assert!(
            page.contains("Signed on") && page.contains(SHA256),
            "{page}"
        );
    }
    assert!(
        by_page[0].contains(
            "Springfield city · Letter 3 · signers 925 to 1,234 · 1,234 in all · batch 7"
        )
    );
    assert!(by_page[0].contains(ROOT) && by_page[0].contains("ledger#batch-7"));
    for number in 1..=200 {
        let name = format!("Signer Of Row {number} ");
        assert_eq!(said.matches(&name).count(), 1, "{name}");
    }
}

#[test]
fn what_is_withheld_withdrawn_or_erased_is_told_as_such() {
    let mut withheld = row(1, "", Some("I walk here every day."));
    if let Signer::Counted { name, .. } = &mut withheld.signer {
        *name = None;
    }
    let day = crate::support::letter().dated_on;
    let rows = [
        withheld,
        PrintedRow {
            number: 2,
            signer: Signer::Erased,
        },
        PrintedRow {
            number: 3,
            signer: Signer::Withdrawn(day),
        },
    ];
    let said = text(&pdf(&list(), &rows).unwrap());
    let lines: Vec<String> = said
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for line in [
        "1 name withheld Springfield 62701 3 2026-03-02 by e-mail",
        "I walk here every day.",
        "2 erased since by the signer",
        "3 name withheld 2026-03-04 withdrawn",
    ] {
        assert!(lines.iter().any(|it| it == line), "{line}: {said}");
    }
}

#[test]
fn every_name_keeps_its_characters_and_its_row() {
    let rows: Vec<PrintedRow> = (1..)
        .zip(NAMES)
        .map(|(number, name)| row(number, name, None))
        .collect();
    let said = text(&pdf(&list(), &rows).unwrap());
    for name in [
        "María José Núñez-O’Brien",
        "Nguyễn Thị Ánh",
        "Łukasz Żółć",
        "Ольга Ковальчук",
        "Ελένη Παπαδοπούλου",
        "לוי",
        "ᏣᎳᎩ ᎠᏰᎵ",
        "李小龍",
        "김민준",
        "gnorw yaw eht",
        "Tom Bcc: all@city.example",
    ] {
        assert!(said.contains(name), "{name}: {said}");
    }
    assert_eq!(said.matches("2026-03-02").count(), NAMES.len());
    assert!(!said.contains('\u{202E}'));
}

#[test]
fn ten_kilobytes_of_name_and_comment_stay_within_their_page() {
    let rows: Vec<PrintedRow> = (1..=20)
        .map(|number| row(number, &"W".repeat(10_240), Some(&"long ".repeat(2_048))))
        .collect();
    let pdf = pdf(&list(), &rows).unwrap();
    let (count, _) = pages(&pdf);
    assert!(count <= 20, "{count}");
    assert_eq!(text(&pdf).matches("2026-03-02").count(), 20);
}

#[test]
fn an_empty_list_is_a_page_and_the_same_list_the_same_bytes() {
    let empty = pdf(&list(), &[]).unwrap();
    assert_eq!(pages(&empty).0, 1);
    let rows = [row(1, "محمد عبد الله", Some("«Basta»"))];
    assert_eq!(pdf(&list(), &rows).unwrap(), pdf(&list(), &rows).unwrap());
}

#[test]
fn in_spanish_it_speaks_spanish() {
    let list = PrintedList {
        language: Language::Spanish,
        ..list()
    };
    let said = text(&pdf(&list, &[row(925, "Ana Ruiz", None)]).unwrap());
    for words in [
        "Lista de firmas",
        "firmas 925 a 1,234",
        "por correo",
        "página 1 de 1",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}
