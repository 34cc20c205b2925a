//! The manifest that a pack is built from.

use std::fmt::Write;

use super::AS_OF;

/// A district map's file.
pub(crate) struct Map {
    /// Relative to the manifest.
    pub(crate) path: String,
    pub(crate) geoid: String,
    pub(crate) valid_from: Option<&'static str>,
    pub(crate) valid_to: Option<&'static str>,
}

/// `sources.toml`, naming every source of the sample.
pub(crate) fn text(maps: &[Map]) -> String {
    let licence = "licence = \"CC0 (made up)\"\n";
    let mut text = format!(
        "# A made-up county whose answers are known; truth.csv holds them.\nname = \"sample county\"\nas_of = \"{AS_OF}\"\n\n\
         [[source]]\nkind = \"zips\"\npath = \"zips.csv\"\n{licence}\n\
         [[source]]\nkind = \"tiger\"\npath = \"tiger\"\n{licence}"
    );
    for Map {
        path,
        geoid,
        valid_from,
        valid_to,
    } in maps
    {
        let days: String = [("valid_from", valid_from), ("valid_to", valid_to)]
            .into_iter()
            .filter_map(|(key, day)| Some(format!("{key} = \"{}\"\n", (*day)?)))
            .collect();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n[[source]]\nkind = \"districts\"\npath = \"{path}\"\nplace = \"{geoid}\"\n{days}{licence}"
        );
    }
    let _ = write!(
        text,
        "\n[[source]]\nkind = \"officials\"\npath = \"officials.csv\"\n{licence}"
    );
    text
}
