//! Addresses made of the words that addresses are made of, in any order.

use crate::ground::Ground;
use proptest::prelude::*;
use proptest::sample::select;
use redress_civics::words::{directional, state, street_type, unit};

/// A token that means something to the parser, or nearly.
pub fn token() -> impl Strategy<Value = String> {
    let spelled = |table: &[&'static str]| -> Vec<&'static str> {
        table.iter().flat_map(|line| line.split(' ')).collect()
    };
    let units: Vec<&str> = unit::UNITS
        .iter()
        .flat_map(|unit| unit.spellings.split(' '))
        .collect();
    let states: Vec<&str> = state::STATES.iter().map(|state| state.usps).collect();
    let words = vec![
        "BOX", "PO", "RR", "CORNER", "OF", "AND", "AT", "&", "SAINT", "MARTIN", "LUTHER", "KING",
        "US", "HWY", "COUNTY", "CO", "ROAD", "STATE", "ROUTE", "AVENUE", "USA", "UNITED", "STATES",
        "NEW", "YORK", "GENERAL", "DELIVERY", "APO", "MAIN", "OAK", "1/2", "#", "-", ",", "/", "(",
        ")", "REAR", "TWENTY", "FIRST", "FLOOR", "THE", "O'NEIL", "A", "B", "Ñ",
    ];
    prop_oneof![
        3 => select(spelled(directional::CODES)).prop_map(str::to_owned),
        4 => select(spelled(street_type::TYPES)).prop_map(str::to_owned),
        3 => select(units).prop_map(str::to_owned),
        2 => select(states).prop_map(str::to_owned),
        4 => select(words).prop_map(str::to_owned),
        3 => (0_u32..20_000).prop_map(|number| number.to_string()),
        1 => any::<u64>().prop_map(|number| number.to_string()),
        2 => "[0-9]{1,3}(ST|ND|RD|TH)",
        1 => "[0-9]{1,5}[A-Z]",
        1 => "[0-9]{1,4}-[0-9]{1,4}[A-Z]?",
        1 => "[NSEW][0-9]{1,3}[NSEW][0-9]{1,4}",
        1 => "[0-9]{5}(-[0-9]{4})?",
    ]
}

/// Tokens in a row, some of them after a comma.
pub fn line(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec((token(), prop::bool::weighted(0.15)), 0..most).prop_map(|tokens| {
        let mut line = String::new();
        for (token, comma) in tokens {
            line.push_str(if comma { ", " } else { " " });
            line.push_str(&token);
        }
        line
    })
}

/// The same with words of the sample's own addresses between.
pub fn local_line(ground: &'static Ground, most: usize) -> impl Strategy<Value = String> {
    let local: Vec<String> = ground
        .truths
        .iter()
        .step_by(7)
        .flat_map(|truth| truth.address.split(' ').map(str::to_owned))
        .collect();
    let token = prop_oneof![2 => select(local), 1 => token()];
    prop::collection::vec(token, 1..most).prop_map(|tokens| tokens.join(" "))
}
