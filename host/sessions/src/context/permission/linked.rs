//! What was allowed, in the words of those who enforce it.

use super::super::Context;
use crate::contract::GrantLimits;
use crate::domain::{Digest, Identity};
use crate::failure::Failure;
use crate::providers::{Broken, FoundAt, Grant, KnownOrigin, ProviderFile};
use crate::sandbox::{Capability, Grants};
use crate::web::origins::CredentialKind;

impl Context {
    /// Every provider that is asked when none is named: what is bundled, and
    /// what may run without a question. Bundled ones whose sessions run elsewhere
    /// only with `elsewhere`. One that is broken is beside them.
    pub(crate) fn every_provider(
        &self,
        elsewhere: bool,
    ) -> Result<(Vec<ProviderFile>, Vec<Broken>), Failure> {
        let allowed = |digest: &Digest| matches!(self.permissions.of(digest), Ok(Some(_)));
        let catalogue = self.catalogue();
        let (mut providers, broken) = catalogue.every(elsewhere, allowed)?;
        if self.setting.locked {
            providers.retain(|provider| catalogue.require_locked(provider).is_ok());
        }
        Ok((providers, broken))
    }

    /// What a provider is linked with. What it wants and was not granted is
    /// there and answers `denied`.
    pub(crate) fn grants(&self, provider: &ProviderFile) -> Grants {
        let wanted = provider.sections.capabilities();
        let open =
            |capability: &Capability| !self.setting.offline || *capability != Capability::Http;
        if provider.found_at == FoundAt::Bundled {
            return Grants::only(wanted.iter().copied().filter(open)).refusing(wanted);
        }
        let grant = self.grant_of(provider);
        let granted = |capability: &Capability| {
            *capability == Capability::Prompt
                || open(capability)
                    && grant.as_ref().is_some_and(|grant| grant.capabilities.contains(capability))
        };
        let grants = Grants::only(wanted.iter().copied().filter(granted));
        // Nobody was asked: then what it wants is absent, and it does not load.
        if grant.is_some() { grants.refusing(wanted) } else { grants }
    }

    /// What the user allowed this file; nothing for what is bundled.
    fn grant_of(&self, provider: &ProviderFile) -> Option<Grant> {
        if provider.found_at == FoundAt::Bundled {
            return None;
        }
        // Grants that cannot be read were an error when permission was looked up.
        self.permissions.of(&provider.digest()).ok().flatten()
    }

    /// The bounds of containers.
    pub(crate) fn limits(&self, provider: &ProviderFile) -> GrantLimits {
        if provider.found_at == FoundAt::Bundled {
            return GrantLimits { engine_flags: true, ..GrantLimits::default() };
        }
        self.grant_of(provider).map_or_else(GrantLimits::default, |grant| GrantLimits {
            images: grant.images,
            max_cpu: grant.max_cpu,
            max_memory: grant.max_memory,
            engine_flags: grant.engine_flags,
        })
    }

    /// The origins that this file was allowed, by name; empty: all that are
    /// configured for its provider.
    pub(crate) fn granted_origins(&self, provider: &ProviderFile) -> Vec<String> {
        self.grant_of(provider).map(|grant| grant.origins).unwrap_or_default()
    }

    /// The user's origins, for words about the provider `identity`. Who asks
    /// about them here is only reported; problems with them are errors at their use.
    #[must_use]
    pub fn known_origins(&self, identity: &Identity) -> Vec<KnownOrigin> {
        let origins = self.origin_store().load().unwrap_or_default();
        let known = origins.into_iter().map(|(name, entry)| KnownOrigin {
            name,
            is_its: entry.is_for(identity),
            credential: in_words(&entry.credential.kind()),
            url: entry.url,
        });
        known.collect()
    }
}

fn in_words(credential: &CredentialKind) -> Option<&'static str> {
    match credential {
        CredentialKind::None => None,
        CredentialKind::Bearer => Some("your token"),
        CredentialKind::Basic(_) => Some("your password"),
        CredentialKind::Header(_) => Some("your secret"),
        CredentialKind::Renku => Some("your login"),
    }
}
