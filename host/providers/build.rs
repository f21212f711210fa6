//! Finds what is embedded in the binary: the bundled providers, and the templates
//! of `provider new`.
//!
//! Providers are built for another target, so cargo cannot build them as a
//! dependency: `cargo xtask build` does, and leaves them in `providers` of the target
//! directory.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest as _, Sha256};

/// Their names; `src/providers/bundled.rs` embeds them.
const BUNDLED: [&str; 3] = ["docker", "local", "renkulab"];

/// For every language, folders of a new project and where they come from, relative
/// to the workspace.
const TEMPLATES: [(&str, &[(&str, &str)]); 2] = [
    (
        "RUST",
        &[
            ("", "host/providers/templates/both"),
            ("", "host/providers/templates/rust"),
            ("vendor/renku-session-sdk/src", "components/sdk/src"),
            ("wit/v0.1", "wit/v0.1"),
        ],
    ),
    (
        "PYTHON",
        &[
            ("", "host/providers/templates/both"),
            ("", "host/providers/templates/python"),
            ("vendor", "components/sdk/python"),
            ("wit/deps/renku-session", "wit/v0.1"),
        ],
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../..").canonicalize()?;
    let output = PathBuf::from(env::var("OUT_DIR")?);
    templates(&root, &output)?;
    println!("cargo::rerun-if-env-changed=RENKU_PROVIDERS_DIR");
    let folder = match env::var_os("RENKU_PROVIDERS_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => target(&output).ok_or("OUT_DIR is not in a target directory")?.join("providers"),
    };
    for name in BUNDLED {
        let file = folder.join(format!("{name}.wasm"));
        println!("cargo::rerun-if-changed={}", file.display());
        if !file.is_file() {
            println!(
                "cargo::error=the bundled provider `{}` is missing: run `cargo xtask build`, which builds it and then this",
                file.display()
            );
            continue;
        }
        println!("cargo::rustc-env=RENKU_{}_WASM={}", name.to_uppercase(), file.display());
        // Code in the cache is found by digest; computing it at every start would
        // take longer than loading that code.
        let digest = Sha256::digest(fs::read(&file)?);
        fs::write(output.join(format!("{name}.sha256")), digest)?;
    }
    Ok(())
}

/// The target directory, which may be anywhere: cargo marks it (bford.info/cachedir).
fn target(output: &Path) -> Option<&Path> {
    output.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file())
}

/// Writes `templates.rs`: a constant for every language, of paths and texts.
fn templates(root: &Path, output: &Path) -> Result<(), Box<dyn Error>> {
    let mut code = String::new();
    for (language, folders) in TEMPLATES {
        writeln!(code, "pub(super) const {language}: &[(&str, &str)] = &[")?;
        for (to, from) in folders {
            let folder = root.join(from);
            println!("cargo::rerun-if-changed={}", folder.display());
            for file in files(&folder)? {
                let name = Path::new(to).join(file.strip_prefix(&folder)?);
                writeln!(code, "    ({name:?}, include_str!({file:?})),")?;
            }
        }
        writeln!(code, "];")?;
    }
    Ok(fs::write(output.join("templates.rs"), code)?)
}

/// All files below a folder, sorted; what Python leaves when it runs is no source.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true if path.ends_with("__pycache__") => {}
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    found.sort();
    Ok(found)
}
