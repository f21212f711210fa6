//! Sessions whose provider is gone: on Docker the command that removes them works.

use std::path::Path;

use support::{Context, Project, Run, Variant, httpd_image};

/// `renku session provider …` in a project.
fn provider(project: &Project<'_>, arguments: &[&str]) -> Run {
    project.session(&[&["provider"], arguments].concat())
}

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

#[test]
fn a_session_that_nobody_would_show_is_told_when_its_provider_is_removed() {
    let context = Context::docker();
    let project = context.project("analysis");
    let file = starting(context.folder(), "tool.wasm", "removed");
    let _ = provider(&project, &["add", &file, "--name", "acme/removed", "--yes"]).success();
    let name = start(&project, "acme/removed");
    let remove = ["session", "provider", "remove", "acme/removed"];
    let no = project.renku(&remove).on_a_terminal("n\n").exits(1);
    insta::assert_snapshot!(no.question("Without"), @r"
    Without `acme/removed` no command shows these sessions:
      `analysis-[ID]` in `[PROJECTS]/analysis`
    `renku session stop --all -p acme/removed` stops them first. Remove it anyway?
    ");
    let _ = project.session(&["ls", "-p", "acme/removed"]).success();
    insta::assert_snapshot!(project.renku(&remove).run().snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    warning: `acme/removed` still has sessions, which no command shows now
      `analysis-[ID]` in `[PROJECTS]/analysis`
    hint: `docker rm -f analysis-[ID]` removes them; next time run `renku session stop --all -p acme/removed` first
    Removed `acme/removed` 1.0.0
    ");
    // Later the doctor still finds it, and says how to be rid of it.
    let found = orphan(&project, &name);
    assert!(found.0.ends_with("its provider `acme/removed` is not installed"), "{found:?}");
    assert_eq!(found.1, format!("`docker rm -f {name}` removes it"));
    let _ = support::docker_ok(
        &found.1.split('`').nth(1).unwrap().split(' ').skip(1).collect::<Vec<_>>(),
    );
    assert_eq!(project.containers(), Vec::<String>::new());
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
