//! What an opinion amounts to, compared with the pack's answer.

use crate::pack::section::kind;
use crate::pack::{DivisionView, Pack};
use crate::providers::{DistrictSaid, Divisions, Opinion, PlaceSaid, ProviderError};
use crate::text::Line;
use crate::words::state;
use redress_model::resolution::Resolution;

/// What an opinion amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It says the same, or less.
    Agrees,
    /// It says nothing of a municipality.
    Silent,
    /// It names other municipalities.
    OtherPlaces(Vec<Other>),
    /// It names other districts of the same municipality.
    OtherDistricts(Vec<String>),
    /// It does not know the address.
    NoMatch,
    /// It could not be had.
    Unavailable(ProviderError),
}

impl Verdict {
    /// In words, after the provider's name.
    pub fn said(&self, pack: &Pack) -> String {
        match self {
            Self::Agrees => "agrees".to_owned(),
            Self::Silent => "names no municipality".to_owned(),
            Self::NoMatch => "does not know the address".to_owned(),
            Self::Unavailable(error) => error.to_string(),
            Self::OtherDistricts(labels) => format!("names district {}", labels.join(" or ")),
            Self::OtherPlaces(others) => {
                let names: Vec<&str> = others
                    .iter()
                    .map(|other| match other {
                        Other::OutsideAnyCity => "no city",
                        Other::Unknown => "a municipality that the pack does not know",
                        Other::Known(number) => pack
                            .division(*number)
                            .map_or("", |division| division.full_name()),
                    })
                    .collect();
                format!("names {}", names.join(" or "))
            }
        }
    }
}

/// Another municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// The pack's division of that position.
    Known(u32),
    /// One that the pack does not know.
    Unknown,
    /// None at all.
    OutsideAnyCity,
}

/// Compares an opinion with an answer.
pub fn verdict(resolution: &Resolution, pack: &Pack, opinion: &Opinion) -> Verdict {
    let matches = match &opinion.divisions {
        Ok(matches) => matches,
        Err(error) => return Verdict::Unavailable(error.clone()),
    };
    let mut verdicts: Vec<Verdict> = matches
        .iter()
        .map(|one| of_match(resolution, pack, one))
        .collect();
    // Of several that tie the one that says the same as we do may be meant.
    for harmless in [Verdict::Agrees, Verdict::Silent] {
        if verdicts.contains(&harmless) {
            return harmless;
        }
    }
    let (mut places, mut districts) = (Vec::new(), Vec::new());
    for verdict in verdicts.drain(..) {
        match verdict {
            Verdict::OtherPlaces(others) => places.extend(others),
            Verdict::OtherDistricts(labels) => districts.extend(labels),
            _ => {}
        }
    }
    if !places.is_empty() {
        Verdict::OtherPlaces(places)
    } else if !districts.is_empty() {
        Verdict::OtherDistricts(districts)
    } else {
        Verdict::NoMatch
    }
}

fn of_match(resolution: &Resolution, pack: &Pack, said: &Divisions) -> Verdict {
    // Only our own municipality's districts bear on ours: its county may have a council too.
    let districts: Vec<&DistrictSaid> = said
        .districts
        .iter()
        .filter(|district| {
            let of = district.of.as_ref();
            of.is_none_or(|of| is_our_place(resolution, pack, of))
        })
        .collect();
    let places = said.places.as_deref().unwrap_or_default();
    if places.iter().any(|place| is_ours(resolution, pack, place))
        || districts.iter().any(|district| district.of.is_some())
    {
        return match &resolution.district {
            Some(ours)
                if !districts.is_empty()
                    && districts
                        .iter()
                        .all(|district| !district.label.eq_ignore_ascii_case(ours)) =>
            {
                let labels = districts.iter().map(|district| district.label.clone());
                Verdict::OtherDistricts(labels.collect())
            }
            _ => Verdict::Agrees,
        };
    }
    if said.places.is_none() {
        return Verdict::Silent;
    }
    let mut others = Vec::new();
    for place in places {
        match find(pack, place) {
            None if is_comparable(resolution, place) => others.push(Other::Unknown),
            Some(place) if place.governs() => others.push(Other::Known(place.number)),
            // A census-designated place is no municipality.
            Some(place) if is_statistical(&place) => {}
            // The remainder of a consolidated city and the like: it is a matter of names.
            None | Some(_) => return Verdict::Silent,
        }
    }
    match (others.is_empty(), &resolution.place) {
        (true, None) => Verdict::Agrees,
        (true, Some(_)) => Verdict::OtherPlaces(vec![Other::OutsideAnyCity]),
        (false, _) => Verdict::OtherPlaces(others),
    }
}

