//! The answer as people and programs receive it.

use super::outcome::{District, Governments};
use super::settle::Settled;
use crate::officials::Directory;
use crate::pack::Pack;
use crate::pack::format::{COUNTY_AREA, checksum};
use crate::pack::section::{NONE, kind};
use crate::parse::{Input, Parsed};
use crate::words::{directional, highway, street_type};
use chrono::NaiveDate;
use redress_model::address::Address;
use redress_model::official::{Role, Seat};
use redress_model::resolution::{
    Alternative, CountyRef, GovernmentRef, Level, PlaceRef, Point, PostAnswer, Reason, Resolution,
};

/// Dresses a settled answer.
pub fn present(
    pack: &Pack,
    directory: Option<&Directory>,
    input: &Input<'_>,
    parsed: &Parsed,
    city: Option<String>,
    settled: &Settled<'_>,
    on: NaiveDate,
) -> Resolution {
    let mut resolution = empty(pack, directory, input, parsed, on);
    resolution.level = settled.level;
    resolution.penalty = settled.penalty;
    resolution.point = settled.spot.map(|spot| Point {
        lat: round(spot.lat()),
        lon: round(spot.lon()),
    });
    correct(&mut resolution.address, parsed, city, settled);
    let mut reasons = settled.reasons;
    if let Some(governments) = &settled.governments {
        let home = governments.home(pack);
        resolution.place = place(pack, governments.municipality());
        resolution.home = place(pack, home);
        resolution.county = county(pack, governments.county);
        resolution.governments = list(pack, governments);
        if home == NONE {
            reasons.add(Reason::OutsideAnyCity);
        } else if let Some(written) = &resolution.address.city
            && pack
                .division(home)
                .is_some_and(|home| fold(home.name()) != *written)
        {
            reasons.add(Reason::PostalCityDiffers);
        }
        if let District::Known { division, .. } = &settled.district
            && settled.level.attributes_district()
        {
            resolution.district = pack
                .division(*division)
                .map(|district| district.name().to_owned());
        }
        if let Some(directory) = directory {
            resolution.posts = posts(
                pack,
                directory,
                governments,
                settled,
                resolution.district.as_deref(),
                on,
            );
        }
    } else {
        let shared = |of: &dyn Fn(&Governments) -> u32| place(pack, shared(settled, of)?);
        resolution.place = shared(&Governments::municipality);
        resolution.home = shared(&|governments| governments.home(pack));
    }
    resolution.alternatives = settled
        .alternatives
        .iter()
        .map(|(governments, district)| alternative(pack, governments, *district))
        .collect();
    resolution.reasons = reasons.list();
    resolution
}

/// A resolution that says nothing yet.
pub fn empty(
    pack: &Pack,
    directory: Option<&Directory>,
    input: &Input<'_>,
    parsed: &Parsed,
    on: NaiveDate,
) -> Resolution {
    Resolution {
        level: Level::None,
        reasons: Vec::new(),
        penalty: 0,
        input: input.to_line(),
        address: parsed.address(),
        point: None,
        place: None,
        home: None,
        county: None,
        district: None,
        governments: Vec::new(),
        posts: Vec::new(),
        alternatives: Vec::new(),
        pack: pack.id().to_owned(),
        directory: directory.map(Directory::version),
        on,
    }
}

