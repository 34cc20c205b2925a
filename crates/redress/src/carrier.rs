//! The mailer, wired.

use crate::failure::Failure;
use crate::instance::Instance;
use crate::machine::{SystemClock, random};
use redress_mailer::settings::MailerSettings;
use redress_mailer::{Mailer, MailerError, Parts};
use redress_storage::secrets::Vault;
use redress_storage::settings::PUBLIC_URL;
use std::sync::Arc;

/// The base of links while no site was ever served: a name that leads nowhere (RFC 2606).
const NO_SITE: &str = "https://redress.example";

/// A mailer on an instance; its links are those of the site that was last served.
pub async fn mailer(
    instance: &Instance,
    vault: Vault,
    settings: MailerSettings,
) -> Result<Mailer, Failure> {
    let public_url = instance
        .store
        .settings
        .find_setting(PUBLIC_URL)
        .await
        .map_err(Failure::failed)?;
    with_url(
        instance,
        vault,
        settings,
        public_url.as_deref().unwrap_or(NO_SITE),
    )
    .await
}

/// A mailer with a site's address.
pub async fn with_url(
    instance: &Instance,
    vault: Vault,
    settings: MailerSettings,
    public_url: &str,
) -> Result<Mailer, Failure> {
    Mailer::new(Parts {
        store: instance.store.clone(),
        vault: Arc::new(vault),
        clock: Arc::new(SystemClock),
        random: Box::new(random()),
        settings,
        public_url: public_url.to_owned(),
    })
    .await
    .map_err(failure)
}

/// Wrong settings are the operator's; the rest has failed.
pub fn failure(error: MailerError) -> Failure {
    match error {
        MailerError::Settings(_)
        | MailerError::Login(_)
        | MailerError::Certificates { .. }
        | MailerError::Dkim(_) => Failure::input(error),
        error => Failure::failed(error),
    }
}
