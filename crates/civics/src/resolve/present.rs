//! The answer as people and programs receive it.

use super::dress;
use super::outcome::{District, Governments};
use super::settle::{Ground, Settled};
use crate::officials::Directory;
use crate::pack::format::{COUNTY_AREA, checksum};
use crate::pack::section::NONE;
use crate::pack::{Pack, StreetView};
use crate::parse::five_digits;
use crate::parse::{Input, Parsed};
use crate::words::{directional, highway, street_type};
use chrono::NaiveDate;
use redress_model::address::Address;
use redress_model::resolution::{Alternative, Level, Point, PostAnswer, Reason, Resolution};
use std::borrow::Cow;
use std::sync::Arc;

/// Dresses a settled answer.
pub fn present(
    ground: Ground<'_>,
    input: &Input<'_>,
    parsed: Parsed,
    city: Option<String>,
    settled: &Settled<'_>,
) -> Resolution {
    let Ground {
        pack,
        directory,
        book,
        on,
    } = ground;
    let address = match &settled.street {
        Some(street) => corrected(parsed, city, street),
        None => parsed.address(),
    };
    let mut resolution = empty(pack, directory, input, address, on);
    resolution.level = settled.level;
    resolution.penalty = settled.penalty;
    resolution.point = settled.spot.map(|spot| Point {
        lat: round(spot.lat()),
        lon: round(spot.lon()),
    });
    resolution.border_distance = settled.border.map(|metres| (metres * 10.0).round() / 10.0);
    let mut reasons = settled.reasons;
    if let Some(governments) = &settled.governments {
        let district = if settled.level.attributes_district() {
            settled.district.number()
        } else {
            NONE
        };
        let kept = settled
            .dress
            .filter(|kept| kept.district == district && kept.governments == *governments);
        let made;
        let dress = if let Some(kept) = kept {
            kept
        } else {
            made = book.dress(pack, directory, (*governments, district));
            &made
        };
        resolution.place.clone_from(&dress.place);
        resolution.home.clone_from(&dress.home);
        resolution.county.clone_from(&dress.county);
        resolution.governments = Arc::clone(&dress.list);
        resolution.district = dress.label.as_deref().map(str::to_owned);
        if dress.home.is_none() {
            reasons.add(Reason::OutsideAnyCity);
        } else if let Some(written) = &resolution.address.city
            && *written != dress.home_folded
        {
            reasons.add(Reason::PostalCityDiffers);
        }
        resolution.posts = match (&settled.district, directory) {
            (District::OneOf(divisions), Some(directory)) => {
                let candidates: Vec<&str> = divisions
                    .iter()
                    .filter_map(|number| pack.division(*number))
                    .map(|district| district.name())
                    .collect();
                let doubt = |answer: &Arc<PostAnswer>| in_doubt(answer, settled);
                dress::posts(pack, directory, governments, None, &candidates, on, &doubt).into()
            }
            _ => Arc::clone(&dress.posts),
        };
    } else {
        let shared = |of: &dyn Fn(&Governments) -> u32| pack.place_reference(shared(settled, of)?);
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
    address: Address,
    on: NaiveDate,
) -> Resolution {
    Resolution {
        level: Level::None,
        reasons: Vec::new(),
        penalty: 0,
        input: input.to_line(),
        address,
        point: None,
        border_distance: None,
        place: None,
        home: None,
        county: None,
        district: None,
        governments: Arc::default(),
        posts: Arc::default(),
        alternatives: Vec::new(),
        pack: Arc::clone(pack.id()),
        directory: directory.map(Directory::version),
        on,
    }
}

/// Six decimals: a tenth of a metre.
fn round(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

/// The address with the parts of its street as the pack has them.
fn corrected(parsed: Parsed, city: Option<String>, street: &StreetView<'_>) -> Address {
    let filled = |text: &'static str| (!text.is_empty()).then_some(Cow::Borrowed(text));
    let [predir, pretype, kind, postdir] = street.parts();
    let written = parsed.zip;
    let mut address = Address {
        predir: filled(directional::standard(predir)),
        pretype: filled(highway::standard(pretype)),
        name: Some(street.display().to_owned()).filter(|name| !name.is_empty()),
        street_type: filled(street_type::standard(kind)),
        postdir: filled(directional::standard(postdir)),
        ..parsed.into_address_without_street()
    };
    if city.is_some() {
        address.city = city;
    }
    if street.record.area < COUNTY_AREA && written != Some(street.record.area) {
        address.zip4 = None;
        address.zip = Some(five_digits(street.record.area));
    }
    address
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
    Alternative {
        choice: choice(
            place_geoid.as_deref(),
            local.map(|division| division.geoid()),
            label.as_deref(),
        ),
        label: text,
        place_geoid,
        home_geoid: home.map(|division| division.geoid().to_owned()),
        district: label,
    }
}

/// What stands for an alternative: the same for the same governments, whatever pack names them.
pub(crate) fn choice(place: Option<&str>, local: Option<&str>, district: Option<&str>) -> String {
    let key = [place, local, district]
        .map(Option::unwrap_or_default)
        .join("|");
    format!("{:016x}", checksum(key.as_bytes()))
}

/// An answer as one of several; `None` where it names no government.
pub fn as_alternative(resolution: &Resolution) -> Option<Alternative> {
    let local = resolution.governments.first()?;
    let place = resolution.place.as_ref();
    let district = resolution.district.as_deref();
    let home = resolution.home.as_ref();
    let mut label = home.map_or_else(
        || format!("outside any city, in {}", local.name),
        |home| home.name.clone(),
    );
    if let Some(district) = district {
        label = format!("{label}, District {district}");
    }
    let place_geoid = place.map(|place| place.geoid.as_str());
    Some(Alternative {
        choice: choice(
            place_geoid,
            Some(place_geoid.unwrap_or(&local.geoid)),
            district,
        ),
        label,
        place_geoid: place_geoid.map(str::to_owned),
        home_geoid: home.map(|home| home.geoid.clone()),
        district: district.map(str::to_owned),
    })
}

/// The post of one of the districts that an address may lie in.
fn in_doubt(answer: &Arc<PostAnswer>, settled: &Settled<'_>) -> Arc<PostAnswer> {
    let mut answer = PostAnswer::clone(answer);
    let reasons = settled.reasons.list();
    let doubts = reasons
        .into_iter()
        .filter(|reason| is_about_districts(*reason));
    let before = answer.reasons.len();
    answer.reasons.extend(doubts);
    answer.certain &= answer.reasons.len() == before;
    Arc::new(answer)
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
