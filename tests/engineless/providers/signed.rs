//! Providers that somebody signed, from a file and from a registry.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use support::{Context, Project, Registry, Variant};

use super::{installed, provider};

/// A key of the author's, without a password; gives the public half.
pub(super) fn key(project: &Project<'_>) -> String {
    let run = provider(project, &["sign", "--new-key", "--no-password", "--format", "json"]);
    run.success().json()["signed"]["public_key"].as_str().unwrap().to_owned()
}

pub(super) fn signed(project: &Project<'_>, context: &Context, version: &str) -> String {
    let file = Variant::of("recording").version(version).write(context.folder(), "tool.wasm");
    let _ = provider(project, &["sign", &file]).success();
    file
}

#[test]
fn a_signature_of_a_trusted_key_is_shown_and_kept() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let public = key(&project);
    let file = signed(&project, &context, "1.0.0");
    let unknown = provider(&project, &["add", &file, "--name", "tool"]).success();
    assert!(unknown.stderr.contains("which you do not trust"), "{}", unknown.stderr);
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    let known = provider(&project, &["add", &file, "--name", "tool"]).success();
    assert!(known.stderr.contains("; `acme` signed it"), "{}", known.stderr);
    let info = provider(&project, &["info", "tool", "--format", "json"]).success().json();
    assert_eq!(info["provider"]["signer"], json!("acme"));
    let listed = provider(&project, &["trust", "list", "--format", "json"]).success().json();
    assert_eq!(listed["keys"][0]["key"], json!(public));
    let _ = provider(&project, &["trust", "remove", "acme"]).success();
    let _ = provider(&project, &["trust", "remove", "acme"]).exits(2);
}

