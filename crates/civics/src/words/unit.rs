//! Secondary units (USPS Publication 28, appendix C2).

/// A unit designator.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// Standard form first, then spellings.
    pub spellings: &'static str,
    /// Whether an identifier must follow: `APT 3`, but `REAR` alone.
    pub takes_identifier: bool,
}

const fn needs(spellings: &'static str) -> Unit {
    Unit {
        spellings,
        takes_identifier: true,
    }
}

const fn alone(spellings: &'static str) -> Unit {
    Unit {
        spellings,
        takes_identifier: false,
    }
}

/// The designators. `#` stands where none of them is written.
pub const UNITS: &[Unit] = &[
    needs("#"),
    needs("APT APARTMENT APMT APTMT APPT"),
    needs("BLDG BUILDING BLG BLDNG"),
    needs("DEPT DEPARTMENT"),
    needs("FL FLOOR FLR"),
    needs("HNGR HANGAR HANGER"),
    needs("KEY"),
    needs("LOT"),
    needs("PIER"),
    needs("RM ROOM"),
    needs("SLIP"),
    needs("SPC SPACE SP"),
    needs("STOP"),
    needs("STE SUITE SUIT"),
    needs("TRLR TRAILER"),
    needs("UNIT UNT"),
    alone("BSMT BASEMENT"),
    alone("FRNT FRONT"),
    alone("LBBY LOBBY"),
    alone("LOWR LOWER"),
    alone("OFC OFFICE"),
    alone("PH PENTHOUSE"),
    alone("REAR"),
    alone("SIDE"),
    alone("UPPR UPPER"),
];

/// The code of `FL`.
pub const FLOOR: u8 = 5;

/// The standard form of a code (index + 1); empty for 0.
pub fn standard(code: u8) -> &'static str {
    unit(code)
        .and_then(|unit| unit.spellings.split(' ').next())
        .unwrap_or("")
}

/// The designator of a code.
pub fn unit(code: u8) -> Option<&'static Unit> {
    (code as usize)
        .checked_sub(1)
        .and_then(|index| UNITS.get(index))
}
