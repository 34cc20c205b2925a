//! E-mail addresses as people type them.

pub mod canonical;
pub mod suggestion;

use crate::coded::coded_error;

/// The longest address, in characters (RFC 5321, section 4.5.3.1.3, less the angle brackets).
pub const LONGEST: usize = 254;

coded_error! {
    /// Why a text is no e-mail address.
    EmailError {
        /// Nothing but spaces.
        Empty = "email_empty", "an e-mail address is needed";
        /// More than 254 characters.
        TooLong = "email_too_long", "an e-mail address has at most 254 characters";
        /// Nothing, or something that is not allowed, before the `@`.
        LocalPart = "email_local_part", "the part before the @ is not one of an e-mail address";
        /// Nothing, or something that is no domain, after the `@`.
        Domain = "email_domain", "the part after the @ is not a domain";
        /// No dot in the domain: nobody outside could write to it.
        Dotless = "email_domain_dotless", "the part after the @ needs a dot, as in example.org";
    }
}

/// An address to which mail can be sent: the WHATWG's valid e-mail address with a dotted domain,
/// which is kept in its ASCII form (IDNA).
///
/// Source: HTML Living Standard, section 4.10.5.1.5.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email {
    text: String,
    at: usize,
}

impl Email {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError::Domain)?;
        if local.is_empty() || !local.bytes().all(is_local) {
            return Err(EmailError::LocalPart);
        }
        let domain = idna::domain_to_ascii(domain).map_err(|_| EmailError::Domain)?;
        if !domain.contains('.') {
            return Err(if is_label(&domain) {
                EmailError::Dotless
            } else {
                EmailError::Domain
            });
        }
        if !domain.split('.').all(is_label) {
            return Err(EmailError::Domain);
        }
        let at = local.len();
        let text = format!("{local}@{domain}");
        if text.len() > LONGEST {
            return Err(EmailError::TooLong);
        }
        Ok(Self { text, at })
    }

    /// The address, its domain in ASCII.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        &self.text[..self.at]
    }

    /// What stands after the `@`: ASCII, lower case.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_label(label: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(is_inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_browser_accepts_is_accepted() {
        for (text, kept) in [
            ("ana@example.org", "ana@example.org"),
            (" Ana.B+x@Example.ORG ", "Ana.B+x@example.org"),
            ("a..b.@mail.example.com", "a..b.@mail.example.com"),
            (
                "o'neil/!#$%&*=?^_`{|}~-@a.example",
                "o'neil/!#$%&*=?^_`{|}~-@a.example",
            ),
            ("ana@bücher.example", "ana@xn--bcher-kva.example"),
            ("ana@例え.example", "ana@xn--r8jz45g.example"),
        ] {
            assert_eq!(Email::parse(text).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn what_no_mail_reaches_is_refused_with_its_reason() {
        for (text, error) in [
            ("", EmailError::Empty),
            ("ana", EmailError::Domain),
            ("ana@", EmailError::Domain),
            ("@example.org", EmailError::LocalPart),
            ("a b@example.org", EmailError::LocalPart),
            ("a@b@example.org", EmailError::LocalPart),
            ("анна@example.org", EmailError::LocalPart),
            ("ana@localhost", EmailError::Dotless),
            ("ana@-a.example", EmailError::Domain),
            ("ana@a..example", EmailError::Domain),
            ("ana@a.example.", EmailError::Domain),
            ("ana@exa mple.org", EmailError::Domain),
            ("ana@[127.0.0.1]", EmailError::Domain),
            ("ana\r\nbcc:x@example.org", EmailError::LocalPart),
        ] {
            assert_eq!(Email::parse(text), Err(error), "{text:?}");
        }
        let long = format!("{}@example.org", "a".repeat(243));
        assert_eq!(Email::parse(&long), Err(EmailError::TooLong));
        assert!(Email::parse(&long[1..]).is_ok());
    }

    proptest! {
        #[test]
        fn an_address_that_was_read_reads_again_as_itself(text in "[a-zA-Z.+]{1,8}@[a-zA-Zé.-]{1,20}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert!(email.domain().contains('.'));
            }
        }
    }
}
