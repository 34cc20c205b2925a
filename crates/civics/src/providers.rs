//! Second opinions: what others say of an address.
//!
//! An answer comes from the pack, in process ([`embedded`]): that is the default, and nothing
//! leaves the host. Where an operator has switched others on, what they say can **lower** the
//! level of that answer and never raise or replace it ([`mod@second_opinion`]).
//!
//! There is one trait for each question: [`Locator`], [`DistrictFinder`], [`OfficialFinder`]. A
//! provider on the web reads its own shape of JSON and implements those that it can answer; the
//! JSON comes from a [`Source`], and what holds for every call is a source around another one:
//! [`Cached`], [`Retried`], [`Budgeted`] around [`Web`]. Each call has a deadline.
//!
//! Rules:
//!
//! - An address goes only to providers that are configured, never to where one of them redirects.
//! - Keys come from files or the environment. No error quotes an address, a key or a query.
//! - A provider that fails is a reason in the answer, never a failure of it.
//!
//! To add a provider: a file here that reads its shape, its name in [`ProviderName`], its settings
//! and its arm in [`Panel::new`], a section in `docs/providers.md`, and a test with a local server
//! that answers in its shape, faults included.

mod budget;
mod cache;
pub mod census;
pub mod cicero;
pub mod embedded;
mod error;
pub mod google;
pub mod json;
mod key;
mod ocd;
mod panel;
mod query;
mod retried;
pub mod second_opinion;
pub mod settings;
mod source;
#[cfg(test)]
mod tests;
mod web;

pub use budget::{Budget, Budgeted};
pub use cache::Cached;
pub use error::{ProviderError, SettingsError};
pub use key::Key;
pub use panel::{Opinion, Panel, Testimony, Workshop};
pub use query::Query;
pub use retried::Retried;
pub use second_opinion::{Verdict, second_opinion};
pub use settings::{ProviderName, ProviderSettings, ProvidersSettings};
pub use source::Source;
pub use web::Web;

use redress_model::resolution::Point;
use std::time::Duration;

/// Says where an address is.
pub trait Locator: Send + Sync {
    /// Every place that it may be: none when it is not known, several when they tie.
    fn locate(&self, query: &Query, within: Duration) -> Result<Vec<Sighting>, ProviderError>;
}

/// Says which municipality and council district an address belongs to.
pub trait DistrictFinder: Send + Sync {
    /// One entry for each match: none when the address is not known, several when they tie.
    fn divisions_of(
        &self,
        query: &Query,
        within: Duration,
    ) -> Result<Vec<Divisions>, ProviderError>;
}

/// Says who answers for an address.
pub trait OfficialFinder: Send + Sync {
    /// Local officials alone, of every match together.
    fn officials_of(
        &self,
        query: &Query,
        within: Duration,
    ) -> Result<Vec<OfficialSeen>, ProviderError>;
}

/// One place that an address may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// The address as the provider spells it.
    pub address: Option<String>,
    /// Where, WGS 84 or NAD 83: the two differ by a metre or two.
    pub point: Option<Point>,
}

/// What a provider says of one match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Divisions {
    /// The municipalities that it names: `None` when it says nothing of them, empty when it says
    /// that there is none.
    pub places: Option<Vec<PlaceSaid>>,
    /// Council districts, of whatever government: a county may have some of its own.
    pub districts: Vec<DistrictSaid>,
}

/// A council district as a provider names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictSaid {
    /// Its label, in the form in which packs have it.
    pub label: String,
    /// Whose district it is; `None`: the municipality's of the same match.
    pub of: Option<PlaceSaid>,
}

/// A municipality as a provider names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceSaid {
    /// By GEOID: seven digits for a place or consolidated city, ten for a county subdivision.
    Geoid(String),
    /// By Open Civic Data id.
    Ocd(String),
    /// By name, with the USPS code of its state.
    Named {
        /// Without its legal kind.
        name: String,
        /// Two letters.
        state: String,
    },
}

/// An official as a provider names them. Nothing of it goes into an answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OfficialSeen {
    /// Full name.
    pub name: String,
    /// Title of the post.
    pub title: String,
    /// Label of the district, if the post has one.
    pub district: Option<String>,
}
