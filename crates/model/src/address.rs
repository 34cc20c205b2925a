//! A street address, taken apart in the manner of USPS Publication 28.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A word of Publication 28's tables: most often one of the tables' own.
pub type Standard = Cow<'static, str>;

/// The parts of one address: upper case, standard abbreviations, `None` where absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// House number as written: `123`, `92-10`, `N165W2123`, `12 1/2`.
    pub number: Option<String>,
    /// Directional before the name: `N`, `SW`.
    pub predir: Option<Standard>,
    /// Type before the name: `AVENUE`, `US HIGHWAY`, `COUNTY ROAD`, `CALLE`.
    pub pretype: Option<Standard>,
    /// The name itself: `MAIN`, `1ST`, `MARTIN LUTHER KING JR`.
    pub name: Option<String>,
    /// Type after the name: `ST`, `AVE`.
    #[serde(rename = "type")]
    pub street_type: Option<Standard>,
    /// Directional after the name.
    pub postdir: Option<Standard>,
    /// Designator and identifier: `APT 4B`, `# 12`.
    pub unit: Option<String>,
    /// Postal city, which often is not the municipality.
    pub city: Option<String>,
    /// USPS state code.
    pub state: Option<Standard>,
    /// Five digits.
    pub zip: Option<String>,
    /// Four digits.
    pub zip4: Option<String>,
}

impl Address {
    /// The street as one string, without number and unit: `N MAIN ST`.
    pub fn street_line(&self) -> Option<String> {
        let parts = [
            self.predir.as_deref(),
            self.pretype.as_deref(),
            self.name.as_deref(),
            self.street_type.as_deref(),
            self.postdir.as_deref(),
        ];
        let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!joined.is_empty()).then_some(joined)
    }
}

/// What sort of address a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// A number on a street, or a street alone.
    Street,
    /// Two streets that cross.
    Intersection,
    /// A post-office box, or general delivery: where mail lies, not where a person lives.
    PoBox,
    /// A rural or highway-contract route and box.
    RuralRoute,
    /// APO, FPO, DPO.
    Military,
    /// A city, state or ZIP without a street.
    Area,
    /// Nothing that we can read as an address.
    Unparsed,
}

impl AddressKind {
    /// The name used in JSON and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::Intersection => "intersection",
            Self::PoBox => "po_box",
            Self::RuralRoute => "rural_route",
            Self::Military => "military",
            Self::Area => "area",
            Self::Unparsed => "unparsed",
        }
    }
}
