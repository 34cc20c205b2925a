//! The printed letter, read back.

use crate::support::{NAMES, ROOT, SHA256, code, letter, pages, text};
use proptest::prelude::*;
use redress_sheets::language::Language;
use redress_sheets::letter::{DistrictCount, Fellow, PrintedLetter, Reader, pdf};

/// Without regard to how lines are broken.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_one_page(pdf: &[u8]) {
    assert_eq!(pages(pdf), (1, "612 x 792 pts (letter)".to_owned()));
}

#[test]
fn a_letter_is_one_page_that_says_who_asks_whom_for_what() {
    let pdf = pdf(&letter()).unwrap();
    assert_one_page(&pdf);
    let said = flat(&text(&pdf));
    for words in [
        "Neighbors for Open Doors",
        "12 Elm Street · Suite 4 · Alder, IL 60000 · hello@neighbors.example",
        "Elena Ruiz March 4, 2026",
        "Council Member, Ward 3 Springfield, Illinois",
        "Letter 3 · signers 925 to 1,234 · 1,234 in all",
        "Dear Council Member Ruiz,",
        "1,234 residents of Springfield, Illinois, ask you to end partnerships",
        "310 have signed since our last letter.",
        "Our streets are ours.",
        "known since June 1, 2024 (source: council minutes, June 2024)",
        "290 confirmed by e-mail",
        "8 signed on paper",
        "write to hello@neighbors.example",
        "https://petition.example/p/forbid-it/ledger#batch-7",
        SHA256,
        ROOT,
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(
        said.contains("Springfield 310 1,234") && said.contains("Ward 3 41 187"),
        "{said}"
    );
    assert!(!said.contains("whole text is in the message"), "{said}");
}

#[test]
fn its_code_leads_to_the_public_record() {
    let pdf = pdf(&letter()).unwrap();
    assert_eq!(code(&pdf), letter().verify_url);
}

#[test]
fn the_same_letter_is_the_same_bytes_and_another_is_not() {
    let one = pdf(&letter()).unwrap();
    assert_eq!(one, pdf(&letter()).unwrap());
    let mut other = letter();
    other.total += 1;
    assert_ne!(one, pdf(&other).unwrap());
}

#[test]
fn in_spanish_it_speaks_spanish() {
    let view = PrintedLetter {
        language: Language::Spanish,
        petition: "Prohibir la vigilancia".into(),
        ..letter()
    };
    let pdf = pdf(&view).unwrap();
    assert_one_page(&pdf);
    let said = flat(&text(&pdf));
    for words in [
        "4 de marzo de 2026",
        "Carta 3 · firmas 925 a 1,234 · 1,234 en total",
        "1,234 residentes de Springfield, Illinois, han firmado la petición «Prohibir la vigilancia»",
        "290 por correo electrónico",
        "Atentamente,",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

/// One more member of the council.
fn fellow(name: Option<&str>, ward: u32) -> Fellow {
    let surname = name.and_then(|name| name.rsplit(' ').next());
    Fellow {
        reader: Reader {
            title: "Council Member".into(),
            name: name.map(Into::into),
            addressed_as: surname.unwrap_or_default().into(),
            district: Some(format!("Ward {ward}")),
            is_clerk: false,
        },
        own_district: Some(DistrictCount {
            label: format!("Ward {ward}"),
            new: 40 + ward,
            total: 180 + ward,
        }),
    }
}

#[test]
fn a_letter_to_the_whole_body_names_each_and_counts_their_districts() {
    let mut view = letter();
    view.fellows = vec![fellow(Some("Bo Diaz"), 1), fellow(Some("Ana Lee"), 2)];
    let whole = pdf(&view).unwrap();
    assert_one_page(&whole);
    let said = flat(&text(&whole));
    for words in [
        "Council Member Bo Diaz, Ward 1 Council Member Ana Lee, Ward 2 Springfield, Illinois",
        "Dear Council Member Ruiz, Council Member Diaz and Council Member Lee,",
        "As your offices wish, this is one letter to all of you, by way of your clerk.",
        "Ward 3 41 187",
        "Ward 1 41 181",
        "Ward 2 42 182",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(said.matches("Ward 2 42 182").count(), 1, "{said}");
    view.language = Language::Spanish;
    let said = flat(&text(&pdf(&view).unwrap()));
    for words in [
        "A la atención de Elena Ruiz, Bo Diaz y Ana Lee:",
        "piden a ustedes que actúen",
        "una sola carta para todos ustedes",
        "Para responder, contesten",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    view.language = Language::English;
    view.fellows = (1..=12).map(|ward| fellow(None, ward)).collect();
    let many = pdf(&view).unwrap();
    assert_one_page(&many);
    let said = flat(&text(&many));
    for words in [
        "Council Member, Ward 2 and 10 more, named in the message Springfield, Illinois",
        "Dear members of the governing body of Springfield,",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_long_ask_is_cut_and_says_so_while_numbers_and_hashes_stay() {
    let view = PrintedLetter {
        ask: "We have much to say about this. ".repeat(600),
        ..letter()
    };
    let pdf = pdf(&view).unwrap();
    assert_one_page(&pdf);
    let said = flat(&text(&pdf));
    assert!(
        said.contains("… (the whole text is in the message"),
        "{said}"
    );
    for words in [
        "signers 925 to 1,234",
        "Ward 3 41 187",
        SHA256,
        ROOT,
        "Respectfully,",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(code(&pdf), view.verify_url);
}

#[test]
fn everything_at_its_longest_is_still_one_page() {
    let long = |what: &str, most: usize| what.repeat(most);
    let mut view = letter();
    view.organization = long("Wide Organization ", 600);
    view.postal_address = long("A very long line of a postal address\n", 50);
    view.contact = format!("{}@example.org", long("w", 90));
    view.reader.title = long("Member Of The Council ", 40);
    view.reader.name = Some(long("WWWWWWWWWW ", 1_000));
    view.reader.addressed_as = long("W", 10_240);
    view.reader.district = Some(long("Ward Of The North ", 20));
    view.reader.is_clerk = true;
    view.place = long("Springfield ", 20);
    view.petition = long("WWWW ", 40);
    view.ask_line = long("wwww ", 100);
    view.ask = long("W", 20_000);
    view.needs_confirmation = false;
    view.verified.unconfirmed = 7;
    view.parts = 3;
    view.districts = (0..60)
        .map(|ward| DistrictCount {
            label: format!("{} {ward}", long("Ward ", 20)),
            new: u32::MAX,
            total: u32::MAX,
        })
        .collect();
    view.total = u32::MAX;
    view.last = u32::MAX;
    let standing = view.standing.as_mut().unwrap();
    standing.matter = long("a very large thing ", 50);
    standing.source = Some(long("minutes ", 90));
    view.verify_url = format!("https://petition.example/p/{}", long("a", 300));
    let alone = view.clone();
    let mut together = view;
    together.reader.is_clerk = false;
    let member = Fellow {
        reader: together.reader.clone(),
        own_district: Some(together.districts[0].clone()),
    };
    together.fellows = vec![member; 60];
    for mut view in [alone, together] {
        assert_at_its_longest(&mut view);
    }
}

fn assert_at_its_longest(view: &mut PrintedLetter) {
    for language in [Language::English, Language::Spanish] {
        view.language = language;
        let pdf = pdf(view).unwrap();
        assert_one_page(&pdf);
        let said = flat(&text(&pdf));
        assert!(said.contains(SHA256) && said.contains(ROOT), "{said}");
        assert!(said.contains("4,294,967,295"), "{said}");
        assert_eq!(code(&pdf), view.verify_url);
    }
}

#[test]
fn an_office_without_a_holder_is_addressed_as_one() {
    let mut view = letter();
    view.reader.name = None;
    view.reader.title = "City Council".into();
    view.own_district = None;
    view.merkle_root = String::new();
    let pdf = pdf(&view).unwrap();
    assert_one_page(&pdf);
    let said = flat(&text(&pdf));
    assert!(
        said.contains("To the office of the City Council, Ward 3,"),
        "{said}"
    );
    assert!(!said.contains("Merkle"), "{said}");
}

#[test]
fn every_name_stands_on_the_page_and_breaks_nothing() {
    for name in NAMES {
        let mut view = letter();
        view.reader.name = Some(name.into());
        view.reader.addressed_as = name.into();
        let pdf = pdf(&view).unwrap();
        assert_one_page(&pdf);
        let said = flat(&text(&pdf));
        assert!(said.contains("Council Member, Ward 3"), "{name}: {said}");
        assert!(!said.contains('\u{202E}') && !said.contains('\0'), "{name}");
        if let Some(first) = name.chars().next().filter(|it| "МОΕMN李김".contains(*it)) {
            assert!(said.contains(first), "{name}: {said}");
        }
    }
}

#[test]
fn an_address_that_no_code_holds_is_an_error() {
    let view = PrintedLetter {
        verify_url: format!("https://petition.example/{}", "a".repeat(4_000)),
        ..letter()
    };
    assert!(pdf(&view).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_written_it_is_drawn_and_twice_alike(
        name in any::<String>(),
        ask in any::<String>(),
        organization in "\\PC{0,200}",
        matter in any::<String>(),
    ) {
        let mut view = letter();
        view.reader.name = Some(name);
        view.ask = ask.repeat(20);
        view.organization = organization;
        view.standing.as_mut().unwrap().matter = matter;
        let one = pdf(&view).unwrap();
        prop_assert_eq!(&one, &pdf(&view).unwrap());
        prop_assert!(one.starts_with(b"%PDF-"));
    }
}
