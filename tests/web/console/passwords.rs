//! One's own password.

use super::office::PASSWORD;
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::role::MemberRole;

const NEW: &str = "another horse entirely";

#[tokio::test]
async fn a_new_password_ends_every_session_and_the_old_one() {
    let mut stage = Stage::empty().await;
    let here = stage.organizer(MemberRole::Editor).await;
    let elsewhere = stage.log_in("editor@example.org").await;
    let fields = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    let done = stage
        .submit(&here, "/console/account/password", &fields)
        .await;
    assert_eq!(done.header("location"), "/console/login?note=password");
    for organizer in [&here, &elsewhere] {
        let page = stage.visit(organizer, "/console").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
    let old = stage.try_login("editor@example.org", PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = stage.try_login("editor@example.org", NEW).await;
    assert_eq!(new.status, StatusCode::SEE_OTHER);
    let deeds = stage.deeds().await.join("\n");
    assert!(deeds.contains("account.password"), "{deeds}");
}

#[tokio::test]
async fn what_is_wrong_with_a_new_password_stands_beside_it() {
    let mut stage = Stage::empty().await;
    let ana = stage.organizer(MemberRole::Editor).await;
    for (old, new, again, complaint) in [
        ("wrong horse", NEW, NEW, "id=\"old-error\""),
        (PASSWORD, "short", "short", "12 characters or more"),
        (PASSWORD, NEW, "something else", "id=\"again-error\""),
    ] {
        let fields = [("old", old), ("new", new), ("again", again)];
        let page = stage
            .submit(&ana, "/console/account/password", &fields)
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{complaint}");
        assert!(page.text.contains(complaint), "{}", page.text);
        assert!(!page.text.contains(NEW), "a password is never shown again");
    }
    assert_eq!(stage.visit(&ana, "/console").await.status, StatusCode::OK);
}
