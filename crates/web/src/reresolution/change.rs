//! What a new answer does to where a signature is counted: the rule.

use super::locate;
use redress_model::geoid::Geoid;
use redress_model::home::{District, Home, Location};
use redress_model::resolution::{Level, Resolution};
use serde::{Deserialize, Serialize};

/// What becomes of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is counted where it was.
    Unchanged,
    /// It was not located, and is now.
    FilledIn,
    /// It has another home.
    OtherPlace,
    /// It has another district of the same home.
    OtherDistrict,
    /// Home and district are the same; other governments are over it.
    OtherGovernments,
    /// What its signer chose is what the pack says for certain now.
    Settled,
    /// Its district, or its home, is a question now.
    BecameUncertain,
    /// The pack does not find its address.
    NoLongerLocated,
    /// Its address is not kept, and the pack does not know its block, or knows it in several places: it stays as it is.
    NeedsALook,
}

impl Change {
    /// Every one, in the order in which a report lists them.
    pub const ALL: [Self; 9] = [
        Self::Unchanged,
        Self::FilledIn,
        Self::OtherPlace,
        Self::OtherDistrict,
        Self::OtherGovernments,
        Self::Settled,
        Self::BecameUncertain,
        Self::NoLongerLocated,
        Self::NeedsALook,
    ];

    /// Its word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::FilledIn => "filled_in",
            Self::OtherPlace => "other_place",
            Self::OtherDistrict => "other_district",
            Self::OtherGovernments => "other_governments",
            Self::Settled => "settled",
            Self::BecameUncertain => "became_uncertain",
            Self::NoLongerLocated => "no_longer_located",
            Self::NeedsALook => "needs_a_look",
        }
    }

    /// Whether something of a signature becomes another.
    pub fn is_written(self) -> bool {
        !matches!(self, Self::Unchanged | Self::NeedsALook)
    }

    /// For people.
    pub fn told(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::FilledIn => "filled in: were not located",
            Self::OtherPlace => "in another place",
            Self::OtherDistrict => "in another district",
            Self::OtherGovernments => "other governments over the same place",
            Self::Settled => "certain now: as the signer chose",
            Self::BecameUncertain => "became uncertain",
            Self::NoLongerLocated => "no longer located",
            Self::NeedsALook => {
                "need a look: no address is kept, and the pack does not know the block; stay as they are"
            }
        }
    }
}

/// Whether a place is there, by its GEOID, and a district of it, if one is named.
pub(super) type IsThere<'a> = &'a dyn Fn(&str, Option<&District>) -> bool;

/// Where a signature is counted by a new answer, and what that changes.
pub(super) fn again(
    old: &Location,
    resolution: &Resolution,
    is_there: IsThere<'_>,
) -> (Change, Location) {
    let new = locate(resolution, None);
    if old.is_self_asserted {
        chosen(old, new, resolution, is_there)
    } else {
        resolved(old, new, resolution)
    }
}

fn is_certain(level: Level) -> bool {
    level.attributes_district() || level == Level::Street
}

/// A signer's choice stays while there is such a place and district, unless the answer is certain and says the same. A choice
/// that there is no more is none: the answer stands alone.
fn chosen(
    old: &Location,
    new: Location,
    resolution: &Resolution,
    is_there: IsThere<'_>,
) -> (Change, Location) {
    let is_same = new.home == old.home && new.district == old.district;
    if is_certain(resolution.level) && is_same {
        return (Change::Settled, new);
    }
    let has = |district: Option<&District>| match &old.home {
        Home::Government(geoid) => is_there(geoid.as_str(), district),
        Home::OutsideAnyCity | Home::NotLocated => true,
    };
    if has(old.district.as_ref()) {
        return (Change::Unchanged, old.clone());
    }
    if is_certain(resolution.level) {
        return resolved(old, new, resolution);
    }
    if !has(None) {
        return (Change::BecameUncertain, new);
    }
    let void = Location {
        district: None,
        ..old.clone()
    };
    (Change::BecameUncertain, void)
}

fn resolved(old: &Location, new: Location, resolution: &Resolution) -> (Change, Location) {
    if matches!(resolution.level, Level::Area | Level::None) {
        let is_lost = old.home != Home::NotLocated;
        let change = if is_lost {
            Change::NoLongerLocated
        } else {
            Change::Unchanged
        };
        return (change, new);
    }
    if new.home == Home::NotLocated && old.home != Home::NotLocated {
        return asked(old, new, resolution);
    }
    let change = if old.home == Home::NotLocated {
        if new.home == Home::NotLocated {
            Change::Unchanged
        } else {
            Change::FilledIn
        }
    } else if new.home != old.home {
        Change::OtherPlace
    } else if new.district == old.district {
        if new.governments_over == old.governments_over {
            Change::Unchanged
        } else {
            Change::OtherGovernments
        }
    } else if new.district.is_none() {
        Change::BecameUncertain
    } else {
        Change::OtherDistrict
    };
    (change, new)
}

