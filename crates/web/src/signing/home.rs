//! From a resolution to where a signature is counted.

use redress_model::geoid::Geoid;
use redress_model::home::{District, Home, Location};
use redress_model::resolution::{Alternative, Level, Resolution};
use redress_storage::secrets::{Offer, Question};

/// Where it is counted. What the resolution holds for certain goes ahead; of what it does not, the
/// signer's choice among its alternatives decides and is marked as theirs; nothing is guessed.
pub(crate) fn locate(resolution: &Resolution, choice: Option<&str>) -> Location {
    match resolution.level {
        Level::Exact | Level::ExactSplit | Level::Relaxed | Level::Street => certain(resolution),
        Level::Candidates => chosen(resolution, choice)
            .or_else(|| shared(resolution))
            .unwrap_or_else(Location::unknown),
        Level::Area | Level::None => chosen(resolution, choice).unwrap_or_else(Location::unknown),
    }
}

fn certain(resolution: &Resolution) -> Location {
    let found = resolution.home.as_ref().map(|home| home.geoid.as_str());
    let home = home(found);
    let district = resolution
        .district
        .as_deref()
        .filter(|_| resolution.level.attributes_district() && home.geoid().is_some())
        .and_then(|label| District::parse(label).ok());
    Location {
        governments_over: over(resolution, &home),
        home,
        district,
        is_self_asserted: false,
    }
}

/// Whether the signer is asked: nothing is certain, and there is something to choose among.
pub(crate) fn asks(resolution: &Resolution) -> bool {
    let is_open = matches!(
        resolution.level,
        Level::Candidates | Level::Area | Level::None
    );
    is_open && !resolution.alternatives.is_empty()
}

/// The question, to be kept with the signature.
pub(crate) fn question(resolution: &Resolution) -> Option<Question> {
    let offer = |alternative: &Alternative| {
        let location = located(resolution, alternative);
        Offer {
            choice: alternative.choice.clone(),
            label: alternative.label.clone(),
            home: location.home.as_key().to_owned(),
            district: location.district_key().to_owned(),
            over: location
                .governments_over
                .iter()
                .map(ToString::to_string)
                .collect(),
        }
    };
    asks(resolution).then(|| Question {
        pack: resolution.pack.to_string(),
        offers: resolution.alternatives.iter().map(offer).collect(),
    })
}

/// Where a signature is counted whose signer chose an offer; `None` for one that does not read.
pub(crate) fn offered(offer: &Offer) -> Option<Location> {
    Some(Location {
        home: Home::from_key(&offer.home).ok()?,
        district: District::parse(&offer.district).ok(),
        is_self_asserted: true,
        governments_over: offer
            .over
            .iter()
            .filter_map(|geoid| Geoid::parse(geoid).ok())
            .collect(),
    })
}

fn chosen(resolution: &Resolution, choice: Option<&str>) -> Option<Location> {
    let choice = choice?;
    let mut alternatives = resolution.alternatives.iter();
    let chosen = alternatives.find(|alternative| alternative.choice == choice)?;
    Some(located(resolution, chosen))
}

fn located(resolution: &Resolution, chosen: &Alternative) -> Location {
    let home = home(chosen.home_geoid.as_deref());
    let district = chosen
        .district
        .as_deref()
        .filter(|_| home.geoid().is_some());
    Location {
        governments_over: over(resolution, &home),
        home,
        district: district.and_then(|label| District::parse(label).ok()),
        is_self_asserted: true,
    }
}

/// The city or town that every alternative names: only the district is a question.
fn shared(resolution: &Resolution) -> Option<Location> {
    let mut places = resolution
        .alternatives
        .iter()
        .map(|alternative| alternative.home_geoid.as_deref());
    let first = places.next()??;
    let home = home(places.all(|place| place == Some(first)).then_some(first));
    home.geoid()?;
    Some(Location {
        governments_over: over(resolution, &home),
        home,
        district: None,
        is_self_asserted: false,
    })
}

fn home(geoid: Option<&str>) -> Home {
    geoid
        .and_then(|geoid| Geoid::parse(geoid).ok())
        .map_or(Home::OutsideAnyCity, Home::Government)
}

/// The other governments over it, each once.
fn over(resolution: &Resolution, home: &Home) -> Vec<Geoid> {
    let mut over: Vec<Geoid> = resolution
        .governments
        .iter()
        .filter_map(|government| Geoid::parse(&government.geoid).ok())
        .filter(|geoid| home.geoid() != Some(geoid))
        .collect();
    over.sort();
    over.dedup();
    over
}

#[cfg(test)]
mod tests {
    use super::*;
    use redress_model::resolution::PlaceRef;
    use std::sync::Arc;

