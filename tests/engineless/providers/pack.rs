//! `provider pack`: one file of a module and a manifest, or what is wrong with them.

use std::path::Path;

use serde_json::{Value, json};
use support::{Context, Project, Variant};

use super::{digest, provider};

/// A component without a manifest, as a compiler leaves it.
fn component(context: &Context, fixture: &str) -> String {
    Variant::of(fixture)
        .without("renku:manifest")
        .without("version")
        .without("component-name")
        .write(context.folder(), &format!("{fixture}.component.wasm"))
}

/// A manifest in a folder of its own, with these keys besides those that must be.
fn manifest(context: &Context, name: &str, more: &Value) -> String {
    let mut manifest = json!({ "manifest": 1, "api": "^0.1" });
    manifest.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let folder = context.folder().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("manifest.json");
    std::fs::write(&file, manifest.to_string()).unwrap();
    file.display().to_string()
}

/// `pack` with a name and a version.
fn pack(project: &Project<'_>, file: &str, manifest: &str) -> String {
    let named = ["--name", "mine", "--version", "1.0.0"];
    provider(project, &[&["pack", file, "--manifest", manifest], &named[..]].concat()).snapshot()
}

#[test]
fn a_component_becomes_a_provider_with_what_the_project_says_about_it() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let (file, manifest) =
        (component(&context, "hibernating"), manifest(&context, "m", &json!({})));
    let beside = Path::new(&manifest).with_file_name("pyproject.toml");
    std::fs::write(
        beside,
        "[project]\nname = 'sleepy'\nversion = '1.2.3'\ndescription = 'Sleeps'\nlicense = 'MIT'\n",
    )
    .unwrap();
    let run = provider(&project, &["pack", &file, "--manifest", &manifest, "--format", "json"]);
    let packed = run.success().json()["packed"].clone();
    assert_eq!((&packed["name"], &packed["version"]), (&json!("sleepy"), &json!("1.2.3")));
    let path = project.root().join("sleepy.wasm").display().to_string();
    assert_eq!(packed["digest"], digest(&path));
    let info = provider(&project, &["info", &path, "--format", "json"]).success().json();
    let about = &info["provider"]["about"];
    assert_eq!(about["name"], "sleepy");
    assert_eq!(about["texts"]["description"], "Sleeps");
    assert_eq!(about["texts"]["licenses"], "MIT");
    let _ = provider(&project, &["add", &path]).success();

    // Options come before the file, and the same input gives the same bytes.
    let again = project.root().join("again.wasm").display().to_string();
    let pack = ["pack", &file, "--manifest", &manifest, "-o", &again];
    let _ = provider(&project, &pack).success();
    assert_eq!(digest(&again), digest(&path));
    let _ = provider(&project, &[&pack[..], &["--version", "2.0.0"]].concat()).success();
    assert_ne!(digest(&again), digest(&path));
}

#[test]
fn the_signature_of_the_file_before_goes_with_it() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let (file, manifest) = (component(&context, "recording"), manifest(&context, "m", &json!({})));
    let pack = |version: &str| {
        let named = ["--name", "mine", "--version", version];
        provider(&project, &[&["pack", &file, "--manifest", &manifest], &named[..]].concat())
    };
    let _ = pack("1.0.0").success();
    let _ = provider(&project, &["sign", "--new-key", "--no-password", "mine.wasm"]).success();
    let signature = project.root().join("mine.wasm.minisig");
    // The same bytes have the same signature.
    let _ = pack("1.0.0").success();
    assert!(signature.exists());
    insta::assert_snapshot!(pack("1.1.0").success().stderr, @r"
    Removed `mine.wasm.minisig`, the signature of the previous file; `renku session provider sign mine.wasm` creates a new one
    ");
    assert!(!signature.exists());
}

