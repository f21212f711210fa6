//! Finds the bundled providers, which are embedded in the binary.
//!
//! They are built for another target, so cargo cannot build them as a dependency:
//! `cargo xtask build` does, and leaves them in `target/providers`.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use sha2::{Digest as _, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=RENKU_PROVIDERS_DIR");
    let folder = env::var_os("RENKU_PROVIDERS_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/providers")),
        PathBuf::from,
    );
    let docker = folder.join("docker.wasm");
    println!("cargo::rerun-if-changed={}", docker.display());
    if !docker.is_file() {
        println!(
            "cargo::error=the bundled provider `{}` is missing: run `cargo xtask build`, which builds it and then this",
            docker.display()
        );
        return Ok(());
    }
    println!("cargo::rustc-env=RENKU_DOCKER_WASM={}", docker.display());
    // Code in the cache is found by digest; computing it at every start would take
    // longer than loading that code.
    let digest = PathBuf::from(env::var("OUT_DIR")?).join("docker.sha256");
    fs::write(digest, Sha256::digest(fs::read(&docker)?))?;
    Ok(())
}