/// Several homes fit: where the old one is among them it stays, and only the district is a question.
fn asked(old: &Location, new: Location, resolution: &Resolution) -> (Change, Location) {
    let is_offered = resolution
        .alternatives
        .iter()
        .any(|other| other.home_geoid.as_deref() == old.home.geoid().map(Geoid::as_str));
    if !is_offered {
        return (Change::BecameUncertain, new);
    }
    let kept = Location {
        district: None,
        ..old.clone()
    };
    let change = if kept == *old {
        Change::Unchanged
    } else {
        Change::BecameUncertain
    };
    (change, kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::{Value, json};

    /// A place and district, such as `9900100/3`; a word for the two homes without a GEOID.
    fn location(text: &str) -> Location {
        let (home, district) = text.split_once('/').unwrap_or((text, ""));
        Location {
            home: Home::from_key(home).unwrap(),
            district: District::parse(district).ok(),
            is_self_asserted: false,
            governments_over: Vec::new(),
        }
    }

    fn resolution(level: &str, at: &str, others: &[&str]) -> Resolution {
        let answer = location(at);
        let home = answer.home.geoid().map(Geoid::as_str);
        let place = |geoid: &str| json!({"geoid": geoid, "name": "Alder city", "ocd_id": null});
        let others: Vec<Value> = others
            .iter()
            .map(|other| {
                let other = location(other);
                let geoid = other.home.geoid().map(Geoid::as_str);
                json!({"choice": "00", "label": "", "place_geoid": geoid, "home_geoid": geoid,
                    "district": other.district.as_ref().map(District::as_str)})
            })
            .collect();
        serde_json::from_value(json!({
            "level": level, "reasons": [], "penalty": 0, "input": "", "address": {}, "point": null,
            "place": home.map(place), "home": home.map(place), "county": null,
            "district": answer.district.as_ref().map(District::as_str), "governments": [], "posts": [],
            "alternatives": others, "pack": "newer", "directory": null, "on": "2026-03-02"
        }))
        .unwrap()
    }

    /// The map knows the districts 1 to 4 of two places.
    fn is_there(geoid: &str, district: Option<&District>) -> bool {
        let is_known = |label: &District| ["1", "2", "3", "4"].contains(&label.as_str());
        ["9900100", "9900200"].contains(&geoid) && district.is_none_or(is_known)
    }

    #[rstest]
    #[case::the_same("9900100/3", "exact", "9900100/3", &[], Change::Unchanged, "9900100/3")]
    #[case::another_district("9900100/3", "exact", "9900100/4", &[], Change::OtherDistrict, "9900100/4")]
    #[case::a_district_at_last("9900100", "exact", "9900100/4", &[], Change::OtherDistrict, "9900100/4")]
    #[case::another_place("9900100/3", "relaxed", "9900200/1", &[], Change::OtherPlace, "9900200/1")]
    #[case::annexed("outside", "exact", "9900200/1", &[], Change::OtherPlace, "9900200/1")]
    #[case::found("unlocated", "exact", "9900100/3", &[], Change::FilledIn, "9900100/3")]
    #[case::found_outside("unlocated", "exact", "outside", &[], Change::FilledIn, "outside")]
    #[case::found_but_for_the_district("unlocated", "candidates", "9900100", &["9900100/1", "9900100/2"], Change::FilledIn, "9900100")]
    #[case::lost("9900100/3", "area", "outside", &[], Change::NoLongerLocated, "unlocated")]
    #[case::as_lost_as_before("unlocated", "none", "outside", &[], Change::Unchanged, "unlocated")]
    #[case::a_question_as_before("unlocated", "candidates", "outside", &["9900100/1", "9900200/2"], Change::Unchanged, "unlocated")]
    #[case::a_new_border("9900100/3", "candidates", "9900100", &["9900100/3", "9900100/4"], Change::BecameUncertain, "9900100")]
    #[case::a_new_border_of_the_city("9900100/3", "candidates", "outside", &["9900100/3", "outside"], Change::BecameUncertain, "9900100")]
    #[case::other_cities_alone("9900100/3", "candidates", "outside", &["9900200/1", "outside"], Change::BecameUncertain, "unlocated")]
    #[case::the_number_is_gone("9900100/3", "street", "9900100", &[], Change::BecameUncertain, "9900100")]
    fn what_a_pack_resolved_follows_the_new_one(
        #[case] old: &str,
        #[case] level: &str,
        #[case] at: &str,
        #[case] others: &[&str],
        #[case] change: Change,
        #[case] to: &str,
    ) {
        let answer = resolution(level, at, others);
        let found = again(&location(old), &answer, &is_there);
        assert_eq!(found, (change, location(to)));
    }

    #[rstest]
    #[case::still_a_question("9900100/3", "candidates", "9900100", &["9900100/3", "9900100/4"], Change::Unchanged, "9900100/3", true)]
    #[case::the_pack_says_otherwise("9900100/3", "exact", "9900100/4", &[], Change::Unchanged, "9900100/3", true)]
    #[case::the_pack_says_so_too("9900100/3", "exact", "9900100/3", &[], Change::Settled, "9900100/3", false)]
    #[case::the_pack_lost_it("9900100/3", "area", "outside", &[], Change::Unchanged, "9900100/3", true)]
    #[case::no_such_district_and_a_question("9900100/9", "candidates", "9900100", &["9900100/3", "9900100/4"], Change::BecameUncertain, "9900100", true)]
    #[case::no_such_place_and_a_question("9900900/1", "candidates", "outside", &["9900100/3", "9900200/1"], Change::BecameUncertain, "unlocated", false)]
    #[case::no_such_district_and_an_answer("9900100/9", "exact", "9900100/4", &[], Change::OtherDistrict, "9900100/4", false)]
    fn what_a_signer_chose_stays_while_it_is_there(
        #[case] old: &str,
        #[case] level: &str,
        #[case] at: &str,
        #[case] others: &[&str],
        #[case] change: Change,
        #[case] to: &str,
        #[case] is_self_asserted: bool,
    ) {
        let chosen = Location {
            is_self_asserted: true,
            ..location(old)
        };
        let to = Location {
            is_self_asserted,
            ..location(to)
        };
        let answer = resolution(level, at, others);
        assert_eq!(again(&chosen, &answer, &is_there), (change, to));
    }
}
