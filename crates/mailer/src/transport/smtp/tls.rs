//! Encryption of the way to a relay.

use super::wire::Stream;
use crate::error::MailerError;
use crate::settings::{RelaySettings, TlsMode};
use std::io;
use std::sync::Arc;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How the way to one relay is encrypted.
pub(super) struct Encryption {
    connector: TlsConnector,
    name: Option<ServerName<'static>>,
}

impl Encryption {
    /// Believes the public authorities, and those of the relay's own file if one is named.
    pub(super) fn new(settings: &RelaySettings) -> Result<Self, MailerError> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(path) = &settings.ca_file {
            let unreadable = |error: String| MailerError::Certificates {
                path: path.clone(),
                error,
            };
            for certificate in CertificateDer::pem_file_iter(path)
                .map_err(|error| unreadable(error.to_string()))?
            {
                let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
                roots
                    .add(certificate)
                    .map_err(|error| unreadable(error.to_string()))?;
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| MailerError::Tls(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(settings.host.clone()).ok();
        if settings.tls != TlsMode::None && name.is_none() {
            return Err(MailerError::Tls(
                "the relay's host is not a name that a certificate can hold".to_owned(),
            ));
        }
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name,
        })
    }

    /// Shakes hands over an open connection.
    pub(super) async fn wrap(&self, stream: Box<dyn Stream>) -> io::Result<Box<dyn Stream>> {
        let name = self.name.clone().ok_or(io::ErrorKind::InvalidInput)?;
        Ok(Box::new(self.connector.connect(name, stream).await?))
    }
}
