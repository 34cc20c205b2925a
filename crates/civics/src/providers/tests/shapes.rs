//! Each provider's shape is read, and its question is asked as it is documented.

use super::{KEY, Stage, census, json, query};
use crate::local_server::Answer;
use crate::providers::{DistrictSaid, Divisions, OfficialSeen, PlaceSaid, ProviderName};
use redress_model::resolution::Point;
use serde_json::json as value;

fn geoid(text: &str) -> PlaceSaid {
    PlaceSaid::Geoid(text.to_owned())
}

fn district(label: &str, of: Option<PlaceSaid>) -> DistrictSaid {
    DistrictSaid {
        label: label.to_owned(),
        of,
    }
}

fn said(stage: &Stage) -> Vec<Divisions> {
    stage.panel.ask(&query()).remove(0).divisions.unwrap()
}

#[test]
fn the_census_bureau_names_place_and_point() {
    let stage = Stage::new(ProviderName::Census, |_| json(&census(&[&["9900100"]])));
    assert_eq!(
        said(&stage),
        [Divisions {
            places: Some(vec![geoid("9900100")]),
            districts: vec![]
        }]
    );
    let seen = stage.panel.ask_fully(&query()).remove(0).sightings;
    assert_eq!(
        seen[0].point,
        Some(Point {
            lat: 30.25,
            lon: -149.5
        })
    );
    assert_eq!(
        stage.server.requests()[0].path,
        "/api?address=12%20Oak%20St%2C%20Alder%2C%20ZZ%2000501&benchmark=Public_AR_Current&vintage=Current_Current&layers=all&format=json"
    );
}

#[test]
fn several_matches_of_the_census_bureau_are_a_tie_and_none_is_none() {
    let tie = Stage::new(ProviderName::Census, |_| {
        json(&census(&[&["9900100"], &["9900200"]]))
    });
    assert_eq!(said(&tie).len(), 2);
    let none = Stage::new(ProviderName::Census, |_| json(&census(&[])));
    assert_eq!(said(&none), []);
    let outside = Stage::new(ProviderName::Census, |_| json(&census(&[&[]])));
    assert_eq!(said(&outside)[0].places, Some(vec![]));
}

#[test]
fn google_names_divisions_by_their_ids() {
    let stage = Stage::new(ProviderName::Google, |_| {
        json(&value!({
            "normalizedInput": {"line1": "12 Oak St", "city": "Alder", "state": "ZZ", "zip": "00501"},
            "divisions": {
                "ocd-division/country:us": {"name": "United States"},
                "ocd-division/country:us/state:zz": {"name": "Sample State"},
                "ocd-division/country:us/state:zz/place:alder": {"name": "Alder city"},
                "ocd-division/country:us/state:zz/place:alder/council_district:3": {"name": "Alder council district 3"}
            }
        }))
    });
    let place = "ocd-division/country:us/state:zz/place:alder";
    assert_eq!(
        said(&stage),
        [Divisions {
            places: Some(vec![PlaceSaid::Ocd(place.into())]),
            districts: vec![district("3", Some(PlaceSaid::Ocd(place.into())))]
        }]
    );
    let path = &stage.server.requests()[0].path;
    assert!(
        path.starts_with("/api?address=12%20Oak") && path.ends_with(&format!("&key={KEY}")),
        "{path}"
    );
}

#[test]
fn google_says_404_where_it_knows_no_address() {
    let stage = Stage::new(ProviderName::Google, |_| {
        Answer::new(
            404,
            r#"{"error": {"code": 404, "message": "Requested entity was not found."}}"#,
        )
    });
    assert_eq!(said(&stage), []);
}

fn cicero_official(kind: &str, title: &str, district: &str) -> serde_json::Value {
    value!({
        "first_name": "Ada", "last_name": "Reyes", "party": "",
        "office": {"title": title, "district": {"district_type": kind, "district_id": district, "city": "Alder", "state": "ZZ", "label": ""}}
    })
}

#[test]
fn cicero_names_officials_and_through_them_the_district() {
    let stage = Stage::new(ProviderName::Cicero, |_| {
        json(
            &value!({"response": {"errors": [], "results": {"candidates": [{
                "match_addr": "12 Oak St, Alder, ZZ, 00501", "x": -149.5, "y": 30.25,
                "officials": [
                    cicero_official("LOCAL_EXEC", "Mayor", "Alder"),
                    cicero_official("LOCAL", "Council Member", "at large"),
                    cicero_official("LOCAL", "Council Member", "3"),
                    cicero_official("NATIONAL_LOWER", "Representative", "1"),
                ]
            }]}}}),
        )
    });
    let place = PlaceSaid::Named {
        name: "Alder".into(),
        state: "ZZ".into(),
    };
    assert_eq!(
        said(&stage),
        [Divisions {
            places: Some(vec![place.clone()]),
            districts: vec![district("3", Some(place))]
        }]
    );
    let officials = stage.panel.ask_fully(&query()).remove(0).officials;
    assert_eq!(officials.len(), 3, "{officials:?}");
    assert_eq!(
        officials[2],
        OfficialSeen {
            name: "Ada Reyes".into(),
            title: "Council Member".into(),
            district: Some("3".into())
        }
    );
    let seen = stage.panel.ask_fully(&query()).remove(0).sightings;
    assert_eq!(
        seen[0].address.as_deref(),
        Some("12 Oak St, Alder, ZZ, 00501")
    );
    assert_eq!(stage.asked(), 1, "one answer serves all three questions");
}

#[test]
fn a_city_that_cicero_does_not_cover_is_no_statement() {
    let stage = Stage::new(ProviderName::Cicero, |_| {
        json(&value!({"response": {"results": {"candidates": [{"officials": []}]}}}))
    });
    assert_eq!(said(&stage), [Divisions::default()]);
}

#[test]
fn any_service_is_read_by_its_pointers() {
    let stage = Stage::new(ProviderName::Json, |_| {
        json(&value!({"found": [
            {"city": {"geoid": "9900100", "ward": 3}, "at": ["30.25", -149.5]},
            {"city": {"geoid": 9_900_200}, "at": null},
            {"city": null},
        ]}))
    });
    let read = said(&stage);
    assert_eq!(
        read[0],
        Divisions {
            places: Some(vec![geoid("9900100")]),
            districts: vec![district("3", None)]
        }
    );
    assert_eq!(read[1].places, Some(vec![geoid("9900200")]));
    assert_eq!(read[2], Divisions::default());
    let seen = stage.panel.ask_fully(&query()).remove(0).sightings;
    assert_eq!((seen[0].point.unwrap().lat, seen[1].point), (30.25, None));
    assert!(
        stage.server.requests()[0]
            .path
            .starts_with("/look?at=12%20Oak")
    );
}
