//! The server: its base address, and how it is spoken to.

use super::{BaseError, Settings};
use std::time::Duration;
use ureq::Agent;
use ureq::http::Uri;

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(30);
/// How often an answer may point elsewhere.
const MOST_REDIRECTS: u32 = 5;
/// Name of the program, as servers see it.
const NAME: &str = concat!("redress/", env!("CARGO_PKG_VERSION"));

/// Where a tree of files begins: `https://www2.census.gov/geo/tiger`, or a mirror of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// Reads a base address.
    pub fn parse(text: &str) -> Result<Self, BaseError> {
        let wrong = |mend| BaseError {
            address: shown(text),
            mend,
        };
        let uri: Uri = text
            .parse()
            .map_err(|_| wrong("write one such as https://mirror.example/tiger"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https"))
            || uri.host().is_none_or(str::is_empty)
        {
            return Err(wrong("it begins with https:// (or http://) and a host"));
        }
        if text.contains(['?', '#']) {
            return Err(wrong(
                "leave out what follows ? or #: paths of files are appended to it",
            ));
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }

    /// The address of a file below it.
    pub fn address(&self, path: &str) -> String {
        format!("{}/{path}", self.0)
    }

    /// Speaks to it. Where the base is encrypted, no answer may lead to what is not.
    pub(super) fn agent(&self, settings: &Settings) -> Agent {
        Agent::config_builder()
            .http_status_as_error(false)
            .https_only(self.0.starts_with("https://"))
            .max_redirects(MOST_REDIRECTS)
            .user_agent(NAME)
            // Lengths and ranges are those of the file itself, not of a packed form of it.
            .accept_encoding("identity")
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_per_read(Some(settings.idle))
            .timeout_per_write(Some(settings.idle))
            .build()
            .into()
    }
}

impl std::fmt::Display for Base {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&shown(&self.0))
    }
}

/// An address as it may be printed: without a password, and without a query, which may hold a key
/// or what somebody asked about.
pub fn shown(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_not_printed() {
        let address = "https://ann:pass@mirror.example/tiger/a.zip?key=secret#part";
        assert_eq!(shown(address), "https://mirror.example/tiger/a.zip");
        let error = Base::parse("ftp://ann:pass@mirror.example/?key=secret").unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("mirror.example") && !said.contains("pass@") && !said.contains("secret"),
            "{said}"
        );
    }

    #[test]
    fn a_base_address_is_one_of_the_web() {
        for wrong in [
            "",
            "mirror.example",
            "file:///tiger",
            "https://",
            "https://mirror.example/?a",
        ] {
            assert!(Base::parse(wrong).is_err(), "{wrong}");
        }
        let base = Base::parse("http://mirror.example:8080/tiger//").unwrap();
        assert_eq!(
            base.address("a/b.zip"),
            "http://mirror.example:8080/tiger/a/b.zip"
        );
    }
}
