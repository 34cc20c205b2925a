//! What offices have said and organizers have published, as everybody reads it.

use crate::dates::{day_of, zone};
use crate::failure::Failure;
use crate::spoken::{self, say, t};
use crate::state::AppState;
use redress_model::geoid::Geoid;
use redress_model::petition::Petition;
use redress_model::response::{Position, ResponseState};
use redress_storage::responses::{Response, ResponseFilter};

/// The most offices of one place.
const OFFICES: u32 = 500;

/// What one office says.
pub(crate) struct Answer {
    /// The seat, as storage names it.
    pub post_id: String,
    /// `Mayor Elena Ruiz`, or `Council Member Sam Okafor, district 3`.
    pub official: String,
    /// `supports it`.
    pub stands: &'static str,
    /// The day on which it was said.
    pub on: String,
    /// Its words.
    pub paragraphs: Vec<String>,
}

/// What the offices of a place say, the newest first.
pub(crate) async fn list(
    state: &AppState,
    petition: &Petition,
    geoid: &Geoid,
) -> Result<Vec<Answer>, Failure> {
    let filter = ResponseFilter {
        geoid: Some(geoid),
        state: Some(ResponseState::Published),
        ..ResponseFilter::default()
    };
    let responses = &state.store().responses;
    let found = responses
        .list_responses(petition.id, filter, OFFICES)
        .await?;
    let answer = |response: Response| {
        let person = response.person.as_ref();
        let person = person.map_or_else(String::new, |person| format!(" {person}"));
        let named = format!("{}{person}", spoken::post(&response.title));
        Answer {
            official: match &response.district {
                Some(district) => say("{}, district {}", &[&named, district]),
                None => named,
            },
            stands: stands(response.position),
            on: day_of(response.responded_at, zone(petition)),
            paragraphs: paragraphs(&response.text),
            post_id: response.post_id,
        }
    };
    Ok(found.into_iter().map(answer).collect())
}

/// How many offices say what: `for it: 2, against it: 1`; empty while none has answered.
pub(crate) async fn count(state: &AppState, petition: &Petition) -> Result<String, Failure> {
    let responses = &state.store().responses;
    let counts = responses.count_positions(petition.id).await?;
    let parts = counts.iter().map(|(position, count)| match position {
        Position::Support => say("for it: {}", &[count]),
        Position::Oppose => say("against it: {}", &[count]),
        Position::UnderStudy => say("studying it: {}", &[count]),
        Position::Unstated => say("without a position: {}", &[count]),
    });
    Ok(parts.collect::<Vec<_>>().join(", "))
}

/// Where an office stands, after its name.
pub(crate) fn stands(position: Position) -> &'static str {
    match position {
        Position::Support => t("supports it"),
        Position::Oppose => t("opposes it"),
        Position::UnderStudy => t("is studying it"),
        Position::Unstated => t("has answered"),
    }
}

/// The paragraphs of a text, parted by empty lines.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let parts = text.split("\n\n").map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
