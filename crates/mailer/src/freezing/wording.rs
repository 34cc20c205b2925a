//! Names and phrases that a letter needs and that nobody typed for it.

use redress_model::batch::CityStatus;

/// Verbs with which an ask begins. A title that begins with another word is quoted instead of built into a sentence.
const VERBS: [&str; 32] = [
    "abolish",
    "adopt",
    "ban",
    "build",
    "cancel",
    "close",
    "disclose",
    "end",
    "enact",
    "fix",
    "forbid",
    "fund",
    "halt",
    "keep",
    "limit",
    "make",
    "oppose",
    "pass",
    "prohibit",
    "protect",
    "publish",
    "reject",
    "repeal",
    "require",
    "restore",
    "save",
    "stop",
    "suspend",
    "terminate",
    "outlaw",
    "withdraw",
    "support",
];

/// Those of them that forbid; where the thing exists already, it is to end.
const FORBIDDING: [&str; 5] = ["ban", "forbid", "prohibit", "stop", "outlaw"];

/// What is asked, as it follows "ask you to".
pub(super) fn ask_line(title: &str, status: Option<CityStatus>) -> String {
    let title = title.trim().trim_end_matches(['.', '!']);
    match verb_and_rest(title) {
        Some((verb, rest))
            if status == Some(CityStatus::End) && FORBIDDING.contains(&verb.as_str()) =>
        {
            format!("end {rest}")
        }
        Some((verb, rest)) => format!("{verb} {rest}"),
        None => format!("act on the petition \"{title}\""),
    }
}

/// What the petition is about, as it follows "Springfield has"; only where the title forbids something.
pub(super) fn matter(title: &str) -> Option<String> {
    let title = title.trim().trim_end_matches(['.', '!']);
    let (verb, rest) = verb_and_rest(title)?;
    (FORBIDDING.contains(&verb.as_str()) || verb == "end").then(|| rest.to_owned())
}

fn verb_and_rest(title: &str) -> Option<(String, &str)> {
    let (first, rest) = title.split_once(' ')?;
    let verb = first.trim_end_matches(',').to_lowercase();
    let stands = without_second_verb(rest.trim());
    // "Forbid it" says nothing without its title.
    let is_full = !stands.is_empty()
        && !["it", "this", "that", "them"].contains(&stands.to_lowercase().as_str());
    (VERBS.contains(&verb.as_str()) && is_full).then_some((verb, stands))
}

/// `Forbid, or end, partnerships` asks for whichever of the two fits: the second verb is left to
/// the city's status.
fn without_second_verb(rest: &str) -> &str {
    let second = rest
        .strip_prefix("or ")
        .and_then(|rest| rest.split_once(' '));
    match second {
        Some((verb, matter))
            if VERBS.contains(&verb.trim_end_matches(',').to_lowercase().as_str()) =>
        {
            matter.trim()
        }
        _ => rest,
    }
}

/// A government's name in a sentence: the Census's `Aurora city` is Aurora; a township stays one.
pub(super) fn place_name(census_name: &str) -> String {
    for suffix in [" city", " village", " town", " borough", " municipality"] {
        if let Some(name) = census_name.strip_suffix(suffix) {
            return name.to_owned();
        }
    }
    match census_name.strip_suffix(" township") {
        Some(name) => format!("{name} Township"),
        None => census_name.to_owned(),
    }
}

/// The name of a state by the first two digits of a GEOID (ANSI INCITS 38); its letters where there is no such state.
pub(super) fn state_name<'text>(geoid: &str, usps: &'text str) -> &'text str {
    let code = geoid.get(..2).unwrap_or_default();
    STATES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(usps, |(_, name)| name)
}

/// A district as people say it.
pub(super) fn district_name(noun: &str, label: &str) -> String {
    if label.is_empty() {
        "no district known".to_owned()
    } else {
        format!("{noun} {label}")
    }
}

