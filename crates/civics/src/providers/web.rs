//! A provider's server.

use super::{Key, ProviderError, Query, SettingsError, Source};
use serde_json::Value;
use std::fmt::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::http::Uri;

/// Most bytes of an answer; the Census Bureau's, with all its layers, is about 30 kB.
const MOST_BYTES: u64 = 4 << 20;
/// Name of the program, as servers see it.
const NAME: &str = concat!("redress/", env!("CARGO_PKG_VERSION"));

/// Asks with GET and expects JSON.
pub struct Web {
    agent: Agent,
    /// With `{address}`, and `{key}` where there is one.
    template: String,
    key: Option<Key>,
    unknown_on: &'static [u16],
}

impl Web {
    /// For an address with `{address}` in it, and `{key}` where a key is given. At a status of
    /// `unknown_on` the server says that it does not know the address: the answer is null.
    pub fn new(
        provider: &'static str,
        template: &str,
        key: Option<Key>,
        unknown_on: &'static [u16],
    ) -> Result<Self, SettingsError> {
        check(template).map_err(|mend| SettingsError::Url { provider, mend })?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            // A redirect would carry the address to somebody who is not configured.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(NAME)
            .accept("application/json")
            .build()
            .into();
        Ok(Self {
            agent,
            template: template.to_owned(),
            key,
            unknown_on,
        })
    }

    /// The host, for people to know where their address goes.
    pub fn host(template: &str) -> String {
        uri(template)
            .as_ref()
            .and_then(Uri::host)
            .unwrap_or("an unknown host")
            .to_owned()
    }

    fn address(&self, query: &Query) -> String {
        let key = self.key.as_ref().map_or("", Key::secret);
        // The address goes in last: what somebody wrote must not be able to ask for the key.
        self.template
            .replace("{key}", &encoded(key))
            .replace("{address}", &encoded(query.line()))
    }
}

impl Source for Web {
    fn ask(&self, query: &Query, within: Duration) -> Result<Arc<Value>, ProviderError> {
        let mut response = self
            .agent
            .get(self.address(query))
            .config()
            .timeout_global(Some(within))
            .build()
            .call()
            .map_err(|error| broken(&error))?;
        match response.status().as_u16() {
            200 => {}
            status if self.unknown_on.contains(&status) => return Ok(Arc::new(Value::Null)),
            status @ 300..=399 => return Err(ProviderError::Moved(status)),
            status @ (408 | 429 | 500..=599) => return Err(ProviderError::Failing(status)),
            status => return Err(ProviderError::Refused(status)),
        }
        let body = response
            .body_mut()
            .with_config()
            .limit(MOST_BYTES)
            .read_to_vec()
            .map_err(|error| broken(&error))?;
        match serde_json::from_slice(&body) {
            Ok(json) => Ok(Arc::new(json)),
            Err(_) if body.trim_ascii_start().starts_with(b"<") => Err(ProviderError::Page),
            Err(_) => Err(ProviderError::NotJson),
        }
    }
}

fn broken(error: &ureq::Error) -> ProviderError {
    match error {
        ureq::Error::Timeout(_) => ProviderError::Late,
        ureq::Error::BodyExceedsLimit(_) => ProviderError::NotJson,
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            ProviderError::Late
        }
        _ => ProviderError::Unreachable,
    }
}

/// The parts of an address between its placeholders, as an address.
fn uri(template: &str) -> Option<Uri> {
    template
        .replace("{address}", "a")
        .replace("{key}", "k")
        .parse()
        .ok()
}

fn check(template: &str) -> Result<(), &'static str> {
    let uri = uri(template).ok_or("is no web address")?;
    let host = uri
        .host()
        .filter(|host| !host.is_empty())
        .ok_or("has no host")?;
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_near(host) => {}
        Some("http") => {
            return Err("begins with http://, which everybody on the way can read; write https://");
        }
        _ => return Err("does not begin with https://"),
    }
    match template.matches("{address}").count() {
        1 => Ok(()),
        0 => Err("has no {address} where the address goes"),
        _ => Err("has {address} twice"),
    }
}

/// This machine, a private network, or a name without a dot, which only such a network knows.
fn is_near(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        Err(_) => !host.contains('.'),
    }
}

/// Percent-encoded for a query (RFC 3986, section 2).
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_in_clear_to_near_hosts_alone() {
        for good in [
            "https://geo.example/?q={address}",
            "http://127.0.0.1:8080/{address}",
            "http://[::1]/?q={address}",
            "http://10.1.2.3/?q={address}",
            "http://geocoder:8080/?q={address}&k={key}",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for wrong in [
            "http://geo.example/?q={address}",
            "http://203.0.113.9/?q={address}",
            "https://geo.example/?q=",
            "https://geo.example/?q={address}&r={address}",
            "geo.example/{address}",
            "ftp://geo.example/{address}",
            "",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_written_cannot_change_the_question() {
        assert_eq!(
            encoded("1 A&b=c#{key}/\u{e9}"),
            "1%20A%26b%3Dc%23%7Bkey%7D%2F%C3%A9"
        );
    }
}
