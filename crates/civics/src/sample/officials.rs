//! Who holds which post, and the faults that real lists have.
//!
//! In the city with wards: ward 3 is vacant, the term of ward 5 has ended and nobody is known to follow, ward 2 has no e-mail, the two
//! members at large have the same key, and the mayor's former holder is still listed. The second city's mayor is one of its members.

use super::{
    AS_OF,
    county::{County, CountyClass},
    names::slug,
    people, places,
    random::source,
};
use crate::sample::Plan;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// Current terms are long, so that a sample does not age.
const CURRENT: (&str, &str) = ("2025-01-01", "2039-12-31");
/// A term that is over.
const ENDED: (&str, &str) = ("2020-01-01", "2023-12-31");

/// One row of `officials.csv`.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Official {
    pub(crate) place_geoid: String,
    pub(crate) division: String,
    pub(crate) jurisdiction: String,
    pub(crate) state: String,
    pub(crate) role: &'static str,
    pub(crate) title: String,
    pub(crate) district: String,
    pub(crate) at_large: &'static str,
    pub(crate) name: String,
    pub(crate) party: &'static str,
    pub(crate) term_start: &'static str,
    pub(crate) term_end: &'static str,
    pub(crate) vacant: &'static str,
    pub(crate) email: String,
    pub(crate) web_form: String,
    pub(crate) office_address: String,
    pub(crate) url: String,
    pub(crate) as_of: &'static str,
    pub(crate) source: &'static str,
    /// The row of somebody whose successor is listed too.
    #[serde(skip)]
    pub(crate) former: bool,
}

/// A government's officials being listed.
struct Body<'a> {
    county: &'a County,
    place_geoid: String,
    division: String,
    jurisdiction: String,
    host: String,
    random: &'a mut ChaCha8Rng,
    rows: Vec<Official>,
}

impl Body<'_> {
    fn seat(&mut self, role: &'static str, title: &str, district: &str) -> &mut Official {
        let (name, party) = people::person(self.random);
        let box_name = if district.is_empty() {
            slug(title, '-')
        } else {
            format!("{}-{district}", slug(title, '-'))
        };
        let alike = |row: &&Official| row.title == title && row.district == district && !row.former;
        let serial = self.rows.iter().filter(alike).count();
        let serial = if serial == 0 {
            String::new()
        } else {
            format!("-{}", serial + 1)
        };
        self.rows.push(Official {
            place_geoid: self.place_geoid.clone(),
            division: self.division.clone(),
            jurisdiction: self.jurisdiction.clone(),
            state: self.county.state.usps.into(),
            role,
            title: title.into(),
            district: district.into(),
            at_large: if district.is_empty() { "1" } else { "0" },
            name,
            party,
            term_start: CURRENT.0,
            term_end: CURRENT.1,
            vacant: "0",
            email: format!("{box_name}{serial}@{}.example", self.host),
            web_form: String::new(),
            office_address: format!(
                "1 Government Plaza, {}, {}",
                self.county.names.grid, self.county.state.usps
            ),
            url: format!("https://{}.example/", self.host),
            as_of: AS_OF,
            source: "sample",
            former: false,
        });
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }
}

/// A government of the county: its name, what it is called, where its officials hang, who they are.
struct Government<'a> {
    name: &'a str,
    jurisdiction: String,
    place_geoid: String,
    division: String,
    fill: fn(&mut Body),
}

/// All officials of a county, its cities' first.
pub(crate) fn list(plan: Plan, county: &County) -> Vec<Official> {
    let mut random = source(plan, county.number, 2);
    let rows = governments(county).into_iter().flat_map(|government| {
        let usps = county.state.usps.to_lowercase();
        let mut body = Body {
            county,
            host: format!("{}-{usps}", slug(government.name, '-')),
            place_geoid: government.place_geoid,
            division: government.division,
            jurisdiction: government.jurisdiction,
            random: &mut random,
            rows: Vec::new(),
        };
        (government.fill)(&mut body);
        body.rows
    });
    rows.collect()
}

