//! Why an address is in the truth.

/// The kinds, in the order of the file. The rarer ones come before those that could use up their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// On a side that a district border crosses, clear of the border.
    Split,
    /// On such a side, near the border.
    SplitNear,
    /// The two sides of the street have different governments.
    BorderStreet,
    /// Unincorporated land inside a city.
    Enclave,
    /// Both names of one street.
    AlternateName,
    /// `N165W21230`.
    Alphanumeric,
    /// `92-10`.
    Hyphenated,
    /// `450 E 300 S`.
    GridNumber,
    /// Mail comes under another municipality's name.
    PostalCityDiffers,
    /// The ZIP code covers city, township and unincorporated land.
    SplitZip,
    /// In a census-designated place.
    Cdp,
    /// In the township.
    Township,
    /// In the village.
    Village,
    /// In no place and no township.
    Unincorporated,
    /// Under the consolidated government.
    Consolidated,
    /// In the city inside it.
    EnclosedCity,
    /// In the city without districts.
    AtLargeCity,
    /// `FIRST ST` for `1ST ST`.
    OrdinalWords,
    /// `SAINT` for `ST` and the other way around.
    Saint,
    /// With an apartment or suite.
    Unit,
    /// Carelessly typed.
    LowerCase,
    /// The range runs against the line.
    Descending,
    /// In another ward before the map was drawn anew.
    Redistricted,
    /// In a district that lies in two parts.
    DistrictInParts,
    /// In a district that elects two.
    MultiMember,
    /// In a town that governs itself, in no place.
    NewEnglandTown,
    /// In the city beside it.
    NewEnglandCity,
    /// In a city that is in no county.
    IndependentCity,
    /// In a municipality that is a county.
    Municipio,
    /// With an urbanizacion.
    Urbanizacion,
    /// Nothing unusual, in the city with wards.
    Plain,
}

impl Kind {
    pub(crate) const ALL: [Self; 31] = [
        Self::Split,
        Self::SplitNear,
        Self::BorderStreet,
        Self::Enclave,
        Self::AlternateName,
        Self::Alphanumeric,
        Self::Hyphenated,
        Self::GridNumber,
        Self::PostalCityDiffers,
        Self::SplitZip,
        Self::Cdp,
        Self::Township,
        Self::Village,
        Self::Unincorporated,
        Self::Consolidated,
        Self::EnclosedCity,
        Self::AtLargeCity,
        Self::OrdinalWords,
        Self::Saint,
        Self::Unit,
        Self::LowerCase,
        Self::Redistricted,
        Self::DistrictInParts,
        Self::MultiMember,
        Self::NewEnglandTown,
        Self::NewEnglandCity,
        Self::IndependentCity,
        Self::Municipio,
        Self::Urbanizacion,
        Self::Descending,
        Self::Plain,
    ];

    /// Whether only some districts will do.
    pub(crate) fn wants_a_district(self) -> bool {
        matches!(
            self,
            Self::Redistricted | Self::DistrictInParts | Self::MultiMember
        )
    }

    /// As the file has it.
    pub(crate) fn name(self) -> &'static str {
        self.entry().0
    }

    /// Rows wanted per county.
    pub(crate) fn quota(self) -> usize {
        self.entry().1
    }

    fn entry(self) -> (&'static str, usize) {
        match self {
            Self::Split => ("split", 140),
            Self::SplitNear => ("split_near", 140),
            Self::BorderStreet => ("border_street", 160),
            Self::Enclave => ("enclave", 40),
            Self::AlternateName => ("alternate_name", 80),
            Self::Alphanumeric => ("alphanumeric", 60),
            Self::Hyphenated => ("hyphenated", 80),
            Self::GridNumber => ("grid_number", 80),
            Self::PostalCityDiffers => ("postal_city_differs", 140),
            Self::SplitZip => ("split_zip", 140),
            Self::Cdp => ("cdp", 80),
            Self::Township => ("township", 100),
            Self::Village => ("village", 100),
            Self::Unincorporated => ("unincorporated", 120),
            Self::Consolidated => ("consolidated", 120),
            Self::EnclosedCity => ("enclosed_city", 40),
            Self::AtLargeCity => ("at_large_city", 140),
            Self::OrdinalWords => ("ordinal_words", 60),
            Self::Saint => ("saint", 50),
            Self::Unit => ("unit", 80),
            Self::LowerCase => ("lower_case", 120),
            Self::Descending => ("descending", 300),
            Self::Redistricted => ("redistricted", 120),
            Self::DistrictInParts => ("district_in_parts", 60),
            Self::MultiMember => ("multi_member", 40),
            Self::NewEnglandTown => ("new_england_town", 80),
            Self::NewEnglandCity => ("new_england_city", 40),
            Self::IndependentCity => ("independent_city", 80),
            Self::Municipio => ("municipio", 60),
            Self::Urbanizacion => ("urbanizacion", 60),
            Self::Plain => ("plain", 420),
        }
    }
}
