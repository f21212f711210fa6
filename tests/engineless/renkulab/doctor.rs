//! `doctor -p renkulab`: address, login, project, resources. And options that are written in
//! another way for RenkuLab.

use std::time::Duration;

use serde_json::json;
use support::Run;

use super::ground::Ground;

/// `doctor -p renkulab`, with columns that a test can tell apart.
const DOCTOR: [&str; 5] = ["doctor", "-p", "renkulab", "--format", "tsv"];

/// What it found about RenkuLab alone.
fn found(run: &Run) -> String {
    let is_about = |line: &&str| {
        let topic = line.split('\t').nth(1).unwrap_or_default();
        ["RenkuLab", "login", "start"].contains(&topic)
    };
    let lines = run.stdout.lines().filter(is_about);
    let lines: Vec<String> = lines.map(|line| line.trim_end().replace('\t', " | ")).collect();
    run.filtered(&lines.join("\n"))
}

#[test]
fn everything_that_a_start_needs_is_looked_at() {
    let ground = Ground::new();
    let project = ground.bound();
    let run = ground.session(&project, &DOCTOR);
    insta::assert_snapshot!(found(&run), @"
    ok | RenkuLab | http://127.0.0.1:[PORT]
    ok | login | Jane Doe (jane.doe, jane.doe@example.org), until [TIME]
    ok | start | project jane.doe/demo
    ok | start | launcher `Python`: `ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0`
    ok | start | the class `small` (0.5 CPUs, 1 GB of memory)
    ");
    assert!(ground.lab.requests().iter().all(|seen| seen.method == "GET"));
}

#[test]
fn what_is_wrong_is_named_with_what_to_do() {
    let ground = Ground::new();
    let project = ground.bound();
    let nobody = ground.without_login(&project, &DOCTOR).run();
    insta::assert_snapshot!(found(&nobody), @"problem | login | you are not logged in to `http://127.0.0.1:[PORT]` | run `renku login http://127.0.0.1:[PORT]`");
    let expired = ground
        .without_login(&project, &DOCTOR)
        .env("RENKU_CLI_ACCESS_TOKEN", ground.lab.token_for("user1", Duration::ZERO))
        .run();
    insta::assert_snapshot!(found(&expired), @"problem | login | the token in `RENKU_CLI_ACCESS_TOKEN` has expired | set a new one, or unset it and run `renku login`");
    ground.lab.set_launcher(&ground.launcher, "resource_class_id", json!(77));
    let closed = ground.session(&project, &DOCTOR).exits(1);
    insta::assert_snapshot!(found(&closed), @"
    ok | RenkuLab | http://127.0.0.1:[PORT]
    ok | login | Jane Doe (jane.doe, jane.doe@example.org), until [TIME]
    problem | start | the resource class of the launcher `Python` is not open to you; POOL     CLASS   ID  CPU   MEMORY  GPU  DISK   PLATFORM; default  small   1   0.5   1 GB    0    20 GB  linux/amd64; default  medium  2   0.75  1 GB    0    20 GB  linux/amd64; default  large   3   1     2 GB    0    20 GB  linux/amd64 | take one of these, such as `--class small`
    ");
    let other = [&DOCTOR[..], &["--project", "jane.doe/none"]].concat();
    insta::assert_snapshot!(found(&ground.session(&project, &other).exits(1)), @"
    ok | RenkuLab | http://127.0.0.1:[PORT]
    ok | login | Jane Doe (jane.doe, jane.doe@example.org), until [TIME]
    problem | start | http://127.0.0.1:[PORT] has no project `jane.doe/none` that you may see | check the name in the browser, or name another one with `--project NAMESPACE/SLUG`
    ");
}

#[test]
fn variables_have_another_place() {
    let ground = Ground::new();
    let project = ground.bound();
    let arguments = ["start", "-p", "renkulab", "--env", "SEED=1"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 2
    --- stdout
    --- stderr
    error: `--env` is an option of providers that start containers, and `renkulab` does not
    hint: write the variable below `environment:` in a file, and name it with `--config` instead of `--env`
    ");
}

#[test]
fn the_log_of_one_container_is_shown() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = ground.lab.session("user1", &ground.launcher);
    let one = ["logs", "-p", "renkulab", "--tail", "1", "--container", "git-clone"];
    insta::assert_snapshot!(ground.printed(&project, &one), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]-0 git-clone line 5
    --- stderr
    ");
    let none = ["logs", "-p", "renkulab", "--container", "proxy"];
    insta::assert_snapshot!(ground.printed(&project, &none), @"
    exit status: 2
    --- stdout
    --- stderr
    error: the session has no container `proxy`
    hint: name one of `amalthea-session`, `authproxy`, `init-certificates`, `git-clone` with `--container`
    ");
}
