//! What offices say.

use super::delivering::{accept, approved};
use super::freezing::{compose, freeze};
use super::returning::heard;
use super::scene::{Scene, city};
use crate::mails::{Mail, MailKind};
use crate::responses::{MOST_A_DAY, NewResponse, Response, ResponseFilter, ResponseOutcome};
use crate::signatures::Wishes;
use crate::{Constraint, StorageError, StorageResult};
use chrono::Duration;
use redress_model::clock::FixedClock;
use redress_model::delivery::event::{EventKind, TaskKind};
use redress_model::id::{DeliveryId, PetitionId, ResponseId, SignatureId};
use redress_model::response::{Position, ResponseState, ResponseText, TRANSITIONS};

use ResponseState::{Declined, Published, Replaced, Waiting};

fn said(scene: &mut Scene, delivery: DeliveryId, position: Position, text: &str) -> NewResponse {
    NewResponse {
        id: ResponseId::new(&FixedClock(scene.at), &mut scene.random),
        delivery_id: delivery,
        event_id: None,
        position,
        text: ResponseText::parse(text).expect("words"),
        responded_at: scene.at,
    }
}

/// The office says something at its desk.
async fn say(scene: &mut Scene, delivery: DeliveryId, text: &str) -> ResponseId {
    scene.wait(Duration::minutes(1));
    let new = said(scene, delivery, Position::UnderStudy, text);
    let outcome = scene.store.responses.record_response(&new).await;
    assert_eq!(outcome.expect("recorded"), ResponseOutcome::Recorded);
    new.id
}

async fn decide(
    scene: &Scene,
    petition: PetitionId,
    id: ResponseId,
    step: (ResponseState, ResponseState),
) -> StorageResult<()> {
    let deed = scene.deed("response.decide");
    let responses = &scene.store.responses;
    responses.decide_response(petition, id, step, &deed).await
}

async fn list(scene: &Scene, petition: PetitionId) -> Vec<Response> {
    let responses = &scene.other.responses;
    let all = responses.list_responses(petition, ResponseFilter::default(), 100);
    all.await.expect("listed")
}

async fn stand(scene: &Scene, petition: PetitionId) -> Vec<(String, ResponseState)> {
    let all = list(scene, petition).await.into_iter();
    all.map(|it| (it.text, it.state)).collect()
}

async fn open_tasks(scene: &Scene, petition: PetitionId) -> Vec<TaskKind> {
    let events = &scene.store.events;
    let tasks = events.list_tasks(petition, true, None, 10).await;
    tasks.expect("listed").iter().map(|it| it.kind).collect()
}

/// And an organizer is asked to look, once.
pub async fn the_last_answer_of_an_office_waits_and_the_others_stay_on_record(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    say(scene, id, "We will look.").await;
    let last = say(scene, id, "We looked.").await;
    // Sent twice by a nervous finger.
    let again = said(scene, id, Position::UnderStudy, "We looked.");
    let outcome = scene.store.responses.record_response(&again).await;
    assert_eq!(outcome.expect("recorded"), ResponseOutcome::Repeated);
    assert_eq!(
        stand(scene, petition).await,
        [
            ("We looked.".to_owned(), Waiting),
            ("We will look.".to_owned(), Replaced)
        ]
    );
    assert_eq!(open_tasks(scene, petition).await, [TaskKind::Response]);
    let found = scene.store.responses.find_response(last).await;
    let found = found.expect("found").expect("there");
    assert_eq!(
        (found.post_id.as_str(), found.official().as_str()),
        ("3972000/mayor", "Mayor Maria Ruiz")
    );
    assert_eq!((found.published_at, found.decided_at), (None, None));
}

