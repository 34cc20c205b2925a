//! What offices wish of letters that are being written: to the clerk instead, or one to the whole body by way of the clerk.

use super::addressee::addressee;
use chrono::NaiveDate;
use redress_model::directory::Jurisdiction;
use redress_model::office_wish::Whither;
use redress_model::official::Role;
use redress_storage::deliveries::Addressee;
use redress_storage::office_wishes::OfficeWish;

/// The most whom the address of a letter to the whole body names.
const MOST_NAMES: usize = 6;

/// A seat that is written to, and what stands beside the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wished {
    /// The seat; where its office wishes so, with the clerk's address.
    pub(super) seat: Addressee,
    /// `City Clerk, for Elena Ruiz`, where the clerk is to hand the letter on.
    pub(super) to_name: Option<String>,
    /// Whether it gets one letter with others. Its own is written too, for when that is taken apart.
    pub(super) is_joint: bool,
    /// Ids of the earlier letters to it, oldest first; filled in by whoever knows them.
    pub(super) references: Vec<String>,
}

/// All seats of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heeded {
    /// In the directory's order; the first that is in the letter to the whole body carries it.
    pub(super) seats: Vec<Wished>,
    /// What stands beside the clerk's address in the letter to the whole body; `None` where there is none.
    pub(super) together: Option<String>,
}

/// The seats as their offices wish to be written to. Where no clerk with an address is known on the day, or the seat is the clerk's own,
/// the letter goes where it would have gone. One alone that wishes for a letter to the whole body has its own, to the clerk.
pub(super) fn heeded(
    seats: Vec<Addressee>,
    wishes: &[OfficeWish],
    jurisdiction: Option<&Jurisdiction>,
    on: NaiveDate,
) -> Heeded {
    let clerk = jurisdiction
        .into_iter()
        .flat_map(|jurisdiction| jurisdiction.sittings(on))
        .filter(|sitting| sitting.post.role == Role::Clerk)
        .map(|sitting| addressee(&sitting))
        .find(|clerk| clerk.no_contact.is_none());
    let mut seats: Vec<Wished> = seats
        .into_iter()
        .map(|seat| heed(seat, wishes, clerk.as_ref()))
        .collect();
    let joint = seats.iter().filter(|wished| wished.is_joint).count();
    let together = clerk
        .filter(|_| joint > 1)
        .map(|clerk| named_together(&clerk, &seats));
    if together.is_none() {
        for wished in &mut seats {
            wished.is_joint = false;
        }
    }
    Heeded { seats, together }
}

fn heed(seat: Addressee, wishes: &[OfficeWish], clerk: Option<&Addressee>) -> Wished {
    let wish = wishes.iter().find(|wish| wish.post_id == seat.post_id);
    let closes =
        |wish: &OfficeWish, email: Option<&str>| wish.closes(seat.person.as_deref(), email);
    // One that has closed is suppressed with its batch, at the address by which it closed.
    let by_clerk = wish
        .filter(|wish| wish.whither.is_by_clerk() && !closes(wish, seat.email.as_deref()))
        .zip(clerk)
        .filter(|(_, clerk)| seat.role != clerk.role);
    let Some((wish, clerk)) = by_clerk else {
        return Wished {
            seat,
            to_name: None,
            is_joint: false,
            references: Vec::new(),
        };
    };
    Wished {
        to_name: Some(format!("{}, for {}", clerk.title, official(&seat))),
        is_joint: wish.whither == Whither::WholeBody && !closes(wish, clerk.email.as_deref()),
        references: Vec::new(),
        seat: Addressee {
            email: clerk.email.clone(),
            no_contact: None,
            ..seat
        },
    }
}

/// Who sits, or what the seat is called.
fn official(seat: &Addressee) -> &str {
    seat.person.as_ref().unwrap_or(&seat.title)
}

