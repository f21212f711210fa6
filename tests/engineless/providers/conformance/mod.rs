//! `provider test`: providers that keep every rule pass, and for every rule there is
//! one that breaks it alone, which the kit must name.

mod outputs;

use std::path::Path;

use support::{Context, Project, Run, Variant, fixture};

/// What stands in the fixture `breaking` where it says which rule it breaks.
const MARK: &str = "breaks:nothing                  ";

fn test(project: &Project<'_>, arguments: &[&str]) -> Run {
    super::provider(project, &[&["test"], arguments].concat())
}

/// A provider that keeps every rule but this one.
fn breaking(context: &Context, rule: &str) -> String {
    let fixture = Variant::of("breaking");
    let variant = match rule {
        // Those two are about the file and not about what runs.
        "file" => fixture.manifest(&manifest("^0.2", &["containers", "http"])),
        "imports" => fixture.manifest(&manifest("^0.1", &["containers"])),
        _ => {
            let other = format!("{:width$}", format!("breaks:{rule}"), width = MARK.len());
            fixture.overwritten(MARK.as_bytes(), other.as_bytes())
        }
    };
    variant.write(context.folder(), &format!("{rule}.wasm"))
}

fn manifest(api: &str, wants: &[&str]) -> serde_json::Value {
    let wants: Vec<_> = wants
        .iter()
        .map(|capability| serde_json::json!({ "capability": capability, "reason": "tests" }))
        .collect();
    serde_json::json!({ "manifest": 1, "api": api, "wants": wants, "config": {
        "type": "object",
        "properties": { "greeting": { "type": "string" } },
    } })
}

fn guide() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/provider-guide.md");
    std::fs::read_to_string(file).unwrap()
}

/// The output, with what depends on the speed of the machine replaced.
fn shown(run: &Run) -> String {
    let time = regex_lite::Regex::new(r"[0-9]+\.[0-9] (ms|MiB)").unwrap();
    time.replace_all(&run.snapshot(), "[N] $1").into_owned()
}

