//! What offices wish.

use super::delivering::{OTHER, TOKEN, accept, approved, claim, find};
use super::freezing::{compose, freeze, frozen};
use super::scene::Scene;
use crate::deliveries::{Delivery, DeliveryFilter};
use crate::office_wishes::{NewOfficeWish, OfficeWish, Said};
use chrono::Duration;
use redress_model::clock::FixedClock;
use redress_model::delivery::event::TaskKind;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::{DeliveryId, PetitionId, new_uuid};
use redress_model::office_wish::{Closure, LetterPace, Whither};

const MAYOR: &str = "3972000/mayor";

/// Says by the link of a letter how its office wishes to be written to; how many letters were suppressed.
pub(super) async fn wish(scene: &mut Scene, delivery: DeliveryId, said: Said) -> u64 {
    let new = NewOfficeWish {
        id: new_uuid(&FixedClock(scene.at), &mut scene.random),
        delivery_id: delivery,
        said,
        at: scene.at,
    };
    let wishes = &scene.store.office_wishes;
    wishes.record_office_wish(&new).await.expect("recorded")
}

fn ways(pace: LetterPace) -> Said {
    Said::Ways {
        pace,
        whither: match pace {
            LetterPace::Monthly => Whither::Clerk,
            LetterPace::AtThreshold | LetterPace::Weekly => Whither::Own,
        },
    }
}

pub(super) async fn close(scene: &mut Scene, delivery: DeliveryId, closure: Closure) -> u64 {
    wish(scene, delivery, Said::Closure(Some(closure))).await
}

async fn kept(scene: &Scene, petition: PetitionId) -> Option<OfficeWish> {
    let wishes = &scene.other.office_wishes;
    wishes
        .find_office_wish(petition, MAYOR)
        .await
        .expect("found")
}

/// A further batch, whose letter to the mayor goes to a person.
async fn next_letter(scene: &mut Scene, petition: PetitionId, person: &str, to: &str) -> Delivery {
    let email = format!("next{}@example.org", scene.below(u32::MAX));
    scene
        .sign_and_confirm(petition, &email, "zoe", "45001")
        .await;
    let mut batch = compose(scene, petition).await;
    batch.deliveries[0].addressee.person = Some(person.to_owned());
    batch.deliveries[0].addressee.email = Some(to.to_owned());
    freeze(scene, &batch).await.expect("frozen");
    find(scene, batch.deliveries[0].id).await
}

pub(super) async fn tasks(scene: &Scene, petition: PetitionId) -> Vec<TaskKind> {
    let events = &scene.store.events;
    let tasks = events.list_tasks(petition, true, None, 10).await;
    tasks.expect("listed").iter().map(|it| it.kind).collect()
}

/// The last word counts.
pub async fn a_wish_is_kept_in_the_place_of_the_last(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    assert_eq!(kept(scene, petition).await, None);
    wish(scene, id, ways(LetterPace::Weekly)).await;
    let first = kept(scene, petition).await.expect("kept");
    assert_eq!(
        (first.pace, first.whither, first.closure),
        (LetterPace::Weekly, Whither::Own, None)
    );
    assert_eq!(
        (first.title.as_str(), first.geoid.as_str()),
        ("Mayor", "3972000")
    );
    scene.wait(Duration::hours(1));
    wish(scene, id, ways(LetterPace::Monthly)).await;
    let last = kept(scene, petition).await.expect("kept");
    assert_eq!(
        (last.pace, last.whither, last.changed_at),
        (LetterPace::Monthly, Whither::Clerk, scene.at)
    );
    let wishes = &scene.store.office_wishes;
    let place = last.geoid.clone();
    let listed = wishes.list_office_wishes(petition, Some(&place)).await;
    assert_eq!(listed.expect("listed"), std::slice::from_ref(&last));
    let all = wishes.list_office_wishes(petition, None).await;
    assert_eq!(all.expect("listed"), [last]);
    assert_eq!(tasks(scene, petition).await, []);
}

