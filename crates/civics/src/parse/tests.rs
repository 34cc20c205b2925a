//! Whole addresses through the parser.

use super::*;
use redress_model::address::Standard;

fn parts(text: &str) -> String {
    show(&Parsed::new(&Input::line(text)))
}

fn show(parsed: &Parsed) -> String {
    let address = parsed.address();
    let text = |part: Option<String>| part.unwrap_or_default();
    let word = |part: Option<Standard>| part.unwrap_or_default();
    format!(
        "{}:{}/{}/{}/{}/{}/{}/{}/{}/{}/{}",
        parsed.kind.as_str(),
        text(address.number),
        word(address.predir),
        word(address.pretype),
        text(address.name),
        word(address.street_type),
        word(address.postdir),
        text(address.unit),
        text(address.city),
        word(address.state),
        text(address.zip),
    )
}

#[test]
fn ordinary_addresses_come_apart() {
    for (text, expected) in [
        (
            "123 N Main St, Springfield, IL 62701",
            "street:123/N//MAIN/ST///SPRINGFIELD/IL/62701",
        ),
        (
            "123 north main street springfield il 62701-1234",
            "street:123/N//MAIN/ST///SPRINGFIELD/IL/62701",
        ),
        (
            "10061 E COLFAX AVE SPC 14, Aurora, CO 80010",
            "street:10061/E//COLFAX/AVE//SPC 14/AURORA/CO/80010",
        ),
        (
            "5560 S Parker Rd # 12 Aurora CO",
            "street:5560/S//PARKER/RD//# 12/AURORA/CO/",
        ),
        (
            "100 Main St St Paul MN 55101",
            "street:100///MAIN/ST///ST PAUL/MN/55101",
        ),
        (
            "123 Broadway, New York, NY 10001",
            "street:123///BROADWAY////NEW YORK/NY/10001",
        ),
        ("123 Main Ct", "street:123///MAIN/CT/////"),
        (
            "123 Main St Hartford CT",
            "street:123///MAIN/ST///HARTFORD/CT/",
        ),
        (
            "750 S 300 E, Salt Lake City, UT 84101",
            "street:750/S//300//E//SALT LAKE CITY/UT/84101",
        ),
        (
            "750 SW West Point Ct, Portland, OR 97201",
            "street:750/SW//WEST POINT/CT///PORTLAND/OR/97201",
        ),
        (
            "N165W2123 Meadow Ln, Jackson WI 53037",
            "street:N165W2123///MEADOW/LN///JACKSON/WI/53037",
        ),
        (
            "92-10 31st Ave Apt 4B, Queens NY 11369",
            "street:92-10///31ST/AVE//APT 4B/QUEENS/NY/11369",
        ),
        (
            "701 US Hwy 89, White Sulphur Springs, MT 59645",
            "street:701//US HIGHWAY|89".replace('|', "/").as_str(),
        ),
        (
            "219 South Dearborn St Second Floor, Chicago, IL",
            "street:219/S//DEARBORN/ST//SECOND FL/CHICAGO/IL/",
        ),
        (
            "12 1/2 Elm St, Apt. 3, Salem, MA 01970",
            "street:12 1/2///ELM/ST//APT 3/SALEM/MA/01970",
        ),
        (
            "123 Main St 4B, Salem MA 01970",
            "street:123///MAIN/ST//# 4B/SALEM/MA/01970",
        ),
    ] {
        assert!(
            parts(text).starts_with(expected),
            "{text}\n  {}\n  {expected}",
            parts(text)
        );
    }
}

