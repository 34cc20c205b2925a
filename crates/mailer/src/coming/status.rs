//! The fields of a report that a machine wrote (RFC 3464, section 2; RFC 5965, section 3): groups of `Name: value`, parted by
//! empty lines.

/// One group; names in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Group(Vec<(String, String)>);

/// How many groups are read.
const MOST: usize = 32;

impl Group {
    /// The first value of a name; empty ones count as none.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(its, value)| its == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A value without the type before its semicolon: `rfc822; a@city.example` is `a@city.example`.
    pub(super) fn untyped(&self, name: &str) -> Option<&str> {
        let value = self.first(name)?;
        let rest = value.split_once(';').map_or(value, |(_, rest)| rest).trim();
        Some(rest).filter(|rest| !rest.is_empty())
    }
}

/// Reads groups; empty ones are left out.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut group = Group::default();
    for line in text.lines().take(2_000) {
        if line.trim().is_empty() {
            if !group.0.is_empty() {
                groups.push(std::mem::take(&mut group));
            }
            if groups.len() == MOST {
                return groups;
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.0.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let value: String = value.trim().chars().take(2_000).collect();
            group.0.push((name.trim().to_ascii_lowercase(), value));
        }
    }
    if !group.0.is_empty() {
        groups.push(group);
    }
    groups
}

/// The first `5.1.1` that stands as a word in a text.
pub(super) fn enhanced_in(text: &str) -> Option<(u16, u16, u16)> {
    text.split(|letter: char| letter.is_whitespace() || "()[]<>,;:#-".contains(letter))
        .find_map(|word| {
            let mut numbers = word.trim_end_matches('.').split('.').map(|part| {
                let fits = (1..=3).contains(&part.len())
                    && part.bytes().all(|digit| digit.is_ascii_digit());
                fits.then(|| part.parse().ok()).flatten()
            });
            let code = (numbers.next()??, numbers.next()??, numbers.next()??);
            (numbers.next().is_none() && matches!(code.0, 2 | 4 | 5)).then_some(code)
        })
}

/// The first reply code of a refusal in a text: 400 to 599, as a word of its own.
pub(super) fn code_in(text: &str) -> Option<u16> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.')
        .filter(|word| word.len() == 3)
        .find_map(|word| word.parse().ok().filter(|code| (400..600).contains(code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_folded_and_groups_are_parted() {
        let groups = groups(
            "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@city.example\r\n\
             Diagnostic-Code: smtp;\r\n 550 5.1.1 nobody\r\n\r\n\r\n",
        );
        assert_eq!(groups.len(), 2);
        assert_eq!(
            groups[1].untyped("diagnostic-code"),
            Some("550 5.1.1 nobody")
        );
        assert_eq!(groups[1].untyped("final-recipient"), Some("a@city.example"));
        assert_eq!(groups[0].first("action"), None);
    }

    #[test]
    fn codes_are_words_of_their_own() {
        assert_eq!(enhanced_in("550-5.1.10 (x)"), Some((5, 1, 10)));
        assert_eq!(enhanced_in("#5.2.2>"), Some((5, 2, 2)));
        assert_eq!(enhanced_in("from 192.0.2.4"), None);
        assert_eq!(enhanced_in("version 3.1.2"), None);
        assert_eq!(code_in("said: 550 no"), Some(550));
        assert_eq!(code_in("port 5500, 192.0.2.451"), None);
    }
}