/// Whatever has not left.
pub async fn no_letter_goes_to_an_office_that_wishes_for_none(scene: &mut Scene) {
    for (closure, kind) in [
        (Closure::Stopped, TaskKind::Stopped),
        (Closure::NotMyDistrict, TaskKind::NotMyDistrict),
        (Closure::LeftOffice, TaskKind::LeftOffice),
    ] {
        let (petition, id) = approved(scene).await;
        assert_eq!(find(scene, id).await.state, DeliveryState::Queued);
        assert_eq!(close(scene, id, closure).await, 1, "{closure}");
        assert_eq!(find(scene, id).await.state, DeliveryState::Suppressed);
        assert_eq!(tasks(scene, petition).await, [kind]);
        let closed = kept(scene, petition).await.expect("kept");
        assert_eq!(
            (closed.closure, closed.closed_at),
            (Some(closure), Some(scene.at))
        );
        // Said again, it is as it was.
        scene.wait(Duration::hours(1));
        assert_eq!(close(scene, id, closure).await, 0);
        let again = kept(scene, petition).await.expect("kept");
        assert_eq!(again.closed_at, closed.closed_at);
        assert_eq!(tasks(scene, petition).await, [kind]);

        let mayor = "MAYOR@springfield.example";
        let next = next_letter(scene, petition, "Another Name", mayor).await;
        assert_eq!(next.state, DeliveryState::Suppressed, "{closure}");
        let next = next_letter(scene, petition, "Maria Ruiz", "other@city.example").await;
        assert_eq!(next.state, DeliveryState::Suppressed, "{closure}");
        // Whoever holds the seat now asked for nothing.
        let next = next_letter(scene, petition, "Bo Diaz", "bo@city.example").await;
        assert_eq!(next.state, DeliveryState::Waiting, "{closure}");
    }
}

/// An office may change its mind; what was suppressed stays so.
pub async fn an_office_is_written_to_again_when_it_says_so(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    close(scene, id, Closure::Stopped).await;
    wish(scene, id, Said::Closure(None)).await;
    let open = kept(scene, petition).await.expect("kept");
    assert_eq!(
        (open.closure, open.closed_at, open.closed_person),
        (None, None, None)
    );
    assert_eq!(find(scene, id).await.state, DeliveryState::Suppressed);
    let next = next_letter(scene, petition, "Maria Ruiz", "mayor@springfield.example").await;
    assert_eq!(next.state, DeliveryState::Waiting);
}

/// Other offices and other petitions are none of its business, and what has left has left.
pub async fn a_closure_is_of_one_office_about_one_petition(scene: &mut Scene) {
    let (petition, sent) = approved(scene).await;
    accept(scene, sent).await;
    let (_, elsewhere) = approved(scene).await;
    assert_eq!(close(scene, sent, Closure::Stopped).await, 0);
    assert_eq!(find(scene, sent).await.state, DeliveryState::Accepted);
    assert_eq!(find(scene, elsewhere).await.state, DeliveryState::Queued);
    let deliveries = &scene.store.deliveries;
    let all = deliveries
        .list_deliveries(petition, DeliveryFilter::default(), None, 10)
        .await
        .expect("listed");
    let clerk = all.iter().find(|it| it.addressee.post_id != MAYOR);
    assert_eq!(clerk.expect("there").state, DeliveryState::NoContact);
}

/// Its mailer lets go of it; a mailer that has lost it cannot.
pub async fn a_letter_in_a_mailers_hands_is_suppressed_by_that_mailer_alone(scene: &mut Scene) {
    let (petition, batch) = frozen(scene, 1).await;
    let deed = scene.deed("delivery.approve");
    let batches = &scene.store.batches;
    batches
        .approve_batch(batch.batch.id, &deed)
        .await
        .expect("approved");
    let id = batch.deliveries[0].id;
    assert_eq!(claim(scene, TOKEN).await.len(), 1);
    assert_eq!(close(scene, id, Closure::Stopped).await, 0);
    assert_eq!(find(scene, id).await.state, DeliveryState::Leased);
    let wishes = scene.store.office_wishes.clone();
    let strange = wishes.suppress_claimed(id, OTHER, scene.at).await;
    assert!(!strange.expect("answered"));
    let own = wishes.suppress_claimed(id, TOKEN, scene.at).await;
    assert!(own.expect("answered"));
    assert_eq!(find(scene, id).await.state, DeliveryState::Suppressed);
    assert_eq!(claim(scene, TOKEN).await, []);
    let last = wishes.find_last_letter_about(petition, MAYOR).await;
    assert_eq!(last.expect("found"), None);
}

