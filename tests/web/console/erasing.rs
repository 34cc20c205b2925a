//! Somebody asks the organizers to be erased.

use super::office::Organizer;
use crate::stage::Stage;
use axum::http::StatusCode;
use redress_model::role::MemberRole::{self, Editor, Owner};
use redress_storage::mails::Mail;

fn path(mail: &Mail) -> String {
    format!(
        "/console/p/forbid-it/signatures/{}/erase",
        mail.signature_id
    )
}

async fn erase(stage: &Stage, who: &Organizer, mail: &Mail, what: &str) -> String {
    let fields = [("asked", "yes"), ("what", what)];
    let answer = stage.submit(who, &path(mail), &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.text
}

async fn erasures(stage: &Stage) -> Vec<String> {
    let deeds = stage.deeds().await.into_iter();
    deeds
        .filter(|deed| deed.starts_with("signature.erase"))
        .collect()
}

#[tokio::test]
async fn an_editor_erases_a_signature_for_good_and_the_log_names_nobody() {
    let mut stage = Stage::open().await;
    let mail = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    stage.sign_and_confirm("Ben Lee", "ben@example.org").await;
    let eva = stage.organizer(Editor).await;
    let list = stage
        .visit(&eva, "/console/p/forbid-it/signatures")
        .await
        .text;
    assert!(list.contains(&path(&mail)), "{list}");
    let page = stage.visit(&eva, &path(&mail)).await.text;
    assert!(
        page.contains("Erase Ana Ruiz?") && page.contains("counted no longer"),
        "{page}"
    );
    assert_eq!(stage.count().await, 2, "to look erases nothing");

    let done = erase(&stage, &eva, &mail, "one").await;
    assert!(done.contains("1 signature was erased."), "{done}");
    assert!(
        !done.contains("Ana Ruiz") && !done.contains("ana@example.org"),
        "{done}"
    );
    assert_eq!(stage.count().await, 1);
    let left = stage
        .store
        .signatures
        .find_signature(mail.signature_id)
        .await;
    assert_eq!(left.expect("read").expect("there").sealed, None);
    assert!(stage.recount().await.is_empty());
    let list = stage
        .visit(&eva, "/console/p/forbid-it/signatures")
        .await
        .text;
    assert!(
        !list.contains("Ana Ruiz") && !list.contains(&path(&mail)),
        "{list}"
    );

    let again = erase(&stage, &eva, &mail, "one").await;
    assert!(again.contains("It was erased before."), "{again}");
    let told = erasures(&stage).await;
    let expected = format!(
        "signature.erase forbid-it {{\"signatures\":[\"{}\"]}}",
        mail.signature_id
    );
    assert_eq!(told, [expected], "once, and nothing of the person");
}

#[tokio::test]
async fn nothing_is_erased_before_somebody_says_that_the_person_asked() {
    let mut stage = Stage::open().await;
    let mail = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let eva = stage.organizer(Editor).await;
    let answer = stage.submit(&eva, &path(&mail), &[("what", "one")]).await;
    assert!(
        answer.text.contains("Nothing was erased"),
        "{}",
        answer.text
    );
    let fields = [("asked", "yes"), ("what", "everything")];
    let answer = stage.submit(&eva, &path(&mail), &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!((stage.count().await, erasures(&stage).await.len()), (1, 0));
}

#[tokio::test]
async fn all_of_one_e_mail_go_together_and_no_others() {
    let mut stage = Stage::open().await;
    let first = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    stage.sign_and_confirm("Ben Ruiz", "ANA@example.org").await;
    stage.sign_and_confirm("Cleo Lee", "cleo@example.org").await;
    let olga = stage.organizer(Owner).await;
    let page = stage.visit(&olga, &path(&first)).await.text;
    assert!(page.contains("Erase all 2 of this e-mail"), "{page}");
    let done = erase(&stage, &olga, &first, "mailbox").await;
    assert!(done.contains("2 signatures were erased."), "{done}");
    assert_eq!(stage.count().await, 1);
    let again = erase(&stage, &olga, &first, "mailbox").await;
    assert!(again.contains("It was erased before."), "{again}");
    let list = stage
        .visit(&olga, "/console/p/forbid-it/signatures")
        .await
        .text;
    assert!(
        list.contains("Cleo Lee") && !list.contains("Ruiz"),
        "{list}"
    );
    assert!(stage.recount().await.is_empty());
    assert_eq!(erasures(&stage).await.len(), 1);
    // The mailbox is free again.
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    assert_eq!(stage.count().await, 2);
}

#[tokio::test]
async fn what_a_letter_holds_stays_counted_without_a_name() {
    let mut stage = Stage::open().await;
    stage.frozen().await;
    let eva = stage.organizer(Editor).await;
    let list = stage
        .visit(&eva, "/console/p/forbid-it/signatures")
        .await
        .text;
    let way = super::office::behind(&list, "<td><a href=\"").to_owned();
    let counted = stage.count().await;
    let page = stage.visit(&eva, &way).await.text;
    assert!(page.contains("It stays counted, without a name"), "{page}");
    let fields = [("asked", "yes"), ("what", "one")];
    let done = stage.submit(&eva, &way, &fields).await.text;
    assert!(
        done.contains("1 signature was erased.") && done.contains("stays counted"),
        "{done}"
    );
    assert_eq!(stage.count().await, counted);
    assert!(stage.recount().await.is_empty());
}

#[tokio::test]
async fn only_owners_and_editors_erase_and_only_what_is_their_petitions() {
    let mut stage = Stage::open().await;
    let mail = stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let open = redress_model::petition::state::PetitionState::Open;
    stage.petition("another", open).await;
    for &role in MemberRole::ALL {
        let member = stage.organizer(role).await;
        let may = matches!(role, Owner | Editor);
        let page = stage.visit(&member, &path(&mail)).await;
        assert_eq!(page.status == StatusCode::OK, may, "{role}");
        if !may {
            let fields = [("asked", "yes"), ("what", "one")];
            let refused = stage.submit(&member, &path(&mail), &fields).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}");
            continue;
        }
        for elsewhere in [
            path(&mail).replace("forbid-it", "another"),
            path(&mail).replace('0', "1"),
        ] {
            let fields = [("asked", "yes"), ("what", "one")];
            let refused = stage.submit(&member, &elsewhere, &fields).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{elsewhere}");
        }
    }
    assert_eq!(stage.count().await, 1);
}
