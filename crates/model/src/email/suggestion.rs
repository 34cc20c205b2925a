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

/// Letters changed, left out, added, or swapped with their neighbour: the optimal string alignment
/// distance.
fn slips(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > 2 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for row in 1..=one.len() {
        let mut line = vec![row];
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
            line.push(best);
        }
        before = std::mem::replace(&mut above, line);
    }
    above[other.len()]
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