/// `City Clerk, for the whole body: Elena Ruiz, Bo Diaz and Ana Lee`; without `the whole body` where it is only some of it.
fn named_together(clerk: &Addressee, seats: &[Wished]) -> String {
    let joint = seats.iter().filter(|wished| wished.is_joint);
    let names: Vec<&str> = joint.map(|wished| official(&wished.seat)).collect();
    let is_whole = seats
        .iter()
        .all(|wished| wished.is_joint || wished.seat.role == Role::Clerk);
    let in_words = match names.split_last() {
        Some((last, first)) if names.len() <= MOST_NAMES => {
            Some(format!("{} and {last}", first.join(", ")))
        }
        _ => None,
    };
    let whom = match (is_whole, in_words) {
        (true, Some(in_words)) => format!("the whole body: {in_words}"),
        (true, None) => "the whole body".to_owned(),
        (false, Some(in_words)) => in_words,
        (false, None) => format!("{} offices", names.len()),
    };
    format!("{}, for {whom}", clerk.title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use redress_model::delivery::NoContactReason;
    use redress_model::directory::{Post, Stated, Tenure, Vintage, Who};
    use redress_model::geoid::Geoid;
    use redress_model::id::PetitionId;
    use redress_model::office_wish::{Closure, LetterPace};
    use redress_model::official::{Contact, Holder, Seat};
    use uuid::Uuid;

    fn clerk(email: Option<&str>) -> Jurisdiction {
        let who = Who::Holder(Holder {
            name: "Di Clerk".into(),
            person_id: None,
            party: None,
            term_start: None,
            term_end: None,
            as_of: None,
            source: None,
            contact: Contact {
                email: email.map(Into::into),
                ..Contact::default()
            },
            notes: Vec::new(),
        });
        let post = Post {
            id: "c".into(),
            role: Role::Clerk,
            title: "City Clerk".into(),
            seat: Seat::AtLarge,
            seats: 1,
            tenures: vec![Tenure {
                seat: 1,
                title: "City Clerk".into(),
                stated: Stated::Nothing,
                vintage: Vintage { day: None, file: 0 },
                who,
            }],
        };
        Jurisdiction {
            posts: vec![post],
            ..Jurisdiction::default()
        }
    }

    fn known() -> Jurisdiction {
        clerk(Some("clerk@city.example"))
    }

    fn mayor() -> Addressee {
        Addressee {
            post_id: "m".into(),
            role: Role::Mayor,
            title: "Mayor".into(),
            district: None,
            person: Some("Ana Ruiz".into()),
            email: None,
            no_contact: Some(NoContactReason::NoEmail),
        }
    }

    fn member(post: &str, person: Option<&str>) -> Addressee {
        Addressee {
            post_id: post.into(),
            role: Role::CouncilMember,
            title: format!("Council Member, Ward {post}"),
            district: Some(post.into()),
            person: person.map(Into::into),
            email: person.map(|_| format!("{post}@council.example")),
            no_contact: person.is_none().then_some(NoContactReason::Vacant),
        }
    }

    fn wish(post: &str, whither: Whither) -> OfficeWish {
        OfficeWish {
            petition_id: PetitionId(Uuid::nil()),
            post_id: post.into(),
            geoid: Geoid::parse("0804000").unwrap(),
            title: "Mayor".into(),
            district: None,
            pace: LetterPace::AtThreshold,
            whither,
            closure: None,
            closed_at: None,
            closed_person: None,
            closed_email: None,
            changed_at: "2026-03-04T00:00:00Z".parse().unwrap(),
        }
    }

    fn heed_all(
        seats: Vec<Addressee>,
        wishes: &[OfficeWish],
        jurisdiction: &Jurisdiction,
    ) -> Heeded {
        let on = "2026-03-04".parse().unwrap();
        heeded(seats, wishes, Some(jurisdiction), on)
    }

    fn whither(wishes: &[OfficeWish], clerk: &Jurisdiction) -> (Option<String>, Option<String>) {
        let heeded = heed_all(vec![mayor()], wishes, clerk);
        assert_eq!(heeded.together, None);
        let first = &heeded.seats[0];
        assert_eq!((first.seat.post_id.as_str(), first.is_joint), ("m", false));
        (first.seat.email.clone(), first.to_name.clone())
    }

    /// The posts that are in the letter to the whole body.
    fn joint(heeded: &Heeded) -> Vec<&str> {
        let joint = heeded.seats.iter().filter(|wished| wished.is_joint);
        joint.map(|wished| wished.seat.post_id.as_str()).collect()
    }

    fn three() -> Vec<Addressee> {
        vec![
            mayor(),
            member("1", Some("Bo Diaz")),
            member("2", Some("Ana Lee")),
        ]
    }

    fn all_three() -> Vec<OfficeWish> {
        ["m", "1", "2"]
            .map(|post| wish(post, Whither::WholeBody))
            .to_vec()
    }

    #[test]
    fn the_clerk_gets_the_letter_of_an_office_that_wishes_so() {
        let by_clerk: (Option<String>, Option<String>) = (
            Some("clerk@city.example".into()),
            Some("City Clerk, for Ana Ruiz".into()),
        );
        assert_eq!(whither(&[wish("m", Whither::Clerk)], &known()), by_clerk);
        assert_eq!(whither(&[wish("m", Whither::Own)], &known()), (None, None));
        assert_eq!(whither(&[], &known()), (None, None));
    }

    #[test]
    fn without_a_clerk_who_can_be_written_to_nothing_changes() {
        assert_eq!(
            whither(&[wish("m", Whither::Clerk)], &clerk(None)),
            (None, None)
        );
        let heeded = heed_all(three(), &all_three(), &clerk(None));
        assert_eq!(heeded.together, None);
        let seats: Vec<Addressee> = heeded.seats.into_iter().map(|it| it.seat).collect();
        assert_eq!(seats, three());
    }

    #[test]
    fn those_who_wish_so_get_one_letter_together_by_way_of_the_clerk() {
        let heeded = heed_all(three(), &all_three(), &known());
        assert_eq!(joint(&heeded), ["m", "1", "2"]);
        assert_eq!(
            heeded.together.as_deref(),
            Some("City Clerk, for the whole body: Ana Ruiz, Bo Diaz and Ana Lee")
        );
        let clerks = |it: &Wished| it.seat.email.as_deref() == Some("clerk@city.example");
        assert!(heeded.seats.iter().all(clerks));
        assert_eq!(
            heeded.seats[1].to_name.as_deref(),
            Some("City Clerk, for Bo Diaz"),
            "its own, if need be"
        );

        let some = [wish("1", Whither::WholeBody), wish("m", Whither::WholeBody)];
        let heeded = heed_all(three(), &some, &known());
        assert_eq!(joint(&heeded), ["m", "1"], "in the directory's order");
        assert_eq!(
            heeded.together.as_deref(),
            Some("City Clerk, for Ana Ruiz and Bo Diaz")
        );
        assert_eq!(
            heeded.seats[2].seat.email.as_deref(),
            Some("2@council.example")
        );
    }

    #[test]
    fn one_alone_who_wishes_so_has_its_own_letter_to_the_clerk() {
        let wishes = [wish("1", Whither::WholeBody), wish("2", Whither::Clerk)];
        let heeded = heed_all(three(), &wishes, &known());
        assert_eq!((joint(&heeded).len(), &heeded.together), (0, &None));
        for (at, name) in [(1, "Bo Diaz"), (2, "Ana Lee")] {
            let found = &heeded.seats[at];
            assert_eq!(found.seat.email.as_deref(), Some("clerk@city.example"));
            let expected = format!("City Clerk, for {name}");
            assert_eq!(found.to_name, Some(expected));
        }
    }

    #[test]
    fn one_that_has_closed_is_left_out() {
        for closed_email in ["1@council.example", "CLERK@city.example"] {
            let mut wishes = all_three();
            wishes[1].closure = Some(Closure::Stopped);
            wishes[1].closed_email = Some(closed_email.into());
            let heeded = heed_all(three(), &wishes, &known());
            assert_eq!(joint(&heeded), ["m", "2"]);
            assert_eq!(
                heeded.together.as_deref(),
                Some("City Clerk, for Ana Ruiz and Ana Lee")
            );
            let email = heeded.seats[1].seat.email.as_deref().unwrap();
            assert!(
                closed_email.eq_ignore_ascii_case(email),
                "storage suppresses it by that: {email}"
            );
        }
        // Whoever sits there now asked for nothing.
        let mut wishes = all_three();
        wishes[1].closure = Some(Closure::LeftOffice);
        wishes[1].closed_person = Some("Cy Old".into());
        let heeded = heed_all(three(), &wishes, &known());
        assert_eq!(joint(&heeded), ["m", "1", "2"]);
    }

    #[test]
    fn a_seat_that_nobody_holds_is_named_by_its_title_and_the_clerk_is_the_clerk() {
        let mut city_clerk = member("c", Some("Di Clerk"));
        city_clerk.role = Role::Clerk;
        let seats = vec![mayor(), member("1", None), city_clerk];
        let mut wishes = all_three();
        wishes.push(wish("c", Whither::WholeBody));
        let heeded = heed_all(seats, &wishes, &known());
        assert_eq!(joint(&heeded), ["m", "1"]);
        assert_eq!(
            heeded.together.as_deref(),
            Some("City Clerk, for the whole body: Ana Ruiz and Council Member, Ward 1")
        );
        assert_eq!(heeded.seats[1].seat.no_contact, None);
    }

    #[test]
    fn many_are_not_named_beside_an_address() {
        let posts: Vec<String> = (1..=9).map(|number: u32| number.to_string()).collect();
        let seats: Vec<Addressee> = posts
            .iter()
            .map(|post| member(post, Some("Bo Diaz")))
            .collect();
        let wishes: Vec<OfficeWish> = posts
            .iter()
            .map(|post| wish(post, Whither::WholeBody))
            .collect();
        let together = |wishes: &[OfficeWish]| heed_all(seats.clone(), wishes, &known()).together;
        assert_eq!(
            together(&wishes).as_deref(),
            Some("City Clerk, for the whole body")
        );
        assert_eq!(
            together(&wishes[1..]).as_deref(),
            Some("City Clerk, for 8 offices")
        );
    }
}
