//! Files of addresses: whatever is in them, a row comes out for each that went in.

use crate::ground::{Dice, GROUND, day};
use crate::workshop::spoil;
use proptest::prelude::*;
use redress_civics::batch::{BatchError, Form, PARSED, RESOLVED, parse, resolve};
use redress_civics::pack::Pack;
use redress_civics::parse::Input;
use redress_civics::resolve::Resolver;

/// Rows below the header, as any reader of CSV counts them.
fn rows(bytes: &[u8]) -> u64 {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    reader.byte_records().flatten().count() as u64
}

/// Both ways through a file; what comes out is whole and of one shape.
fn holds(input: &[u8]) {
    let pack = Pack::open(&GROUND.pack).unwrap();
    let resolver = Resolver::new(&pack, None);
    let answer = |addresses: &[Input<'_>]| {
        let mut answers = Vec::new();
        resolver.resolve_many(addresses, day(), |answer| answers.push(answer));
        answers
    };
    let mut answers = Vec::new();
    match resolve(&answer, input, &mut answers, Form::Csv) {
        Ok(count) => {
            assert_eq!((count, rows(&answers)), (rows(input), rows(input)));
            let mut table = csv::Reader::from_reader(answers.as_slice());
            assert!(
                table
                    .records()
                    .all(|row| row.unwrap().len() == RESOLVED.len())
            );
        }
        Err(BatchError::Header(columns)) => assert!(columns.len() < 2_000),
        Err(error) => panic!("{error}"),
    }
    let mut lines = Vec::new();
    if let Ok(count) = resolve(&answer, input, &mut lines, Form::JsonLines) {
        let lines = String::from_utf8(lines).unwrap();
        assert_eq!(lines.lines().count() as u64, count);
        for line in lines.lines() {
            serde_json::from_str::<redress_model::resolution::Resolution>(line).unwrap();
        }
    }
    let mut parsed = Vec::new();
    if let Ok(count) = parse(input, &mut parsed) {
        assert_eq!((count, rows(&parsed)), (rows(input), rows(input)));
        let mut table = csv::Reader::from_reader(parsed.as_slice());
        assert!(
            table
                .records()
                .all(|row| row.unwrap().len() == PARSED.len())
        );
    }
}

#[test]
fn a_spoiled_file_of_addresses_gives_a_row_for_each_row() {
    let mut dice = Dice(10);
    for _ in 0..400 {
        let mut table = String::from("id,address,unit,city,state,zip\n");
        for _ in 0..6 {
            let address = &dice.pick(&GROUND.truths).address;
            table.extend(["7,\"", address, "\",4B,Alpha,CO,80010\n"]);
        }
        holds(&spoil(table.as_bytes(), &mut dice));
    }
}

#[test]
fn odd_files_of_addresses_give_a_row_for_each_row() {
    let long = format!("address\n{}\n", "9 Oak St ".repeat(100_000));
    let wide = format!(
        "address{}\n1 Oak St{}\n",
        ",x".repeat(20_000),
        ",y".repeat(20_000)
    );
    for input in [
        &b""[..],
        b"\n\n\n",
        b"address",
        b"address\n",
        b"address\n\n\n1 Oak St\n\n",
        b"address\r1 Oak St\r2 Oak St",
        b"\xef\xbb\xbfADDRESS \r\n1 Oak St\r\n",
        b"address,address\n1 Oak St,2 Oak St\n",
        b"street\n\"1 Oak St\n2 Oak St\n3 Oak St",
        b"id,address\n\xff\xfe,\xff\n\"\"\"\",\"\"\"\"\n",
        b"address\n,,,,,\n\"\"\n",
        b"zip\n80010\n",
        long.as_bytes(),
        wide.as_bytes(),
    ] {
        holds(input);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_below_a_header_give_a_row_for_each_row(
        bytes in prop::collection::vec(any::<u8>(), 0..400), with_header in prop::bool::weighted(0.8),
    ) {
        let head: &[u8] = if with_header { b"id,street,zip\n" } else { b"" };
        holds(&[head, &bytes].concat());
    }

    #[test]
    fn any_text_below_a_header_gives_a_row_for_each_row(
        text in "([a-zA-Z0-9 ,\"\r\n#é]|\\PC){0,200}",
    ) {
        holds(format!("id,address,city\n{text}").as_bytes());
    }
}
