//! The origins of one provider in one command.

use std::sync::Arc;

use reqwest::header::HeaderName;

use super::RENKULAB;
use super::error::OriginsError;
use super::kind::StoredCredential;
use super::store::{Store, StoredOrigin};
use crate::domain::{Identity, ProviderError, Secret};
use crate::http::{Credential, Origin, OriginUrl, Origins};
use crate::login::{self, Given};

/// What decides about origins: the user's settings, and who asks.
pub struct Bound {
    pub provider: Identity,
    /// Whether it is part of the program.
    pub bundled: bool,
    /// The origins that exactly this file was allowed; empty: it was not bounded.
    pub granted: Vec<String>,
    /// The RenkuLab the project is bound to; asked when it is needed.
    pub renkulab: Arc<dyn Fn() -> Option<String> + Send + Sync>,
    pub origins: Store,
    pub logins: login::Store,
}

impl Origins for Bound {
    fn find(&self, name: &str) -> Result<Origin, ProviderError> {
        self.look_up(name).map_err(|error| ProviderError::from_diagnostic(&error))
    }
}

impl Bound {
    fn look_up(&self, name: &str) -> Result<Origin, OriginsError> {
        let origins = self.origins.load()?;
        let own = self.bundled && name == RENKULAB && self.provider.is_named(RENKULAB);
        let label = self.provider.label();
        let denied = |url: &str| OriginsError::Denied {
            provider: label.clone(),
            name: name.to_owned(),
            url: url.to_owned(),
        };
        match origins.get(name) {
            Some(entry) if own => self.origin(name, entry),
            // Configured for its name, and allowed to its file: both, or nothing.
            Some(entry) if entry.providers.contains(&label) => {
                if self.granted.is_empty() || self.granted.iter().any(|it| it == name) {
                    return self.origin(name, entry);
                }
                Err(OriginsError::NotGranted {
                    provider: self.provider.shown(),
                    name: name.to_owned(),
                    granted: self.granted.clone(),
                })
            }
            Some(entry) if self.was_allowed(entry) => Err(OriginsError::TwelveDigits {
                provider: label,
                name: name.to_owned(),
                url: entry.url.clone(),
            }),
            Some(entry) => Err(denied(&entry.url)),
            None if own => self.login(&self.renkulab()?),
            // It exists for the bundled provider even when nobody configured it.
            None if name == RENKULAB => Err(denied(login::DEFAULT_URL)),
            None => Err(OriginsError::Unknown {
                name: name.to_owned(),
                known: origins.keys().cloned().collect(),
            }),
        }
    }

    /// Whether it was given to a file that begins like this one, when that was all
    /// there was to tell files apart.
    fn was_allowed(&self, entry: &StoredOrigin) -> bool {
        self.provider.label_before().is_some_and(|before| entry.providers.contains(&before))
    }

    /// The RenkuLab of this command.
    fn renkulab(&self) -> Result<OriginUrl, OriginsError> {
        let bound = (self.renkulab)();
        let given = Given::from_environment()?;
        Ok(login::choose(&given, bound.as_deref(), &self.logins.load()?)?)
    }

    fn login(&self, url: &OriginUrl) -> Result<Origin, OriginsError> {
        let given = Given::from_environment()?;
        let credential = login::credential(&self.logins, &given.only_for(url), url)?;
        Ok(Origin::new(url.clone(), credential))
    }

    fn origin(&self, name: &str, entry: &StoredOrigin) -> Result<Origin, OriginsError> {
        let origin = self.credential(entry)?.allowing(&entry.headers);
        Ok(Origin { name: Some(name.to_owned()), ..origin })
    }