/// A post's title without what some lists write behind it: the district, `At Large`.
pub(super) fn bare_title(title: &str) -> &str {
    let title = title.split(',').next().unwrap_or(title).trim();
    let folded = title.to_ascii_lowercase();
    for suffix in [" at large", " at-large"] {
        if folded.ends_with(suffix) {
            return title[..title.len() - suffix.len()].trim_end();
        }
    }
    title
}

const STATES: [(&str, &str); 56] = [
    ("01", "Alabama"),
    ("02", "Alaska"),
    ("04", "Arizona"),
    ("05", "Arkansas"),
    ("06", "California"),
    ("08", "Colorado"),
    ("09", "Connecticut"),
    ("10", "Delaware"),
    ("11", "District of Columbia"),
    ("12", "Florida"),
    ("13", "Georgia"),
    ("15", "Hawaii"),
    ("16", "Idaho"),
    ("17", "Illinois"),
    ("18", "Indiana"),
    ("19", "Iowa"),
    ("20", "Kansas"),
    ("21", "Kentucky"),
    ("22", "Louisiana"),
    ("23", "Maine"),
    ("24", "Maryland"),
    ("25", "Massachusetts"),
    ("26", "Michigan"),
    ("27", "Minnesota"),
    ("28", "Mississippi"),
    ("29", "Missouri"),
    ("30", "Montana"),
    ("31", "Nebraska"),
    ("32", "Nevada"),
    ("33", "New Hampshire"),
    ("34", "New Jersey"),
    ("35", "New Mexico"),
    ("36", "New York"),
    ("37", "North Carolina"),
    ("38", "North Dakota"),
    ("39", "Ohio"),
    ("40", "Oklahoma"),
    ("41", "Oregon"),
    ("42", "Pennsylvania"),
    ("44", "Rhode Island"),
    ("45", "South Carolina"),
    ("46", "South Dakota"),
    ("47", "Tennessee"),
    ("48", "Texas"),
    ("49", "Utah"),
    ("50", "Vermont"),
    ("51", "Virginia"),
    ("53", "Washington"),
    ("54", "West Virginia"),
    ("55", "Wisconsin"),
    ("56", "Wyoming"),
    ("60", "American Samoa"),
    ("66", "Guam"),
    ("69", "Northern Mariana Islands"),
    ("72", "Puerto Rico"),
    ("78", "U.S. Virgin Islands"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ask_reads_as_a_sentence_or_quotes_its_title() {
        let ask = |title, status| ask_line(title, status);
        assert_eq!(
            ask("Forbid doorbell partnerships.", None),
            "forbid doorbell partnerships"
        );
        assert_eq!(
            ask("Ban doorbell partnerships", Some(CityStatus::End)),
            "end doorbell partnerships"
        );
        assert_eq!(
            ask("Protect the creek", Some(CityStatus::End)),
            "protect the creek"
        );
        assert_eq!(
            ask("Neighbors, not informants", None),
            "act on the petition \"Neighbors, not informants\""
        );
        assert_eq!(ask("Forbid it", None), "act on the petition \"Forbid it\"");
        assert_eq!(
            matter("Forbid doorbell partnerships"),
            Some("doorbell partnerships".to_owned())
        );
        assert_eq!(matter("Protect the creek"), None);
        let either = "Forbid, or end, doorbell partnerships";
        assert_eq!(ask(either, None), "forbid doorbell partnerships");
        assert_eq!(
            ask(either, Some(CityStatus::End)),
            "end doorbell partnerships"
        );
        assert_eq!(matter(either), Some("doorbell partnerships".to_owned()));
    }

    #[test]
    fn places_and_states_have_the_names_that_people_use() {
        assert_eq!(place_name("Aurora city"), "Aurora");
        assert_eq!(place_name("Maple township"), "Maple Township");
        assert_eq!(state_name("0804000", "CO"), "Colorado");
        assert_eq!(state_name("9999999", "ZZ"), "ZZ");
        assert_eq!(bare_title("Council Member At Large"), "Council Member");
        assert_eq!(bare_title("Council Member, Ward 3"), "Council Member");
        assert_eq!(district_name("Ward", ""), "no district known");
    }
}
