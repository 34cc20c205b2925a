//! "Did you mean ...?": a near miss of a common domain.

use super::Email;

/// Where most people have their mail, and a few lesser ones that a near miss must not touch.
const COMMON: &[&str] = &[
    "gmail.com",
    "yahoo.com",
    "hotmail.com",
    "outlook.com",
    "icloud.com",
    "aol.com",
    "live.com",
    "msn.com",
    "comcast.net",
    "verizon.net",
    "att.net",
    "sbcglobal.net",
    "bellsouth.net",
    "cox.net",
    "charter.net",
    "earthlink.net",
    "protonmail.com",
    "proton.me",
    "me.com",
    "mac.com",
    "ymail.com",
    "mail.com",
    "email.com",
    "gmx.com",
    "gmx.net",
    "gmx.de",
    "googlemail.com",
    "rocketmail.com",
    "fastmail.com",
    "zoho.com",
    "optonline.net",
    "juno.com",
    "yahoo.ca",
    "yahoo.fr",
    "yahoo.co.uk",
    "hotmail.fr",
    "live.ca",
    "live.fr",
    "aim.com",
    "web.de",
    "pm.me",
];

/// The address that was probably meant, if its domain is one slip of the finger away from a
/// common one. Never for a domain that is common itself.
pub fn suggestion(email: &Email) -> Option<Email> {
    let typed = email.domain();
    if COMMON.contains(&typed) {
        return None;
    }
    let meant = COMMON
        .iter()
        .filter(|domain| domain.len() >= 7)
        .map(|domain| (slips(typed, domain), domain))
        .filter(|&(slips, domain)| match (ending(typed), ending(domain)) {
            (one, other) if one == other => slips <= if domain.len() >= 9 { 2 } else { 1 },
            // `hotmail.de` is no slip for `hotmail.fr`: each country has its own.
            (one, other) => slips <= 1 && !(one.len() == 2 && other.len() == 2),
        })
        .min_by_key(|&(slips, _)| slips)?
        .1;
    Email::parse(&format!("{}@{meant}", email.local_part())).ok()
}

fn ending(domain: &str) -> &str {
    domain.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Slips from which on it does not matter how many they are.
const MANY: usize = 3;
/// Longest domain that is compared: two letters longer than the longest common one.
const LONGEST: usize = 24;

/// Letters changed, left out, added, or swapped with their neighbour: the optimal string alignment
/// distance, or [`MANY`] where it is that or more.
fn slips(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let longest = one.len().max(other.len());
    // One slip changes at most two members of the set of letters.
    let differing = (letters(one) ^ letters(other)).count_ones() as usize;
    if one.len().abs_diff(other.len()) >= MANY || differing > 2 * MANY - 2 || longest > LONGEST {
        return MANY;
    }
    let mut before = [0; LONGEST + 1];
    let mut above: [usize; LONGEST + 1] = std::array::from_fn(|column| column);
    for row in 1..=one.len() {
        let mut line = [0; LONGEST + 1];
        line[0] = row;
        for column in 1..=other.len() {
            let differs = usize::from(one[row - 1] != other[column - 1]);
            let mut best = (above[column - 1] + differs)
                .min(above[column] + 1)
                .min(line[column - 1] + 1);
            if row > 1
                && column > 1
                && one[row - 1] == other[column - 2]
                && one[row - 2] == other[column - 1]
            {
                best = best.min(before[column - 2] + 1);
            }
            line[column] = best;
        }
        before = std::mem::replace(&mut above, line);
    }
    above[other.len()].min(MANY)
}

/// Which letters, figures and signs stand in a domain.
fn letters(domain: &[u8]) -> u64 {
    domain
        .iter()
        .fold(0, |set, letter| set | 1 << (letter & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str) -> Option<String> {
        suggestion(&Email::parse(text).unwrap()).map(|email| email.as_str().to_owned())
    }

    #[test]
    fn a_slip_of_the_finger_gets_the_common_domain() {
        for (typed, domain) in [
            ("gmial.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("gmail.co", "gmail.com"),
            ("gmali.com", "gmail.com"),
            ("hotmial.com", "hotmail.com"),
            ("yaho.com", "yahoo.com"),
            ("outlok.com", "outlook.com"),
            ("comcastt.net", "comcast.net"),
            ("icloud.con", "icloud.com"),
        ] {
            assert_eq!(
                meant(&format!("ana@{typed}")),
                Some(format!("ana@{domain}")),
                "{typed}"
            );
        }
    }

    #[test]
    fn slips_are_counted_up_to_three() {
        for (one, other, expected) in [
            ("gmail.com", "gmail.com", 0),
            ("gmial.com", "gmail.com", 1),
            ("gmil.co", "gmail.com", 2),
            ("gimal.con", "gmail.com", 3),
            ("xyz.example", "gmail.com", 3),
            ("", "pm.me", 3),
            (
                "a.very.long.domain.name.example",
                "a.very.long.domain.name.exampl",
                3,
            ),
        ] {
            assert_eq!(slips(one, other), expected, "{one} {other}");
            assert_eq!(slips(other, one), expected, "{other} {one}");
        }
        assert!(COMMON.iter().all(|domain| domain.len() + 2 <= LONGEST));
    }

    #[test]
    fn common_and_distant_domains_are_left_alone() {
        for domain in [
            "gmail.com",
            "ymail.com",
            "mail.com",
            "example.org",
            "city.example",
            "aim.com",
            "hotmail.de",
            "yahoo.es",
        ] {
            assert_eq!(meant(&format!("ana@{domain}")), None, "{domain}");
        }
    }
}
