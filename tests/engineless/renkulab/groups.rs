//! Projects of a group: who has a role in the group has no direct one in its projects.

use super::ground::{Ground, REPOSITORY};
use support::renkulab::IMAGE;

#[test]
fn a_project_of_a_group_is_found_by_its_remote() {
    let ground = Ground::new();
    let project = ground.unbound();
    ground.lab.group("lab", &[("user2", "owner"), ("user1", "viewer")]);
    let shared = ground.lab.project_of(
        "user2",
        false,
        "lab/shared",
        &["https://git.example.org/lab/shared"],
    );
    let launcher = ground.lab.launcher(&shared, "Shared", IMAGE);
    project.git(&["remote", "set-url", "origin", "git@git.example.org:lab/shared.git"]);
    let start = ["start", "-p", "renkulab", "--from-remote", "--format", "json"];
    let run = ground.session(&project, &start).success();
    assert_eq!(run.json()["session"]["project"], "lab/shared");
    // Its sessions are listed by the remote, too.
    let run = ground.session(&project, &["ls", "-p", "renkulab", "-q"]).success();
    assert_eq!(run.stdout.lines().collect::<Vec<_>>(), ground.lab.sessions());
    assert!(!launcher.is_empty());
}

#[test]
fn a_copy_in_a_group_is_a_second_candidate() {
    let ground = Ground::new();
    let project = ground.unbound();
    ground.lab.group("lab", &[("user1", "editor")]);
    let _ = ground.lab.project_of("user2", false, "lab/demo", &[REPOSITORY]);
    insta::assert_snapshot!(ground.printed(&project, &["start", "-p", "renkulab"]), @"
    exit status: 2
    --- stdout
    --- stderr
    error: this repository belongs to 2 projects on http://127.0.0.1:[PORT]: jane.doe/demo, lab/demo
    hint: say which one, such as `--project jane.doe/demo`
    ");
}
