//! Messages are read back by a parser that did not write them.

mod support {
    pub mod mayor;
    pub mod rows;
}

use chrono::{DateTime, TimeZone, Utc};
use mail_parser::{Address, MessageParser, MimeHeaders};
use proptest::prelude::*;
use redress_letters::error::LettersError;
use redress_letters::list::csv;
use redress_letters::list::verify::{Verification, verify};
use redress_letters::mime::{Attachment, Head, Mailbox, assemble};
use redress_letters::official::render;
use support::mayor::to_the_mayor;
use support::rows::{manifest, rows};

fn sent_at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 4, 15, 6, 7)
        .single()
        .expect("an instant")
}

fn mailbox(name: &str, email: &str) -> Mailbox {
    Mailbox {
        name: name.to_owned(),
        email: email.to_owned(),
    }
}

fn head(name: &str) -> Head {
    Head {
        from: mailbox(name, "letters@redress.example"),
        reply_to: Some(mailbox("", "reply.7f3k@redress.example")),
        to: mailbox(name, "mayor@springfield.example"),
        date: sent_at(),
        message_id: "p.7.mayor.full.k3@redress.example".to_owned(),
        references: vec![
            "p.1.mayor.full.a1@redress.example".to_owned(),
            "<p.4.mayor.full.b2@redress.example>".to_owned(),
        ],
        list_id: Some("open-records.redress.example".to_owned()),
        list_unsubscribe: Some("https://redress.example/desk/0123456789/stop".to_owned()),
        extra: vec![("X-Redress-Batch".to_owned(), "7".to_owned())],
    }
}

fn name_of<'a>(address: Option<&'a Address<'a>>) -> &'a str {
    address
        .and_then(Address::first)
        .and_then(|first| first.name.as_deref())
        .unwrap_or_default()
}

/// What a name looks like once what cannot be seen is gone.
fn as_shown(name: &str) -> String {
    let hidden = |character: char| {
        character.is_control()
            || matches!(character, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    let spaced = name.replace(['\t', '\u{2028}', '\u{2029}'], " ");
    let seen = spaced.replace(hidden, "");
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// That every line ends in CR LF, is ASCII, and is no longer than RFC 5322 allows.
fn assert_well_formed(message: &[u8]) {
    let text = std::str::from_utf8(message).expect("text");
    assert!(text.is_ascii() && text.ends_with("\r\n"));
    for line in text.split("\r\n") {
        assert!(!line.contains(['\r', '\n', '\0']), "{line:?}");
        assert!(line.len() <= 998, "{} octets", line.len());
    }
}

#[test]
fn a_letter_with_its_list_comes_back_as_it_was() {
    let list = b"number,name\r\n1,Ana\r\n".as_slice();
    let scan: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    let attachments = [
        Attachment {
            filename: "springfield-letter-3.csv",
            content_type: "text/csv; charset=utf-8; header=present",
            bytes: list,
        },
        Attachment {
            filename: "carta número 3.pdf",
            content_type: "application/pdf",
            bytes: &scan,
        },
    ];
    let text = "Dear Mayor Ruiz,\n\n.\nFrom here on: ¡sí!  \n\nend";
    let html = "<p>Dear Mayor Ruiz,</p>\n<p>=C3 ¡sí!</p>\n";

    let bytes = assemble(
        &head("José Núñez, Jr."),
        "1,234 ask: ¿cuándo?",
        text,
        html,
        &attachments,
        b"7",
    )
    .unwrap();

    assert_well_formed(&bytes);
    let read = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(read.subject(), Some("1,234 ask: ¿cuándo?"));
    assert_eq!(name_of(read.from()), "José Núñez, Jr.");
    assert_eq!(
        read.to().unwrap().first().unwrap().address(),
        Some("mayor@springfield.example")
    );
    assert_eq!(
        read.reply_to().unwrap().first().unwrap().address(),
        Some("reply.7f3k@redress.example")
    );
    assert_eq!(read.date().unwrap().to_timestamp(), sent_at().timestamp());
    assert_eq!(read.message_id(), Some("p.7.mayor.full.k3@redress.example"));
    assert_eq!(
        read.in_reply_to().as_text(),
        Some("p.4.mayor.full.b2@redress.example")
    );
    assert_eq!(read.references().as_text_list().unwrap().len(), 2);
    assert_eq!(
        read.header_raw("List-Unsubscribe-Post").unwrap().trim(),
        "List-Unsubscribe=One-Click"
    );
    assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), text);
    assert_eq!(read.body_html(0).unwrap().replace("\r\n", "\n"), html);
    let files: Vec<_> = read
        .attachments()
        .map(|part| (part.attachment_name().unwrap(), part.contents()))
        .collect();
    assert_eq!(
        files,
        [
            ("springfield-letter-3.csv", list),
            ("carta número 3.pdf", &scan)
        ]
    );
}

#[test]
fn the_list_that_an_office_takes_out_of_a_letter_verifies() {
    let batch = rows(927, 310);
    let parts = render(&to_the_mayor()).unwrap();
    let list = csv(&batch);
    let attachment = Attachment {
        filename: "springfield-letter-3.csv",
        content_type: "text/csv; charset=utf-8; header=present",
        bytes: &list,
    };

    let bytes = assemble(
        &head("Open Doors Coalition"),
        &parts.subject,
        &parts.text,
        &parts.html,
        &[attachment],
        b"7",
    )
    .unwrap();

    let read = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(read.subject(), Some(parts.subject.as_str()));
    assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), parts.text);
    assert_eq!(read.body_html(0).unwrap().replace("\r\n", "\n"), parts.html);
    let taken_out = read.attachment(0).unwrap().contents();
    assert_eq!(
        verify(taken_out, &manifest(&batch)),
        Verification::Unchanged
    );
}