/// Whoever can write to it could say whose signatures count.
#[test]
fn a_list_of_trusted_keys_that_others_can_write_is_refused() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let public = key(&project);
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    let file = signed(&project, &context, "1.0.0");
    let list = context.home().join(".config/renku/trusted-keys.toml");
    fs::set_permissions(&list, fs::Permissions::from_mode(0o620)).unwrap();
    insta::assert_snapshot!(provider(&project, &["add", &file, "--name", "tool"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: others can write to `[TEST]/home/.config/renku/trusted-keys.toml`, so it is not used
    hint: check its contents, then run `chmod go-w [TEST]/home/.config/renku/trusted-keys.toml`
    ");
    let _ = provider(&project, &["trust", "add", &public, "--name", "other"]).exits(3);
    assert_eq!(installed(&project), Vec::<String>::new());
}

#[test]
fn a_wrong_signature_is_never_installed() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let public = key(&project);
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    let _ = signed(&project, &context, "1.0.0");
    // Other bytes under the old signature.
    let file = Variant::of("recording").version("1.0.1").write(context.folder(), "tool.wasm");
    let refused = provider(&project, &["add", &file, "--name", "tool"]).exits(3);
    assert!(
        refused.stderr.contains("is wrong: it was changed after `acme` signed it"),
        "{}",
        refused.stderr
    );
    std::fs::write(format!("{file}.minisig"), "no signature").unwrap();
    let _ = provider(&project, &["add", &file, "--name", "tool"]).exits(2);
    assert_eq!(installed(&project), Vec::<String>::new());
}

/// `recording` at this path, under a signature of other bytes.
fn changed(project: &Project<'_>, folder: &std::path::Path, file: &str) -> String {
    let path = Variant::of("recording").version("1.0.0").write(folder, file);
    let _ = provider(project, &["sign", &path]).success();
    Variant::of("recording").version("1.0.1").write(folder, file)
}

#[test]
fn a_file_with_a_wrong_signature_is_never_loaded() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let public = key(&project);
    let file = changed(&project, context.folder(), "tool.wasm");
    let _ = changed(&project, project.root(), ".renku/providers/team/tool.wasm");
    let system = context.folder().join("system");
    let _ = changed(&project, &system, "site/tool.wasm");
    let ls = |arguments: &[&str]| {
        let all = [&["session", "ls", "--yes"], arguments].concat();
        context.renku(project.root(), &all).env("RENKU_SYSTEM_PROVIDERS", &system).run()
    };
    // Of a key that nobody trusts nothing is known.
    let _ = ls(&["-p", &file]).success();
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    insta::assert_snapshot!(ls(&["-p", &file]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: the signature of `[TEST]/tool.wasm` is wrong: it was changed after `acme` signed it
    hint: get the file again from a place you trust, and report it to its author; if you made it, run `renku session provider sign` again
    ");
    for named in ["team/tool", "site/tool"] {
        let refused = ls(&["-p", named]).exits(3);
        let wrong = format!("the signature of `{named}` is wrong");
        assert!(refused.stderr.contains(&wrong), "{}", refused.stderr);
    }
    let listed = ls(&[]).success();
    assert!(listed.stderr.contains("it was changed after `acme` signed it"), "{}", listed.stderr);
    let _ = provider(&project, &["info", &file]).exits(3);
    std::fs::write(format!("{file}.minisig"), "no signature").unwrap();
    let _ = ls(&["-p", &file]).exits(2);
    // Who made it signs it again.
    let _ = provider(&project, &["sign", &file]).success();
    let _ = ls(&["-p", &file]).success();
}

#[test]
fn a_key_that_is_trusted_later_counts_for_what_is_installed() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let public = key(&project);
    let file = changed(&project, context.folder(), "tool.wasm");
    let _ = provider(&project, &["add", &file, "--name", "tool"]).success();
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    let refused = project.session(&["ls", "-p", "tool"]).exits(3);
    assert!(refused.stderr.contains("the signature of `tool` is wrong"), "{}", refused.stderr);
    let verified = provider(&project, &["verify"]).exits(1);
    assert!(verified.stdout.contains("the signature of `tool` is wrong"), "{}", verified.stdout);
    // Its author signs it again.
    let _ = provider(&project, &["sign", &file]).success();
    let _ = provider(&project, &["add", &file, "--name", "tool"]).success();
    let _ = project.session(&["ls", "-p", "tool"]).success();
    for (named, signer) in [("tool", "acme"), (&file, "acme")] {
        let info = provider(&project, &["info", named, "--format", "json"]).success().json();
        assert_eq!(info["provider"]["signer"], json!(signer), "{named}");
    }
    let _ = provider(&project, &["trust", "remove", "acme"]).success();
    let info = provider(&project, &["info", "tool"]).success().stdout;
    assert!(info.contains(", which you do not trust"), "{info}");
}

#[test]
fn who_signed_once_has_to_sign_again() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let public = key(&project);
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    let file = signed(&project, &context, "1.0.0");
    let _ = provider(&project, &["add", &file, "--name", "tool"]).success();
    let file = Variant::of("recording").version("1.1.0").write(context.folder(), "tool.wasm");
    std::fs::remove_file(format!("{file}.minisig")).unwrap();
    let refused = provider(&project, &["update", "tool"]).exits(2);
    assert!(refused.stderr.contains("`tool` 1.0.0 was signed by `acme`"), "{}", refused.stderr);
    assert_eq!(installed(&project), ["tool 1.0.0"]);
    // What answers every question does not let a signer go.
    for command in
        [&["update", "tool", "--yes"] as &[&str], &["add", &file, "--name", "tool", "--yes"]]
    {
        let refused = provider(&project, command).exits(2);
        assert!(refused.stderr.contains("answer it with `--other-signer`"), "{}", refused.stderr);
    }
    assert_eq!(installed(&project), ["tool 1.0.0"]);
    let _ = provider(&project, &["update", "tool", "--other-signer"]).success();
    assert_eq!(installed(&project), ["tool 1.1.0", "tool 1.0.0"]);
}

/// Runs the program `minisign`, Debian's.
fn minisign(arguments: &[&str]) -> bool {
    let output = std::process::Command::new("minisign").args(arguments).output();
    output.expect("`cargo xtask setup` installs minisign").status.success()
}

#[test]
fn the_program_minisign_verifies_what_is_signed_here() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let public = key(&project);
    let file = signed(&project, &context, "1.0.0");
    assert!(minisign(&["-V", "-P", &public, "-m", &file]));
    let stored = context.home().join(".config/renku/signing.pub").display().to_string();
    assert!(minisign(&["-V", "-p", &stored, "-m", &file]));
    let _ = Variant::of("recording").version("1.0.1").write(context.folder(), "tool.wasm");
    assert!(!minisign(&["-V", "-P", &public, "-m", &file]));
}

