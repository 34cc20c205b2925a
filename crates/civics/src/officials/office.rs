//! Which of our roles an office has, by its title or by another list's word for it.

/// What kind of body a post belongs to, where the list says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// A council, board or commission.
    Legislative,
    /// Elected by all to lead or to keep an office.
    Executive,
    /// The list does not say.
    Unknown,
}

/// Titles of members of governing bodies, by the word that gives them away.
const MEMBERS: &[&str] = &[
    "alder",
    "alderman",
    "alderperson",
    "alderwoman",
    "burgess",
    "commissioner",
    "freeholder",
    "legislator",
    "member",
    "representative",
    "selectman",
    "selectmember",
    "selectperson",
    "selectwoman",
    "supervisor",
    "trustee",
];

/// Words that make another office of a mayor's.
const SECOND: &[&str] = &["assistant", "deputy", "former", "pro", "tem", "vice"];

/// Our role, by its name in lists; none where the title says nothing of it.
pub(super) fn role(title: &str, body: Body) -> Option<&'static str> {
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let is_second = has(SECOND);
    let is_of_council = words.iter().any(|word| word.starts_with("council"));
    if has(&["clerk"]) {
        return Some("officer");
    }
    if has(&["mayor"]) {
        return Some(match (is_second, body) {
            (false, _) => "mayor",
            (true, Body::Executive) => "officer",
            (true, Body::Legislative | Body::Unknown) => "council_member",
        });
    }
    let leads = has(&["president", "executive", "supervisor"]) && !is_second && !is_of_council;
    let is_head = has(&["village", "borough"]) && has(&["president"])
        || has(&["county", "borough"]) && has(&["executive"])
        || body == Body::Executive && leads;
    if is_head && !is_second && !is_of_council {
        return Some("mayor");
    }
    if is_of_council || has(MEMBERS) || lower.contains("select board") {
        return Some("council_member");
    }
    match body {
        Body::Legislative => Some("council_member"),
        Body::Executive => Some("officer"),
        Body::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Mayor", Body::Unknown, Some("mayor"))]
    #[case("Mayor Pro Tem", Body::Legislative, Some("council_member"))]
    #[case("Deputy Mayor", Body::Executive, Some("officer"))]
    #[case("Village President", Body::Unknown, Some("mayor"))]
    #[case("President", Body::Executive, Some("mayor"))]
    #[case("Council President", Body::Unknown, Some("council_member"))]
    #[case("Councilwoman", Body::Unknown, Some("council_member"))]
    #[case("Alderman", Body::Executive, Some("council_member"))]
    #[case("County Executive", Body::Executive, Some("mayor"))]
    #[case("City Clerk", Body::Executive, Some("officer"))]
    #[case("Treasurer", Body::Executive, Some("officer"))]
    #[case("Speaker", Body::Legislative, Some("council_member"))]
    #[case("Dog Catcher", Body::Unknown, None)]
    fn a_title_says_what_the_post_does(
        #[case] title: &str,
        #[case] body: Body,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(role(title, body), expected, "{title}");
    }
}
