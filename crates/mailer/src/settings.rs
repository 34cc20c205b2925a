//! How the mailer behaves. Every value has a default; the program fills in what its configuration says.

mod imap;
mod password;
mod profile;

pub use imap::ImapSettings;
pub use password::Password;
pub use profile::{Profile, Traits};

use crate::dkim::DkimSettings;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailerSettings {
    /// Which way messages leave.
    pub transport: TransportSettings,
    /// How many letters are on their way at once; each domain takes one at a time.
    pub sessions: usize,
    /// How long each step of a session may take.
    pub timeouts: Timeouts,
    /// When letters go to officials.
    pub office_hours: OfficeHours,
    /// How often letters go to one official.
    pub pace: Pace,
    /// What is asked of the DNS.
    pub dns: DnsSettings,
    /// The largest message that leaves, in bytes as it goes over the wire, whatever servers take; 0 for any size. A letter above it goes with a
    /// link in the place of what is attached.
    pub ceiling: usize,
    /// The same for each of some domains of recipients, in the place of that.
    pub ceilings: BTreeMap<String, usize>,
    /// The domain of our own addresses. Empty: the host of the public URL.
    pub from_domain: String,
    /// How messages are signed.
    pub dkim: DkimSettings,
    /// Whether a letter's page to print (PDF) goes with the message, after the list. Decided when the letter is written.
    pub attach_printed_letter: bool,
    /// How long a running mailer waits when nothing is due, in seconds.
    pub poll_seconds: u64,
    /// How what comes back comes in.
    pub coming: ComingSettings,
}

impl Default for MailerSettings {
    fn default() -> Self {
        Self {
            transport: TransportSettings::default(),
            sessions: 4,
            timeouts: Timeouts::default(),
            office_hours: OfficeHours::default(),
            pace: Pace::default(),
            dns: DnsSettings::default(),
            // What nearly every server takes, and no reader minds.
            ceiling: 7_000_000,
            ceilings: BTreeMap::new(),
            from_domain: String::new(),
            dkim: DkimSettings::default(),
            attach_printed_letter: true,
            poll_seconds: 2,
            coming: ComingSettings::default(),
        }
    }
}

/// How what comes back comes in. Without a way in, answers go to the organization's own address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ComingSettings {
    /// A Maildir into which a server on this machine delivers. Empty: none.
    pub maildir: PathBuf,
    /// Where LMTP is listened to: `127.0.0.1:2400`, or `unix:/run/redress/lmtp`. Empty: nowhere.
    pub lmtp: String,
    /// The longest message that is taken, in bytes.
    pub max_bytes: usize,
    /// A mailbox that is read over IMAP.
    pub imap: ImapSettings,
}

impl Default for ComingSettings {
    fn default() -> Self {
        Self {
            maildir: PathBuf::new(),
            lmtp: String::new(),
            max_bytes: 10 << 20,
            imap: ImapSettings::default(),
        }
    }
}

impl ComingSettings {
    /// Whether anything that is sent to our addresses is read here.
    pub fn has_way_in(&self) -> bool {
        !self.maildir.as_os_str().is_empty() || !self.lmtp.is_empty() || !self.imap.host.is_empty()
    }
}

/// Which way messages leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransportSettings {
    /// To a relay, which carries them on.
    Smtp(RelaySettings),
    /// To the servers that take each recipient's mail, without a relay.
    Direct(DirectSettings),
    /// Into a Maildir on this machine, and no further.
    Outbox {
        /// The directory that holds `tmp`, `new` and `cur`.
        directory: PathBuf,
    },
}

impl Default for TransportSettings {
    fn default() -> Self {
        Self::Smtp(RelaySettings::default())
    }
}

/// A relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RelaySettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What kind it is.
    pub profile: Profile,
    /// How the way to it is encrypted.
    pub tls: TlsMode,
    /// Certificates (PEM) that a private relay's own comes from, besides the public ones; empty for none.
    pub ca_file: PathBuf,
    /// Who logs in; empty for nobody.
    pub user: String,
    /// The file of the password, one line.
    pub password_file: PathBuf,
    /// The password, where no file is named; it comes from the environment and is in no file of settings.
    #[serde(skip)]
    pub password: Password,
    /// The largest message that the relay takes, in bytes; 0 for what its profile and the relay itself say.
    pub largest: usize,
    /// What EHLO says. Empty: the domain of our addresses.
    pub hello: String,
    /// How many messages one connection carries before it is closed.
    pub messages_per_connection: u32,
}

impl RelaySettings {
    /// The largest message that goes to it, in bytes.
    pub fn largest(&self) -> Option<usize> {
        match self.largest {
            0 => self.profile.traits().largest,
            set => Some(set),
        }
    }
}

impl Default for RelaySettings {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 25,
            profile: Profile::default(),
            tls: TlsMode::None,
            ca_file: PathBuf::new(),
            user: String::new(),
            password_file: PathBuf::new(),
            password: Password::default(),
            largest: 0,
            hello: String::new(),
            messages_per_connection: 100,
        }
    }
}

