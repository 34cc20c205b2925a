//! Freezing a city, and what its letters say.

use crate::stage::{Signer, Stage, council, geoid, holder, post, sender, to};
use chrono::Duration;
use mail_parser::{MessageParser, MimeHeaders};
use redress_letters::list::verify::{Verification, verify};
use redress_mailer::freezing::{PreviewLetter, manifest_of};
use redress_mailer::testing::{Judge, Manner};
use redress_model::clock::Clock;
use redress_model::comment::CommentReview;
use redress_model::delivery::NoContactReason;
use redress_model::delivery::state::DeliveryState;
use redress_model::official::Role;
use redress_storage::signatures::{Wishes, Withdrawal};

#[tokio::test]
async fn a_batch_brings_everybody_who_signed_and_a_letter_or_a_reason_for_every_seat() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 3).await;
    stage.sign(petition, Signer::default()).await;
    let (mailer, _) = stage.outbox().await;

    assert_eq!(mailer.freeze_all(petition).await.unwrap(), [1]);

    let batch = &stage.batches(petition).await[0];
    assert_eq!(
        (batch.first, batch.last, batch.count, batch.total),
        (1, 3, 3, 3)
    );
    assert_eq!(batch.districts, [("1".to_owned(), 3)]);
    let mut deliveries = stage.deliveries(petition).await;
    deliveries.sort_by(|one, other| one.addressee.post_id.cmp(&other.addressee.post_id));
    let reasons: Vec<_> = deliveries
        .iter()
        .map(|letter| letter.addressee.no_contact)
        .collect();
    assert_eq!(reasons, [None, None, Some(NoContactReason::Vacant)]);
    assert_eq!(mailer.freeze_all(petition).await.unwrap(), [0_u32; 0]);
}

#[tokio::test]
async fn a_letter_its_list_and_its_manifest_agree() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    let private = Wishes {
        lists_name: false,
        ..Wishes::default()
    };
    let id = stage
        .sign(
            petition,
            Signer {
                wishes: private,
                ..Signer::default()
            },
        )
        .await;
    stage.confirm(id).await;
    let shares = Wishes {
        shares_comment: true,
        ..Wishes::default()
    };
    let open = Signer {
        name: "Bo Tran",
        district: "2",
        comment: Some("=Enough, \"really\"."),
        wishes: shares,
        ..Signer::default()
    };
    let id = stage.sign(petition, open).await;
    stage.confirm(id).await;
    stage.review(petition, &[id], CommentReview::Passed).await;
    let quiet = Signer {
        name: "Cy Dee",
        comment: Some("For nobody else."),
        ..Signer::default()
    };
    let id = stage.sign(petition, quiet).await;
    stage.confirm(id).await;
    // Passed or not: its signer keeps it.
    stage.review(petition, &[id], CommentReview::Passed).await;
    let (mailer, _) = stage.outbox().await;
    mailer.freeze(petition, &geoid()).await.unwrap();

    let letters = mailer.preview(petition).await.unwrap();

    let manifest = manifest_of("forbid-it", &stage.batches(petition).await[0]);
    assert_eq!((manifest.count, manifest.total, manifest.letter), (3, 3, 1));
    assert_eq!(letters.len(), 3);
    for letter in &letters {
        let message = MessageParser::default().parse(&letter.eml).unwrap();
        let list = message.attachment(0).unwrap();
        assert_eq!(verify(list.contents(), &manifest), Verification::Unchanged);
        assert_eq!(
            list.attachment_name(),
            Some("signers-forbid-it-batch-1.csv")
        );
        let page = message.attachment(1).unwrap();
        assert_eq!(page.attachment_name(), Some("letter-forbid-it-batch-1.pdf"));
        assert!(page.contents().starts_with(b"%PDF-"));
        let table = String::from_utf8(list.contents().to_vec()).unwrap();
        assert!(
            table.contains("1,name withheld,Springfield,80010,1,2026-03-04,confirmed,\r\n"),
            "{table}"
        );
        assert!(
            table.contains("2,Bo Tran,") && table.contains("'=Enough"),
            "{table}"
        );
        assert!(
            !table.contains("For nobody")
                && !table.contains("signer1@")
                && !table.contains("Main St")
        );
        let text = message.body_text(0).unwrap();
        assert!(text.contains("signers 1 to 3, 3 in all"), "{text}");
        assert!(text.contains("Open Doors Coalition") && text.contains("12 Elm Street"));
        assert_eq!(
            message.subject().unwrap().split(" of ").next(),
            Some("3 residents")
        );
    }
}

