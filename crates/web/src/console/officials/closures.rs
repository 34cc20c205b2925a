//! Offices of one government that get no letters, because they said so: of the petitions of who looks.

use super::super::permission::Permission;
use super::super::visitor::Visitor;
use super::super::{days, words};
use crate::failure::Failure;
use crate::petitions::LIST;
use crate::state::AppState;
use redress_model::geoid::Geoid;
use redress_model::petition::Petition;
use redress_storage::office_wishes::OfficeWish;

/// One of them, about one petition.
pub(super) struct ClosedSeat {
    /// The petition's headline, and its word.
    pub(super) petition: (String, String),
    /// The seat as the letter named it, and its id.
    pub(super) office: (String, String),
    /// Whom the letter was for; whoever holds the seat after them is written to.
    pub(super) person: String,
    /// Why, and since when.
    pub(super) told: String,
    /// Whether who looks may let letters go again.
    pub(super) may_open: bool,
}

/// Of all petitions of somebody's organizations, by petition and seat.
pub(super) async fn list(
    state: &AppState,
    visitor: &Visitor,
    geoid: &str,
) -> Result<Vec<ClosedSeat>, Failure> {
    let Ok(geoid) = Geoid::parse(geoid) else {
        return Ok(Vec::new());
    };
    let mut list = Vec::new();
    for membership in &visitor.memberships {
        let may_open = Permission::ApproveDeliveries.is_given_to(membership.role);
        let (petitions, organization) = (&state.store().petitions, membership.organization.id);
        let mut after = None;
        loop {
            let page = petitions.list_petitions(Some(organization), &[], after, LIST);
            let page = page.await?;
            for petition in &page {
                let wishes = &state.store().office_wishes;
                let wishes = wishes.list_office_wishes(petition.id, Some(&geoid)).await?;
                let closed = wishes.into_iter().filter(|wish| wish.closure.is_some());
                list.extend(closed.map(|wish| seat(petition, wish, may_open)));
            }
            after = page.last().map(|petition| petition.id);
            if page.len() < LIST as usize {
                break;
            }
        }
    }
    Ok(list)
}

fn seat(petition: &Petition, wish: OfficeWish, may_open: bool) -> ClosedSeat {
    let zone = days::zone(petition);
    let told = wish
        .closure
        .map(|it| words::closed(it, wish.closed_at, zone));
    ClosedSeat {
        petition: (petition.terms.title.clone(), petition.slug.to_string()),
        office: (
            match &wish.district {
                Some(district) => format!("{}, district {district}", wish.title),
                None => wish.title,
            },
            wish.post_id,
        ),
        person: wish.closed_person.unwrap_or_default(),
        told: told.unwrap_or_default(),
        may_open,
    }
}
