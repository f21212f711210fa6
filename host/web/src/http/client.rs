//! The one place where a client of `reqwest` is built.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;

use super::address;
use super::certificates::Certificates;
use super::dials::Dials;
use super::error::HttpError;
use super::origin::OriginUrl;
use super::trust;
use crate::domain::innermost;

/// What every server may know about us.
const USER_AGENT: &str = concat!("renku-session/", env!("CARGO_PKG_VERSION"));

/// A client for one origin: no redirects, no cookies, checked addresses. The
/// proxies of the environment are used (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`),
/// certificates are the system's, or those of `SSL_CERT_FILE`.
/// A connection must stand within `connect`, with its TLS handshake. `extra` are
/// certificates that count for this server beside those of the system.
pub(super) fn build(
    url: &OriginUrl,
    dials: &Dials,
    connect: Duration,
    extra: Option<&Certificates>,
) -> Result<reqwest::Client, HttpError> {
    trust::install_cryptography();
    let mut builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .user_agent(USER_AGENT)
        .connect_timeout(connect)
        .dns_resolver(Checked { host: url.host().to_owned(), loopback: url.is_loopback() })
        .connector_layer(dials.layer(url.as_str()));
    if url.is_plain() {
        builder = builder.tls_backend_preconfigured(trust::nobody());
    }
    if url.is_loopback() {
        builder = builder.no_proxy();
    }
    if let Some(Certificates { roots, identity }) = extra {
        builder = builder.tls_certs_merge(roots.iter().cloned());
        builder = identity.iter().fold(builder, |it, own| it.identity(own.clone()));
    }
    builder.build().map_err(|error| HttpError::Client { reason: innermost(&error) })
}

/// Resolves names and refuses what the origin's may not lead to. Other names are
/// those of the user's proxy, which may be anywhere.
struct Checked {
    host: String,
    loopback: bool,
}

/// A name that leads where no connection is made.
#[derive(Debug, thiserror::Error)]
#[error("no connection is made to `{host}` at `{address}`: {reason}")]
pub(super) struct Forbidden {
    host: String,
    address: std::net::IpAddr,
    reason: &'static str,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let checked = name.as_str().eq_ignore_ascii_case(&self.host);
        let loopback = self.loopback;
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if checked {
                for address in found.iter().map(SocketAddr::ip) {
                    if let Some(reason) = address::refusal(address, loopback) {
                        return Err(Forbidden { host: name, address, reason }.into());
                    }
                }
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::failure::{Stage, failure};
    use super::*;

    /// What `localhost` leads to, when its user said that it is this computer or not.
    fn refused(loopback: bool, name: &str) -> Option<String> {
        let resolver = Checked { host: name.to_owned(), loopback };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let found = runtime.block_on(resolver.resolve(name.parse().unwrap()));
        found.err().map(|error| error.to_string())
    }

    #[test]
    fn a_name_that_says_it_is_this_computer_must_lead_there() {
        assert_eq!(refused(true, "localhost"), None);
        // The resolver of the system takes it as it is.
        let error = refused(true, "192.0.2.1").unwrap();
        assert!(error.ends_with("its URL names this computer, but it is another one"), "{error}");
        assert_eq!(refused(false, "192.0.2.1"), None);
    }

    #[test]
    fn a_name_that_leads_to_this_computer_is_refused_unless_it_says_so() {
        trust::install_cryptography();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_backend_preconfigured(trust::nobody())
            .dns_resolver(Checked { host: "localhost".into(), loopback: false })
            .build()
            .unwrap();
        let url = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(client.get(&url).send()).unwrap_err();
        let asking = Stage::Asking { connect: Duration::from_secs(10) };
        let error = failure(&url, &error, asking).to_string();
        assert!(error.starts_with("no connection is made to `localhost` at `"), "{error}");
        assert!(error.ends_with("it is this computer, but its URL names another one"), "{error}");
        assert!(listener.accept().is_err(), "a connection was made");
    }
}
