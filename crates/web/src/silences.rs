//! Offices that asked for no more letters: everybody may know.

use crate::failure::Failure;
use crate::spoken::{self, say};
use crate::state::AppState;
use redress_model::geoid::Geoid;
use redress_model::office_wish::Closure;
use redress_model::petition::Petition;

/// What they are called, of one place or of all.
pub(crate) async fn list(
    state: &AppState,
    petition: &Petition,
    geoid: Option<&Geoid>,
) -> Result<Vec<String>, Failure> {
    let wishes = &state.store().office_wishes;
    let found = wishes.list_office_wishes(petition.id, geoid).await?;
    let stopped = found
        .into_iter()
        .filter(|wish| wish.closure == Some(Closure::Stopped));
    let mut offices = Vec::new();
    for wish in stopped {
        let title = spoken::post(&wish.title);
        let office = match &wish.district {
            Some(district) => say("{}, district {}", &[&title, district]),
            None => title,
        };
        offices.push(if geoid.is_some() {
            office
        } else {
            let home = redress_model::home::Home::Government(wish.geoid);
            let place = crate::places::find_name(state, &home).await?;
            format!("{office}, {place}")
        });
    }
    Ok(offices)
}