/// The pace counts from there.
pub async fn the_last_letter_about_a_petition_is_known(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    accept(scene, id).await;
    let sent_at = scene.at;
    scene.wait(Duration::days(2));
    let (other, _) = approved(scene).await;
    let wishes = &scene.store.office_wishes;
    let last = wishes.find_last_letter_about(petition, MAYOR).await;
    assert_eq!(last.expect("found"), Some(sent_at));
    let last = wishes.find_last_letter_about(other, MAYOR).await;
    assert_eq!(last.expect("found"), None);
}

/// Two forms of one desk, sent off at the same time: each changes what it speaks of, and neither undoes the other.
pub async fn how_letters_come_and_whether_do_not_undo_each_other(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    wish(scene, id, ways(LetterPace::Monthly)).await;
    close(scene, id, Closure::Stopped).await;
    let both = kept(scene, petition).await.expect("kept");
    assert_eq!(
        (both.pace, both.whither, both.closure),
        (LetterPace::Monthly, Whither::Clerk, Some(Closure::Stopped))
    );
    wish(scene, id, ways(LetterPace::Weekly)).await;
    let both = kept(scene, petition).await.expect("kept");
    assert_eq!(
        (both.pace, both.closure, both.closed_at),
        (LetterPace::Weekly, Some(Closure::Stopped), Some(scene.at))
    );
    wish(scene, id, Said::Closure(None)).await;
    let both = kept(scene, petition).await.expect("kept");
    assert_eq!((both.pace, both.closure), (LetterPace::Weekly, None));
}

/// Who sat there before has closed for themselves alone, whatever the next one says of the pace.
pub async fn a_new_holder_who_changes_the_pace_is_not_closed_by_the_last_one(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    close(scene, id, Closure::LeftOffice).await;
    let next = next_letter(scene, petition, "Bo Diaz", "bo@city.example").await;
    wish(scene, next.id, ways(LetterPace::Weekly)).await;
    let wish = kept(scene, petition).await.expect("kept");
    assert!(!wish.closes(Some("Bo Diaz"), Some("bo@city.example")));
    assert!(wish.closes(Some("Maria Ruiz"), None));
    let next = next_letter(scene, petition, "Bo Diaz", "bo@city.example").await;
    assert_eq!(next.state, DeliveryState::Waiting);
}

/// With a name to it.
pub async fn an_organizer_lifts_a_closure_once(scene: &mut Scene) {
    let (petition, id) = approved(scene).await;
    wish(scene, id, ways(LetterPace::Weekly)).await;
    let wishes = scene.store.office_wishes.clone();
    let deed = scene.deed("office.open");
    let lifted = wishes.lift_closure(petition, MAYOR, &deed).await;
    assert!(!lifted.expect("answered"), "it was open");
    close(scene, id, Closure::Stopped).await;
    let lifted = wishes.lift_closure(petition, MAYOR, &deed).await;
    assert!(lifted.expect("answered"));
    let open = kept(scene, petition).await.expect("kept");
    assert_eq!(
        (open.pace, open.closure, open.closed_at, open.closed_email),
        (LetterPace::Weekly, None, None, None)
    );
    assert_eq!(find(scene, id).await.state, DeliveryState::Suppressed);
    let entries = scene.store.audit.list_deeds(0, 100).await.expect("listed");
    let said = entries.iter().filter(|it| it.action == "office.open");
    assert_eq!(said.count(), 1);
    let next = next_letter(scene, petition, "Maria Ruiz", "mayor@springfield.example").await;
    assert_eq!(next.state, DeliveryState::Waiting);
}
