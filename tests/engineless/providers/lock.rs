//! The lock of a project constrains, and does nothing else.

use std::process::Command;

use support::{Context, Project, Variant};

use super::{add, digest, installed, provider, store};

/// Installs two versions from files of the project and locks it to the older one;
/// gives the path of its file.
fn locked(project: &Project<'_>) -> String {
    let old = Variant::of("recording").version("1.0.0").write(project.root(), "old.wasm");
    let new = Variant::of("recording").version("2.0.0").write(project.root(), "new.wasm");
    let _ = add(project, &old);
    let _ = provider(project, &["add", &new, "--name", "recording"]).success();
    let _ = provider(project, &["pin", "recording@1"]).success();
    old
}

fn used(project: &Project<'_>) -> String {
    let info = provider(project, &["info", "recording", "--format", "json"]).success().json();
    info["provider"]["version"].as_str().unwrap().to_owned()
}

#[test]
fn a_lock_names_one_file_of_each_provider() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let old = locked(&project);
    let lock = project.read("renku-providers.lock");
    assert!(lock.contains(&digest(&old)), "{lock}");
    let home = context.folder().canonicalize().unwrap();
    insta::assert_snapshot!(support::filter(&lock, &home), @r#"
    # Made by `renku session provider pin`
    version = 1

    [[provider]]
    name = "recording"
    version = "1.0.0"
    api = "[API]"
    source = "./old.wasm"
    digest = "sha256:[DIGEST]"
    capabilities = []
    "#);
    assert_eq!(used(&project), "1.0.0");
    let _ = project.session(&["ls", "--locked", "-p", "recording"]).success();
    insta::assert_snapshot!(project.session(&["ls", "-p", "recording@2"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: this project is locked to `recording` 1.0.0, not to ^2
    hint: leave out the version, or lock another one with `renku session provider pin recording@VERSION`
    ");
    let _ = provider(&project, &["pin", "recording"]).success();
    assert_eq!(used(&project), "2.0.0");
    let _ = provider(&project, &["pin", "--remove", "recording"]).success();
    assert!(!project.read("renku-providers.lock").contains("recording"));
}

#[test]
fn another_machine_installs_what_is_locked_and_only_when_told_to() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let old = locked(&project);
    // A fresh home: nothing is installed there.
    let home = context.folder().join("other");
    std::fs::create_dir(&home).unwrap();
    let there = |arguments: &[&str]| {
        let all = [&["session"], arguments].concat();
        context.renku(project.root(), &all).env("HOME", &home).run()
    };
    insta::assert_snapshot!(there(&["ls", "-p", "recording"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: this project is locked to `recording` 1.0.0, which is not installed
    hint: run `renku session provider add --locked`
    ");
    insta::assert_snapshot!(there(&["provider", "verify"]).snapshot(), @r"
    exit status: 1
    --- stdout
    NAME       VERSION  DIGEST                                                                   STATE
    recording  1.0.0    sha256:[DIGEST]  this project is locked to `recording` 1.0.0, which is not installed
    --- stderr
    error: 1 of 1 providers have problems
    hint: `renku session provider add --locked` installs what is missing
    ");
    // What would be fetched is shown first.
    let asked = there(&["provider", "add", "--locked"]).exits(2);
    assert!(asked.stderr.contains(&old), "{}", asked.stderr);
    // The source has something else now: nothing is installed.
    let right = std::fs::read(&old).unwrap();
    let _ = Variant::of("recording")
        .version("1.0.0")
        .section("note", b"x")
        .write(project.root(), "old.wasm");
    let drift = there(&["provider", "add", "--locked", "--yes"]).exits(1);
    assert!(
        drift.stderr.contains("is not the file that this project was locked to"),
        "{}",
        drift.stderr
    );
    let _ = there(&["ls", "-p", "recording"]).exits(3);
    std::fs::write(&old, right).unwrap();
    let _ = there(&["provider", "add", "--locked", "--yes"]).success();
    let _ = there(&["ls", "--locked", "-p", "recording"]).success();
    let _ = there(&["provider", "verify"]).success();
}

#[test]
fn what_is_locked_and_damaged_is_installed_again() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let old = locked(&project);
    let hex = digest(&old).replace("sha256:", "");
    std::fs::remove_file(store(&context).join(format!("blobs/sha256/{hex}.wasm"))).unwrap();
    let _ = project.session(&["ls", "-p", "recording"]).exits(1);
    let asked = provider(&project, &["add", "--locked"]).exits(2);
    assert!(asked.stderr.contains("(its file here is damaged)"), "{}", asked.stderr);
    let _ = provider(&project, &["add", "--locked", "--yes"]).success();
    let _ = project.session(&["ls", "-p", "recording"]).success();
}

#[test]
fn another_name_of_a_locked_file_is_not_locked() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let old = locked(&project);
    let _ = provider(&project, &["add", &old, "--name", "other"]).success();
    let list = provider(&project, &["list", "--format", "json"]).success().json();
    let rows = list["providers"].as_array().unwrap().iter();
    let pinned = rows.filter(|row| row["pinned"] == true).map(|row| row["name"].clone());
    assert_eq!(pinned.collect::<Vec<_>>(), ["recording"]);
}

#[test]
fn what_a_lock_says_of_a_file_has_to_be_true() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let _ = locked(&project);
    let lock = project.read("renku-providers.lock");
    let api = format!("api = \"{}\"", support::contract());
    let lock = lock.replace(&api, "api = \"\\u001b[2J\"\nsigner = \"Microsoft\"");
    let lock = lock.replace("capabilities = []", "capabilities = [\"http\"]");
    project.write("renku-providers.lock", &lock);
    insta::assert_snapshot!(provider(&project, &["verify"]).snapshot(), @r"
    exit status: 1
    --- stdout
    NAME       VERSION  DIGEST                                                                   STATE
    recording  2.0.0    sha256:[DIGEST]  ok
    recording  1.0.0    sha256:[DIGEST]  ok
    recording  1.0.0    sha256:[DIGEST]  the lock file of this project and the provider's file differ in `api` and `capabilities`
    --- stderr
    According to the lock file `Microsoft` signed `recording` 1.0.0; here nobody did
    error: 1 of 3 providers have problems
    hint: `renku session provider pin NAME` writes the lock anew
    ");
}

#[test]
fn a_lock_grants_nothing() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = Variant::of("hostile").version("1.0.0").write(project.root(), "tool.wasm");
    let _ = provider(&project, &["add", &file, "--name", "tool"]).success();
    let _ = provider(&project, &["pin", "tool"]).success();
    let _ = project.session(&["ls", "--locked", "-p", "tool"]).exits(3);
    let _ = provider(&project, &["remove", "tool"]).success();
    let added = provider(&project, &["add", "--locked", "--yes"]).success();
    assert!(added.stderr.contains("No permissions yet"), "{}", added.stderr);
    let _ = project.session(&["ls", "-p", "tool"]).exits(3);
}

#[test]
fn locked_refuses_what_is_not_in_the_lock() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "a.wasm");
    let _ = add(&project, &file);
    for named in ["recording", &file] {
        let refused = project.session(&["ls", "--locked", "-p", named]).exits(1);
        assert!(
            refused.stderr.contains("is not in the lock file of this project"),
            "{}",
            refused.stderr
        );
    }
    // What is part of `renku` has nothing to drift from.
    let _ = project.session(&["ls", "--locked"]).success();
    let _ = provider(&project, &["pin", "recording"]).success();
    let _ = project.session(&["ls", "--locked", "-p", &file]).success();
}

#[test]
fn a_lock_that_is_none_is_an_error_and_not_ignored() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "a.wasm");
    let _ = add(&project, &file);
    let entry = format!(
        "[[provider]]\nname = \"recording\"\nversion = \"1.0.0\"\napi = \"{}\"\n\
         digest = \"{}\"\ncapabilities = []\n",
        support::contract(),
        digest(&file)
    );
    for (text, reason) in [
        ("version = 2\n", "it has version 2, but this `renku` supports 1"),
        ("{", "is not a lock file"),
        ("version = 1\n[[provider]]\nname = \"../x\"\n", "cannot be the name of a provider"),
        (
            &format!("version = 1\n{entry}source = \"/home/ann/a.wasm\"\n"),
            "is not a file of this project",
        ),
        (
            &format!("version = 1\n{entry}source = \"./../a.wasm\"\n"),
            "is not a file of this project",
        ),
    ] {
        project.write("renku-providers.lock", text);
        let refused = project.session(&["ls", "-p", "recording"]).exits(2);
        assert!(refused.stderr.contains(reason), "{}", refused.stderr);
    }
}

#[test]
fn a_satisfied_lock_needs_no_network_at_all() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let _ = locked(&project);
    // In a network namespace of its own there is not even a loopback.
    let run = |arguments: &[&str]| {
        let output = Command::new("unshare")
            .arg("-n")
            .arg(support::binary())
            .args(arguments)
            .current_dir(project.root())
            .env("HOME", context.home())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["session", "ls", "--locked", "--offline", "-p", "recording"]);
    run(&["session", "provider", "add", "--locked", "--offline"]);
    run(&["session", "provider", "verify"]);
    run(&["session", "provider", "list"]);
    assert_eq!(installed(&project).len(), 2);
}

#[test]
fn offline_never_asks_the_network() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let url = "https://provider.invalid/tool.wasm";
    insta::assert_snapshot!(provider(&project, &["add", "--offline", url]).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: `https://provider.invalid/tool.wasm` is on the network, and `--offline` was given
    hint: run it again without `--offline`
    ");
}
