//! Names, as lists name them.

use crate::name_key::NameKey;
use crate::person_name::PersonName;

/// A name, compared as two names of one person are: case, spaces and punctuation make no other. A `*` at either end stands for
/// anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    key: String,
    is_open_before: bool,
    is_open_behind: bool,
}

impl NamePattern {
    /// Reads a pattern; at least two letters must stand in it beside a star.
    pub fn parse(text: &str) -> Option<Self> {
        let (is_open_before, rest) = text
            .strip_prefix('*')
            .map_or((false, text), |rest| (true, rest));
        let (is_open_behind, rest) = rest
            .strip_suffix('*')
            .map_or((false, rest), |rest| (true, rest));
        if rest.contains('*') {
            return None;
        }
        let key = NameKey::of(&PersonName::parse(rest).ok()?)
            .as_str()
            .to_owned();
        let is_open = is_open_before || is_open_behind;
        (!is_open || key.chars().count() >= 2).then_some(Self {
            key,
            is_open_before,
            is_open_behind,
        })
    }

    /// Whether a name is meant.
    pub fn names(&self, name: &NameKey) -> bool {
        let (name, key) = (name.as_str(), self.key.as_str());
        match (self.is_open_before, self.is_open_behind) {
            (false, false) => name == key,
            (false, true) => name.starts_with(key),
            (true, false) => name.ends_with(key),
            (true, true) => name.contains(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_meant_however_it_is_spaced() {
        for (pattern, name, is_meant) in [
            ("Mickey Mouse", "MICKEY  mouse", true),
            ("Mickey Mouse", "Mickey Mouser", false),
            ("Mickey*", "Mickey Mouser", true),
            ("*Mouse", "Mickey Mouse", true),
            ("*key mou*", "Mickey Mouse", true),
            ("*cat*", "Mickey Mouse", false),
        ] {
            let key = NameKey::of(&PersonName::parse(name).unwrap());
            let read = NamePattern::parse(pattern).unwrap();
            assert_eq!(read.names(&key), is_meant, "{pattern} {name}");
        }
        for text in ["", "*", "**", "a*", "Mick*y Mouse"] {
            assert_eq!(NamePattern::parse(text), None, "{text}");
        }
    }
}