#[test]
fn a_whole_message_is_written_like_this() {
    let bytes = assemble(
        &head("José Núñez, Jr."),
        "1,234 residents of Springfield ask: forbid partnerships between the police and home-surveillance companies (letter 3)",
        "Dear Mayor Ruiz,\n\n¡Sí!\n",
        "<p>Dear Mayor Ruiz,</p>\n<p>¡Sí!</p>\n",
        &[Attachment {
            filename: "letter-3.csv",
            content_type: "text/csv; charset=utf-8",
            bytes: b"number\r\n1\r\n",
        }],
        b"7",
    );
    insta::assert_snapshot!(
        String::from_utf8(bytes.unwrap())
            .unwrap()
            .replace("\r\n", "\n")
    );
}

#[test]
fn mail_without_files_is_two_readings_of_one_text() {
    let bytes = assemble(
        &head("Ana"),
        "Please confirm",
        "text\n",
        "<p>text</p>\n",
        &[],
        b"1",
    )
    .unwrap();

    assert_well_formed(&bytes);
    let read = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(read.content_type().unwrap().subtype(), Some("alternative"));
    assert_eq!(read.body_text(0).unwrap(), "text\r\n");
    assert_eq!(read.body_html(0).unwrap(), "<p>text</p>\r\n");
    assert_eq!(read.attachment_count(), 0);
}

#[test]
fn the_same_message_is_the_same_bytes_and_another_seed_changes_boundaries_alone() {
    let make = |seed: &[u8]| assemble(&head("Ana"), "s", "t", "<p>t</p>", &[], seed).unwrap();
    assert_eq!(make(b"1"), make(b"1"));
    assert_ne!(make(b"1"), make(b"2"));
    assert_eq!(make(b"1").len(), make(b"2").len());
}

#[test]
fn a_line_break_or_a_nul_is_refused_wherever_a_header_is_written() {
    for hostile in ["a\r\nBcc: x@example.org", "a\nb", "a\rb", "a\0b"] {
        let broken = |change: &dyn Fn(&mut Head)| {
            let mut head = head("Ana");
            change(&mut head);
            assemble(&head, "s", "t", "h", &[], b"1").is_err()
        };
        assert!(broken(&|head| head.from.name = hostile.to_owned()));
        assert!(broken(
            &|head| head.from.email = format!("{hostile}@example.org")
        ));
        assert!(broken(
            &|head| head.to.email = format!("ana@example.org{hostile}")
        ));
        assert!(broken(
            &|head| head.message_id = format!("{hostile}@example.org")
        ));
        assert!(broken(&|head| head.references.push(hostile.to_owned())));
        assert!(broken(
            &|head| head.list_id = Some(format!("{hostile}.example"))
        ));
        assert!(broken(
            &|head| head.list_unsubscribe = Some(format!("https://{hostile}.example"))
        ));
        assert!(broken(&|head| head
            .extra
            .push(("X-A".to_owned(), hostile.to_owned()))));
        assert!(broken(&|head| head
            .extra
            .push((hostile.to_owned(), "1".to_owned()))));
        assert!(matches!(
            assemble(&head("Ana"), hostile, "t", "h", &[], b"1"),
            Err(LettersError::BrokenLine("the subject"))
        ));
        let file = |filename, content_type| Attachment {
            filename,
            content_type,
            bytes: b"",
        };
        assert!(
            assemble(
                &head("Ana"),
                "s",
                "t",
                "h",
                &[file(hostile, "text/csv")],
                b"1"
            )
            .is_err()
        );
        assert!(assemble(&head("Ana"), "s", "t", "h", &[file("a.csv", hostile)], b"1").is_err());
    }
}