/// The checks of a run that ended like this, with their details.
fn ended(run: &Run, result: &str) -> Vec<(String, String)> {
    let document = run.json();
    let checks = document["conformance"]["checks"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    checks
        .filter(|check| check["result"] == result)
        .map(|check| (text(&check["id"]), text(&check["detail"])))
        .collect()
}

#[test]
fn each_rule_has_a_provider_that_breaks_it_alone() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let all = test(&project, &[&fixture("breaking"), "--format", "json"]).success();
    let rules: Vec<String> = ended(&all, "passed").into_iter().map(|(id, _)| id).collect();
    assert_eq!(ended(&all, "skipped"), []);
    let mut seen = String::new();
    for rule in &rules {
        let file = breaking(&context, rule);
        let run = test(&project, &[&file, "--format", "json"]).exits(1);
        let failed = ended(&run, "failed");
        let ids: Vec<&str> = failed.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, [rule], "{failed:?}");
        seen.push_str(&format!("{rule}: {}\n", failed[0].1));
    }
    let lines = regex_lite::Regex::new(r"\.rs:[0-9]+:[0-9]+").unwrap();
    let seen = lines.replace_all(&seen, ".rs:[LINE]");
    let figures = regex_lite::Regex::new(r"[0-9]+\.[0-9] (ms|MiB)").unwrap();
    let seen = figures.replace_all(&seen, "[N] $1");
    insta::assert_snapshot!(support::filter(&seen, context.folder()), @r#"
    file: the manifest of provider `[TEST]/file.wasm` is not valid: it declares API `^0.2`, but exports 0.1.0
    imports: it imports `http`, and its manifest gives no reason under `wants`
    identity: it reports version `9.9.9`, but its file `0.1.0`
    list-empty: it lists `phantom`, which was never started
    start: it reports the session as starting, although it was to wait
    list: `analysis-[ID]` was started but is not listed
    url: `127.0.0.1:[PORT]/lab` is not a web address
    stop: the container `analysis-[ID]` is still there
    stop-twice: a second stop fails with `conflict`: `analysis-[ID]` is stopped already
    stop-all: `analysis-[ID]` is still listed
    stop-nothing: `--all` failed with `not-found`: there are no sessions
    unknown-session: for a session that does not exist, `session-url` failed with `other` instead of `not-found`: something went wrong
    error-words: the message of its `not-found` is empty
    all-projects: in a list of all projects it crashed: wasm `unreachable` instruction executed; its last message: error: the provider failed unexpectedly: a project (tests/fixtures/providers/breaking/src/lib.rs:[LINE])
    two-projects: it lists `theirs` there
    no-wait: it waits for the session (`wait-ready`)
    reads-only: `session-url` calls `containers.resume`
    created: `analysis-[ID]` exists, and `created` was never called
    failed-start: after a start whose `wait-ready` fails, the container `analysis-[ID]-second` is left
    cancel: 1 s after the interrupt it has not ended
    cancel-list: 1 s after the interrupt it has not ended
    two-sessions: a second start failed with `conflict`: a container called `analysis-session` exists already
    name: it should be `conformance-named`, but is `analysis-[ID]`
    resources: 1.5 CPUs and 3 GiB were requested, but the container gets 1.5 CPUs and no limit
    find-image: `conformance/absent:1` is absent, but it reports remote
    build-image: `build-image` failed: provider `conformance` may not build `analysis:latest` from `Dockerfile`
    early-end: it reports the session as failed, but its program has ended
    ended-session: a list with a session that crashed failed with `other`: a container is in a strange state
    engine-unavailable: when the engine cannot be reached, a list failed with `other` instead of `unavailable`: no container engine can be reached
    engine-denied: when the engine may not be used, a list failed with `other` instead of `denied`: you may not use the container engine
    not-granted: when nothing was allowed, a list failed with `other` instead of `denied`: no cluster
    login-missing: when the service answers 401, a list failed with `other` instead of `unauthenticated`: the service answers 401
    access-denied: when the service answers 403, a list failed with `other` instead of `denied`: the service answers 403
    server-error: when the service answers 500, a list failed with `other` instead of `unavailable`: the service answers 500
    connection-cut: when the connection is cut, a list was no error
    garbage-answer: in a list whose answer is no JSON it crashed: wasm `unreachable` instruction executed; its last message: error: the provider failed unexpectedly: the service always answers JSON: control character (\u0000-\u001F) found while parsing a string at line 1 column 5 (tests/fixtures/providers/breaking/src/web.rs:[LINE])
    config: with `greeting: "\u001b[2J\u{202e}\n\"'`$(x)"`: in a start it crashed: wasm `unreachable` instruction executed; its last message: error: the provider failed unexpectedly: a greeting in plain letters (tests/fixtures/providers/breaking/src/start.rs:[LINE])
    bare-project: in a start it crashed: wasm `unreachable` instruction executed; its last message: error: the provider failed unexpectedly: a commit (tests/fixtures/providers/breaking/src/start.rs:[LINE])
    plain-name: it calls a session `Gr\u{f6}\u{df}te\x20\u{dc}bersicht\x20\x282026\x29`
    pause: it was paused, and is listed as running
    logs: it printed more than the last line, although one was requested
    logs-end: 1 s after the interrupt it has not ended
    details: it gives the time `tomorrow`
    memory: it takes [N] MiB
    cpu: it used [N] ms of CPU time
    "#);
}

#[test]
fn without_any_network_only_web_services_are_not_looked_at() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    // In a network namespace of its own there is not even a loopback.
    let without_network = |provider: &str| {
        let output = std::process::Command::new("unshare")
            .arg("-n")
            .arg(support::binary())
            .args(["session", "provider", "test", provider])
            .current_dir(project.root())
            .env("HOME", context.home())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stdout).unwrap()
    };
    let no_loopback = "the loopback interface of this computer cannot be used";
    assert!(!without_network("docker").contains(no_loopback));
    assert!(without_network("renkulab").contains(no_loopback));
}