/// Whether a municipality is one of the answer's governments. A town is a county subdivision, and
/// the city of San Francisco a county: so all of them count.
fn is_ours(resolution: &Resolution, pack: &Pack, said: &PlaceSaid) -> bool {
    let governments = resolution.governments.iter();
    is_our_place(resolution, pack, said)
        || governments
            .map(|government| (&government.geoid, &government.ocd_id))
            .any(|(geoid, ocd_id)| is(pack, said, geoid, ocd_id.as_deref()))
}

/// Whether it is the answer's own municipality.
fn is_our_place(resolution: &Resolution, pack: &Pack, said: &PlaceSaid) -> bool {
    let place = resolution.place.as_ref();
    place.is_some_and(|place| is(pack, said, &place.geoid, place.ocd_id.as_deref()))
}

fn is(pack: &Pack, said: &PlaceSaid, geoid: &str, ocd_id: Option<&str>) -> bool {
    match said {
        PlaceSaid::Geoid(said) => said == geoid,
        PlaceSaid::Ocd(said) => ocd_id == Some(said),
        PlaceSaid::Named { .. } => find(pack, said).is_some_and(|found| found.geoid() == geoid),
    }
}

/// Whether a municipality that the pack does not know is another one for that reason alone: a
/// name may be spelled in many ways, and ids differ only from ids.
fn is_comparable(resolution: &Resolution, said: &PlaceSaid) -> bool {
    match said {
        PlaceSaid::Geoid(_) => true,
        PlaceSaid::Ocd(_) => resolution
            .place
            .as_ref()
            .is_none_or(|place| place.ocd_id.is_some()),
        PlaceSaid::Named { .. } => false,
    }
}

fn find<'pack>(pack: &'pack Pack, said: &PlaceSaid) -> Option<DivisionView<'pack>> {
    let mut divisions = (0..pack.divisions().len() as u32)
        .filter_map(|number| pack.division(number))
        .filter(|division| division.record.kind != kind::DISTRICT);
    match said {
        PlaceSaid::Geoid(geoid) => divisions.find(|division| division.geoid() == geoid),
        PlaceSaid::Ocd(id) => divisions.find(|division| division.ocd_id() == Some(id)),
        PlaceSaid::Named { name, state } => {
            let (name, code) = (folded(name), state::by_text(state)?.fips);
            let named = |division: &DivisionView<'_>| {
                division.record.state == code
                    && matches!(division.record.kind, kind::PLACE | kind::CONCITY)
                    && folded(division.name()) == name
            };
            let mut named: Vec<_> = divisions.filter(named).collect();
            // A village and a town may share a name: only what is plain is taken.
            named.sort_by_key(|division| !division.governs());
            match named.as_slice() {
                [one] => Some(*one),
                [one, other, ..] if one.governs() && !other.governs() => Some(*one),
                _ => None,
            }
        }
    }
}

fn is_statistical(place: &DivisionView<'_>) -> bool {
    place.record.funcstat == b'S' || place.record.classfp[0] == b'U'
}

fn folded(name: &str) -> String {
    let line = Line::new(name);
    line.join(0, line.len())
}
