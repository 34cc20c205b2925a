//! What offices wish of letters that are being written: to the clerk instead.

use super::addressee::addressee;
use chrono::NaiveDate;
use redress_model::directory::Jurisdiction;
use redress_model::official::Role;
use redress_storage::deliveries::Addressee;
use redress_storage::office_wishes::OfficeWish;

/// A seat that is written to, and what stands beside the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wished {
    /// The seat; where its office wishes so, with the clerk's address.
    pub(super) seat: Addressee,
    /// `City Clerk, for Elena Ruiz`, where the clerk is to hand the letter on.
    pub(super) to_name: Option<String>,
}

/// The seats as their offices wish to be written to. Where no clerk with an address is known on the day, or the seat is the
/// clerk's own, the letter goes where it would have gone.
pub(super) fn heeded(
    seats: Vec<Addressee>,
    wishes: &[OfficeWish],
    jurisdiction: Option<&Jurisdiction>,
    on: NaiveDate,
) -> Vec<Wished> {
    let clerk = jurisdiction
        .into_iter()
        .flat_map(|jurisdiction| jurisdiction.sittings(on))
        .filter(|sitting| sitting.post.role == Role::Clerk)
        .map(|sitting| addressee(&sitting))
        .find(|clerk| clerk.no_contact.is_none());
    let heed = |seat: Addressee| {
        let wish = wishes.iter().find(|wish| wish.post_id == seat.post_id);
        let clerk = clerk
            .as_ref()
            .filter(|clerk| wish.is_some_and(|it| it.goes_to_clerk) && seat.role != clerk.role);
        let Some(clerk) = clerk else {
            let to_name = None;
            return Wished { seat, to_name };
        };
        let official = seat.person.as_ref().unwrap_or(&seat.title);
        Wished {
            to_name: Some(format!("{}, for {official}", clerk.title)),
            seat: Addressee {
                email: clerk.email.clone(),
                no_contact: None,
                ..seat
            },
        }
    };
    seats.into_iter().map(heed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use redress_model::delivery::NoContactReason;
    use redress_model::directory::{Post, Stated, Tenure, Vintage, Who};
    use redress_model::geoid::Geoid;
    use redress_model::id::PetitionId;
    use redress_model::office_wish::LetterPace;
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

    fn wish(goes_to_clerk: bool) -> OfficeWish {
        OfficeWish {
            petition_id: PetitionId(Uuid::nil()),
            post_id: "m".into(),
            geoid: Geoid::parse("0804000").unwrap(),
            title: "Mayor".into(),
            district: None,
            pace: LetterPace::AtThreshold,
            goes_to_clerk,
            closure: None,
            closed_at: None,
            closed_person: None,
            closed_email: None,
            changed_at: "2026-03-04T00:00:00Z".parse().unwrap(),
        }
    }

    fn whither(wishes: &[OfficeWish], clerk: &Jurisdiction) -> (Option<String>, Option<String>) {
        let on = "2026-03-04".parse().unwrap();
        let heeded = heeded(vec![mayor()], wishes, Some(clerk), on).remove(0);
        assert_eq!(heeded.seat.post_id, "m");
        (heeded.seat.email, heeded.to_name)
    }

    #[test]
    fn the_clerk_gets_the_letter_of_an_office_that_wishes_so() {
        let known = clerk(Some("clerk@city.example"));
        assert_eq!(
            whither(&[wish(true)], &known),
            (
                Some("clerk@city.example".into()),
                Some("City Clerk, for Ana Ruiz".into())
            )
        );
        assert_eq!(whither(&[wish(false)], &known), (None, None));
        assert_eq!(whither(&[], &known), (None, None));
    }

    #[test]
    fn without_a_clerk_who_can_be_written_to_nothing_changes() {
        assert_eq!(whither(&[wish(true)], &clerk(None)), (None, None));
    }
}
