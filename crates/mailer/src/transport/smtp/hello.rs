//! What a server can do, as it says in its answer to EHLO.

use crate::reply::Reply;

/// The extensions that letters use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a server offers each extension or does not, apart from the others"
)]
pub(super) struct Extensions {
    /// SIZE (RFC 1870): the limit in bytes; `Some(0)` where none is named.
    pub(super) size: Option<u64>,
    /// 8BITMIME (RFC 6152).
    pub(super) has_eight_bits: bool,
    /// SMTPUTF8 (RFC 6531).
    pub(super) has_utf8: bool,
    /// DSN (RFC 3461).
    pub(super) has_reports: bool,
    /// PIPELINING (RFC 2920).
    pub(super) has_pipelining: bool,
    /// STARTTLS (RFC 3207).
    pub(super) has_starttls: bool,
    /// AUTH PLAIN (RFC 4616).
    pub(super) has_plain: bool,
    /// AUTH LOGIN.
    pub(super) has_login: bool,
}

impl Extensions {
    /// Reads them, one a line; the first line is the greeting.
    pub(super) fn read(reply: &Reply) -> Self {
        let mut found = Self::default();
        for line in reply.text.lines().skip(1) {
            let mut words = line.split_ascii_whitespace();
            match words
                .next()
                .unwrap_or_default()
                .to_ascii_uppercase()
                .as_str()
            {
                "SIZE" => {
                    let limit = words.next().and_then(|limit| limit.parse().ok());
                    found.size = Some(limit.unwrap_or(0));
                }
                "PIPELINING" => found.has_pipelining = true,
                "8BITMIME" => found.has_eight_bits = true,
                "SMTPUTF8" => found.has_utf8 = true,
                "DSN" => found.has_reports = true,
                "STARTTLS" => found.has_starttls = true,
                "AUTH" => {
                    for mechanism in words {
                        found.has_plain |= mechanism.eq_ignore_ascii_case("PLAIN");
                        found.has_login |= mechanism.eq_ignore_ascii_case("LOGIN");
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Whether a message is over the limit that is named.
    pub(super) fn is_too_large(&self, bytes: usize) -> bool {
        self.size
            .is_some_and(|limit| limit > 0 && bytes as u64 > limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_read_in_any_case_and_the_greeting_is_none_of_them() {
        let reply = Reply::new(
            250,
            "SIZE.city.example\nsize 10485760\n8BITMIME\nStartTLS\nDSN\nSMTPUTF8\nHELP",
        );
        let found = Extensions::read(&reply);
        assert!(found.has_eight_bits && found.has_utf8 && found.has_reports && found.has_starttls);
        assert!(found.is_too_large(10_485_761) && !found.is_too_large(10_485_760));
        let logins = Extensions::read(&Reply::new(250, "a\nAUTH GSSAPI login"));
        assert!(logins.has_login && !logins.has_plain);
        let none = Extensions::read(&Reply::new(250, "DSN"));
        assert_eq!(none, Extensions::default());
        assert!(!Extensions::read(&Reply::new(250, "a\nSIZE")).is_too_large(usize::MAX));
    }
}
