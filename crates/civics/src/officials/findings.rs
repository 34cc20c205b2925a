//! What a person should look into in a directory: before letters go out, not after.

mod bodies;
mod sharing;

use super::row::MALFORMED;
use chrono::{Days, NaiveDate};
use redress_model::contact_state::ContactState;
use redress_model::directory::{Directory, Sitting, Who};
use redress_model::official::Seat;
use serde::Serialize;
use std::collections::BTreeMap;

/// Something about one seat or one government.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The seat's stable id; the GEOID where it is about a government.
    pub post: String,
    /// What.
    pub kind: FindingKind,
    /// Whom it concerns, or which address.
    pub what: String,
    /// Whether it may well be as it should be.
    pub is_remark: bool,
}

/// What there is to look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The term is over, and no successor is known.
    TermEnded,
    /// The term is over soon.
    TermEndsSoon,
    /// Nobody sits.
    Vacant,
    /// Nobody is known to sit on the day.
    HolderUnknown,
    /// Neither e-mail nor web form.
    NoContact,
    /// The list has an address that nobody can write to.
    MalformedAddress,
    /// Letters to the address came back, were refused or were asked to stop.
    FailingAddress,
    /// Several officials have one address: a clerk's, or a mistake.
    SharedAddress,
    /// All members of a body have one address: that of its office.
    OfficeAddress,
    /// Nobody has made sure of the contact for long.
    NotChecked,
    /// Two people hold one single seat in the same list.
    TwoHolders,
    /// One person in two posts that exclude one another.
    TwoPosts,
    /// It is not known whom the seat answers to.
    SeatUnknown,
    /// Members of a council without anybody who leads the government.
    NoMayor,
    /// Members of a council without a clerk.
    NoClerk,
    /// A mayor without members of a council.
    NoCouncil,
}

impl FindingKind {
    /// What it says, in words.
    pub fn told(self) -> &'static str {
        match self {
            Self::TermEnded => "the term is over, and no successor is known",
            Self::TermEndsSoon => "the term is over soon",
            Self::Vacant => "vacant",
            Self::HolderUnknown => "nobody is known to sit",
            Self::NoContact => "neither e-mail address nor web form",
            Self::MalformedAddress => "the list has an address that nobody can write to",
            Self::FailingAddress => "letters to the address do not arrive",
            Self::SharedAddress => "shares an address with somebody else",
            Self::OfficeAddress => "the whole body has one address",
            Self::NotChecked => "nobody has made sure of the contact for long",
            Self::TwoHolders => "two people hold one seat in the same list",
            Self::TwoPosts => "one person in two posts that exclude one another",
            Self::SeatUnknown => "not known whom the seat answers to",
            Self::NoMayor => "a council is listed, and no mayor",
            Self::NoClerk => "a council is listed, and no clerk",
            Self::NoCouncil => "a mayor is listed, and no council",
        }
    }

    fn is_remark(self) -> bool {
        matches!(
            self,
            Self::TermEndsSoon
                | Self::OfficeAddress
                | Self::NotChecked
                | Self::NoMayor
                | Self::NoClerk
                | Self::NoCouncil
        )
    }
}

impl Finding {
    fn new(post: &str, kind: FindingKind, what: impl Into<String>) -> Self {
        Self {
            post: post.to_owned(),
            kind,
            what: what.into(),
            is_remark: kind.is_remark(),
        }
    }

    /// The finding in words: `vacant`, `shares an address with somebody else (office@city.example)`.
    pub fn told(&self) -> String {
        if self.what.is_empty() {
            self.kind.told().to_owned()
        } else {
            format!("{} ({})", self.kind.told(), self.what)
        }
    }
}

/// For when and how to look.
#[derive(Debug, Clone)]
pub struct Look {
    /// The day.
    pub on: NaiveDate,
    /// Days before the end of a term in which it is told.
    pub within_days: u64,
    /// Days after which a contact should be looked at again.
    pub stale_days: u64,
    /// What is known of addresses, by address in lower case.
    pub contacts: BTreeMap<String, ContactState>,
}

