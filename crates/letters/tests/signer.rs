//! Mails to signers as they are read.

mod support {
    pub mod reading;
}

use chrono::NaiveDate;
use redress_letters::parts::{Language, MailParts};
use redress_letters::signer::{
    Confirming, DeliveryNotice, Position, Reaches, ResponseNotice, SignerMail, SignerView, render,
};
use redress_model::email::Email;
use redress_model::petition::Sender;
use support::reading::{seen_words, text_words, whole};

const RECEIPT: &str = "https://petitions.example/r/5f6e7d8c9b";

fn reaches() -> Reaches {
    Reaches {
        place: "Springfield, Illinois".to_owned(),
        officials: vec![
            "Mayor Elena Ruiz".to_owned(),
            "Council Member Sam T. Okafor, Ward 3".to_owned(),
        ],
    }
}

fn confirming() -> Confirming {
    Confirming {
        confirm_url: "https://petitions.example/confirm/0a1b2c3d4e".to_owned(),
        code: "012345".to_owned(),
        expires_on: NaiveDate::from_ymd_opt(2026, 3, 11).expect("a day of the calendar"),
        reaches: Some(reaches()),
    }
}

fn delivery() -> DeliveryNotice {
    DeliveryNotice {
        receipt_url: RECEIPT.to_owned(),
        delivered_on: NaiveDate::from_ymd_opt(2026, 3, 5).expect("a day of the calendar"),
        reached: reaches(),
        letter: 3,
        total: 1_234,
    }
}

fn response() -> ResponseNotice {
    ResponseNotice {
        receipt_url: RECEIPT.to_owned(),
        official: "Mayor Elena Ruiz".to_owned(),
        responded_on: NaiveDate::from_ymd_opt(2026, 3, 20).expect("a day of the calendar"),
        position: Position::Support,
        text: "Thank you for writing.\n\nI will bring an ordinance to the council in May."
            .to_owned(),
    }
}

fn about(mail: SignerMail) -> SignerView {
    SignerView {
        language: Language::English,
        mail,
        name: "Ana López".to_owned(),
        petition_title: "Neighbors, not informants".to_owned(),
        ask_text: "We ask our local governments to forbid partnerships between the police and home-surveillance companies.\n\nMore.".to_owned(),
        public_url: "https://petitions.example/p/open-doors".to_owned(),
        unsubscribe_url: "https://petitions.example/unsubscribe/9f8e7d".to_owned(),
        sender: Some(Sender {
            organization: "Open Doors Coalition".to_owned(),
            postal_address: "100 Main Street, Suite 4\nSpringfield, IL 62701".to_owned(),
            contact_email: Email::parse("letters@opendoors.example").expect("an address"),
        }),
    }
}

fn every_mail() -> Vec<SignerView> {
    [
        SignerMail::Confirm(confirming()),
        SignerMail::Reminder(confirming()),
        SignerMail::AlreadySigned {
            receipt_url: RECEIPT.to_owned(),
        },
        SignerMail::Permit {
            permit_url: "https://petitions.example/permit/0a1b2c3d4e".to_owned(),
        },
        SignerMail::DeliveryNotice(delivery()),
        SignerMail::ResponseNotice(response()),
    ]
    .map(about)
    .to_vec()
}

fn written(mail: SignerMail) -> MailParts {
    render(&about(mail)).expect("a mail")
}

#[test]
fn a_mail_that_asks_to_confirm() {
    insta::assert_snapshot!(whole(&written(SignerMail::Confirm(confirming()))));
}

#[test]
fn a_reminder_without_a_sender_and_a_place() {
    let mut view = about(SignerMail::Reminder(Confirming {
        reaches: None,
        ..confirming()
    }));
    view.sender = None;
    view.ask_text = String::new();
    view.name = " ".to_owned();
    insta::assert_snapshot!(whole(&render(&view).unwrap()));
}

#[test]
fn a_mail_to_who_has_already_signed() {
    let receipt_url = RECEIPT.to_owned();
    insta::assert_snapshot!(whole(&written(SignerMail::AlreadySigned { receipt_url })));
}

#[test]
fn a_notice_of_delivery() {
    insta::assert_snapshot!(whole(&written(SignerMail::DeliveryNotice(delivery()))));
}

#[test]
fn a_notice_of_an_answer() {
    insta::assert_snapshot!(whole(&written(SignerMail::ResponseNotice(response()))));
}

