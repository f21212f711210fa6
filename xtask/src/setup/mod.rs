//! What the tasks need and cargo does not bring. Each task asks for what it needs
//! itself and nothing else. It looks first, names what it will install, and installs
//! only what is missing.

mod plan;

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask_common::shell::{self, say};
use xtask_common::{in_target, log};

use crate::{debian, engine, image, jupyterhub, other_engines, python};
pub(crate) use plan::Plan;

/// The target that providers are compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// What a machine is set up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A session of the sample project.
    Demo,
    /// All tests but those that need a user account of their own.
    Tests,
    AllTests,
}

impl Purpose {
    /// Continuous integration tests everything.
    pub(crate) fn of_tests(all_engines: bool) -> Self {
        if all_engines || in_ci() { Self::AllTests } else { Self::Tests }
    }

    pub(crate) fn is_tests(self) -> bool {
        self != Self::Demo
    }
}

/// Whether this runs in continuous integration.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// Names what is missing and will be installed; on a terminal asks whether it may,
/// unless `yes`.
///
/// # Errors
///
/// When something is missing that cannot be installed here, or the answer is no.
pub(crate) fn announce(root: &Path, purpose: Purpose, yes: bool) -> Result<Plan> {
    let plan = Plan::new(root, purpose)?;
    let text = plan.text();
    if text.is_empty() {
        return Ok(plan);
    }
    log::print(text.trim_end());
    if plan.changes_the_machine() && !yes && std::io::stdin().is_terminal() {
        write!(std::io::stderr(), "Continue? [Y/n] ")?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if answer.trim().to_lowercase().starts_with('n') {
            bail!("nothing was installed");
        }
    }
    Ok(plan)
}

/// Installs what is missing, and sees that a container engine answers.
///
/// # Errors
///
/// When something cannot be installed or started.
pub(crate) fn install(root: &Path, plan: &Plan) -> Result<()> {
    if !plan.packages.is_empty() {
        log::step("Debian packages", || debian::install(&plan.packages))?;
    }
    if plan.account {
        log::step("user account", other_engines::user)?;
    }
    log::step("container engine", engine::ensure)?;
    if plan.sshd {
        log::step("sshd", other_engines::sshd)?;
    }
    if plan.componentize {
        log::step("componentize-py", || python::componentize(root))?;
    }
    if plan.sbom_schema {
        log::step("CycloneDX schema", python::sbom_schema)?;
    }
    if plan.jupyterhub {
        log::step("JupyterHub", jupyterhub::install)?;
    }
    log::step("images", || match plan.purpose {
        Purpose::Demo => image::jupyterlab(),
        Purpose::Tests | Purpose::AllTests => image::ensure(),
    })
}

/// `cargo xtask setup`: everything for the tests, images included.
///
/// # Errors
///
/// As [`announce`] and [`install`].
pub(crate) fn run(root: &Path, purpose: Purpose, yes: bool) -> Result<()> {
    let plan = announce(root, purpose, yes)?;
    let quiet = log::quiet(&in_target("xtask/setup.log")?)?;
    wasm_target(root)?;
    install(root, &plan)?;
    drop(quiet);
    say(match engine::is_ours()? {
        true => "the container engine runs in the background; `cargo xtask engine stop` ends it",
        false => "a container engine answers",
    });
    Ok(())
}

/// The standard library for WebAssembly, of the toolchain that this workspace uses.
///
/// # Errors
///
/// When it is missing and rustup cannot add it.
pub(crate) fn wasm_target(root: &Path) -> Result<()> {
    if has_wasm_target(root) {
        return Ok(());
    }
    if shell::find("rustup").is_none() {
        bail!(
            "Rust has no target `{WASM_TARGET}`, and there is no rustup to add it: install Rust from \
             https://rustup.rs, or the package of your system with the standard library for {WASM_TARGET}"
        );
    }
    log::step("Rust target", || {
        shell::run(Command::new("rustup").args(["target", "add", WASM_TARGET]).current_dir(root))
    })?;
    if !has_wasm_target(root) {
        bail!("rustup added the target `{WASM_TARGET}` to another toolchain than `rustc` is of");
    }
    Ok(())
}

fn has_wasm_target(root: &Path) -> bool {
    let mut command = Command::new("rustc");
    command.args(["--print", "target-libdir", "--target", WASM_TARGET]).current_dir(root);
    shell::output(&mut command).context("rustc").is_ok_and(|path| Path::new(path.trim()).is_dir())
}
