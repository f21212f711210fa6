//! Options that conflict, and warnings about others.

use super::ports::HostPort;
use super::{EngineOptions, OptionError, Reach};
use crate::domain::Resources;

impl EngineOptions {
    /// Checks the options against each other and against what else was asked
    /// for, once all are known.
    ///
    /// # Errors
    ///
    /// The option that has to go, and why.
    pub fn check_together(&mut self, resources: &Resources) -> Result<(), OptionError> {
        let (run, memory) = (&self.run, resources.memory.and_then(|it| i64::try_from(it).ok()));
        match (run.memory_swap, memory) {
            (Some(_), None) => return self.refuse("memory-swap", "it needs `--memory`, too"),
            (Some(swap), Some(memory)) if swap != -1 && swap < memory => {
                return self.refuse(
                    "memory-swap",
                    "it includes memory, so it must be at least `--memory`",
                );
            }
            _ => {}
        }
        if matches!((run.memory_reservation, memory), (Some(kept), Some(most)) if kept > most) {
            return self.refuse("memory-reservation", "it must not be more than `--memory`");
        }
        for (option, is_set) in
            [("cpu-period", run.cpu_period.is_some()), ("cpu-quota", run.cpu_quota.is_some())]
        {
            if is_set && resources.cpu.is_some() {
                return self.refuse(option, "it conflicts with `--cpu`: use one of them");
            }
        }
        if let Some((option, reason)) = self.unavailable.first() {
            return self.refuse(option, *reason);
        }
        self.check_network()?;
        self.warn();
        Ok(())
    }

    fn check_network(&self) -> Result<(), OptionError> {
        let network = self.run.network.as_deref().unwrap_or_default();
        let reason = match Reach::of(Some(network)) {
            Reach::Published => return Ok(()),
            Reach::Host => "nothing is published with `--network host`: the port inside is the \
                            port outside"
                .to_owned(),
            Reach::Nowhere => format!("nothing can be published with `--network {network}`"),
        };
        for (option, is_set) in [
            ("port", self.port.is_some()),
            ("publish", !self.publish.is_empty()),
            ("publish-all", self.publish_all),
        ] {
            if is_set {
                return self.refuse(option, reason);
            }
        }
        if self.run.mac_address.is_some() {
            return self
                .refuse("mac-address", format!("`--network {network}` has no address of its own"));
        }
        Ok(())
    }

    fn refuse(&self, option: &str, reason: impl Into<String>) -> Result<(), OptionError> {
        let given = self.typed.shown(option).unwrap_or_else(|| format!("--{option}"));
        Err(OptionError::new(given, reason, Some(format!("leave out `--{option}`"))))
    }

    fn warn(&mut self) {
        let wide = self.port.iter().chain(self.publish.iter().map(|it| &it.host));
        let wide: Vec<String> =
            wide.filter(|port| port.is_wide()).map(|port| port.address.to_string()).collect();
        for address in wide {
            self.warnings.push(format!(
                "a port of the session is published on {address}: other computers can reach it, \
                 and only the token in its URL keeps them out"
            ));
        }
        match self.reach() {
            Reach::Host => self.warnings.push(
                "with `--network host` the session listens where its program says, which may be \
                 on all addresses of the computer"
                    .to_owned(),
            ),
            Reach::Nowhere => {
                let network = self.run.network.as_deref().unwrap_or_default();
                self.warnings.push(format!("with `--network {network}` the session has no URL"));
            }
            Reach::Published => {}
        }
    }
}

impl Default for HostPort {
    fn default() -> Self {
        Self::FREE
    }
}
