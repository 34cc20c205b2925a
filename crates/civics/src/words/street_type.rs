//! Street types (USPS Publication 28, appendix C1), and a few that sources use beside them.

use std::sync::LazyLock;

/// Standard abbreviation first, then the spellings people use. The order is part of the pack's
/// format: add at the end.
pub const TYPES: &[&str] = &[
    "ALY ALLEY ALLEE ALLY",
    "ANX ANEX ANNEX ANNX",
    "ARC ARCADE",
    "AVE AVENUE AV AVEN AVENU AVN AVNUE",
    "BYU BAYOU BAYOO",
    "BCH BEACH",
    "BND BEND",
    "BLF BLUFF BLUF",
    "BLFS BLUFFS",
    "BTM BOTTOM BOT BOTTM",
    "BLVD BOULEVARD BOUL BOULV BVD BLV",
    "BR BRANCH BRNCH",
    "BRG BRIDGE BRDGE",
    "BRK BROOK",
    "BRKS BROOKS",
    "BG BURG",
    "BGS BURGS",
    "BYP BYPASS BYPA BYPAS BYPS",
    "CP CAMP CMP",
    "CYN CANYON CANYN CNYN",
    "CPE CAPE",
    "CSWY CAUSEWAY CAUSWA",
    "CTR CENTER CEN CENT CENTR CENTRE CNTER CNTR",
    "CTRS CENTERS",
    "CIR CIRCLE CIRC CIRCL CRCL CRCLE",
    "CIRS CIRCLES",
    "CLF CLIFF",
    "CLFS CLIFFS",
    "CLB CLUB",
    "CMN COMMON",
    "CMNS COMMONS",
    "COR CORNER",
    "CORS CORNERS",
    "CRSE COURSE",
    "CT COURT CRT",
    "CTS COURTS",
    "CV COVE",
    "CVS COVES",
    "CRK CREEK",
    "CRES CRESCENT CRSENT CRSNT CRESENT",
    "CRST CREST",
    "XING CROSSING CRSSNG",
    "XRD CROSSROAD",
    "XRDS CROSSROADS",
    "CURV CURVE",
    "DL DALE",
    "DM DAM",
    "DV DIVIDE DIV DVD",
    "DR DRIVE DRIV DRV",
    "DRS DRIVES",
    "EST ESTATE",
    "ESTS ESTATES",
    "EXPY EXPRESSWAY EXP EXPR EXPRESS EXPW",
    "EXT EXTENSION EXTN EXTNSN",
    "EXTS EXTENSIONS",
    "FALL",
    "FLS FALLS",
    "FRY FERRY FRRY",
    "FLD FIELD",
    "FLDS FIELDS",
    "FLT FLAT",
    "FLTS FLATS",
    "FRD FORD",
    "FRDS FORDS",
    "FRST FOREST FORESTS",
    "FRG FORGE FORG",
    "FRGS FORGES",
    "FRK FORK",
    "FRKS FORKS",
    "FT FORT FRT",
    "FWY FREEWAY FREEWY FRWAY FRWY",
    "GDN GARDEN GARDN GRDEN GRDN",
    "GDNS GARDENS GRDNS",
    "GTWY GATEWAY GATEWY GATWAY GTWAY",
    "GLN GLEN",
    "GLNS GLENS",
    "GRN GREEN",
    "GRNS GREENS",
    "GRV GROVE GROV",
    "GRVS GROVES",
    "HBR HARBOR HARB HARBR HRBOR",
    "HBRS HARBORS",
    "HVN HAVEN",
    "HTS HEIGHTS HT HGTS",
    "HWY HIGHWAY HIGHWY HIWAY HIWY HWAY HGWY",
    "HL HILL",
    "HLS HILLS",
    "HOLW HOLLOW HLLW HOLLOWS HOLWS",
    "INLT INLET INLET",
    "IS ISLAND ISLND",
    "ISS ISLANDS ISLNDS",
    "ISLE ISLES",
    "JCT JUNCTION JCTION JCTN JUNCTN JUNCTON",
    "JCTS JUNCTIONS JCTNS",
    "KY KEY",
    "KYS KEYS",
    "KNL KNOLL KNOL",
    "KNLS KNOLLS",
    "LK LAKE",
    "LKS LAKES",
    "LAND",
    "LNDG LANDING LNDNG",
    "LN LANE LANES",
    "LGT LIGHT",
    "LGTS LIGHTS",
    "LF LOAF",
    "LCK LOCK",
    "LCKS LOCKS",
    "LDG LODGE LDGE LODG",
    "LOOP LOOPS LP",
    "MALL",
    "MNR MANOR",
    "MNRS MANORS",
    "MDW MEADOW",
    "MDWS MEADOWS MEDOWS",
    "MEWS",
    "ML MILL",
    "MLS MILLS",
    "MSN MISSION MISSN MSSN",
    "MTWY MOTORWAY",
    "MT MOUNT MNT",
    "MTN MOUNTAIN MNTAIN MNTN MOUNTIN MTIN",
    "MTNS MOUNTAINS MNTNS",
    "NCK NECK",
    "ORCH ORCHARD ORCHRD",
    "OVAL OVL",
    "OPAS OVERPASS",
    "PARK PRK PARKS PK",
    "PKWY PARKWAY PARKWY PKWAY PKY PKWYS PARKWAYS",
    "PASS",
    "PSGE PASSAGE",
    "PATH PATHS",
    "PIKE PIKES",
    "PNE PINE",
    "PNES PINES",
    "PL PLACE PLC",
    "PLN PLAIN",
    "PLNS PLAINS",
    "PLZ PLAZA PLZA",
    "PT POINT",
    "PTS POINTS",
    "PRT PORT",
    "PRTS PORTS",
    "PR PRAIRIE PRR",
    "RADL RADIAL RAD RADIEL",
    "RAMP",
    "RNCH RANCH RANCHES RNCHS",
    "RPD RAPID",
    "RPDS RAPIDS",
    "RST REST",
    "RDG RIDGE RDGE",
    "RDGS RIDGES",
    "RIV RIVER RVR RIVR",
    "RD ROAD",
    "RDS ROADS",
    "RTE ROUTE RT",
    "ROW",
    "RUE",
    "RUN",
    "SHL SHOAL",
    "SHLS SHOALS",
    "SHR SHORE SHOAR",
    "SHRS SHORES SHOARS",
    "SKWY SKYWAY",
    "SPG SPRING SPNG SPRNG",
    "SPGS SPRINGS SPNGS SPRNGS",
    "SPUR SPURS",
    "SQ SQUARE SQR SQRE SQU",
    "SQS SQUARES SQRS",
    "STA STATION STATN STN",
    "STRA STRAVENUE STRAV STRAVEN STRAVN STRVN STRVNUE",
    "STRM STREAM STREME",
    "ST STREET STRT STR",
    "STS STREETS",
    "SMT SUMMIT SUMIT SUMITT",
    "TER TERRACE TERR",
    "TRWY THROUGHWAY",
    "TRCE TRACE TRACES",
    "TRAK TRACK TRACKS TRK TRKS",
    "TRFY TRAFFICWAY",
    "TRL TRAIL TRAILS TRLS",
    "TRLR TRAILER TRLRS",
    "TUNL TUNNEL TUNEL TUNLS TUNNELS TUNNL",
    "TPKE TURNPIKE TRNPK TURNPK TPK",
    "UPAS UNDERPASS",
    "UN UNION",
    "UNS UNIONS",
    "VLY VALLEY VALLY VLLY",
    "VLYS VALLEYS",
    "VIA VIADUCT VDCT VIADCT",
    "VW VIEW",
    "VWS VIEWS",
    "VLG VILLAGE VILL VILLAG VILLG VILLIAGE",
    "VLGS VILLAGES",
    "VL VILLE",
    "VIS VISTA VIST VST VSTA",
    "WALK WALKS",
    "WALL",
    "WAY WY",
    "WAYS",
    "WL WELL",
    "WLS WELLS",
];

