//! Configuration in layers: built-in defaults, a file, the environment, flags.
//!
//! `config/default.toml` holds every key with its default and what it means; a test keeps the two
//! alike. An unknown key or a wrong value stops every command, with its file, key and what would do.

use crate::failure::Failure;
use anyhow::anyhow;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use redress_civics::providers::ProvidersSettings;
use redress_mailer::dkim::DkimSettings;
use redress_mailer::settings::{
    ComingSettings, DirectSettings, DnsSettings, MailerSettings, OfficeHours, Pace, Password,
    RelaySettings, Timeouts, TransportSettings,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// The file with every key.
pub const DEFAULT_FILE: &str = include_str!("../../../config/default.toml");

/// What every layer together says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where everything is kept.
    pub database: DatabaseConfig,
    /// Secrets from files.
    pub secrets: SecretsConfig,
    /// The site.
    pub site: SiteConfig,
    /// Where answers about addresses come from.
    pub civics: CivicsConfig,
    /// Limits on strangers.
    pub limits: LimitsConfig,
    /// Who a new petition's letters are from.
    pub sender: SenderConfig,
    /// Letters and mails.
    pub mailer: MailerConfig,
    /// What providers of mail tell over the web.
    pub hooks: HooksConfig,
    /// Timers.
    pub upkeep: UpkeepConfig,
}

/// Where everything is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite:PATH` or `postgres://...`.
    pub url: String,
}

/// Secrets from files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecretsConfig {
    /// The instance's key.
    pub key_file: String,
    /// Key backups, from which a destroyed key goes too.
    pub key_backups: Vec<String>,
}

/// The site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The base of all links.
    pub public_url: String,
    /// The pack.
    pub pack: String,
    /// Proxies whose word on the client's address is believed.
    pub proxies: Vec<IpAddr>,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            pack: String::new(),
            proxies: Vec::new(),
        }
    }
}

/// Where answers about addresses come from besides the pack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CivicsConfig {
    /// Second opinions.
    pub providers: ProvidersSettings,
}

/// Limits on strangers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Whether they hold.
    pub enabled: bool,
    /// Requests of one kind that one client may send in a second.
    pub a_second: u32,
    /// How many of these at once.
    pub burst: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            a_second: 20,
            burst: 60,
        }
    }
}

/// Who a new petition's letters are from, until an organizer says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SenderConfig {
    /// The organization's name.
    pub organization: String,
    /// Its postal address, lines parted by `\n`.
    pub postal_address: String,
    /// Where people reach it.
    pub contact_email: String,
}

impl Default for SenderConfig {
    fn default() -> Self {
        Self {
            organization: "The petition's organizers".to_owned(),
            postal_address: "Postal address not given".to_owned(),
            contact_email: "organizers@redress.example".to_owned(),
        }
    }
}

/// Letters and mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailerConfig {
    /// Which way messages leave.
    pub transport: Way,
    /// The relay.
    pub smtp: RelaySettings,
    /// Without a relay.
    pub direct: DirectSettings,
    /// What is asked of the DNS.
    pub dns: DnsSettings,
    /// The folder of an outbox.
    pub outbox: OutboxConfig,
    /// How many letters are on their way at once.
    pub sessions: usize,
    /// The largest message that leaves, in bytes.
    pub ceiling: usize,
    /// The same for some domains of recipients.
    pub ceilings: BTreeMap<String, usize>,
    /// The domain of our own addresses.
    pub from_domain: String,
    /// How messages are signed.
    pub dkim: DkimSettings,
    /// Whether a letter carries itself as a page to print.
    pub attach_printed_letter: bool,
    /// Seconds between two looks at an empty queue.
    pub poll_seconds: u64,
    /// When letters go to officials.
    pub office_hours: OfficeHours,
    /// How often letters go to one official.
    pub pace: Pace,
    /// How long each step of a session may take.
    pub timeouts: Timeouts,
    /// How what comes back comes in.
    pub coming: ComingSettings,
}

/// Which way messages leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// To a relay.
    Smtp,
    /// To the servers of each recipient.
    Direct,
    /// Into a folder on this machine, and no further.
    Outbox,
}

/// The folder of an outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutboxConfig {
    /// A Maildir.
    pub folder: PathBuf,
}

impl Default for OutboxConfig {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("./data/outbox"),
        }
    }
}

impl Default for MailerConfig {
    fn default() -> Self {
        let settings = MailerSettings::default();
        Self {
            transport: Way::Smtp,
            smtp: RelaySettings::default(),
            direct: DirectSettings::default(),
            dns: settings.dns,
            outbox: OutboxConfig::default(),
            sessions: settings.sessions,
            ceiling: settings.ceiling,
            ceilings: settings.ceilings,
            from_domain: settings.from_domain,
            dkim: settings.dkim,
            attach_printed_letter: settings.attach_printed_letter,
            poll_seconds: settings.poll_seconds,
            office_hours: settings.office_hours,
            pace: settings.pace,
            timeouts: settings.timeouts,
            coming: settings.coming,
        }
    }
}

/// Where the relay's password may stand instead of a file.
const RELAY_PASSWORD: &str = "REDRESS_SMTP_PASSWORD";

/// Where that of the mailbox may.
const MAILBOX_PASSWORD: &str = "REDRESS_IMAP_PASSWORD";

/// A password from the environment; none where there is none.
fn password(variable: &str) -> Password {
    std::env::var(variable)
        .map(|password| Password::new(&password))
        .unwrap_or_default()
}

