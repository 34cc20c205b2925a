//! A post's stable, readable id, which is also its identity: rows with one id are one post.

use redress_model::official::{Role, Seat};

/// Id of a post. Seats alike in it belong to one post; `label` tells numbered seats at large apart,
/// and an officer's title tells the Treasurer from the Manager.
pub(crate) fn of(geoid: &str, role: Role, title: &str, seat: &Seat, label: Option<&str>) -> String {
    let mut id = format!("{geoid}/{}", role.as_str());
    if role == Role::Officer {
        id = format!("{id}/{}", slug(title));
    }
    let seat = match seat {
        Seat::District(label) if role == Role::CouncilMember => format!("/{}", slug(label)),
        Seat::District(label) => format!("/district_{}", slug(label)),
        Seat::AtLarge if role == Role::CouncilMember => "/at_large".to_owned(),
        Seat::Unknown => "/unknown".to_owned(),
        Seat::AtLarge => String::new(),
    };
    id.push_str(&seat);
    if let Some(label) = label {
        // The seats of an unlabelled post are numbered: a label that is a number must not be one of them.
        let slug = slug(label);
        let number = if slug.starts_with(|letter: char| letter.is_ascii_digit()) {
            "seat_"
        } else {
            ""
        };
        id = format!("{id}/{number}{slug}");
    }
    id
}

/// Letters and digits in lower case, one `_` for all between; `C` and `3A` stay as they are.
fn slug(text: &str) -> String {
    let number = text.trim_end_matches(|letter: char| letter.is_ascii_uppercase());
    let is_short =
        text.len() - number.len() == 1 && number.bytes().all(|digit| digit.is_ascii_digit());
    if is_short {
        return text.to_owned();
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        "other".into()
    } else {
        words.join("_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_can_be_read_aloud() {
        let district = |label: &str| Seat::District(label.into());
        let member = Role::CouncilMember;
        assert_eq!(
            of("9900100", Role::Mayor, "Mayor", &Seat::AtLarge, None),
            "9900100/mayor"
        );
        assert_eq!(
            of("9900100", member, "Alderman", &district("3"), None),
            "9900100/council_member/3"
        );
        assert_eq!(
            of("9900100", member, "Alderman", &district("C"), None),
            "9900100/council_member/C"
        );
        assert_eq!(
            of("9900100", member, "Member", &district("North Side"), None),
            "9900100/council_member/north_side"
        );
        assert_eq!(
            of("9900100", member, "Member", &Seat::AtLarge, None),
            "9900100/council_member/at_large"
        );
        assert_eq!(
            of("9900100", member, "Member", &Seat::AtLarge, Some("2")),
            "9900100/council_member/at_large/seat_2"
        );
        assert_eq!(
            of("9900100", member, "Member", &Seat::Unknown, None),
            "9900100/council_member/unknown"
        );
        assert_eq!(
            of(
                "99001",
                Role::Officer,
                "County Executive",
                &Seat::AtLarge,
                None
            ),
            "99001/officer/county_executive"
        );
    }

    #[test]
    fn case_and_punctuation_do_not_make_another_post() {
        let id = |title| of("9900100", Role::Officer, title, &Seat::AtLarge, None);
        assert_eq!(id("City Manager"), id("CITY  manager."));
        assert_ne!(id("City Manager"), id("Treasurer"));
    }
}
