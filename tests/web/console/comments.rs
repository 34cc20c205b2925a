//! Comments: read by those who may review, passed, refused, and taken back.

use super::office::{Organizer, behind};
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::comment::CommentReview::{self, Passed, Refused, Unseen};
use redress_model::petition::state::PetitionState;
use redress_model::role::MemberRole::{Analyst, Deliverer, Editor, Owner, Reviewer};
use redress_storage::mails::Mail;

const PAGE: &str = "/console/p/forbid-it/comments";

impl Stage {
    /// What stands of somebody's comment.
    async fn reviewed(&self, mail: &Mail) -> CommentReview {
        let found = self
            .store
            .signatures
            .find_signature(mail.signature_id)
            .await;
        let found = found.expect("read").expect("there");
        found.review.expect("a comment").state
    }

    async fn decide(&self, who: &Organizer, fields: &[(&str, &str)]) -> String {
        let done = self.submit(who, PAGE, fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let page = self.visit(who, done.header("location")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        page.text
    }
}

#[tokio::test]
async fn a_comment_waits_is_passed_is_changed_and_waits_again() {
    let mut stage = Stage::open().await;
    let ana = stage
        .sign_unreviewed("Ana Ruiz", Some("Enough of it."))
        .await;
    stage.sign_unreviewed("Ben Lee", None).await;
    let rita = stage.organizer(Reviewer).await;
    let id = ana.signature_id.to_string();
    for path in ["/console/p/forbid-it", "/console/p/forbid-it/letters"] {
        let page = stage.visit(&rita, path).await.text;
        let link = format!("<a href=\"{PAGE}\">1 comment waits for a review</a>");
        assert!(page.contains(&link), "{page}");
    }
    let page = stage.visit(&rita, PAGE).await.text;
    let known = stage.known().await;
    for words in ["Enough of it.", "Ana Ruiz", &known.city, "<b>1</b> waiting"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Ben Lee") && !page.contains("@example.org, "));

    let page = stage.decide(&rita, &[("pass", &id)]).await;
    assert!(
        page.contains("Done, and in the audit log.") && page.contains("<b>0</b> waiting"),
        "{page}"
    );
    assert!(page.contains("<b>1</b> passed") && !page.contains("Enough of it."));
    assert_eq!(stage.reviewed(&ana).await, Passed);
    let deed =
        format!("comment.review forbid-it {{\"review\":\"passed\",\"signatures\":[\"{id}\"]}}");
    assert!(
        stage.deeds().await.contains(&deed),
        "{:?}",
        stage.deeds().await
    );
    let passed = stage.visit(&rita, &format!("{PAGE}?review=passed")).await;
    assert!(
        passed
            .text
            .contains("passed by reviewer@example.org, 2 March 2026"),
        "{}",
        passed.text
    );
    let again = stage
        .decide(&rita, &[("pass", &id), ("review", "passed")])
        .await;
    assert!(again.contains("Nothing was changed"), "{again}");
    let reviews = stage.deeds().await;
    let reviews = reviews
        .iter()
        .filter(|deed| deed.starts_with("comment.review"));
    assert_eq!(reviews.count(), 1);

    stage
        .decide(&rita, &[("refuse", &id), ("review", "passed")])
        .await;
    assert_eq!(stage.reviewed(&ana).await, Refused);
    let refused = stage
        .visit(&rita, &format!("{PAGE}?review=refused"))
        .await
        .text;
    assert!(refused.contains("Enough of it.") && refused.contains("refused by reviewer@"));
    stage
        .decide(&rita, &[("take_back", &id), ("review", "refused")])
        .await;
    assert_eq!(stage.reviewed(&ana).await, Unseen);
    let page = stage.visit(&rita, PAGE).await.text;
    assert!(page.contains("Enough of it.") && page.contains("<b>1</b> waiting"));
}

#[tokio::test]
async fn only_who_may_review_signatures_reads_and_decides() {
    let mut stage = Stage::open().await;
    let ana = stage
        .sign_unreviewed("Ana Ruiz", Some("Enough of it."))
        .await;
    let id = ana.signature_id.to_string();
    for role in [Analyst, Deliverer] {
        let member = stage.organizer(role).await;
        let page = stage.visit(&member, PAGE).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(!page.text.contains("Enough of it."));
        let done = stage.submit(&member, PAGE, &[("pass", &id)]).await;
        assert_eq!(done.status, StatusCode::FORBIDDEN);
        let overview = stage.visit(&member, "/console/p/forbid-it").await.text;
        assert!(!overview.contains("/comments"), "{overview}");
        // Who lets letters out is told that some go without, and cannot go there.
        let letters = stage.visit(&member, "/console/p/forbid-it/letters").await;
        assert!(letters.text.contains("1 comment waits for a review"));
        assert!(!letters.text.contains("/comments"), "{}", letters.text);
    }
    assert_eq!(stage.reviewed(&ana).await, Unseen);
    for role in [Owner, Editor, Reviewer] {
        let member = stage.organizer(role).await;
        stage.decide(&member, &[("pass", &id)]).await;
        assert_eq!(stage.reviewed(&ana).await, Passed, "{role}");
        stage.decide(&member, &[("take_back", &id)]).await;
    }
}

#[tokio::test]
async fn only_the_words_of_who_agreed_and_counts_are_there() {
    let mut stage = Stage::open().await;
    let mut quiet = stage.signer("Ana Ruiz", "ana@example.org").await;
    quiet["comment"] = "For nobody else.".into();
    stage.sign(&quiet).await;
    let mail = stage.mails().await.remove(0);
    let token = stage.token(&mail, redress_storage::secrets::TokenPurpose::Confirm);
    stage.post_form(&format!("/confirm/{token}"), &[]).await;
    let mut waiting = stage.signer("Ben Lee", "ben@example.org").await;
    waiting["comment"] = "Not confirmed.".into();
    waiting["share_comment"] = true.into();
    stage.sign(&waiting).await;
    let rita = stage.organizer(Reviewer).await;
    let page = stage.visit(&rita, PAGE).await.text;
    assert!(page.contains("<b>0</b> waiting") && page.contains("None here."));
    assert!(!page.contains("For nobody") && !page.contains("Not confirmed"));
}

#[tokio::test]
async fn whatever_was_said_is_shown_as_text_and_a_hidden_name_stays_hidden() {
    let mut stage = Stage::open().await;
    let words = "<script>alert(1)</script>\n\"><b>&amp; 我們不同意 👩\u{200d}🌾 שלום </blockquote>";
    let mut signer = stage.signer("Zoë <i>Lee</i>", "zoe@example.org").await;
    signer["comment"] = words.into();
    signer["share_comment"] = true.into();
    signer["list_name"] = false.into();
    let answer = stage.sign(&signer).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let mail = stage.mails().await.remove(0);
    let token = stage.token(&mail, redress_storage::secrets::TokenPurpose::Confirm);
    stage.post_form(&format!("/confirm/{token}"), &[]).await;
    let rita = stage.organizer(Reviewer).await;
    let page = stage.visit(&rita, PAGE).await.text;
    let shown = behind(&page.replace('\n', " "), "class=\"words\" dir=\"").to_owned();
    assert_eq!(shown, "auto");
    for told in [
        "&#60;script&#62;alert(1)&#60;/script&#62;",
        "&#60;b&#62;&#38;amp; 我們不同意 👩\u{200d}🌾 שלום &#60;/blockquote&#62;",
        "name withheld",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("<script") && !page.contains("Zoë") && !page.contains("Lee"));
    let id = mail.signature_id.to_string();
    stage.decide(&rita, &[("refuse", &id)]).await;
    assert_eq!(stage.reviewed(&mail).await, Refused);
}

#[tokio::test]
async fn a_page_is_passed_at_once_and_what_came_meanwhile_is_not() {
    let mut stage = Stage::open().await;
    let mut said = Vec::new();
    for number in 0..27_u8 {
        let name = format!("Signer {}", char::from(b'A' + number % 26));
        let name = if number < 26 {
            name
        } else {
            "Last Of All".into()
        };
        said.push(
            stage
                .sign_unreviewed(&name, Some(&format!("Word {number}.")))
                .await,
        );
    }
    let rita = stage.organizer(Reviewer).await;
    let page = stage.visit(&rita, PAGE).await.text;
    assert!(page.contains("Word 0.") && page.contains("Word 24.") && !page.contains("Word 25."));
    let ids: Vec<String> = page
        .split("<input type=\"hidden\" name=\"id\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(ids.len(), 25);
    let more = behind(&page, "<p><a href=\"").replace("&amp;", "&");
    let next = stage.visit(&rita, &more).await.text;
    assert!(
        next.contains("Word 26.") && !next.contains("Word 24."),
        "{next}"
    );

    let mut fields = vec![("review", "unseen"), ("pass", "page")];
    fields.extend(ids.iter().map(|id| ("id", id.as_str())));
    let page = stage.decide(&rita, &fields).await;
    assert!(page.contains("<b>2</b> waiting") && page.contains("<b>25</b> passed"));
    assert!(page.contains("Word 25.") && page.contains("Word 26."));
    assert_eq!(stage.reviewed(&said[24]).await, Passed);
    assert_eq!(stage.reviewed(&said[25]).await, Unseen);
}

#[tokio::test]
async fn a_decision_names_one_way_and_comments_of_this_petition() {
    let mut stage = Stage::open().await;
    stage.petition("other", PetitionState::Open).await;
    let ana = stage
        .sign_unreviewed("Ana Ruiz", Some("Enough of it."))
        .await;
    let id = ana.signature_id.to_string();
    let rita = stage.organizer(Reviewer).await;
    let elsewhere = "/console/p/other/comments";
    let done = stage.submit(&rita, elsewhere, &[("pass", &id)]).await;
    assert_eq!(
        done.header("location"),
        "/console/p/other/comments?review=unseen&note=nothing"
    );
    for fields in [
        &[("like", id.as_str())][..],
        &[("pass", "x")],
        &[("pass", "page"), ("id", "x")],
        &[("pass", &id), ("review", "liked")],
    ] {
        let refused = stage.submit(&rita, PAGE, fields).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{fields:?}");
    }
    assert_eq!(stage.reviewed(&ana).await, Unseen);
    let nobody = "018f0000-0000-7000-8000-000000000000";
    let page = stage.decide(&rita, &[("pass", nobody)]).await;
    assert!(page.contains("Nothing was changed"), "{page}");
}
