//! What was allowed is taken back, and providers are removed: by every name, and with
//! a word about what still runs.

use std::path::Path;

use serde_json::json;
use support::{Context, Project, Variant, httpd_image};

use super::provider;

/// A provider that may start containers, with bytes of its own: labels are seen by all
/// tests that run at the same time.
fn starting(folder: &Path, file: &str, note: &str) -> String {
    version("1.0.0", folder, file, note)
}

fn version(version: &str, folder: &Path, file: &str, note: &str) -> String {
    let released = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/released/0.1.0/docker.wasm");
    let variant = Variant::at(released).version(version);
    variant.section("note", note.as_bytes()).write(folder, file)
}

#[track_caller]
fn start(project: &Project<'_>, provider: &str) -> String {
    let image = httpd_image();
    let run = project.session(&["start", "-p", provider, "--image", &image, "--no-wait"]);
    let _ = run.success();
    project.containers().remove(0)
}

/// Whether the file behind this name may use containers, as `list` says it.
fn may(project: &Project<'_>, name: &str) -> serde_json::Value {
    let list = provider(project, &["list", "--format", "json"]).success().json();
    let rows = list["providers"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == name).unwrap()["allowed"].clone()
}

#[test]
fn a_permission_is_taken_back_under_every_name_of_the_file() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = starting(context.folder(), "tool.wasm", "names");
    // Run while it is written, then installed: it is allowed under its path.
    let _ = provider(&project, &["grant", &file]).success();
    let _ = provider(&project, &["add", &file, "--name", "acme/names"]).success();
    let _ = project.session(&["ls", "-p", "acme/names"]).success();
    insta::assert_snapshot!(provider(&project, &["revoke", "acme/names"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Revoked from `acme/names`
    ");
    let _ = project.session(&["ls", "-p", "acme/names"]).exits(3);
    let _ = project.session(&["ls", "-p", &file]).exits(3);

    // A second name, and a part of it.
    let _ = provider(&project, &["add", &file, "--name", "lab/names"]).success();
    let _ = provider(&project, &["grant", "acme/names"]).success();
    assert_eq!(may(&project, "lab/names"), json!(["containers"]));
    let part = ["revoke", "lab/names@1", "--only", "containers"];
    insta::assert_snapshot!(provider(&project, &part).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Revoked from `lab/names@1`
    The same file is installed as `acme/names`
    ");
    assert_eq!(may(&project, "acme/names"), json!([]));
    let refused = project.session(&["ls", "-p", "acme/names"]).exits(3);
    assert!(refused.stderr.contains("has no permission for `containers`"), "{}", refused.stderr);
    insta::assert_snapshot!(provider(&project, &part).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    `lab/names@1` had no permission for `containers`
    ");
}

#[test]
fn what_a_project_brings_along_loses_its_permission_by_its_name() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = starting(project.root(), ".renku/providers/team/names.wasm", "brought");
    let _ = provider(&project, &["grant", &file]).success();
    let _ = project.session(&["ls", "-p", "team/names"]).success();
    let _ = provider(&project, &["revoke", "team/names"]).success();
    let _ = project.session(&["ls", "-p", "team/names"]).exits(3);
}

#[test]
fn a_name_that_means_nothing_is_an_error_and_not_a_success() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(provider(&project, &["revoke", "typo"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no provider `typo`
    hint: known providers: `docker`, `local`, `renkulab`; or name a file, such as `-p ./mine.wasm`
    ");
    insta::assert_snapshot!(provider(&project, &["revoke", "docker"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the provider `docker` is part of `renku`
    hint: it has all permissions, and is updated together with `renku`
    ");
    let _ = provider(&project, &["revoke", "./typo.wasm"]).exits(2);
    let file = starting(context.folder(), "tool.wasm", "nothing");
    let _ = provider(&project, &["add", &file, "--name", "acme/nothing"]).success();
    insta::assert_snapshot!(provider(&project, &["revoke", "acme/nothing"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    `acme/nothing` had no permission for anything
    ");
}

#[test]
fn a_version_that_still_shows_the_sessions_makes_removing_another_no_matter() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = starting(context.folder(), "old.wasm", "version");
    let _ = provider(&project, &["add", &file, "--name", "acme/version", "--yes"]).success();
    let _ = start(&project, "acme/version");
    let newer = version("1.1.0", context.folder(), "new.wasm", "version");
    let _ = provider(&project, &["add", &newer, "--name", "acme/version", "--yes"]).success();
    insta::assert_snapshot!(provider(&project, &["remove", "acme/version@1.0.0"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Removed `acme/version` 1.0.0
    ");
    let _ = project.session(&["stop", "--all", "--yes", "-p", "acme/version"]).success();
    let removed = provider(&project, &["remove", "acme/version"]).success();
    assert_eq!(removed.stderr, "Removed `acme/version` 1.1.0\n");
}

#[test]
fn a_session_that_nobody_shows_is_told_when_the_permission_is_taken_back() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = starting(project.root(), "dev.wasm", "revoked");
    let _ = provider(&project, &["grant", "./dev.wasm"]).success();
    let name = start(&project, "./dev.wasm");
    assert_eq!(about(&project, &name), None);
    insta::assert_snapshot!(provider(&project, &["revoke", "./dev.wasm"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Revoked from `./dev.wasm`
    warning: `./dev.wasm` still has sessions, which no command shows now
      `analysis-[ID]` in `[PROJECTS]/analysis`
    hint: `memory rm analysis-[ID]` removes them; next time run `renku session stop --all -p ./dev.wasm` first
    ");
    let (found, _) = orphan(&project, &name);
    assert!(
        found.contains("the file of its provider was changed, or has no permissions"),
        "{found}"
    );
    // Allowed again, and built anew: its sessions are of the build before.
    let _ = provider(&project, &["grant", &file]).success();
    assert_eq!(about(&project, &name), None);
    let _ = starting(project.root(), "dev.wasm", "revoked, and built again");
    let _ = provider(&project, &["grant", "./dev.wasm"]).success();
    let (_, hint) = orphan(&project, &name);
    assert_eq!(hint, format!("`memory rm {name}` removes it"));
}

#[test]
fn an_engine_that_does_not_answer_keeps_nobody_from_taking_back() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = starting(context.folder(), "tool.wasm", "silent");
    let _ = provider(&project, &["add", &file, "--name", "acme/silent", "--yes"]).success();
    // It listens, and says nothing.
    let socket = context.folder().join("engine.sock");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let engine = format!("unix://{}", socket.display());
    for command in ["revoke", "remove"] {
        let arguments = ["session", "provider", command, "acme/silent"];
        let began = std::time::Instant::now();
        let _ = project.renku(&arguments).env("DOCKER_HOST", &engine).run().success();
        assert!(began.elapsed() < std::time::Duration::from_secs(5), "{command}");
    }
}

/// What `doctor` says about a session, and how to be rid of it.
fn about(project: &Project<'_>, name: &str) -> Option<(String, String)> {
    let json = project.session(&["doctor", "--format", "json"]).json();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["topic"] == "session")
        .map(|finding| (text(finding, "message"), text(finding, "hint")))
        .find(|(message, _)| message.contains(&format!("`{name}`")))
}

#[track_caller]
fn orphan(project: &Project<'_>, name: &str) -> (String, String) {
    about(project, name).expect("the doctor names it")
}
