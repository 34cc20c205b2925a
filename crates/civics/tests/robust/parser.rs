//! Whatever a text is, the parser takes it apart or says that it cannot.

use crate::ground::GROUND;
use crate::lexicon;
use proptest::prelude::*;
use proptest::sample::select;
use redress_civics::parse::{Input, Parsed};
use redress_model::address::{Address, AddressKind, Standard};

/// House number and street as one line.
fn street_of(address: &Address) -> String {
    [address.number.clone(), address.street_line()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The parts by which two readings are compared.
fn parts(address: &Address) -> [Option<String>; 6] {
    [
        address.number.clone(),
        address.street_line(),
        address.unit.clone(),
        address.city.clone(),
        address.state.clone().map(Into::into),
        address.zip.clone(),
    ]
}

fn text<T: AsRef<str>>(part: Option<&T>) -> &str {
    part.map_or("", AsRef::as_ref)
}

/// The address read again from its own parts: as fields of a form, and as one line.
fn read_again(address: &Address) -> [Address; 2] {
    let street = street_of(address);
    let fields = Parsed::new(&Input {
        street: &street,
        unit: text(address.unit.as_ref()),
        city: text(address.city.as_ref()),
        state: text(address.state.as_ref()),
        zip: text(address.zip.as_ref()),
    });
    let line = format!(
        "{street} {}, {}, {} {}",
        text(address.unit.as_ref()),
        text(address.city.as_ref()),
        text(address.state.as_ref()),
        text(address.zip.as_ref())
    );
    [fields.address(), Parsed::new(&Input::line(&line)).address()]
}

/// An address in the standard form, whole.
fn standard_address() -> impl Strategy<Value = Address> {
    let number = prop_oneof![
        4 => (1_u32..30_000).prop_map(|number| number.to_string()),
        1 => (1_u32..400, 1_u32..99).prop_map(|(front, back)| format!("{front}-{back:02}")),
        1 => (100_u32..999, 100_u32..9999).prop_map(|(n, w)| format!("N{n}W{w}")),
        1 => (1_u32..9999).prop_map(|number| format!("{number} 1/2")),
    ];
    let directional = || prop::option::of(select(vec!["N", "S", "E", "W", "NE", "SW"]));
    let name = prop_oneof![
        select(vec![
            "MAIN",
            "MARTIN LUTHER KING",
            "OAK",
            "PENA",
            "ELM",
            "1ST",
            "23RD"
        ])
        .prop_map(str::to_owned),
        "[BCDFGKLMNPRSTVZ][AEIOU][BDGKLMNPRSTVZ]{2}[AEIOU][LNRT]",
    ];
    let kind = select(vec!["ST", "AVE", "BLVD", "RD", "LN", "PKWY", "CT", "DR"]);
    let unit = prop::option::of(select(vec!["APT 4B", "STE 200", "# 12", "UNIT C3", "BSMT"]));
    let city = select(vec!["SPRINGFIELD", "ST PAUL", "NEW HAVEN", "WEST ALLIS"]);
    let state = select(vec!["CO", "MN", "CT", "WI", "CA"]);
    let own = |text: &str| Some(text.to_owned());
    let word = |text: &'static str| Some(Standard::from(text));
    (
        number,
        directional(),
        name,
        kind,
        directional(),
        unit,
        city,
        state,
        501_u32..99_951,
    )
        .prop_map(
            move |(number, predir, name, kind, postdir, unit, city, state, zip)| Address {
                number: Some(number),
                predir: predir.and_then(word),
                name: Some(name),
                street_type: word(kind),
                postdir: postdir.and_then(word),
                unit: unit.and_then(own),
                city: own(city),
                state: word(state),
                zip: Some(format!("{zip:05}")),
                ..Address::default()
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_taken_apart_or_refused(text in any::<String>()) {
        Parsed::new(&Input::line(&text)).address();
    }

    #[test]
    fn any_long_text_is_taken_apart_or_refused(text in "\\PC{0,2000}") {
        let parsed = Parsed::new(&Input::line(&text));
        if text.len() > redress_civics::text::LONGEST {
            prop_assert_eq!(parsed.kind, AddressKind::Unparsed);
        }
        parsed.address();
    }

    #[test]
    fn any_fields_are_taken_apart_or_refused(
        street in "\\PC{0,80}", unit in "\\PC{0,20}", city in "\\PC{0,20}",
        state in "\\PC{0,12}", zip in "\\PC{0,12}",
    ) {
        let input = Input { street: &street, unit: &unit, city: &city, state: &state, zip: &zip };
        Parsed::new(&input).address();
        input.to_line();
    }

    #[test]
    fn words_of_addresses_in_any_order_are_taken_apart(
        street in lexicon::line(24), unit in lexicon::line(4), city in lexicon::line(4),
        state in lexicon::line(2), zip in lexicon::line(2),
    ) {
        Parsed::new(&Input::line(&street)).address();
        let input = Input { street: &street, unit: &unit, city: &city, state: &state, zip: &zip };
        let address = Parsed::new(&input).address();
        read_again(&address);
    }

    #[test]
    fn an_address_in_the_standard_form_reads_back_as_it_is(address in standard_address()) {
        for again in read_again(&address) {
            prop_assert_eq!(parts(&again), parts(&address));
        }
    }
}

#[test]
fn the_addresses_of_the_sample_read_back_as_they_are() {
    for truth in &GROUND.truths {
        let first = Parsed::new(&Input::line(&truth.address)).address();
        for again in read_again(&first) {
            assert_eq!(parts(&again), parts(&first), "{}", truth.address);
        }
    }
}

#[test]
fn a_floor_in_a_field_of_its_own_reads_as_in_the_line() {
    let parsed = Parsed::new(&Input {
        street: "12 Main St",
        unit: "5th floor",
        ..Input::default()
    });
    assert_eq!(parsed.unit.as_deref(), Some("5TH FL"));
}