#[test]
fn what_the_program_minisign_signs_is_verified_here() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let place = |name: &str| context.folder().join(name).display().to_string();
    let (secret, public) = (place("acme.key"), place("acme.pub"));
    assert!(minisign(&["-G", "-W", "-s", &secret, "-p", &public]));
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "tool.wasm");
    assert!(minisign(&["-S", "-s", &secret, "-m", &file]));
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    let added = provider(&project, &["add", &file, "--name", "tool"]).success();
    assert!(added.stderr.contains("; `acme` signed it"), "{}", added.stderr);
    // Its secret key works here, too.
    let other = Variant::of("recording").version("1.1.0").write(context.folder(), "other.wasm");
    let _ = provider(&project, &["sign", &other, "--key", &secret]).success();
    assert!(minisign(&["-V", "-p", &public, "-m", &other]));
    let _ = Variant::of("recording").version("1.0.1").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["add", &file, "--name", "tool"]).exits(3);
}

/// Published on one machine, installed and updated on another.
#[test]
fn a_registry_hands_out_what_was_published_with_its_signature() {
    let registry = Registry::open();
    let (author, user) = (Context::without_engine(), Context::without_engine());
    let (theirs, project) = (author.project("slurm"), user.project("analysis"));
    let public = key(&theirs);
    let place = format!("oci://{}/acme/slurm", registry.host());
    let publish = |version: &str| {
        let file = signed(&theirs, &author, version);
        let to = format!("{place}:{version}");
        provider(&theirs, &["push", &file, &to, "--format", "json"]).success().json()
    };
    let published = publish("1.0.0")["published"].clone();
    assert_eq!(published["reference"], json!(format!("{place}:1.0.0")));
    assert_eq!(publish("1.0.0")["published"]["unchanged"], json!(true));

    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    let added = provider(&project, &["add", &place, "--name", "acme/slurm"]).success();
    assert!(added.stderr.contains("; `acme` signed it"), "{}", added.stderr);
    let _ = publish("1.2.0");
    let _ = provider(&project, &["update", "acme/slurm"]).success();
    assert_eq!(installed(&project), ["acme/slurm 1.2.0", "acme/slurm 1.0.0"]);
    let digest = published["digest"].as_str().unwrap();
    let pinned = format!("{place}@{digest}");
    let _ = provider(&project, &["add", &pinned, "--name", "acme/slurm"]).success();
    let _ = project.session(&["ls", "-p", "acme/slurm@1.2.0"]).success();

    let other = Variant::of("asking").version("1.0.0").write(author.folder(), "other.wasm");
    let refused =
        provider(&theirs, &["push", &other, &format!("{place}:1.0.0"), "--format", "json"]);
    assert_eq!(refused.exits(1).json()["error"]["kind"], json!("conflict"));
    let wrong = provider(&theirs, &["push", &other, &format!("{place}:2.0.0")]).exits(2);
    assert!(wrong.stderr.contains("but the provider is version 1.0.0"), "{}", wrong.stderr);
    let offline = provider(&project, &["add", &place, "--offline"]).exits(1);
    assert!(offline.stderr.contains("--offline"), "{}", offline.stderr);
}

