//! What the page's own script shows while an address is typed.

use crate::stage::Stage;
use axum::http::StatusCode;

#[tokio::test]
async fn the_form_has_one_script_of_its_own_and_a_policy_that_allows_no_other() {
    let stage = Stage::open().await;
    let page = stage.get("/p/forbid-it").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self'") && policy.contains("connect-src 'self'"));
    assert!(!policy.contains("unsafe"), "{policy}");
    let path = page.text.split("<script src=\"").nth(1);
    let path = path.and_then(|rest| rest.split('"').next());
    let script = stage.get(path.expect("a script")).await;
    assert_eq!(script.status, StatusCode::OK);
    assert!(script.header("content-type").starts_with("text/javascript"));
    assert!(script.header("cache-control").contains("immutable"));
    assert!(script.bytes.len() < 2_048, "{} bytes", script.bytes.len());
    let about = stage.get("/about").await;
    let policy = about.header("content-security-policy");
    assert!(!policy.contains("script-src"), "{policy}");
}

#[tokio::test]
async fn officials_come_for_an_address_and_nothing_is_kept() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let fields = [
        ("street", known.street.as_str()),
        ("city", &known.city),
        ("state", &known.state),
        ("zip", &known.zip),
    ];
    for (path, said, post) in [
        ("/p/forbid-it/officials/preview", "Who gets this", "Mayor"),
        (
            "/es/p/forbid-it/officials/preview",
            "A quién llega",
            "Alcaldía",
        ),
    ] {
        let shown = stage.post_form(path, &fields).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.text.contains(said) && shown.text.contains(post));
        assert!(!shown.text.contains("<html"), "a piece of a page");
        assert_eq!(shown.header("cache-control"), "no-store");
    }
    let unknown = [("street", "1 Nowhere Rd"), ("zip", "00000")];
    let shown = stage
        .post_form("/p/forbid-it/officials/preview", &unknown)
        .await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(!shown.text.contains("Mayor"), "nobody is guessed");
    assert!(stage.mails().await.is_empty());
}
