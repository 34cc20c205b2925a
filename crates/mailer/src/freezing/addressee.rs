//! To whom the letters of a batch go: every seat that the petition addresses, whoever sits in it today.

use chrono::NaiveDate;
use redress_model::delivery::NoContactReason;
use redress_model::directory::{Jurisdiction, Sitting};
use redress_model::email::Email;
use redress_model::geoid::Geoid;
use redress_model::official::{Holder, Role, Seat};
use redress_model::petition::Target;
use redress_storage::deliveries::Addressee;
use std::collections::BTreeSet;

/// The seats that a petition's letters go to on a day, in the directory's order. A person in two of the seats, as a mayor is
/// whom the council has chosen, gets one letter: that of the first seat with an address. Where no list names any such seat, the offices stand there without a contact, so that what nobody
/// gets is seen.
pub(super) fn addressees(
    jurisdiction: Option<&Jurisdiction>,
    geoid: &Geoid,
    targets: &[Target],
    on: NaiveDate,
) -> Vec<Addressee> {
    let roles: BTreeSet<Role> = targets.iter().map(|target| role_of(*target)).collect();
    let mut posts = BTreeSet::new();
    let mut found: Vec<(Option<&Holder>, Addressee)> = Vec::new();
    let sittings = jurisdiction
        .into_iter()
        .flat_map(|jurisdiction| jurisdiction.sittings(on));
    for sitting in sittings.filter(|sitting| roles.contains(&sitting.post.role)) {
        let addressee = addressee(&sitting);
        if !posts.insert(addressee.post_id.clone()) {
            continue;
        }
        let holder = sitting.holder().filter(|_| !sitting.has_ended);
        let same = found.iter_mut().find(|(known, _)| match (known, holder) {
            (Some(known), Some(holder)) => are_one(known, holder),
            _ => false,
        });
        match same {
            Some((_, first)) if first.email.is_none() && addressee.email.is_some() => {
                *first = addressee;
            }
            Some(_) => {}
            None => found.push((holder, addressee)),
        }
    }
    let found: Vec<Addressee> = found.into_iter().map(|(_, addressee)| addressee).collect();
    if found.is_empty() {
        return roles
            .into_iter()
            .map(|role| unknown_office(geoid, role))
            .collect();
    }
    found
}

/// Whether two seats have one person: by the ids that the directory gives, and where one has none by name and address.
fn are_one(one: &Holder, other: &Holder) -> bool {
    if one.person_id.is_some() && other.person_id.is_some() {
        return one.person_id == other.person_id;
    }
    let email = |holder: &Holder| {
        let email = usable(holder.contact.email.as_deref());
        email.map(|email| email.to_lowercase())
    };
    email(one).is_some() && email(one) == email(other) && one.is_same_person(other)
}

/// The seat on a day: the holder, or the office with the reason why nothing can be sent. Somebody whose term is over is never
/// written to.
pub(super) fn addressee(sitting: &Sitting<'_>) -> Addressee {
    let holder = sitting.holder().filter(|_| !sitting.has_ended);
    let email = match holder {
        Some(holder) => usable(holder.contact.email.as_deref()),
        None => None,
    };
    let no_contact = match (holder, &email) {
        (Some(_), Some(_)) => None,
        (Some(_), None) => Some(NoContactReason::NoEmail),
        (None, _) if sitting.is_vacant() => Some(NoContactReason::Vacant),
        (None, _) if sitting.has_ended => Some(NoContactReason::TermEnded),
        (None, _) => Some(NoContactReason::HolderUnknown),
    };
    let title = sitting
        .tenure
        .filter(|_| holder.is_some())
        .map_or(&sitting.post.title, |tenure| &tenure.title);
    Addressee {
        post_id: sitting.id.clone(),
        role: sitting.post.role,
        title: title.clone(),
        district: match &sitting.post.seat {
            Seat::District(label) => Some(label.clone()),
            Seat::AtLarge | Seat::Unknown => None,
        },
        person: holder.map(|holder| holder.name.clone()),
        email,
        no_contact,
    }
}

/// The seat of today that a delivery without a contact was meant for: the same one, or the only one of its role and
/// district.
pub(super) fn successor(
    jurisdiction: &Jurisdiction,
    was: &Addressee,
    on: NaiveDate,
) -> Option<Addressee> {
    let all: Vec<Addressee> = jurisdiction
        .sittings(on)
        .map(|sitting| addressee(&sitting))
        .collect();
    if let Some(same) = all.iter().find(|seat| seat.post_id == was.post_id) {
        return Some(same.clone());
    }
    let mut alike = all
        .into_iter()
        .filter(|seat| seat.role == was.role && seat.district == was.district);
    alike.next().filter(|_| alike.next().is_none())
}

fn role_of(target: Target) -> Role {
    match target {
        Target::Mayor => Role::Mayor,
        Target::CouncilMember => Role::CouncilMember,
        Target::Clerk => Role::Clerk,
    }
}

fn unknown_office(geoid: &Geoid, role: Role) -> Addressee {
    let title = match role {
        Role::Mayor => "Mayor",
        Role::CouncilMember => "City Council",
        Role::Clerk => "Clerk",
        Role::Officer => "Officer",
    };
    Addressee {
        post_id: format!("{geoid}/{}", role.as_str()),
        role,
        title: title.to_owned(),
        district: None,
        person: None,
        email: None,
        no_contact: Some(NoContactReason::HolderUnknown),
    }
}