#[test]
fn html_says_what_the_text_says_and_fetches_nothing() {
    for view in every_mail() {
        let parts = render(&view).unwrap();
        assert_eq!(seen_words(&parts.html), text_words(&parts.text));
        for word in [
            "<img", "src=", "@import", "url(", "<link", "<script", "<form", "<button",
        ] {
            assert!(!parts.html.contains(word), "{word}");
        }
    }
}

#[test]
fn the_outside_never_says_for_which_petition_a_mail_comes() {
    for view in every_mail() {
        let mut other = view.clone();
        other.petition_title = "Another".to_owned();
        other.name = "Somebody".to_owned();
        other.ask_text = "Else".to_owned();
        other.sender = None;
        assert_eq!(
            render(&view).unwrap().subject,
            render(&other).unwrap().subject
        );
    }
}

#[test]
fn every_position_of_an_official_is_said() {
    let said = |position| {
        let text = written(SignerMail::ResponseNotice(ResponseNotice {
            position,
            ..response()
        }))
        .text;
        text_words(&text).join(" ")
    };
    for (position, words) in [
        (
            Position::Support,
            "under this petition, and supports what it asks:",
        ),
        (
            Position::Oppose,
            "under this petition, and opposes what it asks:",
        ),
        (
            Position::UnderStudy,
            "under this petition, and is still studying the matter:",
        ),
        (Position::Unstated, "under this petition:"),
    ] {
        assert!(said(position).contains(words), "{position:?}");
    }
}

#[test]
fn a_name_is_cleaned_and_shortened() {
    let mut view = about(SignerMail::Confirm(confirming()));
    view.name = format!("Ana\r\n\u{202E}<b> {}", "x".repeat(500));

    let parts = render(&view).unwrap();

    assert!(parts.text.starts_with("Hello Ana <b>\nx"));
    assert!(!parts.html.contains("<b>") && !parts.text.contains('\u{202E}'));
    let greeting = parts.text.split("\n\n").next().unwrap();
    assert!(greeting.chars().count() < 130);
}

#[test]
fn a_mail_with_a_broken_link_or_code_is_an_error() {
    let broken = [
        SignerMail::Confirm(Confirming {
            code: "12345".to_owned(),
            ..confirming()
        }),
        SignerMail::Confirm(Confirming {
            code: "12345x".to_owned(),
            ..confirming()
        }),
        SignerMail::Reminder(Confirming {
            confirm_url: "/confirm/x".to_owned(),
            ..confirming()
        }),
        SignerMail::AlreadySigned {
            receipt_url: "https://a.example/\" onclick=".to_owned(),
        },
        SignerMail::DeliveryNotice(DeliveryNotice {
            reached: Reaches {
                officials: Vec::new(),
                ..reaches()
            },
            ..delivery()
        }),
        SignerMail::ResponseNotice(ResponseNotice {
            text: " ".to_owned(),
            ..response()
        }),
    ];
    for mail in broken {
        assert!(render(&about(mail.clone())).is_err(), "{mail:?}");
    }
}

#[test]
fn every_mail_says_the_same_in_spanish() {
    for english in every_mail() {
        let spanish = SignerView {
            language: Language::Spanish,
            ..english.clone()
        };
        let (english, spanish) = (render(&english).unwrap(), render(&spanish).unwrap());
        assert_ne!(english.subject, spanish.subject);
        assert!(spanish.html.contains("lang=\"es\""));
        let links = |text: &str| -> Vec<String> {
            let words = text.split_whitespace();
            let links = words.filter(|word| word.starts_with("https://"));
            links.map(str::to_owned).collect()
        };
        assert_eq!(links(&english.text), links(&spanish.text));
        for word in ["Ana López", "Neighbors, not informants"] {
            assert!(spanish.text.contains(word), "{}", spanish.text);
        }
        for word in ["Hello", " the ", " your ", "signature", "receipt"] {
            let ours = spanish
                .text
                .replace("We ask our local governments to forbid partnerships", "");
            let ours = ours.replace("Thank you for writing.", "");
            let is_quoted = word == " the ";
            assert!(is_quoted || !ours.contains(word), "{word}: {ours}");
        }
    }
}

#[test]
fn a_mail_that_asks_to_confirm_in_spanish() {
    let view = SignerView {
        language: Language::Spanish,
        ..about(SignerMail::Confirm(confirming()))
    };
    insta::assert_snapshot!(whole(&render(&view).unwrap()));
}