/// Six decimals: a tenth of a metre.
fn round(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

fn fold(name: &str) -> String {
    let line = crate::text::Line::new(name);
    line.join(0, line.len())
}

/// The parts of the street as the pack has them.
fn correct(address: &mut Address, parsed: &Parsed, city: Option<String>, settled: &Settled<'_>) {
    let Some(street) = settled.street else { return };
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let [predir, pretype, kind, postdir] = street.record.parts;
    *address = parsed.address_without_street();
    address.city = city;
    address.predir = filled(directional::standard(predir));
    address.pretype = filled(highway::standard(pretype));
    address.name = filled(street.display());
    address.street_type = filled(street_type::standard(kind));
    address.postdir = filled(directional::standard(postdir));
    if street.record.area < COUNTY_AREA {
        let zip = format!("{:05}", street.record.area);
        if address.zip.as_ref() != Some(&zip) {
            address.zip4 = None;
        }
        address.zip = Some(zip);
    }
}

fn place(pack: &Pack, number: u32) -> Option<PlaceRef> {
    let division = pack.division(number)?;
    Some(PlaceRef {
        geoid: division.geoid().to_owned(),
        name: division.full_name().to_owned(),
        ocd_id: division.ocd_id().map(str::to_owned),
    })
}

fn county(pack: &Pack, county: u32) -> Option<CountyRef> {
    let division = pack.division(county)?;
    Some(CountyRef {
        fips: division.geoid().to_owned(),
        name: Some(division.full_name().to_owned()).filter(|name| !name.is_empty()),
    })
}

/// Every government, most local first.
fn list(pack: &Pack, governments: &Governments) -> Vec<GovernmentRef> {
    [
        governments.place,
        governments.concity,
        governments.cousub,
        governments.county,
    ]
    .into_iter()
    .filter_map(|number| pack.division(number))
    .filter(super::super::pack::DivisionView::governs)
    .map(|division| GovernmentRef {
        geoid: division.geoid().to_owned(),
        name: division.full_name().to_owned(),
        kind: match division.record.kind {
            kind::COUNTY => "county",
            kind::COUSUB => "county_subdivision",
            kind::CONCITY => "consolidated_city",
            _ => "place",
        }
        .to_owned(),
        ocd_id: division.ocd_id().map(str::to_owned),
    })
    .collect()
}

/// The municipality or home, when every alternative names the same.
fn shared(settled: &Settled<'_>, of: &dyn Fn(&Governments) -> u32) -> Option<u32> {
    let mut places = settled
        .alternatives
        .iter()
        .map(|(governments, _)| of(governments));
    let first = places.next().filter(|place| *place != NONE)?;
    places.all(|place| place == first).then_some(first)
}

fn alternative(pack: &Pack, governments: &Governments, district: u32) -> Alternative {
    let municipality = pack.division(governments.municipality());
    let home = pack.division(governments.home(pack));
    let local = home
        .or_else(|| pack.division(governments.cousub))
        .or_else(|| pack.division(governments.county));
    let label = pack
        .division(district)
        .map(|district| district.name().to_owned());
    let mut text = local.map_or_else(
        || "outside any city".to_owned(),
        |division| division.full_name().to_owned(),
    );
    if home.is_none() && local.is_some() {
        text = format!("outside any city, in {text}");
    }
    if let Some(district) = pack.division(district) {
        text = format!("{text}, {}", district.full_name());
    }
    let place_geoid = municipality.map(|division| division.geoid().to_owned());
    let key = format!(
        "{}|{}|{}",
        place_geoid.as_deref().unwrap_or(""),
        local.map_or("", |division| division.geoid()),
        label.as_deref().unwrap_or("")
    );
    Alternative {
        choice: format!("{:016x}", checksum(key.as_bytes())),
        label: text,
        place_geoid,
        home_geoid: home.map(|division| division.geoid().to_owned()),
        district: label,
    }
}

/// The posts of the governments that answer for the address: the county's only where nothing
/// more local governs.
fn posts(
    pack: &Pack,
    directory: &Directory,
    governments: &Governments,
    settled: &Settled<'_>,
    district: Option<&str>,
    on: NaiveDate,
) -> Vec<PostAnswer> {
    let governs = |number: u32| {
        pack.division(number)
            .filter(super::super::pack::DivisionView::governs)
    };
    let mut local: Vec<_> = [governments.place, governments.concity, governments.cousub]
        .into_iter()
        .filter_map(governs)
        .collect();
    if local.is_empty() {
        local.extend(governs(governments.county));
    }
    let candidates: Vec<String> = match &settled.district {
        District::OneOf(divisions) => divisions
            .iter()
            .filter_map(|number| pack.division(*number))
            .map(|district| district.name().to_owned())
            .collect(),
        _ => Vec::new(),
    };
    let main = governments.municipality();
    let mut answers = Vec::new();
    for division in local {
        let knows_district = division.number == main;
        for post in directory.posts_of(division.geoid()) {
            let mut doubts = Vec::new();
            if let Seat::District(label) = &post.seat {
                if !knows_district {
                    continue;
                }
                match district {
                    Some(district) if district == label => {}
                    None if candidates.contains(label) => {
                        doubts = settled
                            .reasons
                            .list()
                            .into_iter()
                            .filter(|reason| is_about_districts(*reason))
                            .collect();
                    }
                    _ => continue,
                }
            }
            for mut answer in post.answers(on) {
                answer.certain &= doubts.is_empty();
                answer.reasons.extend(&doubts);
                answers.push(answer);
            }
        }
    }
    answers.sort_by_key(|answer| match answer.role {
        Role::Mayor => 0,
        Role::CouncilMember if answer.district.is_some() => 1,
        Role::CouncilMember => 2,
        Role::Clerk => 3,
        Role::Officer => 4,
    });
    answers
}

fn is_about_districts(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::BorderWithinBand
            | Reason::OverlappingDistricts
            | Reason::SeveralAnswers
            | Reason::SideIsSplit
    )
}