#[test]
fn one_check_runs_alone_with_what_it_needs() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = test(&project, &[&fixture("breaking"), "--check", "stop-twice"]);
    insta::assert_snapshot!(shown(&run), @r"
    exit status: 0
    --- stdout
    CHECK       RESULT  DETAIL
    stop-twice  passed
    --- stderr
    1 passed, 0 failed, 0 skipped, in [SECONDS]
    ");
    // What it needs is shown where it fails.
    let run = test(&project, &[&breaking(&context, "stop"), "--check", "stop-twice"]);
    insta::assert_snapshot!(shown(&run), @r"
    exit status: 1
    --- stdout
    CHECK       RESULT   DETAIL
    stop        failed   the container `analysis-[ID]` is still there
    stop-twice  skipped  it needs `stop`, which failed
    --- stderr
    0 passed, 1 failed, 1 skipped, in [SECONDS]
    `stop` requires: `session-stop` answers true, and the session is gone
      because a user who stops a session stops paying for it
    ");
    let run = test(&project, &[&fixture("breaking"), "--check", "everything"]).exits(2);
    assert!(run.stderr.contains("invalid value 'everything' for '--check <ID>'"), "{}", run.stderr);
}

#[test]
fn programs_get_a_versioned_document() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let arguments = [&breaking(&context, "url"), "--check", "url", "--format", "json"];
    let run = test(&project, &arguments);
    let milliseconds = regex_lite::Regex::new(r#""milliseconds": [0-9]+"#).unwrap();
    let shown = run.snapshot();
    let shown = milliseconds.replace(&shown, r#""milliseconds": [N]"#);
    insta::assert_snapshot!(shown, @r#"
    exit status: 1
    --- stdout
    {
      "version": 1,
      "conformance": {
        "provider": "[TEST]/url.wasm",
        "digest": "sha256:[DIGEST]",
        "passed": 0,
        "failed": 1,
        "skipped": 0,
        "milliseconds": [N],
        "checks": [
          {
            "id": "url",
            "title": "`session-url` is a whole URL",
            "reason": "it is given to the browser as it is",
            "result": "failed",
            "detail": "`127.0.0.1:[PORT]/lab` is not a web address"
          }
        ]
      }
    }
    --- stderr
    0 passed, 1 failed, 0 skipped, in [SECONDS]
    `url` requires: `session-url` is a whole URL
      because it is given to the browser as it is
    "#);
}

#[test]
fn what_cannot_be_loaded_is_said_by_the_check_of_imports() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    for name in ["undeclared-import", "wasi-import", "future-track"] {
        let run = test(&project, &[&fixture(name), "--format", "json"]).exits(1);
        let failed = ended(&run, "failed");
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert_eq!(failed[0].0, "imports");
        assert_eq!(ended(&run, "passed"), []);
    }
    let run = test(&project, &[&fixture("undeclared-import"), "--check", "imports"]);
    insta::assert_snapshot!(shown(&run), @r"
    exit status: 1
    --- stdout
    CHECK    RESULT  DETAIL
    imports  failed  it needs `renku:session/teleport@[API]`, which this `renku` does not have
    --- stderr
    0 passed, 1 failed, 0 skipped, in [SECONDS]
    `imports` requires: it imports only the contract, and gives reasons for its imports
      because the user is asked to allow the imports; the manifest gives the reasons
    ");
}

#[test]
fn exchanges_that_are_none_are_refused_with_their_place() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = context.folder().join("exchanges.json");
    std::fs::write(&file, r#"[{"request": "GET /jobs"}, {"request": "jobs"}]"#).unwrap();
    let file = file.display().to_string();
    let run = test(&project, &[&fixture("breaking"), "--exchanges", &file]);
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[TEST]/exchanges.json` is not a list of exchanges
      exchange 2: `request` must be a method and a path, such as `GET /jobs`
    hint: `docs/provider-guide.md` shows one, under `The answers of a web service`
    ");
    let run = test(&project, &[&fixture("breaking"), "--exchanges", "missing.json"]).exits(2);
    assert!(run.stderr.contains("cannot read the exchanges `missing.json`"), "{}", run.stderr);
}

#[test]
fn the_exchanges_of_the_guide_are_understood() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let guide = guide();
    let block = guide.split("```json\n").find(|block| block.starts_with("[\n")).unwrap();
    let file = context.folder().join("exchanges.json");
    std::fs::write(&file, block.split("```").next().unwrap()).unwrap();
    let file = file.display().to_string();
    let _ = test(&project, &[&fixture("breaking"), "--exchanges", &file]).success();
}

#[test]
fn the_guide_describes_every_check() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = test(&project, &[&fixture("breaking"), "--format", "json"]).success();
    let document = run.json();
    let checks = document["conformance"]["checks"].as_array().unwrap();
    let guide = guide();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let missing: Vec<String> = checks
        .iter()
        .map(|check| {
            let (id, title, reason) = (&check["id"], &check["title"], &check["reason"]);
            format!("| `{}` | {} | {} |", text(id), text(title), text(reason))
        })
        .filter(|row| !guide.contains(row.as_str()))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}
