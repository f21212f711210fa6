//! `start --dry-run`: what would be done is printed in full, and nothing is done.

use serde_json::json;
use support::renkulab::RenkuLab;
use support::{Context, Project, Run, fixture, httpd_image};

/// `renku session start --dry-run`. It has to succeed, and to change nothing.
#[track_caller]
fn dry_run(context: &Context, project: &Project<'_>, arguments: &[&str]) -> Run {
    context.memory().order(json!([]));
    let run = project.session(&[&["start", "--dry-run"], arguments].concat()).success();
    assert_ne!(context.memory().calls(), Vec::<String>::new());
    assert_eq!(context.memory().changes(), Vec::<String>::new());
    run
}

#[test]
fn an_image_that_would_be_built_is_shown_without_a_question() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(dry_run(&context, &project, &[]).snapshot(), @r"
    exit status: 0
    --- stdout
    Would build the image `analysis:[COMMIT7]` from `Dockerfile`
    --- stderr
    The next steps are not known yet: there is no image `analysis:[COMMIT7]` on this engine
    This was a dry run: nothing was changed
    ");
    let run = dry_run(&context, &project, &["--format", "json"]);
    let commit = project.git(&["rev-parse", "--short=7", "HEAD"]);
    assert_eq!(
        run.json()["dry_run"],
        json!({
            "changes": [{
                "kind": "build",
                "image": format!("analysis:{commit}"),
                "descriptor": "Dockerfile",
                "folder": project.root().display().to_string(),
            }],
            "unknown": format!("there is no image `analysis:{commit}` on this engine"),
        })
    );
}

#[test]
fn what_could_not_be_started_fails_as_it_would() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let start = |more: &[&str]| project.session(&[&["start", "--dry-run"], more].concat());
    let _ = start(&["--image", "renku-test/nothing:1", "--pull", "never"]).exits(2);
    let _ = start(&["--image", &httpd_image(), "--cpu", "10000"]).exits(2);
    let _ = start(&["--no-changes"]).exits(2);
}

#[test]
fn of_each_kind_the_first_change_is_shown_whatever_the_provider_makes_of_the_answer() {
    let (context, server) = (Context::in_memory(), RenkuLab::start());
    let project = context.project("analysis");
    let requesting = fixture("requesting");
    let add = project
        .renku(&["session", "origin", "add", "cluster", server.url(), "--for", &requesting])
        .args(&["--credential", "header:X-Slurm", "--secret-env", "S"])
        .args(&["--allow-header", "X-Account"])
        .env("S", "s3cret-of-the-cluster")
        .run();
    let _ = add.success();
    let config = json!({ "origin": "cluster", "requests": [
        { "path": "/api/data/version" },
        {
            "method": "POST", "path": "/jobs", "headers": [["X-Account", "c01"]],
            "query": [["name", "a b"], ["token", "t0ken"]],
            "body": json!({ "script": "x", "password": "pw", "env": ["A_TOKEN=t", "B=2"] }).to_string(),
        },
        { "method": "DELETE", "path": "/jobs/1" },
    ]});
    let config = context.config(&config.to_string());
    let start = ["start", "--dry-run", "--yes", "--image", "x", "-p", &requesting, "-c", &config];
    let run = project.session(&start).success();
    insta::assert_snapshot!(run.snapshot(), @r#"
    exit status: 0
    --- stdout
    Would send POST http://127.0.0.1:[PORT]/jobs?name=a+b&token=***
    content-type: application/json
    x-account: c01
    x-slurm: ***
    {
      "script": "x",
      "password": "***",
      "env": [
        "A_TOKEN=***",
        "B=***"
      ]
    }
    --- stderr
    Session `request-0` of this project is already unknown; `renku session open -p [FIXTURES]/requesting.wasm request-0` opens it
    Session `request-1` of this project is already unknown; `renku session open -p [FIXTURES]/requesting.wasm request-1` opens it
    Session `request-2` of this project is already unknown; `renku session open -p [FIXTURES]/requesting.wasm request-2` opens it
    This was a dry run: nothing was changed
    "#);
    assert_eq!(server.lines(), ["GET /api/data/version 200", "GET /api/data/version 200"]);
}
