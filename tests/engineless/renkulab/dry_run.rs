//! `start --dry-run` on a RenkuLab: what would be sent and pushed is shown, and the
//! service is only read.

use serde_json::json;
use support::{Project, Run};

use super::ground::Ground;

#[track_caller]
fn dry_run<'a>(ground: &'a Ground, project: &Project<'a>, more: &[&str]) -> Run {
    let all = [&["start", "--dry-run", "-p", "renkulab"], more].concat();
    let run = ground.session(project, &all).success();
    let methods: Vec<String> = ground.lab.requests().into_iter().map(|seen| seen.method).collect();
    assert!(methods.iter().all(|method| method == "GET"), "{methods:?}");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
    run
}

#[test]
fn the_request_is_shown_without_its_credentials() {
    let ground = Ground::new();
    let project = ground.bound();
    let config = ground.context.config("environment:\n  FOO: bar\n");
    let run = dry_run(&ground, &project, &["-c", &config]);
    let launcher = format!("\"launcher_id\": \"{}\"", ground.launcher);
    assert!(run.stdout.contains(&launcher), "{}", run.stdout);
    insta::assert_snapshot!(run.snapshot(), @r#"
    exit status: 0
    --- stdout
    Would send POST http://127.0.0.1:[PORT]/api/data/sessions
    accept: application/json
    authorization: ***
    content-type: application/json
    renku-auth-refresh-token: ***
    {
      "launcher_id": "[ULID]",
      "env_variable_overrides": [
        {
          "name": "FOO",
          "value": "***"
        }
      ]
    }
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    This was a dry run: nothing was changed
    "#);
}

#[test]
fn a_push_is_shown_and_ends_the_start() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("analysis.py", "print(1)\n").commit();
    let there =
        || project.git(&["--git-dir", &ground.bare().display().to_string(), "rev-parse", "main"]);
    let before = there();
    let run = dry_run(&ground, &project, &["--push", "--format", "json"]);
    assert_eq!(
        run.json()["dry_run"],
        json!({
            "changes": [
                { "kind": "push", "branch": "main", "upstream": "origin/main", "commits": 1 },
            ],
            "unknown": null,
        })
    );
    assert_eq!(there(), before);
}
