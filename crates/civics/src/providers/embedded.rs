//! The pack itself behind the same traits: the default, with which nothing leaves the host.

use super::{
    DistrictFinder, DistrictSaid, Divisions, Locator, OfficialFinder, OfficialSeen, PlaceSaid,
    ProviderError, Query, Sighting,
};
use crate::parse::Input;
use crate::resolve::Resolver;
use chrono::NaiveDate;
use redress_model::resolution::{Level, Resolution};
use std::time::Duration;

/// A resolver on a day. It takes microseconds and minds no deadline.
#[derive(Clone, Copy)]
pub struct Embedded<'pack> {
    resolver: Resolver<'pack>,
    on: NaiveDate,
}

impl<'pack> Embedded<'pack> {
    /// Answers for a day.
    pub fn new(resolver: Resolver<'pack>, on: NaiveDate) -> Self {
        Self { resolver, on }
    }

    fn resolution(&self, query: &Query) -> Resolution {
        self.resolver.resolve(&Input::line(query.line()), self.on)
    }
}

impl Locator for Embedded<'_> {
    fn locate(&self, query: &Query, _within: Duration) -> Result<Vec<Sighting>, ProviderError> {
        let resolution = self.resolution(query);
        Ok(resolution
            .point
            .map(|point| Sighting {
                address: None,
                point: Some(point),
            })
            .into_iter()
            .collect())
    }
}

impl DistrictFinder for Embedded<'_> {
    fn divisions_of(
        &self,
        query: &Query,
        _within: Duration,
    ) -> Result<Vec<Divisions>, ProviderError> {
        let resolution = self.resolution(query);
        let divisions = |geoid: Option<&String>, district: Option<&String>| Divisions {
            places: Some(geoid.cloned().map(PlaceSaid::Geoid).into_iter().collect()),
            districts: district
                .map(|label| DistrictSaid {
                    label: label.clone(),
                    of: None,
                })
                .into_iter()
                .collect(),
        };
        Ok(match resolution.level {
            Level::None | Level::Area => Vec::new(),
            Level::Candidates => resolution
                .alternatives
                .iter()
                .map(|one| divisions(one.place_geoid.as_ref(), one.district.as_ref()))
                .collect(),
            _ => {
                let place = resolution.place.as_ref().map(|place| &place.geoid);
                vec![divisions(place, resolution.district.as_ref())]
            }
        })
    }
}

impl OfficialFinder for Embedded<'_> {
    fn officials_of(
        &self,
        query: &Query,
        _within: Duration,
    ) -> Result<Vec<OfficialSeen>, ProviderError> {
        let posts = self.resolution(query).posts;
        Ok(posts
            .iter()
            .filter(|post| post.certain)
            .filter_map(|post| {
                Some(OfficialSeen {
                    name: post.person.as_ref()?.name.clone(),
                    title: post.title.clone(),
                    district: post.district.clone(),
                })
            })
            .collect())
    }
}
