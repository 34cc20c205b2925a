//! Every format's whole output, and what is the same for all of them.

#[path = "support/county.rs"]
mod county;
#[path = "support/sheet.rs"]
mod sheet;

use redress_reports::counts::CountRow;
use redress_reports::format::Format;

#[test]
fn csv_by_place_is_written_to_the_byte() {
    let expected = concat!(
        "geoid,name,state,district,count,self_asserted,paper\n",
        "0804000,Aurora city,CO,,11,2,5\n",
        "0845970,\"Little \"\"Ton\"\", city\",CO,,3,0,0\n",
        "0899999,,,,1,0,0\n",
        ",outside any city,,,4,1,0\n",
        ",not located,,,2,0,2\n",
    );
    assert_eq!(text(Format::Csv, &county::by_place()), expected);
}

#[test]
fn csv_by_district_is_written_to_the_byte() {
    let expected = concat!(
        "geoid,name,state,district,count,self_asserted,paper\n",
        "0804000,Aurora city,CO,2,6,2,0\n",
        "0804000,Aurora city,CO,10,4,0,4\n",
        "0804000,Aurora city,CO,,1,0,1\n",
        "0845970,\"Little \"\"Ton\"\", city\",CO,10,2,0,0\n",
        "0845970,\"Little \"\"Ton\"\", city\",CO,C,1,0,0\n",
        "0899999,,,,1,0,0\n",
        ",outside any city,,,4,1,0\n",
        ",not located,,,2,0,2\n",
    );
    assert_eq!(text(Format::Csv, &county::by_district()), expected);
}

#[test]
fn json_has_numbers_as_numbers_and_null_for_what_is_empty() {
    let expected = r#"[
{"geoid":"0804000","name":"Aurora city","state":"CO","district":null,"count":11,"self_asserted":2,"paper":5}
{"geoid":"0845970","name":"Little \"Ton\", city","state":"CO","district":null,"count":3,"self_asserted":0,"paper":0}
{"geoid":"0899999","name":null,"state":null,"district":null,"count":1,"self_asserted":0,"paper":0}
{"geoid":null,"name":"outside any city","state":null,"district":null,"count":4,"self_asserted":1,"paper":0}
{"geoid":null,"name":"not located","state":null,"district":null,"count":2,"self_asserted":0,"paper":2}
]
"#;
    let expected = expected.replace("}\n{", "},\n{");
    assert_eq!(text(Format::Json, &county::by_place()), expected);
}

#[test]
fn geojson_keeps_rows_that_are_nowhere_on_the_map() {
    let expected = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[-104.8319,39.7294]},"properties":{"geoid":"0804000","name":"Aurora city","state":"CO","district":null,"count":11,"self_asserted":2,"paper":5}}
{"type":"Feature","geometry":null,"properties":{"geoid":"0845970","name":"Little \"Ton\", city","state":"CO","district":null,"count":3,"self_asserted":0,"paper":0}}
{"type":"Feature","geometry":null,"properties":{"geoid":"0899999","name":null,"state":null,"district":null,"count":1,"self_asserted":0,"paper":0}}
{"type":"Feature","geometry":null,"properties":{"geoid":null,"name":"outside any city","state":null,"district":null,"count":4,"self_asserted":1,"paper":0}}
{"type":"Feature","geometry":null,"properties":{"geoid":null,"name":"not located","state":null,"district":null,"count":2,"self_asserted":0,"paper":2}}
]}
"#;
    let expected = expected.replace("}\n{", "},\n{");
    assert_eq!(text(Format::Geojson, &county::by_place()), expected);
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    for format in Format::ALL {
        let first = bytes(*format, &county::by_district());
        for _ in 0..5 {
            assert!(
                first == bytes(*format, &county::by_district()),
                "{format:?}"
            );
        }
    }
}

#[test]
fn no_rows_are_a_header_an_empty_array_and_an_empty_collection() {
    assert_eq!(
        text(Format::Csv, &[]),
        "geoid,name,state,district,count,self_asserted,paper\n"
    );
    assert_eq!(text(Format::Json, &[]), "[\n]\n");
    assert_eq!(
        text(Format::Geojson, &[]),
        "{\"type\":\"FeatureCollection\",\"features\":[\n]}\n"
    );
    assert_eq!(sheet::rows(&bytes(Format::Xlsx, &[]), "counts").len(), 1);
}

fn bytes(format: Format, rows: &[CountRow]) -> Vec<u8> {
    let mut out = Vec::new();
    format.write(rows, &mut out).expect("memory takes all");
    out
}

fn text(format: Format, rows: &[CountRow]) -> String {
    String::from_utf8(bytes(format, rows)).expect("UTF-8")
}
