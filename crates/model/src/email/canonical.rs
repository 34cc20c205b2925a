//! When two e-mail addresses are one mailbox.
//!
//! Providers differ in what they ignore, so the rules are a table that an organizer may edit, one
//! line a domain:
//!
//! ```text
//! gmail.com       dots +      # drops dots, and + with what follows
//! googlemail.com  = gmail.com # the same mailboxes
//! yahoo.com       -           # drops - with what follows
//! ```
//!
//! A domain without a line keeps everything: at some providers dots matter.

use super::Email;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// What a new instance starts with.
pub const DEFAULT_RULES: &str = include_str!("canonical_rules.txt");

/// What a provider ignores before the `@`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DomainRule {
    /// Mailboxes are those of this domain.
    pub alias_of: Option<String>,
    /// Dots are ignored.
    pub ignores_dots: bool,
    /// This sign and all that follows it are ignored: `+` or `-`.
    pub tag: Option<char>,
}

/// A line of the table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: `{text}` is not a rule: write `DOMAIN [dots] [+|-]` or `DOMAIN = DOMAIN`")]
pub struct RuleError {
    /// Counted from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

/// The table of rules by domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalRules(BTreeMap<String, DomainRule>);

impl CanonicalRules {
    /// Reads a table; a line that cannot be read refuses the whole of it.
    pub fn parse(table: &str) -> Result<Self, RuleError> {
        let mut rules = BTreeMap::new();
        for (index, text) in table.lines().enumerate() {
            let mut words = text
                .split('#')
                .next()
                .unwrap_or_default()
                .split_whitespace();
            let Some(domain) = words.next() else { continue };
            let rule = parse_rule(&words.collect::<Vec<_>>());
            let (Ok(domain), Some(rule)) = (idna::domain_to_ascii(domain), rule) else {
                return Err(RuleError {
                    line: index + 1,
                    text: text.trim().to_owned(),
                });
            };
            rules.insert(domain, rule);
        }
        Ok(Self(rules))
    }

    /// The mailbox of an address.
    pub fn canonical(&self, email: &Email) -> CanonicalEmail {
        let mut domain = email.domain();
        // An alias of an alias is followed once more, and never in a circle.
        for _ in 0..2 {
            if let Some(other) = self.0.get(domain).and_then(|rule| rule.alias_of.as_deref()) {
                domain = other;
            }
        }
        let folded: String = email.local_part().nfkc().collect::<String>().to_lowercase();
        let kept = self
            .0
            .get(domain)
            .map_or_else(|| folded.clone(), |rule| shorten(&folded, rule));
        CanonicalEmail(format!("{kept}@{domain}"))
    }
}

impl Default for CanonicalRules {
    fn default() -> Self {
        // A test holds that the built-in table reads.
        Self::parse(DEFAULT_RULES).unwrap_or(Self(BTreeMap::new()))
    }
}

fn parse_rule(words: &[&str]) -> Option<DomainRule> {
    if let ["=", other] = words {
        let alias_of = Some(idna::domain_to_ascii(other).ok()?);
        return Some(DomainRule {
            alias_of,
            ..DomainRule::default()
        });
    }
    let mut rule = DomainRule::default();
    for word in words {
        match *word {
            "dots" => rule.ignores_dots = true,
            "+" | "-" if rule.tag.is_none() => rule.tag = word.chars().next(),
            _ => return None,
        }
    }
    Some(rule)
}

fn shorten(local: &str, rule: &DomainRule) -> String {
    let stem = rule
        .tag
        .and_then(|tag| local.split_once(tag))
        .map_or(local, |(stem, _)| stem);
    let kept = if rule.ignores_dots {
        stem.replace('.', "")
    } else {
        stem.to_owned()
    };
    // `+tag@` alone is a mailbox of its own: an empty one would be everybody's.
    if kept.is_empty() {
        local.to_owned()
    } else {
        kept
    }
}

/// One mailbox, however its address is written. Stored only as a keyed hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CanonicalEmail(String);

impl CanonicalEmail {
    /// The text, to be hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(text: &str) -> String {
        CanonicalRules::default()
            .canonical(&Email::parse(text).unwrap())
            .as_str()
            .to_owned()
    }

    #[test]
    fn the_built_in_table_reads() {
        assert!(CanonicalRules::parse(DEFAULT_RULES).unwrap().0.len() > 10);
    }

    #[test]
    fn one_mailbox_has_one_canonical_address() {
        for (text, mailbox) in [
            ("A.n.a+petition@Gmail.com", "ana@gmail.com"),
            ("ana@googlemail.com", "ana@gmail.com"),
            ("ana+x@outlook.com", "ana@outlook.com"),
            ("a.na@outlook.com", "a.na@outlook.com"),
            ("ana-x@yahoo.com", "ana@yahoo.com"),
            ("ana+x@icloud.com", "ana@icloud.com"),
            ("A.na+x-y@example.org", "a.na+x-y@example.org"),
            ("+x@gmail.com", "+x@gmail.com"),
            ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ] {
            assert_eq!(canonical(text), mailbox);
        }
    }

    #[test]
    fn a_bad_line_is_named_and_refuses_the_table() {
        let error = CanonicalRules::parse("example.org +\nexample.com plus\n").unwrap_err();
        assert_eq!((error.line, error.text.as_str()), (2, "example.com plus"));
    }

    proptest! {
        #[test]
        fn canonical_addresses_stay_as_they_are(local in "[a-z.+-]{1,12}", domain in "gmail|yahoo|outlook|googlemail") {
            let once = canonical(&format!("{local}@{domain}.com"));
            // Dropping a tag may leave another sign at the end; a second pass may not change the mailbox.
            prop_assert_eq!(canonical(&once), once);
        }
    }
}
