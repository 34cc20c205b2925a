//! Domains, as lists name them.

/// `mail.example`, `*.mail.example` (one label before it) or `**.mail.example` (one label or more before it).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainPattern {
    depth: Depth,
    domain: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Itself,
    OneBelow,
    AnyBelow,
}

impl DomainPattern {
    /// Reads a pattern; a domain in any script is kept in its ASCII form.
    pub fn parse(text: &str) -> Option<Self> {
        let (depth, domain) = if let Some(rest) = text.strip_prefix("**.") {
            (Depth::AnyBelow, rest)
        } else if let Some(rest) = text.strip_prefix("*.") {
            (Depth::OneBelow, rest)
        } else {
            (Depth::Itself, text)
        };
        let domain = idna::domain_to_ascii(domain).ok()?;
        let is_label = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        // A whole top-level domain may be named by a star alone.
        let is_whole = domain.contains('.') || depth != Depth::Itself;
        (is_whole && domain.split('.').all(is_label)).then_some(Self { depth, domain })
    }

    /// Whether a domain (ASCII, lower case) is meant.
    pub fn names(&self, domain: &str) -> bool {
        if self.depth == Depth::Itself {
            return domain == self.domain;
        }
        let below = domain
            .strip_suffix(&self.domain)
            .and_then(|rest| rest.strip_suffix('.'));
        below.is_some_and(|below| {
            !below.is_empty() && (self.depth == Depth::AnyBelow || !below.contains('.'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_star_is_one_label_and_two_are_any_number() {
        for (pattern, domain, is_meant) in [
            ("mail.example", "mail.example", true),
            ("MAIL.example", "mail.example", true),
            ("mail.example", "a.mail.example", false),
            ("*.mail.example", "a.mail.example", true),
            ("*.mail.example", "b.a.mail.example", false),
            ("*.mail.example", "mail.example", false),
            ("**.mail.example", "a.mail.example", true),
            ("**.mail.example", "b.a.mail.example", true),
            ("**.mail.example", "mail.example", false),
            ("**.mail.example", "a.xmail.example", false),
            ("**.example", "a.mail.example", true),
            ("bücher.example", "xn--bcher-kva.example", true),
        ] {
            let read = DomainPattern::parse(pattern).unwrap();
            assert_eq!(read.names(domain), is_meant, "{pattern} {domain}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_none() {
        for text in [
            "",
            "example",
            "*",
            "**",
            "*.",
            "a.*.example",
            "***.mail.example",
            "-a.example",
            "a b.example",
        ] {
            assert_eq!(DomainPattern::parse(text), None, "{text}");
        }
    }
}
