//! What is missing on a machine, found without changing it, and how it is named
//! before anything is installed.

use std::path::Path;

use anyhow::{Result, bail};
use xtask_common::shell;

use super::{Purpose, WASM_TARGET, has_wasm_target};
use crate::{debian, engine, image, jupyterhub, other_engines, python};

/// Debian's packages that only tests need, and the program that shows that one is there:
/// the shells of completion, what signatures are compared with, a registry, a
/// runtime without a daemon.
const FOR_TESTS: [(&str, &str); 7] = [
    ("bubblewrap", "bwrap"),
    ("zsh", "zsh"),
    ("fish", "fish"),
    ("minisign", "minisign"),
    ("docker-registry", "docker-registry"),
    ("nodejs", "node"),
    ("npm", "npm"),
];

/// What is missing for a purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(super) purpose: Purpose,
    /// The target of providers.
    pub(super) wasm_target: bool,
    /// Whether a container engine has to be installed or started here.
    pub(super) engine: Option<engine::Missing>,
    /// Debian's packages, without the engine's.
    pub(super) packages: Vec<&'static str>,
    /// The user account of tests.
    pub(super) account: bool,
    /// An sshd that no service runs, in the target directory; likewise the next ones.
    pub(super) sshd: bool,
    pub(super) componentize: bool,
    pub(super) sbom_schema: bool,
    pub(super) jupyterhub: bool,
    /// What is missing and cannot be installed here: the tests of it will fail.
    pub(super) out_of_reach: Vec<&'static str>,
}

impl Plan {
    /// Looks at this machine.
    ///
    /// # Errors
    ///
    /// When there is no engine and none can be started here.
    pub(super) fn new(root: &Path, purpose: Purpose) -> Result<Self> {
        let engine = engine::missing()?;
        let has_pip = python::with_pip().is_some();
        let mut wanted: Vec<(&str, &str)> = Vec::new();
        if purpose.is_tests() {
            wanted.extend(FOR_TESTS);
            wanted.extend(other_engines::PACKAGES);
        }
        if purpose == Purpose::AllTests {
            wanted.extend(other_engines::PACKAGES_OF_ACCOUNT);
        }
        let mut packages: Vec<&str> = wanted
            .into_iter()
            .filter(|(_, program)| !Path::new(program).exists() && shell::find(program).is_none())
            .map(|(package, _)| package)
            .collect();
        let needs_pip = purpose.is_tests() || image::needs_pip(engine.is_none())?;
        if needs_pip && !has_pip {
            packages.push("python3-pip");
        }
        let mut out_of_reach = Vec::new();
        let can_install = debian::is_debian() && debian::is_root();
        if !can_install {
            out_of_reach.append(&mut packages);
        }
        if !out_of_reach.is_empty() && purpose == Purpose::Demo {
            bail!(
                "pip is missing and no container registry can be reached: install Python 3 with pip"
            );
        }
        let account = purpose == Purpose::AllTests && !other_engines::has_user();
        if account && !can_install {
            bail!("only root on Debian can make the user account `{}`", other_engines::USER);
        }
        // Without pip or npm these are beside the point.
        let will_have = |package, there: bool| there || can_install && packages.contains(&package);
        let pip = will_have("python3-pip", has_pip);
        let npm = will_have("npm", shell::find("npm").is_some());
        Ok(Self {
            purpose,
            wasm_target: !has_wasm_target(root),
            engine,
            account,
            sshd: purpose == Purpose::AllTests && !other_engines::has_sshd()?,
            componentize: purpose.is_tests() && pip && !python::has_componentize(root)?,
            sbom_schema: purpose.is_tests() && pip && !python::has_sbom_schema()?,
            jupyterhub: purpose.is_tests() && pip && npm && !jupyterhub::is_installed()?,
            packages,
            out_of_reach,
        })
    }

    /// Whether something will outlive the target directory.
    pub(super) fn changes_the_machine(&self) -> bool {
        self.wasm_target
            || self.account
            || !self.packages.is_empty()
            || self.engine.as_ref().is_some_and(|missing| !missing.packages.is_empty())
    }

    /// The names, a line for each kind; empty when there is nothing to do.
    pub(super) fn text(&self) -> String {
        let mut lines = Vec::new();
        let of_engine = self.engine.iter().flat_map(|missing| &missing.packages);
        let packages: Vec<&str> = of_engine.chain(&self.packages).copied().collect();
        if !packages.is_empty() {
            lines.push(format!("  Debian packages: {}", packages.join(", ")));
        }
        if self.wasm_target {
            lines.push(format!("  a target of the Rust toolchain: {WASM_TARGET}"));
        }
        if self.account {
            lines.push(format!("  a user account: {}", other_engines::USER));
        }
        let here: Vec<&str> = [
            (self.jupyterhub, "JupyterHub"),
            (self.componentize, "componentize-py"),
            (self.sbom_schema, "the CycloneDX schema"),
            (self.sshd, "sshd"),
        ]
        .into_iter()
        .filter_map(|(missing, name)| missing.then_some(name))
        .collect();
        if !here.is_empty() {
            lines.push(format!("  in the target directory alone: {}", here.join(", ")));
        }
        let mut text = String::new();
        if !lines.is_empty() {
            text = format!("Missing on this machine, and installed now:\n{}\n", lines.join("\n"));
        }
        if self.engine.as_ref().is_some_and(|missing| missing.daemon) {
            text += "No container engine answers: `dockerd` is started in the background.\n";
        }
        if !self.out_of_reach.is_empty() {
            text += &format!(
                "Missing, and only root on Debian can install it here: {}. Tests that use it will fail.\n",
                self.out_of_reach.join(", ")
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing_missing() -> Plan {
        Plan {
            purpose: Purpose::Demo,
            wasm_target: false,
            engine: None,
            packages: Vec::new(),
            account: false,
            sshd: false,
            componentize: false,
            sbom_schema: false,
            jupyterhub: false,
            out_of_reach: Vec::new(),
        }
    }

    #[test]
    fn where_nothing_is_missing_nothing_is_named() {
        assert_eq!(nothing_missing().text(), "");
        assert!(!nothing_missing().changes_the_machine());
    }

    #[test]
    fn everything_that_will_be_installed_is_named() {
        let plan = Plan {
            wasm_target: true,
            engine: Some(engine::Missing { packages: vec!["docker.io"], daemon: true }),
            packages: vec!["zsh", "podman"],
            account: true,
            sshd: true,
            jupyterhub: true,
            ..nothing_missing()
        };
        assert!(plan.changes_the_machine());
        assert_eq!(
            plan.text(),
            "Missing on this machine, and installed now:
  Debian packages: docker.io, zsh, podman
  a target of the Rust toolchain: wasm32-unknown-unknown
  a user account: renku-test
  in the target directory alone: JupyterHub, sshd
No container engine answers: `dockerd` is started in the background.
"
        );
    }

    #[test]
    fn what_lies_in_the_target_directory_alone_needs_no_answer() {
        let plan = Plan { componentize: true, ..nothing_missing() };
        assert!(!plan.changes_the_machine());
    }
}
