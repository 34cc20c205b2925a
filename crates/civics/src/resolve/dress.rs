//! The governments, district and posts of an answer as people read them.

use super::outcome::Governments;
use crate::officials::Directory;
use crate::pack::Pack;
use crate::pack::section::NONE;
use crate::text::Line;
use chrono::NaiveDate;
use redress_model::official::Role;
use redress_model::resolution::{CountyRef, GovernmentRef, PlaceRef, PostAnswer};
use std::sync::Arc;

/// What answers with the same governments and district have in common.
#[derive(Debug)]
pub(super) struct Dress {
    /// The governments.
    pub(super) governments: Governments,
    /// The district within the first, or [`NONE`].
    pub(super) district: u32,
    /// The governing municipality.
    pub(super) place: Option<Arc<PlaceRef>>,
    /// Where people are counted.
    pub(super) home: Option<Arc<PlaceRef>>,
    /// The home's bare name, folded as a signer's city is.
    pub(super) home_folded: String,
    /// The county.
    pub(super) county: Option<Arc<CountyRef>>,
    /// The district's label.
    pub(super) label: Option<Box<str>>,
    /// Every government, most local first.
    pub(super) list: Arc<[Arc<GovernmentRef>]>,
    /// The posts that answer.
    pub(super) posts: Arc<[Arc<PostAnswer>]>,
}

impl Dress {
    pub(super) fn new(
        pack: &Pack,
        directory: Option<&Directory>,
        governments: Governments,
        district: u32,
        on: NaiveDate,
    ) -> Self {
        let home = governments.home(pack);
        let home_folded = pack.division(home).map_or_else(String::new, |home| {
            let line = Line::new(home.name());
            line.join(0, line.len())
        });
        let label: Option<Box<str>> = pack
            .division(district)
            .map(|district| district.name().into());
        let posts = directory.map_or_else(Vec::new, |directory| {
            let label = label.as_deref();
            posts(pack, directory, &governments, label, &[], on, &Arc::clone)
        });
        Self {
            governments,
            district,
            place: pack.place_reference(governments.municipality()),
            home: pack.place_reference(home),
            home_folded,
            county: pack.county_reference(governments.county),
            label,
            list: list(pack, &governments),
            posts: posts.into(),
        }
    }
}

/// Every government, most local first.
fn list(pack: &Pack, governments: &Governments) -> Arc<[Arc<GovernmentRef>]> {
    let all = [
        governments.place,
        governments.concity,
        governments.cousub,
        governments.county,
    ];
    all.into_iter()
        .filter(|number| governs(pack, *number))
        .filter_map(|number| pack.government_reference(number))
        .collect()
}

fn governs(pack: &Pack, number: u32) -> bool {
    pack.division(number)
        .is_some_and(|division| division.governs())
}

/// The posts of the governments that answer for the address: the county's only where nothing
/// more local governs. Where the district is open, the posts of the districts that it may be are
/// among them, each as `in_doubt` makes it.
pub(super) fn posts(
    pack: &Pack,
    directory: &Directory,
    governments: &Governments,
    district: Option<&str>,
    candidates: &[&str],
    on: NaiveDate,
    in_doubt: &dyn Fn(&Arc<PostAnswer>) -> Arc<PostAnswer>,
) -> Vec<Arc<PostAnswer>> {
    let mut local = [governments.place, governments.concity, governments.cousub];
    if !local.iter().any(|number| governs(pack, *number)) {
        local = [governments.county, NONE, NONE];
    }
    let main = governments.municipality();
    let mut answers = Vec::new();
    let local = local.iter().filter(|number| governs(pack, **number));
    for division in local.filter_map(|number| pack.division(*number)) {
        for answer in directory.answers_of(division.geoid(), on).iter() {
            match answer.district.as_deref() {
                Some(_) if division.number != main => {}
                Some(label) if district.is_none() && candidates.contains(&label) => {
                    answers.push(in_doubt(answer));
                }
                Some(label) if district != Some(label) => {}
                _ => answers.push(Arc::clone(answer)),
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
