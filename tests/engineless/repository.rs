//! What a provider learns of the git repository, and when it may push.

use serde_json::json;
use support::{Context, Project, Run, fixture};

/// A project whose branch is one commit ahead of its bare remote.
fn ahead(context: &Context) -> (Project<'_>, String) {
    let project = context.project("analysis");
    let bare = context.folder().join("remote.git").display().to_string();
    project.git(&["clone", "-q", "--bare", ".", &bare]);
    project.git(&["remote", "add", "origin", &bare]);
    project.git(&["push", "-q", "-u", "origin", "main"]);
    project.write("more", "1").commit();
    (project, bare)
}

fn start(context: &Context, project: &Project<'_>, what: &str, more: &[&str]) -> Run {
    let config = context.config(&json!({ "repository": what }).to_string());
    let requesting = fixture("requesting");
    let mut all = vec!["start", "--yes", "--image", "x", "-p", &requesting, "-c", &config];
    all.extend(more);
    project.session(&all)
}

/// What `ls` of the provider shows for `what`.
fn shown(context: &Context, project: &Project<'_>, what: &str) -> String {
    let config = context.config(&json!({ "repository": what }).to_string());
    let provider = fixture("requesting");
    let ls = ["ls", "--yes", "--format", "json", "-p", &provider, "-c", &config];
    let run = project.session(&ls).success();
    run.json()["sessions"][0]["reason"].as_str().unwrap().to_owned()
}

fn remote_head(project: &Project<'_>, bare: &str) -> String {
    project.git(&["--git-dir", bare, "rev-parse", "main"])
}

#[test]
fn the_state_beside_the_upstream_is_told_without_credentials() {
    let context = Context::in_memory();
    let (project, bare) = ahead(&context);
    project.git(&["remote", "add", "other", "https://jane:s3cret@git.example/x.git"]);
    project.write("more", "2");
    assert_eq!(
        shown(&context, &project, "status"),
        format!(
            "branch Some(\"main\"), dirty true, upstream Some(\"origin/main\"), ahead Some(1), \
             behind Some(0), remotes [\"{bare}\", \"https://git.example/x.git\"]"
        )
    );
}

#[test]
fn yes_does_not_push_and_push_does() {
    let context = Context::in_memory();
    let (project, bare) = ahead(&context);
    let before = remote_head(&project, &bare);
    let run = start(&context, &project, "push", &[]);
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: [file:[DIGEST]] there is no terminal to ask: Push 1 commit of `main` to `origin/main` ([TEST]/remote.git)?
    hint: [file:[DIGEST]] answer it with `--push`
    ");
    assert_eq!(remote_head(&project, &bare), before);
    let _ = start(&context, &project, "push", &["--push"]).success();
    assert_eq!(remote_head(&project, &bare), project.git(&["rev-parse", "HEAD"]));
}

#[test]
fn commits_of_others_are_never_overwritten() {
    let context = Context::in_memory();
    let (project, bare) = ahead(&context);
    project.git(&["push", "-q"]);
    let theirs = remote_head(&project, &bare);
    project.git(&["reset", "-q", "--hard", "HEAD~1"]);
    project.write("ours", "1").commit();
    let run = start(&context, &project, "push", &["--push"]);
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: [file:[DIGEST]] `origin` has commits on `main` that are not here
    hint: [file:[DIGEST]] run `git pull`, then try again
    ");
    assert_eq!(remote_head(&project, &bare), theirs);
}

#[test]
fn the_remote_says_which_branch_a_fresh_copy_begins_with() {
    let context = Context::in_memory();
    let (project, bare) = ahead(&context);
    assert_eq!(shown(&context, &project, "default-branch"), "Some(\"origin/main\")");
    project.git(&["push", "-q", "origin", "main:release/1"]);
    project.git(&["--git-dir", &bare, "symbolic-ref", "HEAD", "refs/heads/release/1"]);
    assert_eq!(shown(&context, &project, "default-branch"), "Some(\"origin/release/1\")");
    std::fs::remove_dir_all(bare).unwrap();
    assert_eq!(shown(&context, &project, "default-branch"), "None");
}