#[test]
fn what_is_no_provider_is_refused_with_what_to_do() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let manifest = manifest(&context, "m", &json!({}));
    let file = |name: &str, bytes: &[u8]| {
        let path = context.folder().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let refused = |file: &str| pack(&project, file, &manifest);
    insta::assert_snapshot!(refused(&file("a.wasm", b"text")), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[TEST]/a.wasm` is not WebAssembly
    hint: name the `.wasm` file that `cargo build --target wasm32-unknown-unknown` or `componentize-py` wrote
    ");
    // Magic number, version, and an import `wasi_snapshot_preview1.x` of type 0.
    let wasi =
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x1c\x01\x16wasi_snapshot_preview1\x01x\0\0";
    insta::assert_snapshot!(refused(&file("b.wasm", wasi)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: `[TEST]/b.wasm` needs `wasi_snapshot_preview1`: providers get no WASI
    hint: for authors: build Rust with `--target wasm32-unknown-unknown`, C with `clang --target=wasm32 -nostdlib`; give `componentize-py componentize` the option `-s`, and ComponentizeJS all of `disableFeatures`; see `docs/provider-guide.md`
    ");
    insta::assert_snapshot!(refused(&file("c.wasm", b"\0asm\x01\0\0\0")), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[TEST]/c.wasm` has no description of its functions
    hint: depend on `renku-session-sdk`, and write `renku_session_sdk::export!(YourProvider);`
    ");
    insta::assert_snapshot!(refused(&component(&context, "wasi-import")), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[TEST]/wasi-import.component.wasm` needs `wasi:cli/environment@0.2.3`: providers get no WASI
    hint: for authors: build Rust with `--target wasm32-unknown-unknown`, C with `clang --target=wasm32 -nostdlib`; give `componentize-py componentize` the option `-s`, and ComponentizeJS all of `disableFeatures`; see `docs/provider-guide.md`
    ");
    insta::assert_snapshot!(refused(&component(&context, "not-a-provider")), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[TEST]/not-a-provider.component.wasm` is a component, but not a session provider
    hint: a provider is a `.wasm` component that exports `renku:session/provider`; see `docs/provider-guide.md`
    ");
    insta::assert_snapshot!(refused(&support::fixture("hibernating")), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[FIXTURES]/hibernating.wasm` is already a provider: it has a manifest
    hint: pack the compiler's output; `renku session provider info` shows the contents of this file
    ");
    insta::assert_snapshot!(refused("missing.wasm"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: cannot read the provider `missing.wasm`
      No such file or directory (os error 2)
    hint: check the path
    ");
}

#[test]
fn a_manifest_that_does_not_fit_says_what_to_change() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let (sleeping, asking) = (component(&context, "hibernating"), component(&context, "asking"));
    let refused = |file: &str, more: &Value| pack(&project, file, &manifest(&context, "m", more));
    insta::assert_snapshot!(refused(&asking, &json!({})), @r#"
    exit status: 2
    --- stdout
    --- stderr
    error: the manifest `[TEST]/m/manifest.json` is not valid
      the component imports `prompt`, and `wants` gives no reason for it: add {"capability": "prompt", "reason": "…"}
    hint: see `docs/provider-guide.md`, “The manifest”
    "#);
    let wants = json!([{ "capability": "http", "reason": "x" }]);
    insta::assert_snapshot!(refused(&sleeping, &json!({ "wants": wants })), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the manifest `[TEST]/m/manifest.json` is not valid
      `wants` names `http`, which the component does not import
    hint: see `docs/provider-guide.md`, “The manifest”
    ");
    insta::assert_snapshot!(refused(&sleeping, &json!({ "api": "^0.2" })), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the manifest `[TEST]/m/manifest.json` is not valid
      it declares API `^0.2`, but exports 0.1.0
    hint: see `docs/provider-guide.md`, “The manifest”
    ");
    insta::assert_snapshot!(refused(&sleeping, &json!({ "surprise": 1 })), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the manifest `[TEST]/m/manifest.json` is not valid
      unknown field `surprise`, expected one of `manifest`, `api`, `remote`, `priority`, `engine`, `wants`, `config`, `options` at line 1 column 37
    hint: see `docs/provider-guide.md`, “The manifest”
    ");
    let pattern = json!({ "type": "object", "properties": { "a": { "pattern": "x" } } });
    insta::assert_snapshot!(refused(&sleeping, &json!({ "config": pattern })), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the manifest `[TEST]/m/manifest.json` is not valid
      `config`: `/properties/a/pattern`: this keyword is not supported
    hint: see `docs/provider-guide.md`, “The manifest”
    ");
    // Options of `renku` and of the engine.
    for name in ["image", "shm-size"] {
        let options = json!([{ "name": name, "help": "x", "commands": ["start"] }]);
        let said = refused(&sleeping, &json!({ "options": options }));
        insta::allow_duplicates! {
            insta::assert_snapshot!(said.replace(name, "[NAME]"), @r"
            exit status: 2
            --- stdout
            --- stderr
            error: provider `[TEST]/m/manifest.json` declares the option `--[NAME]`, which `renku` already has
            hint: its author can rename the option in the manifest
            ");
        }
    }
    insta::assert_snapshot!(pack(&project, &sleeping, "missing.json"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: cannot read the manifest `missing.json`
      No such file or directory (os error 2)
    hint: name it with `--manifest`
    ");
    assert!(!project.root().join("mine.wasm").exists());
}

#[test]
fn what_nobody_says_is_asked_for() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let (file, manifest) =
        (component(&context, "hibernating"), manifest(&context, "m", &json!({})));
    let pack = |more: &[&str]| {
        provider(&project, &[&["pack", &file, "--manifest", &manifest], more].concat()).snapshot()
    };
    insta::assert_snapshot!(pack(&[]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: this provider has no name
    hint: add `--name`
    ");
    let beside = Path::new(&manifest).with_file_name("Cargo.toml");
    std::fs::write(&beside, "[package]\nname = 'mine'\n").unwrap();
    insta::assert_snapshot!(pack(&[]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: this provider has no version
    hint: add `version` to `[TEST]/m/Cargo.toml`, or `--version` to the command
    ");
    insta::assert_snapshot!(pack(&["--version", "1.0"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `1.0` is not a valid version of a provider
    hint: write three numbers, like 1.2.3
    ");
    insta::assert_snapshot!(pack(&["--version", "1.0.0", "--name", "docker"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the name `docker` belongs to a provider that is part of `renku`
    hint: choose another name, such as `--name my/docker`
    ");
    insta::assert_snapshot!(pack(&["--version", "1.0.0", "-o", &file]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the new file would overwrite its own input `[TEST]/hibernating.component.wasm`
    hint: name another file with `-o`
    ");
    std::fs::write(&beside, "[package\n").unwrap();
    insta::assert_snapshot!(pack(&[]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: cannot read `[TEST]/m/Cargo.toml`
      TOML parse error at line 1, column 9
        |
      1 | [package
        |         ^
      unclosed table, expected `]`
    hint: correct it, or move it elsewhere
    ");
}
