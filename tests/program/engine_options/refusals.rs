//! Impossible requests: they are errors, nothing is left, and nothing is silently something
//! else.

use serde_json::{Value, json};
use support::{Context, Foreign, docker};

use super::{inspect, start};

/// An error names what this engine or kernel lacks, in the engine's own words or ours;
/// nothing is silently something else.
#[test]
fn what_this_kernel_lacks_is_said() {
    let context = Context::docker();
    let project = context.project("analysis");
    let weight = start(&project, &["--blkio-weight", "500"]);
    if weight.status == 0 {
        assert_eq!(inspect(&weight)["HostConfig"]["BlkioWeight"], json!(500));
    } else {
        let said = "error: this engine ignores an option";
        assert!(weight.stderr.contains(said), "{}", weight.stderr);
        assert_eq!(project.containers(), Vec::<String>::new());
        let weight = start(&project, &["--blkio-weight", "500", "--best-effort"]).success();
        assert!(weight.stderr.contains("warning from the engine:"), "{}", weight.stderr);
    }
    for words in
        [&["--privileged"][..], &["--cpu-rt-period", "1000000", "--cpu-rt-runtime", "950000"]]
    {
        let before = project.containers();
        let run = start(&project, words);
        if run.status == 0 {
            let container = inspect(&run);
            let there = match words[0] {
                "--privileged" => container["HostConfig"]["Privileged"] == json!(true),
                _ => container["HostConfig"]["CpuRealtimeRuntime"] == json!(950_000),
            };
            assert!(there, "{words:?}: {container}");
        } else {
            assert_ne!(run.json()["error"]["message"], Value::Null);
            assert_eq!(project.containers(), before, "{words:?} left something");
        }
    }
}

#[test]
fn what_the_engine_cannot_do_is_an_error_or_left_out_with_a_warning() {
    let context = Context::docker();
    let project = context.project("analysis");
    for (words, message) in [
        (["--gpus", "all"], "this engine has no GPU for containers"),
        (["--cpu", "4000"], "4000 CPUs were requested, but the engine has "),
    ] {
        let refused = start(&project, &words).exits(if words[0] == "--cpu" { 2 } else { 1 });
        let error = refused.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(error.starts_with(message), "{error}");
        assert_eq!(project.containers(), Vec::<String>::new());
    }
    let words = ["--best-effort", "--gpu", "1", "--cpu", "4000", "--env", "KEPT=1"];
    let run = start(&project, &words).success();
    let warnings: Vec<&str> =
        run.stderr.lines().filter(|line| line.ends_with("; it is left out")).collect();
    assert_eq!(warnings.len(), 2, "{}", run.stderr);
    let container = inspect(&run);
    assert_eq!(container["HostConfig"]["NanoCpus"], json!(0));
    // The Python `renku` lost the user's options when it tried again.
    assert!(container["Config"]["Env"].as_array().unwrap().contains(&json!("KEPT=1")));
}

#[test]
fn options_that_the_engine_refuses_are_named() {
    let context = Context::docker();
    let project = context.project("refused");
    for (option, value) in [
        ("--network", "renku-test-nowhere"),
        ("--runtime", "nowhere"),
        ("--volumes-from", "renku-test-nobody"),
        ("--cap-add", "NOTHING"),
        ("--security-opt", "nothing=1"),
        ("--cpuset-cpus", "5000"),
        ("--user", "nobody-there"),
        ("--group-add", "nobody-there"),
        ("--stop-signal", "SIGNOTHING"),
    ] {
        let run = start(&project, &[option, value]).exits(2);
        let error = format!("error: the engine refuses `{option} {value}`");
        assert!(run.stderr.contains(&error), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("hint: leave out `{option}`")), "{}", run.stderr);
        assert_eq!(project.containers(), Vec::<String>::new());
    }
}

#[test]
fn a_mount_that_does_not_exist_is_refused_and_nothing_is_made_on_the_host() {
    let context = Context::docker();
    let project = context.project("analysis");
    let missing = context.folder().join("missing");
    let volume = format!("{}:/data", missing.display());
    let run = start(&project, &["--volume", &volume]).exits(2);
    let error = run.json()["error"].clone();
    assert_eq!(error["kind"], json!("invalid-input"));
    assert!(!missing.exists(), "no directory of root in its place");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn a_failed_start_never_loses_the_volumes() {
    let context = Context::docker();
    let project = context.project("volumes");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let options =
        ["--volume", "./.test:/kept:ro", "--env", "KEPT=yes", "--user", "65534", "--port", &port];
    let _ = start(&project, &options).exits(1);
    assert_eq!(project.containers(), Vec::<String>::new());
    drop(listener);
    let told = inspect(&start(&project, &options).success());
    let bind = format!("{}:/kept:ro", project.root().join(".test").display());
    assert_eq!(told["HostConfig"]["Binds"], json!([bind]));
    assert_eq!(told["Config"]["User"], "65534");
    assert!(told["Config"]["Env"].as_array().unwrap().contains(&json!("KEPT=yes")));
}

#[test]
fn a_session_has_the_name_that_was_chosen() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = format!("chosen-{}", &project.id()[..8]);
    let run = start(&project, &["--name", &name]).success();
    assert_eq!(run.json()["session"]["name"], json!(name));
    let again = start(&project, &["--name", &name]).exits(1);
    assert_eq!(
        again.json()["error"]["message"],
        json!(format!("this project already has a session `{name}`"))
    );
    assert_eq!(project.containers(), [name.as_str()], "the first one still runs");
    let wrong = start(&project, &["--name", "not a name"]).exits(2);
    assert_eq!(wrong.json()["error"]["message"], json!("`not a name` cannot be a container name"));
}

#[test]
fn a_foreign_container_is_untouched_by_a_start_with_its_name() {
    let context = Context::docker();
    let project = context.project("analysis");
    let foreign = Foreign::start(&[]);
    let run = start(&project, &["--name", &foreign.name]).exits(1);
    assert_eq!(run.json()["error"]["kind"], json!("conflict"));
    assert!(foreign.runs());
    assert!(docker(&["inspect", &foreign.id]).success);
}