/// Published in the place of what was, taken off, and put back.
pub async fn one_answer_of_an_office_is_shown(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    let first = say(scene, id, "First.").await;
    decide(scene, petition, first, (Waiting, Published))
        .await
        .expect("published");
    assert_eq!(open_tasks(scene, petition).await, []);
    // What is shown stays so while the next one waits.
    let second = say(scene, id, "Second.").await;
    assert_eq!(
        stand(scene, petition).await,
        [
            ("Second.".to_owned(), Waiting),
            ("First.".to_owned(), Published)
        ]
    );
    decide(scene, petition, second, (Waiting, Published))
        .await
        .expect("published");
    assert_eq!(
        stand(scene, petition).await,
        [
            ("Second.".to_owned(), Published),
            ("First.".to_owned(), Replaced)
        ]
    );
    let counts = scene.store.responses.count_positions(petition).await;
    assert_eq!(counts.expect("counted"), [(Position::UnderStudy, 1)]);
    let late = decide(scene, petition, second, (Waiting, Declined)).await;
    assert!(
        matches!(late, Err(StorageError::Stale("response"))),
        "{late:?}"
    );
    decide(scene, petition, second, (Published, Declined))
        .await
        .expect("taken off");
    let counts = scene.store.responses.count_positions(petition).await;
    assert_eq!(counts.expect("counted"), []);
    decide(scene, petition, second, (Declined, Published))
        .await
        .expect("put back");
    let illegal = decide(scene, petition, first, (Replaced, Published)).await;
    assert!(
        matches!(
            illegal,
            Err(StorageError::Refused(Constraint::ResponseTransition))
        ),
        "{illegal:?}"
    );
    assert_eq!(TRANSITIONS.len(), 6, "the table of the schema has as many");
}

/// An office has a link in each of its letters.
pub async fn what_an_office_says_by_another_letters_link_takes_the_place_too(scene: &mut Scene) {
    let (petition, first) = approved(scene).await;
    scene
        .sign_and_confirm(petition, "next@example.org", "bo", "45001")
        .await;
    let batch = compose(scene, petition).await;
    freeze(scene, &batch).await.expect("frozen");
    say(scene, first, "By the first.").await;
    let last = say(scene, batch.deliveries[0].id, "By the second.").await;
    assert_eq!(
        stand(scene, petition).await,
        [
            ("By the second.".to_owned(), Waiting),
            ("By the first.".to_owned(), Replaced)
        ]
    );
    decide(scene, petition, last, (Waiting, Declined))
        .await
        .expect("declined");
    assert_eq!(open_tasks(scene, petition).await, []);
}

/// Of one office; nobody could read more.
pub async fn an_office_answers_so_often_a_day(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    for number in 0..MOST_A_DAY {
        say(scene, id, &format!("Answer {number}.")).await;
    }
    let more = said(scene, id, Position::Oppose, "One more.");
    let outcome = scene.store.responses.record_response(&more).await;
    assert_eq!(outcome.expect("answered"), ResponseOutcome::TooMany);
    assert_eq!(list(scene, petition).await.len(), MOST_A_DAY as usize);
    scene.wait(Duration::days(1));
    say(scene, id, "The next day.").await;
}

/// Of whoever of two processes is faster.
pub async fn an_answer_by_mail_is_published_once(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    accept(scene, id).await;
    let event = heard(scene, id, EventKind::Reply);
    let recorded = scene.store.events.record_event(&event).await;
    recorded.expect("recorded");
    assert_eq!(open_tasks(scene, petition).await, [TaskKind::Reply]);
    let mut new = said(scene, id, Position::Support, "I am for it.");
    new.event_id = Some(event.id);
    let again = NewResponse {
        id: ResponseId::new(&FixedClock(scene.at), &mut scene.random),
        ..new.clone()
    };
    let deed = scene.deed("response.publish_reply");
    let (one, other) = tokio::join!(
        scene.store.responses.publish_reply(&new, &deed),
        scene.other.responses.publish_reply(&again, &deed)
    );
    let stale = [one, other]
        .into_iter()
        .filter(|done| matches!(done, Err(StorageError::Stale("answer"))))
        .count();
    assert_eq!(stale, 1);
    assert_eq!(open_tasks(scene, petition).await, []);
    assert_eq!(
        stand(scene, petition).await,
        [("I am for it.".to_owned(), Published)]
    );
    let counts = scene.store.responses.count_positions(petition).await;
    assert_eq!(counts.expect("counted"), [(Position::Support, 1)]);
}

async fn wish_for_news(scene: &Scene, id: SignatureId) {
    let wishes = Wishes {
        wants_updates: true,
        ..Wishes::default()
    };
    let kept = scene.store.signatures.record_wishes(id, wishes).await;
    assert!(kept.expect("kept"));
}

/// Tells everybody of everything, a few signatures at a time.
async fn tell(scene: &Scene) -> Vec<Mail> {
    let responses = &scene.store.responses;
    let mut queued = 0;
    while let Some(more) = responses.tell_signers(scene.at, 2).await.expect("told") {
        queued += more;
    }
    let mails = scene.take_mails().await;
    assert_eq!(mails.len() as u64, queued);
    mails
}

