//! Which provider a name means.

use support::{Context, Variant};

use super::{files, installed, provider, store};

/// Installs `recording` as this version.
fn version(context: &Context, project: &support::Project<'_>, version: &str) {
    let file = Variant::of("recording").version(version);
    let file = file.write(context.folder(), &format!("{version}.wasm"));
    let _ = provider(project, &["add", &file, "--name", "recording"]).success();
}

#[test]
fn several_versions_live_side_by_side() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    for it in ["1.2.0", "2.0.0", "1.10.0"] {
        version(&context, &project, it);
    }
    assert_eq!(installed(&project), ["recording 2.0.0", "recording 1.10.0", "recording 1.2.0"]);
    let chosen = |wanted: &str| {
        let info = provider(&project, &["info", wanted, "--format", "json"]).success().json();
        info["provider"]["version"].as_str().unwrap().to_owned()
    };
    assert_eq!(chosen("recording"), "2.0.0");
    assert_eq!(chosen("recording@1"), "1.10.0");
    assert_eq!(chosen("recording@1.2.0"), "1.2.0");
    assert_eq!(chosen("recording@<1.5"), "1.2.0");
    insta::assert_snapshot!(project.session(&["ls", "-p", "recording@3"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no version ^3 of `recording`
    hint: there is `2.0.0`, `1.10.0`, `1.2.0`
    ");
    let _ = provider(&project, &["remove", "recording@2"]).success();
    assert_eq!(chosen("recording"), "1.10.0");
}

#[test]
fn a_name_that_is_no_name_is_refused() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = Variant::of("recording").write(context.folder(), "a.wasm");
    for name in ["../up", "a/../b", "a/b/c", "UPPER", "", "a b", "-x", "a.b", "docker"] {
        let refused = provider(&project, &["add", &file, &format!("--name={name}")]);
        assert!(refused.status == 2 || refused.status == 1, "{name}: {}", refused.stderr);
    }
    assert_eq!(files(&context, "receipts"), Vec::<String>::new());
    let _ = provider(&project, &["add", &file, "--name", "acme/docker"]).success();
    assert_eq!(installed(&project), ["acme/docker 0.1.0"]);
}

#[test]
fn a_bundled_name_is_never_another_provider() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = Variant::of("recording").named("docker");
    let path = file.write(context.folder(), "docker.wasm");
    insta::assert_snapshot!(provider(&project, &["add", &path]).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the name `docker` belongs to a provider that is part of `renku`
    hint: choose another name, such as `--name my/docker`
    ");
    // Neither does a project's file, or one of this machine, replace it.
    let _ = file.write(project.root(), ".renku/providers/docker.wasm");
    let run = project.session(&["ls", "-p", "docker"]).success();
    assert!(run.calls().is_empty(), "{}", run.stderr);
}

#[test]
fn a_project_provider_is_asked_for_even_if_it_reaches_nothing() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = Variant::of("recording").write(project.root(), ".renku/providers/team/rec.wasm");
    insta::assert_snapshot!(project.session(&["ls", "-p", "team/rec"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: provider `team/rec` (nobody signed it) needs your permission
      may run in its sandbox, without access to anything outside
    hint: if you trust it with that, run `renku session provider grant team/rec`
    ");
    // Without a name it is not even started.
    assert!(project.session(&["ls"]).success().calls().is_empty());
    let _ = provider(&project, &["grant", "team/rec"]).success();
    let run = project.session(&["ls", "-p", "team/rec", "--format", "json"]).success();
    // Its sessions belong to its digest, not to a name somebody else may have.
    let owner = run.json()["sessions"][0]["provider"].as_str().unwrap().to_owned();
    assert!(owner.starts_with("file:"), "{owner}");
    // Other bytes are another provider.
    let _ = Variant::of("recording")
        .version("9.9.9")
        .write(project.root(), ".renku/providers/team/rec.wasm");
    let _ = project.session(&["ls", "-p", "team/rec"]).exits(3);
    let _ = file;
}

#[test]
fn a_link_out_of_the_project_is_not_followed() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let outside = Variant::of("recording").write(context.folder(), "outside.wasm");
    std::fs::create_dir_all(project.root().join(".renku/providers")).unwrap();
    std::os::unix::fs::symlink(&outside, project.root().join(".renku/providers/out.wasm")).unwrap();
    let refused = project.session(&["ls", "-p", "out"]).exits(2);
    assert!(refused.stderr.contains("there is no provider `out`"), "{}", refused.stderr);
}

#[test]
fn the_nearest_of_project_user_and_machine_is_meant() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let system = context.folder().join("system");
    let _ = Variant::of("recording").version("3.0.0").write(&system, "recording.wasm");
    let from = |arguments: &[&str]| {
        let all = [&["session", "provider", "info", "--format", "json"], arguments].concat();
        let run = context.renku(project.root(), &all).env("RENKU_SYSTEM_PROVIDERS", &system).run();
        run.success().json()["provider"]["origin"].as_str().unwrap().to_owned()
    };
    assert_eq!(from(&["recording"]), "system");
    version(&context, &project, "1.0.0");
    assert_eq!(from(&["recording"]), "installed");
    assert_eq!(from(&["recording@3"]), "system");
    let _ = Variant::of("recording").write(project.root(), ".renku/providers/recording.wasm");
    assert_eq!(from(&["recording"]), "project");
}

#[test]
fn a_known_name_from_elsewhere_is_not_taken_over_silently() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    version(&context, &project, "1.0.0");
    // As if it had come from a registry.
    let receipt = store(&context).join("receipts/recording@1.0.0.json");
    let mut json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&receipt).unwrap()).unwrap();
    json["source"] = "oci://registry.example.org/acme/recording:1.0.0".into();
    std::fs::write(&receipt, json.to_string()).unwrap();
    let newer = Variant::of("recording").version("1.0.1").write(context.folder(), "newer.wasm");
    let refused = provider(&project, &["add", &newer]).exits(2);
    assert!(refused.stderr.contains("take over the name"), "{}", refused.stderr);
    assert_eq!(installed(&project), ["recording 1.0.0"]);
    let _ = provider(&project, &["add", &newer, "--yes"]).success();
    assert_eq!(installed(&project), ["recording 1.0.1", "recording 1.0.0"]);
}
