//! Governments, posts, people.

use super::scene::Scene;
use crate::officials::{Government, Listed};
use chrono::{DateTime, NaiveDate};
use redress_model::contact_state::{ContactRecord, ContactState};
use redress_model::directory::{Jurisdiction, Post, Stated, Tenure, Vacancy, Vintage, Who};
use redress_model::geoid::Geoid;
use redress_model::official::{Contact, Holder, Role, Seat};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A mayor with history, and a vacant ward.
pub(super) fn springfield(mayor: &str) -> Listed {
    let holder = Holder {
        name: mayor.to_owned(),
        person_id: Some("3972000~maria_ruiz".to_owned()),
        party: None,
        term_start: Some(day("2024-01-01")),
        term_end: Some(day("2027-12-31")),
        as_of: Some("2025".to_owned()),
        source: Some("https://springfield.example/council".to_owned()),
        contact: Contact {
            email: Some("mayor@springfield.example".to_owned()),
            checked_on: Some(day("2025-02-03")),
            ..Contact::default()
        },
        notes: vec![("phone".to_owned(), "555".to_owned())],
    };
    let tenure = |who, stated| Tenure {
        seat: 1,
        title: "Mayor".to_owned(),
        stated,
        vintage: Vintage {
            day: Some(day("2025-01-01")),
            file: 1,
        },
        who,
    };
    let post = |id: &str, role, seat, tenure| Post {
        id: id.to_owned(),
        role,
        title: "Mayor".to_owned(),
        seat,
        seats: 1,
        tenures: vec![tenure],
    };
    let posts = vec![
        post(
            "3972000/mayor",
            Role::Mayor,
            Seat::AtLarge,
            tenure(Who::Holder(holder), Stated::Nothing),
        ),
        post(
            "3972000/council_member/3",
            Role::CouncilMember,
            Seat::District("3".to_owned()),
            tenure(
                Who::Vacant(Vacancy::default()),
                Stated::District("3".to_owned()),
            ),
        ),
    ];
    Listed {
        geoid: "3972000".to_owned(),
        jurisdiction: Jurisdiction {
            name: Some("City of Springfield".to_owned()),
            state: Some("OH".to_owned()),
            time_zone: None,
            posts,
        },
    }
}

/// With every field and in order.
pub async fn a_directory_is_read_back_as_it_was_recorded(scene: &mut Scene) {
    let officials = &scene.store.officials;
    assert_eq!(officials.find_directory_revision().await.expect("read"), 0);
    let listed = springfield("Maria Ruiz");
    officials
        .record_directory(
            std::slice::from_ref(&listed),
            &scene.deed("officials.import"),
        )
        .await
        .expect("recorded");
    let directory = scene
        .other
        .officials
        .load_directory()
        .await
        .expect("loaded");
    assert_eq!(
        directory.jurisdiction("3972000"),
        Some(&listed.jurisdiction)
    );
    let geoid = Geoid::parse("3972000").expect("a GEOID");
    let found = officials.find_jurisdiction(&geoid).await.expect("found");
    assert_eq!(found, Some(listed.jurisdiction));
    assert_eq!(officials.find_directory_revision().await.expect("read"), 1);
}

/// Others stay as they are.
pub async fn a_government_recorded_again_takes_the_place_of_itself_alone(scene: &mut Scene) {
    let officials = &scene.store.officials;
    let mut other = springfield("Joan Okafor");
    "3915000".clone_into(&mut other.geoid);
    for post in &mut other.jurisdiction.posts {
        post.id = post.id.replace("3972000", "3915000");
    }
    let deed = scene.deed("officials.import");
    officials
        .record_directory(&[springfield("Maria Ruiz"), other.clone()], &deed)
        .await
        .expect("recorded");
    let mut later = springfield("Sam Lee");
    later.jurisdiction.posts.pop();
    officials
        .record_directory(std::slice::from_ref(&later), &deed)
        .await
        .expect("recorded");
    let directory = officials.load_directory().await.expect("loaded");
    assert_eq!(directory.jurisdiction("3972000"), Some(&later.jurisdiction));
    assert_eq!(directory.jurisdiction("3915000"), Some(&other.jurisdiction));
}

/// The later word on an address stays, under any number of lists.
pub async fn what_is_known_of_an_address_outlives_the_list(scene: &mut Scene) {
    let officials = &scene.store.officials;
    let at = |second| DateTime::from_timestamp(second, 0).expect("an instant");
    let record = |address: &str, state, second| ContactRecord {
        address: address.to_owned(),
        state,
        note: (state == ContactState::Bounced).then(|| "no such mailbox".to_owned()),
        since_at: at(second),
    };
    let mayor = "mayor@springfield.example";
    let both = [
        record("Mayor@springfield.example", ContactState::Bounced, 200),
        record("clerk@springfield.example", ContactState::Good, 100),
    ];
    officials.record_contacts(&both).await.expect("recorded");
    let older = record(mayor, ContactState::Good, 150);
    officials.record_contacts(&[older]).await.expect("recorded");
    let deed = scene.deed("officials.import");
    officials
        .record_directory(&[springfield("Maria Ruiz")], &deed)
        .await
        .expect("recorded");
    let named = [mayor.to_owned(), "nobody@springfield.example".to_owned()];
    let found = scene.other.officials.list_named_contacts(&named).await;
    let bounced = record(mayor, ContactState::Bounced, 200);
    assert_eq!(found.expect("listed"), std::slice::from_ref(&bounced));
    let first = officials.list_contacts(None, 1).await.expect("listed");
    assert_eq!(first[0].address, "clerk@springfield.example");
    let rest = officials.list_contacts(Some(&first[0].address), 9).await;
    assert_eq!(rest.expect("listed"), [bounced]);
}

/// By GEOID, page by page, the last word counts.
pub async fn governments_are_named_by_geoid(scene: &mut Scene) {
    let officials = &scene.store.officials;
    let named = |geoid: &str, name: &str| Government {
        geoid: Geoid::parse(geoid).expect("a GEOID"),
        name: name.to_owned(),
        state: "OH".to_owned(),
        ocd_id: None,
        point: Some((39.9, -83.8)),
    };
    let both = [
        named("3972000", "Springfeld"),
        named("39023", "Clark County"),
    ];
    officials.record_governments(&both).await.expect("recorded");
    let mended = named("3972000", "Springfield");
    officials
        .record_governments(std::slice::from_ref(&mended))
        .await
        .expect("recorded");
    let first = officials.list_governments(None, 1).await.expect("listed");
    assert_eq!(first, [both[1].clone()]);
    let second = officials
        .list_governments(Some(&first[0].geoid), 10)
        .await
        .expect("listed");
    assert_eq!(second, std::slice::from_ref(&mended));
    let found = officials
        .find_government(&mended.geoid)
        .await
        .expect("found");
    assert_eq!(found, Some(mended));
}
