//! Encryption of the way to a server.

use super::{Stream, WireFailure, WireResult};
use crate::error::MailerError;
use crate::settings::TlsMode;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// How the way to one server is encrypted.
pub(crate) struct Encryption {
    connector: TlsConnector,
    name: Option<ServerName<'static>>,
}

impl Encryption {
    /// Believes the public authorities, and those of a file if one is named.
    pub(crate) fn new(host: &str, tls: TlsMode, ca_file: &Path) -> Result<Self, MailerError> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if !ca_file.as_os_str().is_empty() {
            let unreadable = |error: String| MailerError::Certificates {
                path: ca_file.to_owned(),
                error,
            };
            for certificate in CertificateDer::pem_file_iter(ca_file)
                .map_err(|error| unreadable(error.to_string()))?
            {
                let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
                roots
                    .add(certificate)
                    .map_err(|error| unreadable(error.to_string()))?;
            }
        }
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| MailerError::Tls(error.to_string()))?;
        let config = if tls == TlsMode::Opportunistic {
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
                .with_no_client_auth()
        } else {
            builder.with_root_certificates(roots).with_no_client_auth()
        };
        let name = ServerName::try_from(host.to_owned()).ok();
        if tls != TlsMode::None && name.is_none() {
            return Err(MailerError::Tls(
                "the server's host is not a name that a certificate can hold".to_owned(),
            ));
        }
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name,
        })
    }

    /// The same towards another host. A name that no certificate can hold is not encrypted to.
    pub(crate) fn for_host(&self, host: &str) -> Self {
        Self {
            connector: self.connector.clone(),
            name: ServerName::try_from(host.to_owned()).ok(),
        }
    }

    /// Shakes hands over an open connection.
    pub(crate) async fn wrap(
        &self,
        stream: Box<dyn Stream>,
        until: Instant,
    ) -> WireResult<Box<dyn Stream>> {
        let nameless = WireFailure::Failed(io::ErrorKind::InvalidInput);
        let name = self.name.clone().ok_or(nameless)?;
        let encrypted = timeout_at(until, self.connector.connect(name, stream))
            .await
            .map_err(|_| WireFailure::TimedOut)??;
        Ok(Box::new(encrypted))
    }
}

/// Takes everybody's certificate, as long as whoever shows it has its key: opportunistic encryption asks for no name (RFC 7435, section 3).
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
