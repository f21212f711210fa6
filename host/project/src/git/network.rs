//! Asks and changes what is on a server. The address stands in the private copy and passed
//! the list of forms that are used; the user's own settings (proxy, ssh, who keeps
//! passwords) count as ever.

use std::process::Command;

use super::address::{self, Address};
use super::layout::Repository;
use super::private::{Private, setting};
use crate::error::ProjectError;

/// What the remote is called in the copy.
pub(crate) const REMOTE: &str = "renku-remote";

/// The servers of one remote.
#[derive(Debug)]
pub(crate) struct Addresses(Vec<Address>);

impl Repository {
    /// Where a remote is fetched from.
    ///
    /// # Errors
    ///
    /// `AddressRefused`.
    pub(crate) fn fetch_address(&self, remote: &str) -> Result<Addresses, ProjectError> {
        let remotes = self.configuration().remotes();
        let found = remotes.iter().find(|(name, _)| *name == remote);
        self.checked(remote, found.map(|(_, address)| *address).as_slice())
    }

    /// Where a remote is pushed to.
    ///
    /// # Errors
    ///
    /// `AddressRefused`.
    pub(crate) fn push_addresses(&self, remote: &str) -> Result<Addresses, ProjectError> {
        self.checked(remote, &self.configuration().push_addresses(remote))
    }

    fn checked(&self, remote: &str, all: &[&str]) -> Result<Addresses, ProjectError> {
        let refused = |address: &str, reason| ProjectError::AddressRefused {
            remote: remote.to_owned(),
            address: address::without_credentials(address),
            reason,
        };
        if all.is_empty() {
            return Err(refused("", "it has none"));
        }
        let checked = all
            .iter()
            .map(|one| address::check(one, self.root()).map_err(|reason| refused(one, reason)));
        checked.collect::<Result<_, _>>().map(Addresses)
    }
}

impl Private {
    /// `git` over this copy that may talk to the servers at `addresses`, which it knows as
    /// [`REMOTE`].
    ///
    /// # Errors
    ///
    /// When git cannot be asked what its user has set.
    pub(crate) fn talking_to(
        &self,
        addresses: &Addresses,
        may_ask: bool,
    ) -> Result<Command, ProjectError> {
        let all = addresses.0.iter().map(|one| setting("remote", Some(REMOTE), "url", &one.text()));
        self.add_settings(&all.collect::<Vec<_>>())?;
        let own = OwnSettings::of(self)?;
        let mut command = self.command();
        match std::env::var_os("GIT_ALLOW_PROTOCOL") {
            // Who says it means it.
            Some(given) => command.env("GIT_ALLOW_PROTOCOL", given),
            None => command.env("GIT_ALLOW_PROTOCOL", own.allowed()),
        };
        if may_ask {
            command.env("GIT_TERMINAL_PROMPT", "1");
        } else if !own.has_ssh() {
            command.env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
        }
        Ok(command)
    }
}

/// What the user has set that ours would cover.
struct OwnSettings(Vec<(String, String)>);

impl OwnSettings {
    fn of(copy: &Private) -> Result<Self, ProjectError> {
        let wanted = r"^(core\.sshcommand|protocol\..*)$";
        let answer = copy.ask(&["config", "--null", "--get-regexp", wanted])?;
        let text = String::from_utf8_lossy(&answer.stdout);
        let all = text.split_terminator('\0').filter_map(|entry| entry.split_once('\n'));
        Ok(Self(all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
    }

    fn said(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(said, _)| said == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The protocols that may be used, without those that the user forbids
    /// (`protocol.NAME.allow`): git does not look at that when it gets a value.
    fn allowed(&self) -> String {
        let usual = self.said("protocol.allow");
        let is_allowed = |name: &&str| {
            let own = self.said(&format!("protocol.{name}.allow"));
            own.or(usual) != Some("never")
        };
        let allowed: Vec<_> = address::PROTOCOLS.split(':').filter(is_allowed).collect();
        if allowed.is_empty() { "none".to_owned() } else { allowed.join(":") }
    }

    /// Whether there is an ssh of the user's own, which asks as the user wants it.
    fn has_ssh(&self) -> bool {
        ["GIT_SSH_COMMAND", "GIT_SSH"].iter().any(|name| std::env::var_os(name).is_some())
            || self.said("core.sshcommand").is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(settings: &[(&str, &str)]) -> String {
        let all = settings.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        OwnSettings(all.collect()).allowed()
    }

    #[test]
    fn what_the_user_forbids_stays_forbidden() {
        assert_eq!(allowed(&[]), address::PROTOCOLS);
        assert_eq!(allowed(&[("protocol.file.allow", "never")]), "git:http:https:ssh");
        let only = [("protocol.allow", "never"), ("protocol.https.allow", "always")];
        assert_eq!(allowed(&only), "https");
        assert_eq!(allowed(&[("protocol.allow", "never")]), "none");
        // Features that git uses only on request stay unused.
        assert_eq!(allowed(&[("protocol.ext.allow", "always")]), address::PROTOCOLS);
    }
}