fn governments(county: &County) -> Vec<Government<'_>> {
    let (names, codes, state) = (&county.names, &county.codes, county.state);
    let city = |name, code: &str, jurisdiction, fill| Government {
        name,
        jurisdiction,
        place_geoid: format!("{}{code}", state.fips),
        division: String::new(),
        fill,
    };
    let called = |kind: &str, name: &str| format!("{kind} of {name}");
    let whole = |jurisdiction: String, division, fill| Government {
        name: &names.county,
        jurisdiction,
        place_geoid: String::new(),
        division,
        fill,
    };
    match county.class {
        CountyClass::INDEPENDENT => {
            return vec![city(
                &names.grid,
                &codes.grid,
                called("City", &names.grid),
                independent_city,
            )];
        }
        CountyClass::NAME_ALONE => {
            let town = Government {
                name: &names.township,
                jurisdiction: called("Town", &names.township),
                place_geoid: String::new(),
                division: places::township_id(state, &names.county, &names.township),
                fill: town,
            };
            let city = city(
                &names.at_large,
                &codes.at_large,
                called("City", &names.at_large),
                at_large,
            );
            return vec![town, city];
        }
        CountyClass::MUNICIPIO => {
            let division = places::county_id(state, &names.county);
            return vec![whole(
                format!("Municipio de {}", names.county),
                division,
                municipio,
            )];
        }
        _ => {}
    }
    let mut governments = vec![
        city(&names.grid, &codes.grid, called("City", &names.grid), wards),
        city(
            &names.at_large,
            &codes.at_large,
            called("City", &names.at_large),
            at_large,
        ),
        city(
            &names.village,
            &codes.village,
            called("Village", &names.village),
            village,
        ),
    ];
    if county.number == 0 {
        let both = format!("{}-{} Metropolitan Government", names.metro, names.county);
        governments.push(city(&names.metro, &codes.metro, both, metro));
        let enclosed = called("City", &names.enclosed);
        governments.push(city(&names.enclosed, &codes.enclosed, enclosed, small_city));
    }
    governments.push(Government {
        name: &names.township,
        jurisdiction: format!("{} Township", names.township),
        place_geoid: String::new(),
        division: places::township_id(state, &names.county, &names.township),
        fill: township,
    });
    let division = places::county_id(state, &names.county);
    governments.push(whole(
        format!("{} County", names.county),
        division,
        county_board,
    ));
    governments
}

fn wards(body: &mut Body) {
    let former = body.seat("mayor", "Mayor", "");
    (former.term_start, former.term_end) = ENDED;
    former.email = former.email.replace("mayor@", "former-mayor@");
    former.former = true;
    body.seat("mayor", "Mayor", "");
    for ward in 1..=6 {
        let member = body.seat("council_member", "Council Member", &ward.to_string());
        match ward {
            2 => member.email.clear(),
            3 => {
                member.vacant = "1";
                member.party = "";
                (member.term_start, member.term_end) = ("", "");
                member.name.clear();
                member.email.clear();
            }
            5 => (member.term_start, member.term_end) = ENDED,
            _ => {}
        }
    }
    body.seat("council_member", "Council Member At Large", "");
    body.seat("council_member", "Council Member At Large", "");
    body.seat("officer", "City Clerk", "");
}

fn at_large(body: &mut Body) {
    for _ in 0..5 {
        body.seat("council_member", "Council Member", "");
    }
    // The council chooses one of its own: one person, two titles, one mailbox.
    let member = body.rows[2].clone();
    let mayor = body.seat("mayor", "Mayor", "");
    (mayor.name, mayor.party, mayor.email) = (member.name, member.party, member.email);
    body.seat("officer", "City Clerk", "");
}

fn village(body: &mut Body) {
    body.seat("mayor", "President", "");
    for _ in 0..6 {
        body.seat("council_member", "Trustee", "");
    }
    body.seat("officer", "Village Clerk", "");
}

fn metro(body: &mut Body) {
    body.seat("mayor", "Mayor", "");
    for district in 1..=4 {
        body.seat("council_member", "Council Member", &district.to_string());
    }
    // The fourth district elects two.
    body.seat("council_member", "Council Member", "4");
    body.seat("council_member", "Council Member At Large", "");
    body.seat("council_member", "Council Member At Large", "");
    body.seat("officer", "Metropolitan Clerk", "");
}

fn small_city(body: &mut Body) {
    body.seat("mayor", "Mayor", "");
    for _ in 0..3 {
        body.seat("council_member", "Commissioner", "");
    }
}

/// Two members for each ward, and one at large.
fn independent_city(body: &mut Body) {
    body.seat("mayor", "Mayor", "");
    for ward in ["1", "1", "2", "2"] {
        body.seat("council_member", "Council Member", ward);
    }
    body.seat("council_member", "Council Member At Large", "");
    body.seat("officer", "City Clerk", "");
}

/// A town has no mayor: its board has a chair.
fn town(body: &mut Body) {
    body.seat("council_member", "Select Board Chair", "");
    for _ in 0..2 {
        body.seat("council_member", "Select Board Member", "");
    }
    body.seat("officer", "Town Clerk", "");
}

fn municipio(body: &mut Body) {
    body.seat("mayor", "Alcalde", "");
    for _ in 0..5 {
        body.seat("council_member", "Legislador Municipal", "");
    }
}

fn township(body: &mut Body) {
    body.seat("officer", "Supervisor", "");
    for _ in 0..4 {
        body.seat("council_member", "Trustee", "");
    }
}

fn county_board(body: &mut Body) {
    body.seat("officer", "County Executive", "");
    for _ in 0..3 {
        body.seat("council_member", "Commissioner", "");
    }
}
