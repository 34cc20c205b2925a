//! States and their equivalents (USPS Publication 28, appendix B; FIPS 5-2).

/// A state, district or territory.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// FIPS code.
    pub fips: u8,
    /// USPS code.
    pub usps: &'static str,
    /// Name, folded.
    pub name: &'static str,
}

const fn state(fips: u8, usps: &'static str, name: &'static str) -> State {
    State { fips, usps, name }
}

/// All of them by FIPS code, those of the sample county among them.
pub const STATES: &[State] = &[
    state(1, "AL", "ALABAMA"),
    state(2, "AK", "ALASKA"),
    state(4, "AZ", "ARIZONA"),
    state(5, "AR", "ARKANSAS"),
    state(6, "CA", "CALIFORNIA"),
    state(8, "CO", "COLORADO"),
    state(9, "CT", "CONNECTICUT"),
    state(10, "DE", "DELAWARE"),
    state(11, "DC", "DISTRICT OF COLUMBIA"),
    state(12, "FL", "FLORIDA"),
    state(13, "GA", "GEORGIA"),
    state(15, "HI", "HAWAII"),
    state(16, "ID", "IDAHO"),
    state(17, "IL", "ILLINOIS"),
    state(18, "IN", "INDIANA"),
    state(19, "IA", "IOWA"),
    state(20, "KS", "KANSAS"),
    state(21, "KY", "KENTUCKY"),
    state(22, "LA", "LOUISIANA"),
    state(23, "ME", "MAINE"),
    state(24, "MD", "MARYLAND"),
    state(25, "MA", "MASSACHUSETTS"),
    state(26, "MI", "MICHIGAN"),
    state(27, "MN", "MINNESOTA"),
    state(28, "MS", "MISSISSIPPI"),
    state(29, "MO", "MISSOURI"),
    state(30, "MT", "MONTANA"),
    state(31, "NE", "NEBRASKA"),
    state(32, "NV", "NEVADA"),
    state(33, "NH", "NEW HAMPSHIRE"),
    state(34, "NJ", "NEW JERSEY"),
    state(35, "NM", "NEW MEXICO"),
    state(36, "NY", "NEW YORK"),
    state(37, "NC", "NORTH CAROLINA"),
    state(38, "ND", "NORTH DAKOTA"),
    state(39, "OH", "OHIO"),
    state(40, "OK", "OKLAHOMA"),
    state(41, "OR", "OREGON"),
    state(42, "PA", "PENNSYLVANIA"),
    state(44, "RI", "RHODE ISLAND"),
    state(45, "SC", "SOUTH CAROLINA"),
    state(46, "SD", "SOUTH DAKOTA"),
    state(47, "TN", "TENNESSEE"),
    state(48, "TX", "TEXAS"),
    state(49, "UT", "UTAH"),
    state(50, "VT", "VERMONT"),
    state(51, "VA", "VIRGINIA"),
    state(53, "WA", "WASHINGTON"),
    state(54, "WV", "WEST VIRGINIA"),
    state(55, "WI", "WISCONSIN"),
    state(56, "WY", "WYOMING"),
    state(60, "AS", "AMERICAN SAMOA"),
    state(66, "GU", "GUAM"),
    state(69, "MP", "NORTHERN MARIANA ISLANDS"),
    state(72, "PR", "PUERTO RICO"),
    state(78, "VI", "VIRGIN ISLANDS"),
    state(88, "ZR", "SAMPLE STATE SEVEN"),
    state(89, "ZS", "SAMPLE STATE SIX"),
    state(90, "AA", "ARMED FORCES AMERICAS"),
    state(91, "AE", "ARMED FORCES EUROPE"),
    state(92, "AP", "ARMED FORCES PACIFIC"),
    state(93, "ZT", "SAMPLE STATE FIVE"),
    state(94, "ZU", "SAMPLE STATE FOUR"),
    state(95, "ZV", "SAMPLE STATE THREE"),
    state(96, "ZW", "SAMPLE TERRITORY"),
    state(97, "ZX", "SAMPLE STATE OF TOWNS"),
    state(98, "ZY", "SAMPLE STATE TWO"),
    state(99, "ZZ", "SAMPLE STATE"),
];

/// The state with a FIPS code.
pub fn by_fips(fips: u8) -> Option<&'static State> {
    let at = STATES
        .binary_search_by_key(&fips, |state| state.fips)
        .ok()?;
    STATES.get(at)
}

/// The state of a USPS code or a full name, upper case.
pub fn by_text(text: &str) -> Option<&'static State> {
    let text = text.trim();
    STATES
        .iter()
        .find(|state| state.usps == text || state.name == text)
}

/// USPS code of a FIPS code; empty when there is none.
pub fn usps(fips: u8) -> &'static str {
    by_fips(fips).map_or("", |state| state.usps)
}