impl MailerConfig {
    /// The relay, with its password from the environment where there is one.
    pub fn relay(&self) -> RelaySettings {
        RelaySettings {
            password: password(RELAY_PASSWORD),
            ..self.smtp.clone()
        }
    }

    /// The ways in, with the mailbox's password from the environment where there is one.
    fn ways_in(&self) -> ComingSettings {
        let mut coming = self.coming.clone();
        coming.imap.password = password(MAILBOX_PASSWORD);
        coming
    }

    /// As the mailer takes it.
    pub fn settings(&self) -> MailerSettings {
        MailerSettings {
            transport: match self.transport {
                Way::Smtp => TransportSettings::Smtp(self.relay()),
                Way::Direct => TransportSettings::Direct(self.direct.clone()),
                Way::Outbox => TransportSettings::Outbox {
                    directory: self.outbox.folder.clone(),
                },
            },
            sessions: self.sessions,
            timeouts: self.timeouts,
            office_hours: self.office_hours,
            pace: self.pace,
            dns: self.dns.clone(),
            ceiling: self.ceiling,
            ceilings: self.ceilings.clone(),
            from_domain: self.from_domain.clone(),
            dkim: self.dkim.clone(),
            attach_printed_letter: self.attach_printed_letter,
            poll_seconds: self.poll_seconds,
            coming: self.ways_in(),
        }
    }
}

/// What providers of mail tell over the web: nobody is believed until a file is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HooksConfig {
    /// Calls whose signature does not hold that one client may make in a second.
    pub a_second: u32,
    /// How many of these at once.
    pub burst: u32,
    /// Amazon SES, through SNS.
    pub ses: SesHookConfig,
    /// Postmark.
    pub postmark: PostmarkHookConfig,
    /// Mailgun.
    pub mailgun: KeyHookConfig,
    /// Twilio SendGrid.
    pub sendgrid: KeyHookConfig,
}

impl Default for HooksConfig {
    fn default() -> Self {
        Self {
            a_second: 5,
            burst: 100,
            ses: SesHookConfig::default(),
            postmark: PostmarkHookConfig::default(),
            mailgun: KeyHookConfig::default(),
            sendgrid: KeyHookConfig::default(),
        }
    }
}

/// Amazon SES, through SNS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SesHookConfig {
    /// The topic's ARN.
    pub topic: String,
    /// The certificates of SNS (PEM).
    pub certificate_file: PathBuf,
}

/// Postmark.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PostmarkHookConfig {
    /// The file of the secret, one line.
    pub secret_file: PathBuf,
}

/// A provider whose calls are checked with one key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyHookConfig {
    /// The file of the key.
    pub key_file: PathBuf,
}

/// Timers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpkeepConfig {
    /// Seconds between two rounds.
    pub every_seconds: u64,
    /// Hours after which somebody who has not confirmed is reminded.
    pub remind_after_hours: i64,
}

impl Default for UpkeepConfig {
    fn default() -> Self {
        Self {
            every_seconds: 60,
            remind_after_hours: 48,
        }
    }
}

impl Config {
    /// Reads all layers. `file` is what `--config` names; else `REDRESS_CONFIG`; else there is none.
    pub fn load(file: Option<&Path>) -> Result<Self, Failure> {
        let named = file
            .map(Path::to_owned)
            .or_else(|| std::env::var_os("REDRESS_CONFIG").map(PathBuf::from));
        let mut layers = Figment::from(Serialized::defaults(Self::default()));
        if let Some(path) = &named {
            let text =
                std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
            // Read once more by figment, which then knows the file's name in what it says.
            drop(text);
            layers = layers.merge(Toml::file_exact(path));
        }
        layers
            .merge(environment())
            .extract()
            .map_err(|error| Failure::input(anyhow!("{}", told(&error))))
    }
}

/// `REDRESS_MAILER__SMTP__HOST` is `mailer.smtp.host`; what has no section is no key.
fn environment() -> Env {
    Env::prefixed("REDRESS_")
        .filter(|key| key.as_str().contains("__"))
        .split("__")
}

/// Every mistake with its layer and key.
fn told(error: &figment::Error) -> String {
    error
        .clone()
        .into_iter()
        .map(|one| {
            let layer = one
                .metadata
                .as_ref()
                .map_or_else(String::new, |metadata| match &metadata.source {
                    Some(source) => format!("{source}: "),
                    None => format!("{}: ", metadata.name),
                });
            let key = one.path.join(".");
            let key = if key.is_empty() {
                key
            } else {
                format!("{key}: ")
            };
            format!("{layer}{key}{}", one.kind)
        })
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_defaults_holds_every_key_and_says_what_is_built_in() {
        let read: Config = Figment::from(Toml::string(DEFAULT_FILE)).extract().unwrap();
        assert_eq!(read, Config::default());
        let written: toml::Table = DEFAULT_FILE.parse().unwrap();
        let built_in: toml::Table = toml::to_string(&Config::default())
            .unwrap()
            .parse()
            .unwrap();
        let keys = |table: &toml::Table| {
            let mut keys = Vec::new();
            collect(table, "", &mut keys);
            keys.sort();
            keys
        };
        assert_eq!(keys(&written), keys(&built_in));
    }

    fn collect(table: &toml::Table, before: &str, keys: &mut Vec<String>) {
        for (key, value) in table {
            let key = format!("{before}{key}");
            match value {
                toml::Value::Table(table) => collect(table, &format!("{key}."), keys),
                _ => keys.push(key),
            }
        }
    }
}