/// The standard abbreviation of a code (index + 1); empty for 0 or an unknown code.
pub fn standard(code: u8) -> &'static str {
    SPELLINGS
        .get(code as usize)
        .map_or("", |spelling| spelling.standard)
}

/// The full word of a code: `AVENUE`.
pub fn full(code: u8) -> &'static str {
    SPELLINGS
        .get(code as usize)
        .map_or("", |spelling| spelling.full)
}

/// The code of a standard abbreviation, or 0.
pub fn code(standard: &str) -> u8 {
    super::look_up(standard).street_type
}

/// Types so common that a token which is one of them ends a street even in the middle of a line.
pub fn is_common(code: u8) -> bool {
    SPELLINGS
        .get(code as usize)
        .is_some_and(|spelling| spelling.is_common)
}

/// What is asked of a type all the time, by its code; 0 is none.
static SPELLINGS: LazyLock<Vec<Spelling>> = LazyLock::new(|| {
    (0..=TYPES.len() as u8)
        .map(|code| {
            let standard = super::directional::first(TYPES, code);
            Spelling {
                standard,
                full: super::directional::second(TYPES, code),
                is_common: ends_a_street(standard),
            }
        })
        .collect()
});

struct Spelling {
    standard: &'static str,
    full: &'static str,
    is_common: bool,
}

fn ends_a_street(standard: &str) -> bool {
    matches!(
        standard,
        "ALY"
            | "AVE"
            | "BLVD"
            | "CIR"
            | "CT"
            | "CV"
            | "DR"
            | "EXPY"
            | "FWY"
            | "HWY"
            | "LN"
            | "LOOP"
            | "PKWY"
            | "PL"
            | "PLZ"
            | "RD"
            | "RTE"
            | "SQ"
            | "ST"
            | "TER"
            | "TPKE"
            | "TRL"
            | "WAY"
            | "XING"
            | "PIKE"
            | "TRCE"
            | "RUN"
            | "ROW"
            | "PATH"
            | "WALK"
    )
}
