//! Finds the bundled providers, which are embedded in the binary.
//!
//! They are built for another target, so cargo cannot build them as a dependency:
//! `cargo xtask build` does, and leaves them in `target/providers`.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use sha2::{Digest as _, Sha256};

/// Their names; `src/providers/bundled.rs` embeds them.
const BUNDLED: [&str; 2] = ["docker", "renkulab"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=RENKU_PROVIDERS_DIR");
    let folder = env::var_os("RENKU_PROVIDERS_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/providers")),
        PathBuf::from,
    );
    let output = PathBuf::from(env::var("OUT_DIR")?);
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
