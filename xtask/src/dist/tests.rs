//! What is in the tarball, and that it can be used.

use std::path::Path;
use std::process::Command;

use super::*;
use crate::files::files_below;
use crate::program;

/// With the program that `cargo xtask build` has left.
fn made(folder: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let providers =
        ["docker", "renkulab"].map(|name| root.join(format!("target/providers/{name}.wasm")));
    make(root, &program::binary(root).unwrap(), &providers, folder).unwrap()
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
            "SHA256SUMS",
            "THIRD-PARTY.txt",
            "bin/renku",
            "providers/docker.wasm",
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
