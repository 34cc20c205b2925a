//! The manifest that a pack is built from.

use std::fmt::Write;

use super::AS_OF;

/// `sources.toml`, naming every source of the sample; `cities` are the GEOIDs that have a district map.
pub(crate) fn text(cities: &[String]) -> String {
    let licence = "licence = \"CC0 (made up)\"\n";
    let mut text = format!(
        "# A made-up county whose answers are known; truth.csv holds them.\nname = \"sample county\"\nas_of = \"{AS_OF}\"\n\n\
         [[source]]\nkind = \"zips\"\npath = \"zips.csv\"\n{licence}\n\
         [[source]]\nkind = \"tiger\"\npath = \"tiger\"\n{licence}"
    );
    for geoid in cities {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n[[source]]\nkind = \"districts\"\npath = \"districts/{geoid}.geojson\"\nplace = \"{geoid}\"\n{licence}"
        );
    }
    let _ = write!(
        text,
        "\n[[source]]\nkind = \"officials\"\npath = \"officials.csv\"\n{licence}"
    );
    text
}
