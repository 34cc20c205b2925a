//! A client's connection: kept open from one signer to the next, opened again when it breaks.

use crate::failure::Failure;
use anyhow::anyhow;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where all clients send to.
pub(super) struct Target {
    host: String,
    port: u16,
    /// As the header names it.
    authority: String,
    path: String,
    encryption: Option<(TlsConnector, ServerName<'static>)>,
}

impl Target {
    /// The resource that takes a petition's signatures.
    pub(super) fn new(url: &str, petition: &str) -> Result<Self, Failure> {
        let wrong = || {
            Failure::failed(anyhow!(
                "{url} is no site's address, as http://127.0.0.1:8080"
            ))
        };
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let authority = uri.authority().ok_or_else(wrong)?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let (encryption, port) = match uri.scheme_str() {
            Some("http") => (None, 80),
            Some("https") => {
                let name = ServerName::try_from(host.clone()).map_err(|_| wrong())?;
                (Some((public_authorities()?, name)), 443)
            }
            _ => return Err(wrong()),
        };
        let below = uri.path().trim_end_matches('/');
        Ok(Self {
            port: authority.port_u16().unwrap_or(port),
            authority: authority.as_str().to_owned(),
            path: format!("{below}/api/v1/petitions/{petition}/signatures"),
            host,
            encryption,
        })
    }
}

fn public_authorities() -> Result<TlsConnector, Failure> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Failure::failed)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// One client's.
#[derive(Default)]
pub(super) struct Line(Option<Open>);

/// A connection that is open.
struct Open {
    requests: SendRequest<Full<Bytes>>,
    /// What moves the bytes; it ends with the connection.
    _mover: JoinSet<()>,
}

impl Line {
    /// Sends a signature. The status of the answer; `None` when there was none.
    pub(super) async fn sign(&mut self, target: &Target, body: String) -> Option<u16> {
        let exchanged = tokio::time::timeout(PATIENCE, self.exchange(target, body)).await;
        let status = exchanged.ok().flatten();
        if status.is_none() {
            self.0 = None;
        }
        status
    }

    async fn exchange(&mut self, target: &Target, body: String) -> Option<u16> {
        let request = Request::post(&target.path)
            .header(HOST, &target.authority)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))
            .ok()?;
        let open = self.0.take().filter(|open| !open.requests.is_closed());
        let mut open = match open {
            Some(open) => open,
            None => connect(target).await?,
        };
        open.requests.ready().await.ok()?;
        let mut answer = open.requests.send_request(request).await.ok()?;
        // A connection is used again only when its answer was read to the end.
        while let Some(frame) = answer.body_mut().frame().await {
            frame.ok()?;
        }
        self.0 = Some(open);
        Some(answer.status().as_u16())
    }
}

async fn connect(target: &Target) -> Option<Open> {
    let stream = TcpStream::connect((target.host.as_str(), target.port))
        .await
        .ok()?;
    stream.set_nodelay(true).ok()?;
    match &target.encryption {
        Some((connector, name)) => talk(connector.connect(name.clone(), stream).await.ok()?).await,
        None => talk(stream).await,
    }
}

async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Option<Open> {
    let (requests, connection) = handshake(TokioIo::new(stream)).await.ok()?;
    let mut mover = JoinSet::new();
    mover.spawn(async move {
        // What breaks the connection fails the request that is on its way.
        let _ = connection.await;
    });
    Some(Open {
        requests,
        _mover: mover,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_named_by_its_scheme_and_host() {
        let target = Target::new("http://127.0.0.1:8080/", "forbid-it")
            .ok()
            .unwrap();
        assert_eq!((target.host.as_str(), target.port), ("127.0.0.1", 8080));
        assert_eq!(target.path, "/api/v1/petitions/forbid-it/signatures");
        let target = Target::new("https://petition.example", "forbid-it")
            .ok()
            .unwrap();
        assert_eq!((target.port, target.encryption.is_some()), (443, true));
        for wrong in ["", "petition.example", "ftp://petition.example", "http://"] {
            assert!(Target::new(wrong, "forbid-it").is_err(), "{wrong}");
        }
    }
}