/// How letters go without a relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DirectSettings {
    /// The port of all servers.
    pub port: u16,
    /// What EHLO says: the name that the address of this machine leads back to. Empty: the domain of our addresses.
    pub hello: String,
    /// How many messages one connection carries before it is closed.
    pub messages_per_connection: u32,
    /// Whether servers may be on this machine or in a private network.
    pub allow_private: bool,
}

impl Default for DirectSettings {
    fn default() -> Self {
        Self {
            port: 25,
            hello: String::new(),
            messages_per_connection: 20,
            allow_private: false,
        }
    }
}

/// What is asked of the DNS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DnsSettings {
    /// Whether the servers behind a relay are asked for, so that domains with the same ones share a pace. Without a relay they always are.
    pub groups: bool,
    /// Who is asked: addresses with ports. Empty: whom the machine asks.
    pub servers: Vec<String>,
}

/// How the way to a server is encrypted. Who asks for it gets it or nothing, unless `opportunistic` is what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// Not at all: a server on this machine.
    None,
    /// After STARTTLS (RFC 3207), with a certificate that is checked.
    Starttls,
    /// After STARTTLS where that is offered, whoever's the certificate is (RFC 7435): better than nothing, against whoever only listens.
    Opportunistic,
    /// From the first byte (RFC 8314).
    Tls,
}

/// How long each step may take, in milliseconds. The defaults are the least that RFC 5321 (section 4.5.3.2) asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timeouts {
    /// To connect, and for the handshake of TLS.
    pub connect: u64,
    /// For the greeting and the answer to each command before the body.
    pub command: u64,
    /// For all of that together: what bounds the lease.
    pub before_body: u64,
    /// To write the whole body.
    pub body: u64,
    /// For the answer to the dot.
    pub dot: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: 30_000,
            command: 300_000,
            before_body: 900_000,
            body: 600_000,
            dot: 600_000,
        }
    }
}

impl Timeouts {
    /// For how long a delivery is leased: until its body is written, however slow the way there was. Storage
    /// keeps an intent beyond that for as long as its answer may take.
    pub fn lease(&self) -> Duration {
        Duration::from_millis(self.before_body + self.body + self.dot / 5)
    }
}

/// When letters go to officials: working days, by the clock of the place where the office is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfficeHours {
    /// Whether they hold.
    pub enabled: bool,
    /// The first hour, 0 to 23.
    pub from: u32,
    /// The hour at which they end, 1 to 24.
    pub to: u32,
}

impl Default for OfficeHours {
    fn default() -> Self {
        Self {
            enabled: true,
            from: 8,
            to: 18,
        }
    }
}

/// How often letters go to one official, and to the servers of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pace {
    /// Whether an official gets at most one letter a day, whatever the number of petitions.
    pub one_letter_a_day: bool,
    /// How many letters to the servers of one domain, or of several that share them, are in mailers' hands at once, all processes together; 0
    /// for any number.
    pub at_once: u32,
    /// How many go there in a minute, all processes together; 0 for any number.
    pub a_minute: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            one_letter_a_day: true,
            at_once: 16,
            a_minute: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_need_to_say_only_what_is_different() {
        let text = r#"{"transport":{"smtp":{"port":2525,"tls":"starttls"}},"office_hours":{"enabled":false}}"#;
        let settings: MailerSettings = serde_json::from_str(text).unwrap();
        let TransportSettings::Smtp(relay) = settings.transport else {
            panic!("a relay was asked for");
        };
        assert_eq!((relay.port, relay.tls), (2525, TlsMode::Starttls));
        assert_eq!(
            (settings.office_hours.enabled, settings.office_hours.to),
            (false, 18)
        );
        assert_eq!(settings.sessions, 4);
    }

    #[test]
    fn a_ceiling_is_set_for_all_domains_or_for_one() {
        let text = r#"{"ceilings":{"city.example":20000000}}"#;
        let settings: MailerSettings = serde_json::from_str(text).unwrap();
        assert_eq!(settings.ceiling, 7_000_000);
        assert_eq!(settings.ceilings.get("city.example"), Some(&20_000_000));
    }

    #[test]
    fn each_way_in_is_one() {
        let changes: [fn(&mut ComingSettings); 3] = [
            |coming| coming.maildir = "coming".into(),
            |coming| coming.lmtp = "127.0.0.1:2400".into(),
            |coming| coming.imap.host = "mail.example".into(),
        ];
        for change in changes {
            let mut coming = ComingSettings::default();
            assert!(!coming.has_way_in());
            change(&mut coming);
            assert!(coming.has_way_in(), "{coming:?}");
        }
    }

    #[test]
    fn a_lease_outlasts_every_wait_before_the_dot() {
        let timeouts = Timeouts::default();
        let all = timeouts.before_body + timeouts.body;
        assert!(timeouts.lease() > Duration::from_millis(all));
    }
}