    fn credential(&self, entry: &StoredOrigin) -> Result<Origin, OriginsError> {
        let url = OriginUrl::parse(&entry.url)?;
        let secret = |text: &String| Secret::new(text.clone());
        let credential = match &entry.credential {
            StoredCredential::None => return Ok(Origin::new(url, Credential::None)),
            StoredCredential::Renku => return self.login(&url.for_secrets()?),
            StoredCredential::Bearer { secret: token } => Credential::Bearer(secret(token)),
            StoredCredential::Basic { user, secret: password } => {
                Credential::Basic { user: user.clone(), password: secret(password) }
            }
            StoredCredential::Header { name, secret: value } => Credential::Header {
                name: HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
                    OriginsError::Credential {
                        reason: format!("`{name}` is not the name of a header"),
                        example: "add the origin again with `renku session origin add`",
                    }
                })?,
                value: secret(value),
            },
        };
        Ok(Origin::new(url.for_secrets()?, credential))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Diagnostic as _, ErrorKind};

    fn bound(folder: &std::path::Path, provider: &str, bundled: bool) -> Bound {
        Bound {
            provider: Identity::named(provider),
            bundled,
            granted: Vec::new(),
            renkulab: Arc::new(|| None),
            origins: Store::new(folder),
            logins: login::Store::new(folder),
        }
    }

    fn cluster(folder: &std::path::Path) {
        let entry = StoredOrigin {
            url: "https://cluster.example".into(),
            credential: StoredCredential::Bearer { secret: "s3cret".into() },
            providers: ["acme/slurm".to_owned()].into(),
            headers: ["x-slurm-user-name".to_owned(), "x-original-url".to_owned()].into(),
        };
        Store::new(folder).change(|origins| Ok(origins.insert("cluster".into(), entry))).unwrap();
    }

    #[test]
    fn an_origin_is_for_the_providers_it_was_given_to() {
        let folder = tempfile::tempdir().unwrap();
        cluster(folder.path());
        let origin = bound(folder.path(), "acme/slurm", false).find("cluster").unwrap();
        assert_eq!(origin.url.as_str(), "https://cluster.example");
        let error = bound(folder.path(), "evil/slurm", false).find("cluster").err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Denied);
        assert_eq!(error.to_string(), "provider `evil/slurm` may not use the origin `cluster`");
        let error = bound(folder.path(), "docker", true).find("cluster").err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Denied);
    }

    #[test]
    fn headers_pass_that_the_user_lets_pass_and_that_nobody_forbids() {
        let folder = tempfile::tempdir().unwrap();
        cluster(folder.path());
        let origin = bound(folder.path(), "acme/slurm", false).find("cluster").unwrap();
        assert_eq!(origin.headers, ["x-slurm-user-name"]);
        assert_eq!(origin.name.as_deref(), Some("cluster"));
    }

    #[test]
    fn a_file_that_was_allowed_one_origin_uses_no_other() {
        let folder = tempfile::tempdir().unwrap();
        cluster(folder.path());
        let allowed = |names: &[&str]| {
            let granted = names.iter().map(|name| (*name).to_owned()).collect();
            let bound = Bound { granted, ..bound(folder.path(), "acme/slurm", false) };
            bound.find("cluster").map(|origin| origin.url.as_str().to_owned())
        };
        assert_eq!(allowed(&["hub", "cluster"]).unwrap(), "https://cluster.example");
        let error = allowed(&["hub"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied);
        assert_eq!(
            error.to_string(),
            "this version of `acme/slurm` has no permission for the origin `cluster`"
        );
        // What was allowed and is configured for somebody else stays closed.
        let bound =
            Bound { granted: vec!["cluster".into()], ..bound(folder.path(), "evil/slurm", false) };
        assert!(bound.find("cluster").is_err());
    }

    #[test]
    fn an_origin_that_was_given_to_twelve_digits_has_to_be_given_again() {
        let folder = tempfile::tempdir().unwrap();
        let digest: crate::domain::Digest =
            format!("sha256:5aa5cd23c2fd{}", "0".repeat(52)).parse().unwrap();
        let entry = StoredOrigin {
            url: "https://cluster.example".into(),
            credential: StoredCredential::Bearer { secret: "s3cret".into() },
            providers: ["file:5aa5cd23c2fd".to_owned()].into(),
            headers: [].into(),
        };
        let store = Store::new(folder.path());
        store.change(|origins| Ok(origins.insert("cluster".into(), entry))).unwrap();
        let bound =
            Bound { provider: Identity::of_file(digest), ..bound(folder.path(), "", false) };
        let error = bound.find("cluster").err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Denied);
        assert_eq!(
            error.hint().unwrap(),
            format!(
                "if you trust it with your credential there, run `renku session origin add cluster \
                 https://cluster.example --for file:{}`",
                digest.hex()
            )
        );
        let whole = Identity::of_file(digest).label();
        store
            .change(|origins| {
                let cluster = origins.get_mut("cluster");
                Ok(cluster.map(|entry| entry.providers.insert(whole)))
            })
            .unwrap();
        assert!(bound.find("cluster").is_ok());
    }

    #[test]
    fn a_provider_that_calls_itself_renkulab_is_not_renkulab() {
        let folder = tempfile::tempdir().unwrap();
        let error = bound(folder.path(), "renkulab", false).find("renkulab").err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Denied);
        let error = bound(folder.path(), "docker", true).find("renkulab").err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Denied);
    }

    #[test]
    fn an_origin_that_nobody_configured_is_not_found() {
        let folder = tempfile::tempdir().unwrap();
        cluster(folder.path());
        let error = bound(folder.path(), "acme/slurm", false).find("other").err().unwrap();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.hint().as_deref(), Some("there is cluster"));
    }
}