/// The address as it can be written to; none where a list holds something else.
fn usable(email: Option<&str>) -> Option<String> {
    Email::parse(email?)
        .ok()
        .map(|email| email.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use redress_model::directory::{Post, Stated, Tenure, Vacancy, Vintage, Who};
    use redress_model::official::Contact;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn holder(name: &str, email: Option<&str>, end: Option<&str>) -> Who {
        Who::Holder(Holder {
            name: name.into(),
            person_id: None,
            party: None,
            term_start: Some(day("2022-01-01")),
            term_end: end.map(day),
            as_of: None,
            source: None,
            contact: Contact {
                email: email.map(Into::into),
                ..Contact::default()
            },
            notes: Vec::new(),
        })
    }

    fn post(id: &str, role: Role, seat: Seat, who: Who) -> Post {
        let tenure = Tenure {
            seat: 1,
            title: "Member".into(),
            stated: Stated::Nothing,
            vintage: Vintage { day: None, file: 0 },
            who,
        };
        Post {
            id: id.into(),
            role,
            title: "Member".into(),
            seat,
            seats: 1,
            tenures: vec![tenure],
        }
    }

    fn letters_to(posts: Vec<Post>) -> Vec<Addressee> {
        let jurisdiction = Jurisdiction {
            posts,
            ..Jurisdiction::default()
        };
        let targets = [Target::Mayor, Target::CouncilMember];
        addressees(
            Some(&jurisdiction),
            &Geoid::parse("0804000").unwrap(),
            &targets,
            day("2026-03-04"),
        )
    }

    #[test]
    fn each_seat_has_its_letter_or_its_reason_and_a_former_holder_neither() {
        let ward = |label: &str| Seat::District(label.into());
        let found = letters_to(vec![
            post(
                "m",
                Role::Mayor,
                Seat::AtLarge,
                holder("Ana Ruiz", Some("mayor@city.example"), None),
            ),
            post(
                "1",
                Role::CouncilMember,
                ward("1"),
                holder("Bo Old", Some("bo@city.example"), Some("2025-12-31")),
            ),
            post(
                "2",
                Role::CouncilMember,
                ward("2"),
                Who::Vacant(Vacancy::default()),
            ),
            post(
                "3",
                Role::CouncilMember,
                Seat::Unknown,
                holder("Cy Dee", Some("no address"), None),
            ),
            post(
                "4",
                Role::Clerk,
                Seat::AtLarge,
                holder("Di Clerk", Some("clerk@city.example"), None),
            ),
        ]);
        let seen: Vec<_> = found
            .iter()
            .map(|seat| {
                (
                    seat.person.as_deref(),
                    seat.email.as_deref(),
                    seat.no_contact,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (Some("Ana Ruiz"), Some("mayor@city.example"), None),
                (None, None, Some(NoContactReason::TermEnded)),
                (None, None, Some(NoContactReason::Vacant)),
                (Some("Cy Dee"), None, Some(NoContactReason::NoEmail)),
            ]
        );
    }

    #[test]
    fn one_person_in_two_seats_gets_one_letter_and_two_people_at_one_address_get_two() {
        let found = letters_to(vec![
            post(
                "m",
                Role::Mayor,
                Seat::AtLarge,
                holder("Ana Ruiz", Some("Council@city.example"), None),
            ),
            post(
                "1",
                Role::CouncilMember,
                Seat::AtLarge,
                holder("ana ruiz", Some("council@city.example"), None),
            ),
            post(
                "2",
                Role::CouncilMember,
                Seat::AtLarge,
                holder("Bo Diaz", Some("council@city.example"), None),
            ),
        ]);
        let posts: Vec<_> = found.iter().map(|seat| seat.post_id.as_str()).collect();
        assert_eq!(posts, ["m", "2"]);
    }

    #[test]
    fn a_mayor_whom_the_council_has_chosen_gets_one_letter_whatever_the_addresses() {
        let seat = |id: &str, role, name: &str, email, person: &str| {
            let mut who = holder(name, email, None);
            if let Who::Holder(holder) = &mut who {
                holder.person_id = Some(person.into());
            }
            post(id, role, Seat::AtLarge, who)
        };
        let member = Role::CouncilMember;
        let found = letters_to(vec![
            seat("m", Role::Mayor, "Ana Ruiz", None, "p1"),
            seat("1", member, "Ruiz, Ana M.", Some("ana@city.example"), "p1"),
            seat("2", member, "Ana Ruiz", Some("ana@city.example"), "p2"),
        ]);
        let posts: Vec<_> = found.iter().map(|seat| seat.post_id.as_str()).collect();
        assert_eq!(posts, ["1", "2"]);
    }

    #[test]
    fn a_city_that_no_list_knows_shows_whom_nobody_reaches() {
        let found = letters_to(Vec::new());
        assert_eq!(found.len(), 2);
        assert!(
            found
                .iter()
                .all(|seat| seat.no_contact == Some(NoContactReason::HolderUnknown))
        );
    }

    #[test]
    fn a_seat_is_found_again_under_another_id_only_when_it_is_the_only_one() {
        let was = Addressee {
            post_id: "gone".into(),
            role: Role::CouncilMember,
            title: "Member".into(),
            district: Some("1".into()),
            person: None,
            email: None,
            no_contact: Some(NoContactReason::Vacant),
        };
        let seat = |id: &str| {
            let who = holder("Ana Ruiz", Some("a@city.example"), None);
            post(id, Role::CouncilMember, Seat::District("1".into()), who)
        };
        let one = Jurisdiction {
            posts: vec![seat("a")],
            ..Jurisdiction::default()
        };
        let two = Jurisdiction {
            posts: vec![seat("a"), seat("b")],
            ..Jurisdiction::default()
        };
        let on = day("2026-03-04");
        assert_eq!(successor(&one, &was, on).unwrap().post_id, "a");
        assert_eq!(successor(&two, &was, on), None);
    }
}
