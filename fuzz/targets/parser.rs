//! Any text as an address, and as an urbanizacion, a unit, a last line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use redress_civics::parse::{Input, Parsed};

fuzz_target!(|text: &str| {
    let parsed = Parsed::new(&Input::line(text));
    let address = parsed.address();
    // What was read reads back as it is.
    if let Some(zip) = &address.zip {
        assert!(zip.len() == 5 && zip.bytes().all(|digit| digit.is_ascii_digit()));
    }
    let half = text.len() / 2;
    if text.is_char_boundary(half) {
        let (street, rest) = text.split_at(half);
        Parsed::new(&Input { street, city: rest, zip: rest, state: rest, unit: rest }).address();
    }
});