#[tokio::test]
async fn only_comments_that_a_reviewer_passed_are_printed_and_a_frozen_letter_stays() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    let said = [
        ("Ana Ruiz", "A passed word."),
        ("Bo Tran", "An unseen word."),
        ("Cy Dee", "A refused word."),
        ("Di Eng", "A word taken back."),
    ];
    let mut ids = Vec::new();
    for (name, comment) in said {
        let signer = Signer {
            name,
            comment: Some(comment),
            wishes: Wishes {
                shares_comment: true,
                ..Wishes::default()
            },
            ..Signer::default()
        };
        let id = stage.sign(petition, signer).await;
        stage.confirm(id).await;
        ids.push(id);
    }
    stage
        .review(petition, &[ids[0], ids[3]], CommentReview::Passed)
        .await;
    stage
        .review(petition, &[ids[2]], CommentReview::Refused)
        .await;
    stage
        .review(petition, &[ids[3]], CommentReview::Unseen)
        .await;
    let (mailer, _) = stage.outbox().await;

    let ahead = mailer.preview(petition).await.unwrap();
    mailer.freeze(petition, &geoid()).await.unwrap();
    let frozen = mailer.preview(petition).await.unwrap();

    assert_eq!((ahead.len(), frozen.len()), (3, 3));
    for letter in ahead.iter().chain(&frozen) {
        let message = MessageParser::default().parse(&letter.eml).unwrap();
        let list = message.attachment(0).unwrap().contents().to_vec();
        let list = String::from_utf8(list).unwrap();
        let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
        for told in [&*list, &*text, &*html] {
            assert!(told.contains("A passed word."), "{told}");
            for (_, other) in &said[1..] {
                assert!(!told.contains(other), "{told}");
            }
        }
        assert!(
            list.contains("Bo Tran") && list.contains("Cy Dee"),
            "{list}"
        );
    }

    // What is decided afterwards changes nothing that is frozen.
    stage
        .review(petition, &[ids[1], ids[2]], CommentReview::Passed)
        .await;
    stage
        .review(petition, &[ids[0]], CommentReview::Refused)
        .await;
    let bytes = |letters: &[PreviewLetter]| -> Vec<Vec<u8>> {
        letters.iter().map(|letter| letter.eml.clone()).collect()
    };
    let later = mailer.preview(petition).await.unwrap();
    assert_eq!(bytes(&later), bytes(&frozen));
}

#[tokio::test]
async fn a_page_is_left_out_where_that_is_set_and_a_frozen_letter_keeps_what_it_has() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 2).await;
    let (with, _) = stage.outbox().await;
    let judge = Judge::open(Manner::default()).unwrap();
    let without = stage
        .mailer_with(to(&judge), |settings| {
            settings.attach_printed_letter = false;
        })
        .await;
    let files = |letters: &[PreviewLetter]| -> Vec<usize> {
        let parser = MessageParser::default();
        let parsed = letters.iter().map(|it| parser.parse(&it.eml).unwrap());
        parsed.map(|it| it.attachment_count()).collect()
    };
    assert_eq!(files(&without.preview(petition).await.unwrap()), [1, 1, 1]);

    with.freeze(petition, &geoid()).await.unwrap();

    assert_eq!(files(&without.preview(petition).await.unwrap()), [2, 2, 2]);
}

#[tokio::test]
async fn the_second_letter_counts_on_answers_the_first_and_takes_back_who_withdrew() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    let first = stage.crowd(petition, 3).await;
    let (mailer, _) = stage.outbox().await;
    mailer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    mailer.drain_letters().await.unwrap();
    stage.clock.wait(Duration::days(1));
    let withdrawal = Withdrawal {
        id: first[1],
        at: stage.clock.now(),
    };
    stage
        .store
        .signatures
        .withdraw(&[withdrawal])
        .await
        .unwrap();
    stage.crowd(petition, 2).await;

    mailer.freeze_all(petition).await.unwrap();

    let batches = stage.batches(petition).await;
    let batch = &batches[1];
    assert_eq!(
        (
            batch.letter,
            batch.first,
            batch.last,
            batch.count,
            batch.total
        ),
        (2, 4, 5, 2, 4)
    );
    let rows = stage.store.batches.list_batch_rows(batch.id).await.unwrap();
    let numbers: Vec<_> = rows
        .iter()
        .map(|row| (row.number, row.is_correction))
        .collect();
    assert_eq!(numbers, [(4, false), (5, false), (2, true)]);
    let letters = mailer.preview(petition).await.unwrap();
    let letter = letters
        .iter()
        .find(|letter| letter.batch == 2 && letter.recipient.is_ok())
        .unwrap();
    let message = MessageParser::default().parse(&letter.eml).unwrap();
    let text = message.body_text(0).unwrap();
    assert!(text.contains("signers 4 to 5, 4 in all"), "{text}");
    assert!(text.contains("4 residents of Springfield"), "{text}");
    let thread = stage
        .store
        .deliveries
        .list_thread(petition, &letter.post)
        .await
        .unwrap();
    let earlier = thread[0].envelope.as_ref().unwrap().message_id.clone();
    assert_eq!(
        message.in_reply_to().as_text(),
        Some(earlier.trim_matches(['<', '>']))
    );
    let list = message.attachment(0).unwrap();
    assert_eq!(
        verify(list.contents(), &manifest_of("forbid-it", batch)),
        Verification::Unchanged
    );
}

