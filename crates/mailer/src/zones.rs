//! In which time zones an office may sit.
//!
//! A jurisdiction's GEOID begins with its state's FIPS code. States that the clock divides have both zones, and an office there counts as open
//! while it would be open in either: nobody's morning mail comes at seven. Source: the Department of Transportation's limits of zones (49 CFR
//! part 71), with the larger part of the state first.

use chrono_tz::Tz;

/// The zones of a jurisdiction; for one outside the table the petition's own.
pub fn zones_of(geoid: &str, petition: Tz) -> Vec<Tz> {
    let found: &[Tz] = geoid.get(..2).map_or(&[], of_state);
    if found.is_empty() {
        vec![petition]
    } else {
        found.to_vec()
    }
}

fn of_state(fips: &str) -> &'static [Tz] {
    use Tz::{
        America__Adak as Adak, America__Anchorage as Alaska, America__Boise as Boise,
        America__Chicago as Central, America__Denver as Mountain, America__Detroit as Detroit,
        America__Los_Angeles as Pacific, America__New_York as Eastern, America__Phoenix as Arizona,
        America__Puerto_Rico as Atlantic, Pacific__Guam as Chamorro, Pacific__Honolulu as Hawaii,
        Pacific__Pago_Pago as Samoa,
    };
    match fips {
        "09" | "10" | "11" | "13" | "23" | "24" | "25" | "33" | "34" | "36" | "37" | "39"
        | "42" | "44" | "45" | "50" | "51" | "54" => &[Eastern],
        "01" | "05" | "17" | "19" | "22" | "27" | "28" | "29" | "40" | "55" => &[Central],
        "08" | "30" | "35" | "49" | "56" => &[Mountain],
        "06" | "32" | "53" => &[Pacific],
        "12" | "18" | "21" => &[Eastern, Central],
        "26" => &[Detroit, Central],
        "47" => &[Central, Eastern],
        "20" | "31" | "38" | "46" | "48" => &[Central, Mountain],
        "16" => &[Boise, Pacific],
        "41" => &[Pacific, Boise],
        "02" => &[Alaska, Adak],
        "04" => &[Arizona],
        "15" => &[Hawaii],
        "60" => &[Samoa],
        "66" | "69" => &[Chamorro],
        "72" | "78" => &[Atlantic],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_zones_and_a_strange_place_the_petitions() {
        let states = (1..=78).filter(|fips| !of_state(&format!("{fips:02}")).is_empty());
        // Fifty states, the District of Columbia, five territories.
        assert_eq!(states.count(), 56);
        assert_eq!(zones_of("0804000", Tz::UTC), [Tz::America__Denver]);
        assert_eq!(zones_of("4824000", Tz::UTC).len(), 2);
        for strange in ["9900100", "", "é"] {
            assert_eq!(zones_of(strange, Tz::UTC), [Tz::UTC]);
        }
    }
}
