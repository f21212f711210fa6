//! A folder that serves as a source where there is no network.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::{Context, Project, Variant};

use super::{add, installed, provider};

/// `renku session …` of another user, in a network namespace of its own: there is
/// not even a loopback.
fn without_network(project: &Project<'_>, home: &Path, arguments: &[&str]) -> Output {
    Command::new("unshare")
        .arg("-n")
        .arg(support::binary())
        .arg("session")
        .args(arguments)
        .current_dir(project.root())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home)
        .output()
        .unwrap()
}

/// Installs a version of `recording` from a file outside of the project.
fn install(context: &Context, project: &Project<'_>, version: &str) {
    let file = Variant::of("recording").version(version).write(context.folder(), "tool.wasm");
    let _ = add(project, &file);
}

fn folder(context: &Context) -> PathBuf {
    context.folder().join("mirror")
}

/// The names of the files of the mirror.
fn files(context: &Context) -> Vec<String> {
    let entries = std::fs::read_dir(folder(context)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_site_without_a_network_installs_what_is_locked_and_starts() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let key = ["sign", "--new-key", "--no-password", "--format", "json"];
    let key = provider(&project, &key).success().json();
    let key = key["signed"]["public_key"].as_str().unwrap();
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["sign", &file]).success();
    let _ = add(&project, &file);
    let _ = provider(&project, &["pin", "recording"]).success();
    install(&context, &project, "2.0.0");
    let mirror = folder(&context).display().to_string();
    let made = provider(&project, &["mirror", &mirror]).success();
    insta::assert_snapshot!(made.snapshot(), @r"
    exit status: 0
    --- stdout
    NAME       VERSION  DIGEST
    recording  1.0.0    sha256:[DIGEST]
    --- stderr
    `[TEST]/mirror` now has 1 provider; `renku session provider add --from [TEST]/mirror` installs from it
    ");
    let signed = ["index.toml", "recording-1.0.0.wasm", "recording-1.0.0.wasm.minisig"];
    assert_eq!(files(&context), signed);

    let home = context.folder().join("other");
    std::fs::create_dir(&home).unwrap();
    let there = |arguments: &[&str]| without_network(&project, &home, arguments);
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    // The lock alone does not know where the file is.
    let nowhere = there(&["provider", "add", "--locked", "--yes"]);
    assert_eq!(nowhere.status.code(), Some(2));
    insta::assert_snapshot!(said(&nowhere), @r"
    error: this project is locked to `recording` 1.0.0, whose file is not part of the project
    hint: get the file and run `renku session provider add FILE`, or take it from a mirror with `renku session provider add --locked --from DIR`
    ");
    assert!(there(&["provider", "trust", "add", key, "--name", "acme"]).status.success());
    let added = ["provider", "add", "--locked", "--offline", "--yes", "--from", &mirror];
    let added = there(&added);
    assert!(added.status.success(), "{}", said(&added));
    assert!(said(&added).contains("; `acme` signed it"), "{}", said(&added));
    let started = there(&["start", "--locked", "-p", "recording", "--image", "other:1"]);
    assert!(started.status.success(), "{}", said(&started));
}

#[test]
fn a_mirror_is_a_source_like_any_other() {
    let (context, user) = (Context::without_engine(), Context::without_engine());
    let (project, other) = (context.project("analysis"), user.project("analysis"));
    let mirror = folder(&context).display().to_string();
    install(&context, &project, "1.0.0");
    let asking = Variant::of("asking").version("1.0.0").write(context.folder(), "asking.wasm");
    let _ = provider(&project, &["add", &asking, "--name", "acme/asking"]).success();
    let _ = provider(&project, &["mirror", &mirror]).success();
    assert_eq!(files(&context), ["acme.asking-1.0.0.wasm", "index.toml", "recording-1.0.0.wasm"]);

    let _ = provider(&other, &["add", "--from", &mirror]).success();
    assert_eq!(installed(&other), ["acme/asking 1.0.0", "recording 1.0.0"]);
    // A newer version joins the older one, and is where `update` looks.
    install(&context, &project, "1.1.0");
    let _ = provider(&project, &["mirror", &mirror, "recording"]).success();
    let _ = provider(&other, &["update", "recording"]).success();
    let all = ["acme/asking 1.0.0", "recording 1.1.0", "recording 1.0.0"];
    assert_eq!(installed(&other), all);
    let older = ["add", "--from", &mirror, "recording@=1.0.0"];
    let _ = provider(&other, &older).success();

    insta::assert_snapshot!(provider(&other, &["add", "--from", &mirror, "slurm"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no provider `slurm`
    hint: known providers: `acme/asking`, `recording`; or name a file, such as `-p ./mine.wasm`
    ");
    let several = provider(&other, &["add", &mirror]).exits(2);
    assert!(several.stderr.contains("has several providers"), "{}", several.stderr);
    let none = user.folder().display().to_string();
    let none = provider(&other, &["add", "--from", &none, "recording"]).exits(2);
    assert!(none.stderr.contains("is not a mirror of providers"), "{}", none.stderr);
}

#[test]
fn a_file_that_was_changed_in_a_mirror_is_not_installed() {
    let (context, user) = (Context::without_engine(), Context::without_engine());
    let (project, other) = (context.project("analysis"), user.project("analysis"));
    let mirror = folder(&context).display().to_string();
    install(&context, &project, "1.0.0");
    let _ = provider(&project, &["mirror", &mirror]).success();
    let changed = Variant::of("recording").version("1.0.0").section("note", b"x");
    let _ = changed.write(&folder(&context), "recording-1.0.0.wasm");
    let refused = provider(&other, &["add", "--from", &mirror, "recording"]).exits(1);
    assert!(refused.stderr.contains("was changed after it was mirrored"), "{}", refused.stderr);
    assert_eq!(installed(&other), Vec::<String>::new());
}

#[test]
fn there_is_nothing_to_mirror_where_nothing_is_installed() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let mirror = folder(&context).display().to_string();
    insta::assert_snapshot!(provider(&project, &["mirror", &mirror]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is nothing to mirror: no provider is installed
    hint: install one first: `renku session provider add SOURCE`
    ");
    assert!(!folder(&context).exists());
}