#[test]
fn what_is_no_house_is_called_by_its_name() {
    for (text, expected) in [
        (
            "P.O. Box 12, Aurora, CO 80010",
            "po_box:////////AURORA/CO/80010",
        ),
        (
            "General Delivery, Aurora CO 80010",
            "po_box:////////AURORA/CO/80010",
        ),
        (
            "RR 2 Box 10, Ames, IA 50010",
            "rural_route:////////AMES/IA/50010",
        ),
        (
            "HC 1 Box 5 Kenai AK 99611",
            "rural_route:////////KENAI/AK/99611",
        ),
        ("PSC 3 Box 12, APO AE 09012", "military:"),
        ("Main St & 1st Ave, Aurora, CO", "intersection:///"),
        ("Main St and 1st Ave", "intersection:///"),
        ("80010", "area://////////80010"),
        ("Springfield, IL", "area:////////SPRINGFIELD/IL/"),
        ("", "unparsed:"),
        ("???", "unparsed:"),
        ("ул. Ленина 5", "unparsed:"),
    ] {
        let got = parts(text)
            .replace("PO BOX 12", "")
            .replace("GENERAL DELIVERY", "");
        assert!(
            got.starts_with(expected.split("////").next().unwrap()),
            "{text}\n  {got}\n  {expected}"
        );
        assert!(
            got.ends_with(expected.rsplit("////").next().unwrap())
                || expected.ends_with(':')
                || expected.ends_with("///"),
            "{text}\n  {got}\n  {expected}"
        );
    }
}

#[test]
fn fields_win_over_the_line() {
    let input = Input {
        street: "123 Main Ct",
        city: "Hartford",
        state: "Connecticut",
        zip: "06103",
        unit: "4b",
    };
    assert_eq!(
        show(&Parsed::new(&input)),
        "street:123///MAIN/CT//# 4B/HARTFORD/CT/06103"
    );
    let repeated = Input {
        street: "123 Main St, Hartford, CT 06103",
        city: "Hartford",
        state: "CT",
        zip: "06103",
        unit: "",
    };
    assert_eq!(
        show(&Parsed::new(&repeated)),
        "street:123///MAIN/ST///HARTFORD/CT/06103"
    );
    let lost_zero = Input {
        street: "1 Willow Ave",
        city: "Hoboken",
        state: "NJ",
        zip: "7030",
        unit: "",
    };
    assert_eq!(
        show(&Parsed::new(&lost_zero)),
        "street:1///WILLOW/AVE///HOBOKEN/NJ/07030"
    );
}

#[test]
fn a_quadrant_behind_a_comma_is_the_streets() {
    for (text, expected) in [
        (
            "1105 Bolton Road, NW Atlanta, GA 30331",
            "street:1105///BOLTON/RD/NW//ATLANTA/GA/30331",
        ),
        (
            "83 Glenn Street, SE, Atlanta, GA",
            "street:83///GLENN/ST/SE//ATLANTA/GA/",
        ),
        ("83 Glenn Street, SE", "street:83///GLENN/ST/SE////"),
        (
            "12 Elm St, West Allis, WI",
            "street:12///ELM/ST///WEST ALLIS/WI/",
        ),
    ] {
        assert_eq!(parts(text), expected, "{text}");
    }
}

#[test]
fn of_two_types_the_last_is_the_streets_and_a_saint_is_none() {
    for (text, expected) in [
        (
            "318 Grant Avenue Cir Lisbon IA 52253",
            "street:318///GRANT AVENUE/CIR///LISBON/IA/52253",
        ),
        (
            "155 LAUREL RUN RD BEAR CREEK PA 18702",
            "street:155///LAUREL RUN/RD///BEAR CREEK/PA/18702",
        ),
        (
            "800 N. Lindberg St. Louis MO 63167",
            "street:800/N//LINDBERG////ST LOUIS/MO/63167",
        ),
        (
            "7509 13Th Ave No St Petersburg FL 33710",
            "street:7509///13TH/AVE/N//ST PETERSBURG/FL/33710",
        ),
        (
            "12 Main St St Paul MN 55101",
            "street:12///MAIN/ST///ST PAUL/MN/55101",
        ),
    ] {
        assert_eq!(parts(text), expected, "{text}");
    }
}

#[test]
fn without_state_and_zip_plain_words_behind_a_type_are_a_city() {
    assert_eq!(
        parts("1850 Green Bay Road Highland Park"),
        "street:1850///GREEN BAY/RD///HIGHLAND PARK//"
    );
    assert_eq!(
        parts("142 East 154th Street Harvey"),
        "street:142/E//154TH/ST///HARVEY//"
    );
    assert_eq!(parts("12 Main St Rear"), "street:12///MAIN/ST//REAR///");
    assert_eq!(
        parts("5490 S. South Shore Drive # 3 South"),
        "street:5490/S//SOUTH SHORE/DR//# 3 SOUTH///"
    );
}
