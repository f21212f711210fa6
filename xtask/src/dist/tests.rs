//! What is in the tarball, and that it can be used.

use std::path::Path;
use std::process::Command;

use xtask_common::{PROVIDERS, files_below};

use super::*;
use crate::python;

/// With the program that `cargo xtask build` has left.
fn made(folder: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let providers = ["docker", "local", "renkulab"]
        .map(|name| in_target(&format!("{PROVIDERS}/{name}.wasm")).unwrap());
    make(root, &in_target("debug/renku").unwrap(), &providers, folder).unwrap()
}

fn unpacked(tarball: &Path, folder: &Path) -> PathBuf {
    let status = Command::new("tar").arg("-xzf").arg(tarball).arg("-C").arg(folder).status();
    assert!(status.unwrap().success());
    let name = tarball.file_name().unwrap().to_string_lossy().replace(".tar.gz", "");
    folder.join(name)
}

#[test]
fn a_release_has_all_its_parts_and_they_work() {
    let folder = tempfile::tempdir().unwrap();
    let tarball = made(folder.path());
    let sum = format!("{}.sha256", tarball.display());
    let mut check = Command::new("sha256sum");
    let _ = shell::output(check.args(["--check", &sum]).current_dir(&folder)).unwrap();
    let place = unpacked(&tarball, folder.path());
    let files: Vec<String> = files_below(&place)
        .unwrap()
        .into_iter()
        .map(|file| file.strip_prefix(&place).unwrap().display().to_string())
        .collect();
    let (pages, others): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| file.starts_with("share/man/man1/"));
    assert_eq!(
        others,
        [
            "CHANGELOG.md",
            "LICENSE",
            "README.md",
            "SBOM.cdx.json",
            "SHA256SUMS",
            "THIRD-PARTY.txt",
            "bin/renku",
            "providers/docker.wasm",
            "providers/local.wasm",
            "providers/renkulab.wasm",
            "share/bash-completion/completions/renku",
            "share/fish/vendor_completions.d/renku.fish",
            "share/zsh/site-functions/_renku",
        ]
    );
    assert!(pages.contains(&"share/man/man1/renku-session-start.1".to_owned()), "{pages:?}");

    let said = shell::output(Command::new(place.join("bin/renku")).arg("--version")).unwrap();
    assert_eq!(said, format!("renku {}\n", env!("CARGO_PKG_VERSION")));
    let mut sums = Command::new("sha256sum");
    let sums = sums.args(["--check", "--strict", "SHA256SUMS"]).current_dir(&place);
    let checked = shell::output(sums).unwrap();
    assert_eq!(checked.lines().count(), others.len() + pages.len() - 1);

    let others = fs::read_to_string(place.join("THIRD-PARTY.txt")).unwrap();
    for expected in
        ["\nwasmtime 48.", "\nserde_json 1.", "Apache License", "Permission is hereby granted"]
    {
        assert!(others.contains(expected), "{expected}");
    }
    // Neither ours, nor what only builds or tests it.
    for absent in ["\nrenku-session", "\ninsta ", "\nrcgen "] {
        assert!(!others.contains(absent), "{absent}");
    }
}

#[test]
fn the_same_parts_give_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(fs::read(made(one.path())).unwrap() == fs::read(made(two.path())).unwrap());
}

/// Ends with 0 for a file that keeps the schema of CycloneDX 1.6.
const KEEPS_SCHEMA: &str = "
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(str(error) if error else 0)
";

#[test]
fn the_bill_of_materials_keeps_its_schema_and_has_what_is_shipped() {
    let folder = tempfile::tempdir().unwrap();
    let file = unpacked(&made(folder.path()), folder.path()).join(SBOM);
    let mut check = Command::new("python3");
    check.args(["-c", KEEPS_SCHEMA]).arg(&file);
    check.env("PYTHONPATH", in_target(python::SBOM_SCHEMA_FOLDER).unwrap());
    shell::output(&mut check).expect("`cargo xtask setup` installs the schema");

    let bom: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(bom["metadata"]["component"]["name"], "renku-session");
    let components = bom["components"].as_array().unwrap();
    let of = |name: &str| components.iter().find(|component| component["name"] == name);
    let wasmtime = of("wasmtime").unwrap();
    assert!(wasmtime["purl"].as_str().unwrap().starts_with("pkg:cargo/wasmtime@48."));
    assert_eq!(wasmtime["hashes"][0]["content"].as_str().unwrap().len(), 64);
    assert_eq!(wasmtime["licenses"][0]["expression"], "Apache-2.0 WITH LLVM-exception");
    assert!(of("docker.wasm").is_some());
    // What only builds or tests it is not in it.
    assert!(of("insta").is_none() && of("rcgen").is_none());
}