#[tokio::test]
async fn a_preview_writes_nothing_and_shows_what_a_freeze_would_make() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 2).await;
    let (mailer, _) = stage.outbox().await;

    let letters = mailer.preview(petition).await.unwrap();

    let whom: Vec<_> = letters
        .iter()
        .map(|letter| letter.recipient.clone())
        .collect();
    assert_eq!(
        whom,
        [
            Ok("mayor@city.example".to_owned()),
            Ok("ward1@council.example".to_owned()),
            Err(NoContactReason::Vacant)
        ]
    );
    assert!(
        stage.batches(petition).await.is_empty() && stage.deliveries(petition).await.is_empty()
    );
}

#[tokio::test]
async fn a_seat_that_is_filled_gets_the_letter_that_waited_for_it() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 2).await;
    let (mailer, _) = stage.outbox().await;
    mailer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    assert_eq!(mailer.refresh_contacts(petition).await.unwrap(), 0);
    let mut posts = council();
    let new = holder("Dee Novak", Some("ward2@council.example"));
    posts[2] = post(
        "ward/2",
        Role::CouncilMember,
        "Council Member, Ward 2",
        "2",
        new,
    );
    stage.seat(posts).await;

    assert_eq!(mailer.refresh_contacts(petition).await.unwrap(), 1);

    let letters = mailer.preview(petition).await.unwrap();
    let letter = letters
        .iter()
        .find(|letter| letter.post.ends_with("ward/2"))
        .unwrap();
    let message = MessageParser::default().parse(&letter.eml).unwrap();
    assert!(
        message
            .body_text(0)
            .unwrap()
            .contains("Dear Council Member Novak,")
    );
    let carried = mailer.drain_letters().await.unwrap();
    assert_eq!(carried.count(DeliveryState::Accepted), 3);
    assert_eq!(mailer.refresh_contacts(petition).await.unwrap(), 0);
}

#[tokio::test]
async fn a_letter_frozen_before_the_sender_was_named_leaves_with_the_name() {
    let mut stage = Stage::open().await;
    let petition = stage
        .petition_with("forbid-it", |terms| terms.sender = None)
        .await;
    stage.crowd(petition, 1).await;
    let (mailer, new) = stage.outbox().await;
    mailer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    let carried = mailer.drain_letters().await.unwrap();
    assert_eq!(
        (
            carried.count(DeliveryState::Held),
            carried.count(DeliveryState::Accepted)
        ),
        (2, 0)
    );
    let mut terms = stage
        .store
        .petitions
        .find_petition(petition)
        .await
        .unwrap()
        .unwrap()
        .terms;
    terms.sender = Some(sender());
    stage
        .store
        .petitions
        .record_terms(petition, &terms, &stage.deed("petition.terms"))
        .await
        .unwrap();
    for delivery in stage.deliveries(petition).await {
        if delivery.state == DeliveryState::Held {
            let deed = stage.deed("delivery.release");
            let (from, to) = (DeliveryState::Held, DeliveryState::Queued);
            stage
                .store
                .deliveries
                .decide_delivery(delivery.id, from, to, None, &deed)
                .await
                .unwrap();
        }
    }

    let carried = mailer.drain_letters().await.unwrap();

    assert_eq!(carried.count(DeliveryState::Accepted), 2);
    for file in std::fs::read_dir(new).unwrap() {
        let letter = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(
            letter.contains("Open Doors Coalition") && !letter.contains("not named yet"),
            "{letter}"
        );
    }
}

#[tokio::test]
async fn autopilot_approves_and_a_threshold_waits() {
    let mut stage = Stage::open().await;
    let petition = stage
        .petition_with("forbid-it", |terms| {
            terms.is_on_autopilot = true;
            terms.threshold = 3;
        })
        .await;
    let (mailer, _) = stage.outbox().await;
    stage.crowd(petition, 2).await;
    assert!(mailer.freeze_due(petition).await.unwrap().is_empty());
    stage.crowd(petition, 1).await;

    assert_eq!(mailer.freeze_due(petition).await.unwrap(), [1]);

    assert_eq!(stage.states(petition).await[0], DeliveryState::Queued);
}

#[tokio::test]
async fn what_an_organizer_asked_for_is_frozen_once() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 1).await;
    let deed = stage.deed("batch.request");
    stage
        .store
        .batches
        .request_freeze(petition, None, &deed)
        .await
        .unwrap();
    let (mailer, _) = stage.outbox().await;

    assert_eq!(mailer.serve_requests().await.unwrap(), [(petition, 1)]);

    assert!(mailer.serve_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn two_who_freeze_at_once_bring_everybody_once() {
    let mut stage = Stage::open().await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 20).await;
    let (one, _) = stage.outbox().await;
    let (other, _) = stage.outbox().await;

    let (one, other) = tokio::join!(one.freeze_all(petition), other.freeze_all(petition));

    assert_eq!(one.unwrap().len() + other.unwrap().len(), 1);
    let batches = stage.batches(petition).await;
    assert_eq!((batches.len(), batches[0].count), (1, 20));
    assert_eq!(stage.deliveries(petition).await.len(), 3);
}
