//! An answer that is handed on, as it is read.

mod support {
    pub mod reading;
}

use redress_letters::forward::{ForwardView, render};
use support::reading::{seen_words, text_words, whole};

fn answer() -> ForwardView {
    ForwardView {
        petition_title: "Neighbors, not informants".into(),
        office: "Mayor Elena Ruiz, Springfield".into(),
        batch: 3,
        from: "Elena Ruiz <mayor@springfield.example>".into(),
        subject: "Re: letter 3\r\nBcc: all@example.org".into(),
        text: "I am for it.\n\nSee <b>you</b> in May.".into(),
        console_url: "https://petitions.example/console/p/open-doors/letters/3/1".into(),
        is_answerable: true,
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_answer_is_quoted_in_text_and_html_alike() {
    let mail = render(&answer()).unwrap();
    assert_eq!(
        mail.subject,
        "Answer of Mayor Elena Ruiz, Springfield: Re: letter 3 Bcc: all@example.org"
    );
    for words in ["batch 3 to Mayor Elena Ruiz, Springfield", "proves nothing"] {
        assert!(
            on_one_line(&mail.text).contains(words),
            "{words}: {}",
            mail.text
        );
    }
    for line in ["  I am for it.\n", "  See <b>you</b> in May.\n"] {
        assert!(mail.text.contains(line), "{line}: {}", mail.text);
    }
    assert!(!mail.html.contains("<b>you"), "{}", mail.html);
    let html = mail.html.replacen("<title>An answer</title>", "", 1);
    assert_eq!(text_words(&mail.text), seen_words(&html));
    insta::assert_snapshot!("an_answer_that_is_handed_on", whole(&mail));
}

#[test]
fn what_says_nothing_or_leads_nowhere_is_not_written() {
    let empty = ForwardView {
        text: " \n".into(),
        ..answer()
    };
    let lost = ForwardView {
        console_url: "javascript:alert(1)".into(),
        ..answer()
    };
    assert!(render(&empty).is_err() && render(&lost).is_err());
    let silent = ForwardView {
        is_answerable: false,
        ..answer()
    };
    let text = render(&silent).unwrap().text;
    let said = "no address that can be written to";
    assert!(on_one_line(&text).contains(said), "{text}");
}