impl Look {
    /// With the usual spans: 90 days before a term ends, a year after a contact was checked.
    pub fn on(on: NaiveDate) -> Self {
        Self {
            on,
            within_days: 90,
            stale_days: 365,
            contacts: BTreeMap::new(),
        }
    }
}

/// Everything there is to look into on a day, by seat.
pub fn findings(directory: &Directory, look: &Look) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut sittings = Vec::new();
    for (geoid, jurisdiction) in directory.jurisdictions() {
        let own: Vec<Sitting<'_>> = jurisdiction.sittings(look.on).collect();
        found.extend(own.iter().flat_map(|sitting| of_seat(sitting, look)));
        found.extend(bodies::of_body(geoid, jurisdiction));
        found.extend(bodies::two_holders(jurisdiction, look.on));
        found.extend(bodies::two_posts(jurisdiction, look.on));
        sittings.extend(own.into_iter().map(|sitting| (geoid, sitting)));
    }
    found.extend(sharing::shared_addresses(&sittings));
    found.sort();
    found
}

fn of_seat(sitting: &Sitting<'_>, look: &Look) -> Vec<Finding> {
    let name = sitting
        .holder()
        .map_or_else(String::new, |holder| holder.name.clone());
    let contact = sitting.contact();
    let has_contact =
        contact.is_some_and(|contact| contact.email.is_some() || contact.web_form.is_some());
    let soon = look.on.checked_add_days(Days::new(look.within_days));
    let ends_soon = sitting.holder().is_some_and(|holder| {
        holder
            .term_end
            .is_some_and(|end| soon.is_none_or(|soon| end <= soon))
    });
    let mut found: Vec<Finding> = [
        (sitting.has_ended, FindingKind::TermEnded),
        (!sitting.has_ended && ends_soon, FindingKind::TermEndsSoon),
        (sitting.is_vacant(), FindingKind::Vacant),
        (sitting.tenure.is_none(), FindingKind::HolderUnknown),
        (!has_contact, FindingKind::NoContact),
        (
            has_contact && is_stale(sitting, look),
            FindingKind::NotChecked,
        ),
        (sitting.post.seat == Seat::Unknown, FindingKind::SeatUnknown),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, kind)| Finding::new(&sitting.id, kind, name.clone()))
    .collect();
    let notes = sitting.tenure.map_or(&[][..], |tenure| match &tenure.who {
        Who::Holder(holder) => &holder.notes,
        Who::Vacant(vacancy) => &vacancy.notes,
    });
    let malformed = notes.iter().filter(|(note, _)| note.starts_with(MALFORMED));
    found.extend(
        malformed.map(|(_, text)| {
            Finding::new(&sitting.id, FindingKind::MalformedAddress, text.clone())
        }),
    );
    let email = contact.and_then(|contact| contact.email.as_ref());
    let state = email.and_then(|email| look.contacts.get(&email.to_lowercase()));
    if let (Some(email), Some(state)) = (email, state)
        && state.is_failing()
    {
        let what = format!("{email}: {}", state.as_str());
        found.push(Finding::new(&sitting.id, FindingKind::FailingAddress, what));
    }
    found
}