#[test]
fn a_signature_that_does_not_fit_is_not_published() {
    let registry = Registry::open();
    let context = Context::without_engine();
    let project = context.project("slurm");
    let public = key(&project);
    let file = signed(&project, &context, "1.0.0");
    let to = format!("oci://{}/acme/stale:1.1.0", registry.host());
    // Built again, and not signed again.
    let _ = Variant::of("recording").version("1.1.0").write(context.folder(), "tool.wasm");
    let push = || provider(&project, &["push", &file, &to]);
    insta::assert_snapshot!(push().snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the signature `[TEST]/tool.wasm.minisig` is not one of `[TEST]/tool.wasm`
    hint: run `renku session provider sign [TEST]/tool.wasm`, and push again
    ");
    // The key is elsewhere, and trusted.
    let own = context.home().join(".config/renku/signing.pub");
    std::fs::remove_file(own).unwrap();
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    let _ = push().exits(1);
    std::fs::write(format!("{file}.minisig"), [0xff, b'g']).unwrap();
    let garbage = push().exits(1);
    assert!(garbage.stderr.contains("is not one of"), "{}", garbage.stderr);
    let _ = provider(&project, &["sign", &file]).success();
    let _ = push().success();
    let added = provider(&project, &["add", &to, "--name", "acme/stale"]).success();
    assert!(added.stderr.contains("; `acme` signed it"), "{}", added.stderr);
}

#[test]
fn a_registry_that_wants_a_login_names_the_command_of_the_engine() {
    let registry = Registry::with_login();
    let context = Context::in_memory();
    let project = context.project("analysis");
    let place = format!("oci://{}/acme/slurm:1.0.0", registry.host());
    let refused = provider(&project, &["add", &place]).exits(3);
    let hint = format!("hint: log in first: `memory login {}`", registry.host());
    assert!(refused.stderr.contains(&hint), "{}", refused.stderr);
}

#[test]
fn a_tag_that_is_not_the_version_of_its_file_is_refused() {
    let registry = Registry::open();
    let context = Context::without_engine();
    let project = context.project("slurm");
    let _ = key(&project);
    let file = signed(&project, &context, "1.0.0");
    let place = format!("oci://{}/acme/slurm", registry.host());
    let _ = provider(&project, &["push", &file, &format!("{place}:1.0.0")]).success();
    registry.tag("acme/slurm", "1.0.0", "9.9.9");
    let refused = provider(&project, &["add", &place, "--name", "acme/slurm"]).exits(1);
    let says = "is version 1.0.0, not the version of its tag `9.9.9`";
    assert!(refused.stderr.contains(says), "{}", refused.stderr);
    assert_eq!(installed(&project), Vec::<String>::new());
    let _ =
        provider(&project, &["add", &format!("{place}:1.0.0"), "--name", "acme/slurm"]).success();
}

#[test]
fn build_metadata_and_pre_releases_go_all_the_way() {
    let registry = Registry::open();
    let context = Context::without_engine();
    let project = context.project("slurm");
    let place = format!("oci://{}/acme/slurm", registry.host());
    let publish = |version: &str| {
        let file = Variant::of("recording").version(version).write(context.folder(), "tool.wasm");
        provider(&project, &["push", &file, &format!("{place}:{version}")]).success()
    };
    let add = |which: &str| {
        let place = format!("{place}{which}");
        provider(&project, &["add", &place, "--name", "acme/slurm"]).success()
    };
    for version in ["1.0.0", "2.0.0-rc.1", "2.0.0-rc.2", "3.0.0-alpha.1"] {
        let _ = publish(version);
    }
    let _ = add("");
    assert_eq!(installed(&project), ["acme/slurm 1.0.0"]);
    let _ = add(":2.0.0-rc.1");
    let _ = provider(&project, &["update", "acme/slurm"]).success();
    assert_eq!(installed(&project)[0], "acme/slurm 2.0.0-rc.2");
    let _ = publish("2.0.0+build.5");
    let _ = provider(&project, &["update", "acme/slurm"]).success();
    assert_eq!(installed(&project)[0], "acme/slurm 2.0.0+build.5");
    let again = add(":2.0.0+build.5");
    assert!(again.stderr.contains("2.0.0+build.5"), "{}", again.stderr);
    let _ = project.session(&["ls", "-p", "acme/slurm@2.0.0+build.5"]).success();
}

/// The error names the digest; either one names the provider.
#[test]
fn the_digests_of_file_and_manifest_are_told_apart() {
    let registry = Registry::open();
    let context = Context::without_engine();
    let project = context.project("slurm");
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "tool.wasm");
    let place = format!("oci://{}/acme/slurm", registry.host());
    let push = provider(&project, &["push", &file, &format!("{place}:1.0.0"), "--format", "json"]);
    let push = push.success();
    let published = &push.json()["published"];
    let digest = |key: &str| published[key].as_str().unwrap().to_owned();
    let says = format!("Manifest: {}\nFile:     {}\n", digest("digest"), digest("file"));
    assert!(push.stderr.contains(&says), "{}", push.stderr);
    for digest in [digest("digest"), digest("file")] {
        let at = format!("{place}@{digest}");
        let added = provider(&project, &["add", &at, "--name", "acme/slurm"]).success();
        assert!(added.stderr.contains("Installed `acme/slurm` 1.0.0"), "{}", added.stderr);
    }
    let info = provider(&project, &["info", "acme/slurm"]).success();
    assert!(info.stdout.contains(&format!("file digest: {}", digest("file"))), "{}", info.stdout);
    // Without the scheme it looks like a path.
    let bare = place.strip_prefix("oci://").unwrap();
    let refused = provider(&project, &["add", bare]).exits(2);
    assert!(refused.stderr.contains(&format!("is written `{place}`")), "{}", refused.stderr);
}
