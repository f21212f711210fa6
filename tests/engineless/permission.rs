//! A provider that is not bundled needs the user's permission.

use serde_json::json;
use support::{Context, Project, Run, Variant, fixture, httpd_image};

/// On a terminal, with what somebody types there.
#[track_caller]
fn ls_on_a_terminal(project: &Project<'_>, provider: &str, typed: &str) -> Run {
    project.renku(&["session", "ls", "-p", provider]).on_a_terminal(typed)
}

/// `hostile` with this wish.
fn wishing(wish: serde_json::Value) -> Variant {
    let config = json!({ "type": "object", "properties": {
        "do": { "type": "string" }, "name": { "type": "string" }, "image": { "type": "string" },
    }});
    Variant::of("hostile")
        .manifest(&json!({ "manifest": 1, "api": "^0.1", "wants": [wish], "config": config }))
}

#[test]
fn without_a_terminal_it_says_what_it_wants_and_does_nothing() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    insta::assert_snapshot!(project.session(&["ls", "-p", &hostile]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` (nobody signed it) needs your permission
      may start and stop containers, which can read and change this project's files and use the network
      may pause and resume the containers it started
      may build images from this project
      its reason for containers: “tests see what it must not do with them”
    hint: if you trust it with that, run `renku session provider grant [FIXTURES]/hostile.wasm`
    ");
    let image = httpd_image();
    let start = ["start", "--format", "json", "-p", &hostile, "--image", &image];
    let refused = project.session(&start).exits(3).json();
    assert_eq!(refused["error"]["kind"], "denied");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn a_provider_that_imports_nothing_needs_none() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = project.session(&["ls", "-p", &fixture("recording")]).success();
}

#[test]
fn a_bundled_provider_has_its_permission() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(project.session(&["ls", "-p", "docker"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions; `renku session start` starts one
    ");
}

#[test]
fn a_person_is_asked_once_for_each_file() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = Variant::of("hostile").version("1.2.3").write(project.root(), "tool.wasm");
    let no = ls_on_a_terminal(&project, "./tool.wasm", "n\n").exits(3);
    insta::assert_snapshot!(no.question("Provider"), @r"
    Provider `./tool.wasm` 1.2.3 (nobody signed it), if you allow it:
      may start and stop containers, which can read and change this project's files
          and use the network
      may pause and resume the containers it started
      may build images from this project
      its reason for containers: “tests see what it must not do with them”
    Allow it?
    ");
    assert!(
        no.stdout.contains("provider `./tool.wasm` (nobody signed it) needs your permission"),
        "{}",
        no.stdout
    );
    assert!(no.stdout.contains("run `renku session provider grant ./tool.wasm`"), "{}", no.stdout);
    let yes = ls_on_a_terminal(&project, "./tool.wasm", "y\n").success();
    assert!(yes.stdout.contains("Allow it? [y/N]"), "{}", yes.stdout);
    let again = ls_on_a_terminal(&project, "./tool.wasm", "").success();
    assert!(!again.stdout.contains("Allow it?"), "{}", again.stdout);
    // Other bytes are asked about again, and in full: a path is no name.
    let _ = Variant::of("hostile").version("1.2.4").write(project.root(), "tool.wasm");
    let other = ls_on_a_terminal(&project, "./tool.wasm", "n\n").exits(3);
    assert!(other.stdout.contains("may start and stop containers"), "{}", other.stdout);
    assert!(!other.stdout.contains("new: "), "{}", other.stdout);
}

#[test]
fn what_a_project_brings_along_is_asked_about_once_and_said_to_be_its() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = Variant::of("hostile").write(project.root(), ".renku/providers/team/tool.wasm");
    let no = ls_on_a_terminal(&project, "team/tool", "n\n").exits(3);
    let question = "Provider `team/tool` 0.1.0 (nobody signed it) comes with this project. It, if you allow it:";
    // A long line continues indented.
    let shown = no.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(question), "{}", no.stdout);
    let _ = ls_on_a_terminal(&project, "team/tool", "y\n").success();
    let again = ls_on_a_terminal(&project, "team/tool", "").success();
    assert!(!again.stdout.contains("Allow it?"), "{}", again.stdout);
    let _ = Variant::of("hostile")
        .version("0.2.0")
        .write(project.root(), ".renku/providers/team/tool.wasm");
    let other = ls_on_a_terminal(&project, "team/tool", "n\n").exits(3);
    assert!(other.stdout.contains("comes with this project"), "{}", other.stdout);
}

#[test]
fn limits_that_a_provider_wishes_are_asked_about_and_become_those_of_its_grant() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let wish = json!({
        "capability": "containers", "reason": "it runs notebooks",
        "images": ["quay.io/jupyter/*"], "max_cpu": 2, "max_memory": "512Mi",
    });
    let file = wishing(wish).write(context.folder(), "tool.wasm");
    let yes = ls_on_a_terminal(&project, &file, "y\n").success();
    insta::assert_snapshot!(yes.question("Provider"), @r"
    Provider `[TEST]/tool.wasm` 0.1.0 (nobody signed it), if you
        allow it:
      may start and stop containers, which can read and change this project's files
          and use the network
      may pause and resume the containers it started
      may build images from this project
      with limits for each container: images like `quay.io/jupyter/*`, at most 2
          CPUs, at most 512Mi of memory
      its reason for containers: “it runs notebooks”
    Allow it?
    ");
    let start = ["start", "-p", &file, "--no-wait", "--image", &httpd_image()];
    let refused = project.session(&start).exits(3);
    assert!(refused.stderr.contains("allowed: quay.io/jupyter/*"), "{}", refused.stderr);
    // What is typed for the grant replaces the wish; the rest of it goes on.
    let grant = ["provider", "grant", &file, "--image", "renku-test/*"];
    let granted = project.session(&grant).success();
    insta::assert_snapshot!(granted.filtered(&granted.stderr), @r"
    Allowed `[TEST]/tool.wasm`:
      may start and stop containers, which can read and change this project's files and use the network
      may pause and resume the containers it started
      may build images from this project
      with limits for each container: images like `renku-test/*`, at most 2 CPUs, at most 512Mi of memory
    ");
    let _ = project.session(&start).success();
    let name = project.containers().remove(0);
    let container = context.memory().container(&name);
    assert_eq!(container["cpus"], 2.0);
    assert_eq!(container["memory"], 512 << 20);
}

#[test]
fn a_reason_that_would_push_the_question_off_the_screen_is_refused() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let reason = format!("it runs{}Provider `hello`, if you allow it:", " ".repeat(4000));
    let wish = json!({ "capability": "containers", "reason": reason });
    let file = wishing(wish).write(context.folder(), "tool.wasm");
    let refused = ls_on_a_terminal(&project, &file, "y\n").exits(2);
    assert!(!refused.stdout.contains("Allow it?"), "{}", refused.stdout);
    insta::assert_snapshot!(project.session(&["provider", "add", &file, "--yes"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the manifest of provider `[TEST]/tool.wasm` is not valid
      `containers`: the reason has more than 200 characters
    hint: report it to the provider's author; see `docs/provider-guide.md`
    ");
}

#[test]
fn origins_are_named_with_their_urls() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = Variant::of("requesting")
        .manifest(&json!({
            "manifest": 1, "api": "^0.1", "config": { "type": "object" },
            "wants": [
                { "capability": "http", "reason": "it submits jobs", "origins": ["hub", "cluster"] },
                { "capability": "repository", "reason": "it looks" },
            ],
        }))
        .write(context.folder(), "tool.wasm");
    let add = ["session", "origin", "add", "hub", "https://hub.example.org", "--for", &file];
    let secret = ["--credential", "bearer", "--secret-env", "S"];
    let _ = project.renku(&add).args(&secret).env("S", "s3cret").run().success();
    insta::assert_snapshot!(project.session(&["ls", "-p", &file]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: provider `[TEST]/tool.wasm` (nobody signed it) needs your permission
      may talk to https://hub.example.org with your token
      may talk to your web service `cluster`, once you configure it for this provider
      may pass your RenkuLab login on to the sessions it starts there, so that they can use git
      may see the state of this project's git repository, and push it if you confirm
      its reason for http: “it submits jobs”
      its reason for repository: “it looks”
    hint: if you trust it with that, run `renku session provider grant [TEST]/tool.wasm`
    ");
}