/// Whether the contact was last looked at long ago: when it was checked, or as of when the list speaks.
fn is_stale(sitting: &Sitting<'_>, look: &Look) -> bool {
    let checked = sitting.contact().and_then(|contact| contact.checked_on);
    let checked = checked.or(sitting.tenure.and_then(|tenure| tenure.vintage.day));
    let oldest = look.on.checked_sub_days(Days::new(look.stale_days));
    checked.is_none_or(|checked| oldest.is_some_and(|oldest| checked < oldest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::officials::{Gatherer, Layout};

    fn found(list: &str, look: &Look) -> Vec<(String, FindingKind)> {
        let mut gatherer = Gatherer::new();
        gatherer
            .read_csv(
                list.as_bytes(),
                "list",
                &Layout::default(),
                &|_| None,
                &mut |_| {},
            )
            .unwrap();
        findings(&gatherer.finish(), look)
            .into_iter()
            .map(|finding| {
                (
                    finding.post.trim_start_matches("9900100/").to_owned(),
                    finding.kind,
                )
            })
            .collect()
    }

    fn look() -> Look {
        Look::on(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap())
    }

    fn expected(all: &[(&str, FindingKind)]) -> Vec<(String, FindingKind)> {
        all.iter()
            .map(|(post, kind)| ((*post).to_owned(), *kind))
            .collect()
    }

    #[test]
    fn what_a_person_should_look_into_is_named_seat_by_seat() {
        let list = "place_geoid,role,district,name,vacant,term_end,email,as_of
9900100,mayor,,Ada,,2027,ada@city.example,2026
9900100,mayor,,Abe,,2028,abe@city.example,2026
9900100,council_member,1,Bo,,2025,bo@city.example,2025
9900100,council_member,2,,1,,,2026
9900100,council_member,3,Cy,,2027,office@city.example,2026
9900100,council_member,4,Di,,2027,Office@city.example,2026
9900100,council_member,5,Flo,,2026-04,flo@,2026
9900100,clerk,,Ed,,2027,,2026
";
        assert_eq!(
            found(list, &look()),
            expected(&[
                ("clerk", FindingKind::NoContact),
                ("council_member/1", FindingKind::TermEnded),
                ("council_member/1", FindingKind::NotChecked),
                ("council_member/2", FindingKind::Vacant),
                ("council_member/2", FindingKind::NoContact),
                ("council_member/3", FindingKind::SharedAddress),
                ("council_member/4", FindingKind::SharedAddress),
                ("council_member/5", FindingKind::TermEndsSoon),
                ("council_member/5", FindingKind::NoContact),
                ("council_member/5", FindingKind::MalformedAddress),
                ("mayor", FindingKind::TwoHolders),
            ])
        );
    }

    #[test]
    fn one_address_of_a_whole_body_is_a_remark() {
        let list = "place_geoid,role,district,name,email,as_of
9900100,mayor,,Ada,office@city.example,2026
9900100,clerk,,Ada Clerk,clerk@city.example,2026
9900100,council_member,1,Bo,office@city.example,2026
9900100,council_member,2,Cy,office@city.example,2026
";
        let kinds = found(list, &look());
        assert_eq!(kinds.len(), 3, "{kinds:?}");
        assert!(
            kinds
                .iter()
                .all(|(_, kind)| *kind == FindingKind::OfficeAddress && kind.is_remark())
        );
    }

    #[test]
    fn a_body_that_lacks_its_head_is_told_and_one_person_in_two_chairs_too() {
        let list = "place_geoid,role,district,name,person_id,email,as_of
9900100,council_member,1,Bo Diaz,a:1,bo@city.example,2026
9900100,council_member,2,Bo Diaz,a:1,bo@city.example,2026
9900200,mayor,,Cy Lane,a:2,cy@town.example,2026
9900300,mayor,,Di Both,a:3,di@bay.example,2026
9900300,council_member,,Di Both,a:3,di@bay.example,2026
9900300,clerk,,Ed Lane,a:4,ed@bay.example,2026
";
        assert_eq!(
            found(list, &look()),
            expected(&[
                ("9900100", FindingKind::NoMayor),
                ("9900100", FindingKind::NoClerk),
                ("council_member/1", FindingKind::TwoPosts),
                ("council_member/2", FindingKind::TwoPosts),
                ("9900200", FindingKind::NoCouncil),
            ])
        );
    }

    #[test]
    fn an_address_whose_letters_come_back_is_told() {
        let list = "place_geoid,role,name,email,as_of\n9900100,clerk,Ada,Ada@city.example,2026\n";
        let mut look = look();
        look.contacts
            .insert("ada@city.example".into(), ContactState::Bounced);
        assert_eq!(
            found(list, &look),
            expected(&[("clerk", FindingKind::FailingAddress)])
        );
        look.contacts
            .insert("ada@city.example".into(), ContactState::Good);
        assert_eq!(found(list, &look), []);
    }
}
