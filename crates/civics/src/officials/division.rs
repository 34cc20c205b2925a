//! Open Civic Data ids in lists of officials: which division a government is of, and whether it is local.

/// Parts of an id that make it a seat in a state's or the nation's legislature.
const ABOVE: &[&str] = &["sldl", "sldu", "cd"];

/// The division of a jurisdiction: `ocd-jurisdiction/country:us/state:zz/place:bay/government` is of
/// `ocd-division/country:us/state:zz/place:bay`. A division's id is itself.
pub(super) fn of(id: &str) -> String {
    let id = id.trim();
    match id.strip_prefix("ocd-jurisdiction/") {
        Some(rest) => {
            let parts = rest.split('/').filter(|part| part.contains(':'));
            let parts: Vec<&str> = parts.collect();
            format!("ocd-division/{}", parts.join("/"))
        }
        None => id.to_owned(),
    }
}

/// Whether an id is one of Open Civic Data at all.
pub(super) fn is_id(id: &str) -> bool {
    id.starts_with("ocd-division/") || id.starts_with("ocd-jurisdiction/")
}

/// Whether a division lies within a state or the District of Columbia and is no legislative district.
pub(super) fn is_local(division: &str) -> bool {
    let mut kinds = division
        .trim_start_matches("ocd-division/")
        .split('/')
        .filter_map(|part| part.split_once(':').map(|(kind, _)| kind));
    let is_above = |kind: &str| ABOVE.contains(&kind);
    kinds.next() == Some("country")
        && match kinds.next() {
            Some("district") => !kinds.any(is_above),
            Some("state" | "territory") => {
                let mut rest = kinds.peekable();
                rest.peek().is_some() && !rest.any(is_above)
            }
            _ => false,
        }
}

/// What stands at the end of a district's id: `3` of `.../council_district:3`, with its kind.
pub(super) fn last(division: &str) -> Option<(&str, &str)> {
    division.rsplit_once('/')?.1.split_once(':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("ocd-jurisdiction/country:us/state:zz/place:bay/government", true)]
    #[case("ocd-division/country:us/state:zz/place:bay/ward:c", true)]
    #[case("ocd-jurisdiction/country:us/state:zz/county:bay/government", true)]
    #[case("ocd-division/country:us/district:dc", true)]
    #[case("ocd-division/country:us/district:dc/ward:2", true)]
    #[case("ocd-jurisdiction/country:us/state:zz/government", false)]
    #[case("ocd-division/country:us/state:zz/sldl:12", false)]
    #[case("ocd-division/country:us/state:zz/cd:1", false)]
    #[case("ocd-division/country:us", false)]
    #[case("ocd-division/country:ca/csd:1", false)]
    #[case("", false)]
    fn only_governments_within_a_state_are_local(#[case] id: &str, #[case] expected: bool) {
        assert_eq!(is_local(&of(id)), expected, "{id}");
    }
}
