//! `cargo xtask setup`: what the other tasks need and cargo does not bring. Looks
//! first, installs only what is missing, and says what it did.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::shell::{self, say};
use crate::{debian, engine, jupyterhub, other_engines, python};

/// The target that providers are compiled for.
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The package and the program of the registry for tests.
const REGISTRY: &str = "docker-registry";

/// Programs that tests run beside ours.
const PROGRAMS: [&str; 3] = ["zsh", "fish", "minisign"];

/// Sees that the WebAssembly target, Python's pip, a container registry, an engine and
/// what else the tests use are there.
///
/// # Errors
///
/// When something is missing that cannot be installed here; says what to install.
pub(crate) fn run(root: &Path) -> Result<()> {
    wasm_target(root)?;
    pip()?;
    componentize(root)?;
    registry()?;
    programs()?;
    jupyterhub::ensure(root)?;
    other_engines::ensure(root)?;
    let engine = engine::ensure(root)?;
    if engine.started_by_us {
        say("container engine: started in the background; `cargo xtask engine stop` ends it");
    } else {
        say("container engine: it answers");
    }
    Ok(())
}

/// The standard library for WebAssembly, of the toolchain that this workspace uses.
fn wasm_target(root: &Path) -> Result<()> {
    if has_wasm_target(root) {
        say(&format!("Rust target {WASM_TARGET}: installed"));
        return Ok(());
    }
    if shell::find("rustup").is_none() {
        bail!(
            "Rust has no target `{WASM_TARGET}`, and there is no rustup to add it: install Rust from \
             https://rustup.rs, or the package of your system with the standard library for {WASM_TARGET}"
        );
    }
    shell::run(Command::new("rustup").args(["target", "add", WASM_TARGET]).current_dir(root))?;
    if !has_wasm_target(root) {
        bail!("rustup added the target `{WASM_TARGET}` to another toolchain than `rustc` is of");
    }
    say(&format!("Rust target {WASM_TARGET}: installed now"));
    Ok(())
}

fn has_wasm_target(root: &Path) -> bool {
    let mut command = Command::new("rustc");
    command.args(["--print", "target-libdir", "--target", WASM_TARGET]).current_dir(root);
    shell::output(&mut command).is_ok_and(|path| Path::new(path.trim()).is_dir())
}

/// The registry that tests of images push to and pull from.
fn registry() -> Result<()> {
    if shell::find(REGISTRY).is_some() {
        say("container registry: installed");
    } else if debian::is_debian() && debian::is_root() {
        debian::install(&[REGISTRY])?;
        say("container registry: installed now");
    } else {
        say(
            "container registry: missing; only tests need it (the program `docker-registry`; on Debian: \
             `apt-get install docker-registry`)",
        );
    }
    Ok(())
}

/// The shells that completion is tested in, and the program that signatures are
/// compared with. Their packages are called like them.
fn programs() -> Result<()> {
    let missing: Vec<&str> =
        PROGRAMS.into_iter().filter(|program| shell::find(program).is_none()).collect();
    if missing.is_empty() {
        say(&format!("{}: installed", PROGRAMS.join(", ")));
    } else if debian::is_debian() && debian::is_root() {
        debian::install(&missing)?;
        say(&format!("{}: installed now", missing.join(", ")));
    } else {
        say(&format!("{}: missing; only tests need them", missing.join(", ")));
    }
    Ok(())
}

/// What the tests build providers in Python with.
fn componentize(root: &Path) -> Result<()> {
    match python::componentize(root)? {
        Some(true) => say("componentize-py: installed"),
        Some(false) => say("componentize-py: installed now, into `target/`"),
        None => {
            say("componentize-py: missing without pip; the tests of providers in Python need it")
        }
    }
    Ok(())
}

/// Pip, which only brings JupyterLab where no registry has an image with it:
/// where it cannot be installed, that is said and is no failure yet.
fn pip() -> Result<()> {
    if python::with_pip().is_some() {
        say("pip: installed");
    } else if debian::is_debian() && debian::is_root() {
        debian::install(&["python3", "python3-pip"])?;
        python::with_pip().context("pip is missing although `python3-pip` was installed")?;
        say("pip: installed now");
    } else {
        say(
            "pip: missing; it is needed if no container registry can be reached (install Python 3 with pip; \
             on Debian: `apt-get install python3-pip`)",
        );
    }
    Ok(())
}