    fn resolution(level: &str) -> Resolution {
        serde_json::from_value(serde_json::json!({
            "level": level, "reasons": [], "penalty": 0, "input": "", "address": {}, "point": null,
            "place": {"geoid": "9900100", "name": "Alder city", "ocd_id": null},
            "home": {"geoid": "9900100", "name": "Alder city", "ocd_id": null}, "county": null, "district": "3",
            "governments": [
                {"geoid": "9900100", "name": "Alder city", "kind": "place", "ocd_id": null},
                {"geoid": "99001", "name": "Sample County", "kind": "county", "ocd_id": null}
            ],
            "posts": [], "alternatives": [], "pack": "p", "directory": null, "on": "2026-03-02"
        }))
        .unwrap()
    }

    #[test]
    fn a_certain_answer_counts_in_place_and_district_with_the_county_over_it() {
        let location = locate(&resolution("exact"), None);
        assert_eq!(location.home.as_key(), "9900100");
        assert_eq!(location.district_key(), "3");
        assert_eq!(location.governments_over, [Geoid::parse("99001").unwrap()]);
    }

    #[test]
    fn a_street_without_the_number_counts_in_the_place_alone() {
        assert_eq!(locate(&resolution("street"), None).district_key(), "");
    }

    #[test]
    fn a_town_that_is_no_place_counts_under_its_ten_digits() {
        let mut town = resolution("exact");
        let found = PlaceRef {
            geoid: "9800105000".into(),
            name: "Elm town".into(),
            ocd_id: None,
        };
        (town.place, town.district, town.home) = (None, None, Some(found.into()));
        let mut governments = town.governments.to_vec();
        Arc::make_mut(&mut governments[0]).geoid = "9800105000".into();
        town.governments = governments.into();
        let location = locate(&town, None);
        assert_eq!(location.home.as_key(), "9800105000");
        assert_eq!(location.governments_over, [Geoid::parse("99001").unwrap()]);
        town.home = None;
        assert_eq!(locate(&town, None).home, Home::OutsideAnyCity);
    }

    #[test]
    fn of_two_towns_at_a_border_the_chosen_one_counts() {
        let town = |choice: &str, geoid: &str| Alternative {
            choice: choice.into(),
            label: "Elm town".into(),
            place_geoid: None,
            home_geoid: Some(geoid.into()),
            district: None,
        };
        let mut asked = resolution("candidates");
        (asked.place, asked.home) = (None, None);
        asked.alternatives = vec![town("00ff", "9800105000"), town("01ff", "9800106000")];
        let chosen = locate(&asked, Some("01ff"));
        assert_eq!(chosen.home.as_key(), "9800106000");
        assert!(chosen.is_self_asserted);
        assert_eq!(locate(&asked, None), Location::unknown());
        asked.alternatives.pop();
        assert_eq!(locate(&asked, None).home.as_key(), "9800105000");
    }

    #[test]
    fn a_choice_counts_only_if_it_was_offered_and_is_marked_as_the_signers() {
        let mut asked = resolution("candidates");
        asked.alternatives = vec![Alternative {
            choice: "00ff".into(),
            label: "Alder city, Ward 4".into(),
            place_geoid: Some("9900100".into()),
            home_geoid: Some("9900100".into()),
            district: Some("4".into()),
        }];
        let location = locate(&asked, Some("00ff"));
        assert!(location.is_self_asserted && location.district_key() == "4");
        let kept = question(&asked).unwrap();
        assert_eq!(offered(&kept.offers[0]), Some(location));
        assert_eq!(question(&resolution("exact")), None);
    }

    #[test]
    fn a_city_that_every_alternative_names_counts_without_a_district() {
        let alternative = |choice: &str, place: &str, district: &str| Alternative {
            choice: choice.into(),
            label: format!("Ward {district}"),
            place_geoid: Some(place.into()),
            home_geoid: Some(place.into()),
            district: Some(district.into()),
        };
        let mut asked = resolution("candidates");
        asked.alternatives = vec![
            alternative("00ff", "9900100", "4"),
            alternative("01ff", "9900100", "5"),
        ];
        let location = locate(&asked, None);
        assert_eq!(
            (location.home.as_key(), location.district_key()),
            ("9900100", "")
        );
        assert!(!location.is_self_asserted);
        assert_eq!(locate(&asked, Some("0000")), location);

        asked.alternatives.push(alternative("02ff", "9900200", ""));
        assert_eq!(locate(&asked, None), Location::unknown());
        asked.alternatives.clear();
        assert_eq!(locate(&asked, None), Location::unknown());
    }
}