/// Those of the place who were counted before and wish for news; nobody else.
pub async fn signers_are_told_of_an_answer_once(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    let mut told = Vec::new();
    for number in 0..5 {
        let email = format!("told{number}@example.org");
        let signer = scene
            .sign_and_confirm(petition, &email, "bo", "45001")
            .await;
        wish_for_news(scene, signer).await;
        told.push(signer);
    }
    // No wish for news; another place; not confirmed; withdrawn.
    scene
        .sign_and_confirm(petition, "quiet@example.org", "cy", "45001")
        .await;
    let mut elsewhere = scene.signer(petition, "far@example.org", "di", "45002");
    elsewhere.location = city("3977000", "");
    let pending = scene.signer(petition, "pending@example.org", "ed", "45001");
    for new in [&elsewhere, &pending] {
        scene.sign(new).await;
        wish_for_news(scene, new.id).await;
    }
    scene.confirm(elsewhere.id).await;
    let gone = scene
        .sign_and_confirm(petition, "gone@example.org", "flo", "45001")
        .await;
    wish_for_news(scene, gone).await;
    let withdrawal = crate::signatures::Withdrawal {
        id: gone,
        at: scene.at,
    };
    scene
        .store
        .signatures
        .withdraw(&[withdrawal])
        .await
        .expect("withdrawn");
    scene.take_mails().await;
    assert_eq!(tell(scene).await, []);

    let response = say(scene, id, "Yes.").await;
    assert_eq!(tell(scene).await, [], "nobody has looked at it");
    decide(scene, petition, response, (Waiting, Published))
        .await
        .expect("published");
    // Whoever is counted after that reads it on the page.
    scene.wait(Duration::seconds(1));
    let late = scene
        .sign_and_confirm(petition, "late@example.org", "gus", "45001")
        .await;
    wish_for_news(scene, late).await;
    scene.take_mails().await;

    let mails = tell(scene).await;
    let mut signers: Vec<_> = mails.iter().map(|mail| mail.signature_id).collect();
    signers.sort();
    told.sort();
    assert_eq!(signers, told);
    for mail in &mails {
        assert_eq!(
            (mail.kind, mail.response_id),
            (MailKind::Response, Some(response))
        );
    }
    let found = scene.store.responses.find_response(response).await;
    assert!(found.expect("found").expect("there").told_at.is_some());

    // Taken off and put back: once told is told.
    decide(scene, petition, response, (Published, Declined))
        .await
        .expect("taken off");
    decide(scene, petition, response, (Declined, Published))
        .await
        .expect("put back");
    assert_eq!(tell(scene).await, []);
    // Another answer is another matter.
    let other = say(scene, id, "No, after all.").await;
    decide(scene, petition, other, (Waiting, Published))
        .await
        .expect("published");
    assert_eq!(tell(scene).await.len(), told.len() + 1);
}

/// Each tells some of them.
pub async fn two_processes_tell_each_signer_once(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    for number in 0..12 {
        let email = format!("told{number}@example.org");
        let signer = scene
            .sign_and_confirm(petition, &email, "bo", "45001")
            .await;
        wish_for_news(scene, signer).await;
    }
    scene.take_mails().await;
    let response = say(scene, id, "Yes.").await;
    decide(scene, petition, response, (Waiting, Published))
        .await
        .expect("published");
    let at = scene.at;
    let all = async |responses: &dyn crate::responses::Responses| {
        let mut queued = 0;
        while let Some(more) = responses.tell_signers(at, 3).await.expect("told") {
            queued += more;
        }
        queued
    };
    let (one, other) = tokio::join!(
        all(scene.store.responses.as_ref()),
        all(scene.other.responses.as_ref())
    );
    assert_eq!(one + other, 12);
    assert_eq!(scene.take_mails().await.len(), 12);
}

/// What a letter says of its office is what the answer says.
pub async fn an_answer_of_no_letter_is_not_kept(scene: &mut Scene) {
    let nobody = DeliveryId::new(&FixedClock(scene.at), &mut scene.random);
    let new = said(scene, nobody, Position::Support, "Yes.");
    let refused = scene.store.responses.record_response(&new).await;
    assert!(
        matches!(refused, Err(StorageError::Missing("delivery"))),
        "{refused:?}"
    );
}