#[test]
fn a_date_that_no_header_can_write_is_refused() {
    let mut head = head("Ana");
    head.date = DateTime::<Utc>::MAX_UTC;
    assert!(assemble(&head, "s", "t", "h", &[], b"1").is_err());
}

#[test]
fn a_further_header_cannot_stand_in_for_one_of_ours() {
    for name in ["Bcc", "subject", "Content-Type", "", "X A", "X:"] {
        let mut head = head("Ana");
        head.extra.push((name.to_owned(), "x".to_owned()));
        assert!(assemble(&head, "s", "t", "h", &[], b"1").is_err(), "{name}");
    }
}

#[test]
fn an_unusual_address_is_written_as_the_parser_expects_it() {
    for (email, read_as) in [
        ("a..b@example.org", "\"a..b\"@example.org"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
    ] {
        let mut head = head("Ana");
        head.to = mailbox("Ana", email);
        let bytes = assemble(&head, "s", "t", "h", &[], b"1").unwrap();
        let read = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(read.to().unwrap().first().unwrap().address(), Some(read_as));
    }
    for email in [
        "",
        "ana",
        "@example.org",
        "ana@",
        "ána@example.org",
        "a b@example.org",
        "ana@exa mple.org",
    ] {
        let mut head = head("Ana");
        head.to = mailbox("Ana", email);
        assert!(
            assemble(&head, "s", "t", "h", &[], b"1").is_err(),
            "{email}"
        );
    }
}

#[test]
fn a_name_of_ten_kilobytes_is_folded_and_comes_back() {
    for name in [
        "x".repeat(10_000),
        "Ñandú ".repeat(1_700),
        "👩\u{200D}🌾".repeat(900),
        "a, \"b\" ".repeat(1_500),
    ] {
        let bytes = assemble(&head(&name), &name, "t", "h", &[], b"1").unwrap();

        assert_well_formed(&bytes);
        assert!(
            bytes
                .split(|byte| *byte == b'\n')
                .all(|line| line.len() <= 79)
        );
        let read = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(read.subject(), Some(name.trim()));
        assert_eq!(name_of(read.to()), name.trim());
    }
}

fn hostile_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,80}",
        "[ -~]{0,200}",
        "[a\"\\\\<>@,;:()=?_ \u{202E}\u{2066}é\u{1F600}.\t]{0,120}",
        "(=\\?UTF-8\\?[BQ]\\?[a-zA-Z=_]{0,20}\\?= ?){0,4}",
        "[\u{0}-\u{1F}a-z: ]{0,20}",
    ]
}

proptest! {
    #[test]
    fn no_name_and_no_subject_becomes_a_header(name in hostile_name(), subject in hostile_name()) {
        let breaks = |text: &str| text.contains(['\r', '\n', '\0']);
        let made = assemble(&head(&name), &subject, "t", "h", &[], b"1");
        prop_assert_eq!(made.is_err(), breaks(&name) || breaks(&subject));
        if let Ok(bytes) = made {
            assert_well_formed(&bytes);
            let read = MessageParser::default().parse(&bytes).unwrap();
            prop_assert_eq!(read.subject().unwrap_or_default(), as_shown(&subject));
            prop_assert_eq!(name_of(read.from()), as_shown(&name));
            prop_assert_eq!(read.to().unwrap().first().unwrap().address(), Some("mayor@springfield.example"));
            prop_assert_eq!(read.parts[0].headers.len(), 16);
        }
    }

    #[test]
    fn any_text_comes_back(text in "(\\PC|[\t\n .=]|From ){0,300}") {
        let bytes = assemble(&head("Ana"), "s", &text, &text, &[], b"1").unwrap();
        assert_well_formed(&bytes);
        let read = MessageParser::default().parse(&bytes).unwrap();
        let back = std::str::from_utf8(read.part(1).unwrap().contents()).unwrap().replace("\r\n", "\n");
        prop_assert_eq!(back, text);
    }
}
