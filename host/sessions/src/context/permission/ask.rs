//! The question whether a provider may do what it imports.

use semver::Version;

use super::super::Context;
use crate::domain::{Digest, Identity};
use crate::failure::Failure;
use crate::providers::signing::Verdict;
use crate::providers::{
    About, FoundAt, Grant, Name, NewWishes, ProviderFile, ProvidersError, Source,
};

/// A provider that may be asked about.
pub struct Asking<'a> {
    /// What the user types to mean exactly this file.
    pub exact: String,
    /// What its grant is called.
    pub shown: String,
    /// What origins are bound to.
    pub identity: Identity,
    /// What it says.
    pub about: &'a About,
    /// Where it comes from and who signed it, see [`provenance`].
    pub provenance: String,
    /// Whether a project brought it along.
    pub from_project: bool,
    /// The name of which an earlier version may have been allowed. Whoever brings
    /// a file along chooses its name, so that of a file is none.
    pub name: Option<&'a Name>,
}

/// What an earlier version was allowed, and what is new beside it.
struct Before {
    grant: Grant,
    news: NewWishes,
}

impl Before {
    fn version(&self) -> String {
        let version = self.grant.version.as_ref();
        version.map_or_else(|| "the version before".into(), ToString::to_string)
    }
}

impl Context {
    /// Asks the user, once per file, whether a provider may do what it imports.
    ///
    /// # Errors
    ///
    /// When it was not allowed.
    pub async fn permit(&self, provider: &ProviderFile) -> Result<(), Failure> {
        if self.setting.locked {
            self.catalogue().require_locked(provider)?;
        }
        if provider.needs_no_permission() || self.permissions.of(&provider.digest())?.is_some() {
            return Ok(());
        }
        self.ask_permission(&Asking {
            exact: self.exactly(provider),
            shown: provider.shown(),
            identity: provider.identity.clone(),
            about: &provider.describe()?,
            provenance: provenance(shown_source(provider).as_ref(), &provider.verdict),
            from_project: matches!(provider.found_at, FoundAt::Project(..)),
            name: match &provider.found_at {
                FoundAt::Installed(name, _) | FoundAt::System(name, _) => Some(name),
                FoundAt::Bundled | FoundAt::File(_) | FoundAt::Project(..) => None,
            },
        })
        .await
    }

    /// What the user types to mean this file.
    fn exactly(&self, provider: &ProviderFile) -> String {
        let shown = provider.shown();
        match &provider.found_at {
            FoundAt::Installed(_, version) => self.with_version(shown, version, &provider.digest()),
            _ => shown,
        }
    }

    /// What the user types to mean a version of an installed provider: its name, and
    /// the version when the name alone means another one, such as the one that the
    /// project is locked to.
    #[must_use]
    pub fn with_version(&self, name: String, version: &Version, digest: &Digest) -> String {
        match self.catalogue().find(&name).is_ok_and(|it| it.digest() == *digest) {
            true => name,
            false => format!("{name}@{version}"),
        }
    }

    /// The question itself.
    ///
    /// # Errors
    ///
    /// When it was not allowed.
    pub async fn ask_permission(&self, asking: &Asking<'_>) -> Result<(), Failure> {
        let about = asking.about;
        let wishes = or_nothing(about.wishes(&self.known_origins(&asking.identity)));
        let before = self.before(asking)?;
        let provider = asking.exact.clone();
        let refused = || match &before {
            Some(before) => ProvidersError::WantsMore {
                provider: provider.clone(),
                provenance: asking.provenance.clone(),
                before: before.version(),
                news: before.news.in_words(),
            },
            None => ProvidersError::NotPermitted {
                provider: provider.clone(),
                provenance: asking.provenance.clone(),
                wishes: wishes.clone(),
            },
        };
        if !self.says_yes() && !self.can_ask() {
            return Err(refused().into());
        }
        if !self.confirm("--yes", question(asking, &wishes, before.as_ref())).await? {
            return Err(refused().into());
        }
        let grant = match &before {
            Some(Before { grant, news }) => news.granted(grant, about),
            None => Grant::wished(about, asking.shown.clone()),
        };
        // What cannot be written down still holds for this command.
        if let Err(error) = self.permissions.put(grant) {
            self.notices().warning(&error);
        }
        Ok(())
    }

    /// The newest version that was allowed, when this one wants more.
    fn before(&self, asking: &Asking<'_>) -> Result<Option<Before>, Failure> {
        let Some(name) = asking.name else { return Ok(None) };
        let Some(grant) = self.permissions.of_name(name.as_str())? else { return Ok(None) };
        let origins = self.known_origins(&asking.identity);
        let catalogue = self.catalogue();
        let store = catalogue.store()?;
        let installed = store.versions(name)?.receipts;
        let receipt = installed.into_iter().find(|receipt| receipt.about.digest == grant.digest);
        let news = match receipt {
            Some(receipt) => NewWishes::since(&store.describe(&receipt), asking.about, &origins),
            None => NewWishes::beyond(&grant, asking.about, &origins),
        };
        Ok((!news.is_empty()).then_some(Before { grant, news }))
    }
}

/// Where a provider comes from and who signed it, for brackets behind its name.
#[must_use]
pub fn provenance(source: Option<&Source>, verdict: &Verdict) -> String {
    let signed = verdict.in_words();
    source.map_or_else(|| signed.clone(), |source| format!("from {source}; {signed}"))
}

/// The source, unless the name of the provider says it already.
fn shown_source(provider: &ProviderFile) -> Option<Source> {
    match provider.found_at {
        FoundAt::Bundled | FoundAt::File(_) | FoundAt::Project(..) => None,
        FoundAt::Installed(..) | FoundAt::System(..) => provider.source(),
    }
}

/// What allowing something means, never nothing.
#[must_use]
pub fn or_nothing(wishes: Vec<String>) -> Vec<String> {
    if wishes.is_empty() {
        return vec!["may run in its sandbox, without access to anything outside".into()];
    }
    wishes
}

fn question(asking: &Asking<'_>, wishes: &[String], before: Option<&Before>) -> String {
    let version = asking.about.version.as_ref();
    let version = version.map(|version| format!(" {version}")).unwrap_or_default();
    let Asking { shown, provenance, .. } = asking;
    if let Some(before) = before {
        return format!(
            "Provider `{shown}`{version} ({provenance}) requests more permissions than {}, which you allowed:\n  {}\nAllow it?",
            before.version(),
            before.news.in_words().join("\n  "),
        );
    }
    let origin = if asking.from_project { " comes with this project. It" } else { "" };
    format!(
        "Provider `{shown}`{version} ({provenance}){origin}, if you allow it:\n  {}\nAllow it?",
        wishes.join("\n  ")
    )
}
